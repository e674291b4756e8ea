//! From targets to people, at an instant.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::escalation::Target;
use crate::id::PersonId;
use crate::org::Role;
use crate::{invariants, oncall};

/// Whom targets reach at an instant, and which of them reach nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    /// Each person once, in the order of the targets.
    pub people: Vec<PersonId>,
    /// Why a target reaches nobody, in words that a person can act on.
    pub holes: Vec<String>,
    /// Who learns from the people whom schedules put on call: to be told, and never counted.
    pub shadows: Vec<PersonId>,
}

/// Resolves `targets` at `at_us`, microseconds since the epoch.
///
/// People without any usable contact method count as a hole: a page for them could not be sent.
pub fn resolve(config: &Config, targets: &[Target], at_us: i64) -> Reached {
    let mut reached = Reached::default();
    if targets.is_empty() {
        reached.holes.push("the policy names nobody".to_owned());
    }
    let mut seen = BTreeSet::new();
    for target in targets {
        let people = people_of(config, target, at_us, &mut reached.shadows);
        if let Err(hole) = &people {
            reached.holes.push(hole.clone());
        }
        for person in people.unwrap_or_default() {
            match usable(config, &person) {
                Ok(()) if seen.insert(person.clone()) => reached.people.push(person),
                Ok(()) => {}
                Err(hole) => reached.holes.push(hole),
            }
        }
    }
    reached.shadows.retain(|person| !seen.contains(person) && usable(config, person).is_ok());
    debug_assert!(invariants::reached(targets, &reached).is_empty(), "{targets:?} reach nobody, silently");
    reached
}

fn people_of(
    config: &Config,
    target: &Target,
    at_us: i64,
    shadows: &mut Vec<PersonId>,
) -> Result<Vec<PersonId>, String> {
    let organisation = &config.organisation;
    match target {
        Target::Person(id) => Ok(vec![id.clone()]),
        Target::Role(id) => {
            let role =
                organisation.roles.get(id).ok_or_else(|| format!("role {id} is not in the organisation"))?;
            if role.holders.is_empty() {
                Err(format!("nobody has the role {id}"))
            } else {
                Ok(present_holders(config, role, at_us))
            }
        }
        Target::Deputy { role: id, place } => {
            let role =
                organisation.roles.get(id).ok_or_else(|| format!("role {id} is not in the organisation"))?;
            let deputies = place.checked_sub(1).and_then(|index| role.deputies.get(index..));
            let deputies = deputies.filter(|deputies| !deputies.is_empty());
            let deputies = deputies.ok_or_else(|| format!("role {id} has no deputy {place}"))?;
            let present = deputies.iter().find(|person| !config.is_away(person, at_us));
            Ok(present.or(deputies.first()).into_iter().cloned().collect())
        }
        Target::Schedule(id) => {
            let schedule = config
                .schedules
                .get(id)
                .ok_or_else(|| format!("schedule {id} is not in the configuration"))?;
            let at = jiff::Timestamp::from_microsecond(at_us).map_err(|error| error.to_string())?;
            let on_call = oncall::on_call(schedule, config.overrides_of(id), at);
            let learn = on_call.shadows.into_iter().filter(|person| !shadows.contains(person));
            let learn: Vec<PersonId> = learn.collect();
            shadows.extend(learn);
            if on_call.people.is_empty() {
                Err(format!("schedule {id} has nobody on call"))
            } else {
                Ok(on_call.people)
            }
        }
    }
}

/// The holders of a role; for each who is away, the next deputy who is not. Whoever is away is still reached
/// where no deputy is left: somebody who may look is better than nobody.
fn present_holders(config: &Config, role: &Role, at_us: i64) -> Vec<PersonId> {
    let away = |person: &PersonId| config.is_away(person, at_us);
    let mut people: Vec<PersonId> = Vec::new();
    for holder in &role.holders {
        let stand_in = || {
            let free = |deputy: &&PersonId| {
                !away(deputy) && !people.contains(deputy) && !role.holders.contains(deputy)
            };
            role.deputies.iter().find(free)
        };
        let person = if away(holder) { stand_in().unwrap_or(holder) } else { holder };
        people.push(person.clone());
    }
    people
}

fn usable(config: &Config, id: &PersonId) -> Result<(), String> {
    match config.organisation.people.get(id) {
        None => Err(format!("{id} is not in the organisation")),
        Some(person) if person.plan().is_empty() => {
            Err(format!("{} has no usable contact method", person.name))
        }
        Some(_) => Ok(()),
    }
}
