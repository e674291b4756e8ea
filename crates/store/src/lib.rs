//! SQLite and PostgreSQL behind one seam: the journal, the projections that people query, the outbox, the
//! timers, accounts.
//!
//! A decision is written by [`Store::commit`]: journal entries, projections, outbox rows and timers of a
//! whole [`Batch`] in one transaction, with as few statements for each table as the batch allows. Reads go
//! to their own connections and ask for a [`Permit`](decurion_core::access::Permit).
//!
//! To add a table: write it into a new migration of both databases, declare its row with `table!` in the
//! module of its feature, its bulk statement with `bulk!`, and let [`Batch`] carry it when it changes with
//! a decision. Every statement is a `const NAME: Sql` next to the function that runs it and stands in the
//! module's `STATEMENTS`; [`Store::prepare_all`] has the database check each of them.

mod account;
mod alert;
mod change;
mod commit;
mod connect;
mod counts;
mod data_dir;
mod error;
mod idempotency;
mod incident;
mod integration;
mod journal;
mod load;
mod migrate;
mod notification;
mod outbox;
mod pack;
mod page;
mod roster;
mod schedule;
mod signal;
mod sql;
mod store;
mod timer;
mod window;

pub use account::{AccountRow, SessionRow, SignedIn};
pub use alert::{AlertFilter, AlertPoint, AlertRepeat, AlertRow, AlertStatus};
pub use change::ChangeRow;
pub use commit::{Batch, CommitError, Committed};
pub use connect::Options;
pub use counts::Counts;
pub use data_dir::{DataDir, DataLock};
pub use error::Error;
pub use idempotency::IdempotencyRow;
pub use incident::{IncidentFilter, IncidentMark, IncidentRow};
pub use integration::IntegrationRow;
pub use journal::{JournalFilter, Verified};
pub use load::{HeldRow, PagedRow};
pub use notification::NotificationRow;
pub use outbox::OutboxRow;
pub use pack::PackRow;
pub use page::PageRow;
pub use roster::{RosterEntryFilter, RosterEntryRow};
pub use schedule::{LastChange, OverrideRow};
pub use signal::{LastSignalRow, SignalBody, SignalRow};
pub use store::Store;
pub use timer::TimerRow;
pub use window::{Cursor, CursorError, Listed, Window};

/// What reads and writes of this crate return.
pub type Result<T> = std::result::Result<T, Error>;

/// Every statement that the crate can run.
pub(crate) fn statements() -> impl Iterator<Item = sql::Sql> {
    [
        account::STATEMENTS,
        alert::STATEMENTS,
        change::STATEMENTS,
        counts::STATEMENTS,
        idempotency::STATEMENTS,
        incident::STATEMENTS,
        integration::STATEMENTS,
        journal::STATEMENTS,
        load::STATEMENTS,
        migrate::STATEMENTS,
        notification::STATEMENTS,
        outbox::STATEMENTS,
        pack::STATEMENTS,
        page::STATEMENTS,
        roster::STATEMENTS,
        schedule::STATEMENTS,
        signal::STATEMENTS,
        timer::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
