//! What a run shows to people: one line for each thing that happened.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::play::{Ended, Happened, Played};
use crate::config::Config;
use crate::escalation::Level;
use crate::id::{NotificationId, PersonId};
use crate::incident::timeline::{Narrator, Sentence};
use crate::incident::{PageRef, Severity};
use crate::notify::{MessageKind, PageDecided};
use crate::org::Channel;
use crate::record::Record;

/// One alert, from its arrival to the first answer or to the end of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// When the alert arrives, microseconds since the epoch.
    pub at_us: i64,
    /// What the routing, or the case, made of it.
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
    pub policy: String,
    /// The routing rule that decided; none where the defaults did.
    pub rule: Option<String>,
    pub end: End,
    /// From the alert to the first answer, in microseconds; none where nobody answered.
    pub to_human_us: Option<i64>,
    /// Who answered first.
    pub answered_by: Option<PersonId>,
    /// The level at which they were asked.
    pub answered_at: Option<Level>,
    /// When the ladder had nobody left to ask, and when it would begin again.
    pub exhausted_us: Option<i64>,
    pub again_us: Option<i64>,
    /// Everybody who was asked for an answer, in the order in which they were.
    pub asked: Vec<PersonId>,
    pub entries: Vec<Entry>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    Answered,
    /// Every step of every level had its time, and nobody answered. A real case would begin again.
    Exhausted,
    /// It was longer than anybody would look at.
    Unfinished,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub at_us: i64,
    pub what: What,
    pub level: Option<Level>,
    /// The step of the level, from 1.
    pub step: Option<usize>,
    /// Who was paged, told, silent, unreachable, or answered.
    pub people: Vec<PersonId>,
    /// The channel of a message.
    pub channel: Option<Channel>,
    /// Until when an answer is awaited, or when it goes on.
    pub until_us: Option<i64>,
    /// Why targets reached nobody.
    pub holes: Vec<String>,
    /// One line in the organisation's zone and names.
    pub text: String,
    pub detail: Option<String>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Opened,
    /// A level takes part.
    Engaged,
    /// A step pages people.
    Paged,
    /// A step reaches nobody and falls through at once.
    FellThrough,
    /// People are told, no answer is expected.
    Told,
    /// A message went out over a channel.
    Sent,
    /// A message could not be sent.
    Failed,
    /// The time of a step is over.
    Silent,
    /// No contact method of somebody works.
    Unreachable,
    /// The ladder has nobody left to ask.
    Exhausted,
    /// Somebody answered.
    Answered,
}

/// Puts what was decided into lines.
pub(super) fn told(config: &Config, played: &Played, at_us: i64) -> Run {
    let mut run = begun(config, played, at_us);
    let mut narrator = Narrator::new(config);
    let mut seen = Seen::default();
    let mut asked = BTreeSet::new();
    for happened in &played.records {
        let sentence = narrator.told(&happened.placed, &happened.actor, happened.at_us);
        seen.learn(&happened.placed.record);
        if let Record::IncidentStepStarted(step) = &happened.placed.record {
            let new = step.pages.iter().filter(|page| asked.insert(page.person.clone()));
            run.asked.extend(new.map(|page| page.person.clone()));
        }
        run.entries.extend(entry(happened, sentence, &seen));
    }
    let exhausted = run.entries.iter().rev().find(|entry| entry.what == What::Exhausted);
    if run.end == End::Exhausted {
        run.exhausted_us = exhausted.map(|entry| entry.at_us);
        run.again_us = exhausted.and_then(|entry| entry.until_us);
    }
    run
}

