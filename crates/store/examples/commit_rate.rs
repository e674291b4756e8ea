//! How fast batches commit: `cargo run --release -p decurion-store --example commit_rate -- [FILE|postgres://…]`.
//!
//! A decision here is one alert that opens an incident and pages one person: 7 journal entries and a row
//! in each of 7 tables.

use std::time::{Duration, Instant};

use decurion_core::journal::Draft;
use decurion_store::{
    AlertRow, Batch, IncidentRow, NotificationRow, Options, OutboxRow, PageRow, SignalRow, Store, TimerRow,
};

const AT_US: i64 = 1_760_000_000_000_000;
const BATCHES: u32 = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "target/commit_rate.db".to_owned());
    let store = Store::open(Options::new(&url)).await?;
    let mut next = store.head().await?.seq;
    println!("{:>10} {:>12} {:>10} {:>10} {:>10}", "decisions", "decisions/s", "mean ms", "p50 ms", "p99 ms");
    for decisions in [1, 8, 64, 256_u32] {
        let mut took: Vec<Duration> = Vec::new();
        for _ in 0..BATCHES {
            let batch = batch(next, decisions);
            next += i64::from(decisions);
            let begun = Instant::now();
            store.commit(batch, || next.to_be_bytes().repeat(2).try_into().unwrap_or_default()).await?;
            took.push(begun.elapsed());
        }
        report(decisions, took);
    }
    store.close().await;
    Ok(())
}

fn report(decisions: u32, mut took: Vec<Duration>) {
    took.sort();
    let total: Duration = took.iter().sum();
    let ms = |duration: Duration| duration.as_secs_f64() * 1_000.0;
    let at = |percent: usize| ms(took[(took.len() - 1) * percent / 100]);
    let batches = f64::from(BATCHES);
    let rate = f64::from(decisions) * batches / total.as_secs_f64();
    let mean = ms(total) / batches;
    println!("{decisions:>10} {rate:>12.0} {mean:>10.2} {:>10.2} {:>10.2}", at(50), at(99));
}

fn batch(first: i64, decisions: u32) -> Batch {
    let mut batch = Batch::default();
    for number in first..first + i64::from(decisions) {
        add(&mut batch, number);
    }
    batch
}

fn add(batch: &mut Batch, number: i64) {
    let id = |prefix: &str| format!("{prefix}_0199c0de-{number:012x}-7000-8000-0123456789ab");
    let stream = format!("alert:{number:064x}");
    for (stream, kind) in [
        (stream.clone(), "alert.opened"),
        (format!("grouping:{number:064x}"), "grouping.opened"),
        (format!("incident:{}", id("inc")), "incident.opened"),
        (format!("page:{}", id("pag")), "page.decided"),
    ] {
        batch.drafts.push(draft(&stream, 1, kind, id("inc")));
    }
    batch.drafts.push(draft(&stream, 2, "alert.attached", id("inc")));
    for (version, kind) in [(2, "incident.alert_attached"), (3, "incident.paged")] {
        batch.drafts.push(draft(&format!("incident:{}", id("inc")), version, kind, id("inc")));
    }
    add_rows(batch, &id, stream);
}

fn draft(stream: &str, version: i64, kind: &str, subject: String) -> Draft {
    Draft {
        stream: stream.into(),
        version,
        kind: kind.to_owned(),
        record_version: 1,
        at_us: AT_US,
        actor: "system".to_owned(),
        subject,
        payload: format!(
            r#"{{"title":"disk full on db-1","labels":{{"host":"db-1","zone":"eu"}},"x":"{stream}"}}"#
        ),
    }
}

fn add_rows(batch: &mut Batch, id: &impl Fn(&str) -> String, stream: String) {
    batch.signals.push(SignalRow {
        id: id("sig"),
        integration_id: "int_prometheus".to_owned(),
        received_us: AT_US,
        content_type: "application/json".to_owned(),
        body: format!(
            r#"{{"status":"firing","labels":{{"alertname":"DiskFull"}},"text":"{}"}}"#,
            "x".repeat(600)
        ),
        body_bytes: 660,
        outcome: "interpreted".to_owned(),
        alert_ids: vec![id("alr")],
        ..SignalRow::default()
    });
    batch.alerts.push(AlertRow {
        id: id("alr"),
        stream: stream.clone(),
        title: "disk full on db-1".to_owned(),
        labels_json: r#"{"host":"db-1","zone":"eu"}"#.to_owned(),
        status: "open".to_owned(),
        incident_id: Some(id("inc")),
        opened_us: AT_US,
        count: 1,
        ..AlertRow::default()
    });
    batch.incidents.push(IncidentRow {
        id: id("inc"),
        title: "disk full on db-1".to_owned(),
        status: "triggered".to_owned(),
        opened_us: AT_US,
        next_due_us: Some(AT_US + 300_000_000),
        view_json: format!(r#"{{"people":["{}"]}}"#, "x".repeat(300)),
        ..IncidentRow::default()
    });
    batch.pages.push(PageRow {
        id: id("pag"),
        incident_id: id("inc"),
        person_id: "elif".to_owned(),
        ..PageRow::default()
    });
    batch.notifications.push(NotificationRow {
        id: id("ntf"),
        page_id: id("pag"),
        incident_id: id("inc"),
        message_json: Some(format!(r#"{{"text":"{}"}}"#, "x".repeat(300))),
        ..NotificationRow::default()
    });
    batch.outbox.push(OutboxRow {
        notification_id: id("ntf"),
        due_us: AT_US,
        payload_json: format!(r#"{{"text":"{}"}}"#, "x".repeat(300)),
        ..OutboxRow::default()
    });
    batch.timers.push(TimerRow {
        stream,
        name: "escalate".to_owned(),
        generation: 1,
        due_us: AT_US + 300_000_000,
    });
}
