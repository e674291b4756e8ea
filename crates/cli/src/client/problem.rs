//! What the server says when it refuses (`application/problem+json`, RFC 9457).

use reqwest::StatusCode;
use serde::Deserialize;

use crate::exit::{Exit, Failure};
use crate::output::clean;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    field: Option<String>,
    request_id: Option<String>,
}

/// The refusal as people and scripts get it: what was wrong, in which field, and the number to ask about.
pub(super) fn failure(status: StatusCode, text: &str, had_token: bool) -> Failure {
    let problem: Problem = serde_json::from_str(text).unwrap_or_default();
    let fallback = || format!("the server answered {status}");
    let mut message = problem.detail.or(problem.title).map_or_else(fallback, |said| clean(&said));
    if let Some(field) = problem.field {
        message = format!("{}: {message}", clean(&field));
    }
    if status.is_server_error() {
        let id = problem.request_id.map(|id| format!(", request {}", clean(&id))).unwrap_or_default();
        message = format!("{message} (HTTP {}{id})", status.as_u16());
    }
    match status {
        StatusCode::UNAUTHORIZED if had_token => {
            Failure::new(Exit::NotSignedIn, "the session has ended: sign in with `decurion login`")
        }
        StatusCode::UNAUTHORIZED => Failure::new(Exit::NotSignedIn, message),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            Failure::new(Exit::Unreachable, message)
        }
        _ => Failure::new(Exit::Failed, message),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::failure;

    #[test]
    fn a_refusal_names_the_field_and_the_reason() {
        let text = r#"{"title":"Invalid","detail":"must be at most 24 hours away","field":"until_us"}"#;
        let said = failure(StatusCode::UNPROCESSABLE_ENTITY, text, true).to_string();
        assert_eq!(said, "until_us: must be at most 24 hours away");
    }

    #[test]
    fn a_fault_of_the_server_names_the_request() {
        let text = r#"{"detail":"The database failed.","request_id":"req_7"}"#;
        let said = failure(StatusCode::INTERNAL_SERVER_ERROR, text, true).to_string();
        assert_eq!(said, "The database failed. (HTTP 500, request req_7)");
    }

    #[test]
    fn what_is_no_problem_document_is_still_said() {
        let said = failure(StatusCode::BAD_GATEWAY, "<html>", true).to_string();
        assert_eq!(said, "the server answered 502 Bad Gateway (HTTP 502)");
    }
}
