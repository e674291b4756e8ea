//! Incidents as people query them.

use std::collections::BTreeMap;

use decurion_core::access::Permit;
use decurion_core::id::IncidentId;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] =
    &[NUMBERS, UPSERT, GET, GET_BY_NUMBER, MARKS, LIST_ALL, LIST_OPEN, LIST_STATUS];

table! {
    /// What people are paged for.
    pub struct IncidentRow {
        /// `inc_…`.
        id: String,
        /// The number that people say: INC-42. The store gives it; what a new row holds here is ignored.
        number: i64,
        /// What is going on, in one line.
        title: String,
        /// `triggered`, `acknowledged`, `contained` or `resolved`.
        status: String,
        /// `sev1` to `sev4`.
        severity: String,
        /// Customers feel it.
        customer_facing: bool,
        /// The whole company is concerned.
        company_wide: bool,
        /// What it turned out to be.
        disposition: Option<String>,
        /// The highest level involved.
        level: String,
        /// The person who holds it.
        holder: Option<String>,
        /// Since when.
        held_since_us: Option<i64>,
        /// When it opened.
        opened_us: i64,
        /// When it was resolved.
        resolved_us: Option<i64>,
        /// When something happens on its own unless somebody acts.
        next_due_us: Option<i64>,
        /// The escalation policy that rules it.
        policy: String,
        /// Alerts attached and not resolved.
        alerts_open: i64,
        /// Alerts attached.
        alerts_total: i64,
        /// When it last changed.
        updated_us: i64,
        /// Version of its stream.
        version: i64,
        /// The rest of what the console shows, a JSON object.
        view_json: String,
    }
}

/// What lists of other things show of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentMark {
    /// The number that people say.
    pub number: i64,
    /// `sev1` to `sev4`.
    pub severity: String,
}

/// Which incidents, and so in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum IncidentFilter {
    /// Those not resolved: what is due first stands first, what is never due last.
    #[default]
    Open,
    /// Those in this state, newest first.
    Status(String),
    /// All, newest first.
    All,
}

/// Served by the primary key and the unique index over numbers. The row without an id is the last number.
const NUMBERS: Sql = Sql::pair(
    "SELECT id, number FROM incident WHERE id IN (SELECT value FROM json_each($1))
     UNION ALL SELECT '', COALESCE(MAX(number), 0) FROM incident",
    "SELECT id, number FROM incident WHERE id IN (SELECT json_array_elements_text($1::json))
     UNION ALL SELECT '', COALESCE(MAX(number), 0) FROM incident",
);

const UPSERT: Sql = bulk!(
    IncidentRow,
    "incident",
    "ON CONFLICT (id) DO UPDATE SET
       title = excluded.title, status = excluded.status, severity = excluded.severity,
       customer_facing = excluded.customer_facing, company_wide = excluded.company_wide,
       disposition = excluded.disposition, level = excluded.level, holder = excluded.holder,
       held_since_us = excluded.held_since_us, resolved_us = excluded.resolved_us,
       next_due_us = excluded.next_due_us, policy = excluded.policy, alerts_open = excluded.alerts_open,
       alerts_total = excluded.alerts_total, updated_us = excluded.updated_us, version = excluded.version,
       view_json = excluded.view_json"
);

/// Writes incidents and returns their numbers: a new one has the number after the highest. Only the writer
/// whose turn it is may call this, or two nodes would give the same number.
pub(crate) async fn upsert(tx: &mut Tx, given: &[IncidentRow]) -> sqlx::Result<BTreeMap<IncidentId, i64>> {
    if given.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut rows: Vec<IncidentRow> = latest(given, |row| &row.id).into_iter().cloned().collect();
    // Numbers follow the order in which the incidents opened, not that of their ids.
    rows.sort_by(|a, b| (a.opened_us, &a.id).cmp(&(b.opened_us, &b.id)));
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let known: Vec<(String, i64)> = tx.all(NUMBERS, args![to_json(&ids)?]).await?;
    let mut numbers: BTreeMap<String, i64> = known.into_iter().collect();
    let mut last = numbers.remove("").unwrap_or(0);
    for row in &mut rows {
        row.number = *numbers.entry(row.id.clone()).or_insert_with(|| {
            last += 1;
            last
        });
    }
    tx.write(UPSERT, &rows).await?;
    Ok(numbers.into_iter().map(|(id, number)| (IncidentId::new(id), number)).collect())
}

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", IncidentRow::COLUMNS, " FROM incident WHERE id = $1"));

