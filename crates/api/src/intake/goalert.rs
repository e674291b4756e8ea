//! GoAlert's generic API, with its address, its ways to send a token and its answers.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use decurion_core::access::{Action, Actor, permit};
use decurion_core::intake::{Integration, Vendor, goalert};
use decurion_engine::{Accepted, IntakeFailure, Received};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::{RawBody, is_json};
use crate::intake::{door_of, is_form, named, ours, pairs};
use crate::problem::{ApiResult, Problem};
use crate::state::ApiState;

/// The names under which clients put the token into the address.
const TOKENS: [&str; 3] = ["token", "integrationKey", "key"];

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(goalert_generic)).routes(routes!(goalert_alerts))
}

/// What became of it, for a client that asks for JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GoalertAccepted {
    /// The number of the alert's incident; 0 where there is none.
    #[serde(rename = "AlertID")]
    pub alert_id: i64,
    /// The integration.
    #[serde(rename = "ServiceID")]
    pub service_id: String,
    /// Whether the alert was not open before.
    pub is_new: bool,
}

/// The address of today and the one of before.
macro_rules! doors {
    ($($name:ident at $path:literal),+) => {$(
        /// Send an alert the way GoAlert's generic API takes it
        #[utoipa::path(post, path = $path, tag = "intake",
            params(
                ("token" = Option<String>, Query, description = "The key of the integration; also `integrationKey`, or a bearer token"),
                ("summary" = Option<String>, Query, description = "The title, unless the body has it"),
                ("details" = Option<String>, Query, description = "The description"),
                ("action" = Option<String>, Query, description = "`close` ends the alert"),
                ("dedup" = Option<String>, Query, description = "The dedup key; what the alert says unless given"),
            ),
            request_body = Object,
            responses(
                (status = 200, body = GoalertAccepted, description = "Stored, for who accepts JSON",
                    headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
                (status = 204, description = "Stored",
                    headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
                (status = 400, body = String, content_type = "text/plain", description = "A field is wrong; a sender does not repeat it"),
                (status = 401, body = String, content_type = "text/plain", description = "There is no token"),
                (status = 403, body = String, content_type = "text/plain", description = "No enabled integration of GoAlert's format has this key"),
                (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
                (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
                (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
            ))]
        async fn $name(
            State(state): State<ApiState>,
            RawQuery(query): RawQuery,
            headers: HeaderMap,
            RawBody(body): RawBody,
        ) -> ApiResult<Response> {
            generic(&state, &query.unwrap_or_default(), &headers, &body).await
        }
    )+};
}

doors!(goalert_generic at "/api/v2/generic/incoming", goalert_alerts at "/v1/api/alerts");

async fn generic(state: &ApiState, query: &str, headers: &HeaderMap, body: &Bytes) -> ApiResult<Response> {
    let query = pairs(query.as_bytes()).unwrap_or_default();
    let Some(key) = token(&query, headers) else {
        return Ok((StatusCode::UNAUTHORIZED, "missing token\n").into_response());
    };
    let Some(integration) = door_of(state, &key, Vendor::Goalert) else {
        return Ok((StatusCode::FORBIDDEN, "unknown or disabled integration key\n").into_response());
    };
    let alert = match read(&query, headers, body) {
        Ok(alert) => alert,
        Err(message) => {
            state.metrics.intake_refused(integration.kind);
            return Ok(wrong(&message));
        }
    };
    let received =
        Received { body: alert.to_string().into_bytes(), content_type: "application/json".to_owned() };
    let taken = state.engine.intake(&integration.id, received).await;
    state.metrics.intake(integration.kind, &taken);
    match taken {
        Ok(accepted) => answer(state, &integration, headers, &accepted).await,
        Err(IntakeFailure::Uninterpretable { signal, error }) => {
            Ok((named(&signal), wrong(&error.to_string())).into_response())
        }
        Err(IntakeFailure::Unavailable(error)) => Err(ours(error)),
    }
}

fn wrong(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, format!("{message}\n")).into_response()
}

/// The token: in the address, else as that of a bearer.
fn token(query: &[(String, String)], headers: &HeaderMap) -> Option<String> {
    let bearer = || {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    };
    let asked = query.iter().find(|(name, _)| TOKENS.contains(&name.as_str()));
    asked.map(|(_, token)| token.clone()).or_else(bearer).filter(|token| !token.is_empty())
}

/// The alert of an address and a body, or what is wrong with them.
fn read(query: &[(String, String)], headers: &HeaderMap, body: &Bytes) -> Result<Value, String> {
    if is_json(headers) {
        return goalert::from_json(body, query).map_err(|error| error.to_string());
    }
    if body.is_empty() {
        return Ok(goalert::from_pairs(query));
    }
    if !is_form(headers) {
        return Err("the body must be a form or JSON, with its Content-Type".to_owned());
    }
    let form = pairs(body).ok_or("the body must be a form in UTF-8")?;
    Ok(goalert::from_pairs(&[&form, query].concat()))
}

async fn answer(
    state: &ApiState,
    integration: &Integration,
    headers: &HeaderMap,
    accepted: &Accepted,
) -> ApiResult<Response> {
    let asked = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !asked.to_ascii_lowercase().contains("application/json") {
        return Ok((StatusCode::NO_CONTENT, named(&accepted.signal)).into_response());
    }
    let permit = permit(&Actor::System, Action::Read)?;
    let row = match accepted.alerts.first() {
        Some(alert) => state.store().alert_get(alert, &permit).await?,
        None => None,
    };
    let is_new = row.as_ref().is_some_and(|row| row.count == 1 && row.status != "resolved");
    let incident = match row.and_then(|row| row.incident_id) {
        Some(id) => state.store().incident_get(&id, &permit).await?,
        None => None,
    };
    let alert_id = incident.map_or(0, |incident| incident.number);
    let body = GoalertAccepted { alert_id, service_id: integration.id.to_string(), is_new };
    Ok((named(&accepted.signal), Json(body)).into_response())
}
