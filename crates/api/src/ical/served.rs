//! The calendar behind a feed's address: for calendar programs, which sign in nowhere.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use crate::params::Path;
use crate::problem::ApiResult;
use crate::state::ApiState;

/// Longer names are no secret of ours.
const LONGEST: usize = 128;

pub(crate) fn routes() -> Router<ApiState> {
    Router::new().route("/feeds/{file}", get(serve))
}

async fn serve(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> ApiResult<Response> {
    let secret = file.strip_suffix(".ics").unwrap_or(&file);
    let opened = if secret.len() <= LONGEST { state.engine.feed_open(secret).await? } else { None };
    let Some(calendar) = opened else { return Ok(closed()) };
    let text = calendar.to_text();
    // Weak, because a proxy may compress the body.
    let etag = format!("W/\"{}\"", &hex::encode(Sha256::digest(text.as_bytes()))[..32]);
    let mut response = if matches(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        text.into_response()
    };
    let answer = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    for (name, value) in [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"on-call.ics\""),
        (header::CACHE_CONTROL, "private, no-cache"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ] {
        answer.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Whether the reader has this version already (RFC 9110, section 13.1.2, weak comparison).
fn matches(headers: &HeaderMap, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|line| line.split(',')).any(|tag| tag.trim() == "*" || bare(tag) == bare(etag))
}

fn closed() -> Response {
    let text = "This calendar address opens nothing. It was revoked, or cut on the way: make a new one in the \
                console, under My on-call.\n";
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-robots-tag"), "noindex")];
    (StatusCode::NOT_FOUND, headers, text).into_response()
}
