//! What can happen to swaps, absences, handoff notes, and what people are reminded of.

use serde::{Deserialize, Serialize};

use super::absence::Absence;
use super::handoff::OpenIncident;
use super::swap::{InReturn, Span};
use super::watch::Told;
use crate::id::{AbsenceId, HandoffNoteId, OverrideId, PersonId, ScheduleId, SwapId};

/// Somebody asked to be stood in for, or somebody else did it for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapAsked {
    pub id: SwapId,
    pub schedule: ScheduleId,
    /// Whose shift it is.
    pub person: PersonId,
    pub span: Span,
    /// Who is asked.
    pub asked: Vec<PersonId>,
    /// Whoever may take it was asked, so whoever may take it can.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everybody: bool,
    /// The shift that the person takes in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_return: Option<InReturn>,
    pub reason: String,
    /// The person who asked. None: an account that is nobody in the organisation, or the product because of
    /// an absence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// As the journal names whoever asked.
    pub actor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<AbsenceId>,
    /// Nobody was asked: somebody takes the shift over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub take_over: bool,
}

/// Somebody stands in. The overrides that make it so are records of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapTaken {
    pub id: SwapId,
    pub by: PersonId,
    pub span: Span,
    pub part: OverrideId,
    /// The other half of a trade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_return: Option<OverrideId>,
}

/// Somebody who was asked said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapDeclined {
    pub id: SwapId,
    pub person: PersonId,
    pub reason: String,
}

/// Nobody is asked any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapWithdrawn {
    pub id: SwapId,
    pub reason: String,
}

/// What was taken was given back. The overrides are removed by records of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapUndone {
    pub id: SwapId,
    pub part: OverrideId,
    pub reason: String,
}

/// Those who have not answered were asked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapReminded {
    pub id: SwapId,
    pub people: Vec<PersonId>,
}

/// Those who run the roster were told that nobody has taken the shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapUncoveredTold {
    pub id: SwapId,
    pub people: Vec<PersonId>,
}

/// The shift began before anybody took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapExpired {
    pub id: SwapId,
    pub spans: Vec<Span>,
}

/// Somebody will be away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceAdded {
    pub absence: Absence,
}

/// Somebody will not be away after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceRemoved {
    pub id: AbsenceId,
}

/// The shifts of an absence up to that moment have been looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceReviewed {
    pub id: AbsenceId,
    pub until_us: i64,
}

/// Those whose duty begins or ends were told, and the next look is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyWatched {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// When there is something to look at again. None: nobody wants to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_us: Option<i64>,
}

/// The one whose duty ends wrote to whoever comes next, or wrote it anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffNoteWritten {
    pub id: HandoffNoteId,
    pub schedule: ScheduleId,
    /// The moment of the handoff.
    pub at_us: i64,
    pub from: PersonId,
    pub to: Vec<PersonId>,
    pub text: String,
    pub watch: Vec<String>,
    pub incidents: Vec<OpenIncident>,
}

/// The one who comes next has read it and takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffNoteAccepted {
    pub id: HandoffNoteId,
    pub by: PersonId,
}

/// The one who comes next needs to know more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffNoteAskedBack {
    pub id: HandoffNoteId,
    pub by: PersonId,
    pub question: String,
}

/// Nobody had accepted it an hour after the handoff, and both sides were told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffNoteReminded {
    pub id: HandoffNoteId,
}
