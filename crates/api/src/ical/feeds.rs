//! The operations on calendar feeds. An address is shown once: only its digest is kept.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::AccountRole;
use decurion_core::ical::FeedOf;
use decurion_core::id::FeedId;
use decurion_core::incident::view::name;
use decurion_engine::{Feed as EngineFeed, NewFeed};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder, Visitor};
use crate::incident::EmptyRequest;
use crate::params::{List, Path};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(feed_list))
        .routes(routes!(feed_create_mine))
        .routes(routes!(feed_create_schedule))
        .routes(routes!(feed_replace))
        .routes(routes!(feed_revoke))
}

/// A calendar feed, without its address.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Feed)]
pub(crate) struct FeedView {
    /// `fed_…`.
    pub id: String,
    /// Whose shifts it shows, where it shows a person's.
    pub person_id: Option<String>,
    /// Which schedule it shows, where it shows one.
    pub schedule_id: Option<String>,
    /// The name of the person or of the schedule.
    pub name: String,
    /// It was made by the account that asks.
    pub own: bool,
    pub created_us: i64,
}

/// A calendar feed that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FeedCreated {
    pub feed: FeedView,
    /// The address to subscribe to. Whoever knows it sees the shifts; it is not shown again.
    pub url: String,
}

/// Calendar feeds: one's own, and for administrators everybody's
#[utoipa::path(get, path = "/feeds", tag = "feeds", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<FeedView>), ReadProblems))]
async fn feed_list(State(state): State<ApiState>, reader: Reader) -> ApiResult<Json<List<FeedView>>> {
    let feeds = state.engine.feed_list(&reader.permit).await?;
    let seen = feeds.into_iter().filter(|feed| may_see(&reader.visitor, feed));
    Ok(Json(List::whole(seen.map(|feed| view(&state, &reader.visitor, &feed)).collect())))
}

/// Make a calendar feed of one's own shifts
#[utoipa::path(post, path = "/me/feeds", tag = "feeds", security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 201, body = FeedCreated), WriteProblems))]
async fn feed_create_mine(
    State(state): State<ApiState>,
    responder: Responder,
    write: Write<EmptyRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let nobody = "This account is nobody in the organisation, so it has no shifts. Ask an administrator to \
                  join it to a person.";
    let person = responder.visitor.person.clone().ok_or_else(|| ApiError::refused("no_person", nobody))?;
    create(&state, &responder, FeedOf::Person(person), &write).await
}

/// Make a calendar feed of a schedule
#[utoipa::path(post, path = "/schedules/{id}/feeds", tag = "feeds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 201, body = FeedCreated), WriteProblems))]
async fn feed_create_schedule(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    create(&state, &responder, FeedOf::Schedule(id.as_str().into()), &write).await
}

async fn create(
    state: &ApiState,
    responder: &Responder,
    of: FeedOf,
    write: &Write<EmptyRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let work = async {
        let made = state.engine.feed_create(&responder.permit, &responder.visitor.account, of).await?;
        Ok(with_url(state, &responder.visitor, &made))
    };
    let key = write.idempotency(&responder.visitor);
    Ok((StatusCode::CREATED, state.replays.once(key, work).await?))
}

/// Give a calendar feed a new address; the old one opens nothing any more
#[utoipa::path(post, path = "/feeds/{id}/replace", tag = "feeds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`fed_…`"), IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 201, body = FeedCreated), WriteProblems))]
async fn feed_replace(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let id = own(&state, &responder, &id).await?;
        let made = state.engine.feed_replace(&responder.permit, &id).await?;
        Ok(with_url(&state, &responder.visitor, &made))
    };
    Ok((StatusCode::CREATED, state.replays.once(key, work).await?))
}

/// Make a calendar feed's address open nothing any more
#[utoipa::path(delete, path = "/feeds/{id}", tag = "feeds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`fed_…`"), IdempotencyHeader),
    responses((status = 204, description = "Revoked"), WriteProblems))]
async fn feed_revoke(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<StatusCode> {
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let id = own(&state, &responder, &id).await?;
        Ok(state.engine.feed_revoke(&responder.permit, &id).await?)
    };
    let _ = state.once(key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A feed that the visitor may change. One that they may not even see is not there for them.
async fn own(state: &ApiState, responder: &Responder, id: &str) -> ApiResult<FeedId> {
    let feed = state.engine.feed_get(&responder.permit, &id.into()).await?;
    if may_see(&responder.visitor, &feed) {
        Ok(feed.id)
    } else {
        Err(ApiError::not_found("There is no such feed."))
    }
}

fn may_see(visitor: &Visitor, feed: &EngineFeed) -> bool {
    visitor.role == AccountRole::Admin || feed.account == visitor.account
}

fn with_url(state: &ApiState, visitor: &Visitor, made: &NewFeed) -> FeedCreated {
    let url = format!("{}/feeds/{}.ics", state.engine.links().base_url(), made.secret);
    FeedCreated { feed: view(state, visitor, &made.feed), url }
}

fn view(state: &ApiState, visitor: &Visitor, feed: &EngineFeed) -> FeedView {
    let config = state.engine.config();
    let (person_id, schedule_id, name) = match &feed.of {
        FeedOf::Person(id) => (Some(id.to_string()), None, name(&config, id)),
        FeedOf::Schedule(id) => {
            let schedule = config.schedules.get(id);
            (None, Some(id.to_string()), schedule.map_or_else(|| id.to_string(), |known| known.name.clone()))
        }
    };
    let own = feed.account == visitor.account;
    FeedView { id: feed.id.to_string(), person_id, schedule_id, name, own, created_us: feed.created_us }
}
