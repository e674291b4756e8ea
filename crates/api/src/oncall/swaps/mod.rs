//! Swaps: asking to be stood in for, standing in, and taking over.

mod shape;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::id::{OverrideId, PersonId, ScheduleId, SwapId, derive};
use decurion_core::journal::StreamId;
use decurion_core::roster::{Ask, Command, Span as CoreSpan, Take, TakeOver};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::oncall::entries::{self, EntryQuery};
use crate::oncall::known;
use crate::oncall::who::{reason, whoever};
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::write::{IdempotencyHeader, Write};
use shape::{
    Swap, SwapAskRequest, SwapDeclineRequest, SwapStateQuery, SwapTakeRequest, SwapUndoRequest,
    SwapWithdrawRequest, TakeOverRequest,
};

pub(crate) use shape::{InReturn, SwapState};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(swap_list))
        .routes(routes!(swap_get))
        .routes(routes!(swap_ask))
        .routes(routes!(swap_take_over))
        .routes(routes!(swap_take))
        .routes(routes!(swap_decline))
        .routes(routes!(swap_withdraw))
        .routes(routes!(swap_undo))
}

/// Who asks to be stood in for, and who stands in, the newest first
#[utoipa::path(get, path = "/swaps", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(EntryQuery, SwapStateQuery, PageQuery), responses((status = 200, body = List<Swap>), ReadProblems))]
async fn swap_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<EntryQuery>,
    Query(wanted): Query<SwapStateQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Swap>>> {
    let filter = query.filter(wanted.state.map(SwapState::as_str));
    entries::list(&state, filter, &page, &reader.permit).await.map(Json)
}

/// A swap
#[utoipa::path(get, path = "/swaps/{id}", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`swp_…`")), responses((status = 200, body = Swap), ReadProblems))]
async fn swap_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<Swap>> {
    entries::get(&state, &id, &reader.permit).await.map(Json)
}

/// Ask to be stood in for
#[utoipa::path(post, path = "/schedules/{id}/swaps", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), IdempotencyHeader), request_body = SwapAskRequest,
    responses((status = 201, body = Swap), WriteProblems))]
async fn swap_ask(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<SwapAskRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let schedule = known(&state, &id)?;
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let person = whoever(body.person_id.as_deref(), &responder.visitor, "person_id")?;
        let id = new_id(&state, &schedule, &person);
        let ask = Ask {
            id: id.clone(),
            person,
            span: CoreSpan { start_us: body.start_us, end_us: body.end_us },
            people: body.people.iter().map(|id| PersonId::from(id.as_str())).collect(),
            in_return: body.in_return.map(InReturn::core),
            reason: reason(&body.reason),
        };
        done(&state, &responder, &schedule, Command::AskSwap(Box::new(ask)), &id).await
    };
    Ok((StatusCode::CREATED, state.once(key, work).await?))
}

/// Take a shift over, without anybody having asked
#[utoipa::path(post, path = "/schedules/{id}/take-over", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), IdempotencyHeader), request_body = TakeOverRequest,
    responses((status = 201, body = Swap), WriteProblems))]
async fn swap_take_over(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<TakeOverRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let schedule = known(&state, &id)?;
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let by = whoever(body.by_person_id.as_deref(), &responder.visitor, "by_person_id")?;
        let person = PersonId::from(body.person_id.as_str());
        let id = new_id(&state, &schedule, &person);
        let over = TakeOver {
            id: id.clone(),
            person,
            by,
            span: CoreSpan { start_us: body.start_us, end_us: body.end_us },
            reason: reason(&body.reason),
        };
        done(&state, &responder, &schedule, Command::TakeOver(Box::new(over)), &id).await
    };
    Ok((StatusCode::CREATED, state.once(key, work).await?))
}

/// Stand in, for all that is open or for a part of it
#[utoipa::path(post, path = "/swaps/{id}/take", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`swp_…`"), IdempotencyHeader), request_body = SwapTakeRequest,
    responses((status = 200, body = Swap), WriteProblems))]
async fn swap_take(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<SwapTakeRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let by = whoever(body.by_person_id.as_deref(), &responder.visitor, "by_person_id")?;
        let span = match (body.start_us, body.end_us) {
            (None, None) => None,
            (Some(start_us), Some(end_us)) => Some(CoreSpan { start_us, end_us }),
            (None, Some(_)) => return Err(ApiError::invalid("start_us", "a part has a start and an end")),
            (Some(_), None) => return Err(ApiError::invalid("end_us", "a part has a start and an end")),
        };
        let take = Take { id: SwapId::new(id.clone()), by, span };
        change(&state, &responder, &id, Command::TakeSwap(take)).await
    };
    state.once(key, work).await
}

/// Say no to being asked
#[utoipa::path(post, path = "/swaps/{id}/decline", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`swp_…`"), IdempotencyHeader), request_body = SwapDeclineRequest,
    responses((status = 200, body = Swap), WriteProblems))]
async fn swap_decline(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<SwapDeclineRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let person = whoever(body.person_id.as_deref(), &responder.visitor, "person_id")?;
        let swap = SwapId::new(id.clone());
        let command = Command::DeclineSwap { id: swap, person, reason: reason(&body.reason) };
        change(&state, &responder, &id, command).await
    };
    state.once(key, work).await
}

/// Ask no more; what was taken stays taken
#[utoipa::path(post, path = "/swaps/{id}/withdraw", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`swp_…`"), IdempotencyHeader), request_body = SwapWithdrawRequest,
    responses((status = 200, body = Swap), WriteProblems))]
async fn swap_withdraw(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<SwapWithdrawRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    let command = Command::WithdrawSwap { id: SwapId::new(id.clone()), reason: reason(&write.body.reason) };
    state.once(key, change(&state, &responder, &id, command)).await
}

/// Give back what was taken and has not begun
#[utoipa::path(post, path = "/swaps/{id}/undo", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`swp_…`"), IdempotencyHeader), request_body = SwapUndoRequest,
    responses((status = 200, body = Swap), WriteProblems))]
async fn swap_undo(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<SwapUndoRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    let part = write.body.part_id.as_deref().map(OverrideId::from);
    let swap = SwapId::new(id.clone());
    let command = Command::UndoSwap { id: swap, part, reason: reason(&write.body.reason) };
    state.once(key, change(&state, &responder, &id, command)).await
}

fn new_id(state: &ApiState, schedule: &ScheduleId, person: &PersonId) -> SwapId {
    let nonce = hex::encode(rand::random::<[u8; 8]>());
    SwapId::new(derive("swp", state.engine.now_us(), &[schedule.as_str(), person.as_str(), &nonce]))
}

/// Changes the swap of that id, on its schedule's stream.
async fn change(state: &ApiState, responder: &Responder, id: &str, command: Command) -> ApiResult<Swap> {
    let row = entries::row::<Swap>(state, id, &responder.permit).await?;
    let schedule = ScheduleId::from(row.schedule_id.as_deref().unwrap_or_default());
    done(state, responder, &schedule, command, &SwapId::from(id)).await
}

async fn done(
    state: &ApiState,
    responder: &Responder,
    schedule: &ScheduleId,
    command: Command,
    id: &SwapId,
) -> ApiResult<Swap> {
    state.engine.submit(&responder.permit, StreamId::schedule(schedule), command, None).await?;
    entries::get(state, id.as_str(), &responder.permit).await
}
