//! Swaps: somebody asks to be stood in for, and somebody takes the shifts.
//!
//! An open swap changes nothing about who is on call; it is only shown. A taken one is an [`Override`] that
//! replaces the person, so that resolution knows nothing of swaps, and so that a swap survives an edit of
//! its schedule: it is about a person and a time, not about a turn.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::Shift;
use super::overrides::{Change, Override};
use super::schedule::Schedule;
use super::timeline::shifts;
use crate::id::{OverrideId, PersonId, ScheduleId};

/// Somebody's wish to be stood in for on one schedule, between two instants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// Its own id, and that of the override which it becomes when it is taken.
    pub id: OverrideId,
    /// The schedule whose shifts are given away.
    pub schedule: ScheduleId,
    /// Whose shifts.
    pub person: PersonId,
    /// First instant that is given away.
    pub start: Timestamp,
    /// First instant that is kept again.
    pub end: Timestamp,
    /// Who stands in; nobody yet while the swap is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<PersonId>,
    /// Who asked: the person, or somebody on their behalf.
    pub author: PersonId,
    /// Why, in the author's words.
    #[serde(default)]
    pub reason: String,
}

/// A stretch of the timeline, and the swaps that concern it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapShift {
    /// Who is on call, with taken swaps applied.
    #[serde(flatten)]
    pub shift: Shift,
    /// The swaps that hold there: an open one whose person is on call, or a taken one that replaces somebody.
    pub in_swap: Vec<OverrideId>,
}

impl Swap {
    /// What it changes once it is taken; nothing while it is open.
    pub fn to_override(&self) -> Option<Override> {
        let by = self.taken_by.clone()?;
        Some(Override {
            id: self.id.clone(),
            schedule: self.schedule.clone(),
            start: self.start,
            end: self.end,
            change: Change::Replace { person: self.person.clone(), by },
            priority: 0,
            author: self.author.clone(),
            reason: self.reason.clone(),
        })
    }

    fn is_open_at(&self, shift: &Shift) -> bool {
        self.taken_by.is_none()
            && self.start <= shift.start
            && shift.end <= self.end
            && shift.people.contains(&self.person)
    }
}

/// The timeline over `[from, to)` with its swaps: shifts that follow each other without gap or overlap, cut
/// where an open swap begins or ends within them.
///
/// Taken swaps whose override is not among `overrides` are applied after them. Swaps of other schedules are
/// ignored.
pub fn swap_shifts(
    schedule: &Schedule,
    overrides: &[Override],
    swaps: &[Swap],
    from: Timestamp,
    to: Timestamp,
) -> Vec<SwapShift> {
    let swaps: Vec<&Swap> = swaps.iter().filter(|swap| swap.schedule == schedule.id).collect();
    let mut changes = overrides.to_vec();
    let missing = |swap: &&&Swap| overrides.iter().all(|entry| entry.id != swap.id);
    changes.extend(swaps.iter().filter(missing).filter_map(|swap| swap.to_override()));
    let timeline = shifts(schedule, &changes, from, to);
    timeline.into_iter().flat_map(|shift| cut(&shift, &swaps)).collect()
}

/// Cuts a shift where open swaps of somebody in it begin or end.
fn cut(shift: &Shift, swaps: &[&Swap]) -> Vec<SwapShift> {
    let concerns = |swap: &&&Swap| swap.taken_by.is_none() && shift.people.contains(&swap.person);
    let inside = |at: &Timestamp| *at > shift.start && *at < shift.end;
    let edges = swaps.iter().filter(concerns).flat_map(|swap| [swap.start, swap.end]).filter(inside);
    let mut edges: Vec<Timestamp> = edges.chain([shift.start, shift.end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let pieces = edges.windows(2).map(|edge| Shift { start: edge[0], end: edge[1], ..shift.clone() });
    joined(pieces.map(|piece| flagged(piece, swaps)))
}

fn flagged(shift: Shift, swaps: &[&Swap]) -> SwapShift {
    let holds = |swap: &&&Swap| {
        if swap.taken_by.is_some() { shift.overrides.contains(&swap.id) } else { swap.is_open_at(&shift) }
    };
    let in_swap = swaps.iter().filter(holds).map(|swap| swap.id.clone()).collect();
    SwapShift { shift, in_swap }
}

/// A swap without length cuts nothing: pieces that differ in no swap are one.
fn joined(pieces: impl Iterator<Item = SwapShift>) -> Vec<SwapShift> {
    let mut joined: Vec<SwapShift> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.in_swap == piece.in_swap => last.shift.end = piece.shift.end,
            _ => joined.push(piece),
        }
    }
    joined
}
