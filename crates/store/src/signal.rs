//! Signals: what arrived from outside, kept as it came, before and beside what was made of it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decurion_core::access::Permit;
use serde::Serialize;

use crate::sql::{Sql, Tx, args, bulk, latest, table, text, to_json};
use crate::window::{Order, list};
use crate::{Listed, Result, Store, Window};

pub(crate) const STATEMENTS: &[Sql] = &[
    INSERT,
    INSERT_LINKS,
    TOUCH_INTEGRATIONS,
    GET,
    ALERTS_OF,
    LIST,
    LIST_UNUSABLE,
    OF_ALERT,
    UPSERT_LAST,
    LAST_OF_ALERT,
    OF_INTEGRATION,
];

table! {
    /// A signal as it arrived, and what became of it.
    pub struct SignalRow {
        /// `sig_…`.
        id: String,
        /// Where it came from.
        integration_id: String,
        /// When it arrived.
        received_us: i64,
        /// The media type it was sent with.
        content_type: String,
        /// The body as text; see [`SignalBody`]. Lists give its first 2,000 characters.
        body: String,
        /// The body is no text: it stands here in Base64 (RFC 4648, section 4).
        body_base64: bool,
        /// Length of the body as it arrived, in bytes.
        body_bytes: i64,
        /// `interpreted`, `uninterpretable` or `ignored`; of a subscription that a sender asks for, `confirming`
        /// or `confirmed`.
        outcome: String,
        /// Why it was not interpreted.
        reason: Option<String>,
        /// The field at fault.
        field: Option<String>,
    }
    beside {
        /// The alerts that it opened, repeated or resolved. Written with the signal; read by
        /// [`Store::signal_get`] only.
        alert_ids: Vec<String>,
    }
}

/// A body as a [`SignalRow`] keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalBody {
    /// The text, or the bytes in Base64.
    pub body: String,
    /// Whether it is Base64.
    pub body_base64: bool,
    /// Length of what was given, in bytes.
    pub body_bytes: i64,
}

impl From<&[u8]> for SignalBody {
    /// Text stays text; what is not UTF-8, or holds a NUL that no database keeps, becomes Base64.
    fn from(bytes: &[u8]) -> Self {
        let body_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => {
                Self { body: text.to_owned(), body_base64: false, body_bytes }
            }
            _ => Self { body: STANDARD.encode(bytes), body_base64: true, body_bytes },
        }
    }
}

impl SignalRow {
    /// The body's bytes as they arrived; those of the text when the row holds only its beginning.
    pub fn body_as_sent(&self) -> Vec<u8> {
        let text = || self.body.clone().into_bytes();
        if self.body_base64 { STANDARD.decode(&self.body).unwrap_or_else(|_| text()) } else { text() }
    }
}

table! {
    /// That a signal concerns an alert.
    pub(crate) struct AlertSignalRow {
        alert_id: String,
        received_us: i64,
        signal_id: String,
    }
}

table! {
    /// The newest of an alert's repeats whose bodies are not all kept. One for each alert, written over.
    pub struct LastSignalRow {
        /// The alert.
        alert_id: String,
        /// The signal.
        id: String,
        /// Where it came from.
        integration_id: String,
        /// When it arrived.
        received_us: i64,
        /// The media type it was sent with.
        content_type: String,
        /// As in [`SignalRow`].
        body: String,
        /// As in [`SignalRow`].
        body_base64: bool,
        /// Length of the body as it arrived, in bytes.
        body_bytes: i64,
    }
}

/// The newest signal of an integration.
#[derive(Serialize)]
struct Touch<'a> {
    id: &'a str,
    last_us: i64,
}

/// A signal that is there already was tried again: its body stays, what became of it is written over.
const INSERT: Sql = bulk!(
    SignalRow,
    "signal",
    "ON CONFLICT (id) DO UPDATE SET
       outcome = excluded.outcome, reason = excluded.reason, field = excluded.field"
);

