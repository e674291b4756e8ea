//! Alerts as people query them.

use std::collections::BTreeMap;

use decurion_core::access::Permit;
use decurion_core::id::IncidentId;
use serde::{Deserialize, Serialize};

use crate::sql::{Sql, Tx, args, bulk, table, text, to_json};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] = &[
    UPSERT,
    REPEAT,
    CLOSE_WITH_INCIDENT,
    GET,
    OPEN_OF_STREAM,
    LIST_ALL,
    LIST_OPEN,
    LIST_INCIDENT,
    LIST_SUPPRESSED,
    LIST_HELD,
    POINTS,
];

table! {
    /// Signals with one dedup key, between opening and resolution.
    pub struct AlertRow {
        /// `alr_…`.
        id: String,
        /// Its journal stream.
        stream: String,
        /// Where it came from.
        integration_id: String,
        /// What makes signals belong together.
        dedup_key: String,
        /// What happened, in one line.
        title: String,
        /// More about it.
        description: String,
        /// `critical`, `error`, `warning` or `info`, as the source says or the rules map it.
        severity: String,
        /// The thing that raised it.
        source: String,
        /// Labels, a JSON object of texts.
        labels_json: String,
        /// Links, a JSON array.
        links_json: String,
        /// `open`, `acknowledged` or `resolved`.
        status: String,
        /// The incident it is attached to.
        incident_id: Option<String>,
        /// When it opened.
        opened_us: i64,
        /// When its last signal arrived. Set when it opens, then moved by [`AlertRepeat`].
        last_us: i64,
        /// How many signals. Set when it opens, then moved by [`AlertRepeat`].
        count: i64,
        /// Its last signal. Set when it opens, then moved by [`AlertRepeat`].
        last_signal_id: Option<String>,
        /// When it was resolved.
        resolved_us: Option<i64>,
        /// Who or what resolved it: an actor, or the incident that it was closed with.
        resolved_by: Option<String>,
        /// When silence resolves it.
        expires_at_us: Option<i64>,
        /// The routing rule that decided about it.
        rule: Option<String>,
        /// The silence that holds it back, or did so until it ended.
        suppressed_by: Option<String>,
    }
}

/// More signals for an alert that is there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AlertRepeat {
    /// The alert.
    pub alert_id: String,
    /// How many signals to add.
    pub count: i64,
    /// When the last of them arrived.
    pub last_us: i64,
    /// The last of them.
    pub last_signal_id: String,
    /// When silence now resolves the alert; `None` leaves it as it is.
    pub expires_at_us: Option<i64>,
}

/// Which of the alerts in some state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AlertStatus {
    /// All.
    #[default]
    Any,
    /// Those not resolved.
    Open,
}

/// Which alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// By state. Does not narrow the alerts of one incident.
    pub status: AlertStatus,
    /// Only those of this incident.
    pub incident_id: Option<String>,
    /// Only those from this integration.
    pub integration_id: Option<String>,
    /// Only those of this severity.
    pub severity: Option<String>,
    /// Only those that a silence holds back, or did until they ended. Does not narrow those of one incident.
    pub suppressed: bool,
}

table! {
    /// An alert as a point on the board's strip of the day.
    pub struct AlertPoint {
        /// The alert.
        id: String,
        /// Where it came from.
        integration_id: String,
        /// When it opened.
        at_us: i64,
        /// How bad.
        severity: String,
        /// How many signals.
        count: i64,
    }
}

const UPSERT: Sql = bulk!(
    AlertRow,
    "alert",
    "ON CONFLICT (id) DO UPDATE SET
       title = excluded.title, description = excluded.description, severity = excluded.severity,
       source = excluded.source, labels_json = excluded.labels_json, links_json = excluded.links_json,
       status = excluded.status, incident_id = excluded.incident_id,
       resolved_us = excluded.resolved_us, resolved_by = excluded.resolved_by,
       expires_at_us = excluded.expires_at_us, rule = excluded.rule,
       suppressed_by = excluded.suppressed_by"
);

