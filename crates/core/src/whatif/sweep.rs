//! Every instant of a span, played once for each way in which the roster can answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::levels::{changes, targets_of};
use super::play::{self, Ended};
use super::{MOST_DAYS, Run, WhatIf};
use crate::config::Config;
use crate::escalation::Target;
use crate::escalation::targets::{Reached, resolve};
use crate::id::PersonId;
use crate::record::Record;

const DAY_US: i64 = 86_400 * 1_000_000;
/// An hour, as a step through microseconds.
const HOUR_US: usize = 3_600 * 1_000_000;
/// How far beyond the span the roster is read, for runs that begin in it and end after it.
const BEYOND_US: i64 = 14 * DAY_US;

/// The answer for every instant of a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep {
    pub from_us: i64,
    pub to_us: i64,
    /// Stretches in which an alert meets the same people after the same times; in order, without gap.
    pub pieces: Vec<Piece>,
    /// The first instant at which a human takes longest to answer, in whole. Nobody at all is longer than
    /// anything else.
    pub worst: Option<Run>,
    /// How many runs were played; the other instants met what one of them had met.
    pub played: usize,
}

/// A sweep as people look at it: hour by hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub from_us: i64,
    pub to_us: i64,
    /// Hour after hour from `from_us` on.
    pub hours: Vec<Hour>,
    /// The shortest time to a human first, nobody last.
    pub shares: Vec<Share>,
    pub worst: Option<Run>,
    pub played: usize,
}

/// The worst moment of an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// The first instant of the hour at which it is that bad.
    pub at_us: i64,
    pub to_human_us: Option<i64>,
    pub answered_by: Option<PersonId>,
}

/// How much of a span has one time to a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub to_human_us: Option<i64>,
    pub us: i64,
}

/// A stretch of instants `[start_us, end_us)` that have the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub start_us: i64,
    pub end_us: i64,
    /// From the alert to the first answer; none where nobody answers.
    pub to_human_us: Option<i64>,
    pub answered_by: Option<PersonId>,
    /// How many people are asked before somebody answers.
    pub asked: usize,
    /// How many steps reach nobody on the way.
    pub fell_through: usize,
}

impl Piece {
    /// Longer is worse, and nobody is worst.
    fn badness(&self) -> i64 {
        self.to_human_us.unwrap_or(i64::MAX)
    }

    fn same_answer(&self, other: &Self) -> bool {
        (self.to_human_us, &self.answered_by, self.asked, self.fell_through)
            == (other.to_human_us, &other.answered_by, other.asked, other.fell_through)
    }
}

impl Sweep {
    /// The worst piece that an instant of `[from_us, to_us)` falls into.
    pub fn worst_within(&self, from_us: i64, to_us: i64) -> Option<&Piece> {
        let first = self.pieces.partition_point(|piece| piece.end_us <= from_us);
        let within = self.pieces[first..].iter().take_while(|piece| piece.start_us < to_us);
        within.reduce(|worst, piece| if piece.badness() > worst.badness() { piece } else { worst })
    }
}

impl Sweep {
    /// The sweep hour by hour.
    pub fn summary(self) -> Summary {
        let hours = (self.from_us..self.to_us).step_by(HOUR_US).filter_map(|hour_us| {
            let end_us = hour_us.saturating_add(DAY_US / 24).min(self.to_us);
            let piece = self.worst_within(hour_us, end_us)?;
            let (at_us, answered_by) = (piece.start_us.max(hour_us), piece.answered_by.clone());
            Some(Hour { at_us, to_human_us: piece.to_human_us, answered_by })
        });
        let (hours, shares) = (hours.collect(), self.shares());
        let Self { from_us, to_us, worst, played, .. } = self;
        Summary { from_us, to_us, hours, shares, worst, played }
    }

    fn shares(&self) -> Vec<Share> {
        let mut shares: BTreeMap<i64, Share> = BTreeMap::new();
        for piece in &self.pieces {
            let share = Share { to_human_us: piece.to_human_us, us: 0 };
            shares.entry(piece.badness()).or_insert(share).us += piece.end_us - piece.start_us;
        }
        shares.into_values().collect()
    }
}

pub(super) fn sweep(what_if: &WhatIf<'_>, from_us: i64, to_us: i64) -> Sweep {
    let to_us = to_us.clamp(from_us, from_us.saturating_add(MOST_DAYS * DAY_US));
    let mut sweeper = Sweeper::new(what_if, from_us, to_us);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at_us = from_us;
    while at_us < to_us {
        let (trace, next_us) = sweeper.at(at_us);
        let next_us = next_us.clamp(at_us + 1, to_us);
        let piece = Piece { start_us: at_us, end_us: next_us, ..trace };
        match pieces.last_mut() {
            Some(last) if last.same_answer(&piece) => last.end_us = next_us,
            _ => pieces.push(piece),
        }
        at_us = next_us;
    }
    let worst =
        pieces.iter().reduce(|worst, piece| if piece.badness() > worst.badness() { piece } else { worst });
    let worst = worst.map(|piece| what_if.at(piece.start_us));
    Sweep { from_us, to_us, pieces, worst, played: sweeper.played }
}

