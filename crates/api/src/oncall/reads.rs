//! Who is on duty when.

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::id::PersonId;
use decurion_core::incident::view::name;
use decurion_core::oncall::{self, Holiday, Holidays, Schedule, Shift as CoreShift};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
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
    /// The holidays of every calendar, about the span.
    pub holidays: Vec<HolidayDay>,
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
    /// What whoever is on call must be certified for.
    pub requires: Vec<String>,
    pub shifts: Vec<Shift>,
    /// What each layer alone would answer, without overrides: those of people who learn, and all of them when
    /// `layers` is asked for.
    pub layer_shifts: Vec<LayerShifts>,
    /// When rosters that were written for later take over.
    pub cut_overs: Vec<CutOver>,
}

/// When a roster version of a schedule takes over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CutOver {
    /// From when it is wanted.
    pub wanted_us: i64,
    /// When the layers before it let go.
    pub at_us: i64,
}

/// A day that is free somewhere.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HolidayDay {
    /// `2026-12-25`
    pub date: String,
    pub name: String,
    /// The name of the calendar that has it.
    pub calendar: String,
}

/// A layer and the stretches in which it has somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LayerShifts {
    pub name: String,
    /// Its people learn: they are told and never counted.
    pub shadow: bool,
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

impl PersonName {
    pub(super) fn of(config: &Config, person: &PersonId) -> Self {
        Self { person_id: person.to_string(), name: name(config, person) }
    }

    /// Several, in their order.
    pub(super) fn all<'p>(config: &Config, people: impl IntoIterator<Item = &'p PersonId>) -> Vec<Self> {
        people.into_iter().map(|person| Self::of(config, person)).collect()
    }
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
        holidays: holidays(&config, from, to),
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
        let mut found = oncall::layer_shifts(schedule, from, to);
        found.retain(|layer| layers || layer.shadow);
        OnCallSchedule { layer_shifts: by_layer(config, &found), ..one(config, schedule, from, to) }
    };
    config.schedules.values().map(of_schedule).collect()
}

/// Each layer by itself: where it has nobody, the layers below show through.
fn by_layer(config: &Config, found: &[oncall::LayerShifts]) -> Vec<LayerShifts> {
    let of_layer = |layer: &oncall::LayerShifts| {
        let held = layer.shifts.iter().filter(|found| !found.people.is_empty());
        let shifts = held.map(|found| shift(config, found.clone())).collect();
        LayerShifts { name: layer.layer.clone(), shadow: layer.shadow, shifts }
    };
    found.iter().map(of_layer).collect()
}

fn holidays(config: &Config, from: Timestamp, to: Timestamp) -> Vec<HolidayDay> {
    // Dates have no zone: a day more on both sides is on the calendar somewhere.
    let date = |at: Timestamp, days: i64| at.to_zoned(TimeZone::UTC).date().saturating_add(days.days());
    let (first, last) = (date(from, -1), date(to, 1));
    let of_calendar = |calendar: &Holidays| {
        let days = calendar.days.iter().filter(|day| first <= day.date && day.date <= last);
        let day = |day: &Holiday| HolidayDay {
            date: day.date.to_string(),
            name: day.name.clone(),
            calendar: calendar.name.clone(),
        };
        days.map(day).collect::<Vec<_>>()
    };
    config.holidays.values().flat_map(of_calendar).collect()
}

fn one(config: &Config, schedule: &Schedule, from: Timestamp, to: Timestamp) -> OnCallSchedule {
    let shifts = oncall::shifts(schedule, config.overrides_of(&schedule.id), from, to);
    OnCallSchedule {
        id: schedule.id.to_string(),
        name: schedule.name.clone(),
        zone: schedule.zone.clone(),
        layers: schedule.layers.iter().map(|layer| layer.name.clone()).collect(),
        requires: schedule.requires.clone(),
        shifts: shifts.into_iter().map(|found| shift(config, found)).collect(),
        layer_shifts: Vec::new(),
        cut_overs: oncall::cut_overs(schedule).iter().filter(|next| next.holds).map(cut_over).collect(),
    }
}

fn cut_over(next: &oncall::CutOver) -> CutOver {
    CutOver { wanted_us: next.wanted.as_microsecond(), at_us: next.at.as_microsecond() }
}

fn shift(config: &Config, found: CoreShift) -> Shift {
    Shift {
        start_us: found.start.as_microsecond(),
        end_us: found.end.as_microsecond(),
        people: PersonName::all(config, &found.people),
        source: found.layer,
        overridden: found.overridden,
        nobody: found.nobody.map(|reason| reason.to_string()),
    }
}
