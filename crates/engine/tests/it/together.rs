//! What is decided while a commit is under way, also when that commit fails.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use decurion_core::access::{Action, Actor, permit};
use decurion_core::incident;
use decurion_core::intake::IntegrationKind;
use decurion_core::journal::StreamId;
use decurion_engine::EngineError;
use decurion_store::{AlertFilter, IncidentRow, Window};
use tokio::task::JoinSet;

use crate::house::{House, person};

const SENDERS: usize = 16;
const ROUNDS: usize = 12;
const KEYS: usize = 4;

async fn counted(house: &House) -> i64 {
    let permit = permit(&Actor::System, Action::Read).unwrap();
    let all = Window::first(200);
    let alerts = house.engine.store().alert_list(&AlertFilter::default(), &all, &permit).await.unwrap();
    assert!(alerts.rows.len() < 200, "the window is too small for the test");
    alerts.rows.iter().map(|alert| alert.count).sum()
}

/// Every sender triggers each round; one key is resolved now and then, so that streams change all the time.
fn send(house: &Arc<House>, integration: &decurion_core::id::IntegrationId, senders: &mut JoinSet<()>) {
    for sender in 0..SENDERS {
        let (house, integration) = (Arc::clone(house), integration.clone());
        senders.spawn(async move {
            for round in 0..ROUNDS {
                let key = format!("key-{}", (sender + round) % KEYS);
                house.pagerduty(&integration, "trigger", &key).await;
                if (sender + round) % 5 == 0 {
                    house.pagerduty(&integration, "resolve", &key).await;
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_counted_exactly() {
    let house = Arc::new(House::new().await);
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    let mut senders = JoinSet::new();
    send(&house, &integration, &mut senders);
    while let Some(done) = senders.join_next().await {
        done.unwrap();
    }
    assert_eq!(counted(&house).await, i64::try_from(SENDERS * ROUNDS).unwrap());
    assert_eq!(house.engine.counters().conflicts.load(Ordering::Relaxed), 0);
    house.engine.store().verify().await.unwrap();
}

/// Notes on one incident, from many hands at once; a busy node is asked again.
fn write(house: &Arc<House>, row: &IncidentRow, name: &'static str, senders: &mut JoinSet<()>) {
    for sender in 0..SENDERS {
        let (house, stream) = (Arc::clone(house), StreamId::incident(&row.id.as_str().into()));
        senders.spawn(async move {
            for round in 0..ROUNDS {
                let text = format!("{name}-{sender}-{round}");
                let note = || incident::Command::Note { text: text.clone() };
                while let Err(error) =
                    house.engine.submit(&person("leila"), stream.clone(), note(), None).await
                {
                    assert!(matches!(error, EngineError::Busy), "{error}");
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_on_a_batch_that_failed_is_decided_again() {
    let house = House::new().await;
    let integration = house.integration(IntegrationKind::Pagerduty).await;
    house.pagerduty(&integration, "trigger", "disk").await;
    let row = house.incidents().await.remove(0);
    let disposition = incident::Disposition::FalsePositive;
    let resolve = incident::Command::Resolve { disposition, reason: Some("a test".into()) };
    house.act("leila", &row, resolve).await;
    let other = Arc::new(House::open(&house.dir, Arc::clone(&house.clock)).await);
    let house = Arc::new(house);
    let mut senders = JoinSet::new();
    write(&house, &row, "one", &mut senders);
    write(&other, &row, "two", &mut senders);
    while let Some(done) = senders.join_next().await {
        done.unwrap();
    }
    let conflicts = |house: &House| house.engine.counters().conflicts.load(Ordering::Relaxed);
    assert!(conflicts(&house) + conflicts(&other) > 0, "nobody was in anybody's way");
    let permit = permit(&Actor::System, Action::Read).unwrap();
    let timeline = house.engine.store().incident_timeline(&row.id, 0, 10_000, &permit).await.unwrap();
    let notes = timeline.iter().filter(|entry| entry.kind == "incident.noted");
    let texts: BTreeSet<&str> = notes.clone().filter_map(|entry| entry.payload.as_deref()).collect();
    assert_eq!((notes.count(), texts.len()), (2 * SENDERS * ROUNDS, 2 * SENDERS * ROUNDS));
    house.engine.store().verify().await.unwrap();
}
