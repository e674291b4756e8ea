//! Alertmanager's API v2 (`POST /api/v2/alerts`), so that a Prometheus can send without changes.
//!
//! An alert is its set of labels. An `endsAt` in the past resolves it, one in the future is when it ends
//! by itself unless it is sent again. Without `endsAt` it stays until somebody resolves it: the real
//! service gives it five minutes, and a finding that a scanner sends once must not end by itself.

use serde_json::{Map, Value, json};

use super::alertmanager::{self, Alert, Texts, texts};
use super::bounds::{MAX_EVENTS, kind_of};
use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::{Action, Event, Integration, json as body_json, words};

/// The events of a body. As with the real service, one bad alert makes the answer an error and the
/// others count all the same: they are in `partial`.
pub fn interpret(
    integration: &Integration,
    body: &[u8],
    received_us: i64,
) -> Result<Vec<Event>, IntakeError> {
    let body = body_json::parse(body)?;
    let Value::Array(alerts) = &body else {
        let message = format!("must be a list of alerts, and is {}", kind_of(&body));
        return Err(IntakeError::one(IntakeErrorKind::Invalid, Problem::whole(message)));
    };
    let mut events = Vec::new();
    let mut problems = Vec::new();
    for (index, alert) in alerts.iter().take(MAX_EVENTS).enumerate() {
        match event(integration, alert, &format!("[{index}]"), received_us) {
            Ok(event) => events.push(event),
            Err(problem) => problems.push(problem),
        }
    }
    if alerts.len() > MAX_EVENTS {
        let message = format!("has {} alerts; the first {MAX_EVENTS} are taken", alerts.len());
        problems.push(Problem::whole(message));
    }
    IntakeError::unless_well(IntakeErrorKind::Invalid, events, problems)
}

/// The body of an answer to a request that is no list of alerts; 415 for another content type.
pub fn error_body(code: u16, message: &str) -> Value {
    json!({"code": code, "message": message})
}

/// The body of the 400 that answers `error`: an object where the body could not be read as alerts, bare
/// JSON text where alerts in it are at fault, both as the real service does.
pub fn refusal_body(error: &IntakeError) -> Value {
    let unread = error.kind == IntakeErrorKind::Syntax || error.field.is_none() && error.partial.is_empty();
    if unread {
        return error_body(400, &error.to_string());
    }
    let all: Vec<String> = error.problems().map(|problem| problem.to_string()).collect();
    Value::String(all.join("; "))
}

fn event(integration: &Integration, alert: &Value, path: &str, received_us: i64) -> Result<Event, Problem> {
    let sent = alert
        .as_object()
        .ok_or_else(|| Problem::at(path, format!("must be an object, and is {}", kind_of(alert))))?;
    let labels = label_set(sent, path)?;
    let annotations = texts(sent, path, "annotations")?;
    let starts_us = instant(sent, path, "startsAt")?;
    let ends_us = instant(sent, path, "endsAt")?;
    if matches!((starts_us, ends_us), (Some(start), Some(end)) if start > end) {
        return Err(Problem::at(format!("{path}.startsAt"), "must not be after endsAt"));
    }
    let over = ends_us.is_some_and(|end| end <= received_us);
    let alert = Alert {
        action: if over { Action::Resolve } else { Action::Trigger },
        dedup_key: alertmanager::identity(&labels),
        labels: &labels,
        annotations: &annotations,
        sent,
        external_url: "",
        expires_at_us: ends_us.filter(|_| !over),
    };
    Ok(alertmanager::event(integration, &alert))
}

/// The labels that are not empty: an empty label is the same as none.
fn label_set(sent: &Map<String, Value>, path: &str) -> Result<Texts, Problem> {
    let mut labels = texts(sent, path, "labels")?;
    labels.retain(|_, text| !text.is_empty());
    if labels.contains_key("") {
        return Err(Problem::at(format!("{path}.labels"), "has a label without a name"));
    }
    if labels.is_empty() {
        return Err(Problem::at(format!("{path}.labels"), "is empty: at least one label pair required"));
    }
    Ok(labels)
}

/// An instant, unless it is left out or is the zero instant that Go's clients send for "none".
fn instant(sent: &Map<String, Value>, path: &str, name: &str) -> Result<Option<i64>, Problem> {
    const ZERO: &str = "0001-01-01T00:00:00";
    let text = match sent.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() || text.starts_with(ZERO) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(other) => {
            let message = format!("must be an instant in ISO 8601, and is {}", kind_of(other));
            return Err(Problem::at(format!("{path}.{name}"), message));
        }
    };
    let wrong = || Problem::at(format!("{path}.{name}"), "must be an instant in ISO 8601");
    words::instant_us(text).map(Some).ok_or_else(wrong)
}
