//! What is known of a key.

use std::sync::Arc;

use crate::alert::{Ended, Opened};
use crate::decide::Timer;
use crate::id::IncidentId;
use crate::intake::AlertSeverity;
use crate::record::{Deadline, Record};

/// A key of an integration and its last alert.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// How many alerts this key has opened.
    pub cycle: u32,
    /// The last alert of the key, over or not.
    pub last: Option<Alert>,
}

/// An alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// How it began.
    pub opened: Arc<Opened>,
    pub opened_us: i64,
    /// The worst that a signal said.
    pub severity: AlertSeverity,
    pub acknowledged: bool,
    pub expires: Option<Deadline>,
    pub resolved: Option<(i64, Ended)>,
}

/// The name of the timer that ends an alert.
pub(crate) const EXPIRE: &str = "expire";

impl State {
    /// The alert that is open for the key.
    pub fn open(&self) -> Option<&Alert> {
        self.last.as_ref().filter(|alert| alert.resolved.is_none())
    }

    /// The incident that the key's records are about.
    pub fn incident(&self) -> Option<&IncidentId> {
        self.last.as_ref().map(|alert| &alert.opened.incident)
    }

    /// What the key waits for.
    pub fn timers(&self) -> Vec<Timer> {
        let expires = self.open().and_then(|alert| alert.expires);
        expires
            .map(|due| Timer { name: EXPIRE.to_owned(), generation: due.generation, due_us: due.due_us })
            .into_iter()
            .collect()
    }

    /// Follows one record.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        let deadline = |due_us| Deadline { due_us, generation: version };
        if let Record::AlertOpened(opened) = record {
            self.cycle = opened.cycle;
            self.last = Some(Alert {
                opened: Arc::new(opened.clone()),
                opened_us: at_us,
                severity: opened.event.severity,
                acknowledged: false,
                expires: opened.event.expires_at_us.map(deadline),
                resolved: None,
            });
        }
        let Some(alert) = &mut self.last else { return };
        match record {
            Record::AlertWorsened(worsened) => alert.severity = worsened.severity,
            Record::AlertAcknowledged(_) => alert.acknowledged = true,
            Record::AlertExtended(extended) => alert.expires = Some(deadline(extended.expires_at_us)),
            Record::AlertResolved(resolved) => alert.resolved = Some((at_us, resolved.by)),
            _ => {}
        }
    }
}
