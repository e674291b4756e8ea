//! Numbers in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use decurion_core::access::{Action, Actor, permit};
use decurion_core::intake::IntegrationKind;
use decurion_engine::counters::COMMIT_BUCKETS_US;
use decurion_engine::{Accepted, IntakeFailure};
use decurion_store::{IncidentFilter, Window};

use crate::state::ApiState;

/// How many kinds of integrations there are.
const KINDS: usize = IntegrationKind::ALL.len();
const DELIVERIES: &str = "decurion_deliveries_total";
const OPEN: &str = "decurion_incidents_open";

/// What the doors took and refused, by kind.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    accepted: [AtomicU64; KINDS],
    refused: [AtomicU64; KINDS],
    unavailable: [AtomicU64; KINDS],
}

const fn place(kind: IntegrationKind) -> usize {
    match kind {
        IntegrationKind::Pagerduty => 0,
        IntegrationKind::Opsgenie => 1,
        IntegrationKind::AlertmanagerWebhook => 2,
        IntegrationKind::AlertmanagerApi => 3,
        IntegrationKind::AwsSns => 4,
        IntegrationKind::Generic => 5,
        IntegrationKind::Heartbeat => 6,
    }
}

impl Metrics {
    /// A body reached the engine.
    pub(crate) fn intake(&self, kind: IntegrationKind, taken: &Result<Accepted, IntakeFailure>) {
        let counts = match taken {
            Ok(_) => &self.accepted,
            Err(IntakeFailure::Uninterpretable { .. }) => &self.refused,
            Err(IntakeFailure::Unavailable(_)) => &self.unavailable,
        };
        count(counts, kind);
    }

    /// A body was refused at the door.
    pub(crate) fn intake_refused(&self, kind: IntegrationKind) {
        count(&self.refused, kind);
    }
}

fn count(counts: &[AtomicU64; KINDS], kind: IntegrationKind) {
    if let Some(counter) = counts.get(place(kind)) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Every number, as text.
pub(super) async fn render(state: &ApiState) -> String {
    let mut text = Text(String::new());
    intake(&mut text, &state.metrics);
    engine(&mut text, state);
    lateness(&mut text, state).await;
    database(&mut text, state).await;
    if let Some(bytes) = resident_bytes().await {
        text.one("process_resident_memory_bytes", "gauge", "Memory in use", bytes);
    }
    text.0
}

struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = if labels.is_empty() {
            writeln!(self.0, "{name} {value}")
        } else {
            writeln!(self.0, "{name}{{{labels}}} {value}")
        };
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(name, "", value);
    }
}

fn intake(text: &mut Text, metrics: &Metrics) {
    const NAME: &str = "decurion_intake_requests_total";
    text.head(NAME, "counter", "Requests at the intake doors, by kind and outcome");
    for kind in IntegrationKind::ALL {
        let counts = [
            ("accepted", &metrics.accepted),
            ("refused", &metrics.refused),
            ("unavailable", &metrics.unavailable),
        ];
        for (outcome, counts) in counts {
            let value = counts.get(place(kind)).map_or(0, |counter| counter.load(Ordering::Relaxed));
            text.line(NAME, &format!("kind=\"{}\",outcome=\"{outcome}\"", kind.as_str()), value);
        }
    }
}

fn engine(text: &mut Text, state: &ApiState) {
    let counters = state.engine.counters();
    let plain = [
        ("decurion_signals_total", "Signals taken", &counters.signals),
        (
            "decurion_signals_uninterpretable_total",
            "Signals that gave no event",
            &counters.signals_uninterpretable,
        ),
        ("decurion_decisions_total", "Commands decided on", &counters.commands),
        ("decurion_refusals_total", "Commands that the rules refused", &counters.refusals),
        ("decurion_records_total", "Records written to the journal", &counters.records),
        ("decurion_commit_conflicts_total", "Commits that another node was faster with", &counters.conflicts),
        ("decurion_timers_fired_total", "Timers that fired", &counters.timers_fired),
    ];
    for (name, help, counter) in plain {
        text.one(name, "counter", help, counter.load(Ordering::Relaxed));
    }
    commits(text, state);
    text.head(DELIVERIES, "counter", "Attempts to deliver, by channel and outcome");
    for ((channel, taken), value) in counters.deliveries() {
        let outcome = if taken { "delivered" } else { "failed" };
        text.line(DELIVERIES, &format!("channel=\"{}\",outcome=\"{outcome}\"", channel.as_str()), value);
    }
}

fn commits(text: &mut Text, state: &ApiState) {
    const NAME: &str = "decurion_commit_seconds";
    let counters = state.engine.counters();
    text.head(NAME, "histogram", "How long commits took");
    for (bound_us, value) in COMMIT_BUCKETS_US.iter().zip(counters.commit_buckets()) {
        text.line("decurion_commit_seconds_bucket", &format!("le=\"{}\"", seconds(*bound_us)), value);
    }
    let commits = counters.commits.load(Ordering::Relaxed);
    text.line("decurion_commit_seconds_bucket", "le=\"+Inf\"", commits);
    text.line("decurion_commit_seconds_sum", "", seconds(counters.commit_us.load(Ordering::Relaxed)));
    text.line("decurion_commit_seconds_count", "", commits);
}

async fn lateness(text: &mut Text, state: &ApiState) {
    let health = state.engine.health().await;
    let now_us = state.engine.now_us();
    let late = |due_us: Option<i64>| {
        let late_us = due_us.map_or(0, |due_us| (now_us - due_us).max(0));
        seconds(u64::try_from(late_us).unwrap_or(0))
    };
    text.one(
        "decurion_timer_oldest_due_seconds",
        "gauge",
        "How late the oldest due timer is",
        late(health.timer_due_us),
    );
    text.one(
        "decurion_page_oldest_unsent_seconds",
        "gauge",
        "How late the oldest unsent page is",
        late(health.page_due_us),
    );
    text.one(
        "decurion_late",
        "gauge",
        "1 while something is later than the alarm allows",
        u8::from(health.late),
    );
}

async fn database(text: &mut Text, state: &ApiState) {
    let Ok(counts) = state.store().counts().await else {
        return text.one("decurion_database_up", "gauge", "1 while the database answers", 0);
    };
    text.one("decurion_database_up", "gauge", "1 while the database answers", 1);
    text.one("decurion_journal_records", "gauge", "Records in the journal", counts.journal);
    text.one("decurion_alerts_open", "gauge", "Alerts that are not resolved", counts.alerts_open);
    text.one("decurion_outbox_waiting", "gauge", "Messages that are not settled", counts.outbox);
    let Ok(permit) = permit(&Actor::System, Action::Read) else { return };
    let listed = state.store().incident_list(&IncidentFilter::Open, &Window::first(500), &permit).await;
    let Ok(listed) = listed else { return };
    text.head(OPEN, "gauge", "Incidents that are not resolved, by severity; of the first 500");
    for severity in ["sev1", "sev2", "sev3", "sev4"] {
        let open = listed.rows.iter().filter(|row| row.severity == severity).count();
        text.line(OPEN, &format!("severity=\"{severity}\""), open);
    }
}

fn seconds(us: u64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// Resident memory, where the system has `/proc`.
async fn resident_bytes() -> Option<u64> {
    const PAGE_BYTES: u64 = 4_096;
    let text = tokio::fs::read_to_string("/proc/self/statm").await.ok()?;
    let pages: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn seconds_keep_their_microseconds() {
        assert_eq!(seconds(1_500), "0.001500");
        assert_eq!(seconds(61_000_001), "61.000001");
    }
}
