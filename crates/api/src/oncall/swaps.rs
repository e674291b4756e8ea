//! Swaps: asking to be stood in for, standing in, and taking over.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::config::Config;
use decurion_core::id::{OverrideId, PersonId, ScheduleId, SwapId, derive};
use decurion_core::incident::view::name;
use decurion_core::journal::StreamId;
use decurion_core::roster::{
    Ask, Command, InReturn as CoreInReturn, Span as CoreSpan, Swap as CoreSwap, Take, TakeOver,
};
use decurion_engine::roster::SWAP;
use decurion_store::{RosterEntryFilter, RosterEntryRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder, Visitor};
use crate::oncall::known;
use crate::oncall::reads::PersonName;
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::{json, word};
use crate::write::{IdempotencyHeader, Write};

/// The longest reason that is kept, in characters; a longer one is cut.
const MOST_REASON: usize = 1_000;

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

/// A stretch of time, `[start_us, end_us)`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub start_us: i64,
    pub end_us: i64,
}

/// The other half of a trade.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InReturn {
    /// The schedule of the swap unless given.
    pub schedule_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
}

impl InReturn {
    pub(crate) fn core(self) -> CoreInReturn {
        let span = CoreSpan { start_us: self.start_us, end_us: self.end_us };
        CoreInReturn { schedule: self.schedule_id.as_deref().map(ScheduleId::from), span }
    }
}

/// Where a swap stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SwapState {
    /// All of it or a part of it can be taken.
    Open,
    /// Somebody stands in for all of it.
    Taken,
    Withdrawn,
    /// It began, and nobody stood in for all of it.
    Expired,
}

/// A wish to be stood in for, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Swap {
    pub id: String,
    pub schedule_id: String,
    /// Whose shift it is.
    pub person_id: String,
    pub name: String,
    pub state: SwapState,
    pub start_us: i64,
    pub end_us: i64,
    /// What nobody has taken and still can.
    pub open: Vec<Span>,
    pub taken: Vec<SwapPart>,
    /// What began before anybody took it.
    pub expired: Vec<Span>,
    pub asked: Vec<PersonName>,
    pub declined: Vec<PersonName>,
    /// Whoever takes turns on the schedule may take it.
    pub everybody: bool,
    /// The shift that the person takes in return: a trade. Its schedule is always named.
    pub in_return: Option<InReturn>,
    pub reason: String,
    /// `person:…`, `account:…`, or `system` because of an absence.
    pub asked_by: String,
    pub absence_id: Option<String>,
    /// Nobody was asked: somebody took the shift over.
    pub take_over: bool,
    pub asked_us: i64,
    pub changed_us: i64,
}

/// A part that somebody stands in for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SwapPart {
    /// The override that makes it so; names the part when it is given back.
    pub part_id: String,
    pub by_person_id: String,
    pub by_name: String,
    pub start_us: i64,
    pub end_us: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SwapQuery {
    schedule_id: Option<String>,
    /// Only shifts of this person.
    person_id: Option<String>,
    state: Option<SwapState>,
    /// Only what ends after this.
    from_us: Option<i64>,
    /// Only what starts before this.
    to_us: Option<i64>,
}

/// A wish to be stood in for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapAskRequest {
    /// Whose shift; one's own unless given. Those who run the roster ask for others.
    pub person_id: Option<String>,
    /// What has begun by now is left out.
    pub start_us: i64,
    pub end_us: i64,
    /// Who is asked; everybody who takes turns on the schedule unless given.
    #[serde(default)]
    pub people: Vec<String>,
    /// A shift of whoever is asked that the person takes in return, on this schedule or another one.
    pub in_return: Option<InReturn>,
    #[serde(default)]
    pub reason: String,
}

/// A shift that somebody takes over, without anybody having asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeOverRequest {
    /// Whose shift.
    pub person_id: String,
    /// Who takes it; oneself unless given.
    pub by_person_id: Option<String>,
    pub start_us: i64,
    pub end_us: i64,
    #[serde(default)]
    pub reason: String,
}

/// Standing in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapTakeRequest {
    /// Who stands in; oneself unless given.
    pub by_person_id: Option<String>,
    /// For a part; all that is open unless given.
    pub start_us: Option<i64>,
    pub end_us: Option<i64>,
}

/// Saying no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapDeclineRequest {
    /// Who says no; oneself unless given.
    pub person_id: Option<String>,
    #[serde(default)]
    pub reason: String,
}

/// Asking no more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapWithdrawRequest {
    #[serde(default)]
    pub reason: String,
}

/// Giving back what was taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwapUndoRequest {
    /// One part; everything that has not begun unless given.
    pub part_id: Option<String>,
    #[serde(default)]
    pub reason: String,
}

