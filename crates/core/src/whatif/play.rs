//! Makes the commands that would arrive, in the order of time, and keeps what is decided.

use std::collections::BTreeMap;

use super::WhatIf;
use crate::access::{AccountRole, Actor};
use crate::alert;
use crate::decide::{Command, Context, Loaded, Placed, State, Stop, Timer, execute, timer_command};
use crate::id::{IncidentId, NotificationId, PersonId};
use crate::incident::{self, StepStarted, Told};
use crate::journal::StreamId;
use crate::notify::{self, MessageKind, Outcome, Progress};
use crate::org::Channel;
use crate::record::Record;

/// More than any policy that makes sense leads to; a run that is longer is left there.
const MOST_EVENTS: usize = 4_000;

/// A record and when it was decided.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) at_us: i64,
    pub(super) actor: Actor,
    pub(super) placed: Placed,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    Answered {
        by: PersonId,
    },
    /// Every step of every level has had its time.
    Exhausted,
    /// It was left before it ended.
    Unfinished,
}

/// Everything that was decided.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) records: Vec<Happened>,
    pub(super) ended: Ended,
    /// The last instant that was looked at.
    pub(super) until_us: i64,
}

impl Played {
    /// The instants at which targets were resolved, in order, each once: all that the roster was asked.
    pub(super) fn asked_us(&self) -> Vec<i64> {
        let asks = |happened: &&Happened| {
            matches!(happened.placed.record, Record::IncidentStepStarted(_) | Record::IncidentTold(_))
        };
        let mut instants: Vec<i64> =
            self.records.iter().filter(asks).map(|happened| happened.at_us).collect();
        instants.dedup();
        instants
    }
}

/// What comes next. At one instant messages arrive first, then people answer, then timers fire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    /// `order` is the person's place among those asked: who was named first in a step comes first.
    Message {
        order: usize,
        place: usize,
        page: StreamId,
        notification: NotificationId,
    },
    Answer {
        order: usize,
        person: PersonId,
    },
    Timer {
        stream: StreamId,
        name: String,
        generation: i64,
        due_us: i64,
    },
}

struct Play<'a> {
    what_if: &'a WhatIf<'a>,
    now_us: i64,
    streams: BTreeMap<StreamId, Loaded>,
    records: Vec<Happened>,
    /// Everybody who was paged or told so far, in the order in which the policy names them.
    order: Vec<PersonId>,
    /// Who answers, and when.
    answers: BTreeMap<PersonId, i64>,
    incident: Option<IncidentId>,
}

pub(super) fn play(what_if: &WhatIf<'_>, at_us: i64) -> Played {
    let mut play = Play {
        what_if,
        now_us: at_us,
        streams: BTreeMap::new(),
        records: Vec::new(),
        order: Vec::new(),
        answers: BTreeMap::new(),
        incident: None,
    };
    play.open();
    let ended = play.go_on();
    Played { records: play.records, ended, until_us: play.now_us }
}

