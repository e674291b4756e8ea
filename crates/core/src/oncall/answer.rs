//! What a schedule answers: who is on call, until when, and if nobody, why.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{OverrideId, PersonId};

/// Who is on call at one instant. Either there are people or there is a reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// The people, each once, in the order of layers and slots.
    pub people: Vec<PersonId>,
    /// Why there is nobody; `None` exactly when there are people.
    pub nobody: Option<NobodyReason>,
    /// The first instant at which other people are on call, or nobody for another reason; `None` when no change is in sight.
    pub until: Option<Timestamp>,
    /// Who learns beside them: the people of active shadow layers who are not on call themselves. They are
    /// told and never counted; `until` does not wait for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shadows: Vec<PersonId>,
}

/// A stretch of the timeline with one answer, `[start, end)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// First instant.
    pub start: Timestamp,
    /// First instant after it.
    pub end: Timestamp,
    /// The people, each once, in the order of layers and slots.
    pub people: Vec<PersonId>,
    /// The names of the layers that decide, joined by ` + `; empty where none does.
    pub layer: String,
    /// The overrides that changed the answer, in the order in which they apply.
    pub overrides: Vec<OverrideId>,
    /// Whether an override changed the answer.
    pub overridden: bool,
    /// Why there is nobody; `None` exactly when there are people.
    pub nobody: Option<NobodyReason>,
}

/// One whole turn of a rotation, before restrictions and overrides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The handoff that begins it.
    pub start: Timestamp,
    /// The handoff that ends it.
    pub end: Timestamp,
    /// Whose turn it is; empty for a buffer.
    pub people: Vec<PersonId>,
}

/// Why nobody is on call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NobodyReason {
    /// The schedule has no layers.
    NoLayers,
    /// No layer is active at that time: outside of their windows, before their start, after their end.
    NoActiveLayer,
    /// The turn is a `NOBODY` slot and no other active layer fills it.
    Buffer {
        /// The layer whose turn it is.
        layer: String,
    },
    /// An override took the last person away, or fixed the answer to nobody.
    Overridden {
        /// The override that left nobody.
        id: OverrideId,
    },
    /// A layer cannot be read (see `Schedule::validate`) and no other active layer fills in.
    Invalid {
        /// The layer that cannot be read.
        layer: String,
        /// What is wrong with it.
        message: String,
    },
    /// Schedules answer for the years 1970 to 2199.
    OutOfRange,
}

impl fmt::Display for NobodyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLayers => f.write_str("the schedule has no layers"),
            Self::NoActiveLayer => f.write_str("no layer is active at that time"),
            Self::Buffer { layer } => write!(f, "layer {layer:?} has a NOBODY slot there"),
            Self::Overridden { id } => write!(f, "override {id} leaves nobody"),
            Self::Invalid { layer, message } => write!(f, "layer {layer:?} cannot be read: {message}"),
            Self::OutOfRange => f.write_str("schedules answer for the years 1970 to 2199"),
        }
    }
}

/// Something wrong in a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where, as a path into the schedule: `layers[0].rotation.every`.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A stretch of time in which nobody is on call, `[start, end)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// First instant without anybody.
    pub start: Timestamp,
    /// First instant with somebody, or with nobody for another reason.
    pub end: Timestamp,
    /// Why.
    pub reason: NobodyReason,
}
