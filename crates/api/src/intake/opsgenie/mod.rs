//! Opsgenie's Alert API: `POST /v2/alerts` and what follows on an alert, with its bodies and its answers.
//!
//! The vendor answers 202 before it has done anything. Here what was asked is committed by then; the
//! `requestId` is the id of the signal, and asking after it reads the record.

mod answers;
mod heartbeats;
mod reads;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::alert::stream;
use decurion_core::id::{IncidentId, SignalId};
use decurion_core::intake::opsgenie::{self, Ask, FollowUp};
use decurion_core::intake::{Integration, IntegrationKind};
use decurion_engine::{IntakeFailure, Received, Remark};
use decurion_store::AlertRow;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::intake::{named, ours, received};
use crate::params::{Path, Query};
use crate::problem::{ApiResult, Problem};
use crate::state::ApiState;
use answers::{
    Asked, OpsgenieAccepted, OpsgenieAlertRequest, OpsgenieFollowUpRequest, OpsgenieNoteRequest,
    OpsgenieRefused, Refusal, Words,
};

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(opsgenie_create, reads::opsgenie_list))
        .routes(routes!(reads::opsgenie_count))
        .routes(routes!(reads::opsgenie_progress))
        .routes(routes!(reads::opsgenie_get))
        .routes(routes!(opsgenie_acknowledge))
        .routes(routes!(opsgenie_close))
        .routes(routes!(opsgenie_note))
        .merge(heartbeats::routes())
}

/// The integration whose key the sender shows.
fn sender(state: &ApiState, headers: &HeaderMap) -> Result<Integration, Refusal> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, key) = sent.trim().split_once(' ').unwrap_or_default();
    let found = if scheme.eq_ignore_ascii_case("GenieKey") && !key.trim().is_empty() {
        let known = state.engine.integration_by_key(key.trim());
        let known = known.filter(|known| known.enabled && known.kind == IntegrationKind::Opsgenie);
        known.ok_or_else(|| {
            Refusal::new(StatusCode::FORBIDDEN, "The key is not that of an enabled integration.")
        })
    } else {
        let needed = "Give the key of the integration: Authorization: GenieKey <key>.";
        Err(Refusal::new(StatusCode::UNAUTHORIZED, needed))
    };
    found.inspect_err(|_| state.metrics.intake_refused(IntegrationKind::Opsgenie))
}

/// Doors read for the product; what they show is limited to the alerts of their sender.
fn reading() -> ApiResult<Permit> {
    Ok(permit(&Actor::System, Action::Read)?)
}

/// The alert that is meant, if it is one of the sender's. An alias means the open alert of that alias; `tiny`
/// takes what `id` takes, as an alert has one id.
async fn find(state: &ApiState, of: &Integration, kind: Identifier, id: &str) -> ApiResult<Option<AlertRow>> {
    let permit = reading()?;
    let found = match kind {
        Identifier::Id => state.store().alert_get(id, &permit).await?,
        Identifier::Alias => {
            let stream = stream(&of.id, &opsgenie::dedup_key(id));
            state.store().alert_open_of_stream(stream.as_str(), &permit).await?
        }
    };
    Ok(found.filter(|row| row.integration_id == of.id.as_str()))
}

/// How a path names an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identifier {
    Id,
    Alias,
}

impl Identifier {
    /// What the query says; the vendor's default is the id.
    fn of(words: &Words) -> Result<(Self, String), Refusal> {
        let word = words.get("identifierType").map_or("id", String::as_str);
        match word {
            "id" | "tiny" => Ok((Self::Id, word.to_owned())),
            "alias" => Ok((Self::Alias, word.to_owned())),
            _ => Err(Refusal::field(
                "identifierType",
                "Field `identifierType` should be one of [ id, tiny, alias ].",
            )),
        }
    }
}

