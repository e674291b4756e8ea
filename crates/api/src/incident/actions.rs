//! What people do with a case. Each answers with the case as it stands afterwards.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::id::PersonId;
use decurion_core::incident::{Classification, Command};
use decurion_core::journal::StreamId;
use decurion_engine::{Declare, IdempotencyKey};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Responder;
use crate::incident::reads::find;
use crate::incident::{Incident, id_of};
use crate::params::Path;
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;
use crate::words::{Disposition, Level, Severity};
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(incident_declare))
        .routes(routes!(incident_acknowledge))
        .routes(routes!(incident_classify))
        .routes(routes!(incident_raise))
        .routes(routes!(incident_lower))
        .routes(routes!(incident_lower_consent))
        .routes(routes!(incident_snooze))
        .routes(routes!(incident_reassign))
        .routes(routes!(incident_note))
        .routes(routes!(incident_link))
        .routes(routes!(incident_resolve))
}

/// A case that a person declares.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclareRequest {
    /// What is going on, in one line.
    #[schema(min_length = 1, max_length = 1000)]
    pub title: String,
    pub description: Option<String>,
    /// `sev3` unless given.
    pub severity: Option<Severity>,
    #[serde(default)]
    pub customer_facing: bool,
    #[serde(default)]
    pub company_wide: bool,
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmptyRequest {}

/// What kind of case it is. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassifyRequest {
    pub severity: Option<Severity>,
    pub customer_facing: Option<bool>,
    pub company_wide: Option<bool>,
    pub disposition: Option<Disposition>,
    pub contained: Option<bool>,
    /// Facts that the escalation policy declares.
    #[serde(default)]
    pub facts: BTreeMap<String, serde_json::Value>,
    pub reason: Option<String>,
}

/// More people are needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RaiseRequest {
    pub level: Level,
    pub reason: Option<String>,
}

/// Fewer people are needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LowerRequest {
    pub level: Level,
    pub reason: String,
}

/// It rests until then.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnoozeRequest {
    /// Within the next 24 hours.
    pub until_us: i64,
}

/// Somebody else is asked to take it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReassignRequest {
    pub person_id: String,
    pub reason: Option<String>,
}

/// Something worth writing down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteRequest {
    pub text: String,
}

/// Something worth opening.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkRequest {
    /// Starts with `https://` or `http://`.
    pub href: String,
    pub text: String,
}

/// It is over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveRequest {
    pub disposition: Disposition,
    pub reason: Option<String>,
}

/// Declare an incident by hand
#[utoipa::path(post, path = "/incidents", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = DeclareRequest,
    responses((status = 201, body = Incident), WriteProblems))]
async fn incident_declare(
    State(state): State<ApiState>,
    responder: Responder,
    write: Write<DeclareRequest>,
) -> ApiResult<(StatusCode, Json<Incident>)> {
    let key = write.idempotency(&responder.visitor);
    let asked = write.body;
    let title = asked.title.trim();
    if title.is_empty() || title.chars().count() > 1_000 {
        return Err(ApiError::invalid(
            "title",
            "say in one line what is going on, in at most 1000 characters",
        ));
    }
    let declare = Declare {
        title: title.to_owned(),
        description: asked.description,
        severity: asked.severity.map_or(decurion_core::incident::Severity::Sev3, Into::into),
        customer_facing: asked.customer_facing,
        company_wide: asked.company_wide,
    };
    let id = state.engine.incident_declare(&responder.permit, declare, key).await?;
    let row = find(&state, id.as_str(), &responder.permit).await?;
    Ok((StatusCode::CREATED, Json(Incident::of(row)?)))
}

/// Has the engine decide, and gives the case as it stands afterwards.
async fn act(
    state: &ApiState,
    responder: &Responder,
    reference: &str,
    command: Command,
    key: Option<IdempotencyKey>,
) -> ApiResult<Json<Incident>> {
    let incident = find(state, reference, &responder.permit).await?;
    let stream = StreamId::incident(&id_of(&incident));
    state.engine.submit(&responder.permit, stream, command, key).await?;
    Ok(Json(Incident::of(find(state, &incident.id, &responder.permit).await?)?))
}

macro_rules! actions {
    ($($(#[doc = $summary:literal])+ $name:ident($request:ty) at $path:literal => $command:expr;)+) => {$(
        $(#[doc = $summary])+
        #[utoipa::path(post, path = $path, tag = "incident", security(("bearer" = []), ("cookie" = [])),
            params(("ref" = String, Path, description = "`inc_…` or `INC-42`"), IdempotencyHeader),
            request_body = $request, responses((status = 200, body = Incident), WriteProblems))]
        async fn $name(
            State(state): State<ApiState>,
            responder: Responder,
            Path(reference): Path<String>,
            write: Write<$request>,
        ) -> ApiResult<Json<Incident>> {
            let key = write.idempotency(&responder.visitor);
            let command: fn($request) -> Command = $command;
            act(&state, &responder, &reference, command(write.body), key).await
        }
    )+};
}

actions! {
    /// Take the case
    incident_acknowledge(EmptyRequest) at "/incidents/{ref}/acknowledge"
        => |_| Command::Acknowledge { via: "console" };

    /// Say what kind of case it is
    incident_classify(ClassifyRequest) at "/incidents/{ref}/classify" => classification;

    /// Engage a level and every level below it
    incident_raise(RaiseRequest) at "/incidents/{ref}/raise"
        => |asked| Command::Raise { level: asked.level.into(), reason: asked.reason };

    /// Ask to lower the level; a second person must consent
    incident_lower(LowerRequest) at "/incidents/{ref}/lower"
        => |asked| Command::Lower { level: asked.level.into(), reason: asked.reason };

    /// Consent to lowering the level, as the second person
    incident_lower_consent(EmptyRequest) at "/incidents/{ref}/lower/consent" => |_| Command::ConsentToLower;

    /// Let the case rest for a while
    incident_snooze(SnoozeRequest) at "/incidents/{ref}/snooze"
        => |asked| Command::Snooze { until_us: asked.until_us };

    /// Ask another person to take the case
    incident_reassign(ReassignRequest) at "/incidents/{ref}/reassign"
        => |asked| Command::Reassign { person: PersonId::new(asked.person_id), reason: asked.reason };

    /// Write something down
    incident_note(NoteRequest) at "/incidents/{ref}/notes" => |asked| Command::Note { text: asked.text };

    /// Put a link to the case
    incident_link(LinkRequest) at "/incidents/{ref}/links"
        => |asked| Command::Link { href: asked.href, text: asked.text };

    /// End the case
    incident_resolve(ResolveRequest) at "/incidents/{ref}/resolve"
        => |asked| Command::Resolve { disposition: asked.disposition.into(), reason: asked.reason };
}

fn classification(asked: ClassifyRequest) -> Command {
    Command::Classify(Box::new(Classification {
        severity: asked.severity.map(Into::into),
        customer_facing: asked.customer_facing,
        company_wide: asked.company_wide,
        disposition: asked.disposition.map(Into::into),
        contained: asked.contained,
        facts: asked.facts,
        reason: asked.reason,
    }))
}
