//! What stands in a feed: the shifts of one person over every schedule, or those of one schedule.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::feed::{Calendar, Event};
use crate::config::Config;
use crate::id::{PersonId, ScheduleId};
use crate::incident::view::name;
use crate::oncall::{Change, Override, Schedule, Shift, layer_shifts, shifts};

/// Days before today that a feed shows.
pub const BACK_DAYS: i64 = 30;
/// Days from today on that a feed shows.
pub const AHEAD_DAYS: i64 = 180;
/// A longer stretch is cut at the beginnings of months (UTC), so that its parts do not move with the window.
const LONGEST_EVENT: SignedDuration = SignedDuration::from_hours(31 * 24);
/// More than the longest event, twice: no event is cut where the computation begins and ends.
const MARGIN: SignedDuration = SignedDuration::from_hours(64 * 24);

/// Whose shifts a feed shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedOf {
    Person(PersonId),
    Schedule(ScheduleId),
}

/// How often a schedule was changed, and when the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Revision {
    /// Goes up with every change of the schedule, of its overrides, or of the pack.
    pub sequence: i64,
    pub modified: Timestamp,
}

/// The calendar of a feed at an instant: shifts that touch the days from [`BACK_DAYS`] before to
/// [`AHEAD_DAYS`] after it, whole. A schedule without a revision counts as never changed.
pub fn feed(
    config: &Config,
    of: &FeedOf,
    revisions: &BTreeMap<ScheduleId, Revision>,
    now: Timestamp,
) -> Calendar {
    let window = Window::around(now);
    let mut events: Vec<Event> = Vec::new();
    for schedule in config.schedules.values().filter(|schedule| concerns(schedule, config, of)) {
        let revision = revisions.get(&schedule.id).copied().unwrap_or_default();
        let stretches = stretches(config, schedule, of, &window);
        events.extend(stretches.iter().map(|stretch| event(config, schedule, of, revision, stretch)));
    }
    events.sort_by(|a, b| (a.start, &a.uid).cmp(&(b.start, &b.uid)));
    Calendar { name: title(config, of), description: DESCRIPTION.to_owned(), events }
}

const DESCRIPTION: &str = "Who is on call, as Decurion decides it. Every time is UTC; your calendar shows it in \
                           your zone. Changes arrive when your calendar looks again.";

fn title(config: &Config, of: &FeedOf) -> String {
    match of {
        FeedOf::Person(person) => format!("On call: {}", name(config, person)),
        FeedOf::Schedule(id) => {
            let schedule = config.schedules.get(id);
            schedule.map_or_else(|| id.to_string(), |schedule| schedule.name.clone())
        }
    }
}

/// Whether anything of a schedule can stand in the feed, without computing its shifts.
fn concerns(schedule: &Schedule, config: &Config, of: &FeedOf) -> bool {
    match of {
        FeedOf::Schedule(id) => *id == schedule.id,
        FeedOf::Person(person) => {
            // Wherever in the schedule the person stands: a rotation, or a roster that begins later.
            let quoted = format!("\"{person}\"");
            let named = serde_json::to_string(schedule).is_ok_and(|text| text.contains(&quoted));
            let overridden =
                || config.overrides_of(&schedule.id).iter().any(|o| o.change.people().contains(&person));
            named || overridden()
        }
    }
}

struct Window {
    from: Timestamp,
    to: Timestamp,
    /// Where the computation begins and ends.
    outer: (Timestamp, Timestamp),
}

impl Window {
    fn around(now: Timestamp) -> Self {
        let shifted = |hours: i64| now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(now);
        let (from, to) = (shifted(-BACK_DAYS * 24), shifted(AHEAD_DAYS * 24));
        let outer_from = month_start(from.saturating_sub(MARGIN).unwrap_or(from));
        let outer_to = next_month(to.saturating_add(MARGIN).unwrap_or(to));
        Self { from, to, outer: (outer_from, outer_to) }
    }

    fn touches(&self, stretch: &Stretch) -> bool {
        stretch.start < self.to && self.from < stretch.end
    }
}

