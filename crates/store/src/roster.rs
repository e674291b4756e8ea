//! What people keep about their duty beside the schedules: swaps, absences, handoff notes and the like.
//!
//! One table for all of them, because each is few, small, and read by the same handles: what it is, for which
//! schedule, of whom, in which state, and when.

use decurion_core::access::Permit;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, GET, LIST];

table! {
    /// The newest state of one entry.
    pub struct RosterEntryRow {
        /// With the prefix of its kind: `swp_…`, `abs_…`.
        id: String,
        /// What it is: `swap`, `absence`, `handoff_note`, `acceptance`, `feed`.
        kind: String,
        /// The schedule it is about, where it is about one.
        schedule_id: Option<String>,
        /// The person it is about, where it is about one.
        person_id: Option<String>,
        /// Where its life stands, in the words of its kind.
        state: String,
        /// From when it matters; `None` for always.
        start_us: Option<i64>,
        /// Until when; `None` for ever.
        end_us: Option<i64>,
        /// The rest, a JSON object.
        body_json: String,
        /// When it was made; stays.
        created_us: i64,
        /// When it last changed.
        updated_us: i64,
        /// Who made it; stays.
        actor: String,
    }
}

/// Which entries. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterEntryFilter {
    /// One kind; there is no list over several.
    pub kind: String,
    /// About this schedule.
    pub schedule_id: Option<String>,
    /// About this person.
    pub person_id: Option<String>,
    /// In one of these states; an empty list is any state.
    pub states: Vec<String>,
    /// What matters at any instant from here on, half-open.
    pub from_us: Option<i64>,
    /// What matters at any instant before this.
    pub to_us: Option<i64>,
}

const UPSERT: Sql = bulk!(
    RosterEntryRow,
    "roster_entry",
    "ON CONFLICT (id) DO UPDATE SET
       schedule_id = excluded.schedule_id, person_id = excluded.person_id, state = excluded.state,
       start_us = excluded.start_us, end_us = excluded.end_us, body_json = excluded.body_json,
       updated_us = excluded.updated_us"
);

/// Writes entries; when and by whom one was made stays.
pub(crate) async fn upsert(tx: &mut Tx, rows: &[RosterEntryRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(rows, |row| &row.id)).await
}

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", RosterEntryRow::COLUMNS, " FROM roster_entry WHERE id = $1"));

/// Served by `roster_entry_by_kind`. An empty argument does not narrow the list; an entry without an end
/// lasts for ever.
const LIST: Sql = Sql::pair(
    text!(
        "SELECT ",
        RosterEntryRow::COLUMNS,
        " FROM roster_entry
         WHERE kind = $4 AND (created_us, id) < ($1, $2)
           AND ($5 = '' OR schedule_id = $5) AND ($6 = '' OR person_id = $6)
           AND ($7 = '[]' OR state IN (SELECT value FROM json_each($7)))
           AND COALESCE(end_us, 9223372036854775807) > $8
           AND COALESCE(start_us, -9223372036854775807) < $9
         ORDER BY created_us DESC, id DESC LIMIT $3"
    ),
    text!(
        "SELECT ",
        RosterEntryRow::COLUMNS,
        " FROM roster_entry
         WHERE kind = $4 AND (created_us, id) < ($1, $2)
           AND ($5 = '' OR schedule_id = $5) AND ($6 = '' OR person_id = $6)
           AND ($7 = '[]' OR state IN (SELECT json_array_elements_text($7::json)))
           AND COALESCE(end_us, 9223372036854775807) > $8
           AND COALESCE(start_us, -9223372036854775807) < $9
         ORDER BY created_us DESC, id DESC LIMIT $3"
    ),
);

impl Store {
    /// One entry, by its id.
    pub async fn roster_entry_get(&self, id: &str, _permit: &Permit) -> Result<Option<RosterEntryRow>> {
        Ok(self.readers.first(GET, args![id]).await?)
    }

    /// Entries of one kind, newest first.
    pub async fn roster_entry_list(
        &self,
        filter: &RosterEntryFilter,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<RosterEntryRow>> {
        let more = args![
            filter.kind.as_str(),
            filter.schedule_id.as_deref().unwrap_or_default(),
            filter.person_id.as_deref().unwrap_or_default(),
            to_json(&filter.states)?,
            filter.from_us.unwrap_or(-i64::MAX),
            filter.to_us.unwrap_or(i64::MAX),
        ];
        list(&self.readers, LIST, (window, Order::NewestFirst), more, by_created).await
    }

    /// All entries of one kind that the filter names, newest first. For kinds and filters that stay few.
    pub async fn roster_entry_all(
        &self,
        filter: &RosterEntryFilter,
        permit: &Permit,
    ) -> Result<Vec<RosterEntryRow>> {
        let mut all = Vec::new();
        let mut window = Window::first(500);
        loop {
            let listed = self.roster_entry_list(filter, &window, permit).await?;
            all.extend(listed.rows);
            match listed.next {
                Some(next) => window = Window::after(500, Some(next)),
                None => return Ok(all),
            }
        }
    }
}

fn by_created(row: &RosterEntryRow) -> (i64, &str) {
    (row.created_us, &row.id)
}
