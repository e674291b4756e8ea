//! Who is on duty when.

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::incident::view::name;
use decurion_core::oncall::{self, Layer, Schedule, Shift as CoreShift};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::oncall::overrides::{ScheduleOverride, all_overrides};
use crate::oncall::span;
use crate::organisation::target_text;
use crate::params::Query;
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::Level;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(oncall_get))
}

/// Duties, levels by levels and schedule by schedule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OnCall {
    pub from_us: i64,
    pub to_us: i64,
    pub levels: Vec<OnCallLevel>,
    pub schedules: Vec<OnCallSchedule>,
    pub overrides: Vec<ScheduleOverride>,
}

/// Whom a level of a policy pages first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OnCallLevel {
    pub level: Level,
    pub policy: String,
    pub targets: Vec<String>,
}

/// A schedule and its shifts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OnCallSchedule {
    pub id: String,
    pub name: String,
    /// IANA name of its zone.
    pub zone: String,
    pub layers: Vec<String>,
    pub shifts: Vec<Shift>,
    /// What each layer alone would answer, without overrides; empty unless `layers` is asked for.
    pub layer_shifts: Vec<LayerShifts>,
}

/// A layer and the stretches in which it has somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LayerShifts {
    pub name: String,
    pub shifts: Vec<Shift>,
}

/// A stretch with one answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Shift {
    pub start_us: i64,
    pub end_us: i64,
    pub people: Vec<PersonName>,
    /// The names of the layers that decide, joined by ` + `.
    pub source: String,
    /// An override changed the answer.
    pub overridden: bool,
    /// Why nobody is on call; null when somebody is.
    pub nobody: Option<String>,
}

/// A person with their name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonName {
    pub person_id: String,
    pub name: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OnCallQuery {
    /// From the midnight before now unless given.
    from_us: Option<i64>,
    /// Four weeks after `from_us` unless given; at most 400 days after it.
    to_us: Option<i64>,
    /// Also what each layer alone would answer.
    #[serde(default)]
    layers: bool,
}

/// Who is on duty when, with overrides
#[utoipa::path(get, path = "/oncall", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(OnCallQuery), responses((status = 200, body = OnCall), ReadProblems))]
async fn oncall_get(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<OnCallQuery>,
) -> ApiResult<Json<OnCall>> {
    let (from, to) = span(&state, query.from_us, query.to_us)?;
    let config = state.engine.config();
    let overrides = all_overrides(&state, None, &reader.permit).await?;
    let computed = std::sync::Arc::clone(&config);
    let schedules = tokio::task::spawn_blocking(move || schedules(&computed, from, to, query.layers)).await;
    Ok(Json(OnCall {
        from_us: from.as_microsecond(),
        to_us: to.as_microsecond(),
        levels: levels(&config),
        schedules: schedules.map_err(|error| ApiError::internal(&error))?,
        overrides,
    }))
}

fn levels(config: &Config) -> Vec<OnCallLevel> {
    let of_policy = |policy: &std::sync::Arc<decurion_core::escalation::Policy>| {
        let name = policy.name.clone();
        let levels = policy.levels.iter().map(|(level, rules)| OnCallLevel {
            level: (*level).into(),
            policy: name.clone(),
            targets: rules
                .steps
                .first()
                .map(|step| step.page.iter().map(|target| target_text(target, config)).collect())
                .unwrap_or_default(),
        });
        levels.collect::<Vec<_>>()
    };
    config.policies.values().flat_map(of_policy).collect()
}

fn schedules(config: &Config, from: Timestamp, to: Timestamp, layers: bool) -> Vec<OnCallSchedule> {
    let of_schedule = |schedule: &Schedule| {
        let layer_shifts = if layers { by_layer(config, schedule, from, to) } else { Vec::new() };
        OnCallSchedule { layer_shifts, ..one(config, schedule, from, to) }
    };
    config.schedules.values().map(of_schedule).collect()
}

/// Each layer as if it stood alone: where it has nobody, the layers below show through.
fn by_layer(config: &Config, schedule: &Schedule, from: Timestamp, to: Timestamp) -> Vec<LayerShifts> {
    let alone = |layer: &Layer| {
        let only = Schedule { layers: vec![layer.clone()], ..schedule.clone() };
        let held = oncall::shifts(&only, &[], from, to).into_iter().filter(|found| !found.people.is_empty());
        LayerShifts { name: layer.name.clone(), shifts: held.map(|found| shift(config, found)).collect() }
    };
    schedule.layers.iter().map(alone).collect()
}

fn one(config: &Config, schedule: &Schedule, from: Timestamp, to: Timestamp) -> OnCallSchedule {
    let shifts = oncall::shifts(schedule, config.overrides_of(&schedule.id), from, to);
    OnCallSchedule {
        id: schedule.id.to_string(),
        name: schedule.name.clone(),
        zone: schedule.zone.clone(),
        layers: schedule.layers.iter().map(|layer| layer.name.clone()).collect(),
        shifts: shifts.into_iter().map(|found| shift(config, found)).collect(),
        layer_shifts: Vec::new(),
    }
}

fn shift(config: &Config, found: CoreShift) -> Shift {
    Shift {
        start_us: found.start.as_microsecond(),
        end_us: found.end.as_microsecond(),
        people: found
            .people
            .iter()
            .map(|id| PersonName { person_id: id.to_string(), name: name(config, id) })
            .collect(),
        source: found.layer,
        overridden: found.overridden,
        nobody: found.nobody.map(|reason| reason.to_string()),
    }
}
