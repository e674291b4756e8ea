//! Schedules as a reader of the calendar would check them, and properties that hold for all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod behaviour;
mod clock_changes;
mod overriding;
mod properties;
mod reference;
mod rosters;
mod strategies;
mod swaps;
mod turning;
mod validation;

use jiff::Timestamp;

use super::{Override, Schedule, on_call};
use crate::id::PersonId;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A schedule from the YAML that a pack would hold.
fn schedule(layers: &str) -> Schedule {
    let yaml = format!("id: l1\nname: First line\nzone: Europe/Stockholm\nlayers:\n{layers}");
    serde_saphyr::from_str(&yaml).unwrap()
}

fn names(people: &[PersonId]) -> String {
    people.iter().map(PersonId::as_str).collect::<Vec<_>>().join(" ")
}

/// The people on call at an instant, or the reason why there are none.
fn who(schedule: &Schedule, overrides: &[Override], instant: &str) -> String {
    let answer = on_call(schedule, overrides, at(instant));
    assert_eq!(answer.people.is_empty(), answer.nobody.is_some());
    answer.nobody.map_or_else(|| names(&answer.people), |reason| format!("nobody: {reason}"))
}
