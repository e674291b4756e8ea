//! Signatures of vendors over what they send.

use axum::http::{HeaderMap, StatusCode};
use decurion_core::intake::Integration;
use decurion_core::intake::senders::is_signed;

use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;

/// The header of GitHub, and of who does as it does.
const HEADER: &str = "x-hub-signature-256";

/// Refuses a body without the right signature, where the integration asks for one.
pub(super) fn check(
    state: &ApiState,
    integration: &Integration,
    key: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> ApiResult<()> {
    if !integration.signed {
        return Ok(());
    }
    let secret = state.engine.links().signing_secret(&integration.id, key);
    let detail = match headers.get(HEADER).map(|value| value.to_str().unwrap_or_default()) {
        Some(signature) if is_signed(&secret, body, signature) => return Ok(()),
        Some(_) => {
            "The signature in X-Hub-Signature-256 is not that of this body under the integration's secret. \
             Paste the secret again; a new key of the integration brings a new secret."
        }
        None => {
            "This integration takes only bodies that are signed: set its secret at the sender, so that it sends \
             X-Hub-Signature-256."
        }
    };
    state.metrics.intake_refused(integration.kind);
    Err(ApiError::new(StatusCode::UNAUTHORIZED, "signature", detail))
}
