//! A write: its body, and the key under which it may be sent twice and done once.

use axum::extract::{FromRequest, Request};
use decurion_engine::IdempotencyKey;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use crate::body::{RawBody, is_json, parse};
use crate::gate::Visitor;
use crate::problem::{ApiError, ApiResult};

/// The longest key that is kept.
const MAX_KEY: usize = 255;

/// The header that every write takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "names a header in the API document")]
pub(crate) struct IdempotencyHeader {
    /// A text of the caller's choice. The same write under the same key is done once, and answered again.
    #[param(rename = "Idempotency-Key", max_length = 255)]
    idempotency_key: Option<String>,
}

/// A JSON body with the idempotency key of its request.
#[derive(Debug)]
pub(crate) struct Write<T> {
    pub body: T,
    key: Option<(String, String)>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Write<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let key = key(&request)?;
        let what = format!("{} {}", request.method(), request.uri().path());
        let json = is_json(request.headers());
        let RawBody(bytes) = RawBody::from_request(request, state).await?;
        let body = parse(&bytes, json)?;
        let digest = || {
            hex::encode(
                Sha256::new().chain_update(what.as_bytes()).chain_update([0]).chain_update(&bytes).finalize(),
            )
        };
        Ok(Self { body, key: key.map(|key| (key, digest())) })
    }
}

fn key(request: &Request) -> ApiResult<Option<String>> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if text.is_empty() || text.len() > MAX_KEY {
        let detail = format!("1 to {MAX_KEY} visible ASCII characters are taken");
        return Err(ApiError::invalid("Idempotency-Key", detail));
    }
    Ok(Some(text.to_owned()))
}

impl<T> Write<T> {
    /// The key as the engine keeps it: keys of different accounts never meet.
    pub(crate) fn idempotency(&self, visitor: &Visitor) -> Option<IdempotencyKey> {
        let (key, request_digest) = self.key.clone()?;
        Some(IdempotencyKey { scope: format!("account:{}", visitor.account), key, request_digest })
    }
}
