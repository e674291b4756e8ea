//! Alerts: signals with one dedup key, as one thing with a count.

mod reads;
mod signals;

use std::collections::BTreeMap;

use decurion_core::config::Config;
use decurion_core::id::IntegrationId;
use decurion_store::AlertRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use reads::routes;
pub(crate) use signals::{Signal, routes as signal_routes, signal_of};

use crate::incident::reference;
use crate::problem::ApiResult;
use crate::words::{AlertSeverity, json, word};

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

/// The name of an integration, or its id where it is gone.
pub(crate) fn integration_name(config: &Config, id: &str) -> String {
    config
        .integrations
        .get(&IntegrationId::from(id))
        .map_or_else(|| id.to_owned(), |known| known.name.clone())
}

/// The alert of a row; `number` is that of its incident.
pub(crate) fn alert_of(row: AlertRow, config: &Config, number: Option<i64>) -> ApiResult<Alert> {
    Ok(Alert {
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
