//! From what senders send to what the product decides on.
//!
//! Each format is one module with a pure `interpret(body) -> events`. A body that a format cannot
//! interpret is kept as a signal by the engine; nothing here drops anything.

mod alertmanager;
pub mod alertmanager_api;
pub mod alertmanager_webhook;
mod aws;
pub mod bounds;
mod error;
pub mod generic;
pub mod goalert;
mod guess;
pub mod json;
mod mapping;
pub mod opsgenie;
pub mod pagerduty;
mod routing;
pub mod senders;
pub mod sns;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use error::{IntakeError, IntakeErrorKind, Problem};
pub use mapping::{Mapping, MappingText};
pub use routing::{Routed, Routing, RoutingRule};
pub use senders::Vendor;

use crate::id::IntegrationId;

/// What a sender asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Trigger,
    Acknowledge,
    Resolve,
}

/// How bad the sender says it is. The words are those of PD-CEF, which most senders map to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AlertSeverity {
    Critical,
    Error,
    Warning,
    Info,
}

impl AlertSeverity {
    /// The name used in packs, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One thing that a sender says about one key, in the product's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub action: Action,
    /// Signals with the same key from the same integration are one alert.
    pub dedup_key: String,
    /// One line for people. Never empty for a trigger.
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub severity: AlertSeverity,
    /// The host, account or service that the sender names.
    pub source: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// When the alert ends by itself unless it is sent again, microseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at_us: Option<i64>,
}

/// Something worth opening beside an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub href: String,
    pub text: String,
}

/// The format that an integration speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum IntegrationKind {
    /// PagerDuty Events API v2.
    Pagerduty,
    /// Opsgenie's Alert API.
    Opsgenie,
    /// Alertmanager's webhook, version 4.
    AlertmanagerWebhook,
    /// Alertmanager's API v2, so that a Prometheus can send.
    AlertmanagerApi,
    /// Topics of Amazon SNS: CloudWatch alarms, EventBridge, GuardDuty, Security Hub and the rest.
    AwsSns,
    /// Any JSON object, with a mapping.
    Generic,
    /// Beats: their coming says that all is well, whatever they hold.
    Heartbeat,
}

impl IntegrationKind {
    /// Every kind, in the order of documents.
    pub const ALL: [Self; 7] = [
        Self::Pagerduty,
        Self::Opsgenie,
        Self::AlertmanagerWebhook,
        Self::AlertmanagerApi,
        Self::AwsSns,
        Self::Generic,
        Self::Heartbeat,
    ];

    /// The name used in packs, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pagerduty => "pagerduty",
            Self::Opsgenie => "opsgenie",
            Self::AlertmanagerWebhook => "alertmanager_webhook",
            Self::AlertmanagerApi => "alertmanager_api",
            Self::AwsSns => "aws_sns",
            Self::Generic => "generic",
            Self::Heartbeat => "heartbeat",
        }
    }

    /// Whether bodies of this kind may be read by a mapping.
    pub const fn takes_mapping(self) -> bool {
        matches!(self, Self::AwsSns | Self::Generic)
    }
}

/// A source of alerts.
#[derive(Debug, Clone, PartialEq)]
pub struct Integration {
    pub id: IntegrationId,
    pub name: String,
    pub kind: IntegrationKind,
    pub enabled: bool,
    /// Whose bodies arrive, where the format is shipped for one vendor.
    pub vendor: Option<Vendor>,
    /// Whether only bodies that carry the vendor's signature are taken.
    pub signed: bool,
    /// How a generic body becomes an event, or what a topic sends that is no known format; the other kinds need
    /// none. Without one, that of the vendor.
    pub mapping: Option<Mapping>,
    /// The topics that are taken, by ARN; for SNS only.
    pub topics: BTreeSet<String>,
    /// Used where the sender gives no severity.
    pub default_severity: AlertSeverity,
    /// Whether the end of every alert of an incident closes it, while nobody has classified it.
    pub auto_resolve: bool,
    /// Nothing may be missing from it for longer than this, in seconds; see [`crate::source`].
    pub quiet_after_s: Option<i64>,
}

impl Integration {
    /// Stands for one that is not configured any more.
    pub fn gone(id: &IntegrationId, default_severity: AlertSeverity) -> Self {
        Self {
            id: id.clone(),
            name: id.to_string(),
            kind: IntegrationKind::Generic,
            enabled: false,
            mapping: None,
            default_severity,
            auto_resolve: false,
            quiet_after_s: None,
            vendor: None,
            signed: false,
            topics: BTreeSet::new(),
        }
    }
}

impl Integration {
    /// What reads a generic body: its own mapping, else the one that is shipped for its vendor.
    pub fn reads_by(&self) -> Option<&Mapping> {
        self.mapping.as_ref().or_else(|| self.vendor?.sender()?.compiled())
    }
}

/// The events that a body gives.
///
/// `signal` is the id of what arrived and `received_us` when, in microseconds since the epoch; the same
/// arguments always give the same events, so that a kept body can be tried again. An error of kind
/// [`IntakeErrorKind::Uninterpretable`] is no reason to refuse a body, and whatever the kind, the events in
/// [`IntakeError::partial`] count.
pub fn interpret(
    integration: &Integration,
    signal: &str,
    body: &[u8],
    received_us: i64,
) -> Result<Vec<Event>, IntakeError> {
    match integration.kind {
        IntegrationKind::Pagerduty => pagerduty::interpret(integration, signal, body),
        IntegrationKind::Opsgenie => opsgenie::interpret(integration, signal, body),
        IntegrationKind::AlertmanagerWebhook => alertmanager_webhook::interpret(integration, body),
        IntegrationKind::AlertmanagerApi => alertmanager_api::interpret(integration, body, received_us),
        IntegrationKind::AwsSns => sns::interpret(integration, body),
        IntegrationKind::Generic => generic::interpret(integration, body),
        IntegrationKind::Heartbeat => Ok(Vec::new()),
    }
}
