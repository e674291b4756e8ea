//! Any JSON object or list, with a mapping of CEL expressions; without one, by the names that most senders use.
//!
//! A body whose mapping fails is kept, shown with the field and the reason, and can be tried again when
//! the mapping is mended.

use serde::Serialize;
use serde_json::{Map, Value};

use super::bounds::{self, Labels, Links, MAX_EVENTS, kind_of, text_of};
use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::{Action, AlertSeverity, Event, Integration, Mapping, aws, guess, json, words};
use crate::expression::{Expression, Scope};

/// How much of a wrong word a message shows, in characters.
const MAX_SHOWN_CHARS: usize = 80;
/// How many items of `each` a try-out shows the values of.
const MAX_TRACED_ITEMS: usize = 20;

/// The events of a body.
pub fn interpret(integration: &Integration, body: &[u8]) -> Result<Vec<Event>, IntakeError> {
    let body = json::parse_composite(body)?;
    let outcome = match integration.reads_by() {
        Some(mapping) => map(integration, mapping, body, false),
        None => unmapped(integration, &body),
    };
    IntakeError::unless_well(IntakeErrorKind::Uninterpretable, outcome.events, outcome.problems)
}

/// What a mapping makes of an example, for whoever is writing it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TryOut {
    /// The events that the body would give.
    pub events: Vec<Event>,
    /// What every expression gave, in the order of evaluation; of the first 20 items where there are more.
    pub values: Vec<FieldValue>,
    /// Why the body would give no event, or not all.
    pub problems: Vec<Problem>,
}

/// What one expression of a mapping gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldValue {
    /// Which item of `each`, from 0; nothing without `each`.
    pub item: Option<usize>,
    /// The field of the mapping: `title`, `labels.region`.
    pub field: String,
    /// What it gave, or nothing where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Why it gave nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Tries the mapping of an integration on an example, and shows what each expression gives.
///
/// The integration needs not exist: its mapping, its name (the source where none is mapped) and its
/// default severity are all that counts.
pub fn try_out(integration: &Integration, body: &[u8]) -> TryOut {
    let body = match json::parse_composite(body) {
        Ok(body) => body,
        Err(error) => return TryOut { problems: error.problems().collect(), ..TryOut::default() },
    };
    let outcome = match integration.reads_by() {
        Some(mapping) => map(integration, mapping, body, true),
        None => unmapped(integration, &body),
    };
    TryOut { problems: Problem::bounded(outcome.problems), ..outcome }
}

/// What a body says that came in the envelope of another format: what is known goes before the mapping, which
/// is for the rest.
pub(super) fn inside(integration: &Integration, body: Value) -> TryOut {
    if let Some(known) = aws::events(integration, &body) {
        return known;
    }
    match &integration.mapping {
        Some(mapping) => map(integration, mapping, body, false),
        None => guess::events(integration, &body),
    }
}

/// What a body says without a mapping: in a format that is known, else by the names that most senders use.
fn unmapped(integration: &Integration, body: &Value) -> TryOut {
    aws::events(integration, body).unwrap_or_else(|| guess::events(integration, body))
}

fn map(integration: &Integration, mapping: &Mapping, body: Value, traced: bool) -> TryOut {
    let mut outcome = TryOut::default();
    let Some(each) = &mapping.each else {
        Item::new(integration, mapping, body, None, traced).map_into(&mut outcome);
        return outcome;
    };
    let mut whole = Item::new(integration, mapping, body, None, traced);
    let list = whole.run("each", each);
    whole.finish_into(&mut outcome);
    match list {
        Some(Value::Array(items)) => {
            for (index, item) in items.into_iter().take(MAX_EVENTS + 1).enumerate() {
                if index == MAX_EVENTS {
                    let message = format!("gives more than {MAX_EVENTS} items; those are taken");
                    outcome.problems.push(Problem::at("mapping.each", message));
                    break;
                }
                let traced = traced && index < MAX_TRACED_ITEMS;
                Item::new(integration, mapping, item, Some(index), traced).map_into(&mut outcome);
            }
        }
        Some(other) => {
            let message = format!("must give a list, and gives {}", kind_of(&other));
            outcome.problems.push(Problem::at("mapping.each", message));
        }
        None => {}
    }
    outcome
}

/// One body that a mapping is applied to.
struct Item<'a> {
    integration: &'a Integration,
    mapping: &'a Mapping,
    scope: Scope,
    index: Option<usize>,
    /// Whether what the expressions give is kept.
    traced: bool,
    values: Vec<FieldValue>,
    problems: Vec<Problem>,
}

