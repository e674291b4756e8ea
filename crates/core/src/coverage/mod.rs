//! Who would be reached: every instant at which a level of a policy would reach nobody, found beforehand.
//!
//! The answer changes only where a shift begins or ends, so the check walks from one such instant to the
//! next instead of minute by minute, and is exact all the same.

mod reach;
mod spans;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::escalation::{Level, LevelPolicy};
use crate::id::PersonId;
use reach::Roster;
use spans::Spans;

/// How far ahead people look by default.
pub const DAYS: u32 = 90;

/// Nobody is reached by any step of a level.
pub const LEVEL: &str = "COV-1";
/// A person has no usable contact method.
pub const PERSON: &str = "COV-2";
/// A step reaches nobody and falls through at once; the level still reaches somebody.
pub const STEP: &str = "COV-3";
/// Everybody whom a level would reach was silent at the level below.
pub const SAME: &str = "COV-4";
/// Somebody who should be told when a level is engaged is not reached.
pub const TELL: &str = "COV-5";

/// A hole in who would be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageFinding {
    /// `COV-1` to `COV-5`; docs/packs.md explains each.
    pub rule: String,
    /// The policy, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The level, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The step of the level, from 1, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The person, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// First instant of the hole.
    pub start: Timestamp,
    /// First instant after it, at most the end of the days that were looked at.
    pub end: Timestamp,
    /// Whether it lasts from the first to the last instant that was looked at.
    pub always: bool,
    /// What is wrong and why, with times in the organisation's zone.
    pub message: String,
    /// What would mend it.
    pub mend: String,
}

/// Looks `days` days ahead of `from` (a day is 24 hours here) and gives every hole, worst rule first, then
/// by policy, level and time.
pub fn check(config: &Config, from: Timestamp, days: u32) -> Vec<CoverageFinding> {
    let to = from.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX);
    let roster = Roster::new(config, from, to);
    let mut spans = Spans::new(from, to);
    for (start, end) in roster.stretches() {
        let now = roster.at(start);
        for (name, policy) in &config.policies {
            let mut below = None;
            for (level, rungs) in &policy.levels {
                let silent =
                    below.replace(look(&now, &mut spans, (name.as_str(), *level), rungs, (start, end)));
                spans.compare((name.as_str(), *level), silent.as_ref(), below.as_ref(), (start, end));
            }
        }
    }
    let writer = Writer { zone: zone_of(config), zone_name: &config.organisation.zone };
    let mut findings: Vec<_> = spans.into_holes().into_iter().map(|hole| writer.finding(hole)).collect();
    findings.extend(people(config, from, to));
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    findings
}

fn key(finding: &CoverageFinding) -> impl Ord + '_ {
    (&finding.rule, &finding.policy, finding.level, finding.step, finding.start, &finding.person)
}

/// Records the holes of one level in one stretch, and gives everybody whom it reaches.
fn look(
    now: &reach::Now<'_>,
    spans: &mut Spans,
    place: (&str, Level),
    level: &LevelPolicy,
    stretch: (Timestamp, Timestamp),
) -> BTreeSet<PersonId> {
    let mut everybody = BTreeSet::new();
    let mut empty = Vec::new();
    for (index, step) in level.steps.iter().enumerate() {
        let (people, holes) = now.reach(&step.page);
        if people.is_empty() {
            empty.push((index + 1, holes.join("; ")));
        }
        everybody.extend(people);
    }
    if everybody.is_empty() {
        spans.record(LEVEL, place, None, &why_nobody(&empty), stretch);
    } else {
        for (step, reason) in empty {
            spans.record(STEP, place, Some(step), &reason, stretch);
        }
    }
    for hole in now.reach(&level.tell).1 {
        spans.record(TELL, place, None, &hole, stretch);
    }
    everybody
}

/// The reasons of all steps of a level that reaches nobody, each once.
fn why_nobody(steps: &[(usize, String)]) -> String {
    let reasons: BTreeSet<&str> = steps.iter().map(|(_, reason)| reason.as_str()).collect();
    let reasons: Vec<&str> = reasons.into_iter().filter(|reason| !reason.is_empty()).collect();
    if reasons.is_empty() { "it names nobody".to_owned() } else { reasons.join("; ") }
}

/// Everybody without a usable contact method.
fn people(config: &Config, from: Timestamp, to: Timestamp) -> impl Iterator<Item = CoverageFinding> {
    config.organisation.people.values().filter(|person| person.plan().is_empty()).map(move |person| {
        let why =
            if person.contacts.is_empty() { "no contact method" } else { "only disabled contact methods" };
        CoverageFinding {
            rule: PERSON.to_owned(),
            policy: None,
            level: None,
            step: None,
            person: Some(person.id.clone()),
            start: from,
            end: to,
            always: true,
            message: format!("{} has {why} and is never reached", person.name),
            mend: format!("enable a contact of `{}`; the mailbox needs no provider", person.id),
        }
    })
}

fn zone_of(config: &Config) -> TimeZone {
    TimeZone::get(&config.organisation.zone).unwrap_or(TimeZone::UTC)
}

/// Puts holes into words.
struct Writer<'a> {
    zone: TimeZone,
    zone_name: &'a str,
}

impl Writer<'_> {
    fn finding(&self, hole: spans::Hole) -> CoverageFinding {
        let what = match hole.rule {
            LEVEL => format!("{} of `{}` reaches nobody", hole.level, hole.policy),
            STEP => {
                format!(
                    "step {} of {} of `{}` reaches nobody",
                    hole.step.unwrap_or(1),
                    hole.level,
                    hole.policy
                )
            }
            TELL => format!("{} of `{}` does not tell everybody it should", hole.level, hole.policy),
            _ => format!("{} of `{}` reaches only people who were silent below", hole.level, hole.policy),
        };
        let mut message = what;
        if !hole.always {
            // Writing to a String cannot fail.
            let _ = write!(message, " {}", self.when(hole.start, hole.end));
        }
        let _ = write!(message, ": {}", hole.reason);
        CoverageFinding {
            rule: hole.rule.to_owned(),
            mend: mend(hole.rule, hole.always).to_owned(),
            policy: Some(hole.policy),
            level: Some(hole.level),
            step: hole.step,
            person: None,
            start: hole.start,
            end: hole.end,
            always: hole.always,
            message,
        }
    }

    fn when(&self, start: Timestamp, end: Timestamp) -> String {
        let wall = |at: Timestamp| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        format!("from {} to {} {}", wall(start), wall(end), self.zone_name)
    }
}

fn mend(rule: &str, always: bool) -> &'static str {
    match (rule, always) {
        (LEVEL, false) => "put somebody on call by an override, or add a layer or a step for that time",
        (LEVEL, true) => "name somebody under `page` who can be reached",
        (STEP, _) => "name a target for the step that is always reachable, or leave the step out",
        (TELL, _) => "name a holder of the role, or take the target off `tell`",
        _ => "name somebody else in a step of the higher level, such as a deputy",
    }
}
