//! Round robin: steps that go to the next of their targets with every new incident.
//!
//! Each such step of a policy has a counter, kept in the stream `turns:<policy>`. An incident that starts the
//! step takes the number in the same transaction, so that no two incidents have the same turn, and a replay
//! gives everybody the turns they had.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::targets::{Reached, resolve};
use super::{Level, Policy, Step, Target};
use crate::config::Config;
use crate::id::IncidentId;

/// The counters of one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// The number that the next incident takes, by level and step (from 0); 0 where none was taken.
    next: BTreeMap<(Level, usize), i64>,
}

/// An incident had its turn at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnTaken {
    /// The name of the escalation policy.
    pub policy: String,
    pub level: Level,
    /// Counted from 0 within the level.
    pub step: usize,
    pub incident: IncidentId,
    /// Counted from 0.
    pub number: i64,
}

impl Turns {
    /// The number that a step takes next.
    pub fn next(&self, level: Level, step: usize) -> i64 {
        self.next.get(&(level, step)).copied().unwrap_or(0)
    }

    /// Follows one turn. A number that was taken before moves nothing back.
    pub fn apply(&mut self, taken: &TurnTaken) {
        let next = self.next.entry((taken.level, taken.step)).or_insert(0);
        *next = (*next).max(taken.number.saturating_add(1));
    }
}

impl Policy {
    /// Whether any step goes round.
    pub fn takes_turns(&self) -> bool {
        self.levels.values().flat_map(|level| &level.steps).any(|step| step.round_robin)
    }
}

/// Whom a step reaches whose turn has this number: the people of one entry. An entry is a target, and for a
/// role each holder. One that reaches nobody is passed over, and says so.
pub fn resolve_turn(config: &Config, step: &Step, number: i64, at_us: i64) -> Reached {
    let entries = entries(config, &step.page);
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX).max(1);
    let first = usize::try_from(number.rem_euclid(count)).unwrap_or(0);
    let mut passed_over = Vec::new();
    for entry in entries.iter().cycle().skip(first).take(entries.len()) {
        let mut reached = resolve(config, std::slice::from_ref(entry), at_us);
        passed_over.append(&mut reached.holes);
        if !reached.people.is_empty() {
            return Reached { holes: passed_over, ..reached };
        }
    }
    let nobody = resolve(config, &[], at_us);
    Reached { holes: if passed_over.is_empty() { nobody.holes } else { passed_over }, ..nobody }
}

/// What takes turns at a step, each once.
pub fn entries(config: &Config, page: &[Target]) -> Vec<Target> {
    let mut entries: Vec<Target> = Vec::new();
    for target in page {
        let role = match target {
            Target::Role(id) => config.organisation.roles.get(id),
            _ => None,
        };
        match role.filter(|role| !role.holders.is_empty()) {
            Some(role) => entries.extend(role.holders.iter().cloned().map(Target::Person)),
            None => entries.push(target.clone()),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|entry| seen.insert(entry.clone()));
    entries
}
