//! The wall times of a rotation's handoffs, as arithmetic on their number.
//!
//! Handoff 0 is the rotation's start; numbers below 0 are handoffs before it.

use super::rotation::gcd;
use super::schedule::MonthEnd;
use super::wall::{DAY_S, day_number, weekday};

/// The rule by which handoffs follow each other on the wall clock.
#[derive(Debug, Clone)]
pub(super) enum Steps {
    /// Every so many seconds of wall time from `start_s`.
    Seconds { start_s: i64, step_s: i64 },
    /// After one length and then the next, over and over.
    Alternating(AlternatingSteps),
    /// Every so many months from the start's day and time.
    Months(MonthSteps),
    /// Every so many active days of the week, from the first one not before the start's day.
    ActiveDays(ActiveDaySteps),
}

impl Steps {
    /// The wall time of a handoff.
    pub(super) fn wall(&self, number: i64) -> i64 {
        match self {
            Self::Seconds { start_s, step_s } => start_s + number * step_s,
            Self::Alternating(lengths) => lengths.wall(number),
            Self::Months(months) => months.wall(number),
            Self::ActiveDays(days) => days.wall(number),
        }
    }

    /// The last handoff whose wall time is not after `wall`.
    pub(super) fn last_until(&self, wall: i64) -> i64 {
        match self {
            Self::Seconds { start_s, step_s } => (wall - start_s).div_euclid(*step_s),
            Self::Alternating(lengths) => lengths.last_until(wall),
            Self::Months(months) => months.last_until(wall),
            Self::ActiveDays(days) => days.last_until(wall),
        }
    }

    /// The least wall time between two handoffs.
    pub(super) fn shortest_s(&self) -> i64 {
        match self {
            Self::Seconds { step_s, .. } => *step_s,
            Self::Alternating(lengths) => lengths.shortest_s,
            Self::Months(_) => 28 * DAY_S,
            Self::ActiveDays(days) => days.every * DAY_S,
        }
    }

    /// How many handoffs in `(after, until]` have the wall time of the one before them.
    pub(super) fn repeated(&self, after: i64, until: i64) -> i64 {
        match self {
            Self::Months(months) => months.repeated(after, until),
            Self::Seconds { .. } | Self::Alternating(_) | Self::ActiveDays(_) => 0,
        }
    }

    /// After how many turns turns and weeks have come round together, on the wall clock; months never do.
    pub(super) fn per_round(&self) -> Option<i64> {
        match self {
            Self::Seconds { step_s, .. } => Some(WEEK_S / gcd(WEEK_S, *step_s)),
            Self::Alternating(lengths) => Some(lengths.count() * (WEEK_S / gcd(WEEK_S, lengths.cycle_s))),
            Self::ActiveDays(days) => Some(days.per_week() / gcd(days.per_week(), days.every)),
            Self::Months(_) => None,
        }
    }
}

const WEEK_S: i64 = 7 * DAY_S;

/// Handoffs after lengths that follow each other over and over.
#[derive(Debug, Clone)]
pub(super) struct AlternatingSteps {
    start_s: i64,
    /// When each length ends, in seconds from the begin of the first; ascending, never empty.
    ends: Vec<i64>,
    /// All lengths together.
    cycle_s: i64,
    shortest_s: i64,
}

impl AlternatingSteps {
    /// `lengths` holds at least one, none of them 0.
    pub(super) fn new(start_s: i64, lengths: impl Iterator<Item = i64>) -> Self {
        let (mut cycle_s, mut shortest_s) = (0_i64, i64::MAX);
        let mut ends = Vec::new();
        for length in lengths {
            cycle_s = cycle_s.saturating_add(length);
            shortest_s = shortest_s.min(length);
            ends.push(cycle_s);
        }
        Self { start_s, ends, cycle_s: cycle_s.max(1), shortest_s }
    }

    fn count(&self) -> i64 {
        i64::try_from(self.ends.len()).unwrap_or(1)
    }

