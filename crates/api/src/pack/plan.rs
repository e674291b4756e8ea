//! What applying a pack would mean: differences, conflicts, findings, and whose shifts change.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::pack::{self, Files, Merge};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shape::{PackConflict, PackDifference, PackFinding};
use crate::body::JsonBody;
use crate::gate::Reader;
use crate::oncall::{Preview, ninety_days, preview_of_pack};
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(pack_plan))
}

/// A pack to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackPlanRequest {
    /// Text by path.
    pub files: BTreeMap<String, String>,
    /// The version that the files were made from; the one in force unless given.
    pub base_version: Option<i64>,
}

/// What a pack would change, and what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackPlan {
    /// The version in force.
    pub version: i64,
    /// The version that both sides began from.
    pub base_version: i64,
    /// What the files change of the base.
    pub mine: PackDifference,
    /// What the server changed of it since.
    pub theirs: PackDifference,
    /// What both changed, each in another way: it has to be settled in the files.
    pub conflicts: Vec<PackConflict>,
    /// What would change on the server, with theirs kept where only they changed it.
    pub merged: PackDifference,
    /// The files as they would be applied with `merge`.
    pub files: BTreeMap<String, String>,
    /// What is wrong or weak in these files, by file, line and column. With an error they cannot be applied.
    pub findings: Vec<PackFinding>,
    /// Who gains and loses which shifts in the next 90 days; null where the files cannot be applied.
    pub preview: Option<Preview>,
}

/// What a pack would change, and what is wrong with it
#[utoipa::path(post, path = "/pack/plan", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    request_body = PackPlanRequest, responses((status = 200, body = PackPlan), WriteProblems))]
async fn pack_plan(
    State(state): State<ApiState>,
    reader: Reader,
    JsonBody(asked): JsonBody<PackPlanRequest>,
) -> ApiResult<Json<PackPlan>> {
    let sides = Sides::read(&state, &reader.permit, asked.files, asked.base_version).await?;
    let (config, now_us) = (state.engine.config(), state.engine.now_us());
    let (from, to) = ninety_days(now_us)?;
    let plan = move || {
        let Sides { base_version, version, base, mine, theirs } = sides;
        let Merge { files, conflicts } = pack::merge(&base, &mine, &theirs);
        let report = pack::check(&files, from);
        let preview = report.config.map(|after| preview_of_pack(&config, after, (from, to)));
        PackPlan {
            version,
            base_version,
            mine: PackDifference::between(&base, &mine),
            theirs: PackDifference::between(&base, &theirs),
            conflicts: conflicts.into_iter().map(PackConflict::from).collect(),
            merged: PackDifference::between(&theirs, &files),
            files,
            findings: report.findings.into_iter().map(PackFinding::from).collect(),
            preview,
        }
    };
    let plan = tokio::task::spawn_blocking(plan).await;
    Ok(Json(plan.map_err(|error| ApiError::internal(&error))?))
}

/// The files that were sent, what is in force, and what both began from.
pub(super) struct Sides {
    pub(super) version: i64,
    pub(super) base_version: i64,
    pub(super) base: Files,
    pub(super) mine: Files,
    pub(super) theirs: Files,
}

impl Sides {
    pub(super) async fn read(
        state: &ApiState,
        permit: &Permit,
        mine: Files,
        base_version: Option<i64>,
    ) -> ApiResult<Self> {
        let found = state.engine.pack_version(permit, None).await?;
        let (version, theirs) = found.map_or((0, Files::new()), |found| (found.version, found.files));
        let base_version = base_version.unwrap_or(version);
        let base = match base_version {
            same if same == version => theirs.clone(),
            0 => Files::new(),
            other => files_of(state, permit, other).await?,
        };
        Ok(Self { version, base_version, base, mine, theirs })
    }
}

async fn files_of(state: &ApiState, permit: &Permit, version: i64) -> ApiResult<Files> {
    let found = state.engine.pack_version(permit, Some(version)).await?;
    let unknown = || ApiError::invalid("base_version", format!("there is no version {version} of the pack"));
    Ok(found.ok_or_else(unknown)?.files)
}