/// Who asks to be stood in for, and who stands in, the newest first
#[utoipa::path(get, path = "/swaps", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(SwapQuery, PageQuery), responses((status = 200, body = List<Swap>), ReadProblems))]
async fn swap_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<SwapQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Swap>>> {
    let states = query.state.map(|state| state_word(state).to_owned()).into_iter().collect();
    let filter = RosterEntryFilter {
        kind: SWAP.to_owned(),
        schedule_id: query.schedule_id,
        person_id: query.person_id,
        states,
        from_us: query.from_us,
        to_us: query.to_us,
    };
    let listed = state.store().roster_entry_list(&filter, &page.window()?, &reader.permit).await?;
    let config = state.engine.config();
    List::of(listed, |row| of_row(&row, &config)).map(Json)
}

/// A swap
#[utoipa::path(get, path = "/swaps/{id}", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`swp_…`")), responses((status = 200, body = Swap), ReadProblems))]
async fn swap_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<Swap>> {
    let row = row(&state, &id, &reader.permit).await?;
    of_row(&row, &state.engine.config()).map(Json)
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
    Ok((StatusCode::CREATED, state.replays.once(key, work).await?))
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
    Ok((StatusCode::CREATED, state.replays.once(key, work).await?))
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
    state.replays.once(key, work).await
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
    state.replays.once(key, work).await
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
    state.replays.once(key, change(&state, &responder, &id, command)).await
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
    state.replays.once(key, change(&state, &responder, &id, command)).await
}

/// The one who is named, or the one who asks.
pub(super) fn whoever(named: Option<&str>, visitor: &Visitor, field: &'static str) -> ApiResult<PersonId> {
    let own = || visitor.person.clone();
    named
        .map(PersonId::from)
        .or_else(own)
        .ok_or_else(|| ApiError::invalid(field, "say who: this account is nobody in the organisation"))
}

pub(super) fn reason(text: &str) -> String {
    text.trim().chars().take(MOST_REASON).collect()
}

const fn span(span: CoreSpan) -> Span {
    Span { start_us: span.start_us, end_us: span.end_us }
}

fn new_id(state: &ApiState, schedule: &ScheduleId, person: &PersonId) -> SwapId {
    let nonce = hex::encode(rand::random::<[u8; 8]>());
    SwapId::new(derive("swp", state.engine.now_us(), &[schedule.as_str(), person.as_str(), &nonce]))
}

/// The word of a state, as the store keeps it.
const fn state_word(state: SwapState) -> &'static str {
    match state {
        SwapState::Open => "open",
        SwapState::Taken => "taken",
        SwapState::Withdrawn => "withdrawn",
        SwapState::Expired => "expired",
    }
}

async fn row(
    state: &ApiState,
    id: &str,
    permit: &decurion_core::access::Permit,
) -> ApiResult<RosterEntryRow> {
    let row = state.store().roster_entry_get(id, permit).await?;
    row.filter(|row| row.kind == SWAP).ok_or_else(|| ApiError::not_found(format!("There is no swap {id}.")))
}

/// Changes the swap of that id, on its schedule's stream.
async fn change(state: &ApiState, responder: &Responder, id: &str, command: Command) -> ApiResult<Swap> {
    let row = row(state, id, &responder.permit).await?;
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
    let row = row(state, id.as_str(), &responder.permit).await?;
    of_row(&row, &state.engine.config())
}

pub(super) fn of_row(row: &RosterEntryRow, config: &Config) -> ApiResult<Swap> {
    let swap: CoreSwap = json(&row.body_json)?;
    let named = |people: &[PersonId]| {
        people.iter().map(|id| PersonName { person_id: id.to_string(), name: name(config, id) }).collect()
    };
    let in_return = swap.in_return.map(|other| InReturn {
        schedule_id: Some(other.schedule.unwrap_or_else(|| swap.schedule.clone()).to_string()),
        start_us: other.span.start_us,
        end_us: other.span.end_us,
    });
    Ok(Swap {
        state: word(swap.state.as_str())?,
        name: name(config, &swap.person),
        start_us: swap.span.start_us,
        end_us: swap.span.end_us,
        open: swap.open.into_iter().map(span).collect(),
        taken: swap
            .taken
            .iter()
            .map(|taken| SwapPart {
                part_id: taken.part.to_string(),
                by_person_id: taken.by.to_string(),
                by_name: name(config, &taken.by),
                start_us: taken.span.start_us,
                end_us: taken.span.end_us,
            })
            .collect(),
        expired: swap.expired.into_iter().map(span).collect(),
        asked: named(&swap.asked),
        declined: named(&swap.declined),
        everybody: swap.everybody,
        in_return,
        reason: swap.reason,
        asked_by: swap.actor,
        absence_id: swap.absence.map(|id| id.to_string()),
        take_over: swap.take_over,
        asked_us: swap.asked_us,
        changed_us: swap.changed_us,
        id: swap.id.to_string(),
        schedule_id: swap.schedule.to_string(),
        person_id: swap.person.to_string(),
    })
}
