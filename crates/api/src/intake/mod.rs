//! The doors that senders send through, each answering as its vendor does.
//!
//! A sender that gets a 2xx has our word that the signal is stored; every 2xx names it. What a sender does
//! wrong is a 4xx, which senders do not repeat. What is our fault is a 503, which they do.

mod alertmanager;
mod generic;
mod goalert;
mod grafana_oncall;
mod heartbeat;
mod opsgenie;
mod pagerduty;
mod signature;
pub(crate) mod sns;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use decurion_core::id::SignalId;
use decurion_core::intake::{Integration, IntegrationKind, Vendor};
use decurion_engine::{Accepted, EngineError, IntakeFailure, Received};

use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;

/// The header that names the signal in every 2xx.
const SIGNAL: HeaderName = HeaderName::from_static("x-decurion-signal");
const MAX_CONTENT_TYPE: usize = 200;

pub(crate) fn routes() -> utoipa_axum::router::OpenApiRouter<ApiState> {
    utoipa_axum::router::OpenApiRouter::new()
        .merge(pagerduty::routes())
        .merge(opsgenie::routes())
        .merge(alertmanager::routes())
        .merge(sns::routes())
        .merge(generic::routes())
        .merge(goalert::routes())
        .merge(grafana_oncall::routes())
        .merge(heartbeat::routes())
}

/// Answers that clients of Alertmanager look for and that need no document.
pub(crate) fn plain_routes() -> Router<ApiState> {
    alertmanager::plain_routes()
}

/// The integration of a key, when it may send and speaks this format.
fn door(state: &ApiState, key: &str, kind: IntegrationKind) -> ApiResult<Integration> {
    let known = state.engine.integration_by_key(key).filter(|known| known.enabled && known.kind == kind);
    known.ok_or_else(|| {
        state.metrics.intake_refused(kind);
        ApiError::not_found("No enabled integration of this kind has this key.")
    })
}

/// The integration of a key, when it may send and is of this vendor.
fn door_of(state: &ApiState, key: &str, vendor: Vendor) -> Option<Integration> {
    let known = state.engine.integration_by_key(key);
    let known = known.filter(|known| known.enabled && known.vendor == Some(vendor));
    if known.is_none() {
        state.metrics.intake_refused(vendor.kind());
    }
    known
}

/// The pairs of a form, or of the query of an address; nothing where it is not of that shape.
fn pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    let text = std::str::from_utf8(text).ok()?;
    serde_urlencoded::from_str(text).ok()
}

/// Whether a body is declared as a form.
fn is_form(headers: &HeaderMap) -> bool {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = declared.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Hands a body to the engine and counts what became of it.
async fn take(
    state: &ApiState,
    integration: &Integration,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Accepted, IntakeFailure> {
    let taken = state.engine.intake(&integration.id, received(headers, body)).await;
    state.metrics.intake(integration.kind, &taken);
    taken
}

/// A body with its media type, as the engine takes it.
fn received(headers: &HeaderMap, body: Bytes) -> Received {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Received { body: body.into(), content_type: sent.chars().take(MAX_CONTENT_TYPE).collect() }
}

/// The header that names a signal.
fn named(signal: &SignalId) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(signal.as_str()) {
        headers.insert(SIGNAL, value);
    }
    headers
}

/// A fault of ours, as every door answers it: try again.
fn ours(error: EngineError) -> ApiError {
    match error {
        EngineError::Busy => ApiError::busy(),
        other => ApiError::unavailable(&other),
    }
}

/// A failure of a beat, whose body cannot be wrong.
fn beat_failure(failure: IntakeFailure) -> ApiError {
    match failure {
        IntakeFailure::Uninterpretable { error, .. } => ApiError::refused("refused", error.to_string()),
        IntakeFailure::Unavailable(error) => ours(error),
    }
}

/// A failure as an operation of the API answers it.
pub(crate) fn failure(failure: IntakeFailure) -> ApiError {
    match failure {
        IntakeFailure::Uninterpretable { error, .. } => ApiError::refused("refused", error.to_string()),
        IntakeFailure::Unavailable(error) => error.into(),
    }
}

/// Why a signal still gives nothing, in words; an error where it was not even tried.
pub(crate) fn failure_words(failure: IntakeFailure) -> ApiResult<String> {
    match failure {
        IntakeFailure::Uninterpretable { error, .. } => Ok(error.to_string()),
        IntakeFailure::Unavailable(error) => Err(error.into()),
    }
}
