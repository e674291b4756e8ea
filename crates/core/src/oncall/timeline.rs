//! The questions that a schedule answers.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::answer::{NobodyReason, OnCall, Shift, Turn};
use super::layer::LayerView;
use super::overrides::Override;
use super::resolve::{Answer, Walker, extend_once};
use super::schedule::{Layer, Schedule, Slot};
use super::versions::Roster;
use super::wall::{END_S, FIRST_S, timestamp};
use crate::id::PersonId;

/// How many possible changes ahead [`on_call`] looks for one that changes the answer.
const LOOK_AHEAD: usize = 16;
/// The longest stretch that [`shifts`] and [`layer_shifts`] draw; a later `to` is taken as this long after
/// `from`. Three years of turns of 15 minutes are about 100,000 shifts.
pub const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(3 * 366 * 24);
/// The most turns that [`turns`] gives at once.
const MOST_TURNS: usize = 10_000;

/// What one layer says over a stretch of time, for drawing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerShifts {
    /// The layer's name.
    pub layer: String,
    /// The layer's priority.
    pub priority: i32,
    /// Whether its people learn and are not counted.
    #[serde(default)]
    pub shadow: bool,
    /// Its turns, cut to the times at which it is active. Between them the layer is silent.
    pub shifts: Vec<Shift>,
}

/// Who is on call at an instant.
///
/// Total: any schedule, valid or not, and any instant give an answer, and there is never nobody without a
/// reason. Overrides of other schedules are ignored.
pub fn on_call(schedule: &Schedule, overrides: &[Override], at: Timestamp) -> OnCall {
    Roster::new(schedule).on_call(overrides, at)
}

impl Roster<'_> {
    /// Who is on call at an instant; see [`on_call`].
    pub fn on_call(&self, overrides: &[Override], at: Timestamp) -> OnCall {
        if at < timestamp(FIRST_S) || at >= timestamp(END_S) {
            let until = (at < timestamp(FIRST_S)).then(|| timestamp(FIRST_S));
            let nobody = Some(NobodyReason::OutOfRange);
            return OnCall { people: Vec::new(), nobody, until, shadows: Vec::new() };
        }
        let mut walker = Walker::new(self, overrides, at);
        let (answer, next) = walker.at(at);
        let until = next_change(&mut walker, &answer, next);
        let shadows = self.shadows(&answer.people, at.as_second());
        OnCall { people: answer.people, nobody: answer.nobody, until, shadows }
    }

    /// The people of active shadow layers who are not on call themselves.
    fn shadows(&self, on_call: &[PersonId], instant: i64) -> Vec<PersonId> {
        let mut shadows = Vec::new();
        for view in self.eras.get(self.era_at(instant)).iter().flat_map(|era| &era.shadows) {
            extend_once(&mut shadows, view.at(instant).slot.map_or(&[], Slot::people));
        }
        shadows.retain(|person| !on_call.contains(person));
        shadows
    }

    /// The timeline of who is on call; see [`shifts`].
    pub fn shifts(&self, overrides: &[Override], from: Timestamp, to: Timestamp) -> Vec<Shift> {
        let to = limited(from, to);
        let (first, end) = (timestamp(FIRST_S).clamp(from, to), timestamp(END_S).clamp(from, to));
        let mut timeline = Vec::new();
        push_out_of_range(&mut timeline, from, first);
        let mut walker = Walker::new(self, overrides, first);
        let mut at = first;
        while at < end {
            let (answer, next) = walker.at(at);
            let next = next.min(end);
            push(&mut timeline, at, next, answer);
            at = next;
        }
        push_out_of_range(&mut timeline, end.max(first), to);
        timeline
    }
}

/// The first instant from `next` on at which other people are on call, or nobody for another reason.
fn next_change(walker: &mut Walker<'_, '_>, now: &Answer, mut next: Timestamp) -> Option<Timestamp> {
    for _ in 0..LOOK_AHEAD {
        if next >= timestamp(END_S) {
            return None;
        }
        let (then, after) = walker.at(next);
        if then.people != now.people || then.nobody != now.nobody {
            return Some(next);
        }
        next = after;
    }
    None
}

/// The timeline of who is on call over `[from, to)`: shifts that follow each other without gap or overlap.
/// Neighbours differ in their people, their reason or their source.
pub fn shifts(schedule: &Schedule, overrides: &[Override], from: Timestamp, to: Timestamp) -> Vec<Shift> {
    Roster::new(schedule).shifts(overrides, from, to)
}

