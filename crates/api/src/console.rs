//! The console: the bundle that `web` builds, inside the binary.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::ApiError;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Bundle;

/// Paths that belong to programs: an unknown one is an error, never the console.
const FOR_PROGRAMS: [&str; 6] = ["/api/", "/v1/", "/v2/", "/health/", "/a/", "/metrics"];

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Decurion</title>\
    <body><h1>The console is not built</h1><p>Run <code>make build</code> and start again. \
    The API, the command line and signed links work without it.</p></body></html>";

/// What no route takes: a file of the console, or its page for a path that it routes itself.
pub(crate) async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    if FOR_PROGRAMS.iter().any(|prefix| path.starts_with(prefix)) || path == "/api" {
        return ApiError::not_found(format!("There is nothing at {path}.")).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return not_allowed().await;
    }
    match Bundle::get(path.trim_start_matches('/')) {
        Some(file) if path != "/" => asset(path, file),
        _ if path.starts_with("/assets/") => {
            ApiError::not_found(format!("There is nothing at {path}.")).into_response()
        }
        _ => index(),
    }
}

/// The answer to a method that a path does not take.
pub(crate) async fn not_allowed() -> Response {
    let detail = "This path does not take that method.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response()
}

fn asset(path: &str, file: EmbeddedFile) -> Response {
    // Vite names files in assets/ after their contents.
    let cached =
        if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, media_type(path)), (header::CACHE_CONTROL, cached)];
    (headers, file.data.into_owned()).into_response()
}

fn index() -> Response {
    let Some(file) = Bundle::get("index.html") else {
        return (StatusCode::OK, Html(NOT_BUILT)).into_response();
    };
    let mut response = (StatusCode::OK, Html(file.data.into_owned())).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use axum::http::{Method, StatusCode};

    use super::{media_type, serve};

    #[tokio::test]
    async fn unknown_paths_of_programs_are_errors_and_others_are_the_console() {
        let status = async |method, path: &str| serve(method, path.parse().unwrap()).await.status();
        assert_eq!(status(Method::GET, "/api/v1/nothing").await, StatusCode::NOT_FOUND);
        assert_eq!(status(Method::GET, "/assets/nothing.js").await, StatusCode::NOT_FOUND);
        assert_eq!(status(Method::GET, "/incidents/INC-42").await, StatusCode::OK);
        assert_eq!(status(Method::POST, "/incidents").await, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn fonts_and_scripts_have_their_media_types() {
        assert_eq!(media_type("/assets/a.woff2"), "font/woff2");
        assert_eq!(media_type("/assets/a.js"), "text/javascript; charset=utf-8");
    }
}
