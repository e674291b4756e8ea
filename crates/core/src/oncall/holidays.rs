//! Holidays as data: which days are free where, and the layers that count on them or skip them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::schedule::{HolidayRule, Layer, Schedule};
use super::wall::{DAY_S, UnknownZone, Zone, day_number};
use crate::id::HolidaysId;

/// The holidays of a country, a region or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// The name by which layers and people refer to it.
    pub id: HolidaysId,
    /// The name that people read.
    pub name: String,
    /// The days, each once, in any order.
    pub days: Vec<Holiday>,
}

/// One free day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day of the calendar. When it begins and ends, the zone of whoever asks says.
    pub date: Date,
    /// What is celebrated.
    pub name: String,
}

impl Holidays {
    /// The holiday that it is at an instant in a zone.
    pub fn at(&self, zone: &str, at: Timestamp) -> Result<Option<&Holiday>, UnknownZone> {
        let zone = Zone::named(zone)?;
        let instant = at.as_second();
        Ok(self.days.iter().find(|holiday| {
            let (start, end) = bounds(&zone, number(holiday.date));
            start <= instant && instant < end
        }))
    }
}

/// The holidays that a layer counts on or skips, ready for questions.
#[derive(Debug)]
pub(super) struct HolidayView {
    rule: HolidayRule,
    /// Day numbers, ascending.
    days: Vec<i64>,
}

impl HolidayView {
    /// Nothing where holidays make no difference to the layer; an error in one sentence where they cannot be
    /// known.
    pub(super) fn new(schedule: &Schedule, layer: &Layer) -> Result<Option<Self>, String> {
        let (rule, id) = match (layer.holidays, &layer.calendar) {
            (None, _) => return Ok(None),
            (Some(_), None) => return Err("the layer names no calendar for its holidays".to_owned()),
            (Some(rule), Some(id)) => (rule, id),
        };
        let calendar = schedule.calendars.get(id);
        let calendar = calendar.ok_or_else(|| format!("there is no holiday calendar `{id}`"))?;
        let mut days: Vec<i64> = calendar.days.iter().map(|holiday| number(holiday.date)).collect();
        days.sort_unstable();
        days.dedup();
        Ok(Some(Self { rule, days }))
    }

    /// Whether the layer may count at an instant, and the first instant at which that may be different.
    pub(super) fn at(&self, zone: &Zone, instant: i64) -> (bool, i64) {
        let today = zone.wall_at(instant).div_euclid(DAY_S);
        // A day that the date line skips has no length, and a clock change moves midnight by less than a day.
        let first = self.days.partition_point(|day| *day < today - 2);
        for day in self.days.iter().skip(first) {
            let (start, end) = bounds(zone, *day);
            if end <= instant || end <= start {
                continue;
            }
            let is_holiday = start <= instant;
            let until = if is_holiday { end } else { start };
            return (is_holiday == (self.rule == HolidayRule::Only), until);
        }
        (self.rule == HolidayRule::Skip, i64::MAX)
    }
}

fn number(date: Date) -> i64 {
    day_number(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
}

/// A day of a zone: from its first midnight to the first midnight of the next day, so that days tile.
fn bounds(zone: &Zone, day: i64) -> (i64, i64) {
    (zone.first(day * DAY_S), zone.first((day + 1) * DAY_S))
}
