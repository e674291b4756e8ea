//! Layers by priority, and overrides above them.

use decurion_core::id::PersonId;
use decurion_core::oncall::{self, Change, Layer, Override, Schedule};
use jiff::civil::{DateTime, date};
use jiff::{Span, Timestamp};
use serde::Deserialize;

use super::{Checked, compare, expected, fixed_layer, input, schedule};
use crate::vectors::Case;

pub(super) const HOUR_S: f64 = 3_600.0;
pub(super) const MINUTE_S: f64 = 60.0;

/// A person, a priority, a start and a length.
type Entry = (String, i32, f64, f64);
/// A start, an end and the people between.
type Segment = (f64, f64, Vec<String>);

#[derive(Deserialize)]
struct LayersInput {
    shifts_user_priority_start_duration: Vec<Entry>,
    #[serde(default)]
    overrides_user_priority_start_duration: Vec<Entry>,
}

#[derive(Deserialize)]
struct LayersExpected {
    final_start_end_users: Vec<Segment>,
    gap_hours: Option<f64>,
    coverage_pct: Option<f64>,
}

#[derive(Deserialize)]
struct OverrideInput {
    base_user_start_end: Vec<(String, f64, f64)>,
    #[serde(default)]
    overrides_add_remove_start_end: Vec<(Option<String>, Option<String>, f64, f64)>,
    temporary_schedule: Option<Temporary>,
}

#[derive(Deserialize)]
struct Temporary {
    start: f64,
    end: f64,
    shifts: Vec<(String, f64, f64)>,
}

#[derive(Deserialize)]
struct OverrideExpected {
    segments_start_end_users: Vec<Segment>,
}

/// Kind `layers`: shifts with priorities, and shifts that replace them; who remains, and what is left open.
pub(super) fn layers(case: &Case) -> Checked {
    let input: LayersInput = input(case)?;
    let expected: LayersExpected = expected(case)?;
    let layers = numbered(&input.shifts_user_priority_start_duration)
        .map(|(index, (user, priority, start, length))| {
            let layer = span_layer(index, user, (*start, start + length), HOUR_S)?;
            Ok(Layer { priority: *priority, ..layer })
        })
        .collect::<Result<_, String>>()?;
    let overrides = numbered(&input.overrides_user_priority_start_duration)
        .map(|(index, (user, priority, start, length))| {
            let change = Change::Fixed { people: vec![user.as_str().into()] };
            Ok(Override { priority: *priority, ..over(index, change, (*start, start + length), HOUR_S)? })
        })
        .collect::<Result<Vec<_>, String>>()?;
    let schedule = schedule("UTC", layers)?;
    check_timeline(&schedule, &overrides, &expected.final_start_end_users, HOUR_S)?;
    check_gaps(&schedule, &overrides, &expected)
}

/// Kind `override_ops`: people added, removed and replaced, and a temporary schedule.
pub(super) fn override_ops(case: &Case) -> Checked {
    let input: OverrideInput = input(case)?;
    let expected: OverrideExpected = expected(case)?;
    let layers = numbered(&input.base_user_start_end)
        .map(|(index, (user, start, end))| span_layer(index, user, (*start, *end), MINUTE_S))
        .collect::<Result<_, String>>()?;
    let mut overrides = temporary(input.temporary_schedule.as_ref())?;
    for (index, (add, remove, start, end)) in numbered(&input.overrides_add_remove_start_end) {
        let change = match (add.as_deref(), remove.as_deref()) {
            (Some(by), Some(person)) => Change::Replace { person: person.into(), by: by.into() },
            (Some(person), None) => Change::Add { person: person.into() },
            (None, Some(person)) => Change::Remove { person: person.into() },
            (None, None) => return Err(format!("override {index} neither adds nor removes")),
        };
        overrides.push(over(index, change, (*start, *end), MINUTE_S)?);
    }
    check_timeline(&schedule("UTC", layers)?, &overrides, &expected.segments_start_end_users, MINUTE_S)
}

