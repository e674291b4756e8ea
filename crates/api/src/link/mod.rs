//! The page behind a signed link: one person, one page, one answer, without signing in.
//!
//! `GET` shows and never acts: mail scanners follow links. `POST` answers, once; what has ended in between
//! is shown as what happened.

mod page;
mod time;
mod view;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::id::IncidentId;
use decurion_core::incident::Command;
use decurion_core::journal::StreamId;
use decurion_engine::{EngineError, LinkClaim, LinkError};
use decurion_store::{IncidentRow, PageRow};

use crate::params::Path;
use crate::problem::{ApiError, ApiResult};
use crate::state::ApiState;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(crate) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/a/{token}", get(show).post(answer))
        .route("/a/-/page.css", get(async || asset("text/css; charset=utf-8", STYLE)))
        .route("/a/-/page.js", get(async || asset("text/javascript; charset=utf-8", SCRIPT)))
}

fn asset(media_type: &'static str, text: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, text).into_response()
}

/// What a link opens.
struct Opened {
    claim: LinkClaim,
    page: PageRow,
    incident: IncidentRow,
    permit: Permit,
}

async fn show(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    match open(&state, &token).await {
        Ok(opened) => shown(&state, StatusCode::OK, &opened),
        Err(why) => why.into_response(),
    }
}

async fn answer(State(state): State<ApiState>, Path(token): Path<String>) -> Response {
    match acknowledge(&state, &token).await {
        Ok((status, opened)) => shown(&state, status, &opened),
        Err(why) => why.into_response(),
    }
}

fn shown(state: &ApiState, status: StatusCode, opened: &Opened) -> Response {
    match view::view(state, &opened.claim, &opened.page, &opened.incident) {
        Ok(view) => answered(status, page::html(&view)),
        Err(error) => Closed::Failed(error).into_response(),
    }
}

/// Why a link opens no page.
enum Closed {
    Link(LinkError),
    Gone,
    Failed(ApiError),
}

impl From<ApiError> for Closed {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        let (status, title, text) = match &self {
            Self::Link(LinkError::Expired) => (
                StatusCode::GONE,
                "This link has expired",
                "A link gives one answer to one page, for a while. Sign in to see what became of it.",
            ),
            Self::Link(LinkError::Forged) => (
                StatusCode::NOT_FOUND,
                "This link opens nothing",
                "It was not made here, or it was cut or changed on the way. Open the link from the message again.",
            ),
            Self::Gone => (
                StatusCode::NOT_FOUND,
                "This page is gone",
                "What the link was made for is not there any more. Sign in to see what is open.",
            ),
            Self::Failed(error) => (
                error.status,
                "The answer could not be recorded",
                "Nothing was changed. Try again in a few seconds; the page goes on until somebody answers.",
            ),
        };
        answered(status, page::closed(title, text))
    }
}

fn answered(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

async fn open(state: &ApiState, token: &str) -> Result<Opened, Closed> {
    let claim = state.engine.links().open(token, state.engine.now_us()).map_err(Closed::Link)?;
    let actor = Actor::Link { person: claim.person.clone() };
    let permit = permit(&actor, Action::Answer).map_err(ApiError::from)?;
    let (page, incident) = read(state, &claim, &permit).await?.ok_or(Closed::Gone)?;
    Ok(Opened { claim, page, incident, permit })
}

async fn read(
    state: &ApiState,
    claim: &LinkClaim,
    permit: &Permit,
) -> ApiResult<Option<(PageRow, IncidentRow)>> {
    let Some(page) = state.store().page_get(claim.page.as_str(), permit).await? else { return Ok(None) };
    let incident = state.store().incident_get(&page.incident_id, permit).await?;
    Ok(incident.map(|incident| (page, incident)))
}

/// Answers the page if it still waits; a second press changes nothing.
async fn acknowledge(state: &ApiState, token: &str) -> Result<(StatusCode, Opened), Closed> {
    let opened = open(state, token).await?;
    if !view::takes_answer(&opened.page, &opened.incident) {
        let status = if opened.page.status == "answered" { StatusCode::OK } else { StatusCode::CONFLICT };
        return Ok((status, opened));
    }
    let stream = StreamId::incident(&IncidentId::new(opened.incident.id.clone()));
    let done = state.engine.submit(&opened.permit, stream, Command::Acknowledge { via: "link" }, None).await;
    match done {
        Ok(_) | Err(EngineError::Refused(_)) => {}
        Err(other) => return Err(Closed::Failed(other.into())),
    }
    let opened = open(state, token).await?;
    let status = if opened.page.status == "answered" { StatusCode::OK } else { StatusCode::CONFLICT };
    Ok((status, opened))
}
