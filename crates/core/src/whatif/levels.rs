//! Whom each level of each policy would page, from one change of the roster to the next.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::escalation::targets::{Reached, resolve};
use crate::escalation::{Level, LevelPolicy, Policy, Target};
use crate::id::PersonId;
use crate::oncall::shifts;

/// A level of a policy over a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelPlan {
    pub policy: String,
    pub level: Level,
    /// In order, without gap or overlap; neighbours differ.
    pub stretches: Vec<LevelStretch>,
}

/// A stretch in which a level would page the same people, `[start_us, end_us)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelStretch {
    pub start_us: i64,
    pub end_us: i64,
    pub steps: Vec<StepPlan>,
    /// Who is told when the level is engaged.
    pub told: Vec<PersonId>,
    /// Why somebody who should be told is not.
    pub told_holes: Vec<String>,
}

/// Whom a step would page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPlan {
    pub people: Vec<PersonId>,
    /// Why targets of the step reach nobody.
    pub holes: Vec<String>,
    /// How long the step waits for an answer, in seconds.
    pub timeout_s: i64,
}

/// Whom every level of every policy would page over `[from, to)`, resolved as the ladder does.
pub fn levels(config: &Config, from: Timestamp, to: Timestamp) -> Vec<LevelPlan> {
    let plan = |(name, policy): (&String, &std::sync::Arc<Policy>)| {
        let levels = policy.levels.iter().map(|(level, rules)| LevelPlan {
            policy: name.clone(),
            level: *level,
            stretches: stretches(config, rules, from, to),
        });
        levels.collect::<Vec<_>>()
    };
    config.policies.iter().flat_map(plan).collect()
}

fn stretches(config: &Config, rules: &LevelPolicy, from: Timestamp, to: Timestamp) -> Vec<LevelStretch> {
    let mut found: Vec<LevelStretch> = Vec::new();
    let boundaries = changes(config, targets_of(rules), from, to);
    let ends = boundaries.iter().skip(1).copied().chain([to.as_microsecond()]);
    for (start_us, end_us) in boundaries.iter().copied().zip(ends) {
        let next = stretch(config, rules, start_us, end_us);
        let same = |last: &&mut LevelStretch| {
            (&last.steps, &last.told, &last.told_holes) == (&next.steps, &next.told, &next.told_holes)
        };
        match found.last_mut().filter(same) {
            Some(last) => last.end_us = end_us,
            None => found.push(next),
        }
    }
    found
}

fn stretch(config: &Config, rules: &LevelPolicy, start_us: i64, end_us: i64) -> LevelStretch {
    let step = |step: &crate::escalation::Step| {
        let Reached { people, holes, .. } = resolve(config, &step.page, start_us);
        StepPlan { people, holes, timeout_s: step.timeout_s }
    };
    let told =
        if rules.tell.is_empty() { Reached::default() } else { resolve(config, &rules.tell, start_us) };
    LevelStretch {
        start_us,
        end_us,
        steps: rules.steps.iter().map(step).collect(),
        told: told.people,
        told_holes: told.holes,
    }
}

/// Everything that a level may page or tell.
pub(super) fn targets_of(rules: &LevelPolicy) -> impl Iterator<Item = &Target> {
    rules.steps.iter().flat_map(|step| &step.page).chain(&rules.tell)
}

/// The instants of `[from, to)` at which targets may reach other people than just before, beginning with
/// `from`, microseconds since the epoch, in order.
pub(super) fn changes<'t>(
    config: &Config,
    targets: impl Iterator<Item = &'t Target>,
    from: Timestamp,
    to: Timestamp,
) -> Vec<i64> {
    let schedules: BTreeSet<_> = targets
        .filter_map(|target| match target {
            Target::Schedule(id) => Some(id),
            _ => None,
        })
        .collect();
    let mut instants = BTreeSet::from([from.as_microsecond()]);
    for schedule in schedules.into_iter().filter_map(|id| config.schedules.get(id)) {
        let timeline = shifts(schedule, config.overrides_of(&schedule.id), from, to);
        instants.extend(timeline.iter().map(|shift| shift.start.as_microsecond()));
    }
    // Deputies stand in while somebody is away.
    let edges = config.absences.iter().flat_map(|absence| [absence.start, absence.end]);
    let inside = edges.filter(|edge| (from..to).contains(edge));
    instants.extend(inside.map(Timestamp::as_microsecond));
    instants.into_iter().collect()
}
