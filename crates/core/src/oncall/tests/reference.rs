//! A second implementation, slow and plain, written from docs/oncall.md with the calendar of jiff: lists of
//! handoffs and windows, and a look at every minute. Random rosters must give the same answers.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span, Timestamp, ToSpan};
use proptest::prelude::*;

use super::strategies::{calm_schedule_near, instant, overrides};
use crate::id::PersonId;
use crate::oncall::{
    Advance, Change, HolidayRule, Layer, MonthEnd, Override, Rollout, Rotation, Schedule, Unit, cut_overs,
    on_call, shifts,
};

const DAYS_BEFORE: i64 = 75;
const DAYS_AFTER: i64 = 140;

/// The first instant at which clocks show a wall time or more; with `last`, the last such occurrence.
fn instant_of(zone: &TimeZone, local: DateTime, last: bool) -> Timestamp {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).unwrap(),
        AmbiguousOffset::Fold { before, after } => {
            if last { after } else { before }.to_timestamp(local).unwrap()
        }
        AmbiguousOffset::Gap { before, .. } => {
            // The change lies within the day before the time that the old offset gives.
            let late = before.to_timestamp(local).unwrap();
            let early = late - SignedDuration::from_hours(25);
            zone.following(early).next().unwrap().timestamp()
        }
    }
}

/// A layer as lists around an instant.
struct Plain<'a> {
    layer: &'a Layer,
    /// Instants of handoffs, each once, and the place of the first slot's first turn among them.
    handoffs: Vec<(Timestamp, i64)>,
    windows: Vec<(Timestamp, Timestamp)>,
    free: Vec<(Timestamp, Timestamp)>,
    from: Timestamp,
    until: Timestamp,
    /// Turns of a round and how far the order moves from one to the next.
    round: i64,
    stride: i64,
}

impl<'a> Plain<'a> {
    fn new(schedule: &Schedule, layer: &'a Layer, near: Timestamp) -> Self {
        let zone = TimeZoneDatabase::bundled().get(layer.zone.as_ref().unwrap_or(&schedule.zone)).unwrap();
        let local = zone.to_datetime(near);
        let days = || (-DAYS_BEFORE..DAYS_AFTER).map(|day| local.date() + day.days());
        let mut windows = Vec::new();
        for window in &layer.active {
            for date in days().filter(|date| begins(&window.days, *date)) {
                let minutes = |date: Date, minutes: u16| date.at(0, 0, 0, 0) + i64::from(minutes).minutes();
                let mut last_day = date;
                if let Some(end_day) = window.end_day {
                    while last_day.weekday().to_monday_zero_offset() != i8::try_from(end_day.index()).unwrap()
                    {
                        last_day += 1.days();
                    }
                    if last_day == date && window.end <= window.start {
                        last_day = date + 7.days();
                    }
                } else if window.end <= window.start {
                    last_day = date + 1.days();
                }
                let start = instant_of(&zone, minutes(date, window.start.minutes()), false);
                windows.push((start, instant_of(&zone, minutes(last_day, window.end.minutes()), true)));
            }
        }
        windows.sort_unstable();
        let midnight = |date: Date| instant_of(&zone, date.at(0, 0, 0, 0), false);
        let calendar = layer.calendar.as_ref().map(|id| &schedule.calendars[id]);
        let free = calendar.iter().flat_map(|calendar| &calendar.days);
        let free = free.map(|day| (midnight(day.date), midnight(day.date + 1.days()))).collect();
        let edge = |local: DateTime| instant_of(&zone, local, false);
        let (round, stride) = round(layer);
        Self {
            layer,
            handoffs: handoffs(&zone, layer, near),
            windows,
            free,
            from: layer.from.map_or(Timestamp::MIN, edge),
            until: layer.until.map_or(Timestamp::MAX, edge),
            round,
            stride,
        }
    }

    /// The number of the turn at an instant.
    fn turn(&self, at: Timestamp) -> i64 {
        let begun = self.handoffs.partition_point(|(start, _)| *start <= at);
        self.handoffs[begun - 1].1
    }

