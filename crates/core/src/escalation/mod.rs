//! The escalation policy: who is engaged at which level, when, and what silence does.
//!
//! The four levels together are the ladder. A case climbs by judgement (a guard of a level is true: the
//! level and every level below it are engaged at once) and by silence (nobody at a level answers in time).

pub mod facts;
pub mod targets;
pub mod turns;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expression::Expression;
use crate::id::{PersonId, RoleId, ScheduleId};
use crate::incident::Severity;

/// Who is involved. Going up adds people and never removes any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    L1,
    L2,
    L3,
    #[serde(rename = "executive")]
    Executive,
}

impl Level {
    /// From the lowest to the highest.
    pub const ALL: [Self; 4] = [Self::L1, Self::L2, Self::L3, Self::Executive];

    /// The name used in packs, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
            Self::Executive => "executive",
        }
    }

    /// The level that silence climbs to. The executive level is the last.
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::L1 => Some(Self::L2),
            Self::L2 => Some(Self::L3),
            Self::L3 => Some(Self::Executive),
            Self::Executive => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An escalation policy as decisions read it, compiled from a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub name: String,
    pub levels: BTreeMap<Level, LevelPolicy>,
    /// After the whole ladder stayed silent, it begins again after this time, until somebody answers.
    pub repeat_after_s: i64,
    /// How long a request to lower the level waits for the second person.
    pub lower_within_s: i64,
    /// The free facts that guards of this policy may read beside those every incident has, each with the
    /// value it has until somebody classifies the case otherwise.
    pub facts: BTreeMap<String, serde_json::Value>,
}

/// What one level does.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPolicy {
    /// Who may ask to lower the case from this level.
    pub owner: Vec<Target>,
    /// The level is demanded when any of these is true over the incident's facts.
    pub when: Vec<Expression>,
    /// Tried in order, each until its time is out.
    pub steps: Vec<Step>,
    /// Told once when the level is engaged; no answer is expected.
    pub tell: Vec<Target>,
    pub answer: Answer,
    /// An acknowledgement without any further sign of life is void after this time, and the level is paged again.
    pub ack_timeout_s: i64,
    /// How long the case may stay at this level before it is raised by itself.
    pub time_box: Option<TimeBox>,
}

/// One round of pages within a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub page: Vec<Target>,
    pub timeout_s: i64,
    /// Each new incident pages the next entry of `page` alone; for a role each holder is an entry.
    pub round_robin: bool,
}

/// Whose answer makes a level answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Answer {
    /// One person of those paged.
    Any,
    /// Each person of those paged; those who stay silent are paged on while others hold the case.
    Each,
    /// Nobody: the level is told. It is paged for an answer only when silence brought the case here.
    Told,
}

/// The longest stay at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeBox {
    pub default_s: Option<i64>,
    pub by_severity: BTreeMap<Severity, i64>,
    /// The clock stops counting when this is reached.
    pub until: TimeBoxEnd,
}

/// What ends a time box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TimeBoxEnd {
    /// A disposition was given.
    Disposition,
    /// The incident was contained.
    Contained,
}

impl TimeBox {
    /// The time box in seconds for a case of that severity.
    pub fn of(&self, severity: Severity) -> Option<i64> {
        self.by_severity.get(&severity).copied().or(self.default_s)
    }
}

/// Whom a step reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Person(PersonId),
    /// Everybody who has the role.
    Role(RoleId),
    /// The deputy of a role at that place, counted from 1.
    Deputy {
        role: RoleId,
        place: usize,
    },
    /// Whoever is on call.
    Schedule(ScheduleId),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "{id}"),
            Self::Role(id) => write!(f, "role {id}"),
            Self::Deputy { role, place } => write!(f, "deputy {place} of {role}"),
            Self::Schedule(id) => write!(f, "on call for {id}"),
        }
    }
}