/// Writes alerts; of an alert that is there, signals counted and heard stay as they are.
pub(crate) async fn upsert(tx: &mut Tx, alerts: Vec<AlertRow>) -> sqlx::Result<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    let mut by_id: BTreeMap<String, AlertRow> = BTreeMap::new();
    for mut alert in alerts {
        if let Some(earlier) = by_id.get(&alert.id) {
            alert.count = alert.count.max(earlier.count);
            alert.last_us = alert.last_us.max(earlier.last_us);
        }
        by_id.insert(alert.id.clone(), alert);
    }
    let rows: Vec<AlertRow> = by_id.into_values().collect();
    tx.write(UPSERT, &rows).await
}

/// Served by the primary key.
const REPEAT: Sql = Sql::pair(
    "UPDATE alert
     SET count = alert.count + given.count,
         last_signal_id = CASE WHEN given.last_us >= alert.last_us
                               THEN given.last_signal_id ELSE alert.last_signal_id END,
         last_us = MAX(alert.last_us, given.last_us),
         expires_at_us = COALESCE(given.expires_at_us, alert.expires_at_us)
     FROM (SELECT value ->> 'alert_id' AS alert_id, value ->> 'count' AS count,
                  value ->> 'last_us' AS last_us, value ->> 'last_signal_id' AS last_signal_id,
                  value ->> 'expires_at_us' AS expires_at_us
           FROM jsonb_each($1)) AS given
     WHERE alert.id = given.alert_id",
    "UPDATE alert
     SET count = alert.count + given.count,
         last_signal_id = CASE WHEN given.last_us >= alert.last_us
                               THEN given.last_signal_id ELSE alert.last_signal_id END,
         last_us = GREATEST(alert.last_us, given.last_us),
         expires_at_us = COALESCE(given.expires_at_us, alert.expires_at_us)
     FROM json_to_recordset($1::json)
       AS given (alert_id TEXT, count BIGINT, last_us BIGINT, last_signal_id TEXT, expires_at_us BIGINT)
     WHERE alert.id = given.alert_id",
);

/// Adds up the repeats of each alert, as a statement may touch a row only once, and writes them.
pub(crate) async fn repeat(tx: &mut Tx, repeats: Vec<AlertRepeat>) -> sqlx::Result<()> {
    if repeats.is_empty() {
        return Ok(());
    }
    let mut by_alert: BTreeMap<String, AlertRepeat> = BTreeMap::new();
    for mut repeat in repeats {
        if let Some(earlier) = by_alert.get(&repeat.alert_id) {
            repeat.count += earlier.count;
            repeat.expires_at_us = repeat.expires_at_us.max(earlier.expires_at_us);
            if earlier.last_us > repeat.last_us {
                repeat.last_us = earlier.last_us;
                repeat.last_signal_id.clone_from(&earlier.last_signal_id);
            }
        }
        by_alert.insert(repeat.alert_id.clone(), repeat);
    }
    let rows: Vec<AlertRepeat> = by_alert.into_values().collect();
    tx.execute(REPEAT, args![to_json(&rows)?]).await.map(drop)
}

/// Served by `alert_by_incident`.
const CLOSE_WITH_INCIDENT: Sql = Sql::pair(
    "UPDATE alert
     SET status = 'resolved', resolved_us = given.at_us, resolved_by = given.incident_id, expires_at_us = NULL
     FROM (SELECT value ->> 0 AS incident_id, value ->> 1 AS at_us FROM jsonb_each($1)) AS given
     WHERE alert.incident_id = given.incident_id AND alert.status <> 'resolved'",
    "UPDATE alert
     SET status = 'resolved', resolved_us = given.at_us, resolved_by = given.incident_id, expires_at_us = NULL
     FROM (SELECT value ->> 0 AS incident_id, (value ->> 1)::bigint AS at_us
           FROM json_array_elements($1::json)) AS given
     WHERE alert.incident_id = given.incident_id AND alert.status <> 'resolved'",
);

/// Closes the open alerts of incidents that were resolved.
pub(crate) async fn close_with(tx: &mut Tx, resolved: &[(IncidentId, i64)]) -> sqlx::Result<()> {
    if resolved.is_empty() {
        return Ok(());
    }
    let by_id: BTreeMap<&IncidentId, i64> = resolved.iter().map(|(id, at_us)| (id, *at_us)).collect();
    let rows: Vec<(&IncidentId, i64)> = by_id.into_iter().collect();
    tx.execute(CLOSE_WITH_INCIDENT, args![to_json(&rows)?]).await.map(drop)
}

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", AlertRow::COLUMNS, " FROM alert WHERE id = $1"));

