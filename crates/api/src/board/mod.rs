//! The board: who is on duty, what is open, what arrived today.

mod duty;
mod today;

pub(crate) use today::day;

use axum::Json;
use axum::extract::State;
use decurion_store::{IncidentFilter, Window};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::board::duty::DutyLevel;
use crate::board::today::{Source, Today};
use crate::gate::Reader;
use crate::incident::Incident;
use crate::oncall::{CoverageFinding, coverage_findings};
use crate::problem::{ApiResult, ReadProblems};
use crate::state::ApiState;

/// Open incidents that the board shows.
const MOST_INCIDENTS: u32 = 200;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(board_get))
}

/// Everything that the first page shows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Board {
    pub levels: Vec<DutyLevel>,
    /// What the coverage check of the next 90 days found, the worst first.
    pub findings: Vec<CoverageFinding>,
    /// Open incidents, the next deadline first.
    pub incidents: Vec<Incident>,
    pub sources: Vec<Source>,
    pub today: Today,
    /// Signals that could not be interpreted and wait for a mended mapping; at most 500 are counted.
    pub signals_waiting: i64,
}

/// Who is on duty, what is open, what arrived today
#[utoipa::path(get, path = "/board", tag = "board", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Board), ReadProblems))]
async fn board_get(State(state): State<ApiState>, reader: Reader) -> ApiResult<Json<Board>> {
    let (config, now_us) = (state.engine.config(), state.engine.now_us());
    let store = state.store();
    let open =
        store.incident_list(&IncidentFilter::Open, &Window::first(MOST_INCIDENTS), &reader.permit).await?;
    let waiting = store.signal_list(Some("uninterpretable"), &Window::first(500), &reader.permit).await?;
    let today = today::today(&state, &reader.permit).await?;
    Ok(Json(Board {
        levels: duty::levels(&config, now_us),
        findings: coverage_findings(&state, &reader.permit).await?,
        incidents: open.rows.into_iter().map(Incident::of).collect::<ApiResult<_>>()?,
        sources: today::sources(&state, &today, &reader.permit).await?,
        today,
        signals_waiting: i64::try_from(waiting.rows.len()).unwrap_or(i64::MAX),
    }))
}
