//! Alertmanager's webhook, version "4".
//!
//! One body carries a group, and every alert in it has a status of its own. Alertmanager never sends a
//! refused body again, so every object or list is kept: what breaks the format is uninterpretable, not
//! refused. Unknown fields are passed over; the format grows without a new version.

use serde_json::{Map, Value};

use super::alertmanager::{self, Alert, Texts, texts};
use super::bounds::{MAX_EVENTS, kind_of, text_of};
use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::{Action, Event, Integration, json};

/// The label that says how many alerts of the group the sender left out of its body.
pub const TRUNCATED_LABEL: &str = "_truncated_alerts";

/// The events of a body, one for each alert. Broken alerts do not take the others with them.
pub fn interpret(integration: &Integration, body: &[u8]) -> Result<Vec<Event>, IntakeError> {
    let body = json::parse_composite(body)?;
    let group =
        group(&body).map_err(|problem| IntakeError::one(IntakeErrorKind::Uninterpretable, problem))?;
    let mut events = Vec::new();
    let mut problems = Vec::new();
    for (index, alert) in group.alerts.iter().take(MAX_EVENTS).enumerate() {
        match event(integration, &group, alert, &format!("alerts[{index}]")) {
            Ok(event) => events.push(event),
            Err(problem) => problems.push(problem),
        }
    }
    if group.alerts.len() > MAX_EVENTS {
        let count = group.alerts.len();
        let message = format!("has {count} alerts; the first {MAX_EVENTS} are taken");
        problems.push(Problem::at("alerts", message));
    }
    IntakeError::unless_well(IntakeErrorKind::Uninterpretable, events, problems)
}

/// What the alerts of a body share.
struct Group<'a> {
    alerts: &'a [Value],
    external_url: &'a str,
    truncated: u64,
}

fn group(body: &Value) -> Result<Group<'_>, Problem> {
    let fields = body
        .as_object()
        .ok_or_else(|| Problem::whole(format!("must be an object, and is {}", kind_of(body))))?;
    match fields.get("version") {
        Some(Value::String(version)) if version == "4" => {}
        // Grafana sends the same with its own version and the number of its organisation.
        Some(Value::String(version)) if version == "1" && fields.contains_key("orgId") => {}
        Some(other) => {
            let found = text_of(other).unwrap_or_else(|| "null".to_owned());
            let found = super::bounds::cut(&found, 40);
            return Err(Problem::at("version", format!("is {found}; only the text \"4\" is known")));
        }
        None => return Err(Problem::at("version", "is missing; the text \"4\" is expected")),
    }
    let alerts = match fields.get("alerts") {
        Some(Value::Array(alerts)) => alerts,
        Some(other) => {
            return Err(Problem::at("alerts", format!("must be a list, and is {}", kind_of(other))));
        }
        None => return Err(Problem::at("alerts", "is missing")),
    };
    Ok(Group {
        alerts,
        external_url: fields.get("externalURL").and_then(Value::as_str).unwrap_or_default(),
        truncated: fields.get("truncatedAlerts").and_then(Value::as_u64).unwrap_or_default(),
    })
}

fn event(integration: &Integration, group: &Group<'_>, alert: &Value, path: &str) -> Result<Event, Problem> {
    let sent = alert
        .as_object()
        .ok_or_else(|| Problem::at(path, format!("must be an object, and is {}", kind_of(alert))))?;
    let action = action(sent, path)?;
    let labels = texts(sent, path, "labels")?;
    let annotations = texts(sent, path, "annotations")?;
    let dedup_key = dedup_key(sent, &labels, path)?;
    let alert = Alert {
        action,
        dedup_key,
        labels: &labels,
        annotations: &annotations,
        sent,
        external_url: group.external_url,
        expires_at_us: None,
    };
    let mut event = alertmanager::event(integration, &alert);
    if group.truncated > 0 {
        event.labels.insert(TRUNCATED_LABEL.to_owned(), group.truncated.to_string());
    }
    Ok(event)
}

fn action(sent: &Map<String, Value>, path: &str) -> Result<Action, Problem> {
    let at = || format!("{path}.status");
    match sent.get("status") {
        Some(Value::String(status)) if status == "firing" => Ok(Action::Trigger),
        Some(Value::String(status)) if status == "resolved" => Ok(Action::Resolve),
        Some(_) => Err(Problem::at(at(), "must be \"firing\" or \"resolved\"")),
        None => Err(Problem::at(at(), "is missing")),
    }
}

/// The fingerprint, else the identity of the labels. Never `startsAt`: Alertmanager moves it when it
/// merges two senders.
fn dedup_key(sent: &Map<String, Value>, labels: &Texts, path: &str) -> Result<String, Problem> {
    match sent.get("fingerprint") {
        Some(Value::String(fingerprint)) if !fingerprint.trim().is_empty() => Ok(fingerprint.clone()),
        _ if !labels.is_empty() => Ok(alertmanager::identity(labels)),
        _ => Err(Problem::at(path, "has neither a fingerprint nor labels")),
    }
}
