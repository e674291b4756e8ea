//! What can happen to an incident.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::escalation::Level;
use crate::id::{AlertId, IncidentId, IntegrationId, PageId, PersonId};
use crate::incident::{Disposition, Severity};
use crate::intake::AlertSeverity;
use crate::journal::StreamId;

/// The deadlines that run beside the steps, as they stand after a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// When the acknowledgement is void unless somebody shows a sign of life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement_us: Option<i64>,
    /// When the case is raised by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_box_us: Option<i64>,
}

/// An alert as its incident sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertBrief {
    pub alert: AlertId,
    pub title: String,
    pub severity: AlertSeverity,
    pub integration: IntegrationId,
}

/// An incident begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub incident: IncidentId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub severity: Severity,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub customer_facing: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub company_wide: bool,
    /// The name of the escalation policy.
    pub policy: String,
    /// The version of the configuration that it was decided under.
    pub config_version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouping: Option<StreamId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    pub source: String,
    /// The name of the integration; none for an incident that a person declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration: Option<String>,
    pub auto_resolve: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<AlertBrief>,
}

/// A further alert belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertAttached {
    pub alert: AlertBrief,
}

/// One of its alerts is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertEnded {
    pub alert: AlertId,
}

/// A person or a rule says what kind of case it is. Only what changed is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_facing: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_wide: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contained: Option<bool>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A person did, not a rule: the incident no longer ends by itself.
    pub by_person: bool,
    pub clocks: Clocks,
}

/// Why a level is engaged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Cause {
    /// Every case begins there.
    Opened,
    /// A guard of the policy is true.
    Judgement { guard: String },
    /// Nobody answered at the level below.
    Silence { from: Level },
    /// Somebody raised it.
    Raised { by: String },
    /// It stayed at the level below for longer than that may last.
    TimeBox { from: Level },
    /// A level above was engaged, and going up never leaves anybody out.
    Below { level: Level },
}

/// A level is involved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelEngaged {
    pub level: Level,
    pub cause: Cause,
    pub clocks: Clocks,
}

/// A page that was decided, as the incident sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    pub page: PageId,
    pub person: PersonId,
}

/// A step of a level pages people. Without people it reached nobody, and the next step follows at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepStarted {
    pub level: Level,
    /// Counted from 0 within the level.
    pub step: usize,
    /// Counts how often the level was paged from the start.
    pub round: u32,
    pub pages: Vec<PageRef>,
    /// Why a target reaches nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<String>,
    /// When the silence of those paged has consequences. None when nobody was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_us: Option<i64>,
    /// The number of the turn, where the step goes round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<i64>,
}

/// The time of a step is over, and these people did not answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepSilent {
    pub level: Level,
    pub step: usize,
    pub round: u32,
    pub people: Vec<PersonId>,
}

/// People are told; no answer is expected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub level: Level,
    pub round: u32,
    pub pages: Vec<PageRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<String>,
}

/// No contact method of a person who was paged works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageUnreachable {
    pub page: PageId,
    pub person: PersonId,
    pub level: Level,
}

/// A level that must answer stayed silent to the end of the ladder; it is paged again at that time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RepeatDue {
    /// None: nothing is left to be paged again.
    pub at_us: Option<i64>,
}

/// Somebody took it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The person; none when a machine did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Who it was, as people read it, where it was no person of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The highest level at which they answer.
    pub level: Level,
    /// How: `console`, `link`, `integration`.
    pub via: String,
    /// They hold the case from now on.
    pub holds: bool,
    /// Levels that have their answer with this one.
    pub satisfied: Vec<Level>,
    /// Those of them whose other people need not be asked any more.
    pub settled: Vec<Level>,
    pub clocks: Clocks,
}

/// The holder showed no sign of life; nobody holds the case any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AcknowledgementExpired {
    pub level: Level,
}

/// Somebody wants more people on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Raised {
    pub level: Level,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The owner of the level asks to lower it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LowerRequested {
    pub to: Level,
    pub by: PersonId,
    pub reason: String,
    pub until_us: i64,
}

/// Nobody consented in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LowerLapsed {}

/// A second person consented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lowered {
    pub to: Level,
    pub by: PersonId,
    pub consent: PersonId,
    pub reason: String,
    pub clocks: Clocks,
}

/// It rests until then; the level is paged again at that time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snoozed {
    pub until_us: i64,
    pub clocks: Clocks,
}

/// The rest is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnoozeEnded {
    pub level: Level,
}

/// Another person is asked to take it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reassigned {
    pub level: Level,
    pub round: u32,
    pub page: PageRef,
    pub deadline_us: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Somebody wrote something down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Noted {
    pub text: String,
    pub clocks: Clocks,
}

/// Somebody put a link to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linked {
    pub href: String,
    pub text: String,
    pub clocks: Clocks,
}

/// It is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub disposition: Disposition,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// All its alerts ended and nobody had classified it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_source: bool,
}
