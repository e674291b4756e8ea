//! What duty was: pages and work of a span, for the ledger of load.

use decurion_core::access::Permit;

use crate::sql::{Sql, args, table, text};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[PAGED, HELD];

/// Incidents that opened this long before a span may still page in it.
const BEFORE_US: i64 = 30 * 86_400 * 1_000_000;
/// The most rows of either kind that are read: more pages in one span than ten people could get in years.
const MOST_ROWS: i64 = 200_000;

table! {
    /// A page that asked for an answer.
    pub struct PagedRow {
        /// Who.
        person_id: String,
        /// About which incident.
        incident_id: String,
        /// When it was decided.
        decided_us: i64,
    }
}

table! {
    /// An incident that a person holds or held to its end.
    pub struct HeldRow {
        /// Who.
        holder: String,
        /// Since when.
        held_since_us: i64,
        /// When it was resolved.
        resolved_us: Option<i64>,
    }
}

/// Served by `incident_by_opened` and `page_by_incident`.
const PAGED: Sql = Sql::one(text!(
    "SELECT page.person_id, page.incident_id, page.decided_us
     FROM incident JOIN page ON page.incident_id = incident.id
     WHERE incident.opened_us >= $1 AND incident.opened_us < $3 AND page.kind = 'page'
       AND page.decided_us >= $2 AND page.decided_us < $3
     ORDER BY incident.opened_us, incident.id LIMIT $4"
));

/// Served by `incident_by_opened`.
const HELD: Sql = Sql::one(text!(
    "SELECT ",
    HeldRow::COLUMNS,
    " FROM incident
     WHERE opened_us >= $1 AND opened_us < $3 AND holder IS NOT NULL
       AND held_since_us >= $2 AND held_since_us < $3
     ORDER BY opened_us, id LIMIT $4"
));

impl Store {
    /// The pages of `[from_us, to_us)` that asked for an answer, in the order in which they were decided.
    pub async fn load_paged(&self, from_us: i64, to_us: i64, _permit: &Permit) -> Result<Vec<PagedRow>> {
        let opened_us = from_us.saturating_sub(BEFORE_US);
        let mut rows: Vec<PagedRow> =
            self.readers.all(PAGED, args![opened_us, from_us, to_us, MOST_ROWS]).await?;
        rows.sort_by_key(|row| row.decided_us);
        Ok(rows)
    }

    /// The incidents that somebody took in `[from_us, to_us)`, in that order, each with its last holder.
    pub async fn load_held(&self, from_us: i64, to_us: i64, _permit: &Permit) -> Result<Vec<HeldRow>> {
        let opened_us = from_us.saturating_sub(BEFORE_US);
        let mut rows: Vec<HeldRow> =
            self.readers.all(HELD, args![opened_us, from_us, to_us, MOST_ROWS]).await?;
        rows.sort_by_key(|row| row.held_since_us);
        Ok(rows)
    }
}
