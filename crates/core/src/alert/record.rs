//! What can happen to an alert.

use serde::{Deserialize, Serialize};

use crate::id::{AlertId, IncidentId, IntegrationId, SignalId, SilenceId};
use crate::intake::{AlertSeverity, Event};

/// The first signal of a key opened an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub alert: AlertId,
    /// Counts the alerts of this key, from 1.
    pub cycle: u32,
    /// None only within [`Held`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    pub integration: IntegrationId,
    pub signal: SignalId,
    /// The routing rule that decided, if any did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    pub event: Event,
}

/// The first signal of a key opened an alert under a silence: no incident was opened, nobody is paged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    #[serde(flatten)]
    pub opened: Opened,
    pub silence: SilenceId,
    /// When the silence ends and the alert is looked at again.
    pub until_us: i64,
}

/// The silence of an alert is over, and another one holds the alert back from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOn {
    pub alert: AlertId,
    pub silence: SilenceId,
    pub until_us: i64,
}

/// Nothing silences an alert any more, and it is still open: it has an incident from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    pub alert: AlertId,
    pub incident: IncidentId,
    /// The routing rule that decided, if any did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// A repeat said that it is worse than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worsened {
    pub alert: AlertId,
    pub severity: AlertSeverity,
}

/// The sender acknowledged it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    pub alert: AlertId,
}

/// Repeats moved the moment at which it ends by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    pub alert: AlertId,
    pub expires_at_us: i64,
}

/// It is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub alert: AlertId,
    pub by: Ended,
}

/// What ended an alert by itself. The end of an incident ends its alerts too, and is recorded there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The sender said so.
    Source,
    /// The sender stopped sending it for as long as it had said.
    Timeout,
}
