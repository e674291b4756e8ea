//! The times at which a layer is active: its windows, turned into spans of instants.

use super::schedule::Window;
use super::wall::{DAY_S, Zone, weekday};

/// Days around an instant in which the span that holds, or the next one, must begin: a window's own
/// length (up to 7 days) and the day that the date line may skip lie behind, a week and that day before.
const DAYS_BACK: i64 = 9;
const DAYS_AHEAD: i64 = 9;

/// The windows of a layer, ready for questions.
#[derive(Debug, Clone)]
pub(super) struct Windows {
    windows: Vec<Weekly>,
}

/// One window: for each day of the week (Monday first) how many seconds after that day's midnight it
/// ends, if it begins on that day.
#[derive(Debug, Clone)]
struct Weekly {
    start_s: i64,
    end_s: [Option<i64>; 7],
}

/// Whether a layer is active, and the first instant at which that may be different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Activity {
    pub(super) active: bool,
    pub(super) until: i64,
}

impl Windows {
    pub(super) fn new(windows: &[Window]) -> Self {
        Self { windows: windows.iter().map(Weekly::new).collect() }
    }

    /// Whether any window is open at an instant. No windows at all are always open.
    pub(super) fn at(&self, zone: &Zone, instant: i64) -> Activity {
        if self.windows.is_empty() {
            return Activity { active: true, until: i64::MAX };
        }
        let today = zone.wall_at(instant).div_euclid(DAY_S);
        let mut next_start = i64::MAX;
        let mut open_until = None;
        for window in &self.windows {
            match window.open_or_next(zone, today, instant) {
                (Some(end), _) => open_until = open_until.max(Some(end)),
                (None, start) => next_start = next_start.min(start),
            }
        }
        match open_until {
            Some(until) => Activity { active: true, until },
            None => Activity { active: false, until: next_start },
        }
    }

    /// The spans that touch `[from, to)`, whole, in order; spans that meet or overlap are one.
    pub(super) fn spans(&self, zone: &Zone, from: i64, to: i64) -> Vec<(i64, i64)> {
        let first_day = zone.wall_at(from).div_euclid(DAY_S) - DAYS_BACK;
        let last_day = zone.wall_at(to).div_euclid(DAY_S) + 1;
        let mut spans: Vec<(i64, i64)> = (first_day..=last_day)
            .flat_map(|day| self.windows.iter().filter_map(move |window| window.span(zone, day)))
            .filter(|(start, end)| *start < to && *end > from)
            .collect();
        spans.sort_unstable();
        merge(&spans)
    }
}

fn merge(sorted: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (start, end) in sorted {
        match merged.last_mut() {
            Some(last) if *start <= last.1 => last.1 = last.1.max(*end),
            _ => merged.push((*start, *end)),
        }
    }
    merged
}

impl Weekly {
    fn new(window: &Window) -> Self {
        let mut end_s = [None; 7];
        for (index, end) in (0_i64..).zip(&mut end_s) {
            let begins =
                window.days.is_empty() || window.days.iter().any(|day| i64::from(day.index()) == index);
            *end = begins.then(|| days_until_end(window, index) * DAY_S + window.end.seconds());
        }
        Self { start_s: window.start.seconds(), end_s }
    }

    /// The end of the span that holds at an instant, or else the start of the next one.
    fn open_or_next(&self, zone: &Zone, today: i64, instant: i64) -> (Option<i64>, i64) {
        let mut open_until = None;
        for day in today - DAYS_BACK..=today + DAYS_AHEAD {
            // A span that ends on the wall clock two days ago is over, whatever the clocks did since.
            if self.end_s_on(day).is_none_or(|end_s| day * DAY_S + end_s < (today - 2) * DAY_S) {
                continue;
            }
            match self.span(zone, day) {
                Some((start, _)) if start > instant => return (open_until, start),
                Some((_, end)) if end > instant => open_until = open_until.max(Some(end)),
                _ => {}
            }
        }
        (open_until, i64::MAX)
    }

    fn end_s_on(&self, day: i64) -> Option<i64> {
        self.end_s.get(usize::try_from(weekday(day)).ok()?).copied().flatten()
    }

    /// The span that begins on a day; `None` when there is none, or when clocks skip all of it.
    fn span(&self, zone: &Zone, day: i64) -> Option<(i64, i64)> {
        let end_s = self.end_s_on(day)?;
        let start = zone.first(day * DAY_S + self.start_s);
        let end = zone.last(day * DAY_S + end_s);
        (end > start).then_some((start, end))
    }
}

/// Days from the day on which a window begins to the day on which it ends.
fn days_until_end(window: &Window, begins: i64) -> i64 {
    let same_day_is_over = window.end <= window.start;
    match window.end_day {
        None => i64::from(same_day_is_over),
        Some(end_day) => match (i64::from(end_day.index()) - begins).rem_euclid(7) {
            0 if same_day_is_over => 7,
            days => days,
        },
    }
}
