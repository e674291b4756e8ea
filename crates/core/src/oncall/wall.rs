//! Wall-clock times and instants: the only place where a zone's clock changes are dealt with.
//!
//! Inside this module tree an instant is a number of seconds since 1970 UTC, and a wall time is the
//! number of seconds that a clock without zone would have counted since 1970-01-01T00:00. Both are plain
//! integers, so that counting turns is arithmetic; this file is where one becomes the other.
//!
//! A zone is read once from the bundled IANA database into a table of the spans between its clock changes.
//! Within a span, wall time and instant differ by a constant.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use thiserror::Error;

/// Seconds of a day without clock change.
pub(super) const DAY_S: i64 = 86_400;
/// The longest stretch of wall time that a clock change skips: a day, at the date line.
pub(super) const LONGEST_GAP_S: i64 = DAY_S;
/// First instant for which schedules answer: 1970-01-01T00:00Z.
pub(super) const FIRST_S: i64 = 0;
/// First instant for which they no longer answer: 2200-01-01T00:00Z.
pub(super) const END_S: i64 = 7_258_118_400;
/// Clock changes are known for a century around these years, as long as a turn may last.
const TABLE_FIRST_S: i64 = FIRST_S - 36_525 * DAY_S;
const TABLE_END_S: i64 = END_S + 36_525 * DAY_S;

/// A zone that the bundled IANA database does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an IANA time zone; write for example Europe/Stockholm or UTC")]
pub struct UnknownZone(String);

/// A zone of the bundled IANA database.
#[derive(Debug, Clone)]
pub(super) struct Zone(Arc<Table>);

#[derive(Debug)]
struct Table {
    /// In order; the first begins before all time that counts.
    spans: Vec<Span>,
    skips: Vec<Skip>,
}

/// From `start` until the next span starts, wall time is the instant plus `offset_s`.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: i64,
    offset_s: i64,
}

/// Wall times that a clock change skips: those from `from` on do not exist, `to` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Skip {
    /// The instant of the clock change.
    at: i64,
    pub(super) from: i64,
    pub(super) to: i64,
}

/// A place for the table of every zone of the database, filled when the zone is first asked for. What is
/// remembered depends on nothing but the database that is compiled in.
fn tables() -> &'static BTreeMap<String, OnceLock<Zone>> {
    static TABLES: OnceLock<BTreeMap<String, OnceLock<Zone>>> = OnceLock::new();
    let names = || TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect::<Vec<_>>();
    TABLES.get_or_init(|| names().into_iter().map(|name| (name, OnceLock::new())).collect())
}

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
        if let Some(table) = tables().get(name) {
            return Ok(table.get_or_init(|| Self::read(name)).clone());
        }
        // Names are the same in capitals and small letters; the database knows the usual spelling.
        let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        match zone.iana_name().and_then(|spelled| Some((spelled, tables().get(spelled)?))) {
            Some((spelled, table)) => Ok(table.get_or_init(|| Self::read(spelled)).clone()),
            None => Ok(Self(Arc::new(Table::new(&zone)))),
        }
    }

    fn read(name: &str) -> Self {
        let zone = TimeZoneDatabase::bundled().get(name).unwrap_or(TimeZone::UTC);
        Self(Arc::new(Table::new(&zone)))
    }

    /// What the clocks of the zone show at an instant.
    pub(super) fn wall_at(&self, instant: i64) -> i64 {
        instant + self.0.span(self.0.index_at(instant)).offset_s
    }

    /// The instant of a handoff or start at this wall time: the first at which clocks show it or more.
    pub(super) fn first(&self, wall: i64) -> i64 {
        let mut index = self.0.index_at(wall - LONGEST_GAP_S);
        loop {
            let span = self.0.span(index);
            // The first span that reaches the wall time has it, unless clocks skipped it to get there.
            let instant = wall - span.offset_s;
            if instant < self.0.end(index) {
                return instant.max(span.start);
            }
            index += 1;
        }
    }

    /// The instant of a window's end at this wall time: the last at which clocks show it, or the moment
    /// after the gap when they skip it.
    pub(super) fn last(&self, wall: i64) -> i64 {
        let mut index = self.0.index_at(wall + LONGEST_GAP_S);
        loop {
            let span = self.0.span(index);
            let instant = wall - span.offset_s;
            if instant >= span.start || index == 0 {
                return instant.min(self.0.end(index));
            }
            index -= 1;
        }
    }

    /// The wall times that clocks skip at the changes within `[from, to]`.
    pub(super) fn skips(&self, from: i64, to: i64) -> &[Skip] {
        let skips = &self.0.skips;
        let first = skips.partition_point(|skip| skip.at < from);
        let end = skips.partition_point(|skip| skip.at <= to);
        skips.get(first..end).unwrap_or(&[])
    }
}

impl Table {
    fn new(zone: &TimeZone) -> Self {
        let offset = zone.to_offset(timestamp(TABLE_FIRST_S));
        let mut spans = vec![Span { start: i64::MIN, offset_s: i64::from(offset.seconds()) }];
        let mut skips = Vec::new();
        for change in zone.following(timestamp(TABLE_FIRST_S)) {
            let at = change.timestamp().as_second();
            if at >= TABLE_END_S {
                break;
            }
            let offset_s = i64::from(change.offset().seconds());
            let before_s = spans.last().map_or(offset_s, |span| span.offset_s);
            if offset_s > before_s {
                skips.push(Skip { at, from: at + before_s, to: at + offset_s });
            }
            if offset_s != before_s {
                spans.push(Span { start: at, offset_s });
            }
        }
        Self { spans, skips }
    }

    /// The span that holds an instant.
    fn index_at(&self, instant: i64) -> usize {
        self.spans.partition_point(|span| span.start <= instant).saturating_sub(1)
    }

    fn span(&self, index: usize) -> Span {
        self.spans.get(index).copied().unwrap_or(Span { start: i64::MIN, offset_s: 0 })
    }

    /// Where a span ends; the last one never does.
    fn end(&self, index: usize) -> i64 {
        self.spans.get(index + 1).map_or(i64::MAX, |next| next.start)
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
