//! Pages: that one person must be told, and how that went.

use std::collections::BTreeMap;

use decurion_core::access::Permit;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, GET, STATUSES, LIST, LIST_OPEN];

table! {
    /// The decision that one person must be told.
    pub struct PageRow {
        /// `pag_…`.
        id: String,
        /// About which incident.
        incident_id: String,
        /// Who.
        person_id: String,
        /// As a member of which level.
        level: String,
        /// `page` when an answer is expected, `tell` when none is.
        kind: String,
        /// `open`, `answered`, `superseded`, `given_up` or `told`.
        status: String,
        /// Step of the contact rules.
        step: i64,
        /// How often the steps have begun again.
        round: i64,
        /// When it was decided.
        decided_us: i64,
        /// When it ended.
        closed_us: Option<i64>,
        /// Who or what ended it.
        closed_by: Option<String>,
        /// When it goes on by itself.
        next_us: Option<i64>,
        /// What happens then.
        next_text: String,
    }
}

const UPSERT: Sql = bulk!(
    PageRow,
    "page",
    "ON CONFLICT (id) DO UPDATE SET
       level = excluded.level, kind = excluded.kind, status = excluded.status, step = excluded.step,
       round = excluded.round, closed_us = excluded.closed_us, closed_by = excluded.closed_by,
       next_us = excluded.next_us, next_text = excluded.next_text"
);

/// Writes pages.
pub(crate) async fn upsert(tx: &mut Tx, pages: &[PageRow]) -> sqlx::Result<()> {
    if pages.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(pages, |row| &row.id)).await
}

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", PageRow::COLUMNS, " FROM page WHERE id = $1"));

/// Served by the primary key.
const STATUSES: Sql = Sql::pair(
    "SELECT id, status FROM page WHERE id IN (SELECT value FROM json_each($1))",
    "SELECT id, status FROM page WHERE id IN (SELECT json_array_elements_text($1::json))",
);

/// Served by `page_by_incident`.
const LIST: Sql = Sql::one(text!(
    "SELECT ",
    PageRow::COLUMNS,
    " FROM page
     WHERE incident_id = $4 AND (decided_us, id) > ($1, $2)
     ORDER BY decided_us, id LIMIT $3"
));

/// Served by `page_open_by_person`.
const LIST_OPEN: Sql = Sql::one(text!(
    "SELECT ",
    PageRow::COLUMNS,
    " FROM page
     WHERE person_id = $4 AND status = 'open' AND (decided_us, id) > ($1, $2)
     ORDER BY decided_us, id LIMIT $3"
));

impl Store {
    /// One page.
    pub async fn page_get(&self, id: &str, _permit: &Permit) -> Result<Option<PageRow>> {
        Ok(self.readers.first(GET, args![id]).await?)
    }

    /// How each of these pages stands that is there.
    pub async fn page_statuses(&self, ids: &[&str], _permit: &Permit) -> Result<BTreeMap<String, String>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(String, String)> = self.readers.all(STATUSES, args![to_json(ids)?]).await?;
        Ok(rows.into_iter().collect())
    }

    /// The pages of an incident, in the order in which they were decided.
    pub async fn page_list(
        &self,
        incident_id: &str,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<PageRow>> {
        list(&self.readers, LIST, (window, Order::OldestFirst), args![incident_id], key).await
    }

    /// The pages that a person has not answered, oldest first.
    pub async fn page_list_open(
        &self,
        person_id: &str,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<PageRow>> {
        list(&self.readers, LIST_OPEN, (window, Order::OldestFirst), args![person_id], key).await
    }
}

fn key(page: &PageRow) -> (i64, &str) {
    (page.decided_us, &page.id)
}
