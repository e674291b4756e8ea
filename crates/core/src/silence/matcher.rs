//! Matchers: what a silence says about an alert, in the operators that Alertmanager has.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::MOST_MATCHERS;
use crate::decide::Refusal;
use crate::id::IntegrationId;
use crate::intake::{AlertSeverity, Event};

/// Bytes of a value.
const LONGEST_VALUE: usize = 1_000;
/// Bytes that a compiled expression may take.
const LARGEST_PROGRAM: usize = 256 * 1024;
/// What stands before the name of a label.
pub(super) const LABEL: &str = "labels.";
/// The names that every alert has a text for.
const FIELDS: [&str; 5] = ["integration", "severity", "source", "dedup_key", "title"];
/// Texts that have nothing in common: an expression that takes both says nothing.
const UNLIKE: [&str; 2] = ["Zz 9-_/é", "\u{1}x"];

/// One condition on an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matcher {
    /// `integration`, `severity`, `source`, `dedup_key`, `title`, or `labels.` and the name of a label. A
    /// label that an alert does not have is the empty text.
    pub name: String,
    pub operator: Operator,
    pub value: String,
}

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    NotEqual,
    /// The whole text fits the regular expression.
    #[serde(rename = "=~")]
    Fits,
    #[serde(rename = "!~")]
    FitsNot,
}

impl Operator {
    /// Every operator; of two that begin alike, the longer one first.
    pub const ALL: [Self; 4] = [Self::Fits, Self::NotEqual, Self::FitsNot, Self::Equal];

    /// As people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Fits => "=~",
            Self::FitsNot => "!~",
        }
    }

    const fn is_positive(self) -> bool {
        matches!(self, Self::Equal | Self::Fits)
    }
}

/// What of an alert can be matched.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub integration: &'a str,
    pub severity: AlertSeverity,
    pub source: &'a str,
    pub dedup_key: &'a str,
    pub title: &'a str,
    pub labels: &'a BTreeMap<String, String>,
}

impl<'a> Subject<'a> {
    /// An alert as it began, as bad as it became.
    pub fn of(integration: &'a IntegrationId, event: &'a Event, severity: AlertSeverity) -> Self {
        Self {
            integration: integration.as_str(),
            severity,
            source: &event.source,
            dedup_key: &event.dedup_key,
            title: &event.title,
            labels: &event.labels,
        }
    }

    fn text(&self, name: &str) -> &'a str {
        match name {
            "integration" => self.integration,
            "severity" => self.severity.as_str(),
            "source" => self.source,
            "dedup_key" => self.dedup_key,
            "title" => self.title,
            _ => name.strip_prefix(LABEL).and_then(|label| self.labels.get(label)).map_or("", String::as_str),
        }
    }
}

/// A matcher, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Test {
    matcher: Matcher,
    regex: Option<Regex>,
}

impl Test {
    pub(super) fn new(matcher: &Matcher) -> Result<Self, String> {
        let named =
            FIELDS.contains(&matcher.name.as_str()) || matcher.name.strip_prefix(LABEL).is_some_and(is_label);
        if !named {
            return Err(format!(
                "`{}` is nothing that an alert has: use {}, or {LABEL}<name>",
                matcher.name,
                FIELDS.join(", ")
            ));
        }
        if matcher.value.len() > LONGEST_VALUE {
            return Err(format!("the value is longer than {LONGEST_VALUE} bytes"));
        }
        let regex = match matcher.operator {
            Operator::Equal | Operator::NotEqual => None,
            Operator::Fits | Operator::FitsNot => Some(anchored(&matcher.value)?),
        };
        Ok(Self { matcher: matcher.clone(), regex })
    }

    pub(super) fn matches(&self, subject: &Subject<'_>) -> bool {
        self.takes(subject.text(&self.matcher.name))
    }

    pub(super) fn takes(&self, text: &str) -> bool {
        let same = match &self.regex {
            Some(regex) => regex.is_match(text),
            None => text == self.matcher.value,
        };
        same == self.matcher.operator.is_positive()
    }

    /// Whether it says what an alert is, not only what it is not.
    fn narrows(&self) -> bool {
        let everything = UNLIKE.iter().all(|text| self.takes(text));
        let needs_nothing = self.takes("");
        let is_label = self.matcher.name.starts_with(LABEL);
        self.matcher.operator.is_positive() && !needs_nothing && (is_label || !everything)
    }
}

fn is_label(name: &str) -> bool {
    !name.is_empty() && name.len() <= 200
}

fn anchored(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(&format!("^(?:{text})$")).size_limit(LARGEST_PROGRAM).build();
    // An expression may close the anchor's bracket: it must be one by itself.
    let alone = RegexBuilder::new(text).size_limit(LARGEST_PROGRAM).build();
    built.and_then(|built| alone.map(|_| built)).map_err(|error| {
        let told = error.to_string();
        let last = told.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("`{text}` is no regular expression: {last}")
    })
}

/// Refused where a matcher cannot be read, or where none narrows the alerts down.
pub(super) fn narrow(matchers: &[Matcher]) -> Result<(), Refusal> {
    tests(matchers).map(drop)
}

/// Every matcher, ready to be asked. Refused where one cannot be read, or where none narrows the alerts down.
pub(super) fn tests(matchers: &[Matcher]) -> Result<Vec<Test>, Refusal> {
    let refuse = |message: String| Refusal::field("invalid_field", "matchers", message);
    if matchers.is_empty() {
        return Err(refuse("a silence needs a matcher: say which alerts".to_owned()));
    }
    if matchers.len() > MOST_MATCHERS {
        return Err(refuse(format!("{MOST_MATCHERS} matchers are the most")));
    }
    let tests: Result<Vec<Test>, String> = matchers
        .iter()
        .enumerate()
        .map(|(place, matcher)| {
            Test::new(matcher).map_err(|message| format!("matcher {}: {message}", place + 1))
        })
        .collect();
    let tests = tests.map_err(refuse)?;
    if tests.iter().any(Test::narrows) {
        return Ok(tests);
    }
    let message = "this would silence almost everything: add a matcher that says what the alerts are";
    Err(refuse(message.to_owned()))
}