/// Served by `alert_open_by_stream`.
const OPEN_OF_STREAM: Sql =
    Sql::one(text!("SELECT ", AlertRow::COLUMNS, " FROM alert WHERE stream = $1 AND status <> 'resolved'"));

/// What narrows every list: integration and severity, each empty for all.
const NARROWED: &str = " AND ($4 = '' OR integration_id = $4) AND ($5 = '' OR severity = $5) ";

/// Served by `alert_by_opened`.
const LIST_ALL: Sql = Sql::one(text!(
    "SELECT ",
    AlertRow::COLUMNS,
    " FROM alert
     WHERE (opened_us, id) < ($1, $2)",
    NARROWED,
    "ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `alert_open_by_opened`.
const LIST_OPEN: Sql = Sql::one(text!(
    "SELECT ",
    AlertRow::COLUMNS,
    " FROM alert
     WHERE status <> 'resolved' AND (opened_us, id) < ($1, $2)",
    NARROWED,
    "ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `alert_suppressed_by_opened`.
const LIST_SUPPRESSED: Sql = Sql::one(text!(
    "SELECT ",
    AlertRow::COLUMNS,
    " FROM alert
     WHERE suppressed_by IS NOT NULL AND (opened_us, id) < ($1, $2)",
    NARROWED,
    "ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `alert_suppressed_by_opened`.
const LIST_HELD: Sql = Sql::one(text!(
    "SELECT ",
    AlertRow::COLUMNS,
    " FROM alert
     WHERE suppressed_by IS NOT NULL AND status <> 'resolved' AND (opened_us, id) < ($1, $2)",
    NARROWED,
    "ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `alert_by_incident`.
const LIST_INCIDENT: Sql = Sql::one(text!(
    "SELECT ",
    AlertRow::COLUMNS,
    " FROM alert
     WHERE incident_id = $6 AND (opened_us, id) < ($1, $2)",
    NARROWED,
    "ORDER BY opened_us DESC, id DESC LIMIT $3"
));

/// Served by `alert_by_opened`.
const POINTS: Sql = Sql::one(
    "SELECT id, integration_id, opened_us AS at_us, severity, count FROM alert
     WHERE opened_us >= $1 AND opened_us < $2
     ORDER BY opened_us DESC, id DESC LIMIT $3",
);

impl Store {
    /// One alert.
    pub async fn alert_get(&self, id: &str, _permit: &Permit) -> Result<Option<AlertRow>> {
        Ok(self.readers.first(GET, args![id]).await?)
    }

    /// The open alert of a journal stream.
    pub async fn alert_open_of_stream(&self, stream: &str, _permit: &Permit) -> Result<Option<AlertRow>> {
        Ok(self.readers.first(OPEN_OF_STREAM, args![stream]).await?)
    }

    /// Alerts, newest first.
    pub async fn alert_list(
        &self,
        filter: &AlertFilter,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<AlertRow>> {
        let narrow = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut arguments = args![narrow(&filter.integration_id), narrow(&filter.severity)];
        let sql = match (&filter.incident_id, &filter.status) {
            (Some(incident_id), _) => {
                arguments.extend(args![incident_id.as_str()]);
                LIST_INCIDENT
            }
            (None, AlertStatus::Open) if filter.suppressed => LIST_HELD,
            (None, AlertStatus::Any) if filter.suppressed => LIST_SUPPRESSED,
            (None, AlertStatus::Open) => LIST_OPEN,
            (None, AlertStatus::Any) => LIST_ALL,
        };
        list(&self.readers, sql, (window, Order::NewestFirst), arguments, key).await
    }

    /// The alerts that opened from `from_us` up to, not including, `to_us`: the newest 5,000, newest first.
    pub async fn alerts_today(&self, from_us: i64, to_us: i64, _permit: &Permit) -> Result<Vec<AlertPoint>> {
        const MOST_POINTS: i64 = 5_000;
        Ok(self.readers.all(POINTS, args![from_us, to_us, MOST_POINTS]).await?)
    }
}

fn key(alert: &AlertRow) -> (i64, &str) {
    (alert.opened_us, &alert.id)
}
