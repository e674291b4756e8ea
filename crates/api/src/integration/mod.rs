//! Integrations: where alerts come from, their keys and mappings.

mod mapping;
mod reads;
mod senders;
mod writes;

pub(crate) use mapping::routes as mapping_routes;
pub(crate) use reads::routes as read_routes;
pub(crate) use senders::routes as sender_routes;
pub(crate) use writes::routes as write_routes;

use std::collections::BTreeMap;

use decurion_core::intake;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::state::ApiState;
use crate::words::AlertSeverity;

/// A source of alerts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Integration {
    pub id: String,
    pub name: String,
    pub kind: IntegrationKind,
    /// Whose bodies arrive, where the format is shipped for one vendor.
    pub vendor: Option<Vendor>,
    /// Whether only bodies that carry the vendor's signature are taken.
    pub signed: bool,
    pub enabled: bool,
    pub origin: IntegrationOrigin,
    /// Whether the end of every alert of an incident closes it, while nobody has classified it.
    pub auto_resolve: bool,
    /// Used where the sender gives no severity.
    pub default_severity: AlertSeverity,
    /// How a generic body becomes an event, in place of what is shipped for its vendor; and what a topic sends that
    /// is no known format.
    pub mapping: Option<MappingText>,
    /// The topics of SNS that are taken, by ARN; for `aws_sns` only.
    pub topics: Vec<String>,
    /// An alert opens when nothing arrives for this long, in seconds.
    pub quiet_after_s: Option<i64>,
    /// Since when something should have arrived; absent while all is well.
    pub quiet_since_us: Option<i64>,
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
    /// Topics of Amazon SNS.
    AwsSns,
    /// Any JSON object, with a mapping.
    Generic,
    /// Beats: their coming says that all is well, whatever they hold.
    Heartbeat,
}

/// A vendor whose bodies are read as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Vendor {
    /// Grafana's alerting, contact point webhook.
    Grafana,
    /// GitHub: code scanning, secret scanning and Dependabot alerts.
    Github,
    /// Sentry: issues, issue alerts and metric alerts.
    Sentry,
    /// Datadog's webhooks, with the body that is given to paste.
    Datadog,
    /// Grafana OnCall's formatted webhook.
    GrafanaOncall,
    /// GoAlert's generic API.
    Goalert,
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
    /// Addresses worth opening, by the text that people read: `Finding: body.html_url`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
}

impl From<MappingText> for intake::MappingText {
    fn from(text: MappingText) -> Self {
        let MappingText { each, action, dedup_key, title, description, severity, source, labels, links } =
            text;
        Self { each, action, dedup_key, title, description, severity, source, labels, links }
    }
}

impl From<intake::MappingText> for MappingText {
    fn from(text: intake::MappingText) -> Self {
        let intake::MappingText {
            each,
            action,
            dedup_key,
            title,
            description,
            severity,
            source,
            labels,
            links,
        } = text;
        Self { each, action, dedup_key, title, description, severity, source, labels, links }
    }
}

impl From<IntegrationKind> for intake::IntegrationKind {
    fn from(kind: IntegrationKind) -> Self {
        match kind {
            IntegrationKind::Pagerduty => Self::Pagerduty,
            IntegrationKind::Opsgenie => Self::Opsgenie,
            IntegrationKind::AlertmanagerWebhook => Self::AlertmanagerWebhook,
            IntegrationKind::AlertmanagerApi => Self::AlertmanagerApi,
            IntegrationKind::AwsSns => Self::AwsSns,
            IntegrationKind::Generic => Self::Generic,
            IntegrationKind::Heartbeat => Self::Heartbeat,
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
            intake::IntegrationKind::AwsSns => Self::AwsSns,
            intake::IntegrationKind::Generic => Self::Generic,
            intake::IntegrationKind::Heartbeat => Self::Heartbeat,
        }
    }
}

impl From<Vendor> for intake::Vendor {
    fn from(vendor: Vendor) -> Self {
        match vendor {
            Vendor::Grafana => Self::Grafana,
            Vendor::Github => Self::Github,
            Vendor::Sentry => Self::Sentry,
            Vendor::Datadog => Self::Datadog,
            Vendor::GrafanaOncall => Self::GrafanaOncall,
            Vendor::Goalert => Self::Goalert,
        }
    }
}

impl From<intake::Vendor> for Vendor {
    fn from(vendor: intake::Vendor) -> Self {
        match vendor {
            intake::Vendor::Grafana => Self::Grafana,
            intake::Vendor::Github => Self::Github,
            intake::Vendor::Sentry => Self::Sentry,
            intake::Vendor::Datadog => Self::Datadog,
            intake::Vendor::GrafanaOncall => Self::GrafanaOncall,
            intake::Vendor::Goalert => Self::Goalert,
        }
    }
}

/// Where the sender of an integration sends to.
pub(crate) fn url(base: &str, integration: &Integration, key: &str) -> String {
    let sender = intake::senders::sender(integration.kind.into(), integration.vendor.map(Into::into));
    format!("{base}{}", sender.map_or("", |sender| &sender.path).replace("{key}", key))
}

/// What the vendor of an integration signs with, where it is asked to.
pub(crate) fn signing_secret(state: &ApiState, integration: &Integration, key: &str) -> Option<String> {
    let secret = || state.engine.links().signing_secret(&integration.id.as_str().into(), key);
    integration.signed.then(secret)
}
