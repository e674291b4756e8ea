//! Alerts: signals with one dedup key, as one thing with a count.

mod reads;
mod signals;

use std::collections::BTreeMap;

use decurion_core::config::Config;
use decurion_core::id::IntegrationId;
use decurion_core::intake::{self, Action, Event};
use decurion_store::AlertRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use reads::routes;
pub(crate) use signals::{Signal, routes as signal_routes, signal_of};

use crate::incident::reference;
use crate::problem::ApiResult;
use crate::words::{AlertSeverity, Severity, json, word};

/// Signals with one dedup key, between opening and resolution.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Alert {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub severity: AlertSeverity,
    pub source: String,
    pub integration_id: String,
    pub integration_name: String,
    pub dedup_key: String,
    pub labels: BTreeMap<String, String>,
    pub links: Vec<AlertLink>,
    pub status: AlertStatus,
    pub incident_id: Option<String>,
    pub incident_reference: Option<String>,
    pub opened_us: i64,
    pub last_us: i64,
    /// How many signals it stands for.
    pub count: i64,
    pub resolved_us: Option<i64>,
    /// What ended it: `source`, `timeout`, or its incident.
    pub resolved_by: Option<String>,
    /// When it ends by itself unless it is sent again.
    pub expires_at_us: Option<i64>,
    /// The routing rule that decided about it.
    pub rule: Option<String>,
    /// The silence that holds it back, or did so until it ended. Null once it has an incident.
    pub suppressed_by: Option<String>,
    /// What would be without the silence; while it is held back.
    pub held: Option<AlertHeld>,
}

/// An alert that a silence holds back: until when, and what it would be without.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AlertHeld {
    /// When the silence ends, and the alert is raised unless it is over by then. Null where the silence is over
    /// and the alert about to be raised.
    pub until_us: Option<i64>,
    /// The severity that its incident would have.
    pub severity: Severity,
    /// The escalation policy that would page.
    pub policy: String,
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AlertStatus {
    Open,
    Acknowledged,
    Resolved,
}

/// Something worth opening beside an alert.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct AlertLink {
    pub href: String,
    pub text: String,
}

impl From<intake::Link> for AlertLink {
    fn from(link: intake::Link) -> Self {
        Self { href: link.href, text: link.text }
    }
}

/// The name of an integration, or its id where it is gone.
pub(crate) fn integration_name(config: &Config, id: &str) -> String {
    config
        .integrations
        .get(&IntegrationId::from(id))
        .map_or_else(|| id.to_owned(), |known| known.name.clone())
}

/// What the sender said, as far as the row keeps it.
pub(crate) fn event_of(row: &AlertRow) -> ApiResult<Event> {
    Ok(Event {
        action: Action::Trigger,
        dedup_key: row.dedup_key.clone(),
        title: row.title.clone(),
        description: None,
        severity: word(&row.severity)?,
        source: row.source.clone(),
        labels: json(&row.labels_json)?,
        links: Vec::new(),
        expires_at_us: None,
    })
}

/// What would be without the silence that holds an alert back.
fn held_of(row: &AlertRow, config: &Config, now_us: i64) -> ApiResult<Option<AlertHeld>> {
    let Some(silence) = row.suppressed_by.as_deref().filter(|_| row.resolved_us.is_none()) else {
        return Ok(None);
    };
    let id = IntegrationId::from(row.integration_id.as_str());
    let routed = match config.integrations.get(&id) {
        Some(integration) => Some(config.routing.decide(integration, &event_of(row)?)),
        None => None,
    };
    let known = config.silences.iter().find(|known| known.silence.id.as_str() == silence);
    let policy = routed.as_ref().and_then(|routed| routed.policy.clone());
    Ok(Some(AlertHeld {
        until_us: known.and_then(|known| known.holds_until(now_us)),
        severity: match &routed {
            Some(routed) => word(routed.severity.as_str())?,
            None => Severity::Sev3,
        },
        policy: policy.unwrap_or_else(|| Config::DEFAULT_POLICY.to_owned()),
    }))
}

/// The alert of a row; `number` is that of its incident.
pub(crate) fn alert_of(row: AlertRow, config: &Config, number: Option<i64>, now_us: i64) -> ApiResult<Alert> {
    let held = held_of(&row, config, now_us)?;
    Ok(Alert {
        held,
        suppressed_by: row.suppressed_by,
        severity: word(&row.severity)?,
        integration_name: integration_name(config, &row.integration_id),
        labels: json(&row.labels_json)?,
        links: json(&row.links_json)?,
        status: word(&row.status)?,
        incident_reference: number.map(reference),
        description: Some(row.description).filter(|text| !text.is_empty()),
        id: row.id,
        title: row.title,
        source: row.source,
        integration_id: row.integration_id,
        dedup_key: row.dedup_key,
        incident_id: row.incident_id,
        opened_us: row.opened_us,
        last_us: row.last_us,
        count: row.count,
        resolved_us: row.resolved_us,
        resolved_by: row.resolved_by,
        expires_at_us: row.expires_at_us,
        rule: row.rule,
    })
}
