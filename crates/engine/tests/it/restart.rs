//! What a restart finds.

use decurion_core::incident::Command;
use decurion_core::intake::IntegrationKind;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_it_was() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    house.until("L1 is paged", |house| !house.sent().is_empty()).await;
    let house = house.restart().await;
    let row = house.incidents().await.remove(0);
    assert_eq!(row.number, 1);
    house.clock.forward_s(301);
    house.until("the next step is paged after the restart", |house| !house.sent().is_empty()).await;
    house.act("leila", &row, Command::Acknowledge { via: "console" }).await;
    house.pagerduty(&integration, "trigger", "other").await;
    assert_eq!(house.incidents().await.iter().map(|row| row.number).max(), Some(2));
    assert!(house.engine.store().verify().await.unwrap().head.seq > 0);
}