/// The beginning of the month (UTC) in which an instant lies.
fn month_start(at: Timestamp) -> Timestamp {
    at.to_zoned(TimeZone::UTC)
        .first_of_month()
        .and_then(|day| day.start_of_day())
        .map_or(at, |day| day.timestamp())
}

fn next_month(at: Timestamp) -> Timestamp {
    let first = month_start(at).to_zoned(TimeZone::UTC);
    first.checked_add(1.month()).map_or(Timestamp::MAX, |next| next.timestamp())
}

/// A stretch of the timeline that becomes one event.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    start: Timestamp,
    end: Timestamp,
    people: Vec<PersonId>,
    layer: String,
    /// What overrides did, in words; empty where none did anything.
    marks: Vec<String>,
    /// They learn beside those on call, and nobody counts on them.
    shadow: bool,
}

fn stretches(config: &Config, schedule: &Schedule, of: &FeedOf, window: &Window) -> Vec<Stretch> {
    let overrides = config.overrides_of(&schedule.id);
    let mut found: Vec<Stretch> = Vec::new();
    for shift in shifts(schedule, overrides, window.outer.0, window.outer.1) {
        for stretch in of_shift(config, of, overrides, &shift) {
            match found.iter_mut().rev().find(|last| last.end == stretch.start && last.continues(&stretch)) {
                Some(last) => last.end = stretch.end,
                None => found.push(stretch),
            }
        }
    }
    let shadows = shadows(schedule, of, &found, window);
    found
        .into_iter()
        .chain(shadows)
        .flat_map(Stretch::cut)
        .filter(|stretch| window.touches(stretch))
        .collect()
}

/// The turns of shadow layers, without the times at which their person is on call.
fn shadows(schedule: &Schedule, of: &FeedOf, on_call: &[Stretch], window: &Window) -> Vec<Stretch> {
    let layers = layer_shifts(schedule, window.outer.0, window.outer.1);
    let turns = layers.into_iter().filter(|layer| layer.shadow).flat_map(|layer| layer.shifts);
    let mut found = Vec::new();
    for turn in turns {
        for person in &turn.people {
            if matches!(of, FeedOf::Person(wanted) if wanted != person) {
                continue;
            }
            let busy = on_call.iter().filter(|stretch| stretch.people.contains(person));
            let spans = without((turn.start, turn.end), busy.map(|stretch| (stretch.start, stretch.end)));
            found.extend(spans.into_iter().map(|(start, end)| Stretch {
                start,
                end,
                people: vec![person.clone()],
                layer: turn.layer.clone(),
                marks: Vec::new(),
                shadow: true,
            }));
        }
    }
    found
}

/// A span without others, which are in the order of their beginning.
fn without(
    (start, end): (Timestamp, Timestamp),
    taken: impl Iterator<Item = (Timestamp, Timestamp)>,
) -> Vec<(Timestamp, Timestamp)> {
    let mut left = Vec::new();
    let mut at = start;
    for (taken_start, taken_end) in taken.filter(|(from, to)| *from < end && start < *to) {
        if at < taken_start {
            left.push((at, taken_start));
        }
        at = at.max(taken_end);
    }
    if at < end {
        left.push((at, end));
    }
    left
}

fn of_shift(config: &Config, of: &FeedOf, overrides: &[Override], shift: &Shift) -> Vec<Stretch> {
    let people = match of {
        FeedOf::Schedule(_) => shift.people.clone(),
        FeedOf::Person(person) if shift.people.contains(person) => vec![person.clone()],
        FeedOf::Person(_) => Vec::new(),
    };
    if people.is_empty() {
        return Vec::new();
    }
    let holding = overrides.iter().filter(|entry| shift.overrides.contains(&entry.id));
    let marks = holding.filter_map(|entry| mark(config, of, entry)).collect();
    vec![Stretch {
        start: shift.start,
        end: shift.end,
        people,
        layer: shift.layer.clone(),
        marks,
        shadow: false,
    }]
}

