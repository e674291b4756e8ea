//! Absences: who is away when, and who is looked for in their place.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::Permit;
use decurion_core::id::{AbsenceId, PersonId, derive};
use decurion_core::incident::view::name;
use decurion_core::journal::StreamId;
use decurion_core::roster::{Absence as CoreAbsence, Command, Swap as CoreSwap};
use decurion_engine::roster::{ABSENCE, REMOVED, SWAP};
use decurion_store::{RosterEntryFilter, RosterEntryRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::incident::EmptyRequest;
use crate::oncall::entries::{self, Kind};
use crate::oncall::instant;
use crate::oncall::swaps::SwapState;
use crate::oncall::who::{author, reason, whoever};
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::{json, word};
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(absence_list, absence_add)).routes(routes!(absence_remove))
}

/// A time for which somebody is away.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Absence {
    pub id: String,
    pub person_id: String,
    pub name: String,
    pub state: AbsenceState,
    pub start_us: i64,
    pub end_us: i64,
    pub reason: String,
    /// Who entered it.
    pub author: String,
    pub created_us: i64,
    /// Whether somebody stands in for each shift that falls into it, in the order of their starts.
    pub covers: Vec<Cover>,
}

impl Kind for Absence {
    const KIND: &'static str = ABSENCE;
    const WHAT: &'static str = "absence";
}

/// Where an absence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AbsenceState {
    Upcoming,
    Current,
    Past,
    /// It was taken back.
    Removed,
}

/// A shift within an absence that somebody is looked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Cover {
    pub swap_id: String,
    pub schedule_id: String,
    pub state: SwapState,
    pub start_us: i64,
    pub end_us: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AbsenceQuery {
    person_id: Option<String>,
    /// Only what ends after this; now unless given.
    from_us: Option<i64>,
    /// Only what starts before this.
    to_us: Option<i64>,
    /// With those that were taken back.
    #[serde(default)]
    removed: bool,
}

/// A time for which somebody will be away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbsenceRequest {
    /// Who; oneself unless given. Those who run the roster enter absences of others.
    pub person_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
    #[serde(default)]
    pub reason: String,
}

/// Who is away when
#[utoipa::path(get, path = "/absences", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(AbsenceQuery, PageQuery), responses((status = 200, body = List<Absence>), ReadProblems))]
async fn absence_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<AbsenceQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Absence>>> {
    let states = if query.removed { Vec::new() } else { vec![decurion_engine::roster::ENTERED.to_owned()] };
    let filter = RosterEntryFilter {
        person_id: query.person_id,
        states,
        from_us: Some(query.from_us.unwrap_or_else(|| state.engine.now_us())),
        to_us: query.to_us,
        ..RosterEntryFilter::default()
    };
    let listed = entries::rows::<Absence>(&state, filter, &page, &reader.permit).await?;
    let swaps = covers(&state, &listed.rows, &reader.permit).await?;
    List::of(listed, |row| of_row(&state, &row, &swaps)).map(Json)
}

/// Enter an absence: deputies stand in, and cover is asked for
#[utoipa::path(post, path = "/absences", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = AbsenceRequest,
    responses((status = 201, body = Absence), WriteProblems))]
async fn absence_add(
    State(state): State<ApiState>,
    responder: Responder,
    write: Write<AbsenceRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let person = whoever(body.person_id.as_deref(), &responder.visitor, "person_id")?;
        let nonce = hex::encode(rand::random::<[u8; 8]>());
        let absence = CoreAbsence {
            id: AbsenceId::new(derive("abs", state.engine.now_us(), &[person.as_str(), &nonce])),
            start: instant("start_us", body.start_us)?,
            end: instant("end_us", body.end_us)?,
            reason: reason(&body.reason),
            author: author(&responder.visitor),
            person,
        };
        let (stream, id) = (StreamId::person(&absence.person), absence.id.clone());
        let command = Command::AddAbsence(Box::new(absence));
        state.engine.submit(&responder.permit, stream, command, None).await?;
        let row = entries::row::<Absence>(&state, id.as_str(), &responder.permit).await?;
        let swaps = covers(&state, std::slice::from_ref(&row), &responder.permit).await?;
        of_row(&state, &row, &swaps)
    };
    Ok((StatusCode::CREATED, state.once(key, work).await?))
}

/// Take an absence back: what is still asked because of it is asked no more
#[utoipa::path(delete, path = "/absences/{id}", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`abs_…`"), IdempotencyHeader),
    responses((status = 204, description = "Taken back"), WriteProblems))]
async fn absence_remove(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<StatusCode> {
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let row = entries::row::<Absence>(&state, &id, &responder.permit).await?;
        let stream = StreamId::person(&PersonId::from(row.person_id.as_deref().unwrap_or_default()));
        let command = Command::RemoveAbsence { id: AbsenceId::from(id.as_str()) };
        state.engine.submit(&responder.permit, stream, command, None).await?;
        Ok(())
    };
    let _ = state.once(key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The swaps over the whole time of some absences.
async fn covers(state: &ApiState, rows: &[RosterEntryRow], permit: &Permit) -> ApiResult<Vec<CoreSwap>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let filter = RosterEntryFilter {
        kind: SWAP.to_owned(),
        from_us: rows.iter().filter_map(|row| row.start_us).min(),
        to_us: rows.iter().filter_map(|row| row.end_us).max(),
        ..RosterEntryFilter::default()
    };
    let swaps = state.store().roster_entry_all(&filter, permit).await?;
    let mut swaps: Vec<CoreSwap> = swaps.iter().map(|row| json(&row.body_json)).collect::<ApiResult<_>>()?;
    swaps.sort_by_key(|swap| swap.span);
    Ok(swaps)
}

fn of_row(state: &ApiState, row: &RosterEntryRow, swaps: &[CoreSwap]) -> ApiResult<Absence> {
    let absence: CoreAbsence = json(&row.body_json)?;
    let (span, now_us) = (absence.span(), state.engine.now_us());
    let within = swaps.iter().filter(|swap| swap.person == absence.person && swap.span.meets(span));
    let covers = within.map(|swap| {
        Ok(Cover {
            swap_id: swap.id.to_string(),
            schedule_id: swap.schedule.to_string(),
            state: word(swap.state.as_str())?,
            start_us: swap.span.start_us,
            end_us: swap.span.end_us,
        })
    });
    let stands = match row.state.as_str() {
        REMOVED => AbsenceState::Removed,
        _ if span.end_us <= now_us => AbsenceState::Past,
        _ if span.start_us <= now_us => AbsenceState::Current,
        _ => AbsenceState::Upcoming,
    };
    Ok(Absence {
        covers: covers.collect::<ApiResult<_>>()?,
        id: row.id.clone(),
        name: name(&state.engine.config(), &absence.person),
        person_id: absence.person.to_string(),
        state: stands,
        start_us: span.start_us,
        end_us: span.end_us,
        reason: absence.reason,
        author: absence.author.to_string(),
        created_us: row.created_us,
    })
}