    fn people(&self, at: Timestamp) -> Option<&'a [PersonId]> {
        let within =
            |spans: &[(Timestamp, Timestamp)]| spans.iter().any(|(start, end)| *start <= at && at < *end);
        // No window lasts longer than eight days.
        let begun = self.windows.partition_point(|(start, _)| *start <= at);
        let over = self.windows.partition_point(|(start, _)| *start <= at - SignedDuration::from_hours(192));
        let open = self.layer.active.is_empty() || within(&self.windows[over..begun]);
        let counts = match self.layer.holidays {
            None => true,
            Some(HolidayRule::Only) => within(&self.free),
            Some(HolidayRule::Skip) => !within(&self.free),
        };
        (open && counts && self.counts(at)).then(|| {
            let number = self.turn(at);
            let slots = &self.layer.rotation.participants;
            let count = i64::try_from(slots.len()).unwrap();
            let place = number.rem_euclid(self.round) + number.div_euclid(self.round) * self.stride;
            slots[usize::try_from(place.rem_euclid(count)).unwrap()].people()
        })
    }

    fn counts(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

fn begins(days: &[crate::oncall::Day], date: Date) -> bool {
    let index = date.weekday().to_monday_zero_offset();
    days.is_empty() || days.iter().any(|day| i8::try_from(day.index()).unwrap() == index)
}

fn by_active_day(rotation: &Rotation) -> bool {
    rotation.unit == Unit::Daily && rotation.advance != Advance::Calendar && rotation.turns.is_empty()
}

/// The wall time of a handoff, none where the month has no such day.
fn wall(layer: &Layer, number: i64) -> Option<DateTime> {
    let rotation = &layer.rotation;
    let start = rotation.start.unwrap();
    let times = number * i64::from(rotation.every);
    if !rotation.turns.is_empty() {
        let count = i64::try_from(rotation.turns.len()).unwrap();
        let length =
            |place: i64| rotation.turns[usize::try_from(place.rem_euclid(count)).unwrap()].as_secs_i64();
        let (cycles, place) = (number.div_euclid(count), number.rem_euclid(count));
        let seconds = cycles * (0..count).map(length).sum::<i64>() + (0..place).map(length).sum::<i64>();
        return Some(start + Span::new().seconds(seconds));
    }
    if by_active_day(rotation) {
        let is_active = |date: Date| {
            layer.active.is_empty() || layer.active.iter().any(|window| begins(&window.days, date))
        };
        let mut date = start.date();
        while !is_active(date) {
            date += 1.days();
        }
        for _ in 0..times.abs() {
            date += times.signum().days();
            while !is_active(date) {
                date += times.signum().days();
            }
        }
        return Some(date.to_datetime(start.time()));
    }
    let month = |clamped: DateTime| match rotation.month_end {
        MonthEnd::Clamp => Some(clamped),
        MonthEnd::Skip => (clamped.day() == start.day()).then_some(clamped),
        MonthEnd::Overflow => {
            let first = clamped.date().first_of_month() + i64::from(start.day() - 1).days();
            Some(first.to_datetime(start.time()))
        }
    };
    match rotation.unit {
        Unit::Hourly => Some(start + Span::new().hours(times)),
        Unit::Daily => Some(start + Span::new().days(times)),
        Unit::Weekly => Some(start + Span::new().weeks(times)),
        Unit::Monthly => month(start + Span::new().months(times)),
        Unit::Custom => Some(start + Span::new().seconds(times * rotation.turn.unwrap().as_secs_i64())),
    }
}

/// The handoffs around an instant, each with its number: those of one instant are one and have one number.
fn handoffs(zone: &TimeZone, layer: &Layer, near: Timestamp) -> Vec<(Timestamp, i64)> {
    let from = near - SignedDuration::from_hours(24 * DAYS_BEFORE);
    let to = near + SignedDuration::from_hours(24 * DAYS_AFTER);
    let at = |number| wall(layer, number).map(|local| instant_of(zone, local, false));
    let mut found = vec![(at(0).unwrap(), 0)];
    for number in 1.. {
        let Some(instant) = at(number) else { continue };
        let (last, counted) = found[found.len() - 1];
        if last > to {
            break;
        }
        if instant != last {
            found.push((instant, counted + 1));
        }
    }
    for number in (-100_000..0).rev() {
        let Some(instant) = at(number) else { continue };
        let (first, counted) = found[0];
        if first < from {
            break;
        }
        if instant != first {
            found.insert(0, (instant, counted - 1));
        }
    }
    found
}

/// The turns of a round, counted one by one, and how far the order moves.
fn round(layer: &Layer) -> (i64, i64) {
    let rotation = &layer.rotation;
    if rotation.advance != Advance::Fair || rotation.unit == Unit::Monthly && rotation.turns.is_empty() {
        return (1, 1);
    }
    let begin = wall(layer, 0).unwrap();
    let weeks = |number: i64| (wall(layer, number).unwrap().duration_since(begin)).as_secs() % 604_800 == 0;
    let lengths = i64::try_from(rotation.turns.len()).unwrap().max(1);
    let round = (1..100_000).find(|number| number % lengths == 0 && weeks(*number)).unwrap();
    let slots = i64::try_from(rotation.participants.len()).unwrap();
    let coprime = |number: &i64| (2..=slots).all(|divisor| number % divisor != 0 || slots % divisor != 0);
    (round, (round..round + slots).find(coprime).unwrap())
}

/// The layers of one version.
struct Version<'a> {
    from: Timestamp,
    layers: Vec<Plain<'a>>,
}

