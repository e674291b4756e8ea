//! Accepted findings: what the organisation lives with for a while, beside what its pack accepts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::config::Config;
use decurion_core::coverage::Accepted;
use decurion_core::id::{AcceptanceId, derive};
use decurion_core::incident::view::name;
use decurion_core::journal::StreamId;
use decurion_core::roster::{Acceptance as CoreAcceptance, AcceptanceState as CoreState, Command};
use decurion_engine::roster::{ACCEPTANCE, ENTERED};
use decurion_store::{RosterEntryFilter, RosterEntryRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::incident::EmptyRequest;
use crate::oncall::entries::{self, Entry, Kind};
use crate::oncall::who::{author, reason};
use crate::oncall::{coverage_findings, instant};
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::json;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(acceptance_list, acceptance_add))
        .routes(routes!(acceptance_get, acceptance_revoke))
}

/// A finding that somebody accepted on this server.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AcceptedFinding {
    pub id: String,
    /// The key of the finding, or the part of it before `@`: every finding of that rule about that subject.
    pub key: String,
    pub author: String,
    pub author_name: String,
    pub reason: String,
    /// First instant at which the finding counts again.
    pub until_us: i64,
    pub accepted_us: i64,
    /// Set where somebody took it back before its end.
    pub revoked: Option<Revocation>,
}

/// Somebody took an acceptance back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Revocation {
    pub by: String,
    pub by_name: String,
    pub at_us: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AcceptanceQuery {
    /// With those that have ended or were revoked.
    #[serde(default)]
    over: bool,
}

/// A finding to live with for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptRequest {
    /// The key of a finding of the next 90 days, or the part of it before `@`.
    pub key: String,
    /// Why the organisation lives with it.
    pub reason: String,
    /// First instant at which it counts again, at most 366 days ahead.
    pub until_us: i64,
}

impl Kind for AcceptedFinding {
    const KIND: &'static str = ACCEPTANCE;
    const WHAT: &'static str = "acceptance";
}

impl Entry for AcceptedFinding {
    fn of_row(row: &RosterEntryRow, config: &Config) -> ApiResult<Self> {
        let state: CoreState = json(&row.body_json)?;
        let finding = state.acceptance.finding;
        let revoked = state.revoked.map(|revoked| Revocation {
            by_name: name(config, &revoked.by),
            by: revoked.by.to_string(),
            at_us: revoked.at_us,
        });
        Ok(Self {
            id: state.acceptance.id.to_string(),
            author_name: name(config, &finding.author),
            author: finding.author.to_string(),
            key: finding.key,
            reason: finding.reason,
            until_us: finding.until.as_microsecond(),
            accepted_us: state.accepted_us,
            revoked,
        })
    }
}

/// Findings that were accepted on this server, the newest first
#[utoipa::path(get, path = "/oncall/coverage/acceptances", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(AcceptanceQuery, PageQuery), responses((status = 200, body = List<AcceptedFinding>), ReadProblems))]
async fn acceptance_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<AcceptanceQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<AcceptedFinding>>> {
    let holding = || RosterEntryFilter {
        states: vec![ENTERED.to_owned()],
        from_us: Some(state.engine.now_us()),
        ..RosterEntryFilter::default()
    };
    let filter = if query.over { RosterEntryFilter::default() } else { holding() };
    entries::list(&state, filter, &page, &reader.permit).await.map(Json)
}

/// An accepted finding
#[utoipa::path(get, path = "/oncall/coverage/acceptances/{id}", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])), params(("id" = String, Path, description = "`cov_…`")),
    responses((status = 200, body = AcceptedFinding), ReadProblems))]
async fn acceptance_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<AcceptedFinding>> {
    entries::get(&state, &id, &reader.permit).await.map(Json)
}

/// Accept a finding for a while: for those who run the roster and administrators
#[utoipa::path(post, path = "/oncall/coverage/acceptances", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = AcceptRequest,
    responses((status = 201, body = AcceptedFinding), WriteProblems))]
async fn acceptance_add(
    State(state): State<ApiState>,
    responder: Responder,
    write: Write<AcceptRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let until = instant("until_us", body.until_us)?;
        let author = author(&responder.visitor);
        let finding = Accepted { key: body.key, author, reason: reason(&body.reason), until };
        is_found(&state, &responder, &finding).await?;
        let nonce = hex::encode(rand::random::<[u8; 8]>());
        let id = AcceptanceId::new(derive("cov", state.engine.now_us(), &[&finding.key, &nonce]));
        let command = Command::AcceptFinding(Box::new(CoreAcceptance { id: id.clone(), finding }));
        state.engine.submit(&responder.permit, StreamId::config(), command, None).await?;
        entries::get::<AcceptedFinding>(&state, id.as_str(), &responder.permit).await
    };
    Ok((StatusCode::CREATED, state.once(key, work).await?))
}

/// What the check does not find now can be accepted by mistake only.
async fn is_found(state: &ApiState, responder: &Responder, asked: &Accepted) -> ApiResult<()> {
    let findings = coverage_findings(state, &responder.permit).await?;
    if findings.iter().any(|finding| asked.covers(&finding.key)) {
        return Ok(());
    }
    let message = format!("the check of the next 90 days finds nothing by the key {}", asked.key);
    Err(ApiError::invalid("key", message))
}

/// Revoke an acceptance: the finding counts again
#[utoipa::path(delete, path = "/oncall/coverage/acceptances/{id}", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`cov_…`"), IdempotencyHeader),
    responses((status = 204, description = "Revoked"), WriteProblems))]
async fn acceptance_revoke(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<StatusCode> {
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let by = author(&responder.visitor);
        let command = Command::RevokeAcceptance { id: AcceptanceId::new(id), by };
        state.engine.submit(&responder.permit, StreamId::config(), command, None).await?;
        Ok(())
    };
    let _ = state.once(key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}
