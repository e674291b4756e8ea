//! PagerDuty's Events API v2 (`POST /v2/enqueue`), after its published schema and what its clients send.
//!
//! A trigger is held to the rules of the schema. An acknowledge or a resolve needs only its key: some
//! senders put a whole payload into it, and nothing in that payload may keep an alert open.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::bounds::{self, Labels, Links, kind_of, text_of};
use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::{Action, AlertSeverity, Event, Integration, Link, json as body_json, words};

/// The longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 512 * 1024;
/// The longest summary, in characters.
pub const MAX_SUMMARY_CHARS: usize = 1_024;
/// The longest dedup key, in characters.
pub const MAX_DEDUP_KEY_CHARS: usize = 255;

/// The severities of the format, as its documents order them.
const SEVERITIES: [AlertSeverity; 4] =
    [AlertSeverity::Critical, AlertSeverity::Warning, AlertSeverity::Error, AlertSeverity::Info];

/// Where senders put a text for people in `custom_details`, best first.
const DETAILS_FOR_PEOPLE: [&str; 5] = ["description", "details", "message", "body", "firing"];

/// Reads a body as JSON; the first step of [`interpret`], apart for doors that need the routing key.
pub fn parse(body: &[u8]) -> Result<Value, IntakeError> {
    Ok(body_json::parse_within(body, MAX_BODY_BYTES)?)
}

/// The routing key, which names the integration.
pub fn routing_key(body: &Value) -> Result<&str, IntakeError> {
    let mut reader = Reader::default();
    let key = reader.fields(body).and_then(|fields| reader.required(fields, "", "routing_key"));
    key.ok_or_else(|| reader.into_error())
}

/// The event of a body. `signal` is the id of what arrived: it becomes the key of a trigger without one.
pub fn interpret(integration: &Integration, signal: &str, body: &[u8]) -> Result<Vec<Event>, IntakeError> {
    event(integration, signal, &parse(body)?).map(|event| vec![event])
}

/// The event of a body that is read.
pub fn event(integration: &Integration, signal: &str, body: &Value) -> Result<Event, IntakeError> {
    let mut reader = Reader::default();
    let event = reader.event(integration, signal, body);
    match event {
        Some(event) if reader.problems.is_empty() => Ok(event),
        _ => Err(reader.into_error()),
    }
}

/// Something that was changed, as `POST /v2/change/enqueue` takes it. It pages nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// One line for people.
    pub summary: String,
    /// What it was changed on, where the sender says so.
    pub source: Option<String>,
    /// When it happened, microseconds since the epoch, where the sender says so.
    pub at_us: Option<i64>,
    /// What `custom_details` says, as texts.
    pub details: BTreeMap<String, String>,
    pub links: Vec<Link>,
}

/// The change that a body tells of.
pub fn change(body: &Value) -> Result<Change, IntakeError> {
    let mut reader = Reader::default();
    match reader.change(body) {
        Some(change) if reader.problems.is_empty() => Ok(change),
        _ => Err(reader.into_error()),
    }
}

/// The answer to a change that is taken.
pub fn change_body() -> Value {
    json!({"status": "success", "message": "Change event processed"})
}

/// The answer to an event that is taken. Clients look for the literal `success`.
pub fn success_body(dedup_key: &str) -> Value {
    json!({"status": "success", "message": "Event processed", "dedup_key": dedup_key})
}

/// The answer to an event that is refused, with status 400: a client does not send it again.
pub fn error_body(error: &IntakeError) -> Value {
    if error.kind == IntakeErrorKind::Syntax {
        let reason = format!("JSON parse error: {error}");
        return json!({
            "status": "Unrecognized object",
            "message": "Event object format is unrecognized",
            "errors": [reason],
        });
    }
    let errors: Vec<String> = error.problems().map(|problem| worded(&problem)).collect();
    json!({"status": "invalid event", "message": "Event object is invalid", "errors": errors})
}

/// A problem with its field in single quotes, as the real service words it.
fn worded(problem: &Problem) -> String {
    match &problem.field {
        Some(field) => format!("'{field}' {}", problem.message),
        None => format!("Event object {}", problem.message),
    }
}

