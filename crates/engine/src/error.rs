//! Why the engine did not do what was asked.

use decurion_core::access::Denied;
use decurion_core::decide::Refusal;
use decurion_core::id::SignalId;
use decurion_core::intake::IntakeError;
use decurion_core::pack::{EditError, Finding};

/// Why a command did not run. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// More is asked than can be done; the caller tries again.
    #[error("the node is busy; try again in a moment")]
    Busy,
    #[error("the database cannot be used: {0}")]
    Store(String),
    /// The pack has errors.
    #[error("the pack has {} errors", .0.len())]
    Pack(Vec<Finding>),
    /// An object cannot be put into the pack or taken out of it.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl From<decurion_store::Error> for EngineError {
    fn from(error: decurion_store::Error) -> Self {
        Self::Store(error.to_string())
    }
}

/// Why a sender's body led to no alert.
#[derive(Debug, thiserror::Error)]
pub enum IntakeFailure {
    /// It cannot be interpreted. `signal` is what was kept of it, to be looked at and tried again.
    #[error("{error}")]
    Uninterpretable { signal: SignalId, error: IntakeError },
    /// Nothing was kept; the sender tries again.
    #[error(transparent)]
    Unavailable(EngineError),
}
