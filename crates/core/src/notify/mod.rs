//! Pages: the decision that a person must be told, and the messages that tell them.
//!
//! A decision is made once; a delivery happens at least once. A way that fails hands over to the next one at
//! once and is tried again itself; when no way is left, the incident's step goes on without the person.

mod message;
mod page;
mod record;

pub use message::{Message, MessageKind, Notice, Outcome, Topic};
pub use page::{Command, DecideNotice, DecidePage, Ended, How, Notification, Progress, State, decide};
pub use record::{
    NoticeDecided, NotificationDecided, NotificationDelivered, NotificationFailed, NotificationSent,
    PageAnswered, PageDecided, PageGivenUp, PageSuperseded, Planned,
};
