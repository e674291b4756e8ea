//! Recurrence rules (RFC 5545, section 3.3.10), as far as shifts are written with them.
//!
//! Days, weeks, months and years with INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY, BYDAY and BYSETPOS.
//! Other parts are refused by name: a rule that is half understood would put the wrong person on call.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, ToSpan as _};

use super::error::IcalError;
use super::instant::{When, date};
use super::line::Line;

/// A rule repeats an event at most so often, when it says how often.
const MOST_COUNTED: u32 = 10_000;

/// When an event repeats, on the wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    frequency: Frequency,
    interval: i64,
    count: Option<u32>,
    /// The last moment at which an instance may begin.
    pub until: Option<When>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    days: Vec<(i8, Weekday)>,
    positions: Vec<i32>,
    week_start: Weekday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

impl Rule {
    /// Reads the value of an RRULE.
    pub(super) fn parse(line: &Line) -> Result<Self, IcalError> {
        let mut frequency = None;
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            days: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        for part in line.value.trim().trim_end_matches(';').split(';') {
            let (key, value) =
                part.split_once('=').ok_or_else(|| line.error(format!("{part:?} is no NAME=value")))?;
            let (key, value) = (key.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
            if key == "FREQ" {
                frequency = Some(Frequency::parse(&value).map_err(|why| line.error(why))?);
            } else {
                rule.part(&key, &value, line).map_err(|why| line.error(why))?;
            }
        }
        rule.frequency = frequency.ok_or_else(|| line.error("FREQ is missing"))?;
        rule.fits().map_err(|why| line.error(why))?;
        Ok(rule)
    }

    fn part(&mut self, key: &str, value: &str, line: &Line) -> Result<(), String> {
        let wrong = || format!("{key}={value} cannot be read");
        match key {
            "INTERVAL" => {
                self.interval = value.parse().ok().filter(|n| (1..=10_000).contains(n)).ok_or_else(wrong)?;
            }
            "COUNT" => {
                let count = value.parse().ok().filter(|n| (1..=MOST_COUNTED).contains(n));
                self.count =
                    Some(count.ok_or_else(|| format!("COUNT is a number from 1 to {MOST_COUNTED}"))?);
            }
            "UNTIL" => self.until = Some(until(value, line).ok_or_else(wrong)?),
            "WKST" => self.week_start = weekday(value).ok_or_else(wrong)?,
            "BYMONTH" => self.months = numbers(value, 1..=12).ok_or_else(wrong)?,
            "BYMONTHDAY" => self.month_days = numbers(value, -31..=31).ok_or_else(wrong)?,
            "BYDAY" => {
                self.days = value.split(',').map(ordinal_day).collect::<Option<_>>().ok_or_else(wrong)?;
            }
            "BYSETPOS" => self.positions = numbers(value, -366..=366).ok_or_else(wrong)?,
            _ => return Err(format!("{key} is not taken; export the shifts as single events instead")),
        }
        Ok(())
    }

    /// What the RFC forbids, and what would be ambiguous.
    fn fits(&self) -> Result<(), String> {
        let short = matches!(self.frequency, Frequency::Daily | Frequency::Weekly);
        if short && self.days.iter().any(|(ordinal, _)| *ordinal != 0) {
            return Err("BYDAY with a number (2MO) needs FREQ=MONTHLY or YEARLY".to_owned());
        }
        if self.frequency == Frequency::Weekly && !self.month_days.is_empty() {
            return Err("BYMONTHDAY does not go with FREQ=WEEKLY".to_owned());
        }
        if self.count.is_some() && self.until.is_some() {
            return Err("COUNT and UNTIL do not go together".to_owned());
        }
        Ok(())
    }

    /// The wall times at which instances begin, from `from` to `to` (both with their day), in order. The
    /// first of all is `start`; UNTIL is the caller's to check, since it may be an instant.
    pub(super) fn expand(&self, start: DateTime, from: Date, to: Date) -> Vec<DateTime> {
        let mut found = Vec::new();
        let mut counted = 0;
        let mut period = if self.count.is_some() { 0 } else { self.periods_before(start.date(), from) };
        while let Some(days) = self.period(start.date(), period, to) {
            for day in days.into_iter().filter(|day| *day >= start.date()) {
                counted += 1;
                if day > to || self.count.is_some_and(|count| counted > count) {
                    return found;
                }
                if day >= from {
                    found.push(day.to_datetime(start.time()));
                }
            }
            period += 1;
        }
        found
    }

    /// Periods that can be passed over because they end before `from`.
    fn periods_before(&self, start: Date, from: Date) -> i64 {
        let days = days_between(start, from);
        let length_days = match self.frequency {
            Frequency::Daily => 1,
            Frequency::Weekly => 7,
            Frequency::Monthly => 31,
            Frequency::Yearly => 366,
        };
        (days / length_days / self.interval - 1).max(0)
    }

    /// The days of the `n`th period, in order. None when it begins after `to`.
    fn period(&self, start: Date, n: i64, to: Date) -> Option<Vec<Date>> {
        let ahead = n.checked_mul(self.interval)?;
        let (first, mut days) = match self.frequency {
            Frequency::Daily => {
                let day = start.checked_add(Span::new().try_days(ahead).ok()?).ok()?;
                (day, vec![day])
            }
            Frequency::Weekly => {
                let back = i64::from(start.weekday().since(self.week_start));
                let days = ahead.checked_mul(7)?.checked_sub(back)?;
                let first = start.checked_add(Span::new().try_days(days).ok()?).ok()?;
                (first, self.of_week(start, first))
            }
            Frequency::Monthly => {
                let first = start.first_of_month();
                let first = first.checked_add(Span::new().try_months(ahead).ok()?).ok()?;
                (first, self.of_month(start, first))
            }
            Frequency::Yearly => {
                let first = start.first_of_year();
                let first = first.checked_add(Span::new().try_years(ahead).ok()?).ok()?;
                (first, self.of_year(start, first))
            }
        };
        if first > to {
            return None;
        }
        days.retain(|day| self.month_fits(*day));
        if self.frequency == Frequency::Daily {
            days.retain(|day| self.month_day_fits(*day) && self.weekday_fits(*day));
        }
        days.sort_unstable();
        days.dedup();
        Some(self.at_positions(days))
    }

    fn of_week(&self, start: Date, first: Date) -> Vec<Date> {
        let wanted = |day: &Date| {
            if self.days.is_empty() { day.weekday() == start.weekday() } else { self.weekday_fits(*day) }
        };
        first.series(1.day()).take(7).filter(wanted).collect()
    }

    fn of_month(&self, start: Date, first: Date) -> Vec<Date> {
        let days = first.series(1.day()).take(usize::from(first.days_in_month().unsigned_abs()));
        if self.month_days.is_empty() && self.days.is_empty() {
            return days.filter(|day| day.day() == start.day()).collect();
        }
        days.filter(|day| self.month_day_fits(*day) && self.ordinal_fits(*day, Within::Month)).collect()
    }

    fn of_year(&self, start: Date, first: Date) -> Vec<Date> {
        let days = first.series(1.day()).take(usize::from(first.days_in_year().unsigned_abs()));
        if self.month_days.is_empty() && self.days.is_empty() {
            let month_fits = |day: &Date| !self.months.is_empty() || day.month() == start.month();
            return days.filter(|day| day.day() == start.day() && month_fits(day)).collect();
        }
        let within = if self.months.is_empty() { Within::Year } else { Within::Month };
        days.filter(|day| self.month_day_fits(*day) && self.ordinal_fits(*day, within)).collect()
    }

    fn month_fits(&self, day: Date) -> bool {
        self.months.is_empty() || self.months.contains(&day.month())
    }

    fn month_day_fits(&self, day: Date) -> bool {
        let from_end = day.day() - day.days_in_month() - 1;
        self.month_days.is_empty()
            || self.month_days.contains(&day.day())
            || self.month_days.contains(&from_end)
    }

    fn weekday_fits(&self, day: Date) -> bool {
        self.days.is_empty() || self.days.iter().any(|(_, weekday)| *weekday == day.weekday())
    }

    /// Whether the day is, say, the second Monday or the last Friday that is wanted.
    fn ordinal_fits(&self, day: Date, within: Within) -> bool {
        let (place, length) = match within {
            Within::Month => (i16::from(day.day()), i16::from(day.days_in_month())),
            Within::Year => (day.day_of_year(), day.days_in_year()),
        };
        let nth = (place - 1) / 7 + 1;
        let nth_from_end = -((length - place) / 7 + 1);
        let fits = |ordinal: i8| ordinal == 0 || [nth, nth_from_end].contains(&i16::from(ordinal));
        self.days.is_empty()
            || self.days.iter().any(|(ordinal, weekday)| *weekday == day.weekday() && fits(*ordinal))
    }

    fn at_positions(&self, days: Vec<Date>) -> Vec<Date> {
        if self.positions.is_empty() {
            return days;
        }
        let count = i32::try_from(days.len()).unwrap_or(i32::MAX);
        let wanted = |index: i32| self.positions.iter().any(|p| *p == index + 1 || *p == index - count);
        (0..count).zip(days).filter(|(index, _)| wanted(*index)).map(|(_, day)| day).collect()
    }
}

#[derive(Debug, Clone, Copy)]
enum Within {
    Month,
    Year,
}

impl Frequency {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "DAILY" => Ok(Self::Daily),
            "WEEKLY" => Ok(Self::Weekly),
            "MONTHLY" => Ok(Self::Monthly),
            "YEARLY" => Ok(Self::Yearly),
            other => Err(format!("FREQ={other} is not taken; DAILY, WEEKLY, MONTHLY and YEARLY are")),
        }
    }
}

/// Days from one date to another; negative when it lies before.
fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn until(value: &str, line: &Line) -> Option<When> {
    // UNTIL has no parameters of its own: without `Z` it is read in the zone of DTSTART.
    let bare = Line { params: Vec::new(), value: value.to_owned(), ..line.clone() };
    super::instant::when(&bare).ok().filter(|when| !when.all_day || date(value).is_some())
}

fn numbers<T>(value: &str, range: std::ops::RangeInclusive<T>) -> Option<Vec<T>>
where
    T: std::str::FromStr + PartialOrd + Default,
{
    let number = |text: &str| text.trim().parse().ok().filter(|n| range.contains(n) && *n != T::default());
    value.split(',').map(number).collect()
}

/// `MO`, `2MO`, `-1FR`; the number is 0 where none stands.
fn ordinal_day(text: &str) -> Option<(i8, Weekday)> {
    let text = text.trim();
    let (number, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let ordinal = match number {
        "" => 0,
        number => number.parse().ok().filter(|n| (-53..=53).contains(n) && *n != 0)?,
    };
    Some((ordinal, weekday(day)?))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}
