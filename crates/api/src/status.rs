//! The clock that everything is timed by, and how the node is.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::journal::JournalBroken;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(clock_get)).routes(routes!(status_get))
}

/// The server's clock.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServerClock {
    pub now_us: i64,
    /// Seconds of this clock for each second of the wall clock; 1 unless a demo plays.
    pub speed: f64,
}

/// How the node is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Status {
    pub version: String,
    pub journal: JournalStatus,
    pub delivery: DeliveryStatus,
    pub timers: TimerStatus,
    pub database: Database,
}

/// How the journal is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JournalStatus {
    pub seq: i64,
    pub hash: String,
    /// When the chain was last checked here; null when it was not since the start.
    pub verified_us: Option<i64>,
    pub broken: Option<JournalBroken>,
}

/// How delivery is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryStatus {
    /// The oldest message that should have been sent by now.
    pub oldest_due_us: Option<i64>,
    /// Later than is alarmed at.
    pub late: bool,
    /// Messages that are due or wait for their time.
    pub undelivered: i64,
}

/// How the timers are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimerStatus {
    /// The oldest timer that should have fired by now, or the next one.
    pub oldest_due_us: Option<i64>,
}

/// Which database.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// The server's clock
#[utoipa::path(get, path = "/clock", tag = "status", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = ServerClock), ReadProblems))]
async fn clock_get(State(state): State<ApiState>, _reader: Reader) -> Json<ServerClock> {
    Json(ServerClock { now_us: state.engine.now_us(), speed: state.engine.clock().speed() })
}

/// How the node is
#[utoipa::path(get, path = "/status", tag = "status", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Status), ReadProblems))]
async fn status_get(State(state): State<ApiState>, _reader: Reader) -> ApiResult<Json<Status>> {
    let health = state.engine.health().await;
    if let Some(error) = &health.database_error {
        return Err(ApiError::unavailable(error));
    }
    let head = state.store().head().await?;
    let counts = state.store().counts().await?;
    let verified = state.verified.get();
    Ok(Json(Status {
        version: state.settings.version.clone(),
        journal: JournalStatus {
            seq: head.seq,
            hash: head.hash,
            verified_us: verified.as_ref().map(|(at_us, _)| *at_us),
            broken: verified.and_then(|(_, broken)| broken),
        },
        delivery: DeliveryStatus {
            oldest_due_us: health.page_due_us,
            late: health.late,
            undelivered: counts.outbox,
        },
        timers: TimerStatus { oldest_due_us: health.timer_due_us },
        database: if state.store().is_postgres() { Database::Postgres } else { Database::Sqlite },
    }))
}
