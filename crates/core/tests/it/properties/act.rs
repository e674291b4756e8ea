//! Things that happen to a world, chosen by chance.

use std::collections::BTreeMap;

use decurion_core::access::{AccountRole, Actor};
use decurion_core::config::Config;
use decurion_core::decide::{Command, State, Stop, Timer, timer_command};
use decurion_core::escalation::Level;
use decurion_core::id::{IncidentId, PersonId};
use decurion_core::incident::{self, Classification, Disposition, Severity};
use decurion_core::intake::{Action, AlertSeverity, Event};
use decurion_core::journal::StreamId;
use decurion_core::notify::{self, Outcome};
use proptest::prelude::*;
use proptest::sample::Index;

use super::change::{self, Change};
use crate::world::{S, World};

/// One thing that happens. What it is about is chosen among what is there.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Signal(Signal),
    Ask {
        who: Who,
        incident: Index,
        what: Ask,
    },
    /// The next deadlines come, in time.
    Wait {
        seconds: i64,
    },
    /// Time passes and nothing fires: the process was down.
    Sleep {
        seconds: i64,
    },
    Fire {
        which: Index,
        how: Firing,
    },
    Report {
        which: Index,
        attempt: u32,
        outcome: Outcome,
    },
    Change(Change),
}

#[derive(Debug, Clone)]
pub(super) struct Signal {
    action: Action,
    key: u8,
    severity: AlertSeverity,
    label: Option<(&'static str, &'static str)>,
    expires_s: Option<i64>,
}

#[derive(Debug, Clone)]
pub(super) enum Who {
    Person(Index),
    /// Somebody who was asked.
    Asked(Index),
    /// An account that is nobody of the organisation.
    Account,
    Stranger,
}

#[derive(Debug, Clone)]
pub(super) enum Ask {
    Acknowledge,
    Classify(Classification),
    Raise(Level),
    Lower(Level),
    Consent,
    Snooze(i64),
    Reassign(Index),
    ReassignStranger,
    Note,
    Link,
    Resolve(Disposition),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Firing {
    Due,
    Early,
    Stale,
    Twice,
}

pub(super) fn sequence(length: usize) -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), 1..length)
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => signal().prop_map(Act::Signal),
        8 => (who(), any::<Index>(), ask()).prop_map(|(who, incident, what)| Act::Ask { who, incident, what }),
        2 => (1_i64..4_000).prop_map(|seconds| Act::Wait { seconds }),
        1 => (0_i64..5_000).prop_map(|seconds| Act::Sleep { seconds }),
        6 => (any::<Index>(), firing()).prop_map(|(which, how)| Act::Fire { which, how }),
        5 => (any::<Index>(), 1_u32..8, outcome())
            .prop_map(|(which, attempt, outcome)| Act::Report { which, attempt, outcome }),
        2 => change::change().prop_map(Act::Change),
    ]
}

fn signal() -> impl Strategy<Value = Signal> {
    let action =
        prop_oneof![6 => Just(Action::Trigger), 1 => Just(Action::Acknowledge), 2 => Just(Action::Resolve)];
    let severity = prop::sample::select(vec![
        AlertSeverity::Critical,
        AlertSeverity::Error,
        AlertSeverity::Warning,
        AlertSeverity::Info,
    ]);
    let labels = vec![("group", "a"), ("group", "b"), ("customer_facing", "true"), ("company_wide", "true")];
    let label = prop::option::of(prop::sample::select(labels));
    let expires_s = prop::option::weighted(0.3, 1_i64..5_000);
    (action, 0_u8..4, severity, label, expires_s).prop_map(|(action, key, severity, label, expires_s)| {
        Signal { action, key, severity, label, expires_s }
    })
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        3 => any::<Index>().prop_map(Who::Person),
        4 => any::<Index>().prop_map(Who::Asked),
        1 => Just(Who::Account),
        1 => Just(Who::Stranger),
    ]
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(Level::ALL.to_vec())
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        6 => Just(Ask::Acknowledge),
        4 => classification().prop_map(Ask::Classify),
        2 => level().prop_map(Ask::Raise),
        3 => level().prop_map(Ask::Lower),
        3 => Just(Ask::Consent),
        2 => (-10_i64..4_000).prop_map(Ask::Snooze),
        2 => any::<Index>().prop_map(Ask::Reassign),
        1 => Just(Ask::ReassignStranger),
        1 => Just(Ask::Note),
        1 => Just(Ask::Link),
        1 => prop::sample::select(Disposition::ALL.to_vec()).prop_map(Ask::Resolve),
    ]
}

fn classification() -> impl Strategy<Value = Classification> {
    let severity = prop::sample::select(vec![Severity::Sev1, Severity::Sev2, Severity::Sev3, Severity::Sev4]);
    let flag = || prop::option::weighted(0.3, any::<bool>());
    let disposition = prop::option::weighted(0.2, prop::sample::select(Disposition::ALL.to_vec()));
    let fact = prop::option::weighted(0.1, 0_i64..3);
    (prop::option::of(severity), flag(), flag(), disposition, flag(), fact).prop_map(
        |(severity, customer_facing, company_wide, disposition, contained, fact)| Classification {
            severity,
            customer_facing,
            company_wide,
            disposition,
            contained,
            facts: fact.map(|count| ("records_affected".to_owned(), count.into())).into_iter().collect(),
            reason: None,
        },
    )
}

