//! Who is on call in every schedule that counts, from one change to the next.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::people::{P, People, insert};
use crate::config::Config;
use crate::escalation::{Level, Target};
use crate::id::ScheduleId;
use crate::oncall::{Schedule, shifts};

/// The timeline of one schedule.
pub(super) struct Timeline<'a> {
    pub(super) id: &'a ScheduleId,
    pub(super) schedule: &'a Schedule,
    /// The different answers that the schedule gives.
    pub(super) states: Vec<State>,
    /// In order and without gaps.
    pub(super) pieces: Vec<Piece>,
    /// Everybody who takes a turn, sorted.
    pub(super) pool: Vec<P>,
    /// The names of the layers that decide together.
    layers: Vec<String>,
}

/// One answer of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    pub(super) people: Vec<P>,
    /// Why there is nobody.
    pub(super) nobody: Option<String>,
}

/// A stretch with one answer.
pub(super) struct Piece {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    /// The place in [`Timeline::states`].
    pub(super) state: u32,
    /// Which layers decide, as a place in the timeline's list.
    pub(super) layer: u32,
    pub(super) overridden: bool,
}

/// The timelines of every schedule that a policy pages or that asks for a certificate.
pub(super) struct Timelines<'a> {
    pub(super) all: Vec<Timeline<'a>>,
    by_id: BTreeMap<&'a ScheduleId, usize>,
    /// The places of those whose people are paged first: the schedules of the first step of L1.
    pub(super) primary: Vec<usize>,
}

impl<'a> Timelines<'a> {
    pub(super) fn new(config: &'a Config, people: &mut People<'a>, from: Timestamp, to: Timestamp) -> Self {
        let mut wanted = paged(config);
        wanted.extend(config.schedules.values().filter(|s| !s.requires.is_empty()).map(|s| &s.id));
        let known = wanted.into_iter().filter_map(|id| config.schedules.get(id));
        let all: Vec<_> = known.map(|schedule| Timeline::new(config, schedule, people, (from, to))).collect();
        let by_id: BTreeMap<_, _> = all.iter().enumerate().map(|(place, line)| (line.id, place)).collect();
        let primary = first_paged(config).into_iter().filter_map(|id| by_id.get(id).copied()).collect();
        Self { all, by_id, primary }
    }

    pub(super) fn place(&self, id: &ScheduleId) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

/// Every schedule that a policy pages or tells.
fn paged(config: &Config) -> BTreeSet<&ScheduleId> {
    let levels = config.policies.values().flat_map(|policy| policy.levels.values());
    let targets = levels.flat_map(|level| level.steps.iter().flat_map(|step| &step.page).chain(&level.tell));
    targets.filter_map(schedule_of).collect()
}

/// The schedules of the first step of L1.
fn first_paged(config: &Config) -> BTreeSet<&ScheduleId> {
    let levels = config.policies.values().filter_map(|policy| policy.levels.get(&Level::L1));
    levels
        .filter_map(|level| level.steps.first())
        .flat_map(|step| &step.page)
        .filter_map(schedule_of)
        .collect()
}

const fn schedule_of(target: &Target) -> Option<&ScheduleId> {
    match target {
        Target::Schedule(id) => Some(id),
        _ => None,
    }
}

impl<'a> Timeline<'a> {
    fn new(
        config: &Config,
        schedule: &'a Schedule,
        people: &mut People<'a>,
        (from, to): (Timestamp, Timestamp),
    ) -> Self {
        let mut line = Self {
            id: &schedule.id,
            schedule,
            states: Vec::new(),
            pieces: Vec::new(),
            pool: Vec::new(),
            layers: Vec::new(),
        };
        let mut seen = BTreeMap::new();
        for shift in shifts(schedule, config.overrides_of(&schedule.id), from, to) {
            let state = State {
                people: shift.people.iter().map(|id| people.number(id)).collect(),
                nobody: shift.nobody.map(|reason| reason.to_string()),
            };
            state.people.iter().for_each(|person| insert(&mut line.pool, *person));
            let layer = line.layers.iter().position(|layer| *layer == shift.layer).unwrap_or_else(|| {
                line.layers.push(shift.layer);
                line.layers.len() - 1
            });
            let next = seen.len();
            let place = *seen.entry(state).or_insert(next);
            line.pieces.push(Piece {
                start: shift.start,
                end: shift.end,
                state: u32::try_from(place).unwrap_or_default(),
                layer: u32::try_from(layer).unwrap_or_default(),
                overridden: shift.overridden,
            });
        }
        let mut states: Vec<(State, usize)> = seen.into_iter().collect();
        states.sort_by_key(|(_, place)| *place);
        line.states = states.into_iter().map(|(state, _)| state).collect();
        line
    }

    /// Whether a layer that decides in one piece also decides in another.
    pub(super) fn share_a_layer(&self, one: u32, other: u32) -> bool {
        let names = |layer: u32| self.layers.get(layer as usize).map(|names| names.split(" + "));
        one == other
            || names(one)
                .into_iter()
                .flatten()
                .any(|name| names(other).into_iter().flatten().any(|other| other == name))
    }

    pub(super) fn state(&self, piece: &Piece) -> &State {
        &self.states[piece.state as usize]
    }
}
