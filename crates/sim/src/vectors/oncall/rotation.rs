//! Rotations: handoffs, whose turn it is, months' ends, active days.

use std::collections::BTreeMap;

use decurion_core::oncall::{
    self, Advance, Day, Layer, MonthEnd, Rotation, Schedule, Slot, TimeOfDay, Turn, Unit, Window,
};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Checked, DeserializeFrom, at_local, compare, expected, input, instant, instants, layer, local, names,
    rotation, schedule,
};
use crate::vectors::Case;

/// More would only make a malformed case slow.
const MOST: usize = 10_000;

#[derive(Deserialize)]
struct HandoffInput {
    tz: String,
    #[serde(rename = "type")]
    unit: Unit,
    #[serde(default = "one")]
    shift_length: u32,
    start_local: String,
    from_utc: String,
    shifts: usize,
    participants: Option<Vec<String>>,
    month_policy: Option<MonthEnd>,
}

#[derive(Deserialize)]
struct MonthEndInput {
    tz: String,
    start_local: String,
    month_policy: MonthEnd,
}

#[derive(Deserialize)]
struct ByDayInput {
    users_per_group: Vec<usize>,
    start: Date,
    by_day: Option<Vec<String>>,
    total_days: usize,
    frequency: Unit,
    #[serde(default = "one")]
    interval: u32,
}

#[derive(Deserialize)]
struct ByDayExpected {
    who: BTreeMap<String, String>,
}

fn one() -> u32 {
    1
}

/// Kind `rotation`: the handoffs from the shift that holds at an instant on, and whose shifts they are.
pub(super) fn handoffs(case: &Case) -> Checked {
    let input: HandoffInput = input(case)?;
    let people = input.participants.unwrap_or_else(|| vec!["P1".to_owned(), "P2".to_owned()]);
    let slots = people.iter().map(|name| Slot::person(name.as_str())).collect();
    let rotation = Rotation {
        every: input.shift_length,
        month_end: input.month_policy.unwrap_or_default(),
        ..rotation(input.unit, local(&input.start_local)?, slots)
    };
    let schedule = schedule(&input.tz, vec![layer("rotation", rotation)])?;
    let from = instant(&input.from_utc)?;
    check_turns(&schedule, &oncall::turns(&schedule, 0, from, input.shifts.min(MOST)), &case.expected)
}

/// Kind `monthly_day31`: the handoffs of a monthly rotation from its start on.
pub(super) fn month_end(case: &Case) -> Checked {
    let input: MonthEndInput = input(case)?;
    let from = at_local(&input.tz, &input.start_local)?;
    let slots = vec![Slot::person("P1"), Slot::person("P2")];
    let rotation = Rotation {
        month_end: input.month_policy,
        ..rotation(Unit::Monthly, local(&input.start_local)?, slots)
    };
    let schedule = schedule(&input.tz, vec![layer("rotation", rotation)])?;
    let handoffs = |field| case.expected.get(field).and_then(Value::as_array).map(Vec::len);
    let count = handoffs("handoffs_utc").or(handoffs("handoffs_local")).unwrap_or(1);
    check_turns(
        &schedule,
        &oncall::turns(&schedule, 0, from, count.saturating_sub(1).min(MOST)),
        &case.expected,
    )
}

fn check_turns(schedule: &Schedule, turns: &[Turn], expected: &Value) -> Checked {
    let starts = turns.iter().map(|turn| turn.start);
    let handoffs: Vec<Timestamp> = starts.chain(turns.last().map(|turn| turn.end)).collect();
    let durations: Vec<i64> =
        turns.iter().map(|turn| turn.end.as_second() - turn.start.as_second()).collect();
    let users: Vec<String> =
        turns.iter().map(|turn| names(&oncall::on_call(schedule, &[], turn.start).people)).collect();
    let given = |field: &str| expected.get(field);
    let expected_durations =
        given("durations_s").map(|v| Vec::deserialize_from(v, "durations_s")).transpose()?;
    let expected_users = given("users").map(|v| Vec::deserialize_from(v, "users")).transpose()?;
    compare::anything(&[
        compare::field("handoffs_utc", instants(expected, "handoffs_utc")?.as_ref(), &handoffs)?,
        compare::field("handoffs_local", instants(expected, "handoffs_local")?.as_ref(), &handoffs)?,
        compare::field("durations_s", expected_durations.as_ref(), &durations)?,
        compare::field("users", expected_users.as_ref(), &users)?,
    ])
}

