//! From states to the rows that people query.

use std::sync::Arc;

use decurion_core::config::Config;
use decurion_core::decide::{Loaded, State};
use decurion_core::escalation::Level;
use decurion_core::id::NotificationId;
use decurion_core::incident::view::{self, View};
use decurion_core::notify::{How, MessageKind, Notice, Progress};
use decurion_core::{alert, incident, notify};
use decurion_store::{AlertRow, Batch, IncidentRow, NotificationRow, OutboxRow, PageRow};
use serde::{Deserialize, Serialize};

/// What a worker needs to send one message, kept in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ToSend {
    pub(crate) notification: NotificationId,
    pub(crate) page: decurion_core::id::PageId,
    pub(crate) incident: decurion_core::id::IncidentId,
    pub(crate) person: decurion_core::id::PersonId,
    pub(crate) channel: decurion_core::org::Channel,
    pub(crate) address: String,
    pub(crate) level: Level,
    pub(crate) kind: MessageKind,
    /// What it says, for a notice.
    #[serde(default)]
    pub(crate) notice: Option<Notice>,
    pub(crate) decided_at_us: i64,
    pub(crate) attempt: u32,
    /// It was sent, and the provider is to be asked by this whether it has arrived.
    #[serde(default)]
    pub(crate) receipt: Option<String>,
    /// Its page has ended: nothing needs to ring any more.
    #[serde(default)]
    pub(crate) over: bool,
}

/// How an incident looks at the moment of a commit.
#[derive(Debug, Clone)]
pub(crate) struct Looks {
    pub(crate) row: IncidentRow,
    pub(crate) view: Arc<View>,
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The row of a key's last alert.
pub(crate) fn alert_row(stream: &str, state: &alert::State) -> Option<AlertRow> {
    let alert = state.last.as_ref()?;
    let (opened, event) = (&alert.opened, &alert.opened.event);
    let status = match (&alert.resolved, alert.acknowledged) {
        (Some(_), _) => "resolved",
        (None, true) => "acknowledged",
        (None, false) => "open",
    };
    let by = alert.resolved.map(|(_, by)| match by {
        alert::Ended::Source => "source".to_owned(),
        alert::Ended::Timeout => "timeout".to_owned(),
    });
    Some(AlertRow {
        id: opened.alert.to_string(),
        stream: stream.to_owned(),
        integration_id: opened.integration.to_string(),
        dedup_key: event.dedup_key.clone(),
        title: event.title.clone(),
        description: event.description.clone().unwrap_or_default(),
        severity: alert.severity.as_str().to_owned(),
        source: event.source.clone(),
        labels_json: json(&event.labels),
        links_json: json(&event.links),
        status: status.to_owned(),
        incident_id: opened.incident.as_ref().map(ToString::to_string),
        suppressed_by: alert.held.as_ref().map(|held| held.silence.to_string()),
        opened_us: alert.opened_us,
        last_us: alert.opened_us,
        count: 1,
        last_signal_id: Some(opened.signal.to_string()),
        resolved_us: alert.resolved.map(|(at_us, _)| at_us),
        resolved_by: by,
        expires_at_us: alert.expires.map(|due| due.due_us),
        rule: opened.rule.clone(),
    })
}

/// The row and the view of an incident. The number is the store's to give.
pub(crate) fn incident_looks(state: &incident::State, version: i64, config: &Config, now_us: i64) -> Looks {
    let view = view::view(state, config);
    let holder = state.holder.as_ref();
    let row = IncidentRow {
        id: state.id.to_string(),
        number: 0,
        title: state.title.clone(),
        status: state.status().as_str().to_owned(),
        severity: state.severity.as_str().to_owned(),
        customer_facing: state.customer_facing,
        company_wide: state.company_wide,
        disposition: state.disposition.map(|disposition| disposition.as_str().to_owned()),
        level: state.level.as_str().to_owned(),
        holder: holder.and_then(|holder| holder.person.as_ref()).map(ToString::to_string),
        held_since_us: holder.map(|holder| holder.since_us),
        opened_us: state.opened_us,
        resolved_us: state.resolved_us,
        next_due_us: view.next.as_ref().map(|next| next.due_us),
        policy: state.policy.clone(),
        alerts_open: if state.is_over() { 0 } else { count(state.alerts_open) },
        alerts_total: count(state.alerts_total),
        updated_us: now_us,
        version,
        view_json: json(&view),
    };
    Looks { row, view: Arc::new(view) }
}

/// The row of a page.
pub(crate) fn page_row(state: &notify::State) -> PageRow {
    let next = state.next_way();
    let status = match (&state.ended, state.kind) {
        (Some(ended), _) => match ended.how {
            How::Answered { .. } => "answered",
            How::Superseded { .. } => "superseded",
            How::GivenUp => "given_up",
            How::Told => "told",
        },
        (None, MessageKind::Notice | MessageKind::Tell) => "told",
        (None, MessageKind::Page) => "open",
    };
    let closed_by = state.ended.as_ref().and_then(|ended| match &ended.how {
        How::Answered { by, via } => Some(format!("{by} by {via}")),
        How::Superseded { why } => Some(why.clone()),
        How::GivenUp => Some("no contact method worked".to_owned()),
        How::Told => None,
    });
    PageRow {
        id: state.id.to_string(),
        incident_id: state.incident.to_string(),
        person_id: state.person.to_string(),
        level: state.level.as_str().to_owned(),
        kind: kind_text(state.kind).to_owned(),
        status: status.to_owned(),
        step: i64::try_from(state.step).unwrap_or(i64::MAX),
        round: i64::from(state.round),
        decided_us: state.decided_us,
        closed_us: state.ended.as_ref().map(|ended| ended.at_us),
        closed_by,
        next_us: next.map(|(_, due_us)| due_us),
        next_text: next
            .map(|(way, _)| format!("{} by {}", way.contact, way.channel.as_str()))
            .unwrap_or_default(),
    }
}

const fn kind_text(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Page => "page",
        MessageKind::Tell => "tell",
        MessageKind::Notice => "notice",
    }
}

