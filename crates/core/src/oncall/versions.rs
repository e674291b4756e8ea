//! Which layers are in force when: the first ones, then one roster version after the other.
//!
//! At any instant exactly one of them is asked, so a change of roster leaves neither gap nor overlap.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::layer::LayerView;
use super::resolve::Walker;
use super::schedule::{Layer, Rollout, RosterVersion, Schedule};
use super::wall::{DAY_S, END_S, FIRST_S, Zone, timestamp, wall_of};

/// How long a shift may last after which a version waits for its end.
const LONGEST_SHIFT_S: i64 = 92 * DAY_S;

/// A schedule with its zones, rotations and windows looked up. Worth keeping where many questions follow.
#[derive(Debug)]
pub struct Roster<'a> {
    pub(super) schedule: &'a Schedule,
    /// In order of time; each is in force until the next one. Never empty.
    pub(super) eras: Vec<Era<'a>>,
}

/// The layers of one version, while they are in force.
#[derive(Debug)]
pub(super) struct Era<'a> {
    /// First instant; the least number for the first layers.
    pub(super) from: i64,
    /// First instant of the next era.
    pub(super) until: i64,
    /// From the highest priority down.
    pub(super) layers: Vec<LayerView<'a>>,
    /// Those who learn.
    pub(super) shadows: Vec<LayerView<'a>>,
    /// The layers as they are written.
    pub(super) written: &'a [Layer],
}

/// When a roster version takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOver {
    /// The place of the version in the schedule, from 0.
    pub version: usize,
    /// The instant of its `effective_from`.
    pub wanted: Timestamp,
    /// The instant at which the layers before it let go.
    pub at: Timestamp,
    /// Whether the version ever holds: not where a later version takes over before it or with it.
    pub holds: bool,
}

/// When each roster version of a schedule takes over, in the schedule's order. Empty where the schedule's
/// zone is unknown: the first layers then hold for ever.
pub fn cut_overs(schedule: &Schedule) -> Vec<CutOver> {
    let mut roster = Roster::first_layers(schedule);
    let mut found: Vec<CutOver> = Vec::new();
    let Ok(zone) = Zone::named(&schedule.zone) else { return found };
    for (version, next) in schedule.versions.iter().enumerate() {
        let wanted = zone.first(wall_of(next.effective_from));
        let at = roster.cut_over(next, wanted);
        for earlier in found.iter_mut().filter(|earlier| earlier.at >= timestamp(at)) {
            earlier.holds = false;
        }
        found.push(CutOver { version, wanted: timestamp(wanted), at: timestamp(at), holds: true });
        roster.take_over(at, &next.layers);
    }
    found
}

impl<'a> Roster<'a> {
    /// Looks everything up that questions about the schedule need.
    pub fn new(schedule: &'a Schedule) -> Self {
        let mut roster = Self::first_layers(schedule);
        if schedule.versions.is_empty() {
            return roster;
        }
        let Ok(zone) = Zone::named(&schedule.zone) else { return roster };
        for next in &schedule.versions {
            let at = roster.cut_over(next, zone.first(wall_of(next.effective_from)));
            roster.take_over(at, &next.layers);
        }
        roster
    }

    fn first_layers(schedule: &'a Schedule) -> Self {
        Self { schedule, eras: vec![Era::new(schedule, i64::MIN, &schedule.layers)] }
    }

    /// The place of the era that is in force at an instant.
    pub(super) fn era_at(&self, instant: i64) -> usize {
        self.eras.partition_point(|era| era.from <= instant).saturating_sub(1)
    }

    fn take_over(&mut self, at: i64, layers: &'a [Layer]) {
        self.eras.retain(|era| era.from < at);
        if let Some(last) = self.eras.last_mut() {
            last.until = at;
        }
        self.eras.push(Era::new(self.schedule, at, layers));
    }

    /// When the version takes over from what was in force before it.
    fn cut_over(&self, version: &RosterVersion, wanted: i64) -> i64 {
        let at = match version.rollout {
            Rollout::AtOnce => None,
            Rollout::AfterThisShift => self.shift_end(wanted),
            Rollout::AfterFullTurn => self.full_turn(wanted),
        };
        at.unwrap_or(wanted)
    }

    /// When the people who are on call at an instant by their layers are no longer so. Nothing where nobody
    /// is on call, or where it takes longer than anybody waits for.
    fn shift_end(&self, instant: i64) -> Option<i64> {
        if !(FIRST_S..END_S).contains(&instant) {
            return None;
        }
        let mut walker = Walker::new(self, &[], timestamp(instant));
        let (running, mut next) = walker.at(timestamp(instant));
        while !running.people.is_empty() && next.as_second() <= instant.saturating_add(LONGEST_SHIFT_S) {
            let (then, after) = walker.at(next);
            if then.people != running.people {
                return Some(next.as_second());
            }
            next = after;
        }
        None
    }

    /// When the rotation that runs at an instant begins anew. Nothing where no layer has several slots.
    fn full_turn(&self, instant: i64) -> Option<i64> {
        let era = self.eras.get(self.era_at(instant))?;
        let turning = || {
            let several = |view: &&LayerView<'_>| view.layer.rotation.participants.len() > 1;
            era.layers.iter().filter(several).filter(|view| view.counts_at(instant))
        };
        let on_duty = turning().find(|view| view.at(instant).slot.is_some());
        on_duty.or_else(|| turning().next())?.full_turn(instant)
    }
}

impl<'a> Era<'a> {
    fn new(schedule: &'a Schedule, from: i64, written: &'a [Layer]) -> Self {
        let (shadows, mut layers): (Vec<_>, Vec<_>) =
            written.iter().map(|layer| LayerView::new(schedule, layer)).partition(|view| view.layer.shadow);
        layers.sort_by_key(|view| std::cmp::Reverse(view.layer.priority));
        Self { from, until: i64::MAX, layers, shadows, written }
    }
}