    fn wall(&self, number: i64) -> i64 {
        let place = usize::try_from(number.rem_euclid(self.count())).unwrap_or(0);
        let within = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.start_s + number.div_euclid(self.count()) * self.cycle_s + within
    }

    fn last_until(&self, wall: i64) -> i64 {
        let since = wall - self.start_s;
        let within = since.rem_euclid(self.cycle_s);
        let ended = self.ends.partition_point(|end| *end <= within);
        since.div_euclid(self.cycle_s) * self.count() + i64::try_from(ended).unwrap_or(0)
    }
}

/// Handoffs on one day of the month.
#[derive(Debug, Clone)]
pub(super) struct MonthSteps {
    /// Months since January of year 0.
    first_month: i64,
    /// 1 to 31.
    day: i64,
    second_of_day: i64,
    every: i64,
    month_end: MonthEnd,
}

impl MonthSteps {
    pub(super) fn new(start_wall: i64, every: i64, month_end: MonthEnd) -> Self {
        let start_day = start_wall.div_euclid(DAY_S);
        let first_month = month_of(start_day);
        let day = start_day - first_day(first_month) + 1;
        Self { first_month, day, second_of_day: start_wall.rem_euclid(DAY_S), every, month_end }
    }

    fn month(&self, number: i64) -> i64 {
        self.first_month + number * self.every
    }

    fn lacks_day(&self, number: i64) -> bool {
        self.day > days_in(self.month(number))
    }

    /// A month that is skipped shares the handoff of the next month that is not, so that numbers stay
    /// arithmetic and the turn between them has no length.
    fn wall(&self, number: i64) -> i64 {
        // 29 February recurs within eight years, so that with steps of twelve months eight are enough.
        const LONGEST_SKIP: i64 = 16;
        let number = match self.month_end {
            MonthEnd::Skip => (number..number + LONGEST_SKIP).find(|n| !self.lacks_day(*n)).unwrap_or(number),
            MonthEnd::Clamp | MonthEnd::Overflow => number,
        };
        let month = self.month(number);
        let day = match self.month_end {
            MonthEnd::Overflow => self.day,
            MonthEnd::Clamp | MonthEnd::Skip => self.day.min(days_in(month)),
        };
        (first_day(month) + day - 1) * DAY_S + self.second_of_day
    }

    fn last_until(&self, wall: i64) -> i64 {
        let month = month_of(wall.div_euclid(DAY_S));
        // One more than the month's own number: the search below only goes down.
        let mut number = (month - self.first_month).div_euclid(self.every) + 1;
        while self.wall(number) > wall {
            number -= 1;
        }
        number
    }

    fn repeated(&self, after: i64, until: i64) -> i64 {
        if self.month_end != MonthEnd::Skip || self.day <= 28 {
            return 0;
        }
        let lacking = (after..until).filter(|number| self.lacks_day(*number)).count();
        i64::try_from(lacking).unwrap_or(0)
    }
}

/// Handoffs on active days of the week only.
#[derive(Debug, Clone)]
pub(super) struct ActiveDaySteps {
    start_day: i64,
    second_of_day: i64,
    every: i64,
    /// Days after `start_day`, 0 to 6, on which the layer is active; ascending, never empty.
    active: Vec<i64>,
}

impl ActiveDaySteps {
    /// `days` holds the active days of the week, 0 for Monday; no day at all counts as every day.
    pub(super) fn new(start_wall: i64, every: i64, days: [bool; 7]) -> Self {
        let start_day = start_wall.div_euclid(DAY_S);
        let is_active = |offset: &i64| {
            let index = usize::try_from(weekday(start_day + offset)).unwrap_or(0);
            days.get(index).copied().unwrap_or(true)
        };
        let mut active: Vec<i64> = (0..7).filter(is_active).collect();
        if active.is_empty() {
            active = (0..7).collect();
        }
        Self { start_day, second_of_day: start_wall.rem_euclid(DAY_S), every, active }
    }