impl Version<'_> {
    /// Who is on call by the layers, and who learns.
    fn at(&self, at: Timestamp) -> (Vec<PersonId>, Vec<PersonId>) {
        let counted = self.layers.iter().filter(|plain| !plain.layer.shadow);
        let manned: Vec<_> = counted
            .filter_map(|plain| Some((plain.layer.priority, plain.people(at)?)))
            .filter(|(_, people)| !people.is_empty())
            .collect();
        let highest = manned.iter().map(|(priority, _)| *priority).max();
        let people = manned.iter().filter(|(priority, _)| Some(*priority) == highest);
        let shadows =
            self.layers.iter().filter(|plain| plain.layer.shadow).filter_map(|plain| plain.people(at));
        (each_once(people.flat_map(|(_, people)| people.iter())), each_once(shadows.flatten()))
    }
}

fn each_once<'p>(people: impl Iterator<Item = &'p PersonId>) -> Vec<PersonId> {
    let mut seen = BTreeSet::new();
    people.filter(|person| seen.insert((*person).clone())).cloned().collect()
}

fn in_force<'v, 'a>(versions: &'v [Version<'a>], at: Timestamp) -> &'v Version<'a> {
    versions.iter().rev().find(|version| version.from <= at).unwrap()
}

fn plain<'a>(schedule: &Schedule, layers: &'a [Layer], near: Timestamp) -> Vec<Plain<'a>> {
    layers.iter().map(|layer| Plain::new(schedule, layer, near)).collect()
}

/// The versions of a schedule with the instants of their cut-overs.
fn versions(schedule: &Schedule, near: Timestamp) -> Vec<Version<'_>> {
    let zone = TimeZoneDatabase::bundled().get(&schedule.zone).unwrap();
    let mut found = vec![Version { from: Timestamp::MIN, layers: plain(schedule, &schedule.layers, near) }];
    for version in &schedule.versions {
        let wanted = instant_of(&zone, version.effective_from, false);
        let from = match version.rollout {
            Rollout::AtOnce => wanted,
            Rollout::AfterThisShift => shift_end(&found, wanted),
            Rollout::AfterFullTurn => full_turn(in_force(&found, wanted), wanted),
        };
        found.push(Version { from, layers: plain(schedule, &version.layers, near) });
    }
    found
}