/// What is known before the lines.
fn begun(config: &Config, played: &Played, at_us: i64) -> Run {
    let opened = played.records.iter().find_map(|happened| match &happened.placed.record {
        Record::IncidentOpened(opened) => Some(opened),
        _ => None,
    });
    let rule = played.records.iter().find_map(|happened| match &happened.placed.record {
        Record::AlertOpened(opened) => opened.rule.clone(),
        _ => None,
    });
    let level = played.records.iter().rev().find_map(|happened| match &happened.placed.record {
        Record::IncidentAcknowledged(acknowledged) => Some(acknowledged.level),
        _ => None,
    });
    let (end, answered_by) = match &played.ended {
        Ended::Answered { by } => (End::Answered, Some(by.clone())),
        Ended::Exhausted => (End::Exhausted, None),
        Ended::Unfinished => (End::Unfinished, None),
    };
    let policy = opened.map(|opened| opened.policy.clone()).unwrap_or_default();
    Run {
        at_us,
        severity: opened.map_or(Severity::Sev3, |opened| opened.severity),
        customer_facing: opened.is_some_and(|opened| opened.customer_facing),
        company_wide: opened.is_some_and(|opened| opened.company_wide),
        policy: config.policy(&policy).map_or(policy, |found| found.name.clone()),
        rule,
        end,
        to_human_us: answered_by.is_some().then_some(played.until_us - at_us),
        answered_by,
        answered_at: level,
        exhausted_us: None,
        again_us: None,
        asked: Vec::new(),
        entries: Vec::new(),
    }
}

/// The pages so far, and the place of each message in the plan of its page.
#[derive(Default)]
struct Seen<'a> {
    pages: BTreeMap<&'a str, &'a PageDecided>,
    places: BTreeMap<&'a NotificationId, usize>,
}

impl<'a> Seen<'a> {
    fn learn(&mut self, record: &'a Record) {
        match record {
            Record::PageDecided(page) => _ = self.pages.insert(page.page.as_str(), page),
            Record::NotificationDecided(message) => {
                self.places.insert(&message.notification, message.place);
            }
            _ => {}
        }
    }
}

/// The line of a record; none for one that says nothing that another line does not.
fn entry(happened: &Happened, sentence: Sentence, seen: &Seen<'_>) -> Option<Entry> {
    let people = |pages: &[PageRef]| pages.iter().map(|page| page.person.clone()).collect::<Vec<_>>();
    let blank = Entry {
        at_us: happened.at_us,
        what: What::Opened,
        level: sentence.level,
        step: None,
        people: Vec::new(),
        channel: None,
        until_us: None,
        holes: Vec::new(),
        text: sentence.text,
        detail: sentence.detail,
    };
    Some(match &happened.placed.record {
        Record::IncidentOpened(_) => blank,
        Record::IncidentLevelEngaged(_) => Entry { what: What::Engaged, ..blank },
        Record::IncidentStepStarted(step) => Entry {
            what: if step.pages.is_empty() { What::FellThrough } else { What::Paged },
            step: Some(step.step + 1),
            people: people(&step.pages),
            until_us: step.deadline_us,
            holes: step.holes.clone(),
            ..blank
        },
        Record::IncidentTold(told) => {
            Entry { what: What::Told, people: people(&told.pages), holes: told.holes.clone(), ..blank }
        }
        Record::IncidentStepSilent(silent) => {
            Entry { what: What::Silent, step: Some(silent.step + 1), people: silent.people.clone(), ..blank }
        }
        Record::IncidentPageUnreachable(lost) => {
            Entry { what: What::Unreachable, people: vec![lost.person.clone()], ..blank }
        }
        Record::IncidentRepeatDue(due) => {
            Entry { what: What::Exhausted, until_us: Some(due.at_us?), ..blank }
        }
        Record::IncidentAcknowledged(acknowledged) => {
            let people = acknowledged.person.clone().into_iter().collect();
            Entry { what: What::Answered, people, ..blank }
        }
        Record::NotificationDelivered(sent) => {
            message(happened, (What::Sent, &sent.notification), seen, blank)?
        }
        Record::NotificationFailed(failed) => {
            let entry = message(happened, (What::Failed, &failed.notification), seen, blank)?;
            Entry { until_us: failed.retry_at_us, ..entry }
        }
        _ => return None,
    })
}

/// The line of a message. Messages that ask for nothing are left to the line that says whom they tell.
fn message(
    happened: &Happened,
    (what, id): (What, &NotificationId),
    seen: &Seen<'_>,
    blank: Entry,
) -> Option<Entry> {
    let page = seen.pages.get(happened.placed.stream.key())?;
    let place = *seen.places.get(id)?;
    (page.kind == MessageKind::Page).then(|| Entry {
        what,
        step: Some(page.step + 1),
        people: vec![page.person.clone()],
        channel: page.plan.get(place).map(|way| way.channel),
        ..blank
    })
}
