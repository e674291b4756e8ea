//! What the people who are paged first carry: their share, rest, nights, weekends, days in a row and holidays.

mod calendar;
mod duties;
mod holidays;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::finding::{
    CoverageFinding, CoverageSeverity, DAYS_IN_A_ROW, HOLIDAY, NIGHTS, REST, SHARE, Span, WEEKENDS,
};
use super::limits;
use super::people::{P, People};
use super::scope::Scope;
use super::timelines::Timelines;
use crate::config::Config;
use calendar::Calendar;
use duties::{Duty, Rest};
use holidays::{Again, Past};

/// A page that somebody got, as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged {
    pub person: crate::id::PersonId,
    pub at: Timestamp,
}

const DAY_S: i64 = 86_400;

/// Everything that is too much, for everybody who takes turns at the first step of L1.
pub(super) fn check<'a>(
    config: &'a Config,
    timelines: &Timelines<'a>,
    people: &People<'a>,
    pages: &[(P, Timestamp)],
    scope: &Scope<'a>,
) -> Vec<CoverageFinding> {
    let mut past = Past::new(config);
    let mut calendars: BTreeMap<&str, Calendar> = BTreeMap::new();
    let mut findings = Vec::new();
    for (number, duties) in duties::of(timelines, people.len()).into_iter().enumerate() {
        let person = P::try_from(number).unwrap_or_default();
        if duties.is_empty() {
            continue;
        }
        let zone = people.person(person).map_or("UTC", |known| known.zone.as_str());
        let calendar = calendars.entry(zone).or_insert_with(|| Calendar::new(zone, scope));
        let blocks = duties::blocks(&duties);
        let load = Load { person, people, duties: &duties, blocks: &blocks, calendar, scope };
        findings.extend(load.share());
        findings.extend(load.rest(timelines, pages));
        findings.extend(load.nights());
        findings.extend(load.weekends());
        findings.extend(load.days());
        findings.extend(load.holidays(&mut past, timelines));
    }
    findings
}

/// The duties of one person.
struct Load<'l, 'a> {
    person: P,
    people: &'l People<'a>,
    /// By beginning.
    duties: &'l [Duty],
    /// The same without overlaps.
    blocks: &'l [Span],
    calendar: &'l Calendar,
    scope: &'l Scope<'a>,
}