/// Served by the unique index over numbers.
const GET_BY_NUMBER: Sql =
    Sql::one(text!("SELECT ", IncidentRow::COLUMNS, " FROM incident WHERE number = $1"));

/// Served by the primary key.
const MARKS: Sql = Sql::pair(
    "SELECT id, number, severity FROM incident WHERE id IN (SELECT value FROM json_each($1))",
    "SELECT id, number, severity FROM incident WHERE id IN (SELECT json_array_elements_text($1::json))",
);

/// Served by `incident_by_opened`.
const LIST_ALL: Sql = Sql::one(text!(
    "SELECT ",
    IncidentRow::COLUMNS,
    " FROM incident
     WHERE (opened_us, id) < ($1, $2)
     ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `incident_by_status`.
const LIST_STATUS: Sql = Sql::one(text!(
    "SELECT ",
    IncidentRow::COLUMNS,
    " FROM incident
     WHERE status = $4 AND (opened_us, id) < ($1, $2)
     ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `incident_open_by_due`.
const LIST_OPEN: Sql = Sql::one(text!(
    "SELECT ",
    IncidentRow::COLUMNS,
    " FROM incident
     WHERE status <> 'resolved' AND (COALESCE(next_due_us, 9223372036854775807), id) > ($1, $2)
     ORDER BY COALESCE(next_due_us, 9223372036854775807), id LIMIT $3"
));

impl Store {
    /// One incident, by id (`inc_…`) or by number (`42`, `INC-42`).
    pub async fn incident_get(&self, reference: &str, _permit: &Permit) -> Result<Option<IncidentRow>> {
        let number = reference.strip_prefix("INC-").or_else(|| reference.strip_prefix("inc-"));
        let incident = match number.unwrap_or(reference).parse::<i64>() {
            Ok(number) => self.readers.first(GET_BY_NUMBER, args![number]).await?,
            Err(_) => self.readers.first(GET, args![reference]).await?,
        };
        Ok(incident)
    }

    /// Number and severity of each of these incidents that is there.
    pub async fn incident_marks(
        &self,
        ids: &[&str],
        _permit: &Permit,
    ) -> Result<BTreeMap<String, IncidentMark>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(String, i64, String)> = self.readers.all(MARKS, args![to_json(ids)?]).await?;
        Ok(rows.into_iter().map(|(id, number, severity)| (id, IncidentMark { number, severity })).collect())
    }

    /// Incidents, in the order that the filter names.
    pub async fn incident_list(
        &self,
        filter: &IncidentFilter,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<IncidentRow>> {
        let newest = (window, Order::NewestFirst);
        match filter {
            IncidentFilter::All => list(&self.readers, LIST_ALL, newest, args![], by_opened).await,
            IncidentFilter::Status(status) => {
                list(&self.readers, LIST_STATUS, newest, args![status.as_str()], by_opened).await
            }
            IncidentFilter::Open => {
                list(&self.readers, LIST_OPEN, (window, Order::OldestFirst), args![], by_due).await
            }
        }
    }
}

fn by_opened(incident: &IncidentRow) -> (i64, &str) {
    (incident.opened_us, &incident.id)
}

fn by_due(incident: &IncidentRow) -> (i64, &str) {
    (incident.next_due_us.unwrap_or(i64::MAX), &incident.id)
}
