//! A calendar of another tool as shifts of one schedule: which events there are, when, and whom they name.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::calendar::{End, SourceEvent, read};
use super::error::IcalError;
use super::line::Line;
use super::zone::Zones;
use crate::config::Config;
use crate::id::{OverrideId, PersonId, ScheduleId, derive};
use crate::oncall::{Change, Override, Schedule};
use crate::org::Person;

/// Shifts that one import gives at most.
pub const MAX_SHIFTS: usize = 1_000;

/// What a calendar would enter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// In the order of their beginning.
    pub shifts: Vec<Planned>,
    /// Events of the time in question that give no shift, in the order of the file.
    pub skipped: Vec<Skipped>,
    /// Events that are over, lie too far ahead, or were cancelled.
    pub passed_over: usize,
}

/// A shift that a calendar gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The line at which its event begins.
    pub line: usize,
    pub uid: String,
    pub summary: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub people: Vec<PersonId>,
    pub matched_by: MatchedBy,
}

/// An event that gives no shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub line: usize,
    pub summary: String,
    /// For people: why, and what would help.
    pub why: String,
}

/// What of an event named the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The mail addresses of its attendees.
    Attendee,
    /// A mail address in its summary.
    Email,
    /// A full name in its summary.
    Name,
    /// A person's id in its summary.
    Id,
    /// The mail address of its organizer.
    Organizer,
}

/// Reads a calendar for a schedule: the shifts that touch `[from, to)`.
///
/// Times without a zone and whole days are read in the schedule's zone. What cannot be read for certain is
/// refused, with its line; an event that names nobody who is known is listed as skipped.
pub fn import(
    config: &Config,
    schedule: &Schedule,
    text: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Imported, IcalError> {
    let source = read(text)?;
    let zones = Zones::new(&schedule.zone, &source.zones)?;
    let replaced = replaced(&source.events, &zones)?;
    let mut imported = Imported::default();
    for event in &source.events {
        let mut spans = if event.cancelled { Vec::new() } else { spans(event, &zones, from, to)? };
        if event.instead_of.is_none() {
            spans.retain(|(start, _)| !replaced.contains(&(event.uid.as_str(), *start)));
        }
        if spans.is_empty() {
            imported.passed_over += 1;
            continue;
        }
        match people(config, event) {
            Ok((people, matched_by)) => {
                let planned = |(start, end)| planned(event, start, end, &people, matched_by);
                imported.shifts.extend(spans.into_iter().map(planned));
            }
            Err(why) => {
                let (line, summary) = (event.line, event.summary.clone());
                imported.skipped.push(Skipped { line, summary, why });
            }
        }
        if imported.shifts.len() > MAX_SHIFTS {
            let message = format!("up to here it gives more than {MAX_SHIFTS} shifts; choose a shorter time");
            return Err(IcalError::new(event.line, "VEVENT", message));
        }
    }
    imported.shifts.sort_by_key(|shift| (shift.start, shift.line));
    Ok(imported)
}

impl Imported {
    /// The shifts as overrides of a schedule. The same shift of the same calendar has the same id, so that
    /// what was entered before is known again.
    pub fn overrides(&self, schedule: &ScheduleId, author: &PersonId, reason: &str) -> Vec<Override> {
        let entry = |shift: &Planned| {
            let people: Vec<&str> = shift.people.iter().map(PersonId::as_str).collect();
            let (start, end) = (shift.start.to_string(), shift.end.to_string());
            let parts = [schedule.as_str(), &shift.uid, &start, &end, &people.join(" ")];
            Override {
                id: OverrideId::new(derive("ovr", shift.start.as_microsecond(), &parts)),
                schedule: schedule.clone(),
                start: shift.start,
                end: shift.end,
                change: Change::Fixed { people: shift.people.clone() },
                priority: 0,
                author: author.clone(),
                reason: format!("{reason}: {}", shift.summary).chars().take(1_000).collect(),
            }
        };
        self.shifts.iter().map(entry).collect()
    }
}

fn planned(
    event: &SourceEvent,
    start: Timestamp,
    end: Timestamp,
    people: &[PersonId],
    matched_by: MatchedBy,
) -> Planned {
    Planned {
        line: event.line,
        uid: event.uid.clone(),
        summary: event.summary.clone(),
        start,
        end,
        people: people.to_vec(),
        matched_by,
    }
}

/// The instances that events with a RECURRENCE-ID stand for.
fn replaced<'a>(
    events: &'a [SourceEvent],
    zones: &Zones,
) -> Result<BTreeSet<(&'a str, Timestamp)>, IcalError> {
    let instances =
        events.iter().filter_map(|event| event.instead_of.as_ref().map(|instance| (event, instance)));
    instances.map(|(event, (when, line))| Ok((event.uid.as_str(), zones.instant(when, line)?))).collect()
}

