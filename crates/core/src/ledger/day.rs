//! The parts of a person's days.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::{LATE_FROM_H, SLEEP_FROM_H, SLEEP_TO_H};

/// What kind of time an instant falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Day,
    Late,
    Sleep,
}

/// A stretch of one part of one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice {
    pub(super) start_us: i64,
    pub(super) end_us: i64,
    /// The day on the wall.
    pub(super) date: Date,
    pub(super) part: Part,
    /// The day on which the night began, for a slice of sleep.
    pub(super) night_of: Date,
}

impl Slice {
    pub(super) fn seconds(&self) -> i64 {
        (self.end_us - self.start_us) / 1_000_000
    }

    pub(super) fn is_weekend(&self) -> bool {
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The Saturday of the weekend.
    pub(super) fn weekend_of(&self) -> Date {
        match self.date.weekday() {
            Weekday::Sunday => self.date.yesterday().unwrap_or(self.date),
            _ => self.date,
        }
    }
}

/// The slices of `[from_us, to_us)` in a zone, in order. Days have 23 or 25 hours where clocks change.
pub(super) fn slices(zone: &TimeZone, from_us: i64, to_us: i64) -> Vec<Slice> {
    let mut slices = Vec::new();
    let mut at_us = from_us;
    while at_us < to_us {
        let Ok(at) = Timestamp::from_microsecond(at_us) else { break };
        let wall = at.to_zoned(zone.clone()).datetime();
        let (part, next) = part_of(wall.hour());
        let date = wall.date();
        let next = if next == 24 {
            date.tomorrow().map(|date| date.at(0, 0, 0, 0))
        } else {
            Ok(date.at(next, 0, 0, 0))
        };
        let next = next.ok().and_then(|next| next.to_zoned(zone.clone()).ok());
        let next_us = next.map_or(i64::MAX, |next| next.timestamp().as_microsecond());
        let end_us = next_us.max(at_us + 1).min(to_us);
        let morning = part == Part::Sleep && wall.hour() < SLEEP_TO_H;
        let night_of = if morning { date.checked_sub(1.day()).unwrap_or(date) } else { date };
        slices.push(Slice { start_us: at_us, end_us, date, part, night_of });
        at_us = end_us;
    }
    slices
}

/// The part that an hour belongs to, and the hour at which the next one may begin.
const fn part_of(hour: i8) -> (Part, i8) {
    if hour < SLEEP_TO_H {
        (Part::Sleep, SLEEP_TO_H)
    } else if hour < LATE_FROM_H {
        (Part::Day, LATE_FROM_H)
    } else if hour < SLEEP_FROM_H {
        (Part::Late, SLEEP_FROM_H)
    } else {
        (Part::Sleep, 24)
    }
}

/// The zone that a person lives in.
pub(super) fn zone_of(config: &crate::config::Config, person: &crate::id::PersonId) -> TimeZone {
    let name = config.organisation.people.get(person).map_or("", |person| person.zone.as_str());
    let name = if name.is_empty() { config.organisation.zone.as_str() } else { name };
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}
