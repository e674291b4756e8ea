//! An incident as the API gives it.

use std::collections::BTreeMap;

use decurion_store::IncidentRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::incident::reference;
use crate::problem::ApiResult;
use crate::words::{Disposition, Level, Severity, json, word};

/// A case: what people are paged for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Incident {
    pub id: String,
    pub number: i64,
    /// What people call it: `INC-42`.
    pub reference: String,
    pub title: String,
    pub status: IncidentStatus,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
    pub disposition: Option<Disposition>,
    pub level: Level,
    /// The name of the escalation policy.
    pub policy: String,
    pub opened_us: i64,
    pub resolved_us: Option<i64>,
    pub updated_us: i64,
    pub alerts_open: i64,
    pub alerts_total: i64,
    /// Counts what happened to it.
    pub version: i64,
    #[serde(flatten)]
    pub view: IncidentView,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IncidentStatus {
    Triggered,
    Acknowledged,
    Contained,
    Resolved,
}

/// What stands behind a case: its lamps, its holder, and what happens next if nobody acts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct IncidentView {
    pub description: Option<String>,
    pub labels: BTreeMap<String, String>,
    /// The host, account or service that the sender names; empty for a declared case.
    pub source: String,
    /// The name of the integration; null for a case that a person declared.
    pub integration: Option<String>,
    pub facts: BTreeMap<String, serde_json::Value>,
    /// One for each level, from L1 to executive.
    pub levels: Vec<IncidentLevel>,
    pub holder: Option<Holder>,
    /// What happens next if nobody acts; null when nothing waits.
    pub next: Option<NextStep>,
    pub snoozed_until_us: Option<i64>,
    pub lowering: Option<Lowering>,
    pub contained_us: Option<i64>,
}

/// One lamp and what stands behind it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct IncidentLevel {
    pub level: Level,
    pub lamp: Lamp,
    pub engaged_us: Option<i64>,
    /// Why it is engaged, in words.
    pub cause: Option<String>,
    pub targets: Vec<LevelTarget>,
    /// The step that runs or ran last, from 1; 0 before the first.
    pub step: u32,
    pub steps: u32,
    /// How often the level was paged from its first step.
    pub round: u32,
    /// Why fewer people are reached than should be.
    pub holes: Vec<String>,
}

/// The state of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lamp {
    Off,
    Armed,
    Paging,
    Part,
    Held,
    Silent,
    Told,
    Hole,
    StoodDown,
}

/// Somebody at a level.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct LevelTarget {
    pub person_id: String,
    pub name: String,
    pub state: TargetState,
    pub since_us: i64,
    pub page_id: String,
}

/// What became of telling somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetState {
    Paged,
    Answered,
    Silent,
    Unreachable,
    Told,
}

/// Who has the case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Holder {
    /// Null when a machine acknowledged.
    pub person_id: Option<String>,
    pub name: String,
    pub since_us: i64,
    pub level: Level,
}

/// What happens next if nobody acts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct NextStep {
    pub due_us: i64,
    pub kind: NextKind,
    pub level: Option<Level>,
    /// Names of those who will be paged.
    pub people: Vec<String>,
    /// A sentence without its end mark: `Mara Lindqvist and Tomasz Zieliński are paged`.
    pub text: String,
}

/// What a deadline leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NextKind {
    Step,
    Climb,
    Repeat,
    AckTimeout,
    TimeBox,
    Snooze,
    Lowering,
    Rest,
}

/// A request to lower the level, waiting for a second person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Lowering {
    pub to: Level,
    pub by: String,
    pub by_name: String,
    pub reason: String,
    pub until_us: i64,
}

impl Incident {
    /// The incident of a row.
    pub(crate) fn of(row: IncidentRow) -> ApiResult<Self> {
        Ok(Self {
            reference: reference(row.number),
            status: word(&row.status)?,
            severity: word(&row.severity)?,
            disposition: row.disposition.as_deref().map(word).transpose()?,
            level: word(&row.level)?,
            view: json(&row.view_json)?,
            id: row.id,
            number: row.number,
            title: row.title,
            customer_facing: row.customer_facing,
            company_wide: row.company_wide,
            policy: row.policy,
            opened_us: row.opened_us,
            resolved_us: row.resolved_us,
            updated_us: row.updated_us,
            alerts_open: row.alerts_open,
            alerts_total: row.alerts_total,
            version: row.version,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use decurion_core::incident::view::view;

    use super::IncidentView;

    #[test]
    fn the_view_of_the_core_is_the_view_of_the_api() {
        let made =
            view(&decurion_core::incident::State::default(), &decurion_core::config::Config::default());
        let text = serde_json::to_value(&made).unwrap();
        let read: IncidentView = serde_json::from_value(text.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), text);
    }
}
