//! What a message says.

use std::fmt::Write as _;

use decurion_core::escalation::Level;
use decurion_core::incident::Severity;
use decurion_core::incident::view::name;
use decurion_core::notify::{Message, MessageKind};

use crate::Engine;
use crate::project::{Looks, ToSend};

/// How long a link acknowledges, from the decision on.
const LINK_US: i64 = 12 * 3_600 * 1_000_000;

/// The message of a notification.
pub(crate) fn message(engine: &Engine, to_send: &ToSend, look: &Looks) -> Message {
    let row = &look.row;
    let reference = format!("INC-{}", row.number);
    let links = engine.links();
    let asks = to_send.kind == MessageKind::Page;
    let config = engine.config();
    let brief = match (to_send.kind, to_send.level) {
        (_, Level::Executive) => Some(brief(look, &reference, &config.organisation.zone, engine.now_us())),
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

/// The page for executives: what it is, how bad, who has it, who was engaged, what comes next.
fn brief(look: &Looks, reference: &str, zone: &str, now_us: i64) -> String {
    let (row, view) = (&look.row, &look.view);
    let mut text = format!("{reference}: {}\nAs of {}\n\n", row.title, at(now_us, zone));
    text.push_str(&self::text(look, zone));
    let _ = writeln!(text, "\nStatus: {}", row.status);
    if let Some(contained_us) = view.contained_us {
        let _ = writeln!(text, "Contained: {}", at(contained_us, zone));
    }
    match &view.holder {
        Some(holder) => {
            let _ = writeln!(text, "Held by {} since {}", holder.name, at(holder.since_us, zone));
        }
        None => text.push_str("Nobody holds it yet\n"),
    }
    let _ = writeln!(text, "Alerts: {} ({} open)", row.alerts_total, row.alerts_open);
    for level in view.levels.iter().filter(|level| level.engaged_us.is_some()) {
        let names: Vec<&str> = level.targets.iter().map(|target| target.name.as_str()).collect();
        let since = level.engaged_us.map(|since_us| at(since_us, zone)).unwrap_or_default();
        let why = level.cause.as_deref().unwrap_or_default();
        let _ = writeln!(text, "{} engaged {since} ({why}): {}", level.level, names.join(", "));
    }
    text
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