/// The rows of a page's messages.
pub(crate) fn notification_rows(state: &notify::State) -> impl Iterator<Item = NotificationRow> + '_ {
    state.notifications.iter().map(|(id, known)| {
        let way = state.plan.get(known.place);
        let status = match known.progress {
            Progress::Due { .. } => "due",
            Progress::Sent { .. } => "sent",
            Progress::Delivered => "delivered",
            Progress::Failed => "failed",
            Progress::Cancelled => "cancelled",
        };
        NotificationRow {
            id: id.to_string(),
            page_id: state.id.to_string(),
            incident_id: state.incident.to_string(),
            person_id: state.person.to_string(),
            contact_id: way.map(|way| way.contact.to_string()).unwrap_or_default(),
            channel: way.map(|way| way.channel.as_str().to_owned()).unwrap_or_default(),
            address: way.map(|way| way.address.clone()).unwrap_or_default(),
            status: status.to_owned(),
            attempt: i64::from(known.attempts),
            decided_us: known.decided_us,
            sent_us: known.sent_us,
            answer: known.answer.clone(),
            late: known.late,
            message_json: None,
        }
    })
}

/// The messages of a page that are to be sent or asked about, each with its moment.
pub(crate) fn to_send(state: &notify::State) -> Vec<(i64, ToSend)> {
    let due = state.notifications.iter().filter_map(|(id, known)| match known.progress {
        Progress::Due { at_us } | Progress::Sent { at_us } => Some((id, known, at_us)),
        _ => None,
    });
    due.filter_map(|(id, known, at_us)| {
        let way = state.plan.get(known.place)?;
        let to_send = ToSend {
            notification: id.clone(),
            page: state.id.clone(),
            incident: state.incident.clone(),
            person: state.person.clone(),
            channel: way.channel,
            address: way.address.clone(),
            level: state.level,
            kind: state.kind,
            notice: state.notice.clone(),
            decided_at_us: state.decided_us,
            attempt: known.attempts + 1,
            receipt: known.receipt.clone(),
            over: !state.is_open(),
        };
        Some((at_us, to_send))
    })
    .collect()
}

/// The outbox as the page wants it, against what it wanted before.
pub(crate) fn outbox(
    before: Option<&Loaded>,
    after: &notify::State,
    lease: &Lease<'_>,
    batch: &mut Batch,
) -> Vec<ToSend> {
    let old: Vec<(i64, ToSend)> = match before.map(|loaded| &loaded.state) {
        Some(State::Page(page)) => to_send(page),
        _ => Vec::new(),
    };
    let new = to_send(after);
    for (_, gone) in &old {
        if !new.iter().any(|(_, kept)| kept.notification == gone.notification) {
            batch.send_no_more(gone.notification.clone());
        }
    }
    let mut at_once = Vec::new();
    for (due_us, to_send) in new {
        if old.iter().any(|(_, known)| *known == to_send) {
            continue;
        }
        let leased = due_us <= lease.now_us;
        batch.send(OutboxRow {
            notification_id: to_send.notification.to_string(),
            page_id: to_send.page.to_string(),
            incident_id: to_send.incident.to_string(),
            due_us,
            owner: leased.then(|| lease.node.to_owned()),
            lease_until_us: if leased { lease.until_us } else { 0 },
            payload_json: json(&to_send),
        });
        if leased {
            at_once.push(to_send);
        }
    }
    at_once
}

/// Who sends what is due at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lease<'a> {
    pub(crate) node: &'a str,
    pub(crate) now_us: i64,
    pub(crate) until_us: i64,
}

/// JSON of the product's own types, which always have one.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
