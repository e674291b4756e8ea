//! Overrides: changes of a schedule for a while.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::Permit;
use decurion_core::id::{OverrideId, PersonId, ScheduleId, derive};
use decurion_core::oncall::{Change, Override};
use decurion_store::OverrideRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::incident::EmptyRequest;
use crate::oncall::who::{author, reason};
use crate::oncall::{instant, known};
use crate::params::{List, Path};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::json;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(override_list, override_add)).routes(routes!(override_remove))
}

/// A change of a schedule for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Override)]
pub(crate) struct ScheduleOverride {
    pub id: String,
    pub schedule_id: String,
    pub kind: OverrideKind,
    /// Who joins, leaves, or is replaced.
    pub person_id: Option<String>,
    /// Who comes instead.
    pub by_person_id: Option<String>,
    /// Exactly these, for `fixed`.
    pub people: Vec<String>,
    pub start_us: i64,
    pub end_us: i64,
    pub reason: String,
    pub author: String,
    pub created_us: i64,
}

/// What an override does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OverrideKind {
    /// One person more.
    Add,
    /// One person less.
    Remove,
    /// Somebody takes the place of a person.
    Replace,
    /// Exactly these people.
    Fixed,
}

/// A change of a schedule to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverrideRequest {
    pub kind: OverrideKind,
    /// For `add`, `remove`, `replace`.
    pub person_id: Option<String>,
    /// For `replace`.
    pub by_person_id: Option<String>,
    /// For `fixed`. None means deliberately nobody.
    #[serde(default)]
    pub people: Vec<String>,
    pub start_us: i64,
    pub end_us: i64,
    #[serde(default)]
    pub reason: String,
}

/// The overrides of a schedule, in the order of entry
#[utoipa::path(get, path = "/schedules/{id}/overrides", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule")),
    responses((status = 200, body = List<ScheduleOverride>), ReadProblems))]
async fn override_list(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<List<ScheduleOverride>>> {
    let schedule = known(&state, &id)?;
    Ok(Json(List::whole(all_overrides(&state, Some(schedule.as_str()), &reader.permit).await?)))
}

/// Enter an override
#[utoipa::path(post, path = "/schedules/{id}/overrides", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), IdempotencyHeader), request_body = OverrideRequest,
    responses((status = 201, body = ScheduleOverride), WriteProblems))]
async fn override_add(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<OverrideRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let schedule = known(&state, &id)?;
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let entry = entry(schedule, &write.body, author(&responder.visitor), state.engine.now_us())?;
        let id = entry.id.clone();
        state.engine.override_add(&responder.permit, entry).await?;
        let rows = all_overrides(&state, None, &responder.permit).await?;
        let entered = rows.into_iter().find(|row| row.id == id.as_str());
        entered.ok_or_else(|| ApiError::internal(&"an override is gone right after it was entered"))
    };
    Ok((StatusCode::CREATED, state.once(key, work).await?))
}

/// Take an override back
#[utoipa::path(delete, path = "/schedules/{id}/overrides/{override_id}", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), ("override_id" = String, Path, description = "`ovr_…`"),
        IdempotencyHeader),
    responses((status = 204, description = "Taken back"), WriteProblems))]
async fn override_remove(
    State(state): State<ApiState>,
    responder: Responder,
    Path((id, override_id)): Path<(String, String)>,
    write: Write<EmptyRequest>,
) -> ApiResult<StatusCode> {
    let schedule = known(&state, &id)?;
    let id = OverrideId::new(override_id);
    let key = write.idempotency(&responder.visitor);
    let work = async { Ok(state.engine.override_remove(&responder.permit, &schedule, &id).await?) };
    let _ = state.once(key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn entry(
    schedule: ScheduleId,
    asked: &OverrideRequest,
    author: PersonId,
    now_us: i64,
) -> ApiResult<Override> {
    let (start, end) = (instant("start_us", asked.start_us)?, instant("end_us", asked.end_us)?);
    let nonce = hex::encode(rand::random::<[u8; 8]>());
    let id = OverrideId::new(derive("ovr", now_us, &[schedule.as_str(), author.as_str(), &nonce]));
    let reason = reason(&asked.reason);
    let change = change(asked)?;
    Ok(Override { id, schedule, start, end, change, priority: 0, author, reason })
}

fn change(asked: &OverrideRequest) -> ApiResult<Change> {
    let needed = |field: &'static str, value: &Option<String>| {
        value.as_deref().map(PersonId::from).ok_or_else(|| ApiError::invalid(field, "say who"))
    };
    Ok(match asked.kind {
        OverrideKind::Add => Change::Add { person: needed("person_id", &asked.person_id)? },
        OverrideKind::Remove => Change::Remove { person: needed("person_id", &asked.person_id)? },
        OverrideKind::Replace => Change::Replace {
            person: needed("person_id", &asked.person_id)?,
            by: needed("by_person_id", &asked.by_person_id)?,
        },
        OverrideKind::Fixed => {
            Change::Fixed { people: asked.people.iter().map(|id| PersonId::from(id.as_str())).collect() }
        }
    })
}

/// The overrides of one schedule or of all.
pub(super) async fn all_overrides(
    state: &ApiState,
    schedule: Option<&str>,
    permit: &Permit,
) -> ApiResult<Vec<ScheduleOverride>> {
    let rows = state.store().override_list(schedule, permit).await?;
    rows.into_iter().map(of_row).collect()
}

fn of_row(row: OverrideRow) -> ApiResult<ScheduleOverride> {
    let entry: Override = json(&row.body_json)?;
    let (kind, person, by, people) = match entry.change {
        Change::Add { person } => (OverrideKind::Add, Some(person), None, Vec::new()),
        Change::Remove { person } => (OverrideKind::Remove, Some(person), None, Vec::new()),
        Change::Replace { person, by } => (OverrideKind::Replace, Some(person), Some(by), Vec::new()),
        Change::Fixed { people } => (OverrideKind::Fixed, None, None, people),
    };
    let text = |id: Option<PersonId>| id.map(|id| id.to_string());
    Ok(ScheduleOverride {
        id: row.id,
        schedule_id: row.schedule_id,
        kind,
        person_id: text(person),
        by_person_id: text(by),
        people: people.iter().map(ToString::to_string).collect(),
        start_us: entry.start.as_microsecond(),
        end_us: entry.end.as_microsecond(),
        reason: entry.reason,
        author: entry.author.to_string(),
        created_us: row.created_us,
    })
}