fn firing() -> impl Strategy<Value = Firing> {
    prop_oneof![
        6 => Just(Firing::Due),
        1 => Just(Firing::Early),
        1 => Just(Firing::Stale),
        1 => Just(Firing::Twice),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Delivered { answer: "250".to_owned() }),
        Just(Outcome::Sent { answer: "201".to_owned(), receipt: "SM1".to_owned() }),
        (any::<bool>(), proptest::option::of(0_i64..2_000)).prop_map(|(permanent, retry_after_s)| {
            Outcome::Failed { answer: "no".to_owned(), permanent, retry_after_s }
        }),
    ]
}

impl Act {
    /// Lets it happen. Refusals are answers; everything else is a fault.
    pub(super) fn run(&self, world: &mut World, sound: &Config) {
        match self {
            Self::Signal(signal) => signal.run(world),
            Self::Ask { who, incident, what } => {
                let incidents = world.incidents();
                if !incidents.is_empty() {
                    let id = incident.get(&incidents).clone();
                    let actor = who.actor(world, &id);
                    let command = what.command(world);
                    order(world, &actor, &StreamId::incident(&id), &command.into());
                }
            }
            Self::Wait { seconds } => world.wait(*seconds),
            Self::Sleep { seconds } => world.now_us += seconds * S,
            Self::Fire { which, how } => fire(world, *which, *how),
            Self::Report { which, attempt, outcome } => report(world, *which, *attempt, outcome),
            Self::Change(change) => change.run(&mut world.config, sound, world.now_us),
        }
    }
}

fn order(world: &mut World, actor: &Actor, stream: &StreamId, command: &Command) {
    match world.run(actor, stream, command) {
        Ok(_) | Err(Stop::Refused(_)) => {}
        Err(Stop::Need(stream)) => panic!("{stream} is loaded"),
    }
}

impl Signal {
    fn run(&self, world: &mut World) {
        let event = Event {
            action: self.action,
            dedup_key: self.key.to_string(),
            title: format!("alert {}", self.key),
            description: None,
            severity: self.severity,
            source: "host".into(),
            labels: self
                .label
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect::<BTreeMap<_, _>>(),
            links: Vec::new(),
            expires_at_us: self.expires_s.map(|seconds| world.now_us + seconds * S),
        };
        world.event(event);
    }
}

impl Who {
    fn actor(&self, world: &World, incident: &IncidentId) -> Actor {
        let everybody: Vec<PersonId> = world.config.organisation.people.keys().cloned().collect();
        let asked: Vec<PersonId> =
            world.incident(incident).open_pages().map(|(_, person, _)| person.clone()).collect();
        let account = |person| Actor::Account { id: "acc".into(), person, role: AccountRole::Responder };
        match self {
            Self::Asked(index) if !asked.is_empty() => Actor::Link { person: index.get(&asked).clone() },
            Self::Person(index) | Self::Asked(index) if !everybody.is_empty() => {
                account(Some(index.get(&everybody).clone()))
            }
            Self::Stranger => account(Some("stranger".into())),
            _ => account(None),
        }
    }
}

impl Ask {
    fn command(&self, world: &World) -> incident::Command {
        use incident::Command;
        let reason = || "a reason".to_owned();
        let everybody: Vec<PersonId> = world.config.organisation.people.keys().cloned().collect();
        match self {
            Self::Acknowledge => Command::Acknowledge { via: "link" },
            Self::Classify(classification) => Command::Classify(Box::new(classification.clone())),
            Self::Raise(level) => Command::Raise { level: *level, reason: None },
            Self::Lower(level) => Command::Lower { level: *level, reason: reason() },
            Self::Consent => Command::ConsentToLower,
            Self::Snooze(seconds) => Command::Snooze { until_us: world.now_us + seconds * S },
            Self::Reassign(index) if !everybody.is_empty() => {
                Command::Reassign { person: index.get(&everybody).clone(), reason: None }
            }
            Self::Reassign(_) | Self::ReassignStranger => {
                Command::Reassign { person: "stranger".into(), reason: None }
            }
            Self::Note => Command::Note { text: "a note".to_owned() },
            Self::Link => Command::Link { href: "https://example.org".to_owned(), text: "there".to_owned() },
            Self::Resolve(disposition) => {
                Command::Resolve { disposition: *disposition, reason: Some(reason()) }
            }
        }
    }
}

fn fire(world: &mut World, which: Index, how: Firing) {
    let waiting = world.waiting();
    if waiting.is_empty() {
        return;
    }
    let (mut timer, stream): (Timer, StreamId) = which.get(&waiting).clone();
    match how {
        Firing::Early => {}
        Firing::Stale => timer.generation -= 1,
        Firing::Due | Firing::Twice => world.now_us = world.now_us.max(timer.due_us),
    }
    let command = timer_command(&stream, &timer, None).unwrap();
    order(world, &Actor::System, &stream, &command);
    if matches!(how, Firing::Twice) {
        order(world, &Actor::System, &stream, &command);
    }
}

fn report(world: &mut World, which: Index, attempt: u32, outcome: &Outcome) {
    let messages: Vec<_> = world
        .streams
        .values()
        .filter_map(|loaded| match &loaded.state {
            State::Page(page) => Some(page),
            _ => None,
        })
        .flat_map(|page| {
            page.notifications.iter().map(|(id, known)| (page.id.clone(), id.clone(), known.attempts))
        })
        .collect();
    if messages.is_empty() {
        return;
    }
    let (page, notification, attempts) = which.get(&messages).clone();
    // Mostly the next attempt, sometimes one that was reported before or was skipped.
    let attempt = if attempt < 6 { attempts + 1 } else { attempt - 5 };
    let command = notify::Command::Report { notification, attempt, outcome: outcome.clone() };
    order(world, &Actor::System, &StreamId::page(&page), &command.into());
}