/// A temporary schedule fixes the answer to nobody, and beside that to each of its shifts.
fn temporary(temporary: Option<&Temporary>) -> Result<Vec<Override>, String> {
    let Some(Temporary { start, end, shifts }) = temporary else { return Ok(Vec::new()) };
    let nobody = over(1_000, Change::Fixed { people: Vec::new() }, (*start, *end), MINUTE_S);
    let shift = |(index, (user, start, end)): (usize, &(String, f64, f64))| {
        over(1_001 + index, Change::Fixed { people: vec![user.as_str().into()] }, (*start, *end), MINUTE_S)
    };
    std::iter::once(nobody).chain(numbered(shifts).map(shift)).collect()
}

fn numbered<T>(items: &[T]) -> impl Iterator<Item = (usize, &T)> {
    items.iter().enumerate()
}

/// Vectors of these kinds count from some UTC midnight; which one is all the same.
fn midnight() -> DateTime {
    date(2024, 1, 1).at(0, 0, 0, 0)
}

fn local_at(offset: f64, unit_s: f64) -> Result<DateTime, String> {
    let seconds = (offset * unit_s).round();
    if !seconds.is_finite() || seconds.abs() > 1e10 {
        return Err(format!("{offset} is not a time of this kind"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 1e10")]
    let span = Span::new().seconds(seconds as i64);
    midnight().checked_add(span).map_err(|error| error.to_string())
}

pub(super) fn at(offset: f64, unit_s: f64) -> Result<Timestamp, String> {
    let local = local_at(offset, unit_s)?;
    oncall::wall::first_instant("UTC", local).map_err(|error| error.to_string())
}

pub(super) fn span_layer(
    index: usize,
    user: &str,
    (start, end): (f64, f64),
    unit_s: f64,
) -> Result<Layer, String> {
    Ok(fixed_layer(format!("shift {index}"), user, local_at(start, unit_s)?, local_at(end, unit_s)?))
}

fn over(index: usize, change: Change, (start, end): (f64, f64), unit_s: f64) -> Result<Override, String> {
    Ok(Override {
        id: format!("ovr_{index}").as_str().into(),
        schedule: "vectors".into(),
        start: at(start, unit_s)?,
        end: at(end, unit_s)?,
        change,
        priority: 0,
        author: "vectors".into(),
        reason: String::new(),
    })
}

type Stretch = (Timestamp, Timestamp, Vec<String>);

fn check_timeline(schedule: &Schedule, overrides: &[Override], expected: &[Segment], unit_s: f64) -> Checked {
    let (Some(first), Some(last)) = (expected.first(), expected.last()) else {
        return Err("`expected` holds no segments".to_owned());
    };
    let stretch = |(start, end, users): &Segment| Ok((at(*start, unit_s)?, at(*end, unit_s)?, users.clone()));
    let wanted = expected.iter().map(stretch).collect::<Result<Vec<Stretch>, String>>()?;
    let shifts = oncall::shifts(schedule, overrides, at(first.0, unit_s)?, at(last.1, unit_s)?);
    let names = |people: Vec<PersonId>| people.iter().map(ToString::to_string).collect();
    let got = shifts.into_iter().map(|shift| (shift.start, shift.end, names(shift.people))).collect();
    compare::field("timeline", Some(&joined(wanted)), &joined(got)).map(|_| ())
}

/// Neighbours with the same people are one stretch, and people have no order.
fn joined(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for (start, end, mut people) in stretches {
        people.sort();
        match joined.last_mut() {
            Some(last) if last.1 == start && last.2 == people => last.1 = end,
            _ => joined.push((start, end, people)),
        }
    }
    joined
}

fn check_gaps(schedule: &Schedule, overrides: &[Override], expected: &LayersExpected) -> Checked {
    let segments = &expected.final_start_end_users;
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return Ok(()) };
    let (from, to) = (at(first.0, HOUR_S)?, at(last.1, HOUR_S)?);
    let gaps = oncall::coverage::gaps(schedule, overrides, from, to);
    let hours: f64 = gaps.iter().map(|gap| gap.end.duration_since(gap.start).as_secs_f64() / HOUR_S).sum();
    let whole = to.duration_since(from).as_secs_f64() / HOUR_S;
    let close = |name: &str, expected: Option<f64>, got: f64| match expected {
        Some(expected) if (expected - got).abs() > 5e-5 => {
            Err(format!("{name}: expected {expected}, got {got}"))
        }
        _ => Ok(()),
    };
    close("gap_hours", expected.gap_hours, hours)?;
    close("coverage_pct", expected.coverage_pct, 100.0 * (whole - hours) / whole)
}