impl Play<'_> {
    fn open(&mut self) {
        let case = self.what_if.case;
        let integration = &self.what_if.integration;
        let event = case.event(integration);
        let (stream, mut command) =
            alert::signal(&self.what_if.config, integration, "sig_what_if".into(), event);
        if let alert::Command::Signal(signal) = &mut command {
            let routed = &mut signal.routed;
            routed.severity = case.severity.unwrap_or(routed.severity);
            routed.customer_facing = case.customer_facing.unwrap_or(routed.customer_facing);
            routed.company_wide = case.company_wide.unwrap_or(routed.company_wide);
            routed.policy = case.policy.clone().or_else(|| routed.policy.take());
        }
        let actor = Actor::Integration { id: integration.id.to_string() };
        self.run(&actor, &stream, &command.into());
    }

    fn go_on(&mut self) -> Ended {
        for _ in 0..MOST_EVENTS {
            let Some((due_us, next)) = self.next() else { return Ended::Exhausted };
            self.now_us = self.now_us.max(due_us);
            match next {
                Next::Message { page, notification, .. } => self.message(&page, notification),
                Next::Answer { person, .. } => {
                    self.answer(&person);
                    return Ended::Answered { by: person };
                }
                Next::Timer { name, .. } if name == incident::TimerName::Repeat.to_string() => {
                    return Ended::Exhausted;
                }
                Next::Timer { stream, name, generation, due_us } => {
                    let timer = Timer { name, generation, due_us };
                    if let Some(command) = timer_command(&stream, &timer, None) {
                        self.run(&Actor::System, &stream, &command);
                    }
                }
            }
        }
        Ended::Unfinished
    }

    /// What is due first.
    fn next(&self) -> Option<(i64, Next)> {
        let of_streams = self.streams.iter().flat_map(|(stream, loaded)| {
            let timers = loaded.state.timers().into_iter().map(|timer| {
                let Timer { name, generation, due_us } = timer;
                (due_us, Next::Timer { stream: stream.clone(), name, generation, due_us })
            });
            timers.chain(self.messages(stream, &loaded.state))
        });
        let answers = self.answers.iter().map(|(person, at_us)| {
            (*at_us, Next::Answer { order: self.place_of(person), person: person.clone() })
        });
        of_streams.chain(answers).min()
    }

    /// A message is handed to its channel.
    fn message(&mut self, stream: &StreamId, notification: NotificationId) {
        let Some((attempt, channel, person, asks)) = self.about(stream, &notification) else { return };
        let down = self.what_if.assumptions.channels_down.contains(&channel);
        let outcome = if down {
            Outcome::Failed {
                answer: format!("{} is down", channel.as_str()),
                permanent: false,
                retry_after_s: None,
            }
        } else {
            Outcome::Delivered { answer: String::new() }
        };
        self.run(&Actor::System, stream, &notify::Command::Report { notification, attempt, outcome }.into());
        if !down && asks && self.what_if.assumptions.answers(&person) {
            let reaction_us = self.what_if.assumptions.reaction_s.saturating_mul(1_000_000);
            self.answers.entry(person).or_insert_with(|| self.now_us.saturating_add(reaction_us));
        }
    }

    /// The attempt that a message is at, its channel, its person, and whether an answer is asked for.
    fn about(&self, stream: &StreamId, id: &NotificationId) -> Option<(u32, Channel, PersonId, bool)> {
        let State::Page(page) = &self.streams.get(stream)?.state else { return None };
        let message = page.notifications.get(id)?;
        let channel = page.plan.get(message.place)?.channel;
        Some((message.attempts + 1, channel, page.person.clone(), page.kind == MessageKind::Page))
    }

    fn answer(&mut self, person: &PersonId) {
        let Some(incident) = self.incident.clone() else { return };
        let actor = Actor::Account {
            id: person.to_string(),
            person: Some(person.clone()),
            role: AccountRole::Responder,
        };
        let command = incident::Command::Acknowledge { via: "link" };
        self.run(&actor, &StreamId::incident(&incident), &command.into());
    }

    /// Decides, as the writer does: a stream that is not in memory has no record yet.
    fn run(&mut self, actor: &Actor, stream: &StreamId, command: &Command) {
        let context = Context { now_us: self.now_us, actor, config: &self.what_if.config };
        loop {
            match execute(&self.streams, context, stream, command.clone()) {
                Err(Stop::Need(missing)) => {
                    self.streams.insert(missing.clone(), Loaded::empty(&missing));
                }
                // A timer that was moved in between is refused, and is read anew from the state.
                Err(Stop::Refused(_)) => return,
                Ok(outcome) => {
                    for placed in outcome.records {
                        self.keep(actor, placed);
                    }
                    self.streams.extend(outcome.streams);
                    return;
                }
            }
        }
    }

    /// The messages of a page that are to be sent, and when.
    fn messages(&self, stream: &StreamId, state: &State) -> Vec<(i64, Next)> {
        let State::Page(page) = state else { return Vec::new() };
        let due = |(id, message): (&NotificationId, &notify::Notification)| match message.progress {
            Progress::Due { at_us } if page.is_open() => {
                let (order, place) = (self.place_of(&page.person), message.place);
                Some((at_us, Next::Message { order, place, page: stream.clone(), notification: id.clone() }))
            }
            _ => None,
        };
        page.notifications.iter().filter_map(due).collect()
    }

    fn place_of(&self, person: &PersonId) -> usize {
        self.order.iter().position(|other| other == person).unwrap_or(usize::MAX)
    }

    fn keep(&mut self, actor: &Actor, placed: Placed) {
        match &placed.record {
            Record::IncidentOpened(opened) => self.incident = Some(opened.incident.clone()),
            Record::IncidentStepStarted(StepStarted { pages, .. })
            | Record::IncidentTold(Told { pages, .. }) => {
                let new = pages.iter().map(|page| &page.person);
                let new: Vec<_> = new.filter(|person| !self.order.contains(person)).cloned().collect();
                self.order.extend(new);
            }
            _ => {}
        }
        self.records.push(Happened { at_us: self.now_us, actor: actor.clone(), placed });
    }
}
