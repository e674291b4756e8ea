//! Applying a pack.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::pack;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::plan::Sides;
use super::shape::PackDifference;
use crate::gate::Configurer;
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;
use crate::write::{IdempotencyHeader, Write};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(pack_apply))
}

/// A pack to apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackApplyRequest {
    /// Text by path.
    pub files: BTreeMap<String, String>,
    pub reason: String,
    /// The version that the files were made from; another one in between refuses the change. Without it the
    /// files replace whatever is in force.
    pub base_version: Option<i64>,
    /// Keep what only the server changed since `base_version` instead of refusing.
    #[serde(default)]
    pub merge: bool,
}

/// A pack that was applied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackApplied {
    /// The version in force; the one before where nothing changed.
    pub version: i64,
    /// SHA-256 over its files, hex.
    pub digest: String,
    /// What changed.
    #[serde(flatten)]
    pub difference: PackDifference,
}

/// Apply a pack: one transaction, with author and reason
#[utoipa::path(post, path = "/pack/apply", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = PackApplyRequest,
    responses((status = 200, body = PackApplied), WriteProblems))]
async fn pack_apply(
    State(state): State<ApiState>,
    configurer: Configurer,
    write: Write<PackApplyRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&configurer.visitor);
    state.once(key, apply(&state, &configurer.permit, write.body)).await
}

async fn apply(state: &ApiState, permit: &Permit, asked: PackApplyRequest) -> ApiResult<PackApplied> {
    check_reason(&asked.reason)?;
    let sides = Sides::read(state, permit, asked.files, asked.base_version).await?;
    let moved = sides.base_version != sides.version;
    let files = if moved && asked.merge {
        let merged = pack::merge(&sides.base, &sides.mine, &sides.theirs);
        if let Some(detail) = conflicts(&merged.conflicts) {
            return Err(ApiError {
                field: Some("files".to_owned()),
                ..ApiError::refused("conflict", detail)
            });
        }
        merged.files
    } else {
        sides.mine
    };
    let difference = PackDifference::between(&sides.theirs, &files);
    let base = if asked.merge { sides.version } else { sides.base_version };
    let applied = state.engine.pack_apply(permit, files, &asked.reason, Some(base)).await?;
    Ok(PackApplied { version: applied.version, digest: applied.digest, difference })
}

fn conflicts(conflicts: &[pack::Conflict]) -> Option<String> {
    let name = |conflict: &pack::Conflict| {
        conflict.object.as_ref().map_or_else(|| format!("the file {}", conflict.file), ToString::to_string)
    };
    let names: Vec<String> = conflicts.iter().map(name).collect();
    (!names.is_empty()).then(|| format!("Both sides changed {}. Settle it in the files.", names.join(", ")))
}

/// A change of configuration has a reason.
pub(super) fn check_reason(reason: &str) -> ApiResult<()> {
    if reason.trim().is_empty() {
        return Err(ApiError::invalid("reason", "say why the configuration changes"));
    }
    Ok(())
}
