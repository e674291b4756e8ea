//! Wall times of a calendar as instants.
//!
//! A TZID that names an IANA zone is read with the bundled database, which knows more than the file does.
//! Any other TZID is read with the calendar's VTIMEZONE. A wall time that a clock change skips or repeats is
//! read as RFC 5545 says (section 3.3.5): with the offset from before the change.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::calendar::Component;
use super::error::IcalError;
use super::instant::{When, ZoneRef, many, when};
use super::line::Line;
use super::recurrence::Rule;

/// The zones of one calendar.
#[derive(Debug)]
pub(super) struct Zones {
    /// Of the schedule: where a time without a zone is read.
    home: TimeZone,
    named: BTreeMap<String, Zone>,
}

#[derive(Debug)]
enum Zone {
    Known(TimeZone),
    Defined(Vec<Observance>),
}

/// A part of a VTIMEZONE: from which moments on which offset holds.
#[derive(Debug)]
struct Observance {
    /// On a clock that shows `before`.
    start: DateTime,
    before: Offset,
    offset: Offset,
    rule: Option<Rule>,
    more: Vec<DateTime>,
}

/// The zone of that IANA name.
pub(super) fn known(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

impl Zones {
    pub(super) fn new(home: &str, parts: &[Component]) -> Result<Self, IcalError> {
        let mut named = BTreeMap::new();
        for part in parts {
            let line = part.first("TZID").ok_or_else(|| part.error("it has no TZID"))?;
            let id = line.value.trim();
            let location = part.first("X-LIC-LOCATION").and_then(|line| known(line.value.trim()));
            let zone = match iana(id).or(location) {
                Some(zone) => Zone::Known(zone),
                None => Zone::Defined(observances(part)?),
            };
            named.insert(id.to_owned(), zone);
        }
        Ok(Self { home: known(home).unwrap_or(TimeZone::UTC), named })
    }

    /// The instant of a value.
    pub(super) fn instant(&self, value: &When, line: &Line) -> Result<Timestamp, IcalError> {
        self.at(value.wall, value, line)
    }

    /// The instant of another wall time in the zone of `value`.
    pub(super) fn at(&self, wall: DateTime, value: &When, line: &Line) -> Result<Timestamp, IcalError> {
        let out_of_range = || line.error("this lies outside of the years that a calendar has");
        let zone = match &value.zone {
            ZoneRef::Utc => TimeZone::UTC,
            ZoneRef::Floating => self.home.clone(),
            ZoneRef::Named(id) => match self.named.get(id) {
                Some(Zone::Known(zone)) => zone.clone(),
                Some(Zone::Defined(parts)) => {
                    return offset_at(parts, wall).to_timestamp(wall).map_err(|_| out_of_range());
                }
                None => iana(id).ok_or_else(|| {
                    line.error(format!(
                        "{id:?} is no IANA time zone, and the calendar has no VTIMEZONE for it"
                    ))
                })?,
            },
        };
        zone.to_timestamp(wall).map_err(|_| out_of_range())
    }
}

/// An IANA name, perhaps behind a prefix: `/mozilla.org/20050126_1/Europe/Stockholm`.
fn iana(id: &str) -> Option<TimeZone> {
    let mut name = id.trim();
    loop {
        if let Some(zone) = known(name).filter(|_| !name.is_empty()) {
            return Some(zone);
        }
        (_, name) = name.split_once('/')?;
    }
}

fn observances(zone: &Component) -> Result<Vec<Observance>, IcalError> {
    let parts = zone.parts.iter().filter(|part| matches!(part.name.as_str(), "STANDARD" | "DAYLIGHT"));
    let parts: Vec<Observance> = parts.map(observance).collect::<Result<_, _>>()?;
    if parts.is_empty() {
        return Err(zone.error("it has neither STANDARD nor DAYLIGHT, and its TZID is no IANA time zone"));
    }
    Ok(parts)
}

fn observance(part: &Component) -> Result<Observance, IcalError> {
    let needed = |name: &str| part.first(name).ok_or_else(|| part.error(format!("it has no {name}")));
    let start = when(needed("DTSTART")?)?;
    let mut more = Vec::new();
    for line in part.all("RDATE") {
        more.extend(many(line)?.into_iter().map(|value| value.wall));
    }
    Ok(Observance {
        start: start.wall,
        before: offset(needed("TZOFFSETFROM")?)?,
        offset: offset(needed("TZOFFSETTO")?)?,
        rule: part.first("RRULE").map(Rule::parse).transpose()?,
        more,
    })
}

/// `+0200`, `-033000`.
fn offset(line: &Line) -> Result<Offset, IcalError> {
    let bad = || line.error("an offset is written +0200 or -0330");
    let text = line.value.trim();
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => return Err(bad()),
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).map_or(Ok(0), str::parse::<i32>);
    let seconds = [(0..2, 3_600), (2..4, 60), (4..6, 1)]
        .into_iter()
        .try_fold(0, |sum, (range, unit)| part(range).map(|number| sum + number * unit));
    Offset::from_seconds(sign * seconds.map_err(|_| bad())?).map_err(|_| bad())
}

/// The offset that holds at a wall time: that of the observance which began last.
fn offset_at(parts: &[Observance], wall: DateTime) -> Offset {
    let begun = parts.iter().filter_map(|part| part.last_onset(wall).map(|onset| (onset, part)));
    match begun.max_by_key(|(onset, _)| *onset) {
        Some((onset, part)) => {
            let skipped_s = i64::from(part.offset.seconds()) - i64::from(part.before.seconds());
            let since_s = onset.duration_until(wall).as_secs();
            if since_s < skipped_s { part.before } else { part.offset }
        }
        // Before everything that the zone tells: what its first change came from.
        None => parts.iter().min_by_key(|part| part.start).map_or(Offset::UTC, |part| part.before),
    }
}

impl Observance {
    /// The last moment not after `wall` at which it began.
    fn last_onset(&self, wall: DateTime) -> Option<DateTime> {
        let repeated = self.rule.as_ref().map(|rule| self.repeated(rule, wall)).unwrap_or_default();
        let onsets = repeated.into_iter().chain([self.start]).chain(self.more.iter().copied());
        onsets.filter(|onset| *onset <= wall).max()
    }

    fn repeated(&self, rule: &Rule, wall: DateTime) -> Vec<DateTime> {
        let last = rule.until.as_ref().map_or(wall, |until| until.wall.min(wall));
        // Two years hold an onset of every rule that repeats yearly.
        let from = last.date().checked_sub(jiff::Span::new().years(2)).unwrap_or(Date::MIN);
        let mut onsets = rule.expand(self.start, from, wall.date());
        if let Some(until) = &rule.until {
            // In a VTIMEZONE, UNTIL is an instant.
            let end = Offset::UTC.to_timestamp(until.wall);
            onsets.retain(
                |onset| matches!((self.before.to_timestamp(*onset), &end), (Ok(at), Ok(end)) if at <= *end),
            );
        }
        onsets
    }
}
