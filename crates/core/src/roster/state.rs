//! What is there, as the records of a stream have made it.

use std::collections::{BTreeMap, BTreeSet};

use super::TIMER;
use super::absence::AbsenceState;
use super::acceptance::{AcceptanceState, Revocation};
use super::handoff::{HandoffNote, NoteState};
use super::setup::Trade;
use super::swap::{Swap, Taken};
use super::watch::Watch;
use crate::decide::Timer;
use crate::escalation::turns::Turns;
use crate::id::{AbsenceId, AcceptanceId, HandoffNoteId, IntegrationId, OverrideId, SwapId};
use crate::oncall::Override;
use crate::record::{Deadline, Record};

/// What is over is kept in memory for this long after its last change; its row and its records stay.
const KEEP_US: i64 = 2 * 86_400 * 1_000_000;

/// What is there to be changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Overrides that were entered and not taken back, by id.
    pub overrides: BTreeMap<OverrideId, Override>,
    /// The overrides that are the other half of a trade on another schedule.
    pub trades: BTreeMap<OverrideId, Trade>,
    /// Counts the packs that were applied.
    pub pack_version: i64,
    pub integrations: BTreeSet<IntegrationId>,
    /// Whose turn it is at the steps of an escalation policy that go round.
    pub turns: Turns,
    /// Swaps that are open, or were not long ago.
    pub swaps: BTreeMap<SwapId, Swap>,
    /// Handoff notes of late.
    pub notes: BTreeMap<HandoffNoteId, HandoffNote>,
    /// Absences that are not long past.
    pub absences: BTreeMap<AbsenceId, AbsenceState>,
    /// Accepted findings whose time is not long over.
    pub acceptances: BTreeMap<AcceptanceId, AcceptanceState>,
    /// Who was told of their duty, and when the next is.
    pub watch: Watch,
    next: Option<Deadline>,
}

impl State {
    /// What the stream waits for.
    pub fn timers(&self) -> Vec<Timer> {
        let next = self.next.map(|due| Timer {
            name: TIMER.to_owned(),
            generation: due.generation,
            due_us: due.due_us,
        });
        next.into_iter().collect()
    }

    /// The swap that an override is part of.
    pub fn swap_of(&self, part: &OverrideId) -> Option<(&Swap, &Taken)> {
        self.swaps.values().find_map(|swap| {
            let taken = swap.taken.iter().find(|taken| taken.is(part))?;
            Some((swap, taken))
        })
    }

