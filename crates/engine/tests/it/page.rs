//! From a signal to a person.

use decurion_core::access::{Action, Actor, permit};
use decurion_core::incident::Command;
use decurion_core::incident::view::Lamp;
use decurion_core::intake::IntegrationKind;
use decurion_core::journal::StreamId;
use decurion_core::notify::Outcome;
use decurion_engine::{EngineError, IdempotencyKey, IntakeFailure, Received};
use decurion_store::Window;

use crate::house::{House, admin, person};

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_becomes_a_page_and_an_answer_holds_it() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    let accepted = house.pagerduty(&integration, "trigger", "disk").await;
    assert_eq!(accepted.alerts.len(), 1);
    house.until("a page is sent", |house| !house.sent().is_empty()).await;
    let message = house.sent().remove(0);
    assert_eq!(message.reference, "INC-1");
    let url = message.acknowledge_url.unwrap();
    let claim = house.engine.links().open(url.rsplit('/').next().unwrap(), house.engine.now_us()).unwrap();
    let link = permit(&Actor::Link { person: claim.person }, Action::Answer).unwrap();
    let stream = StreamId::incident(&message.incident);
    house.engine.submit(&link, stream, Command::Acknowledge { via: "link" }, None).await.unwrap();
    let row = house.incidents().await.remove(0);
    assert_eq!(row.status, "acknowledged");
    assert_eq!(House::view(&row).levels[0].lamp, Lamp::Held);
    house.pagerduty(&integration, "resolve", "disk").await;
    assert_eq!(house.incidents().await[0].status, "resolved");
    assert!(house.engine.store().verify().await.unwrap().head.seq > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_climbs_when_its_time_comes() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    house.until("L1 is paged", |house| !house.sent().is_empty()).await;
    for _ in 0..4 {
        house.clock.forward_s(301);
        tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    }
    house
        .until("L2 is paged", |house| {
            house.sent().iter().any(|message| message.level == decurion_core::escalation::Level::L2)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_is_one_page_and_an_exact_count() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    for _ in 0..300 {
        house.pagerduty(&integration, "trigger", "storm").await;
    }
    house.until("one page", |house| house.sent().len() == 1).await;
    let permit = permit(&Actor::System, Action::Read).unwrap();
    let filter = decurion_store::AlertFilter::default();
    let alerts = house.engine.store().alert_list(&filter, &Window::first(10), &permit).await.unwrap().rows;
    assert_eq!((alerts.len(), alerts[0].count), (1, 300));
    assert_eq!(house.incidents().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_way_is_tried_again() {
    let house = House::new().await;
    let failure = Outcome::Failed { answer: "421 try later".into(), permanent: false, retry_after_s: None };
    house.recorder.failures.lock().unwrap().push(failure);
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    house.until("the second attempt", |house| house.sent().iter().any(|message| message.attempt == 2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_asked_about_and_not_sent_again() {
    let house = House::new().await;
    let on_its_way = Outcome::Sent { answer: "201: queued".into(), receipt: "SM1".into() };
    house.recorder.failures.lock().unwrap().push(on_its_way);
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    let permit = permit(&Actor::System, Action::Read).unwrap();
    let incident = house.incidents().await.remove(0).id;
    let mut seen = Vec::new();
    for _ in 0..1_000 {
        let rows =
            house.engine.store().notification_list(&incident, &Window::first(10), &permit).await.unwrap();
        let row = rows.rows.iter().min_by_key(|row| row.decided_us).unwrap();
        if seen.last() != Some(&row.status) {
            seen.push(row.status.clone());
            house.clock.forward_s(if row.status == "sent" { 3 } else { 0 });
        }
        if row.status == "delivered" {
            assert_eq!(row.answer.as_deref(), Some("SM1 has arrived"));
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    seen.retain(|status| status != "due");
    assert_eq!(seen, ["sent", "delivered"]);
    assert!(house.sent().is_empty(), "{:?}", house.sent());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_interpreted_is_kept_and_can_be_tried_again() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::AlertmanagerWebhook).await;
    let received = Received { body: br#"{"version":"9"}"#.to_vec(), content_type: "application/json".into() };
    let failure = house.engine.intake(&integration, received).await.unwrap_err();
    let IntakeFailure::Uninterpretable { signal, .. } = failure else { panic!("{failure:?}") };
    let permit = permit(&Actor::System, Action::Read).unwrap();
    let row = house.engine.store().signal_get(signal.as_str(), &permit).await.unwrap().unwrap();
    assert_eq!(row.outcome, "uninterpretable");
    let again = house.engine.replay_signal(&admin(), &signal).await.unwrap_err();
    assert!(matches!(again, IntakeFailure::Uninterpretable { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_answered_once() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    let row = house.incidents().await.remove(0);
    let stream = StreamId::incident(&row.id.as_str().into());
    let key = |digest: &str| {
        Some(IdempotencyKey { scope: "acc".into(), key: "k1".into(), request_digest: digest.into() })
    };
    let note = || Command::Note { text: "looked".into() };
    let first = house.engine.submit(&person("leila"), stream.clone(), note(), key("a")).await.unwrap();
    let second = house.engine.submit(&person("leila"), stream.clone(), note(), key("a")).await.unwrap();
    assert!(!first.replayed && second.replayed);
    let other = house.engine.submit(&person("leila"), stream, note(), key("b")).await;
    assert!(matches!(other, Err(EngineError::Refused(_))));
}
