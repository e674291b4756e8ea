//! Integrations: where alerts come from, their keys and mappings.

mod mapping;
mod reads;
mod writes;

pub(crate) use mapping::routes as mapping_routes;
pub(crate) use reads::routes as read_routes;
pub(crate) use writes::routes as write_routes;

use std::collections::BTreeMap;

use decurion_core::intake;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::AlertSeverity;

/// A source of alerts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Integration {
    pub id: String,
    pub name: String,
    pub kind: IntegrationKind,
    pub enabled: bool,
    pub origin: IntegrationOrigin,
    /// Whether the end of every alert of an incident closes it, while nobody has classified it.
    pub auto_resolve: bool,
    /// Used where the sender gives no severity.
    pub default_severity: AlertSeverity,
    /// How a generic body becomes an event.
    pub mapping: Option<MappingText>,
    pub last_signal_us: Option<i64>,
    pub alerts_today: i64,
}

/// The format that an integration speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntegrationKind {
    /// PagerDuty Events API v2.
    Pagerduty,
    /// Opsgenie's Alert API.
    Opsgenie,
    /// Alertmanager's webhook, version 4.
    AlertmanagerWebhook,
    /// Alertmanager's API v2, so that a Prometheus can send.
    AlertmanagerApi,
    /// Any JSON object, with a mapping.
    Generic,
}

/// Where an integration is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntegrationOrigin {
    Pack,
    Console,
}

/// CEL expressions over `body` that give the fields of an event.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MappingText {
    /// A list of bodies to map one by one: `body.detail.findings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// `trigger`, `acknowledge` or `resolve`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What makes two bodies the same alert: `body.detail.id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dedup_key: Option<String>,
    /// One line for people: `body.detail.title`.
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `critical`, `error`, `warning` or `info`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

impl From<MappingText> for intake::MappingText {
    fn from(text: MappingText) -> Self {
        let MappingText { each, action, dedup_key, title, description, severity, source, labels } = text;
        Self { each, action, dedup_key, title, description, severity, source, labels }
    }
}

impl From<intake::MappingText> for MappingText {
    fn from(text: intake::MappingText) -> Self {
        let intake::MappingText { each, action, dedup_key, title, description, severity, source, labels } =
            text;
        Self { each, action, dedup_key, title, description, severity, source, labels }
    }
}

impl From<IntegrationKind> for intake::IntegrationKind {
    fn from(kind: IntegrationKind) -> Self {
        match kind {
            IntegrationKind::Pagerduty => Self::Pagerduty,
            IntegrationKind::Opsgenie => Self::Opsgenie,
            IntegrationKind::AlertmanagerWebhook => Self::AlertmanagerWebhook,
            IntegrationKind::AlertmanagerApi => Self::AlertmanagerApi,
            IntegrationKind::Generic => Self::Generic,
        }
    }
}

impl From<intake::IntegrationKind> for IntegrationKind {
    fn from(kind: intake::IntegrationKind) -> Self {
        match kind {
            intake::IntegrationKind::Pagerduty => Self::Pagerduty,
            intake::IntegrationKind::Opsgenie => Self::Opsgenie,
            intake::IntegrationKind::AlertmanagerWebhook => Self::AlertmanagerWebhook,
            intake::IntegrationKind::AlertmanagerApi => Self::AlertmanagerApi,
            intake::IntegrationKind::Generic => Self::Generic,
        }
    }
}

/// Where a sender of that kind sends to.
pub(crate) fn url(base: &str, kind: IntegrationKind, key: &str) -> String {
    match kind {
        IntegrationKind::Pagerduty => format!("{base}/v2/enqueue"),
        IntegrationKind::Opsgenie => format!("{base}/v2/alerts"),
        IntegrationKind::AlertmanagerWebhook => format!("{base}/integrations/{key}/alertmanager"),
        IntegrationKind::AlertmanagerApi => format!("{base}/integrations/{key}"),
        IntegrationKind::Generic => format!("{base}/integrations/{key}/events"),
    }
}
