//! Opsgenie's Alert API (`POST /v2/alerts` and what follows on it), after its published description and what
//! its clients send.
//!
//! Only what makes an alert unreadable is refused: texts beyond the vendor's limits are cut, not turned away.
//! What follows on an alert (acknowledge, close, note) says in its path which alert it means; a door keeps it
//! as an envelope, [`FollowUp::envelope`], so that the kept body alone can be interpreted again.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::bounds::{self, Labels, Links, kind_of, text_of};
use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::{Action, AlertSeverity, Event, Integration, json as body_json};

/// The longest note that an incident takes, in characters.
const MAX_KEPT_NOTE_CHARS: usize = 20_000;

/// Labels that stand for fields of the format. A detail of such a name is kept under `details.`.
const OWN_LABELS: [&str; 6] = ["entity", "note", "priority", "requested_by", "responders", "tags"];
/// Where a detail names what the alert is about, best first.
const SOURCES: [&str; 6] = ["instance", "service", "job", "host", "hostname", "account"];

/// Reads a body as JSON. An empty one, as clients send with what needs no body, is an empty object.
pub fn parse(body: &[u8]) -> Result<Value, IntakeError> {
    let parsed = body_json::parse(body)?;
    if parsed.is_object() {
        return Ok(parsed);
    }
    let found = kind_of(&parsed);
    Err(IntakeError::one(
        IntakeErrorKind::Syntax,
        Problem::whole(format!("must be an object, and is {found}")),
    ))
}

/// The events of a kept body: an alert as it was sent, or the envelope of what followed on one.
pub fn interpret(integration: &Integration, signal: &str, body: &[u8]) -> Result<Vec<Event>, IntakeError> {
    let body = parse(body)?;
    match FollowUp::of_envelope(&body) {
        Some(follow_up) => Ok(follow_up.event(integration).into_iter().collect()),
        None => create(integration, signal, &body).map(|event| vec![event]),
    }
}

/// The key of an alias.
pub fn dedup_key(alias: &str) -> String {
    bounds::dedup_key(alias.trim())
}

/// The alert of a body. `signal` is the id of what arrived: it becomes the alias of an alert without one.
pub fn create(integration: &Integration, signal: &str, body: &Value) -> Result<Event, IntakeError> {
    let empty = Map::new();
    let fields = body.as_object().unwrap_or(&empty);
    let mut reader = Reader::default();
    let title = reader.text(fields, "message").map(bounds::title).filter(|title| !title.is_empty());
    if title.is_none() && reader.problems.is_empty() {
        reader.wrong("message", "can not be empty");
    }
    let alias = reader.text(fields, "alias").map_or_else(|| signal.to_owned(), dedup_key);
    let description = reader.text(fields, "description").and_then(bounds::description);
    let severity = reader.severity(fields).unwrap_or(integration.default_severity);
    let labels = reader.labels(fields);
    let (source, links) = reader.source(fields, integration);
    match title {
        Some(title) if reader.problems.is_empty() => Ok(Event {
            action: Action::Trigger,
            dedup_key: alias,
            title,
            description,
            severity,
            source,
            labels,
            links: links.finish(),
            expires_at_us: None,
        }),
        _ => Err(reader.into_error()),
    }
}

/// What is asked of an alert that may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Acknowledge,
    Close,
    Note,
}

impl Ask {
    /// The word that stands in the path for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Close => "close",
            Self::Note => "notes",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Acknowledge, Self::Close, Self::Note].into_iter().find(|ask| ask.as_str() == word)
    }

    const fn action(self) -> Option<Action> {
        match self {
            Self::Acknowledge => Some(Action::Acknowledge),
            Self::Close => Some(Action::Resolve),
            Self::Note => None,
        }
    }
}

