//! Incidents: what people are paged for, and how a case climbs the ladder.
//!
//! An incident's stream holds what deciding needs and no more: flags, levels, who was paged at each and who
//! answered, and the deadlines that run. Alerts are counted, not listed. Everything else is in the journal.
//!
//! Each level that is engaged runs its own steps. A level is *satisfied* when somebody answers there or
//! above; a level that only silence engaged is also satisfied when anybody holds the case. A level that is
//! not satisfied goes on: next step, next level, and from the start again. So an open incident always has
//! a running deadline or a holder whose acknowledgement runs out.

mod command;
mod decide;
mod disposition;
mod ladder;
mod people;
mod record;
mod severity;
mod state;
pub mod timeline;
pub mod view;

pub use command::{Attach, Classification, Command, Open};
pub use decide::decide;
pub use disposition::Disposition;
pub use record::{
    Acknowledged, AcknowledgementExpired, AlertAttached, AlertBrief, AlertEnded, Cause, Classified, Clocks,
    LevelEngaged, Linked, LowerLapsed, LowerRequested, Lowered, Noted, Opened, PageRef, PageUnreachable,
    Raised, Reassigned, RepeatDue, Resolved, SnoozeEnded, Snoozed, StepSilent, StepStarted, Told,
};
pub use severity::Severity;
pub use state::{Holder, LevelState, Lowering, State, Status, TargetState, TimerName};