/// Kind `rotation_by_day`: who is on call on each of some days, by days of the week. Weeks begin on Monday.
pub(super) fn by_day(case: &Case) -> Checked {
    let input: ByDayInput = input(case)?;
    let expected: ByDayExpected = expected(case)?;
    let schedule = schedule("UTC", vec![by_day_layer(&input)?])?;
    let days = input.start.series(1.day()).take(input.total_days.min(MOST));
    let got: BTreeMap<String, String> = days
        .map(|day| who(&schedule, day).map(|who| (day.to_string(), who)))
        .filter(|entry| !matches!(entry, Ok((_, who)) if who.is_empty()))
        .collect::<Result<_, String>>()?;
    compare::field("who", Some(&expected.who), &got).map(|_| ())
}

fn by_day_layer(input: &ByDayInput) -> Result<Layer, String> {
    let interval = usize::try_from(input.interval).unwrap_or(MOST);
    // Weekly and monthly intervals leave the weeks and months between to nobody; daily ones stretch the turn.
    let (start, every, slots, advance) = match input.frequency {
        Unit::Daily => (input.start, input.interval, groups(input)?, Advance::Active),
        Unit::Weekly => (monday_of(input.start)?, 1, spread(groups(input)?, interval), Advance::Calendar),
        Unit::Monthly => {
            (input.start.first_of_month(), 1, spread(groups(input)?, interval), Advance::Calendar)
        }
        Unit::Hourly | Unit::Custom => {
            return Err("the frequency must be daily, weekly or monthly".to_owned());
        }
    };
    let days = input.by_day.iter().flatten().map(|name| day(name)).collect::<Result<Vec<Day>, _>>()?;
    let all_day = Window { days, start: TimeOfDay::MIDNIGHT, end: TimeOfDay::END_OF_DAY, end_day: None };
    let rotation = Rotation { every, advance, ..rotation(input.frequency, midnight(start), slots) };
    Ok(Layer { from: Some(midnight(input.start)), active: vec![all_day], ..layer("by day", rotation) })
}

/// Groups of people named A, B, C ... through all groups.
fn groups(input: &ByDayInput) -> Result<Vec<Slot>, String> {
    let mut letters = 'A'..='Z';
    let mut group = |size: usize| {
        let people: Vec<_> =
            letters.by_ref().take(size).map(String::from).map(|name| name.as_str().into()).collect();
        if people.len() == size { Ok(Slot::People(people)) } else { Err("more than 26 users".to_owned()) }
    };
    input.users_per_group.iter().map(|size| group(*size)).collect()
}

fn spread(slots: Vec<Slot>, interval: usize) -> Vec<Slot> {
    let buffers = interval.clamp(1, MOST) - 1;
    slots.into_iter().flat_map(|slot| std::iter::once(slot).chain(vec![Slot::Nobody; buffers])).collect()
}

fn monday_of(date: Date) -> Result<Date, String> {
    let days = i64::from(date.weekday().since(Weekday::Monday));
    date.checked_sub(Span::new().days(days)).map_err(|error| error.to_string())
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

fn day(name: &str) -> Result<Day, String> {
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let position = names.iter().position(|known| *known == name);
    let day = position.and_then(|index| Day::ALL.get(index).copied());
    day.ok_or_else(|| format!("`{name}` is not a day of the week; write MO to SU"))
}

/// The people on call through one day; an error when they change within it.
fn who(schedule: &Schedule, date: Date) -> Result<String, String> {
    let instant = |date: Date| TimeZone::UTC.to_timestamp(midnight(date)).map_err(|error| error.to_string());
    let tomorrow = date.tomorrow().map_err(|error| error.to_string())?;
    let shifts = oncall::shifts(schedule, &[], instant(date)?, instant(tomorrow)?);
    match shifts.as_slice() {
        [shift] => Ok(names(&shift.people)),
        _ => Err(format!("the people change within {date}")),
    }
}
