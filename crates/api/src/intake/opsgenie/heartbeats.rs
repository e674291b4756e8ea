//! Opsgenie's heartbeats: `ping`, `get` and `list`. A heartbeat is an integration of the kind `heartbeat`, named
//! by its id or its name; making and changing one is done where integrations are.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::intake::opsgenie::priority;
use decurion_core::intake::{Integration, IntegrationKind};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answers::{Asked, OpsgenieAccepted, OpsgenieAnswer, OpsgenieRefused, Refusal};
use super::{named_twice, reading, sender};
use crate::intake::{beat_failure, take};
use crate::params::Path;
use crate::problem::{ApiResult, Problem};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(opsgenie_ping, opsgenie_ping_by_post))
        .routes(routes!(opsgenie_heartbeat))
        .routes(routes!(opsgenie_heartbeats))
}

/// A heartbeat, as Opsgenie shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieHeartbeat {
    pub name: String,
    pub description: String,
    /// How long it may be missing.
    pub interval: i64,
    /// `minutes`, `hours` or `days`; a part of a minute counts as a whole one.
    pub interval_unit: String,
    pub enabled: bool,
    /// It is missing now.
    pub expired: bool,
    pub alert_priority: String,
    pub alert_message: String,
    pub alert_tags: Vec<String>,
}

/// Heartbeats.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpsgenieHeartbeats {
    pub heartbeats: Vec<OpsgenieHeartbeat>,
}

/// The heartbeat of a name, or of an id.
fn named(state: &ApiState, name: &str) -> Result<Integration, Refusal> {
    let config = state.engine.config();
    let mut all = config.integrations.values().filter(|one| one.kind == IntegrationKind::Heartbeat);
    let found = all.find(|one| one.name == name || one.id.as_str() == name);
    found
        .cloned()
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "Heartbeat with this name does not exist"))
}

/// Send a beat the way Opsgenie takes it
#[utoipa::path(get, path = "/v2/heartbeats/{name}/ping", tag = "intake", security(("genie" = [])),
    params(("name" = String, Path, description = "The name or the id of the heartbeat")),
    responses(
        (status = 202, body = OpsgenieAccepted),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 404, body = OpsgenieRefused, description = "There is no such heartbeat"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn opsgenie_ping(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    ping(&state, &name, &headers).await
}

/// Send a beat the way Opsgenie takes it, by POST
#[utoipa::path(post, path = "/v2/heartbeats/{name}/ping", tag = "intake", security(("genie" = [])),
    params(("name" = String, Path, description = "The name or the id of the heartbeat")),
    responses(
        (status = 202, body = OpsgenieAccepted),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 404, body = OpsgenieRefused, description = "There is no such heartbeat"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn opsgenie_ping_by_post(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    ping(&state, &name, &headers).await
}

async fn ping(state: &ApiState, name: &str, headers: &HeaderMap) -> ApiResult<Response> {
    let asked = Asked::now(state);
    let read = sender(state, headers).and_then(|_| named(state, name));
    let heartbeat = match read {
        Ok(heartbeat) if heartbeat.enabled => heartbeat,
        Ok(_) => return Ok(asked.refused(&Refusal::new(StatusCode::FORBIDDEN, "Heartbeat is disabled"))),
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    let accepted = take(state, &heartbeat, headers, Bytes::new()).await.map_err(beat_failure)?;
    let body = OpsgenieAccepted {
        result: "PONG - Heartbeat received".to_owned(),
        took: asked.took(),
        request_id: accepted.signal.to_string(),
    };
    Ok((StatusCode::ACCEPTED, named_twice(&accepted.signal), Json(body)).into_response())
}

/// Read a heartbeat the way Opsgenie shows it
#[utoipa::path(get, path = "/v2/heartbeats/{name}", tag = "intake", security(("genie" = [])),
    params(("name" = String, Path, description = "The name or the id of the heartbeat")),
    responses(
        (status = 200, body = OpsgenieAnswer<OpsgenieHeartbeat>),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 404, body = OpsgenieRefused, description = "There is no such heartbeat"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn opsgenie_heartbeat(
    State(state): State<ApiState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let asked = Asked::now(&state);
    let heartbeat = match sender(&state, &headers).and_then(|_| named(&state, &name)) {
        Ok(heartbeat) => heartbeat,
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    Ok(asked.answered(shown(&state, &heartbeat).await?))
}

/// List the heartbeats the way Opsgenie does
#[utoipa::path(get, path = "/v2/heartbeats", tag = "intake", security(("genie" = [])),
    responses(
        (status = 200, body = OpsgenieAnswer<OpsgenieHeartbeats>),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn opsgenie_heartbeats(State(state): State<ApiState>, headers: HeaderMap) -> ApiResult<Response> {
    let asked = Asked::now(&state);
    if let Err(refusal) = sender(&state, &headers) {
        return Ok(asked.refused(&refusal));
    }
    let config = state.engine.config();
    let mut heartbeats = Vec::new();
    for one in config.integrations.values().filter(|one| one.kind == IntegrationKind::Heartbeat) {
        heartbeats.push(shown(&state, one).await?);
    }
    Ok(asked.answered(OpsgenieHeartbeats { heartbeats }))
}

async fn shown(state: &ApiState, heartbeat: &Integration) -> ApiResult<OpsgenieHeartbeat> {
    let row = state.store().integration_get(heartbeat.id.as_str(), &reading()?).await?;
    let expired = row.is_some_and(|row| row.quiet_since_us.is_some());
    let (interval, unit) = interval(heartbeat.quiet_after_s.unwrap_or_default());
    Ok(OpsgenieHeartbeat {
        name: heartbeat.name.clone(),
        description: String::new(),
        interval,
        interval_unit: unit.to_owned(),
        enabled: heartbeat.enabled,
        expired,
        alert_priority: priority(heartbeat.default_severity).to_owned(),
        alert_message: String::new(),
        alert_tags: Vec::new(),
    })
}

/// Seconds in the vendor's units.
const fn interval(seconds: i64) -> (i64, &'static str) {
    const MINUTE: i64 = 60;
    match seconds {
        _ if seconds % (24 * 60 * MINUTE) == 0 => (seconds / (24 * 60 * MINUTE), "days"),
        _ if seconds % (60 * MINUTE) == 0 => (seconds / (60 * MINUTE), "hours"),
        _ => ((seconds + MINUTE - 1) / MINUTE, "minutes"),
    }
}
