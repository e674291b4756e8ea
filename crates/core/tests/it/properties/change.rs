//! Changes of the configuration while cases are open.

use std::collections::BTreeMap;
use std::sync::Arc;

use decurion_core::config::Config;
use decurion_core::escalation::{Answer, Level, Policy, Target};
use decurion_core::oncall;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

/// One change, sound or foolish.
#[derive(Debug, Clone)]
pub(super) enum Change {
    LosesContacts(Index),
    Leaves(Index),
    RoleEmpty(Index),
    RoleGone(Index),
    /// Nobody is on call for a while.
    Gap(Index),
    ScheduleGone(Index),
    LevelGone(Level),
    LevelWithoutSteps(Level),
    Answers(Level, Answer),
    /// Whoever is paged at a level is told at it, too.
    Tells(Level),
    PolicyGone,
    /// All is as it was.
    Mended,
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    let level = || prop::sample::select(Level::ALL.to_vec());
    let answer = prop::sample::select(vec![Answer::Any, Answer::Each, Answer::Told]);
    prop_oneof![
        2 => any::<Index>().prop_map(Change::LosesContacts),
        1 => any::<Index>().prop_map(Change::Leaves),
        2 => any::<Index>().prop_map(Change::RoleEmpty),
        1 => any::<Index>().prop_map(Change::RoleGone),
        2 => any::<Index>().prop_map(Change::Gap),
        1 => any::<Index>().prop_map(Change::ScheduleGone),
        2 => level().prop_map(Change::LevelGone),
        1 => level().prop_map(Change::LevelWithoutSteps),
        2 => (level(), answer).prop_map(|(level, answer)| Change::Answers(level, answer)),
        1 => level().prop_map(Change::Tells),
        1 => Just(Change::PolicyGone),
        3 => Just(Change::Mended),
    ]
}

impl Change {
    pub(super) fn run(&self, config: &mut Config, sound: &Config, now_us: i64) {
        config.version += 1;
        let organisation = &mut config.organisation;
        match self {
            Self::LosesContacts(index) => {
                if let Some(id) = nth(&organisation.people, *index) {
                    organisation.people.get_mut(&id).unwrap().contacts.clear();
                }
            }
            Self::Leaves(index) => {
                if let Some(id) = nth(&organisation.people, *index) {
                    organisation.people.remove(&id);
                }
            }
            Self::RoleEmpty(index) => {
                if let Some(id) = nth(&organisation.roles, *index) {
                    organisation.roles.get_mut(&id).unwrap().holders.clear();
                }
            }
            Self::RoleGone(index) => {
                if let Some(id) = nth(&organisation.roles, *index) {
                    organisation.roles.remove(&id);
                }
            }
            Self::Gap(index) => gap(config, *index, now_us),
            Self::ScheduleGone(index) => {
                if let Some(id) = nth(&config.schedules, *index) {
                    config.schedules.remove(&id);
                }
            }
            Self::PolicyGone => config.policies.clear(),
            Self::Mended => *config = Config { version: config.version, ..sound.clone() },
            Self::LevelGone(_) | Self::LevelWithoutSteps(_) | Self::Answers(..) | Self::Tells(_) => {
                for policy in config.policies.values_mut() {
                    self.run_policy(Arc::make_mut(policy));
                }
            }
        }
    }

    fn run_policy(&self, policy: &mut Policy) {
        match self {
            Self::LevelGone(level) => {
                policy.levels.remove(level);
            }
            Self::LevelWithoutSteps(level) => {
                if let Some(level) = policy.levels.get_mut(level) {
                    level.steps.clear();
                }
            }
            Self::Answers(level, answer) => {
                if let Some(level) = policy.levels.get_mut(level) {
                    level.answer = *answer;
                }
            }
            Self::Tells(level) => {
                if let Some(level) = policy.levels.get_mut(level) {
                    let paged: Vec<Target> = level.steps.iter().flat_map(|step| step.page.clone()).collect();
                    level.tell = paged.into_iter().rev().collect();
                }
            }
            _ => {}
        }
    }
}

fn nth<K: Clone, V>(all: &BTreeMap<K, V>, index: Index) -> Option<K> {
    let keys: Vec<&K> = all.keys().collect();
    (!keys.is_empty()).then(|| (*index.get(&keys)).clone())
}

fn gap(config: &mut Config, index: Index, now_us: i64) {
    let Some(schedule) = nth(&config.schedules, index) else { return };
    let start = Timestamp::from_microsecond(now_us).unwrap();
    let entry = oncall::Override {
        id: format!("ovr_{now_us}").as_str().into(),
        schedule: schedule.clone(),
        start,
        end: start.checked_add(SignedDuration::from_hours(2)).unwrap(),
        change: oncall::Change::Fixed { people: Vec::new() },
        priority: 0,
        author: "somebody".into(),
        reason: String::new(),
    };
    config.overrides.entry(schedule).or_default().push(entry);
}
