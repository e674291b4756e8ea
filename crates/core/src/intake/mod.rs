//! From what senders send to what the product decides on.
//!
//! Each format is one module with a pure `interpret(body) -> events`. A body that a format cannot
//! interpret is kept as a signal by the engine; nothing here drops anything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::expression::Expression;
use crate::id::IntegrationId;
use crate::incident::Severity;

/// What a sender asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Trigger,
    Acknowledge,
    Resolve,
}

/// How bad the sender says it is. The words are those of PD-CEF, which most senders map to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationKind {
    /// PagerDuty Events API v2.
    Pagerduty,
    /// Alertmanager's webhook, version 4.
    AlertmanagerWebhook,
    /// Alertmanager's API v2, so that a Prometheus can send.
    AlertmanagerApi,
    /// Any JSON object, with a mapping.
    Generic,
}

impl IntegrationKind {
    /// Every kind, in the order of documents.
    pub const ALL: [Self; 4] =
        [Self::Pagerduty, Self::AlertmanagerWebhook, Self::AlertmanagerApi, Self::Generic];

    /// The name used in packs, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pagerduty => "pagerduty",
            Self::AlertmanagerWebhook => "alertmanager_webhook",
            Self::AlertmanagerApi => "alertmanager_api",
            Self::Generic => "generic",
        }
    }
}

/// A source of alerts.
#[derive(Debug, Clone, PartialEq)]
pub struct Integration {
    pub id: IntegrationId,
    pub name: String,
    pub kind: IntegrationKind,
    pub enabled: bool,
    /// How a generic body becomes an event; the other kinds need none.
    pub mapping: Option<Mapping>,
    /// Used where the sender gives no severity.
    pub default_severity: AlertSeverity,
    /// Whether the end of every alert of an incident closes it, while nobody has classified it.
    pub auto_resolve: bool,
}

/// CEL expressions over the body (`body`) that give the fields of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Gives a list of bodies to map one by one. Without it the body is one event.
    pub each: Option<Expression>,
    /// Gives `trigger`, `acknowledge` or `resolve`. Without it every body triggers.
    pub action: Option<Expression>,
    pub dedup_key: Option<Expression>,
    pub title: Expression,
    pub description: Option<Expression>,
    /// Gives one of the severity names.
    pub severity: Option<Expression>,
    pub source: Option<Expression>,
    pub labels: BTreeMap<String, Expression>,
}

/// What becomes of an alert: the first rule whose guard is true decides, then the defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Routing {
    pub rules: Vec<RoutingRule>,
    /// The severity of an incident opened by an alert of that severity; sev3 where it says nothing.
    pub severity: BTreeMap<AlertSeverity, Severity>,
}

/// One rule of the routing.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutingRule {
    pub name: String,
    /// Over `integration`, `kind`, `title`, `severity`, `source`, `labels`.
    pub when: Expression,
    pub severity: Option<Severity>,
    pub customer_facing: Option<bool>,
    pub company_wide: Option<bool>,
    pub policy: Option<String>,
    /// Alerts of one integration for which these expressions give the same values share an incident.
    /// Empty: each alert opens its own.
    pub group_by: Vec<Expression>,
}
