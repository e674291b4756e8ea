//! Wall times and weekly windows.

use decurion_core::oncall::wall::{first_instant, last_instant};
use decurion_core::oncall::{Day, Slot, TimeOfDay, Unit, Window, active_spans};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{Checked, at_local, compare, expected, input, instant, layer, local, rotation, schedule};
use crate::vectors::Case;

#[derive(Deserialize)]
struct ClockInput {
    tz: String,
    date: Date,
    clock: TimeOfDay,
}

#[derive(Deserialize)]
struct ClockExpected {
    first_utc: Option<String>,
    last_utc: Option<String>,
}

#[derive(Deserialize)]
struct PolicyInput {
    tz: String,
    local: String,
}

#[derive(Deserialize)]
struct PolicyExpected {
    utc: String,
}

#[derive(Deserialize)]
struct WindowInput {
    tz: String,
    days: Vec<String>,
    start: TimeOfDay,
    end: TimeOfDay,
    from_local: String,
    to_local: String,
}

#[derive(Deserialize)]
struct WindowExpected {
    windows_utc: Option<Vec<(String, String)>>,
    windows_local: Option<Vec<(String, String)>>,
    total_s: Option<i64>,
}

/// Kind `clock_of_day`: the first and the last instant of a time of day on a date.
pub(super) fn clock_of_day(case: &Case) -> Checked {
    let input: ClockInput = input(case)?;
    let expected: ClockExpected = expected(case)?;
    let since_midnight = SignedDuration::from_mins(i64::from(input.clock.minutes()));
    let wall = input.date.at(0, 0, 0, 0).checked_add(since_midnight).map_err(|error| error.to_string())?;
    let first = first_instant(&input.tz, wall).map_err(|error| error.to_string())?;
    let last = last_instant(&input.tz, wall).map_err(|error| error.to_string())?;
    let parse = |text: Option<String>| text.map(|text| instant(&text)).transpose();
    compare::anything(&[
        compare::field("first_utc", parse(expected.first_utc)?.as_ref(), &first)?,
        compare::field("last_utc", parse(expected.last_utc)?.as_ref(), &last)?,
    ])
}

/// Kind `policy`: the instant at which a handoff at this wall time happens.
pub(super) fn policy(case: &Case) -> Checked {
    let input: PolicyInput = input(case)?;
    let expected: PolicyExpected = expected(case)?;
    let got = at_local(&input.tz, &input.local)?;
    compare::field("utc", Some(&instant(&expected.utc)?), &got).map(|_| ())
}

/// Kind `weekly_window`: the spans in which a window is open between two wall times.
pub(super) fn weekly_window(case: &Case) -> Checked {
    let input: WindowInput = input(case)?;
    let expected: WindowExpected = expected(case)?;
    let from = at_local(&input.tz, &input.from_local)?;
    let to = at_local(&input.tz, &input.to_local)?;
    let days = input.days.iter().map(|name| day(name)).collect::<Result<_, _>>()?;
    let window = Window { days, start: input.start, end: input.end, end_day: None };
    let mut layer =
        layer("window", rotation(Unit::Weekly, local(&input.from_local)?, vec![Slot::person("P1")]));
    layer.active = vec![window];
    let got = active_spans(&schedule(&input.tz, vec![layer])?, 0, from, to);
    check_spans(&expected, &got, from, to)
}

/// Windows that meet are one, in what was expected as in what came; and where what was expected stays
/// within the stretch asked for, so does what came.
fn check_spans(
    expected: &WindowExpected,
    got: &[(Timestamp, Timestamp)],
    from: Timestamp,
    to: Timestamp,
) -> Checked {
    let utc = spans(expected.windows_utc.as_deref())?;
    let in_local = spans(expected.windows_local.as_deref())?;
    let listed = utc.as_deref().or(in_local.as_deref()).unwrap_or(&[]);
    let within = listed.iter().all(|(start, end)| *start >= from && *end <= to);
    let cut = |(start, end): &(Timestamp, Timestamp)| (*start.max(&from), *end.min(&to));
    let got: Spans = if within { got.iter().map(cut).collect() } else { got.to_vec() };
    let total_s = got.iter().map(|(start, end)| end.as_second() - start.as_second()).sum();
    compare::anything(&[
        compare::field("windows_utc", utc.as_ref(), &got)?,
        compare::field("windows_local", in_local.as_ref(), &got)?,
        compare::field("total_s", expected.total_s.as_ref(), &total_s)?,
    ])
}

type Spans = Vec<(Timestamp, Timestamp)>;

fn spans(texts: Option<&[(String, String)]>) -> Result<Option<Spans>, String> {
    let Some(texts) = texts else { return Ok(None) };
    let mut merged: Spans = Vec::new();
    for (start, end) in texts {
        let (start, end) = (instant(start)?, instant(end)?);
        match merged.last_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => merged.push((start, end)),
        }
    }
    Ok(Some(merged))
}

fn day(name: &str) -> Result<Day, String> {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let position = names.iter().position(|known| *known == name);
    let day = position.and_then(|index| Day::ALL.get(index).copied());
    day.ok_or_else(|| format!("`{name}` is not a day of the week; write Mon to Sun"))
}
