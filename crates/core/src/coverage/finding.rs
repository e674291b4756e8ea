//! What the check finds, and the rules by name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::escalation::Level;
use crate::id::{AcceptanceId, PersonId, ScheduleId};

/// Nobody is reached by any step of a level.
pub const LEVEL: &str = "COV-1";
/// A person has no usable contact method.
pub const PERSON: &str = "COV-2";
/// A step reaches nobody and falls through at once; the level still reaches somebody.
pub const STEP: &str = "COV-3";
/// Everybody whom a level would reach was silent at the level below.
pub const SAME: &str = "COV-4";
/// Somebody who should be told when a level is engaged is not reached.
pub const TELL: &str = "COV-5";
/// With one person away, a level reaches nobody or only people who were silent below.
pub const ONE_AWAY: &str = "COV-6";
/// With two people away, a level reaches nobody or only people who were silent below.
pub const TWO_AWAY: &str = "COV-7";
/// A person is the first to be paged for too large a part of the time.
pub const SHARE: &str = "COV-8";
/// Too little rest before a duty.
pub const REST: &str = "COV-9";
/// Too many nights in a row.
pub const NIGHTS: &str = "COV-10";
/// Too few free weekends.
pub const WEEKENDS: &str = "COV-11";
/// Too many days without a weekly rest.
pub const DAYS_IN_A_ROW: &str = "COV-12";
/// A duty is held by somebody who is not certified for it.
pub const CERTIFIED: &str = "COV-13";
/// Somebody has the same public holiday on duty as the year before.
pub const HOLIDAY: &str = "COV-14";
/// Somebody who is away is on call.
pub const ABSENT: &str = "COV-15";
/// A person has usable contact methods, and none of them was verified.
pub const VERIFIED: &str = "COV-16";
/// Something is accepted that is not found, or no longer.
pub const ACCEPTANCE: &str = "COV-17";

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageSeverity {
    /// The coverage is not proven: somebody is not reached, or is asked for more than people can carry.
    Fail,
    /// It holds, and is weak.
    Warn,
}

/// Who lives with a finding, why, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Names it where it was entered on a server; an acceptance of the pack has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AcceptanceId>,
    pub author: PersonId,
    pub reason: String,
    /// First instant at which the finding counts again.
    pub until: Timestamp,
}

/// A stretch of time, `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub start: Timestamp,
    pub end: Timestamp,
}

/// A hole in who would be reached, or more than people can carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageFinding {
    /// Stable name of the finding: rule, `/`, subject and, for what happens at a time, `@` and its beginning in
    /// UTC to the second. The next check gives the same key for the same finding; by it a finding is accepted.
    pub key: String,
    /// `COV-1` to `COV-17`; docs/coverage.md explains each.
    pub rule: String,
    pub severity: CoverageSeverity,
    /// The policy, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The level, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The step of the level, from 1, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The schedule, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleId>,
    /// The person, where the finding is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Everybody whom the finding is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// First instant of the first stretch. What began before the days that were looked at keeps its beginning
    /// for a week.
    pub start: Timestamp,
    /// First instant after the last stretch, at most the end of the days that were looked at.
    pub end: Timestamp,
    /// Whether it lasts from the first to the last instant that was looked at.
    pub always: bool,
    /// The stretches between start and end, the first fifty, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// What is wrong and why, with times in the organisation's zone.
    pub message: String,
    /// What would mend it.
    pub mend: String,
    /// Set where the organisation lives with it for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

impl CoverageFinding {
    /// Whether it stands against the proof: a failure that nobody accepted.
    pub const fn fails(&self) -> bool {
        matches!(self.severity, CoverageSeverity::Fail) && self.accepted.is_none()
    }
}

/// The number of a rule, by which rules are ordered.
pub(super) fn number(rule: &str) -> u32 {
    rule.strip_prefix("COV-").and_then(|digits| digits.parse().ok()).unwrap_or(u32::MAX)
}

/// Whether a text is shaped like the key of a finding: `COV-8/leila`, with or without an instant.
pub fn is_key(text: &str) -> bool {
    let Some((rule, subject)) = text.split_once('/') else { return false };
    let fine = |c: char| c.is_ascii_graphic() || c == ' ';
    (1..=17).contains(&number(rule)) && !subject.is_empty() && text.len() <= 200 && text.chars().all(fine)
}
