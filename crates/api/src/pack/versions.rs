//! Every version of the pack that was in force.

use axum::Json;
use axum::extract::State;
use decurion_store::PackRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shape::{Pack, PackDifference, PackOrigin};
use crate::gate::Reader;
use crate::params::{List, PageQuery, Path, Query, limit, open, seal};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(pack_versions))
        .routes(routes!(pack_version_get))
        .routes(routes!(pack_version_changes))
}

/// A version of the pack, without its files.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PackVersion {
    pub version: i64,
    pub origin: PackOrigin,
    /// SHA-256 over the files, hex.
    pub digest: String,
    pub author: String,
    pub reason: String,
    pub applied_us: i64,
}

impl From<PackRow> for PackVersion {
    fn from(row: PackRow) -> Self {
        Self {
            version: row.version,
            origin: PackOrigin::of(&row.origin),
            digest: row.digest,
            author: row.author,
            reason: row.reason,
            applied_us: row.applied_us,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChangesQuery {
    /// The version to compare with; the one before unless given.
    since: Option<i64>,
}

/// The versions of the pack, the newest first
#[utoipa::path(get, path = "/pack/versions", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    params(PageQuery), responses((status = 200, body = List<PackVersion>), ReadProblems))]
async fn pack_versions(
    State(state): State<ApiState>,
    reader: Reader,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<PackVersion>>> {
    let limit = limit(page.limit)?;
    let before = match page.after.as_deref() {
        None => i64::MAX,
        Some(after) => open(after)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::invalid("after", "this is not the `next` of a page"))?,
    };
    let rows = state.store().pack_list(before, limit, &reader.permit).await?;
    let more = rows.len() == limit as usize && rows.last().is_some_and(|row| row.version > 1);
    let next = rows.last().filter(|_| more).map(|row| seal(&row.version.to_string()));
    Ok(Json(List { items: rows.into_iter().map(PackVersion::from).collect(), next }))
}

/// A version of the pack with its files
#[utoipa::path(get, path = "/pack/versions/{version}", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    params(("version" = i64, Path, description = "Counts from 1")),
    responses((status = 200, body = Pack), ReadProblems))]
async fn pack_version_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(version): Path<i64>,
) -> ApiResult<Json<Pack>> {
    let found = state.engine.pack_version(&reader.permit, Some(version)).await?;
    let found = found.ok_or_else(|| unknown(version))?;
    let base_version = state.engine.pack_base(&reader.permit).await?;
    Ok(Json(Pack::of(found, base_version)))
}

/// What changed up to a version of the pack
#[utoipa::path(get, path = "/pack/versions/{version}/changes", tag = "pack",
    security(("bearer" = []), ("cookie" = [])),
    params(("version" = i64, Path, description = "Counts from 1"), ChangesQuery),
    responses((status = 200, body = PackDifference), ReadProblems))]
async fn pack_version_changes(
    State(state): State<ApiState>,
    reader: Reader,
    Path(version): Path<i64>,
    Query(query): Query<ChangesQuery>,
) -> ApiResult<Json<PackDifference>> {
    let files = async |version: i64| match version {
        0 => Ok(decurion_core::pack::Files::new()),
        other => {
            let found = state.engine.pack_version(&reader.permit, Some(other)).await?;
            found.map(|found| found.files).ok_or_else(|| unknown(other))
        }
    };
    let (before, after) =
        (files(query.since.unwrap_or_else(|| version.saturating_sub(1))).await?, files(version).await?);
    let work = tokio::task::spawn_blocking(move || PackDifference::between(&before, &after)).await;
    Ok(Json(work.map_err(|error| ApiError::internal(&error))?))
}

fn unknown(version: i64) -> ApiError {
    ApiError::not_found(format!("There is no version {version} of the pack."))
}
