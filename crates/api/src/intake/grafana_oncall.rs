//! Grafana OnCall's formatted webhook, with its address and its answer.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use decurion_core::intake::{IntakeErrorKind, Vendor};
use decurion_engine::IntakeFailure;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::intake::generic::refused;
use crate::intake::{door_of, named, ours, take};
use crate::params::Path;
use crate::problem::{ApiError, ApiResult, Problem};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_formatted)).routes(routes!(oncall_formatted_bare))
}

/// Two addresses, since some clients leave the last slash out and no client follows a redirect with a body.
macro_rules! doors {
    ($($name:ident at $path:literal),+) => {$(
        /// Send an alert the way Grafana OnCall's formatted webhook takes it
        #[utoipa::path(post, path = $path, tag = "intake",
            params(("key" = String, Path, description = "The key of the integration")), request_body = Object,
            responses(
                (status = 200, body = String, content_type = "application/json", description = "Stored: `Ok.`",
                    headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
                (status = 400, body = Problem, content_type = "application/problem+json", description = "The body is no JSON that is taken here"),
                (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
                (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
                (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
                (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
            ))]
        async fn $name(
            State(state): State<ApiState>,
            Path(key): Path<String>,
            headers: HeaderMap,
            RawBody(body): RawBody,
        ) -> ApiResult<Response> {
            formatted(&state, &key, &headers, body).await
        }
    )+};
}

doors!(
    oncall_formatted at "/integrations/v1/formatted_webhook/{key}/",
    oncall_formatted_bare at "/integrations/v1/formatted_webhook/{key}"
);

async fn formatted(
    state: &ApiState,
    key: &str,
    headers: &HeaderMap,
    body: axum::body::Bytes,
) -> ApiResult<Response> {
    let unknown = || ApiError::not_found("No enabled integration of Grafana OnCall's format has this key.");
    let integration = door_of(state, key, Vendor::GrafanaOncall).ok_or_else(unknown)?;
    let signal = match take(state, &integration, headers, body).await {
        Ok(accepted) => accepted.signal,
        Err(IntakeFailure::Uninterpretable { signal, error })
            if error.kind == IntakeErrorKind::Uninterpretable =>
        {
            signal
        }
        Err(IntakeFailure::Uninterpretable { error, .. }) => return Err(refused(&error)),
        Err(IntakeFailure::Unavailable(error)) => return Err(ours(error)),
    };
    Ok((named(&signal), Json("Ok.")).into_response())
}