impl<'a> Item<'a> {
    fn new(
        integration: &'a Integration,
        mapping: &'a Mapping,
        body: Value,
        index: Option<usize>,
        traced: bool,
    ) -> Self {
        let scope = Scope::of(Value::Object(Map::from_iter([("body".to_owned(), body)])));
        Self { integration, mapping, scope, index, traced, values: Vec::new(), problems: Vec::new() }
    }

    fn map_into(mut self, outcome: &mut TryOut) {
        let event = self.event();
        if let Some(event) = event.filter(|_| self.problems.is_empty()) {
            outcome.events.push(event);
        }
        self.finish_into(outcome);
    }

    fn finish_into(self, outcome: &mut TryOut) {
        outcome.values.extend(self.values);
        outcome.problems.extend(self.problems);
    }

    fn event(&mut self) -> Option<Event> {
        let mapping = self.mapping;
        let action = self.action()?;
        let key = self.text("dedup_key", mapping.dedup_key.as_ref());
        let needed = self.problems.len();
        let title = self.text("title", Some(&mapping.title)).map(|text| bounds::title(&text));
        if title.as_deref().is_none_or(str::is_empty) && self.problems.len() == needed {
            self.wrong("title", "gives nothing; a title for people is needed");
        }
        let description = self.text("description", mapping.description.as_ref());
        let severity = self.severity();
        let source = self.text("source", mapping.source.as_ref());
        let source = bounds::source(source.as_deref().unwrap_or(&self.integration.name));
        let labels = self.labels();
        let links = self.links();
        if action != Action::Trigger && key.is_some() {
            // What ends an alert needs no more than its key: bodies that resolve are often bare.
            self.problems.truncate(needed);
        }
        let title = title.unwrap_or_default();
        let dedup_key = key.map_or_else(|| bounds::hash([&*title, &*source]), |key| bounds::dedup_key(&key));
        Some(Event {
            action,
            dedup_key,
            title,
            description: description.and_then(|text| bounds::description(&text)),
            severity,
            source,
            labels: labels.finish(),
            links: links.finish(),
            expires_at_us: None,
        })
    }

    fn action(&mut self) -> Option<Action> {
        let Some(expression) = &self.mapping.action else { return Some(Action::Trigger) };
        let known = self.problems.len();
        let Some(word) = self.text("action", Some(expression)) else {
            return (self.problems.len() == known).then_some(Action::Trigger);
        };
        let action = words::action(&word);
        if action.is_none() {
            let word = bounds::cut(&word, MAX_SHOWN_CHARS);
            let message = format!("gives `{word}`; trigger, acknowledge and resolve are known");
            self.wrong("action", &message);
        }
        action
    }

    fn severity(&mut self) -> AlertSeverity {
        let default = self.integration.default_severity;
        let Some(word) = self.text("severity", self.mapping.severity.as_ref()) else { return default };
        words::severity(&word).unwrap_or_else(|| {
            let word = bounds::cut(&word, MAX_SHOWN_CHARS);
            let message = format!("gives `{word}`; critical, error, warning and info are known");
            self.wrong("severity", &message);
            default
        })
    }

    fn labels(&mut self) -> Labels {
        let mut labels = Labels::default();
        for (name, expression) in &self.mapping.labels {
            let value = self.run(&format!("labels.{name}"), expression);
            if let Some(text) = value.as_ref().and_then(text_of) {
                labels.push("", name, &text);
            }
        }
        labels
    }

    fn links(&mut self) -> Links {
        let mut links = Links::default();
        for (text, expression) in &self.mapping.links {
            if let Some(href) = self.text(&format!("links.{text}"), Some(expression)) {
                links.push(&href, text);
            }
        }
        links
    }

    /// The text that an expression gives; nothing where there is no expression, or it gives null or blank.
    fn text(&mut self, field: &str, expression: Option<&Expression>) -> Option<String> {
        let value = self.run(field, expression?)?;
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            let message = format!("must give text, and gives {}", kind_of(&value));
            self.wrong(field, &message);
            return None;
        }
        text_of(&value).filter(|text| !text.trim().is_empty())
    }

    fn run(&mut self, field: &str, expression: &Expression) -> Option<Value> {
        let result = expression.value_in(&self.scope);
        if self.traced {
            self.values.push(FieldValue {
                item: self.index,
                field: field.to_owned(),
                value: result.as_ref().ok().cloned(),
                error: result.as_ref().err().map(ToString::to_string),
            });
        }
        result.map_err(|error| self.wrong(field, &format!("failed: {error}"))).ok()
    }

    fn wrong(&mut self, field: &str, message: &str) {
        let place = self.index.map(|index| format!(" (item {index} of `each`)")).unwrap_or_default();
        self.problems.push(Problem::at(format!("mapping.{field}"), format!("{message}{place}")));
    }
}
