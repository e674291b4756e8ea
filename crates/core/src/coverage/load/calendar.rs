//! Nights and weekends of a zone, and which of them somebody holds.

use jiff::civil::{Date, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::coverage::finding::Span;
use crate::coverage::limits;
use crate::coverage::scope::Scope;
use crate::oncall::wall::first_instant;

/// The nights and weekends that touch the days that are looked at, in order.
pub(super) struct Calendar {
    /// One for each day.
    pub(super) nights: Vec<Span>,
    /// One for each week.
    pub(super) weekends: Vec<Span>,
}

impl Calendar {
    pub(super) fn new(zone: &str, scope: &Scope<'_>) -> Self {
        let instant = |day, hour| first_of(zone, day, hour);
        let clock = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let day_of = |at: Timestamp| at.to_zoned(clock.clone()).date();
        let mut calendar = Self { nights: Vec::new(), weekends: Vec::new() };
        let mut day = day_of(scope.first).yesterday().unwrap_or(Date::MIN);
        let last = day_of(scope.to);
        while day <= last {
            let Ok(next) = day.tomorrow() else { break };
            let start = instant(day, limits::NIGHT_BEGINS_HOUR);
            calendar.nights.push(Span { start, end: instant(next, limits::NIGHT_ENDS_HOUR) });
            if let (Weekday::Saturday, Ok(monday)) = (day.weekday(), next.tomorrow()) {
                let start = instant(day, limits::NIGHT_ENDS_HOUR);
                calendar.weekends.push(Span { start, end: instant(monday, 0) });
            }
            day = next;
        }
        calendar
    }

    /// Whether the person sleeps then.
    pub(super) fn is_night(&self, at: Timestamp) -> bool {
        let next = self.nights.partition_point(|night| night.start <= at);
        next.checked_sub(1).is_some_and(|last| at < self.nights[last].end)
    }
}

/// The first instant of a day, in UTC where the zone is none.
pub(super) fn midnight(zone: &str, day: Date) -> Timestamp {
    first_of(zone, day, 0)
}

fn first_of(zone: &str, day: Date, hour: i8) -> Timestamp {
    let wall = day.to_datetime(time(hour, 0, 0, 0));
    first_instant(zone, wall).or_else(|_| first_instant("UTC", wall)).unwrap_or(Timestamp::MAX)
}

/// Which of the stretches hold at least so much of the blocks: each with whether it does.
pub(super) fn held(stretches: &[Span], blocks: &[Span], least_s: i64) -> Vec<(Span, bool)> {
    let mut first = 0;
    let mut held = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        while blocks.get(first).is_some_and(|block| block.end <= stretch.start) {
            first += 1;
        }
        let touching = blocks[first..].iter().take_while(|block| block.start < stretch.end);
        let common = |block: &Span| block.end.min(stretch.end).duration_since(block.start.max(stretch.start));
        let total: SignedDuration = touching.map(common).sum();
        held.push((*stretch, total >= SignedDuration::from_secs(least_s)));
    }
    held
}

/// The runs of stretches that are held one after the other.
pub(super) fn runs(held: &[(Span, bool)]) -> Vec<Vec<Span>> {
    held.chunk_by(|a, b| a.1 == b.1)
        .filter(|run| run.first().is_some_and(|(_, held)| *held))
        .map(|run| run.iter().map(|(span, _)| *span).collect())
        .collect()
}

/// The stretches of time in which more than `most` of any four in a row are held, from the first to the last
/// of them, and the most that are held of four.
pub(super) fn crowded(held: &[(Span, bool)], most: usize) -> Vec<(Span, usize)> {
    let mut crowded: Vec<(Span, usize)> = Vec::new();
    for four in held.windows(4) {
        let taken: Vec<Span> = four.iter().filter(|(_, held)| *held).map(|(span, _)| *span).collect();
        let (Some(first), Some(last)) = (taken.first(), taken.last()) else { continue };
        if taken.len() <= most {
            continue;
        }
        match crowded.last_mut() {
            Some((span, count)) if first.start <= span.end => {
                span.end = last.end;
                *count = taken.len().max(*count);
            }
            _ => crowded.push((Span { start: first.start, end: last.end }, taken.len())),
        }
    }
    crowded
}
