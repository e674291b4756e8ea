//! Changes of a schedule for a while: somebody more, somebody less, somebody else, or a fixed set.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{OverrideId, PersonId, ScheduleId};

/// A change of one schedule between two instants. It stands above every layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Its own id.
    pub id: OverrideId,
    /// The schedule that it changes.
    pub schedule: ScheduleId,
    /// First instant at which it holds.
    pub start: Timestamp,
    /// First instant at which it no longer holds.
    pub end: Timestamp,
    /// What it changes.
    pub change: Change,
    /// Overrides of a higher priority change the result of lower ones. Within one priority, fixed sets
    /// come first (several together give everybody they name), then the other changes in the order given.
    #[serde(default)]
    pub priority: i32,
    /// Who decided it.
    pub author: PersonId,
    /// Why, in the author's words.
    #[serde(default)]
    pub reason: String,
}

/// What an override does to the people on call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// One person more.
    Add {
        /// Who joins.
        person: PersonId,
    },
    /// One person less.
    Remove {
        /// Who leaves.
        person: PersonId,
    },
    /// Somebody takes the place of a person, whenever that person would be on call.
    Replace {
        /// Who leaves.
        person: PersonId,
        /// Who comes instead.
        by: PersonId,
    },
    /// Exactly these people, whatever the layers say. Nobody named means deliberately nobody.
    Fixed {
        /// Who is on call.
        people: Vec<PersonId>,
    },
}

impl Override {
    /// Whether it holds at an instant (half-open).
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

impl Change {
    /// Everybody the change names.
    pub fn people(&self) -> Vec<&PersonId> {
        match self {
            Self::Add { person } | Self::Remove { person } => vec![person],
            Self::Replace { person, by } => vec![person, by],
            Self::Fixed { people } => people.iter().collect(),
        }
    }
}
