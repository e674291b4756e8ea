//! iCalendar (RFC 5545): shifts as a calendar that people subscribe to, and calendars of other tools read as
//! overrides.
//!
//! Content lines are read and written here and not by a library, because a refusal must name the line, and
//! because what is written must not depend on a clock. `line` folds and escapes, `feed` writes a calendar,
//! `shifts` says what stands in it; `calendar` reads events, `zone` and `recurrence` place them in time, and
//! `import` finds the people.

mod calendar;
mod error;
mod feed;
mod import;
mod instant;
mod line;
mod recurrence;
mod shifts;
#[cfg(test)]
mod tests;
mod zone;

pub use error::IcalError;
pub use feed::{Calendar, Event};
pub use import::{Imported, MAX_SHIFTS, MatchedBy, Planned, Skipped, import};
pub use shifts::{AHEAD_DAYS, BACK_DAYS, FeedOf, Revision, feed};
