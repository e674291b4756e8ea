//! Signing in and out, first-run set-up, and who is signed in.

mod attempts;
mod operations;
mod password;

pub(crate) use attempts::Attempts;
pub(crate) use operations::routes;
pub(crate) use password::Passwords;
pub use password::{PasswordError, hash_password};

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};

/// The cookie that carries a session's token.
pub(crate) const SESSION_COOKIE: &str = "decurion_session";
/// How long a session lasts.
pub(crate) const SESSION_S: i64 = 30 * 24 * 3_600;

/// What is stored of a token: SHA-256, hex. The token itself is nowhere.
pub(crate) fn token_digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The cookie that begins a session.
fn begin_cookie(token: &str, secure: bool) -> HeaderMap {
    cookie(token, SESSION_S, secure)
}

/// The cookie that ends it.
fn end_cookie(secure: bool) -> HeaderMap {
    cookie("", 0, secure)
}

fn cookie(token: &str, max_age_s: i64, secure: bool) -> HeaderMap {
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(header::SET_COOKIE, value);
    }
    headers
}
