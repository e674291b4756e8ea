//! Alertmanager: its webhook, and the API that Prometheus sends to and `amtool` asks.

mod reads;
mod silences;

use std::collections::BTreeMap;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::intake::{Integration, IntegrationKind, alertmanager_api};
use decurion_core::silence::alertmanager::Filter;
use decurion_engine::IntakeFailure;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{RawBody, is_json};
use crate::intake::generic::refused;
use crate::intake::{door, named, ours, take};
use crate::params::Path;
use crate::problem::{ApiError, ApiResult, Problem};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(alertmanager_webhook))
        .routes(routes!(alertmanager_alerts))
        .routes(routes!(alertmanager_alerts_by_header))
        .merge(reads::routes())
        .merge(silences::routes())
}

/// What clients ask before they send.
pub(super) fn plain_routes() -> Router<ApiState> {
    Router::new()
        .route("/integrations/{key}/-/ready", get(ready))
        .route("/integrations/{key}/-/healthy", get(ready))
        .route("/-/ready", get(async || "OK"))
        .route("/-/healthy", get(async || "OK"))
        .route(
            "/api/v2/status",
            get(async |State(state): State<ApiState>| Json(reads::status_body(state.started_us))),
        )
}

/// Alerts that were taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertsAccepted {
    pub signal_id: String,
    pub alert_ids: Vec<String>,
}

/// Send a notification of Alertmanager, webhook version 4
#[utoipa::path(post, path = "/integrations/{key}/alertmanager", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")), request_body = Object,
    responses(
        (status = 200, body = AlertsAccepted, headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "The body is wrong; a sender does not repeat it"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_webhook(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerWebhook)?;
    let taken = take(&state, &integration, &headers, body).await;
    let accepted = taken.map_err(|failure| match failure {
        IntakeFailure::Uninterpretable { error, .. } => refused(&error),
        IntakeFailure::Unavailable(error) => ours(error),
    })?;
    Ok((StatusCode::OK, named(&accepted.signal), Json(AlertsAccepted::of(&accepted))).into_response())
}

impl AlertsAccepted {
    pub(super) fn of(accepted: &decurion_engine::Accepted) -> Self {
        Self { signal_id: accepted.signal.to_string(), alert_ids: accepted.alerts.clone() }
    }
}

/// Send alerts the way Prometheus does, API v2
#[utoipa::path(post, path = "/integrations/{key}/api/v2/alerts", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")), request_body = Vec<Object>,
    responses(
        (status = 200, body = AlertsAccepted, headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 400, body = Value, description = "Some alerts are wrong; the others are taken. A bare JSON text, as Alertmanager answers"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 415, body = Value, description = "The body is not sent as application/json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_alerts(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    alerts(&state, &integration, &headers, body).await
}

/// Send alerts the way Prometheus does, with the key as bearer token
#[utoipa::path(post, path = "/api/v2/alerts", tag = "intake", security(("integration" = [])), request_body = Vec<Object>,
    responses(
        (status = 200, body = AlertsAccepted, headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 400, body = Value, description = "Some alerts are wrong; the others are taken. A bare JSON text, as Alertmanager answers"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "The bearer token is no key of an enabled integration"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 415, body = Value, description = "The body is not sent as application/json"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_alerts_by_header(
    State(state): State<ApiState>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = sent.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim).unwrap_or_default();
    let integration = door(&state, key, IntegrationKind::AlertmanagerApi).map_err(|_| {
        let detail = "Give the key of an enabled Alertmanager API integration as bearer token.";
        ApiError::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    })?;
    alerts(&state, &integration, &headers, body).await
}

async fn alerts(
    state: &ApiState,
    integration: &Integration,
    headers: &HeaderMap,
    body: axum::body::Bytes,
) -> ApiResult<Response> {
    if !is_json(headers) {
        state.metrics.intake_refused(integration.kind);
        let body =
            alertmanager_api::error_body(415, "unsupported media type, only [application/json] are allowed");
        return Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, Json(body)).into_response());
    }
    match take(state, integration, headers, body).await {
        Ok(accepted) => {
            Ok((StatusCode::OK, named(&accepted.signal), Json(AlertsAccepted::of(&accepted))).into_response())
        }
        Err(IntakeFailure::Uninterpretable { error, .. }) => {
            Ok((StatusCode::BAD_REQUEST, Json(alertmanager_api::refusal_body(&error))).into_response())
        }
        Err(IntakeFailure::Unavailable(error)) => Err(ours(error)),
    }
}

async fn ready(State(state): State<ApiState>, Path(key): Path<String>) -> ApiResult<&'static str> {
    door(&state, &key, IntegrationKind::AlertmanagerApi).map(|_| "OK")
}

/// Doors read for the product; what they show is limited to what is about their sender.
fn reading() -> ApiResult<Permit> {
    Ok(permit(&Actor::System, Action::Read)?)
}

/// The conditions that a query gives as `filter`, each a matcher.
fn filters(query: &[(String, String)]) -> Result<Vec<Filter>, String> {
    query.iter().filter(|(name, _)| name == "filter").map(|(_, text)| Filter::read(text)).collect()
}

fn takes(filters: &[Filter], texts: &BTreeMap<String, String>) -> bool {
    filters.iter().all(|filter| filter.takes(texts))
}

/// An instant as Alertmanager writes it.
fn instant(at_us: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at_us).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}
