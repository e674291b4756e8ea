//! Overrides of on-call schedules.

use decurion_core::access::Permit;
use decurion_core::id::{OverrideId, ScheduleId};
use decurion_core::journal::StreamId;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::{Result, Store};

pub(crate) const STATEMENTS: &[Sql] = &[UPSERT, REMOVE, LIST, LIST_ALL, CHANGES];

table! {
    /// An entry that changes a schedule for a while.
    pub struct OverrideRow {
        /// `ovr_…`.
        id: String,
        /// Which schedule.
        schedule_id: String,
        /// From when to when, who, instead of whom; a JSON object.
        body_json: String,
        /// When it was entered.
        created_us: i64,
        /// Who entered it.
        actor: String,
    }
}

const UPSERT: Sql = bulk!(
    OverrideRow,
    "schedule_override",
    "ON CONFLICT (id) DO UPDATE SET
       schedule_id = excluded.schedule_id, body_json = excluded.body_json, actor = excluded.actor"
);

/// Writes overrides.
pub(crate) async fn upsert(tx: &mut Tx, rows: &[OverrideRow]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT, &latest(rows, |row| &row.id)).await
}

/// Served by the primary key.
const REMOVE: Sql = Sql::pair(
    "DELETE FROM schedule_override WHERE id IN (SELECT value FROM json_each($1))",
    "DELETE FROM schedule_override WHERE id IN (SELECT json_array_elements_text($1::json))",
);

/// Removes overrides.
pub(crate) async fn remove(tx: &mut Tx, ids: &[OverrideId]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(REMOVE, args![to_json(ids)?]).await.map(drop)
}

/// Served by `schedule_override_by_schedule`.
const LIST: Sql = Sql::one(text!(
    "SELECT ",
    OverrideRow::COLUMNS,
    " FROM schedule_override
     WHERE schedule_id = $1 ORDER BY created_us, id"
));

/// Reads the whole table: overrides in force are few.
const LIST_ALL: Sql = Sql::one(text!(
    "SELECT ",
    OverrideRow::COLUMNS,
    " FROM schedule_override ORDER BY schedule_id, created_us, id"
));

table! {
    /// The last change of a schedule's overrides.
    pub(crate) struct ChangeRow {
        /// `schedule:<id>`.
        stream: String,
        /// Its place among everything that happened to the schedule.
        version: i64,
        /// When it was made.
        at_us: i64,
    }
}

/// Served by the unique index over streams and versions of the journal, backwards; for each schedule it reads
/// past the few records that are about something else.
const CHANGES: Sql = Sql::pair(
    "SELECT stream, version, at_us FROM journal JOIN json_each($1) AS asked ON stream = asked.value
     WHERE version = (
       SELECT last.version FROM journal AS last
       WHERE last.stream = asked.value AND last.kind >= 'schedule.override' AND last.kind < 'schedule.overridf'
       ORDER BY last.version DESC LIMIT 1)",
    "SELECT stream, version, at_us FROM journal
     JOIN json_array_elements_text($1::json) AS asked (name) ON stream = asked.name
     WHERE version = (
       SELECT last.version FROM journal AS last
       WHERE last.stream = asked.name AND last.kind >= 'schedule.override' AND last.kind < 'schedule.overridf'
       ORDER BY last.version DESC LIMIT 1)",
);

/// When the overrides of a schedule changed for the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// Which schedule.
    pub schedule: ScheduleId,
    /// Goes up with every change.
    pub version: i64,
    /// When.
    pub at_us: i64,
}

impl Store {
    /// The last change of the overrides of each schedule; none for a schedule that never had one.
    pub async fn override_changes(
        &self,
        schedules: &[ScheduleId],
        _permit: &Permit,
    ) -> Result<Vec<LastChange>> {
        let streams: Vec<StreamId> = schedules.iter().map(StreamId::schedule).collect();
        let rows: Vec<ChangeRow> = self.readers.all(CHANGES, args![to_json(&streams)?]).await?;
        let of_row = |row: ChangeRow| LastChange {
            schedule: ScheduleId::new(StreamId::new(row.stream).key()),
            version: row.version,
            at_us: row.at_us,
        };
        Ok(rows.into_iter().map(of_row).collect())
    }

    /// The overrides of a schedule in the order in which they were entered; of all schedules for `None`.
    pub async fn override_list(
        &self,
        schedule_id: Option<&str>,
        _permit: &Permit,
    ) -> Result<Vec<OverrideRow>> {
        let rows = match schedule_id {
            Some(schedule_id) => self.readers.all(LIST, args![schedule_id]).await?,
            None => self.readers.all(LIST_ALL, args![]).await?,
        };
        Ok(rows)
    }
}
