//! Silences: which alerts page nobody for a while, and what they hold back.

mod preview;
mod shape;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::Permit;
use decurion_core::id::{SilenceId, derive};
use decurion_core::journal::StreamId;
use decurion_core::silence::{Command, Silence as CoreSilence};
use decurion_engine::roster::ENTERED;
use decurion_engine::silences::SILENCE;
use decurion_store::{AlertFilter, AlertStatus, RosterEntryFilter, RosterEntryRow, Window};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::incident::EmptyRequest;
use crate::oncall::{author, reason};
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::write::{IdempotencyHeader, Write};
use shape::{Silence, SilenceRequest, core_matchers, core_repeat, silence_of};

/// Held alerts that are counted for the list of silences.
const MOST_HELD: u32 = 5_000;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(silence_list, silence_add))
        .routes(routes!(silence_get, silence_expire))
        .merge(preview::routes())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SilenceQuery {
    /// With those that are over.
    #[serde(default)]
    over: bool,
}

/// Silences, the newest first
#[utoipa::path(get, path = "/silences", tag = "silence", security(("bearer" = []), ("cookie" = [])),
    params(SilenceQuery, PageQuery), responses((status = 200, body = List<Silence>), ReadProblems))]
async fn silence_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<SilenceQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Silence>>> {
    let holding = || RosterEntryFilter {
        states: vec![ENTERED.to_owned()],
        from_us: Some(state.engine.now_us()),
        ..RosterEntryFilter::default()
    };
    let filter = if query.over { RosterEntryFilter::default() } else { holding() };
    let filter = RosterEntryFilter { kind: SILENCE.to_owned(), ..filter };
    let listed = state.store().roster_entry_list(&filter, &page.window()?, &reader.permit).await?;
    let held = held(&state, &reader.permit).await?;
    Ok(Json(List::of(listed, |row| silence_of(&state, &row, &held))?))
}

/// How many alerts each silence holds back now.
async fn held(state: &ApiState, permit: &Permit) -> ApiResult<BTreeMap<String, i64>> {
    let filter = AlertFilter { status: AlertStatus::Open, suppressed: true, ..AlertFilter::default() };
    let listed = state.store().alert_list(&filter, &Window::first(MOST_HELD), permit).await?;
    let mut held = BTreeMap::new();
    for silence in listed.rows.into_iter().filter_map(|row| row.suppressed_by) {
        *held.entry(silence).or_default() += 1;
    }
    Ok(held)
}

/// A silence
#[utoipa::path(get, path = "/silences/{id}", tag = "silence", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`sil_…`")),
    responses((status = 200, body = Silence), ReadProblems))]
async fn silence_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<Silence>> {
    one(&state, &id, &reader.permit).await.map(Json)
}

async fn one(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<Silence> {
    let row = find(state, id, permit).await?;
    silence_of(state, &row, &held(state, permit).await?)
}

async fn find(state: &ApiState, id: &str, permit: &Permit) -> ApiResult<RosterEntryRow> {
    let row = state.store().roster_entry_get(id, permit).await?;
    let unknown = || ApiError::not_found(format!("There is no silence {id}."));
    row.filter(|row| row.kind == SILENCE).ok_or_else(unknown)
}

/// Silence alerts for a while: those that match open no incident, until it ends
#[utoipa::path(post, path = "/silences", tag = "silence", security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = SilenceRequest,
    responses((status = 201, body = Silence), WriteProblems))]
async fn silence_add(
    State(state): State<ApiState>,
    responder: Responder,
    write: Write<SilenceRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let nonce = hex::encode(rand::random::<[u8; 8]>());
        let now_us = state.engine.now_us();
        let id = SilenceId::new(derive("sil", now_us, &[&nonce]));
        let silence = CoreSilence {
            id: id.clone(),
            matchers: core_matchers(body.matchers)?,
            start_us: body.start_us.unwrap_or(now_us),
            end_us: body.end_us,
            repeat: core_repeat(body.repeat, &state.engine.config())?,
            author: author(&responder.visitor),
            reason: reason(&body.reason),
            said_by: None,
        };
        let command = Command::Add(Box::new(silence));
        state.engine.submit(&responder.permit, StreamId::silence(&id), command, None).await?;
        one(&state, id.as_str(), &responder.permit).await
    };
    Ok((StatusCode::CREATED, state.replays.once(key, work).await?))
}

/// End a silence now: what it holds back is raised
#[utoipa::path(delete, path = "/silences/{id}", tag = "silence", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`sil_…`"), IdempotencyHeader),
    responses((status = 204, description = "Ended"), WriteProblems))]
async fn silence_expire(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<StatusCode> {
    let key = write.idempotency(&responder.visitor);
    let work = async {
        find(&state, &id, &responder.permit).await?;
        let command = Command::Expire { by: author(&responder.visitor) };
        let stream = StreamId::silence(&SilenceId::from(id.as_str()));
        state.engine.submit(&responder.permit, stream, command, None).await?;
        Ok(())
    };
    let _ = state.replays.once(key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}