/// What an override means for the feed, in words. None: it concerns others.
fn mark(config: &Config, of: &FeedOf, entry: &Override) -> Option<String> {
    let by_whom = |words: String| match entry.reason.trim() {
        "" => words,
        reason => format!("{words} ({reason})"),
    };
    let name = |id: &PersonId| name(config, id);
    let concerns = |id: &PersonId| match of {
        FeedOf::Person(person) => person == id,
        FeedOf::Schedule(_) => true,
    };
    match &entry.change {
        Change::Replace { person, by } if concerns(by) => {
            Some(by_whom(format!("{} for {}", name(by), name(person))))
        }
        Change::Add { person } if concerns(person) => Some(by_whom(format!("{} added", name(person)))),
        Change::Remove { person } if concerns(person) => Some(by_whom(format!("{} taken out", name(person)))),
        Change::Fixed { people } if people.iter().any(concerns) => Some(by_whom("set by hand".to_owned())),
        _ => None,
    }
}

impl Stretch {
    fn continues(&self, next: &Self) -> bool {
        self.people == next.people && self.layer == next.layer && self.marks == next.marks
    }

    fn cut(self) -> Vec<Self> {
        if self.start.duration_until(self.end) <= LONGEST_EVENT {
            return vec![self];
        }
        let mut parts = Vec::new();
        let mut start = self.start;
        while start < self.end {
            let end = next_month(start).min(self.end);
            parts.push(Self { start, end, ..self.clone() });
            start = end;
        }
        parts
    }
}

fn event(config: &Config, schedule: &Schedule, of: &FeedOf, revision: Revision, stretch: &Stretch) -> Event {
    let names: Vec<String> = stretch.people.iter().map(|id| name(config, id)).collect();
    let override_mark = if stretch.marks.is_empty() { "" } else { " [override]" };
    let layer = if stretch.layer.is_empty() { String::new() } else { format!(" ({})", stretch.layer) };
    let summary = match of {
        FeedOf::Person(_) if stretch.shadow => format!("Shadow: {}{layer}", schedule.name),
        FeedOf::Schedule(_) if stretch.shadow => {
            format!("{} (shadow): {}{layer}", names.join(" + "), schedule.name)
        }
        FeedOf::Person(_) => format!("On call: {}{layer}{override_mark}", schedule.name),
        FeedOf::Schedule(_) => format!("{}: {}{layer}{override_mark}", names.join(" + "), schedule.name),
    };
    let role = if stretch.shadow { "Shadow" } else { "On call" };
    let mut lines = vec![format!("Schedule: {}", schedule.name), format!("{role}: {}", names.join(", "))];
    if !stretch.layer.is_empty() {
        lines.push(format!("Layer: {}", stretch.layer));
    }
    lines.extend(stretch.marks.iter().map(|mark| format!("Override: {mark}")));
    let mut categories = vec![role.to_owned()];
    if !stretch.marks.is_empty() {
        categories.push("Override".to_owned());
    }
    Event {
        uid: uid(&schedule.id, of, stretch),
        start: stretch.start,
        end: stretch.end,
        summary,
        description: lines.join("\n"),
        categories,
        modified: revision.modified,
        sequence: revision.sequence,
        busy: false,
    }
}

/// A shift is known by its schedule, by its beginning, and in a person's feed by the person: an end that
/// moves, or another name of the schedule, changes the event and does not make a new one.
fn uid(schedule: &ScheduleId, of: &FeedOf, stretch: &Stretch) -> String {
    let who = match of {
        FeedOf::Person(person) => person.as_str(),
        FeedOf::Schedule(_) => "",
    };
    let mut digest = Sha256::new();
    let begin = stretch.start.as_second().to_string();
    let shadow =
        stretch.shadow.then(|| stretch.people.iter().map(PersonId::as_str).collect::<Vec<_>>().join(" "));
    for part in [schedule.as_str(), who, &begin].into_iter().chain(shadow.as_deref()) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let hex = hex::encode(digest.finalize());
    format!("shift-{}@decurion", &hex[..32])
}