const UPSERT_LAST: Sql = bulk!(
    LastSignalRow,
    "alert_last_signal",
    "ON CONFLICT (alert_id) DO UPDATE SET
       id = excluded.id, integration_id = excluded.integration_id, received_us = excluded.received_us,
       content_type = excluded.content_type, body = excluded.body, body_base64 = excluded.body_base64,
       body_bytes = excluded.body_bytes
     WHERE excluded.received_us >= alert_last_signal.received_us"
);

/// Served by the primary key.
const LAST_OF_ALERT: Sql = Sql::one(
    "SELECT id, integration_id, received_us, content_type, substr(body, 1, 2000) AS body, body_base64,
            body_bytes, 'interpreted' AS outcome, CAST(NULL AS TEXT) AS reason, CAST(NULL AS TEXT) AS field
     FROM alert_last_signal WHERE alert_id = $1",
);

const INSERT_LINKS: Sql =
    bulk!(AlertSignalRow, "alert_signal", "ON CONFLICT (alert_id, received_us, signal_id) DO NOTHING");

/// Served by the primary key of `integration`.
const TOUCH_INTEGRATIONS: Sql = Sql::pair(
    "UPDATE integration
     SET last_signal_us = MAX(COALESCE(last_signal_us, 0), given.last_us)
     FROM (SELECT value ->> 'id' AS id, value ->> 'last_us' AS last_us FROM jsonb_each($1)) AS given
     WHERE integration.id = given.id",
    "UPDATE integration
     SET last_signal_us = GREATEST(COALESCE(last_signal_us, 0), given.last_us)
     FROM json_to_recordset($1::json) AS given (id TEXT, last_us BIGINT)
     WHERE integration.id = given.id",
);

/// Writes the signals, what they concern, and when their integrations were last heard of.
pub(crate) async fn insert(tx: &mut Tx, signals: &[SignalRow]) -> sqlx::Result<()> {
    if signals.is_empty() {
        return Ok(());
    }
    tx.write(INSERT, &latest(signals, |row| &row.id)).await?;
    let links: Vec<AlertSignalRow> = signals.iter().flat_map(links).collect();
    if !links.is_empty() {
        tx.write(INSERT_LINKS, &links).await?;
    }
    touch(tx, signals.iter().map(|signal| (signal.integration_id.as_str(), signal.received_us))).await
}

/// Writes the newest repeats over those before.
pub(crate) async fn upsert_last(tx: &mut Tx, signals: &[LastSignalRow]) -> sqlx::Result<()> {
    if signals.is_empty() {
        return Ok(());
    }
    tx.write(UPSERT_LAST, &latest(signals, |row| &row.alert_id)).await?;
    touch(tx, signals.iter().map(|signal| (signal.integration_id.as_str(), signal.received_us))).await
}

/// Notes integrations that were heard.
pub(crate) async fn heard(tx: &mut Tx, integrations: &[(String, i64)]) -> sqlx::Result<()> {
    if integrations.is_empty() {
        return Ok(());
    }
    touch(tx, integrations.iter().map(|(id, at_us)| (id.as_str(), *at_us))).await
}

/// Notes when integrations were last heard.
async fn touch(tx: &mut Tx, signals: impl Iterator<Item = (&str, i64)>) -> sqlx::Result<()> {
    let mut heard: BTreeMap<&str, i64> = BTreeMap::new();
    for (integration_id, received_us) in signals {
        let last_us = heard.entry(integration_id).or_default();
        *last_us = received_us.max(*last_us);
    }
    let touches: Vec<_> = heard.into_iter().map(|(id, last_us)| Touch { id, last_us }).collect();
    tx.execute(TOUCH_INTEGRATIONS, args![to_json(&touches)?]).await.map(drop)
}

fn links(signal: &SignalRow) -> impl Iterator<Item = AlertSignalRow> {
    signal.alert_ids.iter().map(|alert_id| AlertSignalRow {
        alert_id: alert_id.clone(),
        received_us: signal.received_us,
        signal_id: signal.id.clone(),
    })
}

/// The columns with the beginning of the body only.
const BEGINNING: &str = "id, integration_id, received_us, content_type, substr(body, 1, 2000) AS body,
    body_base64, body_bytes, outcome, reason, field";

