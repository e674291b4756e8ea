//! Rows for tests: complete, and changed where a test cares.

use decurion_core::journal::Draft;
use decurion_store::{
    AlertRow, IncidentRow, IntegrationRow, NotificationRow, OutboxRow, PageRow, SignalRow, TimerRow,
};

/// Some instant of the year 2025.
pub(crate) const T0: i64 = 1_760_000_000_000_000;

pub(crate) fn draft(stream: &str, version: i64) -> Draft {
    Draft {
        stream: stream.into(),
        version,
        kind: "alert.opened".into(),
        record_version: 1,
        at_us: T0 + version,
        actor: "system".into(),
        subject: "inc_1".into(),
        payload: r#"{"title":"disk full"}"#.into(),
    }
}

pub(crate) fn signal(id: &str, alert_ids: &[&str]) -> SignalRow {
    SignalRow {
        id: id.into(),
        integration_id: "int_1".into(),
        received_us: T0,
        content_type: "application/json".into(),
        body: "{\"a\":\"\u{fc}\u{1f525}\"}".into(),
        body_base64: false,
        body_bytes: 10,
        outcome: "interpreted".into(),
        reason: None,
        field: None,
        alert_ids: alert_ids.iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn alert(id: &str) -> AlertRow {
    AlertRow {
        id: id.into(),
        stream: format!("alert:{id}"),
        integration_id: "int_1".into(),
        dedup_key: "disk".into(),
        title: "disk full".into(),
        description: "on db-1".into(),
        severity: "critical".into(),
        source: "db-1".into(),
        labels_json: r#"{"host":"db-1"}"#.into(),
        links_json: "[]".into(),
        status: "open".into(),
        incident_id: Some("inc_1".into()),
        opened_us: T0,
        last_us: T0,
        count: 1,
        last_signal_id: Some("sig_1".into()),
        resolved_us: None,
        resolved_by: None,
        expires_at_us: Some(T0 + 60),
        rule: Some("r1".into()),
        suppressed_by: None,
    }
}

pub(crate) fn incident(id: &str) -> IncidentRow {
    IncidentRow {
        id: id.into(),
        number: 0,
        title: "disk full".into(),
        status: "triggered".into(),
        severity: "sev2".into(),
        customer_facing: true,
        company_wide: false,
        disposition: None,
        level: "L1".into(),
        holder: Some("elif".into()),
        held_since_us: Some(T0),
        opened_us: T0,
        resolved_us: None,
        next_due_us: Some(T0 + 300),
        policy: "standard".into(),
        alerts_open: 1,
        alerts_total: 1,
        updated_us: T0,
        version: 1,
        view_json: "{}".into(),
    }
}

pub(crate) fn page(id: &str) -> PageRow {
    PageRow {
        id: id.into(),
        incident_id: "inc_1".into(),
        person_id: "elif".into(),
        level: "L1".into(),
        kind: "page".into(),
        status: "open".into(),
        step: 1,
        round: 1,
        decided_us: T0,
        closed_us: None,
        closed_by: None,
        next_us: Some(T0 + 60),
        next_text: "call".into(),
    }
}

pub(crate) fn notification(id: &str) -> NotificationRow {
    NotificationRow {
        id: id.into(),
        page_id: "pag_1".into(),
        incident_id: "inc_1".into(),
        person_id: "elif".into(),
        contact_id: "email".into(),
        channel: "email".into(),
        address: "elif@example.com".into(),
        status: "due".into(),
        attempt: 0,
        decided_us: T0,
        sent_us: None,
        answer: None,
        late: false,
        message_json: Some("{}".into()),
    }
}

pub(crate) fn outbox(id: &str, due_us: i64) -> OutboxRow {
    OutboxRow {
        notification_id: id.into(),
        page_id: "pag_1".into(),
        incident_id: "inc_1".into(),
        due_us,
        owner: None,
        lease_until_us: 0,
        payload_json: "{}".into(),
    }
}

pub(crate) fn timer(stream: &str, name: &str, due_us: i64) -> TimerRow {
    TimerRow { stream: stream.into(), name: name.into(), generation: 1, due_us }
}

pub(crate) fn integration(id: &str) -> IntegrationRow {
    IntegrationRow {
        id: id.into(),
        name: id.into(),
        kind: "generic".into(),
        key_digest: format!("digest of {id}"),
        origin: "console".into(),
        body_json: "{}".into(),
        enabled: true,
        created_us: T0,
        last_signal_us: None,
        quiet_since_us: None,
    }
}
