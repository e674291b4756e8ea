//! What can happen to a page.

use serde::{Deserialize, Serialize};

use crate::escalation::Level;
use crate::id::{ContactId, IncidentId, NotificationId, PageId, PersonId};
use crate::notify::{MessageKind, Notice};
use crate::org::Channel;

/// One way that will be tried, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub contact: ContactId,
    pub channel: Channel,
    pub address: String,
    /// Counted from the decision.
    pub delay_s: i64,
}

/// A person must be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageDecided {
    pub page: PageId,
    pub incident: IncidentId,
    pub person: PersonId,
    pub level: Level,
    pub step: usize,
    pub round: u32,
    pub kind: MessageKind,
    /// Every usable contact of the person, in the order of their rules.
    pub plan: Vec<Planned>,
}

/// A person must be told something about duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeDecided {
    pub page: PageId,
    pub person: PersonId,
    pub notice: Notice,
    /// Every usable contact of the person, the quietest first; the next one is used when one fails.
    pub plan: Vec<Planned>,
}

/// One message over one channel must go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationDecided {
    pub notification: NotificationId,
    /// The place in the plan, from 0.
    pub place: usize,
    /// Sooner than the person's rules say, because another way failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fallback: bool,
}

/// The provider took it, and is asked later whether it has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationSent {
    pub notification: NotificationId,
    pub attempt: u32,
    pub answer: String,
    /// By what the channel asks the provider for it.
    pub receipt: String,
    pub ask_at_us: i64,
    /// It was on its way when the page ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// The provider took it, or says that it has arrived where it can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationDelivered {
    pub notification: NotificationId,
    pub attempt: u32,
    pub answer: String,
    /// It was on its way when the page ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// The provider refused it or could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationFailed {
    pub notification: NotificationId,
    pub attempt: u32,
    pub answer: String,
    /// When it is tried again. None: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at_us: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// The person answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageAnswered {
    pub by: PersonId,
    pub via: String,
}

/// Nobody needs to be told any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSuperseded {
    pub why: String,
}

/// No way is left to tell the person. The step goes on without them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageGivenUp {}
