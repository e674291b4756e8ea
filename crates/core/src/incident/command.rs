//! What can be asked of an incident.

use std::collections::BTreeMap;

use crate::escalation::Level;
use crate::id::{AlertId, IncidentId, IntegrationId, PageId, PersonId};
use crate::incident::{AlertBrief, Disposition, Severity};
use crate::intake::Routed;
use crate::journal::StreamId;

/// What can be asked of an incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Open(Box<Open>),
    Attach(Box<Attach>),
    AlertEnded {
        alert: AlertId,
    },
    AlertWorsened {
        severity: Severity,
    },
    AlertAcknowledged {
        integration: IntegrationId,
        name: String,
    },
    Acknowledge {
        via: &'static str,
    },
    Classify(Box<Classification>),
    Raise {
        level: Level,
        reason: Option<String>,
    },
    Lower {
        level: Level,
        reason: String,
    },
    ConsentToLower,
    Snooze {
        until_us: i64,
    },
    Reassign {
        person: PersonId,
        reason: Option<String>,
    },
    Note {
        text: String,
    },
    Link {
        href: String,
        text: String,
    },
    Resolve {
        disposition: Disposition,
        reason: Option<String>,
    },
    /// No contact method of a page works.
    PageUnreachable {
        page: PageId,
    },
    TimerFired {
        name: String,
        generation: i64,
    },
}

/// A new incident, from an alert or declared by a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    pub incident: IncidentId,
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
    /// The name of the escalation policy; the default one where none is named.
    pub policy: Option<String>,
    pub grouping: Option<StreamId>,
    pub labels: BTreeMap<String, String>,
    pub source: String,
    pub integration: Option<String>,
    pub auto_resolve: bool,
    pub alert: Option<AlertBrief>,
}

/// A further alert of the incident's group.
#[derive(Debug, Clone, PartialEq)]
pub struct Attach {
    pub alert: AlertBrief,
    pub routed: Routed,
}

/// What a person says about a case. None leaves as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Classification {
    pub severity: Option<Severity>,
    pub customer_facing: Option<bool>,
    pub company_wide: Option<bool>,
    pub disposition: Option<Disposition>,
    pub contained: Option<bool>,
    pub facts: BTreeMap<String, serde_json::Value>,
    pub reason: Option<String>,
}
