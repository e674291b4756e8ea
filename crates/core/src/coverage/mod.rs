//! The proof of coverage: for every level of every policy, at every instant of the days ahead, that somebody
//! is reached, and that people can carry it.
//!
//! The answer changes only where a shift or an absence begins or ends, so the check walks from one such
//! instant to the next instead of minute by minute, and is exact all the same. `people` numbers everybody,
//! `timelines` asks every schedule once, `ladder` says what is wrong at one moment, `reach` walks; `load`,
//! `duty` and `contacts` look at people; `accepted` marks what the organisation lives with.
//!
//! To add a rule: a name in `finding`, a function that gives findings, a call in [`check`], a section in
//! docs/coverage.md.

mod accepted;
mod contacts;
mod duty;
mod finding;
mod ladder;
pub mod limits;
mod load;
mod people;
mod reach;
mod scope;
#[cfg(test)]
mod tests;
mod timelines;

use jiff::Timestamp;

use crate::config::Config;
use ladder::Ladder;
use people::{P, People};
use scope::Scope;
use timelines::Timelines;

pub use accepted::Accepted;
pub use finding::{
    ABSENT, ACCEPTANCE, Acceptance, CERTIFIED, CoverageFinding, CoverageSeverity, DAYS_IN_A_ROW, HOLIDAY,
    LEVEL, NIGHTS, ONE_AWAY, PERSON, REST, SAME, SHARE, STEP, Span, TELL, TWO_AWAY, VERIFIED, WEEKENDS,
    is_key,
};
pub use load::Paged;

/// How far ahead people look by default.
pub const DAYS: u32 = 90;

/// Looks `days` days ahead of `from` (a day is 24 hours here) and gives everything that stands against the
/// coverage: failures first, then by rule, subject and time.
pub fn check(config: &Config, from: Timestamp, days: u32) -> Vec<CoverageFinding> {
    check_after(config, from, days, &[])
}

/// As [`check`], and counts rest from the pages of the last hours as well.
pub fn check_after(config: &Config, from: Timestamp, days: u32, pages: &[Paged]) -> Vec<CoverageFinding> {
    let scope = Scope::new(config, from, days);
    let mut people = People::of(config);
    let timelines = Timelines::new(config, &mut people, scope.first, scope.to);
    let policies = config.policies.values();
    let ladders: Vec<Ladder<'_>> =
        policies.map(|policy| Ladder::new(config, policy, &mut people, &timelines)).collect();
    let pages: Vec<(P, Timestamp)> =
        pages.iter().map(|page| (people.number(&page.person), page.at)).collect();
    let absences: Vec<(P, Timestamp, Timestamp)> =
        config.absences.iter().map(|away| (people.number(&away.person), away.start, away.end)).collect();
    let mut findings = contacts::check(config, &ladders, &timelines, &mut people, &scope);
    for ladder in &ladders {
        findings.extend(reach::check(ladder, &timelines, &absences, &people, &scope));
    }
    findings.extend(load::check(config, &timelines, &people, &pages, &scope));
    findings.extend(duty::certified(&timelines, &people, &scope));
    findings.extend(duty::absent(&timelines, &absences, &people, &scope));
    accepted::mark(config, &mut findings, &scope);
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings
}

fn order(finding: &CoverageFinding) -> impl Ord + '_ {
    let rule = finding::number(&finding.rule);
    (finding.severity, rule, &finding.policy, finding.level, finding.step, finding.start, &finding.key)
}
