//! Pages: the decision that a person must be told, and the messages that tell them.

mod message;

pub use message::{Message, MessageKind, Outcome};
