//! PagerDuty Events API v2: `POST /v2/enqueue`, with its bodies and its answers.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::access::{Action, Actor, permit};
use decurion_core::intake::{IntakeError, IntakeErrorKind, Integration, IntegrationKind, pagerduty};
use decurion_engine::IntakeFailure;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::intake::{named, ours, received};
use crate::problem::{ApiError, Problem};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(pagerduty_enqueue)).routes(routes!(pagerduty_change))
}

/// An event, as PagerDuty documents it.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct PagerdutyEvent {
    /// The key of the integration.
    pub routing_key: String,
    pub event_action: PagerdutyAction,
    #[schema(max_length = 255)]
    pub dedup_key: Option<String>,
    pub payload: Option<PagerdutyPayload>,
}

/// What an event does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PagerdutyAction {
    Trigger,
    Acknowledge,
    Resolve,
}

/// What happened.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct PagerdutyPayload {
    #[schema(max_length = 1024)]
    pub summary: String,
    pub source: String,
    /// `critical`, `error`, `warning` or `info`.
    pub severity: String,
    #[schema(value_type = Option<Object>)]
    pub custom_details: Option<serde_json::Value>,
}

/// The event is taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PagerdutyAccepted {
    /// `success`
    pub status: String,
    pub message: String,
    pub dedup_key: String,
}

/// The event is refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PagerdutyRefused {
    pub status: String,
    pub message: String,
    /// What is wrong, each with its field.
    pub errors: Vec<String>,
}

/// Send an event the way PagerDuty takes it
#[utoipa::path(post, path = "/v2/enqueue", tag = "intake", request_body = PagerdutyEvent,
    responses(
        (status = 202, body = PagerdutyAccepted, headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 400, body = PagerdutyRefused, description = "The event is wrong; a sender does not repeat it"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn pagerduty_enqueue(
    State(state): State<ApiState>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Response {
    let (integration, event) = match read(&state, &body) {
        Ok(read) => read,
        Err(error) => {
            state.metrics.intake_refused(IntegrationKind::Pagerduty);
            return refused(&error);
        }
    };
    let signal = state.engine.signal_id();
    let interpreted = pagerduty::event(&integration, signal.as_str(), &event).map(|event| vec![event]);
    let received = received(&headers, body);
    let taken = state.engine.accept(&integration, signal, received, interpreted, None).await;
    state.metrics.intake(integration.kind, &taken);
    match taken {
        Ok(accepted) => {
            let dedup_key = accepted.dedup_keys.first().map(String::as_str).unwrap_or_default();
            let body = pagerduty::success_body(dedup_key);
            (StatusCode::ACCEPTED, named(&accepted.signal), Json(body)).into_response()
        }
        Err(IntakeFailure::Uninterpretable { error, .. }) => refused(&error),
        Err(IntakeFailure::Unavailable(error)) => ours(error).into_response(),
    }
}

/// Something that was changed, as PagerDuty documents it.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct PagerdutyChangeRequest {
    /// The key of the integration.
    pub routing_key: String,
    pub payload: PagerdutyChangePayload,
}

/// What was changed.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct PagerdutyChangePayload {
    #[schema(max_length = 1024)]
    pub summary: String,
    pub source: Option<String>,
    /// When, in ISO 8601.
    pub timestamp: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub custom_details: Option<serde_json::Value>,
}

/// The change is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PagerdutyChangeAccepted {
    /// `success`
    pub status: String,
    pub message: String,
}

/// Tell of a change the way PagerDuty takes it; nobody is paged
#[utoipa::path(post, path = "/v2/change/enqueue", tag = "intake", request_body = PagerdutyChangeRequest,
    responses(
        (status = 202, body = PagerdutyChangeAccepted),
        (status = 400, body = PagerdutyRefused, description = "The event is wrong; a sender does not repeat it"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn pagerduty_change(
    State(state): State<ApiState>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Response {
    let read = read_change(&state, &headers, &body);
    let (integration, change) = match read {
        Ok(read) => read,
        Err(error) => {
            state.metrics.intake_refused(IntegrationKind::Pagerduty);
            return refused(&error);
        }
    };
    let sender = Actor::Integration { id: integration.id.to_string() };
    let kept = match permit(&sender, Action::Send) {
        Ok(permit) => state.engine.change_add(&permit, &integration, &body, change).await,
        Err(denied) => return ApiError::from(denied).into_response(),
    };
    match kept {
        Ok(_) => (StatusCode::ACCEPTED, Json(pagerduty::change_body())).into_response(),
        Err(error) => ours(error).into_response(),
    }
}

/// The documents have the key in the body; older clients (pdpyras) give it in a header.
fn read_change(
    state: &ApiState,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(Integration, pagerduty::Change), IntakeError> {
    let parsed = pagerduty::parse(body)?;
    let header = headers.get("x-routing-key").and_then(|value| value.to_str().ok());
    let key = match header.filter(|_| parsed.get("routing_key").is_none()) {
        Some(key) => key,
        None => pagerduty::routing_key(&parsed)?,
    };
    let integration = known(state, key)?;
    Ok((integration, pagerduty::change(&parsed)?))
}

/// The body as JSON, and the integration that its key names.
fn read(state: &ApiState, body: &[u8]) -> Result<(Integration, Value), IntakeError> {
    let parsed = pagerduty::parse(body)?;
    Ok((known(state, pagerduty::routing_key(&parsed)?)?, parsed))
}

fn known(state: &ApiState, key: &str) -> Result<Integration, IntakeError> {
    let known = state.engine.integration_by_key(key);
    let known = known.filter(|known| known.enabled && known.kind == IntegrationKind::Pagerduty);
    known.ok_or_else(unknown_key)
}

fn unknown_key() -> IntakeError {
    IntakeError {
        field: Some("routing_key".to_owned()),
        message: "is not the key of an enabled integration".to_owned(),
        kind: IntakeErrorKind::Invalid,
        more: Vec::new(),
        partial: Vec::new(),
    }
}

fn refused(error: &IntakeError) -> Response {
    (StatusCode::BAD_REQUEST, Json(pagerduty::error_body(error))).into_response()
}