    /// Follows one record.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        self.forget(at_us);
        self.apply_setup(record);
        self.apply_swap(at_us, record);
        self.apply_absence(at_us, record);
        self.apply_note(at_us, record);
        self.apply_acceptance(at_us, record);
        if let Record::DutyWatched(watched) = record {
            self.watch.follow(at_us, watched);
        }
        self.arm(version);
    }

    fn apply_setup(&mut self, record: &Record) {
        match record {
            Record::OverrideAdded(added) => {
                self.overrides.insert(added.entry.id.clone(), added.entry.clone());
                if let Some(trade) = &added.trade {
                    self.trades.insert(added.entry.id.clone(), trade.clone());
                }
            }
            Record::OverrideRemoved(removed) => {
                self.overrides.remove(&removed.id);
                self.trades.remove(&removed.id);
            }
            Record::TurnTaken(taken) => self.turns.apply(taken),
            Record::PackApplied(applied) => self.pack_version = applied.version,
            Record::IntegrationCreated(created) => {
                self.integrations.insert(created.id.clone());
            }
            Record::IntegrationRemoved(removed) => {
                self.integrations.remove(&removed.id);
            }
            _ => {}
        }
    }

    fn apply_swap(&mut self, at_us: i64, record: &Record) {
        let id = match record {
            Record::SwapAsked(asked) => {
                self.swaps.insert(asked.id.clone(), Swap::of(asked, at_us));
                return;
            }
            Record::SwapTaken(taken) => &taken.id,
            Record::SwapDeclined(declined) => &declined.id,
            Record::SwapWithdrawn(withdrawn) => &withdrawn.id,
            Record::SwapUndone(undone) => &undone.id,
            Record::SwapReminded(reminded) => &reminded.id,
            Record::SwapUncoveredTold(told) => &told.id,
            Record::SwapExpired(expired) => &expired.id,
            _ => return,
        };
        if let Some(swap) = self.swaps.get_mut(id) {
            swap.apply(at_us, record);
        }
    }

    fn apply_absence(&mut self, at_us: i64, record: &Record) {
        match record {
            Record::AbsenceAdded(added) => {
                let state = AbsenceState::new(added.absence.clone(), at_us);
                self.absences.insert(added.absence.id.clone(), state);
            }
            Record::AbsenceRemoved(removed) => {
                if let Some(absence) = self.absences.get_mut(&removed.id) {
                    absence.removed_us = Some(at_us);
                }
            }
            Record::AbsenceReviewed(reviewed) => {
                if let Some(absence) = self.absences.get_mut(&reviewed.id) {
                    absence.reviewed_us = reviewed.until_us;
                }
            }
            _ => {}
        }
    }

    fn apply_acceptance(&mut self, at_us: i64, record: &Record) {
        match record {
            Record::FindingAccepted(accepted) => {
                let acceptance = accepted.acceptance.clone();
                let state = AcceptanceState { acceptance, accepted_us: at_us, revoked: None };
                self.acceptances.insert(accepted.acceptance.id.clone(), state);
            }
            Record::AcceptanceRevoked(revoked) => {
                if let Some(known) = self.acceptances.get_mut(&revoked.id) {
                    known.revoked = Some(Revocation { by: revoked.by.clone(), at_us });
                }
            }
            _ => {}
        }
    }

    fn apply_note(&mut self, at_us: i64, record: &Record) {
        match record {
            Record::HandoffNoteWritten(written) => {
                let known = self.notes.get(&written.id);
                let note = HandoffNote::of(written, known, at_us);
                self.notes.insert(written.id.clone(), note);
            }
            Record::HandoffNoteAccepted(accepted) => {
                if let Some(note) = self.notes.get_mut(&accepted.id) {
                    note.state = NoteState::Accepted;
                    note.answered_by = Some(accepted.by.clone());
                    note.changed_us = at_us;
                }
            }
            Record::HandoffNoteAskedBack(asked) => {
                if let Some(note) = self.notes.get_mut(&asked.id) {
                    note.state = NoteState::AskedBack;
                    note.answered_by = Some(asked.by.clone());
                    note.question = Some(asked.question.clone());
                    note.changed_us = at_us;
                }
            }
            Record::HandoffNoteReminded(reminded) => {
                if let Some(note) = self.notes.get_mut(&reminded.id) {
                    note.reminded = true;
                    note.changed_us = at_us;
                }
            }
            _ => {}
        }
    }

    fn forget(&mut self, at_us: i64) {
        let old_us = at_us.saturating_sub(KEEP_US);
        self.swaps.retain(|_, swap| !swap.is_over(old_us));
        self.notes.retain(|_, note| note.due_us().is_some() || note.at_us.max(note.changed_us) > old_us);
        self.absences.retain(|_, absence| !absence.is_over(old_us));
        self.acceptances.retain(|_, acceptance| acceptance.end_us() > old_us);
    }

    /// The timer follows what is due first; its generation is the version that set it.
    fn arm(&mut self, version: i64) {
        let swaps = self.swaps.values().filter_map(Swap::due_us);
        let notes = self.notes.values().filter_map(HandoffNote::due_us);
        let absences = self.absences.values().filter_map(AbsenceState::due_us);
        let due_us = swaps.chain(notes).chain(absences).chain(self.watch.due_us).min();
        self.next = match (due_us, self.next) {
            (Some(due_us), Some(before)) if before.due_us == due_us => Some(before),
            (Some(due_us), _) => Some(Deadline { due_us, generation: version }),
            (None, _) => None,
        };
    }

    pub(super) fn generation(&self) -> Option<i64> {
        self.next.map(|due| due.generation)
    }
}
