//! Who has the same public holiday on duty two years running.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};

use super::calendar::midnight;
use crate::config::Config;
use crate::coverage::finding::Span;
use crate::coverage::limits;
use crate::coverage::reach::union;
use crate::coverage::timelines::Timelines;
use crate::id::PersonId;
use crate::oncall::{Holiday, Holidays, shifts};
use crate::org::Person;

/// A holiday that somebody had on duty the year before and has again.
pub(super) struct Again<'a> {
    pub(super) holiday: &'a Holiday,
    /// The day, on the person's clock.
    pub(super) day: Span,
    /// The same holiday the year before.
    pub(super) before: Date,
}

/// Who was primary on days that are over, each day asked once.
pub(super) struct Past<'a> {
    config: &'a Config,
    duties: BTreeMap<Span, BTreeMap<PersonId, Vec<Span>>>,
}

impl<'a> Past<'a> {
    pub(super) const fn new(config: &'a Config) -> Self {
        Self { config, duties: BTreeMap::new() }
    }

    /// The holidays ahead that a person has on duty, as they had a year before; `blocks` is their duty ahead.
    pub(super) fn again(
        &mut self,
        person: &'a Person,
        blocks: &[Span],
        timelines: &Timelines<'_>,
        ahead: impl Fn(Span) -> bool,
    ) -> Vec<Again<'a>> {
        let calendar = person.holidays.as_ref().and_then(|id| self.config.holidays.get(id));
        let mut found: BTreeMap<Date, Again<'a>> = BTreeMap::new();
        for (calendar, holiday) in
            calendar.iter().flat_map(|known| known.days.iter().map(move |day| (known, day)))
        {
            let day = day_of(&person.zone, holiday.date);
            if !ahead(day) || !held(blocks, day) {
                continue;
            }
            let Some(before) = year_before(calendar, holiday) else { continue };
            if self.had(person, day_of(&person.zone, before), timelines) {
                found.entry(holiday.date).or_insert(Again { holiday, day, before });
            }
        }
        found.into_values().collect()
    }

    /// Whether the rosters in force say that a person was primary on a day that is over.
    fn had(&mut self, person: &Person, day: Span, timelines: &Timelines<'_>) -> bool {
        let config = self.config;
        let duties = self.duties.entry(day).or_insert_with(|| primary(config, timelines, day));
        duties.get(&person.id).is_some_and(|duties| held(duties, day))
    }
}

/// Everybody who is primary at a time, and when.
fn primary(config: &Config, timelines: &Timelines<'_>, time: Span) -> BTreeMap<PersonId, Vec<Span>> {
    let mut duties: BTreeMap<PersonId, Vec<Span>> = BTreeMap::new();
    for line in &timelines.primary {
        let schedule = timelines.all[*line].schedule;
        for shift in shifts(schedule, config.overrides_of(&schedule.id), time.start, time.end) {
            for person in shift.people {
                duties.entry(person).or_default().push(Span { start: shift.start, end: shift.end });
            }
        }
    }
    duties.into_iter().map(|(person, spans)| (person, union(spans))).collect()
}

fn day_of(zone: &str, date: Date) -> Span {
    let next = date.tomorrow().unwrap_or(Date::MAX);
    Span { start: midnight(zone, date), end: midnight(zone, next) }
}

/// Whether so much of a day is duty that it counts.
fn held(duties: &[Span], day: Span) -> bool {
    let common = duties.iter().map(|duty| (duty.start.max(day.start), duty.end.min(day.end)));
    let lengths = common.filter(|(start, end)| start < end).map(|(start, end)| end.duration_since(start));
    lengths.sum::<SignedDuration>() >= SignedDuration::from_secs(limits::HOLIDAY_DUTY_S)
}

/// The holiday of the same name in the year before; of several the one nearest to the same date.
fn year_before(calendar: &Holidays, holiday: &Holiday) -> Option<Date> {
    let wanted = holiday.date.checked_sub(1.year()).ok()?;
    let distance = |date: &Date| (wanted.duration_until(*date)).abs();
    let same = calendar.days.iter().filter(|day| day.name == holiday.name).map(|day| day.date);
    same.filter(|date| date.year() == wanted.year()).min_by_key(distance)
}