/// Served by the primary key.
const GET: Sql = Sql::one(text!("SELECT ", SignalRow::COLUMNS, " FROM signal WHERE id = $1"));

/// Served by `alert_signal_by_signal`.
const ALERTS_OF: Sql = Sql::one("SELECT alert_id FROM alert_signal WHERE signal_id = $1 ORDER BY alert_id");

/// Served by `signal_by_received`.
const LIST: Sql = Sql::one(text!(
    "SELECT ",
    BEGINNING,
    " FROM signal
     WHERE (received_us, id) < ($1, $2) AND ($4 = '' OR outcome = $4)
     ORDER BY received_us DESC, id DESC LIMIT $3"
));

/// Served by `signal_unusable_by_received`.
const LIST_UNUSABLE: Sql = Sql::one(text!(
    "SELECT ",
    BEGINNING,
    " FROM signal
     WHERE (received_us, id) < ($1, $2) AND outcome = $4 AND outcome <> 'interpreted'
     ORDER BY received_us DESC, id DESC LIMIT $3"
));

/// Served by the primary key of `alert_signal`.
const OF_ALERT: Sql = Sql::one(
    "SELECT s.id, s.integration_id, s.received_us, s.content_type, substr(s.body, 1, 2000) AS body,
            s.body_base64, s.body_bytes, s.outcome, s.reason, s.field
     FROM alert_signal AS l
     JOIN signal AS s ON s.id = l.signal_id
     WHERE l.alert_id = $4 AND (l.received_us, l.signal_id) < ($1, $2)
     ORDER BY l.received_us DESC, l.signal_id DESC LIMIT $3",
);

/// Served by `signal_by_integration`.
const OF_INTEGRATION: Sql = Sql::one(text!(
    "SELECT ",
    BEGINNING,
    " FROM signal
     WHERE integration_id = $4 AND (received_us, id) < ($1, $2)
     ORDER BY received_us DESC, id DESC LIMIT $3"
));

impl Store {
    /// One signal, whole, with the alerts that it concerns.
    pub async fn signal_get(&self, id: &str, _permit: &Permit) -> Result<Option<SignalRow>> {
        let Some(mut signal) = self.readers.first::<SignalRow>(GET, args![id]).await? else {
            return Ok(None);
        };
        let alerts: Vec<(String,)> = self.readers.all(ALERTS_OF, args![id]).await?;
        signal.alert_ids = alerts.into_iter().map(|(alert_id,)| alert_id).collect();
        Ok(Some(signal))
    }

    /// Signals, newest first; all of them, or those with one outcome.
    pub async fn signal_list(
        &self,
        outcome: Option<&str>,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<SignalRow>> {
        let sql = if outcome.is_none_or(|outcome| outcome == "interpreted") { LIST } else { LIST_UNUSABLE };
        let window = (window, Order::NewestFirst);
        list(&self.readers, sql, window, args![outcome.unwrap_or("")], key).await
    }

    /// The signals of an integration, newest first.
    pub async fn signal_list_integration(
        &self,
        integration_id: &str,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<SignalRow>> {
        let window = (window, Order::NewestFirst);
        list(&self.readers, OF_INTEGRATION, window, args![integration_id], key).await
    }

    /// The signals of an alert whose bodies were kept, newest first; the very newest is always among them.
    pub async fn alert_signals(
        &self,
        alert_id: &str,
        window: &Window,
        _permit: &Permit,
    ) -> Result<Listed<SignalRow>> {
        let mut listed: Listed<SignalRow> =
            list(&self.readers, OF_ALERT, (window, Order::NewestFirst), args![alert_id], key).await?;
        if window.after.is_none() {
            let last: Option<SignalRow> = self.readers.first(LAST_OF_ALERT, args![alert_id]).await?;
            let newer = |last: &SignalRow| listed.rows.first().is_none_or(|row| key(row) < key(last));
            if let Some(last) = last.filter(newer) {
                listed.rows.insert(0, last);
            }
        }
        Ok(listed)
    }
}

fn key(signal: &SignalRow) -> (i64, &str) {
    (signal.received_us, &signal.id)
}
