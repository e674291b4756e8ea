//! Load and fairness: what duty cost each person, from the record, and what is planned for them.
//!
//! Every figure is in the person's own zone: a night is a night where they sleep. The definitions stand in
//! `docs/load.md` and are constants here, so that two organisations that compare figures compare the same.

mod day;
mod fairness;
mod hours;
#[cfg(test)]
mod tests;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::id::{IncidentId, PersonId};

pub use fairness::{Fairness, fairness};

/// Nights and sleep last from 23:00 to 07:00 of the person's zone.
pub const SLEEP_FROM_H: i8 = 23;
/// See [`SLEEP_FROM_H`].
pub const SLEEP_TO_H: i8 = 7;
/// From 19:00 until sleep, work is late.
pub const LATE_FROM_H: i8 = 19;
/// A night or a weekend counts from this much duty in it on.
pub const COUNTS_FROM_S: i64 = 4 * 3_600;
/// Pages that follow each other within this time wake somebody once.
pub const ONE_WAKE_UP_US: i64 = 30 * 60 * 1_000_000;
/// Work on one incident counts at most this long: an incident that nobody closes is no work.
pub const MOST_WORK_US: i64 = 6 * 3_600 * 1_000_000;
/// A shift that is taken less than this before it begins is taken at short notice.
pub const SHORT_NOTICE_US: i64 = 72 * 3_600 * 1_000_000;

/// What an hour of each kind weighs, and what interruptions weigh in hours.
pub mod weight {
    /// An hour of duty on a weekday, 07:00 to 23:00.
    pub const WEEKDAY_DAY: f64 = 1.0;
    /// An hour of duty in a weekday's night.
    pub const WEEKDAY_NIGHT: f64 = 1.5;
    /// An hour of duty on Saturday or Sunday.
    pub const WEEKEND: f64 = 2.0;
    /// An hour of duty on a public holiday.
    pub const HOLIDAY: f64 = 3.0;
    /// Each wake-up.
    pub const WAKE_UP: f64 = 4.0;
    /// Each shift taken at short notice.
    pub const SHORT_NOTICE: f64 = 4.0;
    /// An hour of work on incidents by day, beside the duty.
    pub const WORK_DAY: f64 = 1.0;
    /// An hour of late work.
    pub const WORK_LATE: f64 = 1.5;
    /// An hour of work in the time of sleep.
    pub const WORK_SLEEP: f64 = 2.0;
}

/// A span in which one configuration was in force, or is planned to be.
#[derive(Debug, Clone)]
pub struct Chapter {
    pub from_us: i64,
    pub to_us: i64,
    pub config: Arc<Config>,
}

/// Somebody was asked for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged {
    pub person: PersonId,
    pub incident: IncidentId,
    pub at_us: i64,
}

/// Somebody had an incident, from the acknowledgement on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub person: PersonId,
    pub from_us: i64,
    /// When it was resolved, or until when it is looked at.
    pub to_us: i64,
}

/// Somebody took over duty that begins at `start_us`; it was entered at `entered_us`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub person: PersonId,
    pub entered_us: i64,
    pub start_us: i64,
}

/// The record of a span.
#[derive(Debug, Clone, Default)]
pub struct Record {
    pub paged: Vec<Paged>,
    pub held: Vec<Held>,
    pub taken: Vec<Taken>,
}

/// What a span cost one person, or all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Duty, by the day it falls on. A public holiday is no weekday and no weekend.
    pub weekday_day_s: i64,
    pub weekday_night_s: i64,
    pub weekend_s: i64,
    pub holiday_s: i64,
    /// Nights and weekends with at least [`COUNTS_FROM_S`] of duty.
    pub nights: u32,
    pub weekends: u32,
    /// Pages that asked for an answer.
    pub pages: u32,
    /// Pages between 23:00 and 07:00; those within half an hour of another count once.
    pub wake_ups: u32,
    /// Work on incidents, each at most six hours.
    pub work_day_s: i64,
    pub work_late_s: i64,
    pub work_sleep_s: i64,
    /// Shifts taken less than 72 hours before they began.
    pub short_notice: u32,
}

impl Load {
    /// Duty in all, in seconds.
    pub const fn duty_s(&self) -> i64 {
        self.weekday_day_s + self.weekday_night_s + self.weekend_s + self.holiday_s
    }

    /// The load in hours of a weekday's duty, by [`weight`].
    pub fn weighted_h(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "seconds of a span of years are exact in a double")]
        let hours = |seconds: i64| seconds as f64 / 3_600.0;
        hours(self.weekday_day_s) * weight::WEEKDAY_DAY
            + hours(self.weekday_night_s) * weight::WEEKDAY_NIGHT
            + hours(self.weekend_s) * weight::WEEKEND
            + hours(self.holiday_s) * weight::HOLIDAY
            + f64::from(self.wake_ups) * weight::WAKE_UP
            + f64::from(self.short_notice) * weight::SHORT_NOTICE
            + hours(self.work_day_s) * weight::WORK_DAY
            + hours(self.work_late_s) * weight::WORK_LATE
            + hours(self.work_sleep_s) * weight::WORK_SLEEP
    }

    /// Both together.
    #[must_use]
    pub const fn and(&self, other: &Self) -> Self {
        Self {
            weekday_day_s: self.weekday_day_s + other.weekday_day_s,
            weekday_night_s: self.weekday_night_s + other.weekday_night_s,
            weekend_s: self.weekend_s + other.weekend_s,
            holiday_s: self.holiday_s + other.holiday_s,
            nights: self.nights + other.nights,
            weekends: self.weekends + other.weekends,
            pages: self.pages + other.pages,
            wake_ups: self.wake_ups + other.wake_ups,
            work_day_s: self.work_day_s + other.work_day_s,
            work_late_s: self.work_late_s + other.work_late_s,
            work_sleep_s: self.work_sleep_s + other.work_sleep_s,
            short_notice: self.short_notice + other.short_notice,
        }
    }
}

/// What each person bore, and how evenly.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    pub people: BTreeMap<PersonId, Load>,
    pub total: Load,
    pub fairness: Fairness,
}

/// Adds up what the chapters and the record say. Everybody who takes turns in a schedule of a chapter is in
/// it, whether or not their turn came.
pub fn ledger(chapters: &[Chapter], record: &Record) -> Ledger {
    let mut people = hours::duty(chapters);
    let latest = chapters.last().map(|chapter| Arc::clone(&chapter.config)).unwrap_or_default();
    work::add(&mut people, record, &latest);
    let total = people.values().fold(Load::default(), |sum, load| sum.and(load));
    let fairness = fairness(people.values().map(Load::weighted_h));
    Ledger { people, total, fairness }
}

/// Who is next to be asked for a shift: whoever has borne least, counting what is planned for them, first.
pub fn next_to_ask(past: &Ledger, planned: &Ledger) -> Vec<PersonId> {
    let mut people: Vec<(f64, &PersonId)> = planned
        .people
        .iter()
        .map(|(person, load)| {
            let before = past.people.get(person).map_or(0.0, Load::weighted_h);
            (before + load.weighted_h(), person)
        })
        .collect();
    people.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    people.into_iter().map(|(_, person)| person.clone()).collect()
}
