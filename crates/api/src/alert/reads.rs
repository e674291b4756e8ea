//! Reading alerts.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_store::{AlertFilter, AlertRow, Listed};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert::{Alert, Signal, alert_of, signal_of};
use crate::gate::Reader;
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(alert_list)).routes(routes!(alert_get)).routes(routes!(alert_signals))
}

/// Which alerts.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AlertSelection {
    /// Every one.
    #[default]
    All,
    /// Not resolved.
    Open,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AlertQuery {
    /// `all` unless given.
    #[param(inline)]
    status: Option<AlertSelection>,
    /// Only those from this integration.
    integration: Option<String>,
    /// Only those that a silence holds back, or did until they ended.
    #[serde(default)]
    suppressed: bool,
}

/// Alerts, the newest first
#[utoipa::path(get, path = "/alerts", tag = "alert", security(("bearer" = []), ("cookie" = [])),
    params(AlertQuery, PageQuery), responses((status = 200, body = List<Alert>), ReadProblems))]
async fn alert_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<AlertQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Alert>>> {
    let status = match query.status.unwrap_or_default() {
        AlertSelection::All => decurion_store::AlertStatus::Any,
        AlertSelection::Open => decurion_store::AlertStatus::Open,
    };
    let (integration_id, suppressed) = (query.integration, query.suppressed);
    let filter = AlertFilter { status, integration_id, suppressed, ..AlertFilter::default() };
    let listed = state.store().alert_list(&filter, &page.window()?, &reader.permit).await?;
    Ok(Json(with_references(&state, listed, &reader.permit).await?))
}

async fn with_references(
    state: &ApiState,
    listed: Listed<AlertRow>,
    permit: &Permit,
) -> ApiResult<List<Alert>> {
    let numbers = numbers(state, &listed.rows, permit).await?;
    let config = state.engine.config();
    List::of(listed, |row| {
        let number = row.incident_id.as_ref().and_then(|id| numbers.get(id).copied());
        alert_of(row, &config, number, state.engine.now_us())
    })
}

async fn numbers(state: &ApiState, rows: &[AlertRow], permit: &Permit) -> ApiResult<BTreeMap<String, i64>> {
    let ids: Vec<&str> = rows.iter().filter_map(|row| row.incident_id.as_deref()).collect();
    let known = state.store().incident_marks(&ids, permit).await?;
    Ok(known.into_iter().map(|(id, incident)| (id, incident.number)).collect())
}

/// One alert
#[utoipa::path(get, path = "/alerts/{id}", tag = "alert", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`alr_…`")),
    responses((status = 200, body = Alert), ReadProblems))]
async fn alert_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<Alert>> {
    let row = find(&state, &id, &reader.permit).await?;
    let numbers = numbers(&state, std::slice::from_ref(&row), &reader.permit).await?;
    let number = row.incident_id.as_ref().and_then(|id| numbers.get(id).copied());
    Ok(Json(alert_of(row, &state.engine.config(), number, state.engine.now_us())?))
}

/// The signals of an alert that were kept, the newest first
#[utoipa::path(get, path = "/alerts/{id}/signals", tag = "alert", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`alr_…`"), PageQuery),
    responses((status = 200, body = List<Signal>), ReadProblems))]
async fn alert_signals(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Signal>>> {
    let alert = find(&state, &id, &reader.permit).await?;
    let listed = state.store().alert_signals(&alert.id, &page.window()?, &reader.permit).await?;
    let config = state.engine.config();
    let of_alert =
        |row| signal_of(row, &config).map(|signal| Signal { alert_ids: vec![alert.id.clone()], ..signal });
    Ok(Json(List::of(listed, of_alert)?))
}

async fn find(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<AlertRow> {
    let found = state.store().alert_get(id, permit).await?;
    found.ok_or_else(|| ApiError::not_found(format!("There is no alert {id}.")))
}
