//! Shifts that somebody asked to be stood in for, open and taken.

use decurion_core::id::PersonId;
use decurion_core::oncall::{
    Day, Layer, Override, Rotation, Slot, Swap, SwapShift, TimeOfDay, Window, swap_shifts,
};
use jiff::Timestamp;
use jiff::civil::date;
use serde::Deserialize;

use super::overlay::{HOUR_S, at};
use super::{Checked, compare, expected, input, layer, rotation, schedule};
use crate::vectors::Case;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwapInput {
    unit: Unit,
    /// The hours of every day between which the users are on call together.
    daily_shift: (u16, u16),
    users: Vec<String>,
    swap_for: String,
    swap_window: (f64, f64),
    taken_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Hours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwapExpected {
    #[serde(rename = "events_start_end_users_inSwap")]
    events: Vec<(f64, f64, Vec<String>, bool)>,
}

type Event = (Timestamp, Timestamp, Vec<String>, bool);

/// Kind `shift_swap`: a shift of every day, and one swap. A taken swap must say the same whether it is
/// asked as a swap or as the override that it becomes.
pub(super) fn shift_swap(case: &Case) -> Checked {
    let input: SwapInput = input(case)?;
    let expected: SwapExpected = expected(case)?;
    let Unit::Hours = input.unit;
    let schedule = schedule("UTC", vec![daily_layer(&input)?])?;
    let swap = swap(&input)?;
    let Some(last) = expected.events.last() else {
        return Err("`expected` holds no events".to_owned());
    };
    let (from, to) = (at(0.0, HOUR_S)?, at(last.1, HOUR_S)?);
    let wanted: Vec<Event> = expected
        .events
        .iter()
        .map(|(start, end, users, in_swap)| {
            Ok((at(*start, HOUR_S)?, at(*end, HOUR_S)?, users.clone(), *in_swap))
        })
        .collect::<Result<_, String>>()?;
    let ask = |overrides: &[Override]| {
        events(swap_shifts(&schedule, overrides, std::slice::from_ref(&swap), from, to))
    };
    compare::field("events", Some(&wanted), &ask(&[]))?;
    let entered: Vec<Override> = swap.to_override().into_iter().collect();
    compare::field("events with the override entered", Some(&wanted), &ask(&entered)).map(|_| ())
}

fn daily_layer(input: &SwapInput) -> Result<Layer, String> {
    let hour = |hour| TimeOfDay::new(hour, 0).ok_or_else(|| format!("{hour} is not an hour of the day"));
    let (start, end) = input.daily_shift;
    let window = Window { days: Day::ALL.to_vec(), start: hour(start)?, end: hour(end)?, end_day: None };
    let people = input.users.iter().map(|user| PersonId::from(user.as_str())).collect();
    let rotation: Rotation = rotation(
        decurion_core::oncall::Unit::Daily,
        date(2024, 1, 1).at(0, 0, 0, 0),
        vec![Slot::People(people)],
    );
    Ok(Layer { active: vec![window], ..layer("daily", rotation) })
}

fn swap(input: &SwapInput) -> Result<Swap, String> {
    let (start, end) = input.swap_window;
    Ok(Swap {
        id: "swp_1".into(),
        schedule: "vectors".into(),
        person: input.swap_for.as_str().into(),
        start: at(start, HOUR_S)?,
        end: at(end, HOUR_S)?,
        taken_by: input.taken_by.as_deref().map(PersonId::from),
        author: input.swap_for.as_str().into(),
        reason: String::new(),
    })
}

/// The stretches in which somebody is on call.
fn events(timeline: Vec<SwapShift>) -> Vec<Event> {
    let manned = timeline.into_iter().filter(|stretch| !stretch.shift.people.is_empty());
    manned
        .map(|SwapShift { shift, in_swap }| {
            let people = shift.people.iter().map(ToString::to_string).collect();
            (shift.start, shift.end, people, !in_swap.is_empty())
        })
        .collect()
}
