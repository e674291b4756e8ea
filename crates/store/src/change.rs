//! What was changed, as senders tell it: kept for a while, and no part of the journal.

use decurion_core::access::Permit;

use crate::sql::{Sql, args, bulk, table, text};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] = &[INSERT, PRUNE, LIST];

table! {
    /// Something that was changed: a deploy, a setting.
    pub struct ChangeRow {
        /// `chg_…`.
        id: String,
        /// Who told it.
        integration_id: String,
        /// When it arrived.
        received_us: i64,
        /// When it happened, as the sender says; else when it arrived.
        at_us: i64,
        /// What was changed, in one line.
        summary: String,
        /// What it was changed on; empty where the sender does not say.
        source: String,
        /// More about it, a JSON object of texts.
        details_json: String,
        /// Links, a JSON array.
        links_json: String,
    }
}

/// One that is sent again is there already.
const INSERT: Sql = bulk!(ChangeRow, "change", "ON CONFLICT (id) DO NOTHING");

/// Served by `change_by_received`.
const PRUNE: Sql = Sql::one("DELETE FROM change WHERE received_us < $1");

/// Served by `change_by_received`.
const LIST: Sql = Sql::one(text!(
    "SELECT ",
    ChangeRow::COLUMNS,
    " FROM change
     WHERE (received_us, id) < ($1, $2) AND received_us >= $4 AND received_us <= $5
     ORDER BY received_us DESC, id DESC LIMIT $3"
));

impl Store {
    /// Keeps a change, and forgets those that arrived before `oldest_us`. Asked by senders, hence without a
    /// permit of a person.
    pub async fn change_add(&self, change: &ChangeRow, oldest_us: i64, _permit: &Permit) -> Result<()> {
        self.writer()?.write(INSERT, &[change]).await?;
        self.writer()?.execute(PRUNE, args![oldest_us]).await?;
        Ok(())
    }

    /// Changes that arrived from `from_us` to `until_us`, the newest first.
    pub async fn change_list(
        &self,
        (from_us, until_us): (i64, i64),
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<ChangeRow>> {
        list(&self.readers, LIST, (window, Order::NewestFirst), args![from_us, until_us], cursor).await
    }
}

fn cursor(change: &ChangeRow) -> (i64, &str) {
    (change.received_us, &change.id)
}
