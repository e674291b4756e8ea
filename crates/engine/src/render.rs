//! What a message says.

use std::fmt::Write as _;

use decurion_core::access::{Action, Actor, permit};
use decurion_core::escalation::Level;
use decurion_core::id::IncidentId;
use decurion_core::incident::view::name;
use decurion_core::incident::{Severity, timeline};
use decurion_core::notify::{Message, MessageKind, Notice, Topic};
use decurion_core::verification::CODE;

use crate::Engine;
use crate::project::{Looks, ToSend};

/// How long a link acknowledges, from the decision on.
const LINK_US: i64 = 12 * 3_600 * 1_000_000;

/// The message of a notification.
pub(crate) async fn message(engine: &Engine, to_send: &ToSend, look: &Looks) -> Message {
    let row = &look.row;
    let reference = format!("INC-{}", row.number);
    let links = engine.links();
    let asks = to_send.kind == MessageKind::Page;
    let config = engine.config();
    let brief = match to_send.level {
        Level::Executive => brief(engine, &to_send.incident, &reference).await,
        _ => None,
    };
    Message {
        notification: to_send.notification.clone(),
        page: to_send.page.clone(),
        incident: to_send.incident.clone(),
        reference: reference.clone(),
        kind: to_send.kind,
        channel: to_send.channel,
        address: to_send.address.clone(),
        person: name(&config, &to_send.person),
        level: to_send.level,
        severity: row.severity.parse().unwrap_or(Severity::Sev3),
        title: row.title.clone(),
        text: text(look, &config.organisation.zone),
        brief,
        acknowledge_url: asks
            .then(|| links.acknowledge_url(&to_send.page, &to_send.person, to_send.decided_at_us + LINK_US)),
        incident_url: format!("{}/incidents/{reference}", links.base_url()),
        decided_at_us: to_send.decided_at_us,
        attempt: to_send.attempt,
    }
}

/// The message of a notice: what was decided, and where it can be acted on.
pub(crate) fn notice(engine: &Engine, to_send: &ToSend, notice: &Notice) -> Message {
    Message {
        notification: to_send.notification.clone(),
        page: to_send.page.clone(),
        incident: to_send.incident.clone(),
        reference: String::new(),
        kind: to_send.kind,
        channel: to_send.channel,
        address: to_send.address.clone(),
        person: name(&engine.config(), &to_send.person),
        level: to_send.level,
        severity: Severity::Sev4,
        title: notice.title.clone(),
        text: with_code(notice, &engine.links().code(&to_send.page)),
        brief: None,
        acknowledge_url: None,
        incident_url: format!("{}{}", engine.links().base_url(), notice.path),
        decided_at_us: to_send.decided_at_us,
        attempt: to_send.attempt,
    }
}

/// The text of a notice, with its code where it carries one.
fn with_code(notice: &Notice, code: &str) -> String {
    match notice.topic {
        Topic::ContactCode => notice.text.replace(CODE, code),
        _ => notice.text.clone(),
    }
}

/// The message as it is kept: a code that opens something is not.
pub(crate) fn kept(to_send: &ToSend, message: &Message) -> Message {
    match &to_send.notice {
        Some(notice) => Message { text: with_code(notice, "••••••"), ..message.clone() },
        None => message.clone(),
    }
}

/// The page for executives, out of the record. Without it the message still says what there is to say.
async fn brief(engine: &Engine, incident: &IncidentId, reference: &str) -> Option<String> {
    /// Entries that a page is made from at most.
    const MOST: u32 = 5_000;
    let permit = permit(&Actor::System, Action::Read).ok()?;
    match engine.store().incident_timeline(incident.as_str(), 0, MOST, &permit).await {
        Ok(entries) => Some(timeline::brief(reference, &entries, &engine.config(), engine.now_us())),
        Err(error) => {
            tracing::error!(%incident, %error, "the brief cannot be made");
            None
        }
    }
}

/// The facts, one a line, and what happens if nobody acts.
fn text(look: &Looks, zone: &str) -> String {
    let (row, view) = (&look.row, &look.view);
    let mut text = String::new();
    if let Some(description) = view.description.as_deref().filter(|text| !text.is_empty()) {
        let _ = writeln!(text, "{description}");
    }
    let mut flags = String::new();
    if row.customer_facing {
        flags.push_str(", customer-facing");
    }
    if row.company_wide {
        flags.push_str(", company-wide");
    }
    let _ = writeln!(text, "Severity: {}{flags}", row.severity);
    let source = view.integration.as_deref().unwrap_or("declared by a person");
    let _ = writeln!(text, "Source: {source}, {}", view.source);
    let _ = writeln!(text, "Opened: {}", at(row.opened_us, zone));
    for (label, value) in view.labels.iter().take(12) {
        let _ = writeln!(text, "{label}: {value}");
    }
    if let Some(next) = &view.next {
        let _ = writeln!(text, "If nobody acts: {} at {}.", next.text, at(next.due_us, zone));
    }
    text
}

/// A moment in the organisation's zone: `Thu 15 Oct 10:42:18 CEST`.
pub(crate) fn at(at_us: i64, zone: &str) -> String {
    let Ok(at) = jiff::Timestamp::from_microsecond(at_us) else { return String::new() };
    match at.in_tz(zone) {
        Ok(zoned) => zoned.strftime("%a %-d %b %H:%M:%S %Z").to_string(),
        Err(_) => at.strftime("%a %-d %b %H:%M:%S UTC").to_string(),
    }
}
