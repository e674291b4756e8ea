//! Beats: a job or a monitor says that it is alive. Its silence opens an alert (see [`decurion_core::source`]).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::intake::{Integration, IntegrationKind};
use decurion_core::source;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::intake::{beat_failure, door, named, take};
use crate::params::Path;
use crate::problem::{ApiResult, Problem};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(heartbeat_beat, heartbeat_beat_by_get))
}

/// A beat that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BeatTaken {
    pub signal_id: String,
    /// An alert opens then unless another beat comes.
    pub due_us: i64,
}

/// Say that the sender is alive; whatever the body holds is taken
#[utoipa::path(post, path = "/integrations/{key}/beat", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")), request_body = Option<Object>,
    responses(
        (status = 202, body = BeatTaken, headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn heartbeat_beat(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::Heartbeat)?;
    beat(&state, &integration, &headers, body).await
}

/// Say that the sender is alive, for senders that can only open an address
#[utoipa::path(get, path = "/integrations/{key}/beat", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")),
    responses(
        (status = 202, body = BeatTaken, headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn heartbeat_beat_by_get(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::Heartbeat)?;
    beat(&state, &integration, &headers, axum::body::Bytes::new()).await
}

async fn beat(
    state: &ApiState,
    integration: &Integration,
    headers: &HeaderMap,
    body: axum::body::Bytes,
) -> ApiResult<Response> {
    let accepted = take(state, integration, headers, body).await.map_err(beat_failure)?;
    let quiet_after_s = source::wanted_s(integration).unwrap_or_default();
    let due_us = source::due_us(state.engine.now_us(), quiet_after_s);
    let answer = BeatTaken { signal_id: accepted.signal.to_string(), due_us };
    Ok((StatusCode::ACCEPTED, named(&accepted.signal), Json(answer)).into_response())
}
