//! The organisation: people, roles, how to reach them, and the escalation policies.

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::escalation::{Policy as CorePolicy, Target};
use decurion_core::incident::view::name;
use decurion_core::{escalation, org};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::problem::ReadProblems;
use crate::state::ApiState;
use crate::words::{Channel, Level};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(organisation_get))
}

/// People, roles and escalation policies, as the pack in force has them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Organisation {
    pub name: String,
    /// IANA name of the zone in which the organisation works.
    pub zone: String,
    pub people: Vec<Person>,
    pub roles: Vec<OrganisationRole>,
    pub policies: Vec<Policy>,
    /// Counts the changes of configuration.
    pub version: i64,
}

/// Somebody who can be told something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Person {
    pub id: String,
    pub name: String,
    pub title: Option<String>,
    pub team: Option<String>,
    /// IANA name of the zone they live in.
    pub zone: String,
    pub email: Option<String>,
    /// Outside the team: reachable, and never in a rotation.
    pub external: bool,
    /// What they are certified for.
    pub certified: Vec<PersonCertificate>,
    pub contacts: Vec<Contact>,
    pub reachable: bool,
    /// Why they cannot be reached.
    pub why_not: Option<String>,
}

/// A certificate of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonCertificate {
    pub id: String,
    /// The first instant at which it no longer holds; null where it has no end.
    pub until_us: Option<i64>,
}

/// One way to reach somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Contact {
    pub id: String,
    pub channel: Channel,
    /// Of a webhook's URL only the server.
    pub address: String,
    pub enabled: bool,
}

/// A responsibility and who has it, by id.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OrganisationRole {
    pub id: String,
    pub name: String,
    pub holders: Vec<String>,
    /// In the order in which they stand in.
    pub deputies: Vec<String>,
}

/// Who is engaged at which level, when, and what silence does.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Policy {
    pub name: String,
    pub levels: Vec<PolicyLevel>,
    /// A ladder that stayed silent begins again after this time.
    pub repeat_after_s: i64,
}

/// What one level does. Targets are in words that people read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PolicyLevel {
    pub level: Level,
    pub answer: AnswerRule,
    pub owner: Vec<String>,
    pub steps: Vec<PolicyStep>,
    pub tell: Vec<String>,
    pub ack_timeout_s: i64,
    /// CEL expressions over the facts of a case; any one that is true engages the level.
    pub when: Vec<String>,
}

/// One round of pages within a level.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PolicyStep {
    pub page: Vec<String>,
    /// Each new incident pages the next entry of `page` alone; of a role each holder is an entry.
    pub round_robin: bool,
    pub timeout_s: i64,
}

/// Whose answer makes a level answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AnswerRule {
    Any,
    Each,
    Told,
}

/// People, roles and escalation policies
#[utoipa::path(get, path = "/organisation", tag = "organisation", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Organisation), ReadProblems))]
async fn organisation_get(State(state): State<ApiState>, _reader: Reader) -> Json<Organisation> {
    let config = state.engine.config();
    let ids = |people: &[decurion_core::id::PersonId]| people.iter().map(ToString::to_string).collect();
    let roles = config.organisation.roles.values().map(|role| OrganisationRole {
        id: role.id.to_string(),
        name: role.name.clone(),
        holders: ids(&role.holders),
        deputies: ids(&role.deputies),
    });
    Json(Organisation {
        name: config.organisation.name.clone(),
        zone: config.organisation.zone.clone(),
        people: config.organisation.people.values().map(Person::of).collect(),
        roles: roles.collect(),
        policies: config.policies.values().map(|known| policy(known, &config)).collect(),
        version: config.version,
    })
}

impl Person {
    /// A person of the core.
    pub(crate) fn of(person: &org::Person) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            title: person.title.clone(),
            team: person.team.clone(),
            zone: person.zone.clone(),
            email: person.email.clone(),
            external: person.external,
            certified: certified(person),
            contacts: person.contacts.iter().map(Contact::of).collect(),
            reachable: !person.plan().is_empty(),
            why_not: why_unreachable(person),
        }
    }
}

/// Why nobody can reach a person.
pub(crate) fn why_unreachable(person: &org::Person) -> Option<String> {
    let why = match (person.plan().is_empty(), person.contacts.is_empty()) {
        (false, _) => return None,
        (true, true) => "no contact method",
        (true, false) => "every contact method is disabled",
    };
    Some(why.to_owned())
}

impl Contact {
    fn of(contact: &org::Contact) -> Self {
        Self {
            id: contact.id.to_string(),
            channel: contact.channel.into(),
            address: contact.channel.shown(&contact.address),
            enabled: contact.enabled,
        }
    }
}

fn policy(policy: &CorePolicy, config: &Config) -> Policy {
    let texts = |targets: &[Target]| targets.iter().map(|target| target_text(target, config)).collect();
    let levels = policy.levels.iter().map(|(level, rules)| PolicyLevel {
        level: (*level).into(),
        answer: match rules.answer {
            escalation::Answer::Any => AnswerRule::Any,
            escalation::Answer::Each => AnswerRule::Each,
            escalation::Answer::Told => AnswerRule::Told,
        },
        owner: texts(&rules.owner),
        steps: rules
            .steps
            .iter()
            .map(|step| PolicyStep {
                page: texts(&step.page),
                round_robin: step.round_robin,
                timeout_s: step.timeout_s,
            })
            .collect(),
        tell: texts(&rules.tell),
        ack_timeout_s: rules.ack_timeout_s,
        when: rules.when.iter().map(|guard| guard.text().to_owned()).collect(),
    });
    Policy { name: policy.name.clone(), levels: levels.collect(), repeat_after_s: policy.repeat_after_s }
}

/// A target in words: the person's name, the role's name, the schedule's name.
pub(crate) fn target_text(target: &Target, config: &Config) -> String {
    let role_name = |id: &decurion_core::id::RoleId| {
        config.organisation.roles.get(id).map_or_else(|| id.to_string(), |role| role.name.clone())
    };
    match target {
        Target::Person(id) => name(config, id),
        Target::Role(id) => role_name(id),
        Target::Deputy { role, place } => format!("deputy {place} of {}", role_name(role)),
        Target::Schedule(id) => {
            let schedule =
                config.schedules.get(id).map_or_else(|| id.to_string(), |known| known.name.clone());
            format!("on call: {schedule}")
        }
    }
}

/// Every certificate that a person has, the longest of each.
fn certified(person: &decurion_core::org::Person) -> Vec<PersonCertificate> {
    let ids: std::collections::BTreeSet<&str> =
        person.certified.iter().map(|held| held.id.as_str()).collect();
    let until = |id: &str| Some(person.certified_until(id)).filter(|until| *until != jiff::Timestamp::MAX);
    ids.into_iter()
        .map(|id| PersonCertificate {
            id: id.to_owned(),
            until_us: until(id).map(jiff::Timestamp::as_microsecond),
        })
        .collect()
}
