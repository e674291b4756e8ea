//! What a channel is given to send, and what it answers.

use serde::{Deserialize, Serialize};

use crate::escalation::Level;
use crate::id::{IncidentId, NotificationId, PageId};
use crate::incident::Severity;
use crate::org::Channel;

/// One message to one person over one channel. Everything a channel needs is in it.
///
/// A notice is about no incident: its `incident` and `reference` are empty, its `level` and `severity` mean
/// nothing, and `incident_url` opens what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The idempotency key towards the provider: the same in every attempt.
    pub notification: NotificationId,
    pub page: PageId,
    pub incident: IncidentId,
    /// What people call the incident (`INC-42`).
    pub reference: String,
    pub kind: MessageKind,
    pub channel: Channel,
    /// As in the pack: mail address, URL or topic.
    pub address: String,
    pub person: String,
    pub level: Level,
    pub severity: Severity,
    /// One line: what happened.
    pub title: String,
    /// Plain text, lines separated by `\n`: the facts, and what happens if nobody answers.
    pub text: String,
    /// The brief for executives, plain text of at most a page.
    pub brief: Option<String>,
    /// Opens the page with the button that acknowledges; signed, for this person and this page only.
    pub acknowledge_url: Option<String>,
    /// Opens the incident in the console.
    pub incident_url: String,
    /// When the page was decided, microseconds since the epoch.
    pub decided_at_us: i64,
    /// Counted from 1. Above 1 the provider may have had the message before.
    pub attempt: u32,
}

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// An answer is asked for.
    Page,
    /// No answer is expected.
    Tell,
    /// Something about duty that nobody is woken for: it is about no incident, and one message is enough.
    Notice,
}

/// What a notice says. Times in it are in the zone of whom it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub topic: Topic,
    /// One line.
    pub title: String,
    /// Plain text, lines separated by `\n`.
    pub text: String,
    /// Where in the console it can be acted on: a path with its query, `/oncall?swap=swp_…`.
    pub path: String,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Somebody asks to be stood in for, or what became of that.
    Swap,
    /// Duty begins soon.
    Next,
    /// Duty has begun or has ended.
    Handoff,
    /// What one duty wrote to the next.
    HandoffNote,
    /// A shift that nobody has taken.
    Uncovered,
    /// A code that shows whether messages arrive.
    ContactCode,
}

/// What became of one attempt to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The provider has taken it.
    Delivered {
        /// What the provider said, at most 500 characters (`250 2.0.0 OK`, `200`).
        answer: String,
    },
    /// The provider has taken it, and says later whether it has arrived.
    Sent {
        answer: String,
        /// By what the channel asks the provider for it.
        receipt: String,
    },
    /// The provider refused it or could not be reached.
    Failed {
        answer: String,
        /// Trying the same again cannot help (wrong address, 404, 410).
        permanent: bool,
        /// How long the provider asks to wait, in seconds, when it limits how much it takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<i64>,
    },
}

impl Outcome {
    /// The same, with what the provider said in other words.
    #[must_use]
    pub fn said(self, said: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Delivered { answer } => Self::Delivered { answer: said(answer) },
            Self::Sent { answer, receipt } => Self::Sent { answer: said(answer), receipt },
            Self::Failed { answer, permanent, retry_after_s } => {
                Self::Failed { answer: said(answer), permanent, retry_after_s }
            }
        }
    }
}