    fn per_week(&self) -> i64 {
        i64::try_from(self.active.len()).unwrap_or(7)
    }

    fn wall(&self, number: i64) -> i64 {
        let active_days = number * self.every;
        let weeks = active_days.div_euclid(self.per_week());
        let within = usize::try_from(active_days.rem_euclid(self.per_week())).unwrap_or(0);
        let offset = self.active.get(within).copied().unwrap_or(0);
        (self.start_day + 7 * weeks + offset) * DAY_S + self.second_of_day
    }

    fn last_until(&self, wall: i64) -> i64 {
        let days = (wall - self.second_of_day).div_euclid(DAY_S) - self.start_day;
        let within_week = days.rem_euclid(7);
        let begun = self.active.iter().take_while(|offset| **offset <= within_week).count();
        let begun = i64::try_from(begun).unwrap_or(0);
        let last_active_day = days.div_euclid(7) * self.per_week() + begun - 1;
        last_active_day.div_euclid(self.every)
    }
}

/// The day number of a month's first day.
fn first_day(month: i64) -> i64 {
    day_number(month.div_euclid(12), month.rem_euclid(12) + 1, 1)
}

fn days_in(month: i64) -> i64 {
    first_day(month + 1) - first_day(month)
}

/// The month of a day: estimated by the mean length of months (400 years have 146,097 days), then corrected.
fn month_of(day_number: i64) -> i64 {
    let mut month = 1_970 * 12 + (day_number * 4_800).div_euclid(146_097) + 1;
    while first_day(month) > day_number {
        month -= 1;
    }
    month
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        ActiveDaySteps, AlternatingSteps, MonthEnd, MonthSteps, Steps, days_in, first_day, month_of,
    };

    fn steps() -> impl Strategy<Value = Steps> {
        let start = -2_000_000_000_i64..5_000_000_000;
        let months = [MonthEnd::Clamp, MonthEnd::Overflow, MonthEnd::Skip];
        prop_oneof![
            (start.clone(), 900..1_000_000_i64)
                .prop_map(|(start_s, step_s)| Steps::Seconds { start_s, step_s }),
            (start.clone(), prop::collection::vec(900..1_000_000_i64, 1..6)).prop_map(|(start, lengths)| {
                Steps::Alternating(AlternatingSteps::new(start, lengths.into_iter()))
            }),
            (start.clone(), 1..50_i64, prop::sample::select(months.to_vec()))
                .prop_map(|(start, every, end)| Steps::Months(MonthSteps::new(start, every, end))),
            (start, 1..10_i64, any::<[bool; 7]>())
                .prop_map(|(start, every, days)| Steps::ActiveDays(ActiveDaySteps::new(start, every, days))),
        ]
    }

    proptest! {
        #[test]
        fn a_wall_time_lies_between_its_handoff_and_the_next(steps in steps(), wall in -2_000_000_000_i64..7_000_000_000) {
            let number = steps.last_until(wall);
            prop_assert!(steps.wall(number) <= wall);
            prop_assert!(steps.wall(number + 1) > wall);
        }

        #[test]
        fn only_counted_repetitions_share_a_wall_time(steps in steps(), from in -300..300_i64, length in 0..60_i64) {
            let counted = (from + 1..=from + length).filter(|n| steps.wall(*n) == steps.wall(n - 1)).count();
            prop_assert_eq!(steps.repeated(from, from + length), i64::try_from(counted).unwrap_or(-1));
            for number in from..from + length {
                prop_assert!(steps.wall(number) <= steps.wall(number + 1));
            }
        }

        #[test]
        fn a_day_lies_in_its_month(day in -1_000_000..1_000_000_i64) {
            let month = month_of(day);
            prop_assert!(first_day(month) <= day);
            prop_assert!(day < first_day(month) + days_in(month));
        }
    }
}
