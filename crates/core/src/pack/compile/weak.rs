//! What can be applied and is weak all the same.

use std::collections::BTreeSet;

use super::Places;
use crate::config::Config;
use crate::escalation::turns::entries;
use crate::escalation::{Policy, Target};
use crate::id::PersonId;
use crate::oncall::{Layer, Schedule};
use crate::pack::findings::Findings;
use crate::pack::read::{Document, Documents};
use crate::pack::rules;

/// Deputies that a role should have, so that somebody is always left to decide.
const DEPUTIES: usize = 2;

pub(super) fn check(
    documents: &Documents<'_>,
    config: &Config,
    places: &Places<'_>,
    findings: &mut Findings,
) {
    roles(documents, config, findings);
    unused(config, places, findings);
    rounds_of_one(config, places, findings);
    rotations(documents, config, findings);
}

fn roles(documents: &Documents<'_>, config: &Config, findings: &mut Findings) {
    for (file, role) in &documents.roles {
        let text = &role.value;
        let (id, spot) = (&text.id.value, file.at(role.place()));
        let deputies = text.deputies.0.len();
        if text.holders.0.is_empty() {
            let message = format!("nobody holds the role `{id}`; name a stand-in");
            findings.warning(spot, rules::WEAK, message);
        } else if text.stand_in {
            let names: Vec<_> = text.holders.iter().map(|at| person_name(config, &at.value)).collect();
            let message =
                format!("{} stands in for {}, whom the organisation has not", names.join(", "), text.name);
            findings.warning(spot, rules::STAND_IN, message);
        } else if deputies < DEPUTIES {
            let message = format!("the role `{id}` has {deputies} of {DEPUTIES} deputies");
            findings.warning(spot, rules::WEAK, message).suggestion =
                Some("name under `deputies` who decides when the holder cannot".to_owned());
        }
    }
}

fn person_name(config: &Config, id: &str) -> String {
    config
        .organisation
        .people
        .get(&PersonId::new(id))
        .map_or_else(|| id.to_owned(), |person| person.name.clone())
}

fn unused(config: &Config, places: &Places<'_>, findings: &mut Findings) {
    let mut used = BTreeSet::new();
    for target in config.policies.values().flat_map(|policy| targets(policy)) {
        if let Target::Schedule(id) = target {
            used.insert(id);
        }
    }
    for id in config.schedules.keys().filter(|id| !used.contains(id)) {
        if let Some(spot) = places.schedules.get(id.as_str()) {
            let message = format!("no escalation policy uses the schedule `{id}`");
            findings.warning(*spot, rules::WEAK, message);
        }
    }
}

fn targets(policy: &Policy) -> impl Iterator<Item = &Target> {
    policy.levels.values().flat_map(|level| {
        level.steps.iter().flat_map(|step| &step.page).chain(&level.tell).chain(&level.owner)
    })
}

/// Steps that go round among one alone.
fn rounds_of_one(config: &Config, places: &Places<'_>, findings: &mut Findings) {
    for policy in config.policies.values() {
        for (level, rungs) in &policy.levels {
            for (index, step) in rungs.steps.iter().enumerate().filter(|(_, step)| step.round_robin) {
                let spot = places.steps.get(&(policy.name.clone(), *level, index + 1));
                if let Some(spot) = spot.filter(|_| entries(config, &step.page).len() < 2) {
                    let message = "`round_robin` goes round among one; name several targets, or a role with several holders";
                    findings.warning(*spot, rules::WEAK, message);
                }
            }
        }
    }
}

/// People from outside never take turns.
fn rotations(documents: &Documents<'_>, config: &Config, findings: &mut Findings) {
    for document in &documents.schedules {
        outsiders(document, "", &document.body.layers, config, findings);
        for (index, version) in document.body.versions.iter().enumerate() {
            outsiders(document, &format!("versions[{index}]."), &version.layers, config, findings);
        }
    }
}

/// `at` is the path to the layers.
fn outsiders(
    document: &Document<'_, Schedule>,
    at: &str,
    layers: &[Layer],
    config: &Config,
    findings: &mut Findings,
) {
    for (index, layer) in layers.iter().enumerate() {
        for (slot, participants) in layer.rotation.participants.iter().enumerate() {
            for person in participants.people() {
                if config.organisation.people.get(person).is_some_and(|person| person.external) {
                    let path = format!("{at}layers[{index}].rotation.participants[{slot}]");
                    let spot = document.file.at(document.node.along(&path).place);
                    let message = format!("`{person}` is external and takes turns here");
                    findings.warning(spot, rules::WEAK, message);
                }
            }
        }
    }
}