/// When an event is, within `[from, to)`: one span for each of its instances, uncut.
fn spans(
    event: &SourceEvent,
    zones: &Zones,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Timestamp)>, IcalError> {
    let (start, start_line) = &event.start;
    let first = zones.instant(start, start_line)?;
    let length = length(event, zones, first)?;
    let mut begins: BTreeMap<Timestamp, DateTime> = BTreeMap::new();
    match &event.rule {
        None => drop(begins.insert(first, start.wall)),
        Some((rule, line)) => {
            let reach = SignedDuration::from_hours(48).saturating_add(length.longest());
            let earliest = from.saturating_sub(reach).unwrap_or(Timestamp::MIN);
            let latest = to.saturating_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
            let day = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
            let last =
                rule.until.as_ref().map(|until| until_instant(until, event, zones, line)).transpose()?;
            for wall in rule.expand(start.wall, day(earliest), day(latest)) {
                let at = zones.at(wall, start, start_line)?;
                if last.is_none_or(|last| at <= last) {
                    begins.insert(at, wall);
                }
            }
        }
    }
    for (when, line) in &event.more {
        begins.insert(zones.instant(when, line)?, when.wall);
    }
    except(event, zones, &mut begins)?;
    let mut spans = Vec::new();
    for (at, wall) in begins {
        let end = length.end(at, wall, event, zones)?;
        if at < to && from < end {
            spans.push((at, end));
        }
    }
    Ok(spans)
}

/// Takes the dates of EXDATE out; a whole day takes out what begins on that day.
fn except(
    event: &SourceEvent,
    zones: &Zones,
    begins: &mut BTreeMap<Timestamp, DateTime>,
) -> Result<(), IcalError> {
    for (when, line) in &event.except {
        if when.all_day {
            begins.retain(|_, wall| wall.date() != when.wall.date());
        } else {
            begins.remove(&zones.instant(when, line)?);
        }
    }
    Ok(())
}

/// The last instant at which an instance may begin. Without `Z` it is read in the zone of DTSTART; a date
/// counts to its end.
fn until_instant(
    until: &super::instant::When,
    event: &SourceEvent,
    zones: &Zones,
    line: &Line,
) -> Result<Timestamp, IcalError> {
    let is_utc = until.zone == super::instant::ZoneRef::Utc;
    if is_utc {
        return zones.instant(until, line);
    }
    let wall = if until.all_day { until.wall.date().to_datetime(jiff::civil::Time::MAX) } else { until.wall };
    zones.at(wall, &event.start.0, line)
}

/// How long every instance of an event is.
enum Length {
    /// On the wall clock: a shift from 08:00 to 08:00 stays one when the clocks change in between.
    Wall(SignedDuration),
    /// On any clock: its begin and its end stand in different zones.
    Exact(SignedDuration),
}

fn length(event: &SourceEvent, zones: &Zones, first: Timestamp) -> Result<Length, IcalError> {
    let (start, _) = &event.start;
    let (length, line) = match &event.end {
        End::Day => return Ok(Length::Wall(SignedDuration::from_hours(24))),
        End::After(length) => {
            let days = SignedDuration::from_hours(i64::from(length.days) * 24);
            let seconds = SignedDuration::from_secs(i64::from(length.seconds));
            (Length::Wall(days.saturating_add(seconds)), &event.start.1)
        }
        End::At(end) => {
            let (end, line) = &**end;
            if end.all_day != start.all_day {
                return Err(line.error("DTSTART and DTEND are both dates, or both dates with times"));
            }
            let length = if end.zone == start.zone {
                Length::Wall(start.wall.duration_until(end.wall))
            } else {
                Length::Exact(first.duration_until(zones.instant(end, line)?))
            };
            (length, line)
        }
    };
    if length.longest() <= SignedDuration::ZERO {
        return Err(line.error("the event does not end after it begins"));
    }
    Ok(length)
}