/// What each layer says over `[from, to)` before priorities and overrides, in the schedule's order: the
/// layers of each roster version, while it is in force there, after those before it.
pub fn layer_shifts(schedule: &Schedule, from: Timestamp, to: Timestamp) -> Vec<LayerShifts> {
    let to = limited(from, to).min(timestamp(END_S));
    let from = from.max(timestamp(FIRST_S));
    let roster = Roster::new(schedule);
    let mut layers = Vec::new();
    for (index, era) in roster.eras.iter().enumerate() {
        let (first, end) = (timestamp(era.from).max(from), timestamp(era.until).min(to));
        if first < end || index == 0 {
            let views = era.written.iter().map(|layer| LayerView::new(schedule, layer));
            layers.extend(views.map(|view| one_layer(&view, first, end)));
        }
    }
    layers
}

/// The whole turns of the rotation of one of the first layers, from the one that holds at `from` on, before windows and
/// overrides. Empty when the layer does not exist or cannot be read.
pub fn turns(schedule: &Schedule, layer: usize, from: Timestamp, count: usize) -> Vec<Turn> {
    let Some(layer) = schedule.layers.get(layer) else { return Vec::new() };
    let view = LayerView::new(schedule, layer);
    let mut instant = from.as_second().clamp(FIRST_S, END_S - 1);
    let mut turns = Vec::new();
    while turns.len() < count.min(MOST_TURNS) && instant < END_S {
        let Some(turn) = view.turn_at(instant) else { break };
        let people = turn.slot.people().to_vec();
        turns.push(Turn { start: timestamp(turn.start), end: timestamp(turn.end), people });
        instant = turn.end.max(instant + 1);
    }
    turns
}

/// The spans in which a layer's windows are open and that touch `[from, to)`: whole, in order, and merged
/// where they meet. Empty when the layer has no windows, does not exist or cannot be read.
pub fn active_spans(
    schedule: &Schedule,
    layer: usize,
    from: Timestamp,
    to: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let Some(layer) = schedule.layers.get(layer) else { return Vec::new() };
    let to = limited(from, to).as_second().clamp(FIRST_S, END_S);
    let spans = LayerView::new(schedule, layer).spans(from.as_second().clamp(FIRST_S, END_S), to);
    spans.into_iter().map(|(start, end)| (timestamp(start), timestamp(end))).collect()
}

fn limited(from: Timestamp, to: Timestamp) -> Timestamp {
    from.checked_add(LONGEST_WINDOW).unwrap_or(Timestamp::MAX).min(to).max(from)
}

fn one_layer(view: &LayerView<'_>, from: Timestamp, to: Timestamp) -> LayerShifts {
    let mut shifts = Vec::new();
    let mut at = from;
    while at < to {
        let held = view.at(at.as_second());
        let next = timestamp(held.until.max(at.as_second() + 1)).min(to);
        if let Some(slot) = held.slot {
            shifts.push(layer_shift(view, slot, at, next));
        }
        at = next;
    }
    let Layer { name, priority, shadow, .. } = view.layer;
    LayerShifts { layer: name.clone(), priority: *priority, shadow: *shadow, shifts }
}

fn layer_shift(view: &LayerView<'_>, slot: &Slot, start: Timestamp, end: Timestamp) -> Shift {
    let layer = view.layer.name.clone();
    let people = slot.people().to_vec();
    let nobody = people.is_empty().then(|| NobodyReason::Buffer { layer: layer.clone() });
    Shift { start, end, people, layer, overrides: Vec::new(), overridden: false, nobody }
}

fn push_out_of_range(timeline: &mut Vec<Shift>, start: Timestamp, end: Timestamp) {
    if start < end {
        let nobody = Some(NobodyReason::OutOfRange);
        push(timeline, start, end, Answer { nobody, ..Answer::default() });
    }
}

/// Adds a stretch, or lengthens the last one when nothing changed.
fn push(timeline: &mut Vec<Shift>, start: Timestamp, end: Timestamp, answer: Answer) {
    let Answer { people, layer, overrides, nobody } = answer;
    if let Some(last) = timeline.last_mut()
        && last.people == people
        && last.layer == layer
        && last.overrides == overrides
        && last.nobody == nobody
    {
        last.end = end;
        return;
    }
    let overridden = !overrides.is_empty();
    timeline.push(Shift { start, end, people, layer, overrides, overridden, nobody });
}
