//! Sources that must be heard from: their silence is found also over a restart, and their return.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use decurion_core::id::IntegrationId;
use decurion_core::intake::{AlertSeverity, IntegrationKind};
use decurion_engine::{IntegrationPatch, NewIntegration, Received};
use decurion_store::{AlertFilter, AlertRow, AlertStatus, JournalFilter, Window};

use crate::house::{House, admin};

const TEN_MINUTES_S: i64 = 600;

async fn watched(house: &House, kind: IntegrationKind) -> IntegrationId {
    let new = NewIntegration {
        name: "Backup".into(),
        kind,
        vendor: None,
        signed: false,
        topics: Vec::new(),
        mapping: None,
        default_severity: AlertSeverity::Critical,
        auto_resolve: true,
        quiet_after_s: Some(TEN_MINUTES_S),
    };
    house.engine.integration_create(&admin(), new).await.unwrap().0
}

async fn beat(house: &House, integration: &IntegrationId) {
    let received = Received { body: Vec::new(), content_type: String::new() };
    house.engine.intake(integration, received).await.unwrap();
}

async fn open_alerts(house: &House) -> Vec<AlertRow> {
    let filter = AlertFilter { status: AlertStatus::Open, ..AlertFilter::default() };
    house.engine.store().alert_list(&filter, &Window::first(10), &admin()).await.unwrap().rows
}

async fn until_open(house: &House, wanted: usize) -> Vec<AlertRow> {
    for _ in 0..1_000 {
        let rows = open_alerts(house).await;
        if rows.len() == wanted {
            return rows;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("not {wanted} open alerts: {:#?}", open_alerts(house).await);
}

/// How many records of such a kind the journal has.
async fn records(house: &House, kind: &str) -> usize {
    let entries =
        house.engine.store().journal_list(&JournalFilter::default(), 1_000, &admin()).await.unwrap();
    entries.iter().filter(|entry| entry.kind == kind).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beat_that_never_comes_is_missed_though_nothing_ran_when_it_was_due() {
    let house = House::new().await;
    watched(&house, IntegrationKind::Heartbeat).await;
    let clock = house.clock.clone();
    let house = house.restart_after(|| clock.forward_s(TEN_MINUTES_S + 1)).await;
    let rows = until_open(&house, 1).await;
    assert_eq!(rows[0].title, "Backup has been quiet for 10m");
    house.until("somebody is paged", |house| !house.sent().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beats_keep_it_quiet_without_a_record_and_one_ends_the_alert() {
    let house = House::new().await;
    let id = watched(&house, IntegrationKind::Heartbeat).await;
    for _ in 0..5 {
        house.clock.forward_s(TEN_MINUTES_S - 60);
        beat(&house, &id).await;
        tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
        assert_eq!(open_alerts(&house).await, []);
    }
    assert_eq!(records(&house, "source.heard").await, 0, "a beat in time is counted beside the journal");
    let house = house.restart().await;
    house.clock.forward_s(TEN_MINUTES_S + 1);
    until_open(&house, 1).await;
    beat(&house, &id).await;
    until_open(&house, 0).await;
    assert_eq!(records(&house, "source.heard").await, 1);
    house.clock.forward_s(TEN_MINUTES_S + 1);
    until_open(&house, 1).await;
    assert!(house.engine.store().verify().await.unwrap().head.seq > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn any_source_can_be_watched_and_its_signals_count_whatever_they_say() {
    let house = House::new().await;
    let id = watched(&house, IntegrationKind::Pagerduty).await;
    house.clock.forward_s(TEN_MINUTES_S + 1);
    let quiet = until_open(&house, 1).await;
    house.pagerduty(&id, "resolve", "never seen").await;
    until_open(&house, 0).await;
    assert_eq!(quiet[0].integration_id, id.as_str());
    let patch = IntegrationPatch { quiet_after_s: Some(0), ..IntegrationPatch::default() };
    house.engine.integration_change(&admin(), &id, patch).await.unwrap();
    house.clock.forward_s(10 * TEN_MINUTES_S);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(open_alerts(&house).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_switched_off_or_removed_is_missed_by_nobody() {
    let house = House::new().await;
    let (off, gone) = (
        watched(&house, IntegrationKind::Heartbeat).await,
        watched(&house, IntegrationKind::Heartbeat).await,
    );
    house.clock.forward_s(TEN_MINUTES_S + 1);
    until_open(&house, 2).await;
    let patch = IntegrationPatch { enabled: Some(false), ..IntegrationPatch::default() };
    house.engine.integration_change(&admin(), &off, patch).await.unwrap();
    house.engine.integration_remove(&admin(), &gone).await.unwrap();
    until_open(&house, 0).await;
    let patch = IntegrationPatch { enabled: Some(true), ..IntegrationPatch::default() };
    house.engine.integration_change(&admin(), &off, patch).await.unwrap();
    house.clock.forward_s(TEN_MINUTES_S + 1);
    until_open(&house, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_somebody_tries_again_is_no_sign_of_life() {
    let house = House::new().await;
    let id = watched(&house, IntegrationKind::Pagerduty).await;
    let kept = house.pagerduty(&id, "trigger", "disk").await.signal;
    house.pagerduty(&id, "resolve", "disk").await;
    house.clock.forward_s(TEN_MINUTES_S + 1);
    let quiet = until_open(&house, 1).await;
    house.engine.replay_signal(&admin(), &kept).await.unwrap();
    let rows = until_open(&house, 2).await;
    assert!(rows.iter().any(|row| row.id == quiet[0].id), "the source is still quiet: {rows:#?}");
    house.pagerduty(&id, "resolve", "disk").await;
    until_open(&house, 0).await;
}