impl<'a> Load<'_, 'a> {
    fn name(&self) -> &str {
        self.people.name(self.person)
    }

    fn about(&self, finding: CoverageFinding, message: String, mend: &str) -> CoverageFinding {
        let id = self.people.id(self.person);
        CoverageFinding {
            person: Some(id.clone()),
            people: vec![id.clone()],
            message,
            mend: mend.to_owned(),
            ..finding
        }
    }

    fn timed(&self, rule: &str, severity: CoverageSeverity, span: Span) -> CoverageFinding {
        self.scope.timed(rule, severity, self.people.id(self.person).as_str(), span)
    }

    fn share(&self) -> Option<CoverageFinding> {
        let weeks = ((self.scope.to.as_second() - self.scope.from.as_second()) / (7 * DAY_S))
            .min(limits::SHARE_WEEKS);
        if weeks < limits::SHARE_WEEKS_LEAST {
            return None;
        }
        let length_s = weeks * 7 * DAY_S;
        let end = self.scope.from.checked_add(SignedDuration::from_secs(length_s)).ok()?;
        let inside = |block: &Span| length_s_of(block.start.max(self.scope.from), block.end.min(end));
        let held_s: i64 = self.blocks.iter().map(inside).sum();
        // An hour is let pass, see the limits.
        let over = |percent: i64| (held_s - limits::CLOCK_CHANGE_S) * 100 > length_s * percent;
        let severity = if over(limits::PRIMARY_SHARE_FAIL_PERCENT) {
            CoverageSeverity::Fail
        } else if over(limits::PRIMARY_SHARE_WARN_PERCENT) {
            CoverageSeverity::Warn
        } else {
            return None;
        };
        let message = format!(
            "{} is the first to be paged for {} % of the next {weeks} weeks; more than {} % is too much, more than {} % fails",
            self.name(),
            (held_s * 100 + length_s / 2) / length_s,
            limits::PRIMARY_SHARE_WARN_PERCENT,
            limits::PRIMARY_SHARE_FAIL_PERCENT,
        );
        let finding = self.standing(SHARE, severity, &[]);
        Some(self.about(
            finding,
            message,
            "let more people take turns, or give some of these turns to others",
        ))
    }

    fn rest(&self, timelines: &Timelines<'_>, pages: &[(P, Timestamp)]) -> Vec<CoverageFinding> {
        let own = pages.iter().filter(|(person, _)| *person == self.person).map(|(_, at)| *at);
        let woken: Vec<Timestamp> = own.filter(|at| self.calendar.is_night(*at)).collect();
        let rests = duties::rests(self.duties, &woken, timelines);
        let short = rests.into_iter().filter(|rest| rest.next.start > self.scope.from);
        short.filter(|rest| rest.next.start < self.scope.to).map(|rest| self.too_little_rest(&rest)).collect()
    }

    fn too_little_rest(&self, rest: &Rest) -> CoverageFinding {
        let rest_s = rest.next.start.as_second() - rest.since.as_second();
        let after = if rest.paged { "being paged" } else { "the duty before" };
        let message = format!(
            "{} has {} of rest between {after} at {} and the duty from {}; {} h are due",
            self.name(),
            hours(rest_s),
            self.scope.wall(rest.since),
            self.scope.wall(rest.next.start),
            limits::REST_S / 3_600,
        );
        let finding = self.timed(REST, CoverageSeverity::Fail, rest.next);
        self.about(finding, message, "give one of the two duties to somebody else, or let it begin later")
    }

    fn nights(&self) -> Option<CoverageFinding> {
        let held = calendar::held(&self.calendar.nights, self.blocks, limits::NIGHT_DUTY_S);
        let runs = calendar::runs(&held)
            .into_iter()
            .filter_map(|run| Some((Span { start: run.first()?.start, end: run.last()?.end }, run.len())));
        let (warn, fail) = (limits::NIGHTS_IN_A_ROW_WARN, limits::NIGHTS_IN_A_ROW_FAIL);
        let (spans, most) = self.longer(runs.collect(), warn)?;
        let finding = self.standing(NIGHTS, severity(most > fail), &spans);
        let message = format!(
            "{} has up to {most} nights in a row{}; more than {warn} are too many, more than {fail} fail",
            self.name(),
            self.scope.when(&spans),
        );
        Some(self.about(finding, message, "let nights change hands by the day, not by the week"))
    }

    fn weekends(&self) -> Option<CoverageFinding> {
        let held = calendar::held(&self.calendar.weekends, self.blocks, limits::WEEKEND_DUTY_S);
        let (warn, fail) = (limits::WEEKENDS_OF_FOUR_WARN, limits::WEEKENDS_OF_FOUR_FAIL);
        let (spans, most) = self.longer(calendar::crowded(&held, warn), warn)?;
        let finding = self.standing(WEEKENDS, severity(most > fail), &spans);
        let message = format!(
            "{} is on duty on {most} of 4 weekends in a row{}; more than {warn} are too many, more than {fail} fail",
            self.name(),
            self.scope.when(&spans),
        );
        Some(self.about(finding, message, "let one person hold a whole weekend day, so that others are free"))
    }

    fn days(&self) -> Option<CoverageFinding> {
        let length = |row: &Span| length_s_of(row.start, row.end) - limits::CLOCK_CHANGE_S;
        let rows = duties::rows(self.blocks).into_iter();
        // A day that has begun counts.
        let rows = rows.map(|row| (row, usize::try_from((length(&row) + DAY_S - 1) / DAY_S).unwrap_or(0)));
        let (warn, fail) = (limits::DAYS_IN_A_ROW_WARN, limits::DAYS_IN_A_ROW_FAIL);
        let (spans, most) = self.longer(rows.collect(), warn)?;
        let finding = self.standing(DAYS_IN_A_ROW, severity(most > fail), &spans);
        let message = format!(
            "{} has no {} h of rest in up to {most} days{}; more than {warn} days are too many, more than {fail} fail",
            self.name(),
            limits::WEEKLY_REST_S / 3_600,
            self.scope.when(&spans),
        );
        Some(self.about(finding, message, "leave a day and a night free in every week"))
    }

    fn holidays(&self, past: &mut Past<'a>, timelines: &Timelines<'_>) -> Vec<CoverageFinding> {
        let Some(person) = self.people.person(self.person) else { return Vec::new() };
        let again = past.again(person, self.blocks, timelines, |day| self.scope.ahead(day));
        again.iter().map(|again| self.holiday(again)).collect()
    }

    fn holiday(&self, again: &Again<'_>) -> CoverageFinding {
        let message = format!(
            "{} is on duty on {} ({}), as the year before ({})",
            self.name(),
            again.holiday.name,
            again.holiday.date,
            again.before,
        );
        let finding = self.timed(HOLIDAY, CoverageSeverity::Warn, again.day);
        self.about(finding, message, "give the day to somebody who was free on it the year before")
    }

    /// The stretches of the days ahead that hold more than `limit`, and the most that one holds.
    fn longer(&self, counted: Vec<(Span, usize)>, limit: usize) -> Option<(Vec<Span>, usize)> {
        let ahead = |(span, count): &(Span, usize)| *count > limit && self.scope.ahead(*span);
        let long: Vec<(Span, usize)> = counted.into_iter().filter(ahead).collect();
        let most = long.iter().map(|(_, count)| *count).max()?;
        Some((long.into_iter().map(|(span, _)| span).collect(), most))
    }

    fn standing(&self, rule: &str, severity: CoverageSeverity, spans: &[Span]) -> CoverageFinding {
        self.scope.standing(rule, severity, self.people.id(self.person).as_str(), spans)
    }
}

const fn severity(fails: bool) -> CoverageSeverity {
    if fails { CoverageSeverity::Fail } else { CoverageSeverity::Warn }
}

fn length_s_of(start: Timestamp, end: Timestamp) -> i64 {
    (end.as_second() - start.as_second()).max(0)
}

/// `9 h`, `9 h 30 min`, `no time`.
fn hours(seconds: i64) -> String {
    match (seconds / 3_600, seconds % 3_600 / 60) {
        (0, 0) => "no time".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