/// Send an alert the way Opsgenie takes it
#[utoipa::path(post, path = "/v2/alerts", tag = "intake", security(("genie" = [])), request_body = OpsgenieAlertRequest,
    responses(
        (status = 202, body = OpsgenieAccepted, headers(("X-Request-ID" = String, description = "The requestId, which is our id of what arrived"))),
        (status = 400, body = OpsgenieRefused, description = "The body is no JSON object"),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 422, body = OpsgenieRefused, description = "The alert is wrong; a sender does not repeat it"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn opsgenie_create(
    State(state): State<ApiState>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Response {
    let asked = Asked::now(&state);
    let integration = match sender(&state, &headers) {
        Ok(integration) => integration,
        Err(refusal) => return asked.refused(&refusal),
    };
    let created = opsgenie::parse(&body)
        .and_then(|body| opsgenie::create(&integration, asked.signal.as_str(), &body))
        .map(|event| vec![event]);
    let received = received(&headers, body);
    let taken = state.engine.accept(&integration, asked.signal.clone(), received, created, None).await;
    state.metrics.intake(integration.kind, &taken);
    match taken {
        Ok(_) => asked.accepted(),
        Err(IntakeFailure::Uninterpretable { error, .. }) => asked.refused(&Refusal::of(&error)),
        Err(IntakeFailure::Unavailable(error)) => ours(error).into_response(),
    }
}

macro_rules! follow_ups {
    ($($(#[doc = $summary:literal])+ $name:ident($request:ty) at $path:literal => $ask:expr;)+) => {$(
        $(#[doc = $summary])+
        #[utoipa::path(post, path = $path, tag = "intake", security(("genie" = [])), request_body = $request,
            params(
                ("id" = String, Path, description = "The alert"),
                ("identifierType" = Option<String>, Query, description = "What the alert is named by: `id` unless given, `tiny` or `alias`"),
            ),
            responses(
                (status = 202, body = OpsgenieAccepted, description = "Committed; so it is where no such alert is open",
                    headers(("X-Request-ID" = String, description = "The requestId, which is our id of what arrived"))),
                (status = 400, body = OpsgenieRefused, description = "The body is no JSON object"),
                (status = 401, body = OpsgenieRefused, description = "There is no key"),
                (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
                (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
                (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
                (status = 422, body = OpsgenieRefused, description = "A field is wrong; a sender does not repeat it"),
                (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
            ))]
        async fn $name(
            State(state): State<ApiState>,
            Path(id): Path<String>,
            Query(words): Query<Words>,
            headers: HeaderMap,
            RawBody(body): RawBody,
        ) -> ApiResult<Response> {
            follow_up(&state, $ask, id, &words, &headers, body).await
        }
    )+};
}

follow_ups! {
    /// Acknowledge an alert the way Opsgenie takes it
    opsgenie_acknowledge(OpsgenieFollowUpRequest) at "/v2/alerts/{id}/acknowledge" => Ask::Acknowledge;

    /// Close an alert the way Opsgenie takes it
    opsgenie_close(OpsgenieFollowUpRequest) at "/v2/alerts/{id}/close" => Ask::Close;

    /// Note something about an alert the way Opsgenie takes it
    opsgenie_note(OpsgenieNoteRequest) at "/v2/alerts/{id}/notes" => Ask::Note;
}

async fn follow_up(
    state: &ApiState,
    ask: Ask,
    id: String,
    words: &Words,
    headers: &HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    let asked = Asked::now(state);
    let read = sender(state, headers).and_then(|integration| {
        let (kind, word) = Identifier::of(words)?;
        let request =
            if body.is_empty() { Ok(Value::Object(serde_json::Map::new())) } else { opsgenie::parse(&body) };
        let request = request.map_err(|error| Refusal::of(&error))?;
        let dedup_key = (kind == Identifier::Alias).then(|| opsgenie::dedup_key(&id));
        let follow_up = FollowUp { ask, dedup_key, identifier: id, identifier_type: word, request };
        let note = follow_up.note().map_err(|error| Refusal::of(&error))?;
        Ok((integration, kind, follow_up, note))
    });
    let (integration, kind, mut follow_up, note) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    let row = find(state, &integration, kind, &follow_up.identifier).await?;
    if kind == Identifier::Id {
        // An alert that has ended is not the one that may be open for its alias by now.
        let open = row.as_ref().filter(|row| row.status != "resolved");
        follow_up.dedup_key = open.map(|row| row.dedup_key.clone());
    }
    let remark = note.zip(row).map(|(text, row)| remark(text, row));
    let kept = Received { body: follow_up.envelope().to_string().into_bytes(), ..received(headers, body) };
    let event = follow_up.event(&integration);
    let taken = state.engine.accept_about(&integration, asked.signal.clone(), kept, event, remark).await;
    state.metrics.intake(integration.kind, &taken);
    match taken {
        Ok(_) => Ok(asked.accepted()),
        Err(IntakeFailure::Uninterpretable { error, .. }) => Ok(asked.refused(&Refusal::of(&error))),
        Err(IntakeFailure::Unavailable(error)) => Err(ours(error)),
    }
}

fn remark(text: String, row: AlertRow) -> Remark {
    Remark { alert: row.id, incident: row.incident_id.map(IncidentId::new), text }
}

/// The headers that name what arrived, ours and the vendor's.
fn named_twice(signal: &SignalId) -> HeaderMap {
    let mut headers = named(signal);
    if let Some(value) = headers.get(super::SIGNAL).cloned() {
        headers.insert(answers::REQUEST_ID, value);
    }
    headers
}