/// Reads fields and remembers everything that is wrong with them, so that one answer names it all.
#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn into_error(self) -> IntakeError {
        let unknown = || Problem::whole("is invalid");
        let mut problems = self.problems.into_iter();
        let first = problems.next().unwrap_or_else(unknown);
        IntakeError { more: problems.collect(), ..IntakeError::one(IntakeErrorKind::Invalid, first) }
    }

    fn wrong(&mut self, prefix: &str, name: &str, message: impl Into<String>) {
        self.problems.push(Problem::at(format!("{prefix}{name}"), message));
    }

    fn fields<'a>(&mut self, body: &'a Value) -> Option<&'a Map<String, Value>> {
        let fields = body.as_object();
        if fields.is_none() {
            let found = kind_of(body);
            self.problems.push(Problem::whole(format!("must be an object, and is {found}")));
        }
        fields
    }

    /// A text that may be left out. Blank and null count as left out.
    fn optional<'a>(&mut self, from: &'a Map<String, Value>, prefix: &str, name: &str) -> Option<&'a str> {
        match from.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.as_str()).filter(|text| !text.trim().is_empty()),
            other => {
                self.wrong(prefix, name, format!("must be text, and is {}", kind_of(other)));
                None
            }
        }
    }

    fn required<'a>(&mut self, from: &'a Map<String, Value>, prefix: &str, name: &str) -> Option<&'a str> {
        let known = self.problems.len();
        let text = self.optional(from, prefix, name);
        if text.is_none() && self.problems.len() == known {
            self.wrong(prefix, name, "is missing or blank");
        }
        text
    }

    fn within(&mut self, text: &str, name: &str, max_chars: usize) {
        if bounds::cut(text, max_chars).len() < text.len() {
            let chars = text.chars().count();
            let message = format!("is too long (maximum is {max_chars} characters, and it has {chars})");
            self.wrong("", name, message);
        }
    }

    fn event(&mut self, integration: &Integration, signal: &str, body: &Value) -> Option<Event> {
        let fields = self.fields(body)?;
        let action = self.action(fields);
        let key = self.optional(fields, "", "dedup_key");
        if let Some(key) = key {
            self.within(key, "dedup_key", MAX_DEDUP_KEY_CHARS);
        }
        match action? {
            Action::Trigger => self.trigger(fields, bounds::dedup_key(key.unwrap_or(signal))),
            action => {
                if key.is_none() && self.problems.is_empty() {
                    let message = format!("is missing or blank; {} needs it", as_word(action));
                    self.wrong("", "dedup_key", message);
                }
                Some(follow_up(action, key?.to_owned(), fields, integration))
            }
        }
    }

    fn action(&mut self, fields: &Map<String, Value>) -> Option<Action> {
        let action = match self.required(fields, "", "event_action")? {
            "trigger" => Some(Action::Trigger),
            "acknowledge" => Some(Action::Acknowledge),
            "resolve" => Some(Action::Resolve),
            _ => None,
        };
        if action.is_none() {
            let known = "is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')";
            self.wrong("", "event_action", known);
        }
        action
    }

    fn payload<'a>(&mut self, fields: &'a Map<String, Value>) -> Option<&'a Map<String, Value>> {
        match fields.get("payload") {
            Some(Value::Object(payload)) => return Some(payload),
            None | Some(Value::Null) => self.wrong("", "payload", "is missing or blank"),
            Some(other) => self.wrong("", "payload", format!("must be an object, and is {}", kind_of(other))),
        }
        None
    }

    fn change(&mut self, body: &Value) -> Option<Change> {
        let fields = self.fields(body)?;
        let payload = self.payload(fields)?;
        let summary = self.required(payload, "payload.", "summary");
        let source = self.optional(payload, "payload.", "source");
        let timestamp = self.timestamp(payload);
        if let Some(summary) = summary {
            self.within(summary, "payload.summary", MAX_SUMMARY_CHARS);
        }
        let mut details = Labels::default();
        match payload.get("custom_details") {
            Some(Value::Object(given)) => push_all(&mut details, given),
            Some(Value::Null) | None => {}
            Some(other) => details.push("", "details", &text_of(other).unwrap_or_default()),
        }
        Some(Change {
            summary: bounds::title(summary?),
            source: source.map(bounds::source),
            at_us: timestamp.and_then(words::instant_us),
            details: details.finish(),
            links: links(fields).finish(),
        })
    }

    fn trigger(&mut self, fields: &Map<String, Value>, dedup_key: String) -> Option<Event> {
        let payload = self.payload(fields)?;
        let summary = self.required(payload, "payload.", "summary");
        let source = self.required(payload, "payload.", "source");
        let severity = self.severity(payload);
        let timestamp = self.timestamp(payload);
        if let Some(summary) = summary {
            self.within(summary, "payload.summary", MAX_SUMMARY_CHARS);
        }
        Some(Event {
            action: Action::Trigger,
            dedup_key,
            title: bounds::title(summary?),
            description: description(payload),
            severity: severity?,
            source: bounds::source(source?),
            labels: labels(fields, payload, timestamp).finish(),
            links: links(fields).finish(),
            expires_at_us: None,
        })
    }

    fn severity(&mut self, payload: &Map<String, Value>) -> Option<AlertSeverity> {
        let word = self.required(payload, "payload.", "severity")?;
        let severity = SEVERITIES.into_iter().find(|severity| severity.as_str() == word);
        if severity.is_none() {
            let known = "is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')";
            self.wrong("payload.", "severity", known);
        }
        severity
    }

    fn timestamp<'a>(&mut self, payload: &'a Map<String, Value>) -> Option<&'a str> {
        let text = self.optional(payload, "payload.", "timestamp")?;
        if words::instant_us(text).is_none() {
            self.wrong("payload.", "timestamp", "is invalid (must be an instant in ISO 8601)");
        }
        Some(text)
    }
}

