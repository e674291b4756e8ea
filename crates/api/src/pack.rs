//! The pack in force, what a change of it would mean, and applying one.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::pack::{self, Files, FindingSeverity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::JsonBody;
use crate::gate::{Configurer, Reader};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::json;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(pack_get)).routes(routes!(pack_plan)).routes(routes!(pack_apply))
}

/// The pack in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pack {
    /// Counts the packs that were applied; 0 before the first.
    pub version: i64,
    /// SHA-256 over the files, hex.
    pub digest: String,
    /// Text by path.
    pub files: BTreeMap<String, String>,
    pub author: String,
    pub reason: String,
    pub applied_us: i64,
}

/// A pack to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackPlanRequest {
    /// Text by path.
    pub files: BTreeMap<String, String>,
}

/// A pack to apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackApplyRequest {
    /// Text by path.
    pub files: BTreeMap<String, String>,
    pub reason: String,
    /// The version that was looked at; another one in between refuses the change.
    pub base_version: Option<i64>,
}

/// What a pack would change, and what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackPlan {
    /// By file, line and column. A pack with an error cannot be applied.
    pub findings: Vec<PackFinding>,
    pub changes: Vec<PackChange>,
    /// The version that it was compared with.
    pub base_version: i64,
}

/// One thing that is wrong or weak in a pack.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackFinding {
    pub file: String,
    /// From 1.
    pub line: i64,
    /// From 1.
    pub column: i64,
    pub severity: PackFindingSeverity,
    /// Stable name of the rule; docs/packs.md explains each.
    pub rule: String,
    pub message: String,
    pub suggestion: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PackFindingSeverity {
    Error,
    Warning,
}

/// A file that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackChange {
    pub path: String,
    pub kind: PackChangeKind,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// How a file differs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PackChangeKind {
    Added,
    Changed,
    Removed,
}

/// A pack that was applied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackApplied {
    pub version: i64,
    pub changes: Vec<PackChange>,
}

/// The pack in force
#[utoipa::path(get, path = "/pack", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Pack), ReadProblems))]
async fn pack_get(State(state): State<ApiState>, reader: Reader) -> ApiResult<Json<Pack>> {
    let Some(row) = state.store().pack_latest(&reader.permit).await? else {
        return Err(ApiError::not_found("No pack was applied yet. Apply one: decurion apply DIR."));
    };
    Ok(Json(Pack {
        version: row.version,
        digest: row.digest,
        files: json(&row.files_json)?,
        author: row.author,
        reason: row.reason,
        applied_us: row.applied_us,
    }))
}

/// What a pack would change, and what is wrong with it
#[utoipa::path(post, path = "/pack/plan", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    request_body = PackPlanRequest, responses((status = 200, body = PackPlan), WriteProblems))]
async fn pack_plan(
    State(state): State<ApiState>,
    reader: Reader,
    JsonBody(asked): JsonBody<PackPlanRequest>,
) -> ApiResult<Json<PackPlan>> {
    let (before, base_version) = in_force(&state, &reader.permit).await?;
    let changes = changes(&before, &asked.files);
    let findings = check(&state, asked.files).await?;
    Ok(Json(PackPlan { findings, changes, base_version }))
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
    state.replays.once(key, apply(&state, &configurer.permit, write.body)).await
}

async fn apply(state: &ApiState, permit: &Permit, asked: PackApplyRequest) -> ApiResult<PackApplied> {
    if asked.reason.trim().is_empty() {
        return Err(ApiError::invalid("reason", "say why the configuration changes"));
    }
    let (before, _) = in_force(state, permit).await?;
    let changes = changes(&before, &asked.files);
    let applied = state.engine.pack_apply(permit, asked.files, &asked.reason, asked.base_version).await?;
    Ok(PackApplied { version: applied.version, changes })
}

async fn in_force(state: &ApiState, permit: &Permit) -> ApiResult<(Files, i64)> {
    match state.store().pack_latest(permit).await? {
        Some(row) => Ok((json(&row.files_json)?, row.version)),
        None => Ok((Files::new(), 0)),
    }
}

async fn check(state: &ApiState, files: Files) -> ApiResult<Vec<PackFinding>> {
    let now =
        Timestamp::from_microsecond(state.engine.now_us()).map_err(|error| ApiError::internal(&error))?;
    let report = tokio::task::spawn_blocking(move || pack::check(&files, now)).await;
    let report = report.map_err(|error| ApiError::internal(&error))?;
    Ok(report.findings.into_iter().map(PackFinding::from).collect())
}

impl From<pack::Finding> for PackFinding {
    fn from(finding: pack::Finding) -> Self {
        Self {
            file: finding.file,
            line: i64::try_from(finding.line).unwrap_or(i64::MAX),
            column: i64::try_from(finding.column).unwrap_or(i64::MAX),
            severity: match finding.severity {
                FindingSeverity::Error => PackFindingSeverity::Error,
                FindingSeverity::Warning => PackFindingSeverity::Warning,
            },
            rule: finding.rule,
            message: finding.message,
            suggestion: finding.suggestion,
        }
    }
}

fn changes(before: &Files, after: &Files) -> Vec<PackChange> {
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |path: &String| {
        let (old, new) = (before.get(path).cloned(), after.get(path).cloned());
        let kind = match (&old, &new) {
            (None, _) => PackChangeKind::Added,
            (_, None) => PackChangeKind::Removed,
            (old, new) if old == new => return None,
            _ => PackChangeKind::Changed,
        };
        Some(PackChange { path: path.clone(), kind, before: old, after: new })
    };
    paths.into_iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::{Files, PackChangeKind, changes};

    #[test]
    fn only_what_differs_is_a_change() {
        let files = |pairs: &[(&str, &str)]| -> Files {
            pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
        };
        let found = changes(
            &files(&[("a", "1"), ("b", "1"), ("c", "1")]),
            &files(&[("b", "2"), ("c", "1"), ("d", "1")]),
        );
        let kinds: Vec<_> = found.iter().map(|change| (change.path.as_str(), change.kind)).collect();
        assert!(matches!(
            kinds[..],
            [("a", PackChangeKind::Removed), ("b", PackChangeKind::Changed), ("d", PackChangeKind::Added)]
        ));
    }
}
