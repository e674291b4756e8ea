//! Events that recur every week at an offset from Sunday midnight.

use decurion_core::oncall::{self, Day, Layer, Schedule, Slot, TimeOfDay, Unit, Window};
use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp};
use serde::Deserialize;

use super::{Checked, compare, expected, fixed_layer, input, instant, layer, rotation, schedule};
use crate::vectors::Case;

const WEEK_S: i64 = 604_800;
/// More would only make a malformed case slow.
const MOST_WEEKS: u32 = 520;

#[derive(Deserialize)]
struct EventsInput {
    tz: String,
    week0_sunday_local: Date,
    /// Seconds on the wall clock after Sunday midnight, and seconds on the wall clock from there.
    events_start_duration_s: Vec<(i64, i64)>,
    weeks: u32,
}

#[derive(Deserialize)]
struct EventsExpected {
    events_utc: Option<Vec<(String, String)>>,
    events_local: Option<Vec<(String, String)>>,
}

/// Kind `weekly_events`: every event of every week, week by week. Each event is a weekly rotation of one
/// person a week; an event shorter than its week has a window.
pub(super) fn weekly_events(case: &Case) -> Checked {
    let input: EventsInput = input(case)?;
    let expected: EventsExpected = expected(case)?;
    let weeks = input.weeks.min(MOST_WEEKS);
    let by_event = input
        .events_start_duration_s
        .iter()
        .map(|event| occurrences(&input, *event, weeks))
        .collect::<Result<Vec<_>, String>>()?;
    let week = |week: u32| by_event.iter().filter_map(move |event| event.get(usize::try_from(week).ok()?));
    let got: Vec<(Timestamp, Timestamp)> = (0..weeks).flat_map(week).copied().collect();
    compare::anything(&[
        compare::field("events_utc", spans(expected.events_utc)?.as_ref(), &got)?,
        compare::field("events_local", spans(expected.events_local)?.as_ref(), &got)?,
    ])
}

/// One event's occurrences, one a week.
fn occurrences(
    input: &EventsInput,
    (start_s, duration_s): (i64, i64),
    weeks: u32,
) -> Result<Vec<(Timestamp, Timestamp)>, String> {
    if duration_s <= 0 {
        return Err(format!("an event lasts {duration_s} s"));
    }
    let start = after(input.week0_sunday_local.at(0, 0, 0, 0), start_s)?;
    if duration_s > WEEK_S {
        return (0..weeks)
            .map(|week| single(&input.tz, after(start, i64::from(week) * WEEK_S)?, duration_s))
            .collect();
    }
    let slots = (0..weeks).map(|week| Slot::person(format!("week {week}").as_str())).collect();
    let mut layer = layer("event", rotation(Unit::Weekly, start, slots));
    layer.from = Some(start);
    if duration_s < WEEK_S {
        layer.active = vec![window(start, after(start, duration_s)?)?];
    }
    let schedule = schedule(&input.tz, vec![layer])?;
    let shifts = drawn(&schedule, start, i64::from(weeks + 1) * WEEK_S)?;
    Ok(shifts.into_iter().take(usize::try_from(weeks).unwrap_or(0)).collect())
}

/// An event longer than a week overlaps itself, so each occurrence is a layer of its own.
fn single(tz: &str, start: DateTime, duration_s: i64) -> Result<(Timestamp, Timestamp), String> {
    let layer: Layer = fixed_layer("event".to_owned(), "P1", start, after(start, duration_s)?);
    let shifts = drawn(&schedule(tz, vec![layer])?, start, duration_s + WEEK_S)?;
    match (shifts.first(), shifts.last()) {
        (Some(first), Some(last)) => Ok((first.0, last.1)),
        _ => Err("the event never happens".to_owned()),
    }
}

/// What the product draws for the only layer from a wall time on.
fn drawn(schedule: &Schedule, from: DateTime, length_s: i64) -> Result<Vec<(Timestamp, Timestamp)>, String> {
    let from = oncall::wall::first_instant(&schedule.zone, from).map_err(|error| error.to_string())?;
    let to = from.checked_add(Span::new().seconds(length_s)).map_err(|error| error.to_string())?;
    let layers = oncall::layer_shifts(schedule, from, to);
    Ok(layers.into_iter().flat_map(|layer| layer.shifts).map(|shift| (shift.start, shift.end)).collect())
}

fn window(start: DateTime, end: DateTime) -> Result<Window, String> {
    let day = |date: DateTime| Day::ALL[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    let (starts, ends) = (time_of_day(start)?, time_of_day(end)?);
    Ok(Window { days: vec![day(start)], start: starts, end: ends, end_day: Some(day(end)) })
}

fn time_of_day(local: DateTime) -> Result<TimeOfDay, String> {
    let part = |value: i8| u16::from(value.unsigned_abs());
    let whole_minute = local.second() == 0;
    let time = TimeOfDay::new(part(local.hour()), part(local.minute())).filter(|_| whole_minute);
    time.ok_or_else(|| format!("{local} is not a whole minute"))
}

fn after(local: DateTime, seconds: i64) -> Result<DateTime, String> {
    let span = Span::new().try_seconds(seconds).map_err(|error| error.to_string())?;
    local.checked_add(span).map_err(|error| error.to_string())
}

fn spans(texts: Option<Vec<(String, String)>>) -> Result<Option<Vec<(Timestamp, Timestamp)>>, String> {
    let parse = |(start, end): (String, String)| Ok((instant(&start)?, instant(&end)?));
    texts.map(|texts| texts.into_iter().map(parse).collect()).transpose()
}
