//! Dates and times as properties give them (RFC 5545, sections 3.3.4, 3.3.5 and 3.3.6).

use jiff::civil::{Date, DateTime, Time};

use super::error::IcalError;
use super::line::Line;

/// A value of DTSTART and its like, before its zone is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    pub wall: DateTime,
    /// A whole day: the value was a DATE.
    pub all_day: bool,
    pub zone: ZoneRef,
}

/// Which zone a wall time is read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ZoneRef {
    Utc,
    /// The value of TZID.
    Named(String),
    /// None is given: the schedule's.
    Floating,
}

/// The only value of a property.
pub(super) fn when(line: &Line) -> Result<When, IcalError> {
    one(line, line.value.trim())
}

/// The values of a property that takes several, separated by commas (EXDATE, RDATE).
pub(super) fn many(line: &Line) -> Result<Vec<When>, IcalError> {
    line.value.split(',').map(|value| one(line, value.trim())).collect()
}

fn one(line: &Line, value: &str) -> Result<When, IcalError> {
    if line.param("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("PERIOD")) || value.contains('/') {
        return Err(line.error("a PERIOD is not taken; give dates with times"));
    }
    let bad =
        || line.error(format!("{value:?} is no date (20260131) and no date with a time (20260131T080000Z)"));
    let (plain, utc) = value.strip_suffix('Z').map_or((value, false), |plain| (plain, true));
    let zone = match line.param("TZID") {
        _ if utc => ZoneRef::Utc,
        Some(id) if !id.trim().is_empty() => ZoneRef::Named(id.trim().to_owned()),
        _ => ZoneRef::Floating,
    };
    match plain.split_once('T') {
        None if !utc => {
            let wall = date(plain).ok_or_else(bad)?.to_datetime(Time::midnight());
            Ok(When { wall, all_day: true, zone })
        }
        Some((day, clock)) => {
            let wall =
                date(day).zip(time(clock)).map(|(day, clock)| day.to_datetime(clock)).ok_or_else(bad)?;
            Ok(When { wall, all_day: false, zone })
        }
        None => Err(bad()),
    }
}

/// `20260131`.
pub(super) fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok()
}

/// `080000`; a leap second is the second before it.
fn time(text: &str) -> Option<Time> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let second: i8 = text[4..].parse().ok()?;
    Time::new(text[..2].parse().ok()?, text[2..4].parse().ok()?, second.min(59), 0).ok()
}

/// A length of time as a property gives it, in whole days and in seconds beside them (RFC 5545, 3.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    /// On the wall clock: a day may have 23 or 25 hours.
    pub days: i32,
    pub seconds: i32,
}

/// `PT12H`, `P7D`, `P1W`. None for what is no duration, or a negative one.
pub(super) fn duration(text: &str) -> Option<Length> {
    let mut rest = text.trim().strip_prefix('+').unwrap_or(text.trim()).strip_prefix('P')?;
    let mut length = Length { days: 0, seconds: 0 };
    let mut clock = false;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            clock = true;
            rest = after;
            continue;
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i32 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let (days, seconds) = match (unit, clock) {
            ('W', false) => (number.checked_mul(7)?, 0),
            ('D', false) => (number, 0),
            ('H', true) => (0, number.checked_mul(3_600)?),
            ('M', true) => (0, number.checked_mul(60)?),
            ('S', true) => (0, number),
            _ => return None,
        };
        length.days = length.days.checked_add(days)?;
        length.seconds = length.seconds.checked_add(seconds)?;
        rest = &rest[digits + 1..];
    }
    Some(length)
}
