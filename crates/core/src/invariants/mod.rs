//! What must hold whatever happens: the promises of the product as functions over states and records.
//!
//! | rule | promise | where |
//! |---|---|---|
//! | I1 | a page is decided at most once | [`History`], [`incident`] |
//! | I2 | a decided page is delivered, superseded, answered or given up, and the incident goes on after the last | [`page`], [`outcome`] |
//! | I3 | nobody is paged earlier than the policy says, and a deadline is the policy's | [`History`], [`outcome`] |
//! | I4 | an open incident always waits for something, and an open page too | [`incident`], [`page`], [`alert`], [`used_up`] |
//! | I4 | an open swap waits for its next reminder or its end, and what was taken of one is an override | [`roster`] |
//! | I5 | whoever need not answer any more is not paged; what was in flight is marked late | [`History`], [`outcome`] |
//! | I6 | the state is what its records make of it | [`outcome`] |
//! | I7 | versions of a stream have no gap | [`History`]; the chain itself is [`crate::journal::Verifier`]'s |
//! | I8 | nobody is on call, or reached, only with a reason | [`on_call`], [`reached`] |
//! | I9 | the same command on the same state gives the same outcome | the property tests decide everything twice |
//!
//! [`crate::decide::execute`] checks its outcome in debug builds, so every test of every crate does.

mod history;
mod outcome;
mod states;

use std::fmt;

use crate::decide::State;
use crate::escalation::Target;
use crate::escalation::targets::Reached;
use crate::id::ScheduleId;
use crate::journal::StreamId;
use crate::oncall::OnCall;

pub use history::History;
pub use outcome::{outcome, used_up};
pub use states::{alert, incident, page, roster};

/// A promise that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// `I1` to `I8`, as the table of this module names them.
    pub rule: &'static str,
    pub stream: StreamId,
    /// What does not fit, with the values.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.rule, self.stream, self.message)
    }
}

/// Violations of one stream in the making.
struct Found<'a> {
    stream: &'a StreamId,
    violations: Vec<Violation>,
}

impl<'a> Found<'a> {
    const fn about(stream: &'a StreamId) -> Self {
        Self { stream, violations: Vec::new() }
    }

    fn check(&mut self, rule: &'static str, holds: bool, message: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(Violation { rule, stream: self.stream.clone(), message: message() });
        }
    }
}

/// Checks the state of one stream by itself.
pub fn state(stream: &StreamId, state: &State) -> Vec<Violation> {
    match state {
        State::Alert(state) => alert(stream, state),
        State::Incident(state) => incident(state),
        State::Page(state) => page(state),
        State::Roster(state) => roster(stream, state),
        State::Grouping(_)
        | State::Feed(_)
        | State::Verification(_)
        | State::Silence(_)
        | State::Source(_) => Vec::new(),
    }
}

/// I8: a schedule's answer is people or a reason, and never both or neither.
pub fn on_call(schedule: &ScheduleId, answer: &OnCall) -> Vec<Violation> {
    let stream = StreamId::schedule(schedule);
    let mut found = Found::about(&stream);
    found.check("I8", answer.people.is_empty() == answer.nobody.is_some(), || {
        format!(
            "{} people are on call, and the reason for nobody is {:?}",
            answer.people.len(),
            answer.nobody
        )
    });
    found.violations
}

/// I8: targets that reach nobody say why.
pub fn reached(targets: &[Target], reached: &Reached) -> Vec<Violation> {
    let stream = StreamId::config();
    let mut found = Found::about(&stream);
    found.check("I8", !(reached.people.is_empty() && reached.holes.is_empty()), || {
        format!("{targets:?} reach nobody, and nothing says why")
    });
    found.violations
}
