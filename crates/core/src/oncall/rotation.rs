//! Whose turn it is in one rotation: arithmetic, then a short search around clock changes.

use super::schedule::{Advance, Layer, Rotation, Slot, Unit};
use super::steps::{ActiveDaySteps, AlternatingSteps, MonthSteps, Steps};
use super::wall::{DAY_S, END_S, FIRST_S, LONGEST_GAP_S, Skip, Zone, day_number, wall_of};

/// The shortest turn, in seconds. Shorter ones are read as this long.
pub(super) const SHORTEST_TURN_S: i64 = 15 * 60;
/// The longest turn, in seconds: a century.
pub(super) const LONGEST_TURN_S: i64 = 36_525 * DAY_S;

/// A rotation ready for questions.
#[derive(Debug)]
pub(super) struct Turns<'a> {
    zone: Zone,
    steps: Steps,
    order: Order,
    slots: &'a [Slot],
}

/// Which slot has the turn of a number, where turns that collapsed are not counted.
#[derive(Debug, Clone, Copy)]
struct Order {
    slots: i64,
    /// Turns after which the order moves on: those in which turns and weeks come round together.
    round: i64,
    /// By how many slots the first turn of a round is further than the one of the round before.
    stride: i64,
    /// Turns after which all begins anew.
    full: i64,
}

/// One turn, `[start, end)` in seconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TurnAt<'a> {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) slot: &'a Slot,
}

impl<'a> Turns<'a> {
    /// Reads a layer's rotation; the error says in one sentence why it cannot be read.
    pub(super) fn new(layer: &'a Layer, zone: Zone) -> Result<Self, String> {
        let rotation = &layer.rotation;
        if rotation.participants.is_empty() {
            return Err("the rotation has no participants".to_owned());
        }
        let start = rotation.start.map_or_else(default_start, wall_of);
        if !(FIRST_S..END_S).contains(&start) {
            return Err("the rotation starts outside of the years 1970 to 2199".to_owned());
        }
        let steps = steps(layer, start)?;
        let order = Order::new(rotation.advance, &steps, rotation.participants.len());
        Ok(Self { zone, steps, order, slots: &rotation.participants })
    }

    /// The turn that holds at an instant.
    pub(super) fn at(&self, instant: i64) -> TurnAt<'a> {
        let number = self.number_at(instant);
        let slot = self.slots.get(self.order.slot(self.counted(number))).unwrap_or(&Slot::Nobody);
        TurnAt { start: self.handoff(number), end: self.handoff(number + 1), slot }
    }

    /// The first instant not before `instant` at which the rotation begins anew with its first slot.
    pub(super) fn full_turn(&self, instant: i64) -> i64 {
        let running = self.number_at(instant);
        let counted = self.counted(running);
        let begins_now = self.handoff(running) == instant;
        if begins_now && counted.rem_euclid(self.order.full) == 0 {
            return instant;
        }
        let wanted = (counted.div_euclid(self.order.full) + 1) * self.order.full;
        let mut number = running + wanted - counted;
        // Turns that collapse on the way are made up for; each step passes at least one of them.
        while self.counted(number) < wanted {
            number += wanted - self.counted(number);
        }
        self.handoff(number)
    }

    /// The number of a turn where those that collapsed since the start are not counted.
    fn counted(&self, number: i64) -> i64 {
        number - self.collapsed_since_start(number)
    }

    fn handoff(&self, number: i64) -> i64 {
        self.zone.first(self.steps.wall(number))
    }

    /// The last handoff not after an instant. Wall time finds it but for clock changes, within which at
    /// most a day of turns of 15 minutes lie.
    fn number_at(&self, instant: i64) -> i64 {
        const FARTHEST: usize = 256;
        let mut number = self.steps.last_until(self.zone.wall_at(instant));
        for _ in 0..FARTHEST {
            if self.handoff(number) > instant {
                number -= 1;
            } else if self.handoff(number + 1) <= instant {
                number += 1;
            } else {
                break;
            }
        }
        number
    }

    /// Handoffs between the rotation's start and this one that fell onto the instant of the one before
    /// them. The turns between them have no length and count for nobody.
    fn collapsed_since_start(&self, number: i64) -> i64 {
        if number >= 0 { self.collapsed(0, number) } else { -self.collapsed(number, 0) }
    }

    /// How many handoffs in `(after, until]` fall onto the instant of the one before them.
    fn collapsed(&self, after: i64, until: i64) -> i64 {
        let repeated = self.steps.repeated(after, until);
        if self.steps.shortest_s() > LONGEST_GAP_S || after == until {
            return repeated;
        }
        let in_skip = |skip: &Skip| {
            // All handoffs from the first missing wall time to the first that exists again share one
            // instant; each but the first of them collapses.
            let second = self.steps.last_until(skip.from - 1) + 2;
            let last = self.steps.last_until(skip.to);
            (last.min(until) - second.max(after + 1) + 1).max(0)
        };
        let skips = self.zone.skips(self.handoff(after), self.handoff(until)).iter();
        repeated
            + skips.filter(|skip| skip.to - skip.from >= self.steps.shortest_s()).map(in_skip).sum::<i64>()
    }
}

