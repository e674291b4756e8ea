//! Reading integrations.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::id::IntegrationId;
use decurion_core::intake;
use decurion_store::{IntegrationRow, Window};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert::{Signal, signal_of};
use crate::gate::Reader;
use crate::integration::{Integration, IntegrationOrigin};
use crate::params::{List, Path};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

/// Bodies that are shown of one integration.
const LAST_SIGNALS: usize = 20;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(integration_list)).routes(routes!(integration_signals))
}

/// Sources of alerts, by name
#[utoipa::path(get, path = "/integrations", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<Integration>), ReadProblems))]
async fn integration_list(
    State(state): State<ApiState>,
    reader: Reader,
) -> ApiResult<Json<List<Integration>>> {
    let rows = state.store().integration_list(&reader.permit).await?;
    let counts = counts_today(&state, &reader.permit).await?;
    let config = state.engine.config();
    let known = rows.into_iter().filter_map(|row| {
        let known = config.integrations.get(&IntegrationId::from(row.id.as_str()))?;
        Some(of(known, &row, counts.get(&row.id).copied().unwrap_or(0)))
    });
    Ok(Json(List::whole(known.collect())))
}

/// The last bodies that arrived from a source, the newest first
#[utoipa::path(get, path = "/integrations/{id}/signals", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`int_…`, or the name that the pack gives")),
    responses((status = 200, body = List<Signal>), ReadProblems))]
async fn integration_signals(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<List<Signal>>> {
    row(&state, &id, &reader.permit).await?;
    let window = Window::first(u32::try_from(LAST_SIGNALS).unwrap_or(u32::MAX));
    let listed = state.store().signal_list_integration(&id, &window, &reader.permit).await?;
    let config = state.engine.config();
    let items: ApiResult<Vec<Signal>> = listed.rows.into_iter().map(|row| signal_of(row, &config)).collect();
    Ok(Json(List::whole(items?)))
}

/// The row of an integration.
pub(super) async fn row(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<IntegrationRow> {
    let found = state.store().integration_get(id, permit).await?;
    found.ok_or_else(|| ApiError::not_found(format!("There is no integration {id}.")))
}

/// One integration as the API gives it.
pub(super) async fn one(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<Integration> {
    let row = row(state, id, permit).await?;
    let counts = counts_today(state, permit).await?;
    let config = state.engine.config();
    let known = config.integrations.get(&IntegrationId::from(id));
    let known = known.ok_or_else(|| ApiError::not_found(format!("There is no integration {id}.")))?;
    Ok(of(known, &row, counts.get(id).copied().unwrap_or(0)))
}

async fn counts_today(state: &ApiState, permit: &Permit) -> ApiResult<BTreeMap<String, i64>> {
    let (from_us, to_us) = crate::board::day(state)?;
    let mut counts = BTreeMap::new();
    for point in state.store().alerts_today(from_us, to_us, permit).await? {
        *counts.entry(point.integration_id).or_default() += 1;
    }
    Ok(counts)
}

fn of(known: &intake::Integration, row: &IntegrationRow, alerts_today: i64) -> Integration {
    Integration {
        id: row.id.clone(),
        name: known.name.clone(),
        kind: known.kind.into(),
        vendor: known.vendor.map(Into::into),
        signed: known.signed,
        enabled: known.enabled,
        origin: if row.origin == "pack" { IntegrationOrigin::Pack } else { IntegrationOrigin::Console },
        auto_resolve: known.auto_resolve,
        default_severity: known.default_severity.into(),
        mapping: known.mapping.as_ref().map(|mapping| intake::MappingText::from(mapping).into()),
        topics: known.topics.iter().cloned().collect(),
        quiet_after_s: known.quiet_after_s,
        quiet_since_us: row.quiet_since_us,
        last_signal_us: row.last_signal_us,
        alerts_today,
    }
}
