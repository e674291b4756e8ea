//! Reading incidents.

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_store::{IncidentFilter, IncidentRow};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert::{Alert, alert_of};
use crate::gate::Reader;
use crate::incident::Incident;
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(incident_list))
        .routes(routes!(incident_get))
        .routes(routes!(incident_alerts))
}

/// Which incidents.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IncidentSelection {
    /// Not resolved, the next deadline first.
    #[default]
    Open,
    /// Resolved, the newest first.
    Resolved,
    /// Every one, the newest first.
    All,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncidentQuery {
    /// `open`, the next deadline first, unless given; the others the newest first.
    #[param(inline)]
    status: Option<IncidentSelection>,
}

/// Incidents, open ones with the next deadline first
#[utoipa::path(get, path = "/incidents", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(IncidentQuery, PageQuery), responses((status = 200, body = List<Incident>), ReadProblems))]
async fn incident_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<IncidentQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Incident>>> {
    let filter = match query.status.unwrap_or_default() {
        IncidentSelection::Open => IncidentFilter::Open,
        IncidentSelection::Resolved => IncidentFilter::Status("resolved".to_owned()),
        IncidentSelection::All => IncidentFilter::All,
    };
    let listed = state.store().incident_list(&filter, &page.window()?, &reader.permit).await?;
    Ok(Json(List::of(listed, Incident::of)?))
}

/// One incident
#[utoipa::path(get, path = "/incidents/{ref}", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(("ref" = String, Path, description = "`inc_…` or `INC-42`")),
    responses((status = 200, body = Incident), ReadProblems))]
async fn incident_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(reference): Path<String>,
) -> ApiResult<Json<Incident>> {
    Ok(Json(Incident::of(find(&state, &reference, &reader.permit).await?)?))
}

/// The alerts of an incident, newest first
#[utoipa::path(get, path = "/incidents/{ref}/alerts", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(("ref" = String, Path, description = "`inc_…` or `INC-42`"), PageQuery),
    responses((status = 200, body = List<Alert>), ReadProblems))]
async fn incident_alerts(
    State(state): State<ApiState>,
    reader: Reader,
    Path(reference): Path<String>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Alert>>> {
    let incident = find(&state, &reference, &reader.permit).await?;
    let filter = decurion_store::AlertFilter { incident_id: Some(incident.id.clone()), ..Default::default() };
    let listed = state.store().alert_list(&filter, &page.window()?, &reader.permit).await?;
    let config = state.engine.config();
    Ok(Json(List::of(listed, |row| alert_of(row, &config, Some(incident.number), state.engine.now_us()))?))
}

/// The incident of an id (`inc_…`) or of a number (`INC-42`, `42`).
pub(crate) async fn find(state: &ApiState, reference: &str, permit: &Permit) -> ApiResult<IncidentRow> {
    let found = state.store().incident_get(reference, permit).await?;
    found.ok_or_else(|| ApiError::not_found(format!("There is no incident {reference}.")))
}