fn shift_end(versions: &[Version<'_>], wanted: Timestamp) -> Timestamp {
    let running = in_force(versions, wanted).at(wanted).0;
    let minutes = (1..=92 * 24 * 60).map(|minute| wanted + SignedDuration::from_mins(minute));
    let mut other = minutes.filter(|at| in_force(versions, *at).at(*at).0 != running);
    if running.is_empty() { wanted } else { other.next().unwrap_or(wanted) }
}

fn full_turn(version: &Version<'_>, wanted: Timestamp) -> Timestamp {
    let mut turning: Vec<&Plain<'_>> = version
        .layers
        .iter()
        .filter(|plain| {
            !plain.layer.shadow && plain.counts(wanted) && plain.layer.rotation.participants.len() > 1
        })
        .collect();
    turning.sort_by_key(|plain| std::cmp::Reverse(plain.layer.priority));
    let on_duty = turning.iter().find(|plain| plain.people(wanted).is_some());
    let Some(plain) = on_duty.or_else(|| turning.first()) else { return wanted };
    let slots = i64::try_from(plain.layer.rotation.participants.len()).unwrap();
    let begins =
        plain.handoffs.iter().find(|(at, number)| *at >= wanted && number % (slots * plain.round) == 0);
    // Beyond the lists it is beyond what is compared.
    begins.map_or(Timestamp::MAX, |(at, _)| *at)
}

/// The people of the layers after the overrides.
fn changed(mut people: Vec<PersonId>, overrides: &[Override], at: Timestamp) -> Vec<PersonId> {
    let priorities: BTreeSet<i32> = overrides.iter().map(|change| change.priority).collect();
    for priority in priorities {
        let holds = |change: &&Override| change.priority == priority && change.start <= at && at < change.end;
        let now: Vec<&Override> = overrides.iter().filter(holds).collect();
        let fixed = now.iter().filter_map(|change| match &change.change {
            Change::Fixed { people } => Some(people),
            _ => None,
        });
        let fixed: Vec<&Vec<PersonId>> = fixed.collect();
        if !fixed.is_empty() {
            people = each_once(fixed.into_iter().flatten());
        }
        for change in now {
            match &change.change {
                Change::Fixed { .. } => {}
                Change::Add { person } => people.push(person.clone()),
                Change::Remove { person } => people.retain(|other| other != person),
                Change::Replace { person, by } => {
                    people.iter_mut().filter(|other| *other == person).for_each(|other| *other = by.clone());
                }
            }
            people = each_once(people.clone().iter());
        }
    }
    people
}

fn asked() -> impl Strategy<Value = (Schedule, Vec<Override>, Timestamp)> {
    instant().prop_flat_map(|near| (calm_schedule_near(near), overrides(near), Just(near)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn random_rosters_agree_with_looking_at_every_minute((schedule, overrides, from) in asked()) {
        let versions = versions(&schedule, from);
        let horizon = from + SignedDuration::from_hours(24 * 30);
        for (over, version) in cut_overs(&schedule).iter().zip(&versions[1..]) {
            prop_assert!(over.at == version.from || over.at.min(version.from) > horizon, "{over:?} {}", version.from);
        }
        let minutes = 3 * 24 * 60;
        let timeline = shifts(&schedule, &overrides, from, from + SignedDuration::from_mins(minutes));
        let mut shift = timeline.iter();
        let mut now = shift.next().unwrap();
        for minute in 0..minutes {
            let at = from + SignedDuration::from_mins(minute);
            if at >= now.end {
                now = shift.next().unwrap();
            }
            let (people, shadows) = in_force(&versions, at).at(at);
            let people = changed(people, &overrides, at);
            prop_assert_eq!(sorted(&now.people), sorted(&people), "at {}", at);
            if minute % 61 == 0 {
                let answer = on_call(&schedule, &overrides, at);
                prop_assert_eq!(sorted(&answer.people), sorted(&people), "at {}", at);
                let learn: Vec<_> = shadows.into_iter().filter(|person| !people.contains(person)).collect();
                prop_assert_eq!(sorted(&answer.shadows), sorted(&learn), "at {}", at);
            }
        }
    }
}

fn sorted(people: &[PersonId]) -> BTreeSet<&PersonId> {
    people.iter().collect()
}
