//! The journal: what was decided, in one order, and whether its chain holds.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::journal::{Entry, StreamId};
use decurion_store::JournalFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::incident::{ActorName, EmptyRequest, actor_name, after_seq};
use crate::params::{List, PageQuery, Query, limit, seal};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::write::Write;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(journal_list)).routes(routes!(journal_verify))
}

/// One record of the journal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JournalEntry {
    /// Place in the journal, from 1, without gaps.
    pub seq: i64,
    pub stream: String,
    /// Place in its stream, from 1.
    pub version: i64,
    pub kind: String,
    pub at_us: i64,
    pub actor: ActorName,
    /// The incident that it is about, or empty.
    pub subject: String,
    /// Null once erased.
    pub payload: Option<serde_json::Value>,
    /// SHA-256 over salt and payload, hex.
    pub payload_digest: String,
    /// SHA-256 that binds it to the record before, hex.
    pub hash: String,
}

/// What a verification found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JournalVerified {
    pub ok: bool,
    /// Records that were checked.
    pub records: i64,
    /// Where the journal ended when it was checked.
    pub head: JournalHead,
    /// The first record that does not hold.
    pub broken: Option<JournalBroken>,
    pub took_ms: i64,
}

/// The end of the journal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JournalHead {
    pub seq: i64,
    pub hash: String,
}

/// A record that does not hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JournalBroken {
    pub seq: i64,
    pub stream: String,
    pub reason: String,
}

/// The last verification, for the status line.
#[derive(Debug, Default)]
pub(crate) struct LastVerified {
    last: Mutex<Option<(i64, Option<JournalBroken>)>>,
}

impl LastVerified {
    /// When it was checked, and the first record that did not hold.
    pub(crate) fn get(&self) -> Option<(i64, Option<JournalBroken>)> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, at_us: i64, broken: Option<JournalBroken>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((at_us, broken));
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JournalOrder {
    #[default]
    Desc,
    Asc,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JournalQuery {
    /// Kinds that begin so: `incident.`, `page.`.
    kind: Option<String>,
    /// Only this stream: `incident:inc_…`.
    stream: Option<String>,
    /// `desc`, the newest first, unless given.
    #[param(inline)]
    order: Option<JournalOrder>,
}

/// Records, the newest first
#[utoipa::path(get, path = "/journal", tag = "journal", security(("bearer" = []), ("cookie" = [])),
    params(JournalQuery, PageQuery), responses((status = 200, body = List<JournalEntry>), ReadProblems))]
async fn journal_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<JournalQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<JournalEntry>>> {
    let limit = limit(page.limit)?;
    let after = page.after.as_deref().map(after_seq).transpose()?;
    let filter = JournalFilter {
        after_seq: after.unwrap_or(0),
        kind_prefix: query.kind.unwrap_or_default(),
        stream: query.stream.map(StreamId::new),
    };
    let entries = match query.order.unwrap_or_default() {
        JournalOrder::Asc => state.store().journal_list(&filter, limit, &reader.permit).await?,
        JournalOrder::Desc => {
            let before = after.unwrap_or(i64::MAX);
            state.store().journal_list_back(&filter, before, limit, &reader.permit).await?
        }
    };
    let more = entries.len() == limit as usize;
    let next = entries.last().filter(|_| more).map(|last| seal(&last.seq.to_string()));
    let config = state.engine.config();
    Ok(Json(List { items: entries.into_iter().map(|entry| of(entry, &config)).collect(), next }))
}

fn of(entry: Entry, config: &Config) -> JournalEntry {
    JournalEntry {
        seq: entry.seq,
        stream: entry.stream.to_string(),
        version: entry.version,
        kind: entry.kind,
        at_us: entry.at_us,
        actor: actor_name(&entry.actor, config),
        subject: entry.subject,
        payload: entry.payload.and_then(|text| serde_json::from_str(&text).ok()),
        payload_digest: entry.payload_digest,
        hash: entry.hash,
    }
}

/// Check the whole chain
#[utoipa::path(post, path = "/journal/verify", tag = "journal", security(("bearer" = []), ("cookie" = [])),
    request_body = EmptyRequest, responses((status = 200, body = JournalVerified), WriteProblems))]
async fn journal_verify(
    State(state): State<ApiState>,
    _responder: Responder,
    _write: Write<EmptyRequest>,
) -> ApiResult<Json<JournalVerified>> {
    let begun = Instant::now();
    let found = state.store().verify().await;
    let took_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let verified = match found {
        Ok(verified) => {
            let head = JournalHead { seq: verified.head.seq, hash: verified.head.hash };
            JournalVerified { ok: true, records: head.seq, head, broken: None, took_ms }
        }
        Err(decurion_store::Error::Broken(broken)) => {
            let head = state.store().head().await?;
            let broken = JournalBroken {
                seq: broken.seq,
                stream: broken.stream.to_string(),
                reason: broken.reason.clone(),
            };
            let head = JournalHead { seq: head.seq, hash: head.hash };
            JournalVerified { ok: false, records: broken.seq - 1, head, broken: Some(broken), took_ms }
        }
        Err(other) => return Err(ApiError::from(other)),
    };
    state.verified.set(state.engine.now_us(), verified.broken.clone());
    Ok(Json(verified))
}
