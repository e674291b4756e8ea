//! Any JSON, with the mapping of its integration.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::intake::{IntakeError, IntakeErrorKind, Integration, IntegrationKind, Vendor};
use decurion_engine::IntakeFailure;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::intake::alertmanager::AlertsAccepted;
use crate::intake::{door, is_form, named, ours, pairs, signature, take};
use crate::params::Path;
use crate::problem::{ApiError, ApiResult, Problem};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(generic_events))
}

/// Send any JSON; the integration's mapping makes alerts of it
#[utoipa::path(post, path = "/integrations/{key}/events", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")), request_body = Object,
    responses(
        (status = 202, body = AlertsAccepted, description = "Stored. Without alert_ids it could not be interpreted and waits for a mended mapping",
            headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "The body is no JSON that is taken here"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "The integration asks for the vendor's signature, and the body has none that is right"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn generic_events(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::Generic)?;
    signature::check(&state, &integration, &key, &headers, &body)?;
    let body = unwrapped(&integration, &headers, body);
    let (signal, answer) = match take(&state, &integration, &headers, body).await {
        Ok(accepted) => (accepted.signal.clone(), AlertsAccepted::of(&accepted)),
        Err(IntakeFailure::Uninterpretable { signal, error })
            if error.kind == IntakeErrorKind::Uninterpretable =>
        {
            let answer = AlertsAccepted { signal_id: signal.to_string(), alert_ids: Vec::new() };
            (signal, answer)
        }
        Err(IntakeFailure::Uninterpretable { error, .. }) => return Err(refused(&error)),
        Err(IntakeFailure::Unavailable(error)) => return Err(ours(error)),
    };
    Ok((StatusCode::ACCEPTED, named(&signal), Json(answer)).into_response())
}

/// GitHub sends its JSON as the field `payload` of a form, unless it is told otherwise.
fn unwrapped(integration: &Integration, headers: &HeaderMap, body: Bytes) -> Bytes {
    if integration.vendor != Some(Vendor::Github) || !is_form(headers) {
        return body;
    }
    let payload = pairs(&body).and_then(|pairs| pairs.into_iter().find(|(name, _)| name == "payload"));
    payload.map_or(body, |(_, payload)| payload.into())
}

/// What a body does wrong, naming the field.
pub(super) fn refused(error: &IntakeError) -> ApiError {
    let detail = error.to_string();
    match &error.field {
        Some(field) => ApiError::invalid(field.clone(), detail),
        None => ApiError::new(StatusCode::BAD_REQUEST, "invalid_body", detail),
    }
}
