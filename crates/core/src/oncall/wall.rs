//! Wall-clock times and instants: the only place where a zone's clock changes are dealt with.
//!
//! Inside this module tree an instant is a number of seconds since 1970 UTC, and a wall time is the
//! number of seconds that a clock without zone would have counted since 1970-01-01T00:00. Both are plain
//! integers, so that counting turns is arithmetic; this file is where one becomes the other.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use thiserror::Error;

/// Seconds of a day without clock change.
pub(super) const DAY_S: i64 = 86_400;
/// The longest stretch of wall time that a clock change skips: a day, at the date line.
pub(super) const LONGEST_GAP_S: i64 = DAY_S;
/// First instant for which schedules answer: 1970-01-01T00:00Z.
pub(super) const FIRST_S: i64 = 0;
/// First instant for which they no longer answer: 2200-01-01T00:00Z.
pub(super) const END_S: i64 = 7_258_118_400;

/// A zone that the bundled IANA database does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an IANA time zone; write for example Europe/Stockholm or UTC")]
pub struct UnknownZone(String);

/// A zone of the bundled IANA database.
#[derive(Debug, Clone)]
pub(super) struct Zone(TimeZone);

/// The first instant of a wall time: the moment after the gap when clocks skip it, the first occurrence
/// when they repeat it.
pub fn first_instant(zone: &str, local: DateTime) -> Result<Timestamp, UnknownZone> {
    Zone::named(zone).map(|zone| timestamp(zone.first(wall_of(local))))
}

/// The last instant of a wall time: as [`first_instant`], but the last occurrence when clocks repeat it.
pub fn last_instant(zone: &str, local: DateTime) -> Result<Timestamp, UnknownZone> {
    Zone::named(zone).map(|zone| timestamp(zone.last(wall_of(local))))
}

impl Zone {
    /// The zone of a name. Only the compiled-in database counts, so that every node and every replay sees
    /// the same clocks whatever the machine has installed.
    pub(super) fn named(name: &str) -> Result<Self, UnknownZone> {
        TimeZoneDatabase::bundled().get(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// What the clocks of the zone show at an instant.
    pub(super) fn wall_at(&self, instant: i64) -> i64 {
        instant + self.offset_at(instant)
    }

    fn offset_at(&self, instant: i64) -> i64 {
        i64::from(self.0.to_offset(timestamp(instant)).seconds())
    }

    /// The instant of a handoff or start at this wall time.
    pub(super) fn first(&self, wall: i64) -> i64 {
        self.resolve(wall, |before, _after| before)
    }

    /// The instant of a window's end at this wall time.
    pub(super) fn last(&self, wall: i64) -> i64 {
        self.resolve(wall, |_before, after| after)
    }

    fn resolve(&self, wall: i64, in_fold: impl Fn(i64, i64) -> i64) -> i64 {
        let local = Offset::UTC.to_datetime(timestamp(wall));
        let seconds = |offset: Offset| i64::from(offset.seconds());
        match self.0.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => wall - seconds(offset),
            AmbiguousOffset::Fold { before, after } => wall - in_fold(seconds(before), seconds(after)),
            AmbiguousOffset::Gap { before, after } => {
                self.end_of_gap(wall - seconds(after), wall - seconds(before), after)
            }
        }
    }

    /// The clock change in `(early, late]` that brings the zone to offset `to`.
    fn end_of_gap(&self, early: i64, late: i64, to: Offset) -> i64 {
        self.0
            .following(timestamp(early))
            .map(|change| (change.timestamp().as_second(), change.offset()))
            .take_while(|(instant, _)| *instant <= late)
            .find(|(_, offset)| *offset == to)
            .map_or(late, |(instant, _)| instant)
    }

    /// The wall times that clocks skip within `[from, to]`: for each clock change forward the wall time
    /// before and the one after it.
    pub(super) fn gaps(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let mut offset_before = self.offset_at(from - 1);
        self.0
            .following(timestamp(from - 1))
            .map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())))
            .take_while(move |(instant, _)| *instant <= to)
            .filter_map(move |(instant, offset)| {
                let before = std::mem::replace(&mut offset_before, offset);
                (offset > before).then_some((instant + before, instant + offset))
            })
    }
}

/// The wall time that a text in a schedule means.
pub(super) fn wall_of(local: DateTime) -> i64 {
    let day = day_number(i64::from(local.year()), i64::from(local.month()), i64::from(local.day()));
    let time = local.time();
    day * DAY_S + i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// An instant as jiff has it; what lies beyond its range is taken as its ends.
pub(super) fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, by counting years from March on, so that the
/// leap day comes last.
pub(super) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month <= 2 { year - 1 } else { year };
    let months_since_march = (month + 9) % 12;
    let day_of_year = (153 * months_since_march + 2) / 5 + day - 1;
    let leap_days = march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    march_year * 365 + leap_days + day_of_year - 719_468
}

/// 0 for Monday to 6 for Sunday.
pub(super) fn weekday(day_number: i64) -> i64 {
    (day_number + 3).rem_euclid(7)
}
