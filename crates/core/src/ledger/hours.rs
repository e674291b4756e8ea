//! Duty, from the schedules that were or will be in force.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::day::{Part, Slice, slices, zone_of};
use super::{COUNTS_FROM_S, Chapter, Load};
use crate::config::Config;
use crate::id::PersonId;
use crate::oncall::{Schedule, Slot, shifts};

/// The duty of everybody over chapters. Somebody on two schedules at once is on duty once.
pub(super) fn duty(chapters: &[Chapter]) -> BTreeMap<PersonId, Load> {
    let mut found: BTreeMap<PersonId, Counting> = BTreeMap::new();
    for chapter in chapters {
        for person in take_turns(&chapter.config) {
            found.entry(person).or_default();
        }
        for (person, spans) in on_duty(chapter) {
            let counting = found.entry(person.clone()).or_default();
            let zone = zone_of(&chapter.config, &person);
            for (from_us, to_us) in united(spans) {
                for slice in slices(&zone, from_us, to_us) {
                    counting.add(&slice, is_holiday(&chapter.config, &person, slice.date));
                }
            }
        }
    }
    found.into_iter().map(|(person, counting)| (person, counting.load())).collect()
}

/// Everybody whom a layer of a schedule names.
fn take_turns(config: &Config) -> BTreeSet<PersonId> {
    let layers = config.schedules.values().flat_map(Schedule::all_layers).filter(|layer| !layer.shadow);
    let people = layers.flat_map(|layer| layer.rotation.participants.iter().flat_map(Slot::people));
    people.filter(|person| config.organisation.people.contains_key(*person)).cloned().collect()
}

fn on_duty(chapter: &Chapter) -> BTreeMap<PersonId, Vec<(i64, i64)>> {
    let instant = |at_us: i64| Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH);
    let (from, to) = (instant(chapter.from_us), instant(chapter.to_us));
    let mut spans: BTreeMap<PersonId, Vec<(i64, i64)>> = BTreeMap::new();
    for schedule in chapter.config.schedules.values() {
        for shift in shifts(schedule, chapter.config.overrides_of(&schedule.id), from, to) {
            for person in shift.people {
                let span = (shift.start.as_microsecond(), shift.end.as_microsecond());
                spans.entry(person).or_default().push(span);
            }
        }
    }
    spans
}

/// The same time without overlap, in order.
fn united(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut united: Vec<(i64, i64)> = Vec::new();
    for (from_us, to_us) in spans {
        match united.last_mut() {
            Some(last) if from_us <= last.1 => last.1 = last.1.max(to_us),
            _ => united.push((from_us, to_us)),
        }
    }
    united
}

fn is_holiday(config: &Config, person: &PersonId, date: Date) -> bool {
    let calendar = config.organisation.people.get(person).and_then(|person| person.holidays.as_ref());
    let calendar = calendar.and_then(|id| config.holidays.get(id));
    calendar.is_some_and(|calendar| calendar.days.iter().any(|holiday| holiday.date == date))
}

/// Hours so far, and how much of each night and weekend was duty.
#[derive(Default)]
struct Counting {
    load: Load,
    nights: BTreeMap<Date, i64>,
    weekends: BTreeMap<Date, i64>,
}

impl Counting {
    fn add(&mut self, slice: &Slice, holiday: bool) {
        let seconds = slice.seconds();
        let load = &mut self.load;
        let kind = match (holiday, slice.is_weekend(), slice.part) {
            (true, _, _) => &mut load.holiday_s,
            (false, true, _) => &mut load.weekend_s,
            (false, false, Part::Sleep) => &mut load.weekday_night_s,
            (false, false, Part::Day | Part::Late) => &mut load.weekday_day_s,
        };
        *kind += seconds;
        if slice.part == Part::Sleep {
            *self.nights.entry(slice.night_of).or_default() += seconds;
        }
        if slice.is_weekend() {
            *self.weekends.entry(slice.weekend_of()).or_default() += seconds;
        }
    }

    fn load(self) -> Load {
        let counted = |of: &BTreeMap<Date, i64>| {
            u32::try_from(of.values().filter(|seconds| **seconds >= COUNTS_FROM_S).count())
                .unwrap_or(u32::MAX)
        };
        Load { nights: counted(&self.nights), weekends: counted(&self.weekends), ..self.load }
    }
}
