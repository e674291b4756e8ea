//! What is known of a key.

use std::sync::Arc;

use crate::alert::{Ended, Opened};
use crate::decide::Timer;
use crate::id::{IncidentId, SilenceId};
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
    /// The silence that holds it back, or did so until its end. None once it is raised.
    pub held: Option<Hold>,
}

/// What holds an alert back, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub silence: SilenceId,
    pub until: Deadline,
}

/// The name of the timer that ends an alert.
pub(crate) const EXPIRE: &str = "expire";
/// The name of the timer that looks at an alert when its silence ends.
pub const SILENCE: &str = "silence";

impl Alert {
    /// Whether a silence holds it back: nobody was paged for it.
    pub const fn is_held(&self) -> bool {
        self.held.is_some()
    }
}

impl State {
    /// The alert that is open for the key.
    pub fn open(&self) -> Option<&Alert> {
        self.last.as_ref().filter(|alert| alert.resolved.is_none())
    }

    /// The incident that the key's records are about.
    pub fn incident(&self) -> Option<&IncidentId> {
        self.last.as_ref().and_then(|alert| alert.opened.incident.as_ref())
    }

    /// What the key waits for.
    pub fn timers(&self) -> Vec<Timer> {
        let Some(open) = self.open() else { return Vec::new() };
        let held = open.held.as_ref().map(|held| held.until);
        let timer = |name: &str, due: Deadline| Timer {
            name: name.to_owned(),
            generation: due.generation,
            due_us: due.due_us,
        };
        let expires = open.expires.map(|due| timer(EXPIRE, due));
        expires.into_iter().chain(held.map(|due| timer(SILENCE, due))).collect()
    }

    /// Follows one record.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        let deadline = |due_us| Deadline { due_us, generation: version };
        match record {
            Record::AlertOpened(opened) => self.begin(at_us, version, opened, None),
            Record::AlertHeld(begun) => {
                let hold = Hold { silence: begun.silence.clone(), until: deadline(begun.until_us) };
                self.begin(at_us, version, &begun.opened, Some(hold));
            }
            _ => {}
        }
        let Some(alert) = &mut self.last else { return };
        match record {
            Record::AlertWorsened(worsened) => alert.severity = worsened.severity,
            Record::AlertAcknowledged(_) => alert.acknowledged = true,
            Record::AlertExtended(extended) => alert.expires = Some(deadline(extended.expires_at_us)),
            Record::AlertResolved(resolved) => alert.resolved = Some((at_us, resolved.by)),
            Record::AlertHeldOn(on) => {
                alert.held = Some(Hold { silence: on.silence.clone(), until: deadline(on.until_us) });
            }
            Record::AlertRaised(raised) => {
                let opened = Arc::make_mut(&mut alert.opened);
                opened.incident = Some(raised.incident.clone());
                opened.rule.clone_from(&raised.rule);
                alert.held = None;
                // Said while nobody was asked, it answers no page.
                alert.acknowledged = false;
            }
            _ => {}
        }
    }

    fn begin(&mut self, at_us: i64, version: i64, opened: &Opened, held: Option<Hold>) {
        let deadline = |due_us| Deadline { due_us, generation: version };
        self.cycle = opened.cycle;
        self.last = Some(Alert {
            opened: Arc::new(opened.clone()),
            opened_us: at_us,
            severity: opened.event.severity,
            acknowledged: false,
            expires: opened.event.expires_at_us.map(deadline),
            resolved: None,
            held,
        });
    }
}
