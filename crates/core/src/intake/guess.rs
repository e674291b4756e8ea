//! A generic body without a mapping: the names that most senders use, in any case.

use serde_json::{Map, Value};

use super::bounds::{self, Labels, Links, MAX_EVENTS, kind_of, text_of};
use super::error::Problem;
use super::generic::TryOut;
use super::{Action, Event, Integration, words};

const TITLES: [&str; 7] = ["title", "summary", "message", "name", "subject", "alertname", "text"];
const DESCRIPTIONS: [&str; 4] = ["description", "details", "message", "body"];
const SEVERITIES: [&str; 3] = ["severity", "level", "priority"];
const SOURCES: [&str; 5] = ["source", "host", "hostname", "service", "instance"];
const KEYS: [&str; 6] = ["dedup_key", "alias", "alert_uid", "id", "key", "fingerprint"];
const STATES: [&str; 4] = ["action", "status", "state", "event_action"];
const ADDRESSES: [&str; 4] = ["url", "link", "link_to_upstream_details", "html_url"];

/// Objects that senders wrap an alert in, looked into where the outside has no title.
const WRAPPERS: [&str; 6] = ["detail", "alert", "event", "incident", "payload", "data"];

/// The events of a body: an object is one, a list is one for each item; text in it is its own title.
pub(super) fn events(integration: &Integration, body: &Value) -> TryOut {
    let mut outcome = TryOut::default();
    let Value::Array(items) = body else {
        match event(integration, body) {
            Ok(event) => outcome.events.push(event),
            Err(message) => outcome.problems.push(Problem::whole(message)),
        }
        return outcome;
    };
    for (index, item) in items.iter().take(MAX_EVENTS).enumerate() {
        match event(integration, item) {
            Ok(event) => outcome.events.push(event),
            Err(message) => outcome.problems.push(Problem::at(format!("[{index}]"), message)),
        }
    }
    if items.len() > MAX_EVENTS {
        let message = format!("has {} items; the first {MAX_EVENTS} are taken", items.len());
        outcome.problems.push(Problem::whole(message));
    }
    if items.is_empty() {
        outcome.problems.push(Problem::whole("is an empty list"));
    }
    outcome
}

fn event(integration: &Integration, body: &Value) -> Result<Event, String> {
    match body {
        Value::Object(outer) => from_object(integration, outer),
        Value::String(text) if !text.trim().is_empty() => Ok(from_text(integration, text)),
        other => Err(format!("is {}; an object is needed, or a mapping for it", kind_of(other))),
    }
}

fn from_text(integration: &Integration, text: &str) -> Event {
    let title = bounds::title(text);
    let source = bounds::source(&integration.name);
    Event {
        action: Action::Trigger,
        dedup_key: bounds::hash([&*title, &*source]),
        title,
        description: None,
        severity: integration.default_severity,
        source,
        labels: Labels::default().finish(),
        links: Vec::new(),
        expires_at_us: None,
    }
}

fn from_object(integration: &Integration, outer: &Map<String, Value>) -> Result<Event, String> {
    let inner = wrapped(outer).unwrap_or(outer);
    let find = |names: &[&str]| first(inner, names).or_else(|| first(outer, names));
    let action = find(&STATES).and_then(|word| words::action(&word)).unwrap_or(Action::Trigger);
    let key = first(inner, &KEYS).or_else(|| first(outer, &KEYS));
    let title = find(&TITLES).map(|text| bounds::title(&text));
    if title.is_none() && (action == Action::Trigger || key.is_none()) {
        return Err("has no title under a common name; the integration needs a mapping".to_owned());
    }
    let title = title.unwrap_or_default();
    let source = bounds::source(&find(&SOURCES).unwrap_or_else(|| integration.name.clone()));
    let dedup_key = key.map_or_else(|| bounds::hash([&*title, &*source]), |key| bounds::dedup_key(&key));
    let description = find(&DESCRIPTIONS).and_then(|text| bounds::description(&text));
    Ok(Event {
        action,
        dedup_key,
        description: description.filter(|text| *text != title),
        title,
        severity: find(&SEVERITIES)
            .and_then(|word| words::severity(&word))
            .unwrap_or(integration.default_severity),
        source,
        labels: labels(inner).finish(),
        links: links(inner).finish(),
        expires_at_us: None,
    })
}

/// The object inside that holds the alert, where the outside has no title of its own.
fn wrapped(outer: &Map<String, Value>) -> Option<&Map<String, Value>> {
    if first(outer, &TITLES).is_some() {
        return None;
    }
    let inside = WRAPPERS.iter().filter_map(|name| outer.get(*name)?.as_object());
    inside.into_iter().find(|inner| first(inner, &TITLES).is_some())
}

/// The first of the names that holds text, a number or a truth value that is not blank.
fn first(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let usable = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => None,
        scalar => text_of(scalar).filter(|text| !text.trim().is_empty()),
    };
    names.iter().find_map(|name| {
        let exact = fields.get(*name).and_then(usable);
        let any_case = || fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        exact.or_else(|| usable(any_case()?.1))
    })
}

/// The scalars of the body, and its `labels` or `tags` where those are an object.
fn labels(fields: &Map<String, Value>) -> Labels {
    let mut labels = Labels::default();
    for (name, value) in fields {
        match value {
            Value::Object(inner) if matches!(name.as_str(), "labels" | "tags") => {
                for (name, value) in inner {
                    labels.push("label.", name, &text_of(value).unwrap_or_default());
                }
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {}
            scalar => labels.push("body.", name, &text_of(scalar).unwrap_or_default()),
        }
    }
    labels
}

fn links(fields: &Map<String, Value>) -> Links {
    let mut links = Links::default();
    for name in ADDRESSES {
        links.push(&first(fields, &[name]).unwrap_or_default(), "Source");
    }
    links
}