impl Length {
    fn longest(&self) -> SignedDuration {
        match self {
            Self::Wall(length) | Self::Exact(length) => *length,
        }
    }

    fn end(
        &self,
        at: Timestamp,
        wall: DateTime,
        event: &SourceEvent,
        zones: &Zones,
    ) -> Result<Timestamp, IcalError> {
        let (start, line) = &event.start;
        let out_of_range = |_| line.error("the event's end lies outside of the years that a calendar has");
        match self {
            Self::Exact(length) => at.checked_add(*length).map_err(out_of_range),
            Self::Wall(length) => {
                let end = Span::try_from(*length)
                    .and_then(|length| wall.checked_add(length))
                    .map_err(out_of_range)?;
                zones.at(end, start, line)
            }
        }
    }
}

/// The people whom an event names, and by what; or why nobody is found.
fn people(config: &Config, event: &SourceEvent) -> Result<(Vec<PersonId>, MatchedBy), String> {
    let everybody: Vec<&Person> = config.organisation.people.values().collect();
    if !event.attendees.is_empty() {
        return by_addresses(&everybody, &event.attendees).map(|people| (people, MatchedBy::Attendee));
    }
    let summary = event.summary.to_lowercase();
    let addresses: Vec<String> =
        words(&summary).filter(|word| word.contains('@')).map(ToOwned::to_owned).collect();
    if !addresses.is_empty() {
        return by_addresses(&everybody, &addresses).map(|people| (people, MatchedBy::Email));
    }
    let named = by_names(&everybody, &summary)?;
    if !named.is_empty() {
        return Ok((named, MatchedBy::Name));
    }
    let ids = by_ids(&everybody, &summary);
    if !ids.is_empty() {
        return Ok((ids, MatchedBy::Id));
    }
    if let Some(organizer) = &event.organizer {
        let found = by_addresses(&everybody, std::slice::from_ref(organizer))?;
        return Ok((found, MatchedBy::Organizer));
    }
    Err("it names nobody of the organisation: no ATTENDEE, and no mail address, full name or id in SUMMARY"
        .to_owned())
}

fn by_addresses(everybody: &[&Person], addresses: &[String]) -> Result<Vec<PersonId>, String> {
    let mut found = Vec::new();
    for address in addresses {
        let has = |person: &&&Person| {
            person.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address))
        };
        let person =
            everybody.iter().find(has).ok_or_else(|| format!("nobody has the mail address {address}"))?;
        if !found.contains(&person.id) {
            found.push(person.id.clone());
        }
    }
    Ok(found)
}

/// People whose full name stands in the text. A name that two people have says nothing.
fn by_names(everybody: &[&Person], summary: &str) -> Result<Vec<PersonId>, String> {
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found: Vec<(usize, &Person)> = Vec::new();
    for &person in everybody {
        let name = person.name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(at) = whole_word(&summary, &name) else { continue };
        if let Some((_, other)) = found.iter().find(|(_, other)| other.name.to_lowercase() == name) {
            return Err(format!("{} is the name of {} and of {}", person.name, other.id, person.id));
        }
        found.push((at, person));
    }
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, person)| person.id.clone()).collect())
}

/// Where a name stands in a text, not as a part of another word.
fn whole_word(text: &str, name: &str) -> Option<usize> {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let stands = |(at, found): &(usize, &str)| {
        apart(text[..*at].chars().next_back()) && apart(text[at + found.len()..].chars().next())
    };
    (!name.is_empty()).then(|| text.match_indices(name).find(stands).map(|(at, _)| at))?
}

/// People whose id is a part of the text: what stands between commas, tags, brackets and dashes.
fn by_ids(everybody: &[&Person], summary: &str) -> Vec<PersonId> {
    let mut found = Vec::new();
    for word in words(summary) {
        let person = everybody.iter().find(|person| person.id.as_str().eq_ignore_ascii_case(word));
        if let Some(person) = person.filter(|person| !found.contains(&person.id)) {
            found.push(person.id.clone());
        }
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let between =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '<' | '>' | '[' | ']' | ':' | '"');
    text.split(between).filter(|word| !word.is_empty())
}