/// Something that is asked of one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    pub ask: Ask,
    /// The key of the alert that is meant; nothing when no open alert is.
    pub dedup_key: Option<String>,
    /// The alert as the sender names it, and by what.
    pub identifier: String,
    pub identifier_type: String,
    /// The body as it was sent.
    pub request: Value,
}

impl FollowUp {
    /// The body that is kept: what was sent, with what its address said.
    pub fn envelope(&self) -> Value {
        json!({
            "action": self.ask.as_str(),
            "dedupKey": self.dedup_key,
            "identifier": self.identifier,
            "identifierType": self.identifier_type,
            "request": self.request,
        })
    }

    /// What an envelope holds; nothing for any other body.
    pub fn of_envelope(body: &Value) -> Option<Self> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            ask: Ask::of(&text("action")?)?,
            dedup_key: text("dedupKey").map(|key| dedup_key(&key)),
            identifier: text("identifier")?,
            identifier_type: text("identifierType")?,
            request: body.get("request").filter(|request| request.is_object())?.clone(),
        })
    }

    /// The event, where one is asked for of an alert that is known.
    pub fn event(&self, integration: &Integration) -> Option<Event> {
        Some(Event {
            action: self.ask.action()?,
            dedup_key: self.dedup_key.clone()?,
            title: String::new(),
            description: None,
            severity: integration.default_severity,
            source: self.field("source").map_or_else(String::new, bounds::source),
            labels: BTreeMap::new(),
            links: Vec::new(),
            expires_at_us: None,
        })
    }

    /// The note, with the name of its author where the sender gives one. Needed where a note is all there is.
    pub fn note(&self) -> Result<Option<String>, IntakeError> {
        let Some(note) = self.field("note") else {
            let needed = self.ask == Ask::Note;
            let missing = Problem::at("note", "can not be empty");
            return if needed { Err(IntakeError::one(IntakeErrorKind::Invalid, missing)) } else { Ok(None) };
        };
        let note = match self.field("user") {
            Some(user) => format!("{}: {note}", bounds::source(user)),
            None => note.to_owned(),
        };
        Ok(Some(bounds::cut(&note, MAX_KEPT_NOTE_CHARS).to_owned()))
    }

    /// A text that says something. What is no text is passed over: nothing may keep an alert open.
    fn field(&self, name: &str) -> Option<&str> {
        self.request.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// The priority that stands for a severity, where the sender's own word is not known.
pub const fn priority(severity: AlertSeverity) -> &'static str {
    match severity {
        AlertSeverity::Critical => "P1",
        AlertSeverity::Error => "P2",
        AlertSeverity::Warning => "P3",
        AlertSeverity::Info => "P4",
    }
}

/// Labels as the fields of the format that they came from: the tags, and the details.
pub fn tags_and_details(labels: &BTreeMap<String, String>) -> (Vec<&str>, BTreeMap<&str, &str>) {
    let tags = labels.get("tags").map(|tags| tags.split(", ").collect()).unwrap_or_default();
    let details = labels
        .iter()
        .filter(|(name, _)| !OWN_LABELS.contains(&name.as_str()))
        .map(|(name, text)| (own_name(name), text.as_str()))
        .collect();
    (tags, details)
}

/// The name that a detail had before it made way for a field.
fn own_name(label: &str) -> &str {
    label.strip_prefix("details.").filter(|name| OWN_LABELS.contains(name)).unwrap_or(label)
}

/// What the answer says is wrong, each with its field; the whole body stands under `body`.
pub fn error_fields(error: &IntakeError) -> BTreeMap<String, String> {
    let field = |problem: &Problem| problem.field.clone().unwrap_or_else(|| "body".to_owned());
    error.problems().map(|problem| (field(&problem), worded(&problem))).collect()
}

