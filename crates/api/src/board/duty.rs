//! Who would be paged now, level by level.

use decurion_core::config::Config;
use decurion_core::escalation::{Answer, LevelPolicy, Target, targets};
use decurion_core::id::PersonId;
use decurion_core::incident::view::name;
use decurion_core::oncall;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::organisation::{target_text, why_unreachable};
use crate::words::Level;

/// A level and who answers for it now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyLevel {
    pub level: Level,
    /// The schedule or the roles that hold it.
    pub title: String,
    pub people: Vec<DutyPerson>,
    /// Names of those who stand in, in their order.
    pub deputies: Vec<String>,
    /// `on call`, `standing duty`, or `told, no answer expected`.
    pub note: String,
    /// Why fewer people are reached than should be.
    pub hole: Option<String>,
}

/// Somebody on duty.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyPerson {
    pub person_id: String,
    pub name: String,
    pub reachable: bool,
    pub why_not: Option<String>,
    /// When the duty ends; null for a standing duty.
    pub until_us: Option<i64>,
    /// Who comes then.
    pub next: Option<DutyNext>,
}

/// Who comes next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyNext {
    pub person_id: String,
    pub name: String,
    pub at_us: i64,
}

/// Each level of the default policy.
pub(super) fn levels(config: &Config, now_us: i64) -> Vec<DutyLevel> {
    let Some(policy) = config.policy(Config::DEFAULT_POLICY) else { return Vec::new() };
    policy.levels.iter().map(|(level, rules)| duty(config, (*level).into(), rules, now_us)).collect()
}

fn duty(config: &Config, level: Level, rules: &LevelPolicy, now_us: i64) -> DutyLevel {
    let first = rules.steps.first().map(|step| step.page.as_slice()).unwrap_or_default();
    let holes = targets::resolve(config, first, now_us).holes;
    let titles: Vec<String> = first.iter().map(|target| title(target, config)).collect();
    DutyLevel {
        level,
        title: titles.join(", "),
        people: first.iter().flat_map(|target| people(config, target, now_us)).collect(),
        deputies: deputies(config, rules),
        note: note(rules, first).to_owned(),
        hole: (!holes.is_empty()).then(|| holes.join("; ")),
    }
}

fn title(target: &Target, config: &Config) -> String {
    match target {
        Target::Schedule(id) => {
            config.schedules.get(id).map_or_else(|| id.to_string(), |known| known.name.clone())
        }
        other => target_text(other, config),
    }
}

fn note(rules: &LevelPolicy, first: &[Target]) -> &'static str {
    match (rules.answer, first.iter().any(|target| matches!(target, Target::Schedule(_)))) {
        (Answer::Told, _) => "told, no answer expected",
        (_, true) => "on call",
        (_, false) => "standing duty",
    }
}

fn people(config: &Config, target: &Target, now_us: i64) -> Vec<DutyPerson> {
    let Target::Schedule(id) = target else {
        let organisation = &config.organisation;
        let people = match target {
            Target::Person(id) => vec![id.clone()],
            Target::Role(id) => {
                organisation.roles.get(id).map(|role| role.holders.clone()).unwrap_or_default()
            }
            _ => targets::resolve(config, std::slice::from_ref(target), now_us).people,
        };
        return people.iter().map(|id| person(config, id, None, None)).collect();
    };
    let (Some(schedule), Ok(at)) = (config.schedules.get(id), Timestamp::from_microsecond(now_us)) else {
        return Vec::new();
    };
    let overrides = config.overrides_of(id);
    let now = oncall::on_call(schedule, overrides, at);
    let next = now.until.and_then(|until| {
        let first = oncall::on_call(schedule, overrides, until).people.into_iter().next()?;
        Some(DutyNext {
            name: name(config, &first),
            person_id: first.to_string(),
            at_us: until.as_microsecond(),
        })
    });
    let until_us = now.until.map(Timestamp::as_microsecond);
    now.people.iter().map(|id| person(config, id, until_us, next.clone())).collect()
}

fn person(config: &Config, id: &PersonId, until_us: Option<i64>, next: Option<DutyNext>) -> DutyPerson {
    let known = config.organisation.people.get(id);
    let why_not = known.map_or_else(|| Some("not in the organisation".to_owned()), why_unreachable);
    DutyPerson {
        person_id: id.to_string(),
        name: name(config, id),
        reachable: why_not.is_none(),
        why_not,
        until_us,
        next,
    }
}

/// Those who are paged after the first step, and the deputies of the roles that own the level.
fn deputies(config: &Config, rules: &LevelPolicy) -> Vec<String> {
    let mut found: Vec<PersonId> = Vec::new();
    for target in rules.steps.iter().flat_map(|step| &step.page).chain(&rules.owner) {
        let role = match target {
            Target::Role(role) | Target::Deputy { role, .. } => config.organisation.roles.get(role),
            _ => None,
        };
        for deputy in role.map(|role| role.deputies.as_slice()).unwrap_or_default() {
            if !found.contains(deputy) {
                found.push(deputy.clone());
            }
        }
    }
    found.iter().map(|id| name(config, id)).collect()
}
