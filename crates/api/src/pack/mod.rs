//! The pack: what is in force, what a change of it would mean, applying one, and every version that was.

mod apply;
mod objects;
mod plan;
mod shape;
mod versions;

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

pub(crate) use objects::document;
use shape::Pack;
pub(crate) use shape::PackFinding;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(pack_get))
        .merge(plan::routes())
        .merge(apply::routes())
        .merge(versions::routes())
        .merge(objects::routes())
}

/// The pack in force
#[utoipa::path(get, path = "/pack", tag = "pack", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Pack), ReadProblems))]
async fn pack_get(State(state): State<ApiState>, reader: Reader) -> ApiResult<Json<Pack>> {
    let Some(found) = state.engine.pack_version(&reader.permit, None).await? else {
        return Err(ApiError::not_found("No pack was applied yet. Apply one: decurion apply DIR."));
    };
    let base_version = state.engine.pack_base(&reader.permit).await?;
    Ok(Json(Pack::of(found, base_version)))
}
