//! What is wrong with a calendar.

/// A calendar that cannot be taken: where, in which property, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {property}: {message}")]
pub struct IcalError {
    /// Counted from 1, as the file has it (before unfolding).
    pub line: usize,
    /// The property's name (`RRULE`), or the component's (`VEVENT`).
    pub property: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl IcalError {
    pub(super) fn new(line: usize, property: &str, message: impl Into<String>) -> Self {
        Self { line, property: property.to_owned(), message: message.into() }
    }
}
