//! How a generic body becomes an event: CEL expressions over `body`, and their texts in packs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::expression::{Expression, ExpressionError};

/// CEL expressions over the body (`body`) that give the fields of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Gives a list of bodies to map one by one. Without it the body is one event.
    pub each: Option<Expression>,
    /// Gives `trigger`, `acknowledge` or `resolve`. Without it every body triggers.
    pub action: Option<Expression>,
    pub dedup_key: Option<Expression>,
    pub title: Expression,
    pub description: Option<Expression>,
    /// Gives one of the severity names.
    pub severity: Option<Expression>,
    pub source: Option<Expression>,
    pub labels: BTreeMap<String, Expression>,
    /// Addresses worth opening, by the text that people read.
    pub links: BTreeMap<String, Expression>,
}

/// A mapping as it is written in a pack and sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingText {
    /// A list of bodies to map one by one: `body.detail.findings`. In the other fields `body` is then one
    /// of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// `trigger`, `acknowledge` or `resolve`: `body.state == 'OK' ? 'resolve' : 'trigger'`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What makes two bodies the same alert: `body.detail.id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedup_key: Option<String>,
    /// One line for people: `body.detail.title`.
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `critical`, `error`, `warning` or `info`: `body.detail.severity >= 7 ? 'critical' : 'warning'`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Addresses worth opening, by the text that people read: `Finding: body.html_url`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
}

impl MappingText {
    /// Compiles every expression, or says of each bad one in which field it stands (`labels.region`).
    pub fn compile(&self) -> Result<Mapping, Vec<(String, ExpressionError)>> {
        let mut errors = Vec::new();
        let mut optional = |field: &str, text: Option<&String>| {
            compile_field(text?).map_err(|error| errors.push((field.to_owned(), error))).ok()
        };
        let each = optional("each", self.each.as_ref());
        let action = optional("action", self.action.as_ref());
        let dedup_key = optional("dedup_key", self.dedup_key.as_ref());
        let title = optional("title", Some(&self.title));
        let description = optional("description", self.description.as_ref());
        let severity = optional("severity", self.severity.as_ref());
        let source = optional("source", self.source.as_ref());
        let mut named = |field: &str, texts: &BTreeMap<String, String>| {
            let compile = |(name, text): (&String, &String)| {
                Some((name.clone(), optional(&format!("{field}.{name}"), Some(text))?))
            };
            texts.iter().filter_map(compile).collect()
        };
        let labels = named("labels", &self.labels);
        let links = named("links", &self.links);
        match title {
            Some(title) if errors.is_empty() => {
                Ok(Mapping { each, action, dedup_key, title, description, severity, source, labels, links })
            }
            _ => Err(errors),
        }
    }
}

impl From<&Mapping> for MappingText {
    fn from(mapping: &Mapping) -> Self {
        let text = |expression: &Option<Expression>| expression.as_ref().map(|e| e.text().to_owned());
        let named = |expressions: &BTreeMap<String, Expression>| {
            expressions.iter().map(|(name, e)| (name.clone(), e.text().to_owned())).collect()
        };
        Self {
            each: text(&mapping.each),
            action: text(&mapping.action),
            dedup_key: text(&mapping.dedup_key),
            title: mapping.title.text().to_owned(),
            description: text(&mapping.description),
            severity: text(&mapping.severity),
            source: text(&mapping.source),
            labels: named(&mapping.labels),
            links: named(&mapping.links),
        }
    }
}

/// Names that CEL itself gives to types, as in `type(body) == list`.
const TYPE_NAMES: [&str; 10] =
    ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type"];

/// Compiles one expression. A name that no body can give is better told when the mapping is written than
/// when an alert arrives.
fn compile_field(text: &str) -> Result<Expression, ExpressionError> {
    let expression = Expression::compile(text)?;
    let known = |name: &str| name == "body" || TYPE_NAMES.contains(&name);
    match expression.variables().into_iter().find(|name| !known(name)) {
        None => Ok(expression),
        Some(name) => Err(ExpressionError::Evaluation {
            text: text.to_owned(),
            reason: format!("`{name}` is not known; what arrived is named `body`"),
        }),
    }
}