/// What one run asked the roster, and what became of it.
struct Trace {
    /// When the roster is asked next, counted from the alert; none when the run has ended.
    asks_us: Option<i64>,
    /// By the roster's answer.
    then: BTreeMap<usize, Trace>,
    /// What a run that asks no more came to. Its bounds are not set.
    outcome: Option<Piece>,
}

struct Sweeper<'a> {
    what_if: &'a WhatIf<'a>,
    /// The instants at which the roster's answer may change, in order.
    changes_us: Vec<i64>,
    /// The answer from each of them on; equal answers have the same number.
    answers: Vec<usize>,
    root: Trace,
    played: usize,
}

impl<'a> Sweeper<'a> {
    fn new(what_if: &'a WhatIf<'a>, from_us: i64, to_us: i64) -> Self {
        let config = &what_if.config;
        let policy = what_if.policy();
        let levels = || policy.iter().flat_map(|policy| policy.levels.values());
        let targets = || levels().flat_map(targets_of);
        let instant = |at_us: i64| Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::MAX);
        let (from, to) = (instant(from_us), instant(to_us.saturating_add(BEYOND_US)));
        let changes_us = changes(config, targets(), from, to);
        let mut known = BTreeMap::new();
        let answers = changes_us.iter().map(|at_us| {
            let answer: Vec<Reached> = targets().map(|target| one(config, target, *at_us)).collect();
            let next = known.len();
            *known.entry(key(&answer)).or_insert(next)
        });
        let answers = answers.collect();
        let root = Trace { asks_us: Some(0), then: BTreeMap::new(), outcome: None };
        Self { what_if, changes_us, answers, root, played: 0 }
    }

    /// What an alert at an instant comes to, and the next instant at which it may come to something else.
    fn at(&mut self, at_us: i64) -> (Piece, i64) {
        if let Some(found) = self.known(at_us) {
            return found;
        }
        self.learn(at_us);
        self.known(at_us).unwrap_or_else(|| (nothing(), at_us.saturating_add(60 * 1_000_000)))
    }

    fn known(&self, at_us: i64) -> Option<(Piece, i64)> {
        let mut trace = &self.root;
        let mut next_us = i64::MAX;
        while let Some(asks_us) = trace.asks_us {
            let (answer, until_us) = self.roster(at_us.saturating_add(asks_us));
            next_us = next_us.min(until_us.saturating_sub(asks_us));
            trace = trace.then.get(&answer)?;
        }
        trace.outcome.clone().map(|piece| (piece, next_us))
    }

    /// The roster's answer at an instant, and until when it stays.
    fn roster(&self, at_us: i64) -> (usize, i64) {
        let next = self.changes_us.partition_point(|change_us| *change_us <= at_us);
        let answer = next.checked_sub(1).and_then(|index| self.answers.get(index)).copied();
        (answer.unwrap_or(usize::MAX), self.changes_us.get(next).copied().unwrap_or(i64::MAX))
    }

    /// Plays an alert and keeps what it met.
    fn learn(&mut self, at_us: i64) {
        self.played += 1;
        let played = play::play(self.what_if, at_us);
        let asks_us: Vec<i64> = played.asked_us().iter().map(|ask_us| ask_us - at_us).collect();
        let answers: Vec<usize> = asks_us.iter().map(|ask_us| self.roster(at_us + ask_us).0).collect();
        let mut trace = &mut self.root;
        for (index, answer) in answers.iter().enumerate() {
            trace.asks_us = Some(asks_us[index]);
            trace = trace.then.entry(*answer).or_insert_with(|| Trace {
                asks_us: None,
                then: BTreeMap::new(),
                outcome: None,
            });
        }
        trace.asks_us = None;
        trace.outcome = Some(outcome(&played, at_us));
    }
}

fn nothing() -> Piece {
    Piece { start_us: 0, end_us: 0, to_human_us: None, answered_by: None, asked: 0, fell_through: 0 }
}

fn outcome(played: &play::Played, at_us: i64) -> Piece {
    let mut piece = nothing();
    if let Ended::Answered { by } = &played.ended {
        piece.to_human_us = Some(played.until_us - at_us);
        piece.answered_by = Some(by.clone());
    }
    let mut asked = std::collections::BTreeSet::new();
    for happened in &played.records {
        if let Record::IncidentStepStarted(step) = &happened.placed.record {
            asked.extend(step.pages.iter().map(|page| &page.person));
            piece.fell_through += usize::from(step.pages.is_empty());
        }
    }
    Piece { asked: asked.len(), ..piece }
}

fn one(config: &Config, target: &Target, at_us: i64) -> Reached {
    resolve(config, std::slice::from_ref(target), at_us)
}

/// Two answers with the same text are the same answer.
fn key(answer: &[Reached]) -> String {
    format!("{answer:?}")
}
