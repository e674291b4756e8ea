//! Whether everybody can be paged at all.

use std::collections::BTreeSet;

use super::finding::{CoverageFinding, CoverageSeverity, PERSON, VERIFIED};
use super::ladder::Ladder;
use super::people::{P, People};
use super::scope::Scope;
use super::timelines::Timelines;
use crate::config::Config;
use crate::org::Person;

/// Everybody without a usable contact method, and without a verified one where it is known which are.
pub(super) fn check(
    config: &Config,
    ladders: &[Ladder<'_>],
    timelines: &Timelines<'_>,
    people: &mut People<'_>,
    scope: &Scope<'_>,
) -> Vec<CoverageFinding> {
    let turns = timelines.all.iter().flat_map(|line| line.pool.iter().copied());
    let paged: BTreeSet<P> = ladders.iter().flat_map(Ladder::standing).chain(turns).collect();
    let mut findings = Vec::new();
    for person in config.organisation.people.values() {
        let is_paged = paged.contains(&people.number(&person.id));
        if person.plan().is_empty() {
            findings.push(unusable(person, is_paged, scope));
        } else if is_paged && !has_verified(config, person) {
            findings.push(unverified(person, scope));
        }
    }
    findings
}

/// Whether a page would go over a contact that was verified, or nothing is known about that.
fn has_verified(config: &Config, person: &Person) -> bool {
    person.plan().iter().any(|(contact, _)| config.is_verified(&person.id, contact) != Some(false))
}

fn about(person: &Person, finding: CoverageFinding) -> CoverageFinding {
    CoverageFinding { person: Some(person.id.clone()), people: vec![person.id.clone()], ..finding }
}

fn unusable(person: &Person, is_paged: bool, scope: &Scope<'_>) -> CoverageFinding {
    let why = if person.contacts.is_empty() { "no contact method" } else { "only disabled contact methods" };
    let severity = if is_paged { CoverageSeverity::Fail } else { CoverageSeverity::Warn };
    let finding = CoverageFinding {
        message: format!("{} has {why} and is never reached", person.name),
        mend: format!("enable a contact of `{}`; the mailbox needs no provider", person.id),
        ..scope.standing(PERSON, severity, person.id.as_str(), &[])
    };
    about(person, finding)
}

fn unverified(person: &Person, scope: &Scope<'_>) -> CoverageFinding {
    let finding = CoverageFinding {
        message: format!(
            "no contact method of {} was verified: nobody knows whether pages arrive",
            person.name
        ),
        mend: "send a code to one of the contacts and enter it, or enable the mailbox".to_owned(),
        ..scope.standing(VERIFIED, CoverageSeverity::Warn, person.id.as_str(), &[])
    };
    about(person, finding)
}
