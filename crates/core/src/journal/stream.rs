//! Streams: the unit that is loaded, decided on and versioned.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{ContactId, FeedId, IncidentId, IntegrationId, PageId, PersonId, ScheduleId, SilenceId};

/// Names one stream: the kind of thing and which one, as `incident:inc_0199…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(String);

impl StreamId {
    /// Takes the text as it is; whoever reads it from outside has checked it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// One alert, by the hex digest of its integration and dedup key, so that two nodes cannot open it twice.
    pub fn alert(digest: &str) -> Self {
        Self(format!("alert:{digest}"))
    }

    /// One grouping key, by its hex digest: which incident is open for it.
    pub fn grouping(digest: &str) -> Self {
        Self(format!("grouping:{digest}"))
    }

    /// One incident.
    pub fn incident(id: &IncidentId) -> Self {
        Self(format!("incident:{id}"))
    }

    /// One page.
    pub fn page(id: &PageId) -> Self {
        Self(format!("page:{id}"))
    }

    /// The configuration: which pack is in force.
    pub fn config() -> Self {
        Self("config".to_owned())
    }

    /// One schedule and its overrides.
    pub fn schedule(id: &ScheduleId) -> Self {
        Self(format!("schedule:{id}"))
    }

    /// One calendar feed.
    pub fn feed(id: &FeedId) -> Self {
        Self(format!("feed:{id}"))
    }

    /// The round-robin counters of one escalation policy.
    pub fn turns(policy: &str) -> Self {
        Self(format!("turns:{policy}"))
    }

    /// One person: when they are away.
    pub fn person(id: &PersonId) -> Self {
        Self(format!("person:{id}"))
    }

    /// One contact of a person: whether messages arrive there.
    pub fn contact(person: &PersonId, contact: &ContactId) -> Self {
        Self(format!("contact:{person}/{contact}"))
    }

    /// One silence.
    pub fn silence(id: &SilenceId) -> Self {
        Self(format!("silence:{id}"))
    }

    /// One source of alerts that must be heard from.
    pub fn source(id: &IntegrationId) -> Self {
        Self(format!("source:{id}"))
    }

    /// One account of the console.
    pub fn account(id: &str) -> Self {
        Self(format!("account:{id}"))
    }

    /// The stream as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind of thing: `incident` of `incident:inc_0199…`.
    pub fn kind(&self) -> &str {
        self.0.split_once(':').map_or(self.0.as_str(), |(kind, _)| kind)
    }

    /// Which thing: `inc_0199…` of `incident:inc_0199…`; empty when there is only one of the kind.
    pub fn key(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, key)| key)
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for StreamId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