impl Order {
    fn new(advance: Advance, steps: &Steps, slots: usize) -> Self {
        let slots = i64::try_from(slots).unwrap_or(i64::MAX).max(1);
        let in_turn = Self { slots, round: 1, stride: 1, full: slots };
        match steps.per_round().filter(|_| advance == Advance::Fair) {
            None => in_turn,
            Some(round) => {
                // Moving on by as many slots as the round has turns changes nothing. The next larger number that
                // has no divisor in common with the slots brings everybody to every place of the round.
                let stride = (round..round + slots).find(|stride| gcd(*stride, slots) == 1).unwrap_or(round);
                Self { slots, round, stride, full: slots.saturating_mul(round) }
            }
        }
    }

    fn slot(&self, counted: i64) -> usize {
        let (rounds, place) = (counted.div_euclid(self.round), counted.rem_euclid(self.round));
        let moved = rounds.rem_euclid(self.slots) * (self.stride % self.slots);
        usize::try_from((place + moved).rem_euclid(self.slots)).unwrap_or(0)
    }
}

pub(super) fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Where a rotation of a single slot may leave its start out: Monday 1 January 2024, 00:00.
fn default_start() -> i64 {
    day_number(2024, 1, 1) * DAY_S
}

fn steps(layer: &Layer, start_s: i64) -> Result<Steps, String> {
    let rotation = &layer.rotation;
    let every = i64::from(rotation.every);
    if !rotation.turns.is_empty() {
        return Ok(Steps::Alternating(AlternatingSteps::new(start_s, lengths(rotation))));
    }
    if every == 0 {
        return Err("the rotation's turns have no length".to_owned());
    }
    let unit_s = match rotation.unit {
        Unit::Monthly => {
            return Ok(Steps::Months(MonthSteps::new(start_s, every.min(1_200), rotation.month_end)));
        }
        Unit::Daily if rotation.advance != Advance::Calendar => {
            let steps = ActiveDaySteps::new(start_s, every.min(36_525), active_days(layer));
            return Ok(Steps::ActiveDays(steps));
        }
        Unit::Hourly => 3_600,
        Unit::Daily => DAY_S,
        Unit::Weekly => 7 * DAY_S,
        Unit::Custom => custom_unit_s(rotation)?,
    };
    let step_s = unit_s.saturating_mul(every).clamp(SHORTEST_TURN_S, LONGEST_TURN_S);
    Ok(Steps::Seconds { start_s, step_s })
}

/// The lengths of alternating turns, in seconds.
fn lengths(rotation: &Rotation) -> impl Iterator<Item = i64> {
    rotation.turns.iter().map(|turn| turn.as_secs_i64().clamp(SHORTEST_TURN_S, LONGEST_TURN_S))
}

fn custom_unit_s(rotation: &Rotation) -> Result<i64, String> {
    match rotation.turn {
        Some(turn) if !turn.is_zero() => Ok(turn.as_secs_i64()),
        Some(_) | None => Err("the rotation's turns have no length".to_owned()),
    }
}

/// The days of the week, Monday first, on which one of the layer's windows begins.
fn active_days(layer: &Layer) -> [bool; 7] {
    let mut days = [layer.active.is_empty(); 7];
    for window in &layer.active {
        if window.days.is_empty() {
            return [true; 7];
        }
        for day in &window.days {
            days[usize::from(day.index())] = true;
        }
    }
    days
}