fn worded(problem: &Problem) -> String {
    match &problem.field {
        Some(field) => format!("Field `{field}` {}.", problem.message),
        None => format!("The body {}.", problem.message),
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
        let mut problems = Problem::bounded(self.problems).into_iter();
        let first = problems.next().unwrap_or_else(unknown);
        IntakeError { more: problems.collect(), ..IntakeError::one(IntakeErrorKind::Invalid, first) }
    }

    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(Problem::at(field, message));
    }

    /// A text that may be left out. Blank and null count as left out.
    fn text<'a>(&mut self, from: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
        match from.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.as_str()).filter(|text| !text.trim().is_empty()),
            other => {
                self.wrong(name, format!("must be text, and is {}", kind_of(other)));
                None
            }
        }
    }

    fn list<'a>(&mut self, from: &'a Map<String, Value>, name: &str) -> &'a [Value] {
        match from.get(name) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.wrong(name, format!("must be a list, and is {}", kind_of(other)));
                &[]
            }
        }
    }

    fn severity(&mut self, fields: &Map<String, Value>) -> Option<AlertSeverity> {
        let word = self.text(fields, "priority")?.trim();
        let severity = match word {
            "P1" => Some(AlertSeverity::Critical),
            "P2" => Some(AlertSeverity::Error),
            "P3" => Some(AlertSeverity::Warning),
            "P4" | "P5" => Some(AlertSeverity::Info),
            _ => None,
        };
        if severity.is_none() {
            self.wrong("priority", "should be one of [ P1, P2, P3, P4, P5 ]");
        }
        severity
    }

    /// The fields of the format that have no place of their own, then the details.
    fn labels(&mut self, fields: &Map<String, Value>) -> BTreeMap<String, String> {
        let mut labels = Labels::default();
        for (field, label) in
            [("entity", "entity"), ("priority", "priority"), ("user", "requested_by"), ("note", "note")]
        {
            if let Some(text) = self.text(fields, field) {
                labels.push("", label, text.trim());
            }
        }
        let tags: Vec<String> = self.list(fields, "tags").iter().filter_map(text_of).collect();
        let responders: Vec<String> = self.list(fields, "responders").iter().filter_map(responder).collect();
        for (name, texts) in [("tags", tags), ("responders", responders)] {
            if !texts.is_empty() {
                labels.push("", name, &texts.join(", "));
            }
        }
        self.details(fields, &mut labels);
        labels.finish()
    }

    fn details(&mut self, fields: &Map<String, Value>, labels: &mut Labels) {
        let details = match fields.get("details") {
            None | Some(Value::Null) => return,
            Some(Value::Object(details)) => details,
            Some(other) => {
                return self.wrong("details", format!("must be an object, and is {}", kind_of(other)));
            }
        };
        for (name, value) in details {
            let Some(text) = text_of(value) else { continue };
            let own = OWN_LABELS.contains(&name.as_str());
            labels.push("details.", &if own { format!("details.{name}") } else { name.clone() }, &text);
        }
    }

    /// What the alert is about. Alertmanager gives its own address as the source: that is a link.
    fn source(&mut self, fields: &Map<String, Value>, integration: &Integration) -> (String, Links) {
        let mut links = Links::default();
        let said = self.text(fields, "source").unwrap_or_default();
        links.push(said, "Source");
        let is_link = said.starts_with("http://") || said.starts_with("https://");
        let details = fields.get("details");
        let detail = |name: &str| details?.get(name)?.as_str().filter(|text| !text.trim().is_empty());
        let source = Some(said)
            .filter(|said| !said.is_empty() && !is_link)
            .or_else(|| fields.get("entity").and_then(Value::as_str).filter(|text| !text.trim().is_empty()))
            .or_else(|| SOURCES.into_iter().find_map(detail))
            .unwrap_or(&integration.name);
        (bounds::source(source), links)
    }
}

/// A responder in one word: `team:SOC-L1`.
fn responder(value: &Value) -> Option<String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("username")).or_else(|| text("id"))?;
    Some(text("type").map_or_else(|| name.to_owned(), |kind| format!("{kind}:{name}")))
}
