//! From documents to the configuration that decisions read.

mod accepted;
mod address;
mod expressions;
mod holidays;
mod integrations;
mod organisation;
mod policies;
mod routing;
mod schedules;
mod targets;
mod weak;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::findings::{File, Findings, Spot};
use super::names::closest;
use super::read::Documents;
use super::rules;
use super::yaml::{At, Place};
use crate::config::Config;
use crate::duration::DurationS;

/// Where things of the configuration are written, for findings about the whole.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    pub(super) people: BTreeMap<String, Spot<'a>>,
    pub(super) roles: BTreeMap<String, Spot<'a>>,
    pub(super) holidays: BTreeMap<String, Spot<'a>>,
    pub(super) schedules: BTreeMap<String, Spot<'a>>,
    pub(super) policies: BTreeMap<String, Spot<'a>>,
    /// By policy and level.
    pub(super) levels: BTreeMap<(String, crate::escalation::Level), Spot<'a>>,
    /// By policy, level and step, from 1.
    pub(super) steps: BTreeMap<(String, crate::escalation::Level, usize), Spot<'a>>,
    /// In the order of [`Config::accepted`].
    pub(super) accepted: Vec<Spot<'a>>,
}

/// Compiles a pack. What cannot be compiled is left out and reported.
pub(super) fn compile<'a>(documents: &Documents<'a>, findings: &mut Findings) -> (Config, Places<'a>) {
    let mut places = Places::default();
    let names = Names::of(documents);
    let organisation = organisation::compile(documents, &names, &mut places, findings);
    let holidays = holidays::compile(documents, &mut places, findings);
    let schedules = schedules::compile(documents, &names, &holidays, &mut places, findings);
    let policies = policies::compile(documents, &names, &mut places, findings);
    let routing = routing::compile(documents, &names, findings);
    let integrations = integrations::compile(documents, findings);
    let accepted = accepted::compile(documents, &names, &organisation.zone, &mut places, findings);
    let config = Config {
        organisation,
        holidays,
        schedules,
        policies: policies.into_iter().map(|policy| (policy.name.clone(), Arc::new(policy))).collect(),
        routing,
        integrations,
        accepted,
        ..Config::default()
    };
    weak::check(documents, &config, &places, findings);
    (config, places)
}

/// Every name that something may refer to, also of things that are wrong in themselves: one mistake gives
/// one finding.
struct Names<'a> {
    people: Vec<&'a str>,
    roles: Vec<&'a str>,
    holidays: Vec<&'a str>,
    schedules: Vec<&'a str>,
    policies: Vec<&'a str>,
    teams: Vec<&'a str>,
    integrations: Vec<&'a str>,
    /// Certificates that somebody has.
    certificates: Vec<&'a str>,
    /// How many deputies each role has.
    deputies: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn of(documents: &'a Documents<'_>) -> Self {
        let roles = || documents.roles.iter().map(|(_, role)| &role.value);
        let integrations = documents.integrations.iter().flat_map(|read| read.body.integrations.iter());
        Self {
            people: documents.people.iter().map(|(_, person)| person.value.id.value.as_str()).collect(),
            roles: roles().map(|role| role.id.value.as_str()).collect(),
            holidays: documents.holidays.iter().map(|read| read.body.id.value.as_str()).collect(),
            schedules: documents.schedules.iter().map(|read| read.body.id.as_str()).collect(),
            policies: documents.escalations.iter().map(|read| read.body.name.value.as_str()).collect(),
            teams: (documents.organisations.iter())
                .flat_map(|read| read.body.teams.iter().map(|team| team.value.as_str()))
                .collect(),
            integrations: integrations.map(|text| text.value.id.value.as_str()).collect(),
            certificates: (documents.people.iter())
                .flat_map(|(_, person)| person.value.certified.iter().map(|held| held.value.id.as_str()))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            deputies: roles().map(|role| (role.id.value.as_str(), role.deputies.0.len())).collect(),
        }
    }
}

/// The longest name of something that is referred to.
const MOST_ID_CHARS: usize = 64;

/// Checks the name of something that is referred to, and that nothing else of its kind has it.
fn define<'a>(
    file: File<'a>,
    id: &At<String>,
    what: &str,
    seen: &mut BTreeMap<String, Spot<'a>>,
    findings: &mut Findings,
) -> bool {
    let spot = file.at(id.place());
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if id.value.is_empty() || id.value.len() > MOST_ID_CHARS || !id.value.chars().all(letters) {
        let message = format!("`{}` is not a name for a {what}", id.value);
        findings.error(spot, rules::ID, message).suggestion =
            Some(format!("use a to z, 0 to 9, `_` and `-`, at most {MOST_ID_CHARS}"));
        return false;
    }
    if let Some(first) = seen.get(&id.value) {
        let message = format!(
            "the {what} `{}` is defined twice; first at {}:{}",
            id.value, first.file.path, first.place.line
        );
        findings.error(spot, rules::DUPLICATE, message);
        return false;
    }
    seen.insert(id.value.clone(), spot);
    true
}

/// A length of time that must be more than none, in seconds.
fn some_time(file: File<'_>, at: &At<DurationS>, what: &str, findings: &mut Findings) -> i64 {
    if at.value.is_zero() {
        let message = format!("{what} of 0s leaves no time; write at least 1s");
        findings.error(file.at(at.place()), rules::DURATION, message);
    }
    at.value.as_secs_i64()
}

/// Whether a zone is known.
fn zone(file: File<'_>, at: &At<String>, findings: &mut Findings) {
    known_zone(file.at(at.place()), &at.value, findings);
}

fn known_zone(spot: Spot<'_>, name: &str, findings: &mut Findings) {
    let zones = jiff::tz::db();
    if zones.get(name).is_ok() {
        return;
    }
    let known: BTreeSet<String> = zones.available().map(|zone| zone.as_str().to_owned()).collect();
    let tail = |zone: &str| zone.rsplit('/').next().map(str::to_lowercase);
    let near = closest(name, known.iter().map(String::as_str))
        .or_else(|| known.iter().map(String::as_str).find(|zone| tail(zone) == tail(name)));
    findings.error(spot, rules::ZONE, format!("`{name}` is not an IANA time zone")).suggestion = near
        .map_or_else(
            || Some("write for example Europe/Stockholm".to_owned()),
            |near| Some(format!("did you mean `{near}`?")),
        );
}

/// The place of a document as a whole.
fn whole(file: File<'_>) -> Spot<'_> {
    file.at(Place::START)
}
