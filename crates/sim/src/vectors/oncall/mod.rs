//! Vectors for on-call schedules. Every kind is put as a schedule (or an instant) of the product and
//! answered by the product's own functions; nothing is computed a second time here.

mod calendar;
mod compare;
mod events;
mod overlay;
mod rotation;
mod swaps;

use std::collections::BTreeMap;

use decurion_core::id::PersonId;
use decurion_core::oncall::{Layer, Rotation, Schedule, Slot, Unit};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Case, Outcome};

/// Runs one case.
pub(crate) fn check(case: &Case) -> Outcome {
    let result = match case.kind.as_str() {
        "rotation" => rotation::handoffs(case),
        "monthly_day31" => rotation::month_end(case),
        "rotation_by_day" => rotation::by_day(case),
        "clock_of_day" => calendar::clock_of_day(case),
        "weekly_window" => calendar::weekly_window(case),
        "policy" => calendar::policy(case),
        "weekly_events" => events::weekly_events(case),
        "layers" => overlay::layers(case),
        "override_ops" => overlay::override_ops(case),
        "shift_swap" => swaps::shift_swap(case),
        kind => Err(format!("unknown kind `{kind}`")),
    };
    match result {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

/// What a check says: nothing when all agrees, else what was expected and what came.
type Checked = Result<(), String>;

/// Reads the input of a case.
fn input<T: DeserializeOwned>(case: &Case) -> Result<T, String> {
    T::deserialize(&case.input).map_err(|error| format!("malformed input: {error}"))
}

/// Reads what a case expects.
fn expected<T: DeserializeOwned>(case: &Case) -> Result<T, String> {
    T::deserialize(&case.expected).map_err(|error| format!("malformed expected: {error}"))
}

fn schedule(zone: &str, layers: Vec<Layer>) -> Result<Schedule, String> {
    let schedule = Schedule {
        id: "vectors".into(),
        name: "Vectors".to_owned(),
        zone: zone.to_owned(),
        requires: Vec::new(),
        layers,
        versions: Vec::new(),
        calendars: BTreeMap::new(),
        notices: None,
    };
    match schedule.validate().into_iter().next() {
        None => Ok(schedule),
        Some(problem) => Err(format!("the schedule is not valid: {}: {}", problem.path, problem.message)),
    }
}

fn layer(name: impl Into<String>, rotation: Rotation) -> Layer {
    Layer {
        name: name.into(),
        priority: 0,
        zone: None,
        rotation,
        from: None,
        until: None,
        active: Vec::new(),
        shadow: false,
        holidays: None,
        calendar: None,
    }
}

fn rotation(unit: Unit, start: DateTime, participants: Vec<Slot>) -> Rotation {
    Rotation {
        unit,
        every: 1,
        turn: None,
        turns: Vec::new(),
        start: Some(start),
        advance: decurion_core::oncall::Advance::Calendar,
        month_end: decurion_core::oncall::MonthEnd::Clamp,
        participants,
    }
}

/// A layer of one person between two wall times.
fn fixed_layer(name: String, person: &str, from: DateTime, until: DateTime) -> Layer {
    let rotation = rotation(Unit::Weekly, from, vec![Slot::person(person)]);
    Layer { from: Some(from), until: Some(until), ..layer(name, rotation) }
}

fn names(people: &[PersonId]) -> String {
    people.iter().map(PersonId::as_str).collect()
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error| format!("`{text}` is not an instant: {error}"))
}

fn local(text: &str) -> Result<DateTime, String> {
    text.parse().map_err(|error| format!("`{text}` is not a wall time: {error}"))
}

/// The instant of a wall time in a zone, by the product's policy.
fn at_local(zone: &str, text: &str) -> Result<Timestamp, String> {
    let local = local(text)?;
    decurion_core::oncall::wall::first_instant(zone, local).map_err(|error| error.to_string())
}

/// A field that may be left out, as the list of instants that it holds.
fn instants(value: &Value, field: &str) -> Result<Option<Vec<Timestamp>>, String> {
    let Some(list) = value.get(field) else { return Ok(None) };
    let texts: Vec<String> = Vec::deserialize_from(list, field)?;
    texts.iter().map(|text| instant(text)).collect::<Result<_, _>>().map(Some)
}

/// Reads a value of `expected`, naming the field when it is malformed.
trait DeserializeFrom: Sized {
    fn deserialize_from(value: &Value, field: &str) -> Result<Self, String>;
}

impl<T: DeserializeOwned> DeserializeFrom for T {
    fn deserialize_from(value: &Value, field: &str) -> Result<Self, String> {
        T::deserialize(value).map_err(|error| format!("malformed `{field}`: {error}"))
    }
}
