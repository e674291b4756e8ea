//! What goes wrong, as every operation says it: `application/problem+json` (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use decurion_core::access::Denied;
use decurion_core::decide::Refusal;
use decurion_core::pack::EditError;
use decurion_engine::EngineError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};

use crate::request_id;

/// What is wrong and what to do about it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`; `code` tells problems apart.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    pub status: u16,
    /// Stable, for programs: `not_found`, `invalid_field`, `refused`.
    pub code: String,
    /// For people: what happened, where, and what to do.
    pub detail: String,
    /// The field at fault, where one is: `levels[0].reason`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Names this request in the server's log.
    pub request_id: String,
}

/// An answer other than success.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) field: Option<String>,
}

/// What handlers return.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// Seconds after which a sender that was turned away may try again.
const RETRY_AFTER_S: &str = "1";

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), field: None }
    }

    pub(crate) fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(StatusCode::BAD_REQUEST, "invalid_field", detail) }
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    pub(crate) fn refused(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first: POST /api/v1/session.")
    }

    pub(crate) fn busy() -> Self {
        let detail = "More arrives than can be written right now. Try again in a second.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
    }

    /// A fault of ours. The cause goes to the log, not to the caller.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, request_id = %request_id::current(), "a request failed");
        let detail = "The server failed. Its log says why, under this request_id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// The database does not answer.
    pub(crate) fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, request_id = %request_id::current(), "the database failed");
        let detail = "The database does not answer. Nothing was changed. Try again in a second.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
    }

    /// The answer's body.
    pub(crate) fn problem(&self) -> Problem {
        Problem {
            r#type: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            field: self.field.clone(),
            request_id: request_id::current(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        response
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        Self::new(StatusCode::FORBIDDEN, "denied", format!("{denied}. Ask an administrator."))
    }
}

impl From<decurion_store::Error> for ApiError {
    fn from(error: decurion_store::Error) -> Self {
        Self::unavailable(&error)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match refusal.code {
            "not_found" if refusal.field.is_none() => (StatusCode::NOT_FOUND, "not_found"),
            "not_found" | "invalid_field" => (StatusCode::BAD_REQUEST, "invalid_field"),
            "changed_meanwhile" => (StatusCode::CONFLICT, "changed_meanwhile"),
            "too_often" => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
            _ => (StatusCode::CONFLICT, "refused"),
        };
        Self { field: refusal.field.map(ToOwned::to_owned), ..Self::new(status, code, refusal.message) }
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused(refusal) => refusal.into(),
            EngineError::Denied(denied) => denied.into(),
            EngineError::NotFound(what) => Self::not_found(format!("There is no such {what}.")),
            EngineError::Busy => Self::busy(),
            EngineError::Store(cause) => Self::unavailable(&cause),
            EngineError::Edit(EditError::NotFound(key)) => Self::not_found(format!("The pack has no {key}.")),
            EngineError::Edit(error) => Self::invalid("text", error.to_string()),
            EngineError::Pack(findings) => findings.first().map_or_else(
                || Self::invalid("files", "the pack has errors"),
                |first| Self::invalid("files", first.to_string()),
            ),
        }
    }
}

/// What every read may answer beside success.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "names answers in the API document")]
pub(crate) enum ReadProblems {
    #[response(
        status = 400,
        description = "A parameter is wrong; `field` names it",
        content_type = "application/problem+json"
    )]
    Invalid(Problem),
    #[response(status = 401, description = "Nobody is signed in", content_type = "application/problem+json")]
    Unauthenticated(Problem),
    #[response(
        status = 403,
        description = "The account may not do this",
        content_type = "application/problem+json"
    )]
    Denied(Problem),
    #[response(
        status = 404,
        description = "There is no such thing",
        content_type = "application/problem+json"
    )]
    NotFound(Problem),
    #[response(
        status = 503,
        description = "The database does not answer",
        content_type = "application/problem+json"
    )]
    Unavailable(Problem),
}

/// What every write may answer beside success.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "names answers in the API document")]
pub(crate) enum WriteProblems {
    #[response(
        status = 400,
        description = "The request is wrong; `field` names where",
        content_type = "application/problem+json"
    )]
    Invalid(Problem),
    #[response(status = 401, description = "Nobody is signed in", content_type = "application/problem+json")]
    Unauthenticated(Problem),
    #[response(
        status = 403,
        description = "The account may not do this",
        content_type = "application/problem+json"
    )]
    Denied(Problem),
    #[response(
        status = 404,
        description = "There is no such thing",
        content_type = "application/problem+json"
    )]
    NotFound(Problem),
    #[response(
        status = 408,
        description = "The body did not arrive in time",
        content_type = "application/problem+json"
    )]
    Slow(Problem),
    #[response(
        status = 409,
        description = "The rules do not allow it now; `detail` says why",
        content_type = "application/problem+json"
    )]
    Refused(Problem),
    #[response(
        status = 413,
        description = "The body is larger than 2 MiB",
        content_type = "application/problem+json"
    )]
    TooLarge(Problem),
    #[response(
        status = 415,
        description = "The body is not sent as application/json",
        content_type = "application/problem+json"
    )]
    MediaType(Problem),
    #[response(
        status = 429,
        description = "Too many attempts; try again later",
        content_type = "application/problem+json"
    )]
    TooMany(Problem),
    #[response(
        status = 503,
        description = "Too busy, or the database does not answer; nothing was changed",
        content_type = "application/problem+json"
    )]
    Unavailable(Problem),
}
