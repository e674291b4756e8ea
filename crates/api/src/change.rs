//! What was changed lately: deploys and settings, as senders tell them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_store::ChangeRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert::{AlertLink, integration_name};
use crate::gate::Reader;
use crate::params::{List, PageQuery, Query};
use crate::problem::{ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::json;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(change_list))
}

/// Something that was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Change {
    pub id: String,
    pub integration_id: String,
    pub integration_name: String,
    pub received_us: i64,
    /// When it happened, as the sender says; else when it arrived.
    pub at_us: i64,
    pub summary: String,
    /// What it was changed on.
    pub source: Option<String>,
    pub details: BTreeMap<String, String>,
    pub links: Vec<AlertLink>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChangeQuery {
    /// Those that arrived at this instant or later.
    from_us: Option<i64>,
    /// Those that arrived at this instant or before.
    until_us: Option<i64>,
}

/// Changes that senders told of, the newest first; they are kept for 90 days
#[utoipa::path(get, path = "/changes", tag = "alert", security(("bearer" = []), ("cookie" = [])),
    params(ChangeQuery, PageQuery), responses((status = 200, body = List<Change>), ReadProblems))]
async fn change_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<ChangeQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Change>>> {
    let between = (query.from_us.unwrap_or(i64::MIN), query.until_us.unwrap_or(i64::MAX));
    let listed = state.store().change_list(between, &page.window()?, &reader.permit).await?;
    let config = state.engine.config();
    Ok(Json(List::of(listed, |row| change_of(row, &config))?))
}

fn change_of(row: ChangeRow, config: &Config) -> ApiResult<Change> {
    Ok(Change {
        integration_name: integration_name(config, &row.integration_id),
        details: json(&row.details_json)?,
        links: json(&row.links_json)?,
        source: Some(row.source).filter(|source| !source.is_empty()),
        id: row.id,
        integration_id: row.integration_id,
        received_us: row.received_us,
        at_us: row.at_us,
        summary: row.summary,
    })
}
