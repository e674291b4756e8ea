//! Why a body gives no events, or not all of them.

use std::fmt;

use serde::Serialize;

use super::Event;
use super::bounds::cut;
use super::json::BodyError;

/// The most problems that are told of one body; the rest is counted.
const MAX_PROBLEMS: usize = 20;
/// The longest message about a problem, in characters: a body must not come back as its own error.
const MAX_MESSAGE_CHARS: usize = 500;

/// What a refusal means for the door that took the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeErrorKind {
    /// The body is not the JSON that is taken here. The sender is told.
    Syntax,
    /// The body is JSON and breaks the rules of a format that promises an answer. The sender is told.
    Invalid,
    /// The body is fine by the door and gives no event. It is kept, shown, and can be tried again.
    Uninterpretable,
}

/// One thing that is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, as a path such as `alerts[2].labels`; nothing where the whole body is meant.
    pub field: Option<String>,
    /// What is wrong, worded so that it reads on after the field: `is missing or blank`.
    pub message: String,
}

impl Problem {
    /// A problem with one field.
    pub(super) fn at(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::whole(message) }
    }

    /// A problem with the body as a whole.
    pub(super) fn whole(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { field: None, message: cut(&message, MAX_MESSAGE_CHARS).to_owned() }
    }

    /// The same problem of a part, as the whole names it.
    pub(super) fn below(self, path: &str) -> Self {
        let field = self.field.map_or_else(|| path.to_owned(), |field| format!("{path}.{field}"));
        Self { field: Some(field), message: self.message }
    }

    /// The first of many problems, and how many more there are.
    pub(super) fn bounded(mut problems: Vec<Self>) -> Vec<Self> {
        let more = problems.len().saturating_sub(MAX_PROBLEMS);
        problems.truncate(MAX_PROBLEMS);
        if more > 0 {
            problems.push(Self::whole(format!("has {more} more problems")));
        }
        problems
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "`{field}` {}", self.message),
            None => write!(f, "the body {}", self.message),
        }
    }
}

/// Why a body could not be interpreted, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", Problem { field: field.clone(), message: message.clone() })]
pub struct IntakeError {
    /// The field at fault as a JSON path, when one is.
    pub field: Option<String>,
    /// What is wrong, worded so that it reads on after the field.
    pub message: String,
    pub kind: IntakeErrorKind,
    /// What else is wrong with the same body, after the first.
    pub more: Vec<Problem>,
    /// The events of those parts of the body that are well. They count.
    pub partial: Vec<Event>,
}

impl IntakeError {
    /// An error of one problem.
    pub(super) fn one(kind: IntakeErrorKind, problem: Problem) -> Self {
        Self { field: problem.field, message: problem.message, kind, more: Vec::new(), partial: Vec::new() }
    }

    /// The events, or the error that the problems make of them.
    pub(super) fn unless_well(
        kind: IntakeErrorKind,
        events: Vec<Event>,
        problems: Vec<Problem>,
    ) -> Result<Vec<Event>, Self> {
        let mut problems = Problem::bounded(problems).into_iter();
        match problems.next() {
            None => Ok(events),
            Some(first) => Err(Self { more: problems.collect(), partial: events, ..Self::one(kind, first) }),
        }
    }

    /// Every problem, the first one first.
    pub fn problems(&self) -> impl Iterator<Item = Problem> + '_ {
        let first = Problem { field: self.field.clone(), message: self.message.clone() };
        std::iter::once(first).chain(self.more.iter().cloned())
    }
}

impl From<BodyError> for IntakeError {
    fn from(error: BodyError) -> Self {
        Self::one(IntakeErrorKind::Syntax, Problem { field: error.field(), message: error.message() })
    }
}
