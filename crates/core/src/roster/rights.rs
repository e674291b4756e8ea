//! Who may do something for somebody else, who is told when nobody stands in, and who may stand in.

use crate::access::{Action, Actor, permit};
use crate::config::Config;
use crate::decide::{Context, Refusal};
use crate::escalation::{Level, targets};
use crate::id::PersonId;
use crate::oncall::{Schedule, Slot};

/// Those who run the roster: whoever owns L3 of the policy that is used where nothing is chosen.
pub fn managers(config: &Config, at_us: i64) -> Vec<PersonId> {
    let policy = config.policy(Config::DEFAULT_POLICY);
    let owner = policy.and_then(|policy| policy.levels.get(&Level::L3)).map(|level| level.owner.as_slice());
    owner.map(|owner| targets::resolve(config, owner, at_us).people).unwrap_or_default()
}

/// Whether somebody may act for others: whoever may configure, and those who run the roster.
pub fn is_manager(actor: &Actor, config: &Config, at_us: i64) -> bool {
    permit(actor, Action::Configure).is_ok()
        || actor.person().is_some_and(|person| managers(config, at_us).contains(person))
}

/// Refuses what is neither one's own nor a manager's business.
pub(super) fn acts_for(context: Context<'_>, person: &PersonId, what: &str) -> Result<(), Refusal> {
    let own = context.actor.person() == Some(person);
    if own || is_manager(context.actor, context.config, context.now_us) {
        return Ok(());
    }
    Err(Refusal::new("not_yours", format!("only {person} and those who run the roster may {what}")))
}

/// Whether a person may stand in on a schedule until that moment, and if not, why: members of the team, with
/// every certificate that the schedule asks for.
pub fn may_take(
    config: &Config,
    schedule: &Schedule,
    person: &PersonId,
    until_us: i64,
) -> Result<(), String> {
    let Some(known) = config.organisation.people.get(person) else {
        return Err(format!("{person} is not in the organisation"));
    };
    if known.external {
        return Err(format!("{} is outside of the team and never on duty", known.name));
    }
    let lacks = |certificate: &&String| known.certified_until(certificate).as_microsecond() < until_us;
    match schedule.requires.iter().find(lacks) {
        Some(certificate) => Err(format!("{} is not certified for `{certificate}` until then", known.name)),
        None => Ok(()),
    }
}

/// Everybody who may be asked: who takes turns on the schedule, and, where it asks for certificates, whoever
/// has them.
pub(super) fn candidates(config: &Config, schedule: &Schedule) -> Vec<PersonId> {
    let mut people = pool(schedule);
    if !schedule.requires.is_empty() {
        let others = config.organisation.people.keys().filter(|person| !people.contains(person));
        let others: Vec<PersonId> = others.cloned().collect();
        people.extend(others);
    }
    people
}

/// Everybody who takes turns on a schedule, now or in a roster to come, in the order of its layers. Whoever
/// only learns there does not.
pub(super) fn pool(schedule: &Schedule) -> Vec<PersonId> {
    let layers = schedule.layers.iter().chain(schedule.versions.iter().flat_map(|version| &version.layers));
    let slots = layers.filter(|layer| !layer.shadow).flat_map(|layer| &layer.rotation.participants);
    let mut people = Vec::new();
    for person in slots.flat_map(Slot::people) {
        if !people.contains(person) {
            people.push(person.clone());
        }
    }
    people
}
