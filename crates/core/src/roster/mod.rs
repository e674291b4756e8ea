//! Changes of what decisions are made under, and the life of duty around its schedules: overrides, swaps,
//! absences, handoffs, accepted findings, packs, integrations.
//!
//! The things themselves are read as configuration; these streams keep who changed them, when and why, and
//! refuse what does not fit. Streams: `schedule:<id>` for overrides, swaps, handoff notes and what people are
//! reminded of, `person:<id>` for absences, `config` for the rest.
//!
//! A stream has one timer, `roster`. It is set to the first moment at which anything of the stream is due, and
//! what is due is read off the state, so that a restart forgets no reminder and repeats none.

mod absence;
mod acceptance;
mod deciding;
mod duty;
mod handoff;
mod record;
mod rehearse;
mod rights;
mod setup;
mod state;
mod swap;
mod text;
mod watch;

pub use absence::{Absence, AbsenceState};
pub use acceptance::{
    Acceptance, AcceptanceRevoked, AcceptanceState, FindingAccepted, LONGEST_DAYS, Revocation,
};
pub use duty::{Duty, duties};
pub use handoff::{HandoffNote, Next, NoteState, OpenIncident, next_handoff};
pub use record::{
    AbsenceAdded, AbsenceRemoved, AbsenceReviewed, DutyWatched, HandoffNoteAccepted, HandoffNoteAskedBack,
    HandoffNoteReminded, HandoffNoteWritten, SwapAsked, SwapDeclined, SwapExpired, SwapReminded, SwapTaken,
    SwapUncoveredTold, SwapUndone, SwapWithdrawn,
};
pub use rehearse::{Rehearsal, rehearse};
pub use rights::{is_manager, managers, may_take};
pub use setup::{
    IntegrationChanged, IntegrationCreated, IntegrationRemoved, OverrideAdded, OverrideRemoved, PackApplied,
    Trade,
};
pub use state::State;
pub use swap::{Ask, Give, InReturn, Span, Swap, SwapState, Take, TakeOver, Taken};
pub use watch::{Told, Watch, What};

use crate::decide::{Context, Decision, Refusal};
use crate::escalation::turns::TurnTaken;
use crate::id::{
    AbsenceId, AcceptanceId, HandoffNoteId, IntegrationId, OverrideId, PersonId, ScheduleId, SwapId,
};
use crate::journal::StreamId;
use crate::oncall::Override;
use deciding::Deciding;

/// The name of the one timer of a stream.
pub const TIMER: &str = "roster";

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    AddOverride(Box<Override>),
    RemoveOverride {
        id: OverrideId,
        schedule: ScheduleId,
    },
    ApplyPack {
        digest: String,
        author: String,
        reason: String,
        /// The version that the author looked at; another one in between refuses the change.
        base_version: Option<i64>,
    },
    /// An incident has its turn at a step that goes round.
    TakeTurn(TurnTaken),
    CreateIntegration(IntegrationCreated),
    ChangeIntegration(IntegrationChanged),
    RemoveIntegration {
        id: IntegrationId,
    },
    /// Somebody asks to be stood in for.
    AskSwap(Box<Ask>),
    /// Somebody stands in, for all that is open or for a part of it.
    TakeSwap(Take),
    /// Somebody who was asked says no.
    DeclineSwap {
        id: SwapId,
        person: PersonId,
        reason: String,
    },
    /// Nobody needs to stand in any more. What was taken stays taken.
    WithdrawSwap {
        id: SwapId,
        reason: String,
    },
    /// What was taken is given back: all of it that has not begun, or one part.
    UndoSwap {
        id: SwapId,
        part: Option<OverrideId>,
        reason: String,
    },
    /// Somebody takes a shift that nobody asked to be taken.
    TakeOver(Box<TakeOver>),
    /// The other half of a trade, on the schedule that it is about.
    GiveInReturn(Box<Give>),
    /// The other half of a trade ends with the first.
    TakeBack {
        id: OverrideId,
    },
    /// A shift of somebody who is away needs a stand-in, unless it is asked for already.
    OpenCover {
        absence: AbsenceId,
        person: PersonId,
        span: Span,
        reason: String,
    },
    /// Somebody is not away after all: what was asked because of it is asked no more.
    CloseCover {
        absence: AbsenceId,
    },
    AddAbsence(Box<Absence>),
    RemoveAbsence {
        id: AbsenceId,
    },
    /// Somebody lives with a finding of the coverage check for a while.
    AcceptFinding(Box<Acceptance>),
    /// And no longer does.
    RevokeAcceptance {
        id: AcceptanceId,
        by: PersonId,
    },
    WriteNote(Box<handoff::Write>),
    AcceptNote {
        id: HandoffNoteId,
    },
    AskBack {
        id: HandoffNoteId,
        question: String,
    },
    /// The configuration is another one, or the node has started: look what is due when.
    Review,
    TimerFired {
        generation: i64,
    },
}

pub use handoff::Write as WriteNote;

/// Decides about one stream. `version` is that of its last record.
pub fn decide(
    state: &State,
    stream: &StreamId,
    version: i64,
    command: &Command,
    context: Context<'_>,
) -> Result<Decision, Refusal> {
    if let Some(record) = setup::decide(state, command)? {
        return Ok(Decision { records: vec![record], ..Decision::default() });
    }
    let mut deciding = Deciding::new(state, stream, version, context);
    match command {
        Command::AddOverride(entry) => deciding.add_override(entry)?,
        Command::RemoveOverride { id, schedule } => deciding.remove_override(id, schedule)?,
        Command::AskSwap(ask) => deciding.ask(ask)?,
        Command::TakeSwap(take) => deciding.take(take)?,
        Command::DeclineSwap { id, person, reason } => deciding.decline(id, person, reason)?,
        Command::WithdrawSwap { id, reason } => deciding.withdraw(id, reason)?,
        Command::UndoSwap { id, part, reason } => deciding.undo(id, part.as_ref(), reason)?,
        Command::TakeOver(over) => deciding.take_over(over)?,
        Command::GiveInReturn(give) => deciding.give_in_return(give)?,
        Command::TakeBack { id } => deciding.take_back(id),
        Command::OpenCover { absence, person, span, reason } => {
            deciding.open_cover(absence, person, *span, reason);
        }
        Command::CloseCover { absence } => deciding.close_cover(absence),
        Command::AddAbsence(absence) => deciding.add_absence(absence)?,
        Command::RemoveAbsence { id } => deciding.remove_absence(id)?,
        Command::AcceptFinding(acceptance) => deciding.accept(acceptance)?,
        Command::RevokeAcceptance { id, by } => deciding.revoke_acceptance(id, by)?,
        Command::WriteNote(note) => deciding.write_note(note)?,
        Command::AcceptNote { id } => deciding.accept_note(id)?,
        Command::AskBack { id, question } => deciding.ask_back(id, question)?,
        Command::Review => deciding.review(),
        Command::TimerFired { generation } => deciding.fire(*generation),
        _ => {}
    }
    Ok(deciding.decision)
}

impl From<Command> for crate::decide::Command {
    fn from(command: Command) -> Self {
        Self::Roster(command)
    }
}