const fn as_word(action: Action) -> &'static str {
    match action {
        Action::Trigger => "trigger",
        Action::Acknowledge => "acknowledge",
        Action::Resolve => "resolve",
    }
}

/// An acknowledge or a resolve: what its payload says is taken where it is usable.
fn follow_up(
    action: Action,
    dedup_key: String,
    fields: &Map<String, Value>,
    integration: &Integration,
) -> Event {
    let empty = Map::new();
    let payload = fields.get("payload").and_then(Value::as_object).unwrap_or(&empty);
    let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
    Event {
        action,
        dedup_key,
        title: bounds::title(text("summary")),
        description: description(payload),
        severity: words::severity(text("severity")).unwrap_or(integration.default_severity),
        source: bounds::source(text("source")),
        labels: labels(fields, payload, payload.get("timestamp").and_then(Value::as_str)).finish(),
        links: links(fields).finish(),
        expires_at_us: None,
    }
}

fn description(payload: &Map<String, Value>) -> Option<String> {
    match payload.get("custom_details")? {
        Value::String(text) => bounds::description(text),
        Value::Object(details) => DETAILS_FOR_PEOPLE
            .iter()
            .find_map(|name| bounds::description(details.get(*name).and_then(Value::as_str)?)),
        _ => None,
    }
}

fn labels(fields: &Map<String, Value>, payload: &Map<String, Value>, timestamp: Option<&str>) -> Labels {
    let mut labels = Labels::default();
    for name in ["component", "group", "class"] {
        if let Some(text) = payload.get(name).and_then(text_of) {
            labels.push("", name, &text);
        }
    }
    if let Some(text) = fields.get("client").and_then(text_of) {
        labels.push("", "client", &text);
    }
    if let Some(text) = timestamp {
        labels.push("", "timestamp", text);
    }
    match payload.get("custom_details") {
        Some(Value::Object(details)) => push_all(&mut labels, details),
        Some(other @ (Value::Array(_) | Value::Number(_) | Value::Bool(_))) => {
            labels.push("", "custom_details", &other.to_string());
        }
        _ => {}
    }
    labels
}

fn push_all(labels: &mut Labels, details: &Map<String, Value>) {
    for (name, value) in details {
        if let Some(text) = text_of(value) {
            labels.push("custom_details.", name, &text);
        }
    }
}

fn links(fields: &Map<String, Value>) -> Links {
    let mut links = Links::default();
    let text = |from: &Value, name: &str| from.get(name).and_then(Value::as_str).map(str::to_owned);
    let each = |name: &str| fields.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if let Some(href) = fields.get("client_url").and_then(Value::as_str) {
        let client = fields.get("client").and_then(Value::as_str).unwrap_or_default();
        links.push(href, client);
    }
    for link in each("links") {
        if let Some(href) = text(link, "href") {
            links.push(&href, &text(link, "text").unwrap_or_default());
        }
    }
    for image in each("images") {
        let shown = text(image, "alt").unwrap_or_else(|| "Image".to_owned());
        if let Some(src) = text(image, "src") {
            links.push(&src, &shown);
        }
        if let Some(href) = text(image, "href") {
            links.push(&href, &shown);
        }
    }
    links
}
