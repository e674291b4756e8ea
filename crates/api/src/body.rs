//! Bodies are bounded in size and in time, before anything looks at them.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use crate::problem::ApiError;

/// The largest body that is taken.
pub(crate) const MAX_BODY: usize = 2 * 1024 * 1024;
/// A larger body is read to its end up to this size, so that the sender gets to read the answer.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;
/// The time in which a body must have arrived.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A body that has arrived, as it was sent.
#[derive(Debug)]
pub(crate) struct RawBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let read = read(request.into_body());
        let late = |_| {
            ApiError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The body did not arrive in 10 seconds.")
        };
        tokio::time::timeout(BODY_TIMEOUT, read).await.map_err(late)?.map(RawBody)
    }
}

async fn read(mut body: Body) -> Result<Bytes, ApiError> {
    let mut taken = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let broken = |_| ApiError::new(StatusCode::BAD_REQUEST, "broken_body", "The body ended too early.");
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        size = size.saturating_add(data.len());
        if size <= MAX_BODY {
            taken.extend_from_slice(&data);
        } else if size > MAX_DISCARDED {
            return Err(too_large());
        }
    }
    if size > MAX_BODY { Err(too_large()) } else { Ok(taken.into()) }
}

fn too_large() -> ApiError {
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "At most 2 MiB are taken in one request.")
}

/// A JSON body. What does not fit is answered with the field at fault.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = is_json(request.headers());
        let RawBody(bytes) = RawBody::from_request(request, state).await?;
        parse(&bytes, json).map(Self)
    }
}

/// The value of a body. `json` says whether it was declared as JSON; an empty body is an empty object.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8], json: bool) -> Result<T, ApiError> {
    if !json && !bytes.is_empty() {
        let detail = "Send the body with Content-Type: application/json.";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail));
    }
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { bytes };
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let invalid = |detail: String| ApiError::new(StatusCode::BAD_REQUEST, "invalid_body", detail);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let (field, detail) = (error.path().to_string(), error.inner().to_string());
        if field == "." { invalid(detail) } else { ApiError::invalid(field, detail) }
    })?;
    deserializer.end().map_err(|error| invalid(error.to_string()))?;
    Ok(value)
}

/// Whether a body is declared as JSON (`application/json`, `application/…+json`), with any parameters.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use serde::Deserialize;

    use super::parse;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    struct Outer {
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    struct Inner {
        size: u8,
    }

    fn fault(text: &str) -> Option<String> {
        parse::<Outer>(text.as_bytes(), true).expect_err("it does not fit").field
    }

    #[test]
    fn the_field_at_fault_is_named() {
        assert_eq!(fault(r#"{"inner":[{"size":1},{"size":"x"}]}"#).as_deref(), Some("inner[1].size"));
        assert_eq!(fault(r#"{"inner":[],"other":1}"#).as_deref(), Some("other"));
        assert_eq!(fault("[]"), None);
    }

    #[test]
    fn nothing_may_follow_the_body() {
        assert_eq!(fault(r#"{"inner":[]} {}"#), None);
    }
}
