//! Alertmanager's silences, as `amtool` and dashboards use them at an integration's door.
//!
//! Whoever has the key of an integration sends its alerts, or does not; so it may silence them, and no others.
//! A silence made here is one of the product's: it is seen, counted and ended in the console as any other.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use decurion_core::access::{Action, Actor, Permit, permit};
use decurion_core::decide::{Command as AnyCommand, Refusal};
use decurion_core::id::{IntegrationId, PersonId, SilenceId, derive};
use decurion_core::intake::{Integration, IntegrationKind};
use decurion_core::journal::StreamId;
use decurion_core::silence::{
    Command, Known, Matcher as CoreMatcher, Operator, Phase, Silence, alertmanager,
};
use decurion_engine::EngineError;
use decurion_engine::silences::SILENCE;
use decurion_store::RosterEntryFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{filters, instant, reading, takes};
use crate::body::RawBody;
use crate::intake::{door, ours};
use crate::params::{Path, Query};
use crate::problem::{ApiError, ApiResult, Problem};
use crate::state::ApiState;
use crate::words::json;

/// How long a silence is listed after its end, as with the vendor: 120 hours.
const LISTED_US: i64 = 120 * 3_600 * 1_000_000;
/// Characters of a client's word for who it is.
const MOST_SAID: usize = 100;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(alertmanager_silence_list, alertmanager_silence_add))
        .routes(routes!(alertmanager_silence_get, alertmanager_silence_expire))
}

/// A silence as Alertmanager takes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertmanagerSilenceRequest {
    /// The silence that this one takes the place of.
    #[serde(default)]
    pub id: Option<String>,
    pub matchers: Vec<AlertmanagerMatcher>,
    /// ISO 8601; now where it is over.
    pub starts_at: String,
    pub ends_at: String,
    #[serde(default)]
    pub created_by: String,
    /// Why nobody needs to be paged; needed.
    #[serde(default)]
    pub comment: String,
}

/// A condition on a label. `decurion_severity`, `decurion_source`, `decurion_title` and `decurion_dedup_key`
/// stand for what an alert has beside its labels.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertmanagerMatcher {
    pub name: String,
    pub value: String,
    #[serde(default)]
    pub is_regex: bool,
    #[serde(default = "yes")]
    pub is_equal: bool,
}

const fn yes() -> bool {
    true
}

/// A silence as Alertmanager shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertmanagerSilence {
    pub id: String,
    pub status: AlertmanagerSilenceStatus,
    pub updated_at: String,
    pub comment: String,
    pub created_by: String,
    pub starts_at: String,
    pub ends_at: String,
    pub matchers: Vec<AlertmanagerMatcher>,
}

/// Where a silence stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertmanagerSilenceStatus {
    /// `pending`, `active` or `expired`.
    pub state: &'static str,
}

/// A silence that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertmanagerSilenceMade {
    #[serde(rename = "silenceID")]
    pub silence_id: String,
}

/// The silences of an integration the way Alertmanager lists them, with those of the last 120 hours
#[utoipa::path(get, path = "/integrations/{key}/api/v2/silences", tag = "intake",
    params(
        ("key" = String, Path, description = "The key of the integration"),
        ("filter" = Option<Vec<String>>, Query, description = "A matcher such as `alertname=\"DiskFull\"`; all must match"),
    ),
    responses(
        (status = 200, body = Vec<AlertmanagerSilence>),
        (status = 400, body = String, description = "A filter cannot be read"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_silence_list(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    let filters = match filters(&query) {
        Ok(filters) => filters,
        Err(wrong) => return Ok((StatusCode::BAD_REQUEST, Json(wrong)).into_response()),
    };
    let now_us = state.engine.now_us();
    let filter = RosterEntryFilter {
        kind: SILENCE.to_owned(),
        from_us: Some(now_us - LISTED_US),
        ..RosterEntryFilter::default()
    };
    let mut listed = Vec::new();
    for row in state.store().roster_entry_all(&filter, &reading()?).await? {
        let known: Known = json(&row.body_json)?;
        let phase = known.phase(now_us);
        let Some(shown) = shown(&state, &integration.id, known) else { continue };
        let texts = shown.matchers.iter().map(|matcher| (matcher.name.clone(), matcher.value.clone()));
        if takes(&filters, &texts.collect()) {
            listed.push((order(phase), shown));
        }
    }
    listed.sort_by(|(left, one), (right, other)| (left, &one.ends_at).cmp(&(right, &other.ends_at)));
    Ok(Json(listed.into_iter().map(|(_, shown)| shown).collect::<Vec<_>>()).into_response())
}

/// What holds first, then what will, then what is over: the vendor's order.
const fn order(phase: Phase) -> u8 {
    match phase {
        Phase::Active => 0,
        Phase::Pending => 1,
        Phase::Expired => 2,
    }
}

/// A silence as a client of the integration sees it; nothing where it is not about this integration alone.
fn shown(state: &ApiState, of: &IntegrationId, known: Known) -> Option<AlertmanagerSilence> {
    let matchers = alertmanager::shown(of, &known.silence)?;
    let config = state.engine.config();
    let updated_us = known.expired.as_ref().map_or(known.added_us, |expired| expired.at_us);
    let author = decurion_core::incident::view::name(&config, &known.silence.author);
    Some(AlertmanagerSilence {
        status: AlertmanagerSilenceStatus { state: known.phase(state.engine.now_us()).as_str() },
        updated_at: instant(updated_us),
        starts_at: instant(known.silence.start_us),
        ends_at: instant(known.end_us()),
        created_by: known.silence.said_by.unwrap_or(author),
        comment: known.silence.reason,
        id: known.silence.id.to_string(),
        matchers: matchers.into_iter().map(sent).collect(),
    })
}

fn sent(matcher: CoreMatcher) -> AlertmanagerMatcher {
    AlertmanagerMatcher {
        is_regex: matches!(matcher.operator, Operator::Fits | Operator::FitsNot),
        is_equal: matches!(matcher.operator, Operator::Equal | Operator::Fits),
        name: matcher.name,
        value: matcher.value,
    }
}

fn taken(matcher: AlertmanagerMatcher) -> CoreMatcher {
    let operator = match (matcher.is_regex, matcher.is_equal) {
        (false, true) => Operator::Equal,
        (false, false) => Operator::NotEqual,
        (true, true) => Operator::Fits,
        (true, false) => Operator::FitsNot,
    };
    CoreMatcher { name: matcher.name, operator, value: matcher.value }
}

/// Silence alerts of an integration the way Alertmanager takes it; one that is named is ended and replaced
#[utoipa::path(post, path = "/integrations/{key}/api/v2/silences", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")), request_body = AlertmanagerSilenceRequest,
    responses(
        (status = 200, body = AlertmanagerSilenceMade),
        (status = 400, body = String, content_type = "application/json", description = "A field is wrong"),
        (status = 404, content((String = "application/json"), (Problem = "application/problem+json")), description = "No enabled integration has this key, or it has no such silence"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_silence_add(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    let wrong = |message: String| Ok((StatusCode::BAD_REQUEST, Json(message)).into_response());
    let request: AlertmanagerSilenceRequest = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => return wrong(error.to_string()),
    };
    let now_us = state.engine.now_us();
    let former = match request.id.as_deref().filter(|id| !id.is_empty()) {
        None => None,
        Some(id) => match find(&state, &integration, id).await? {
            Some(known) => Some(known),
            None => {
                return Ok((StatusCode::NOT_FOUND, Json(format!("silence {id} not found"))).into_response());
            }
        },
    };
    let silence = match silence(&integration, request, now_us) {
        Ok(silence) => silence,
        Err(refusal) => return wrong(refusal.message),
    };
    let id = silence.id.clone();
    let mut commands = vec![(StreamId::silence(&id), AnyCommand::from(Command::Add(Box::new(silence))))];
    if let Some(former) = former.filter(|known| known.phase(now_us) != Phase::Expired) {
        commands.push((StreamId::silence(&former.silence.id), expire(&integration)));
    }
    match state.engine.submit_all(&sender(&integration)?, commands).await {
        Ok(_) => Ok(Json(AlertmanagerSilenceMade { silence_id: id.to_string() }).into_response()),
        Err(EngineError::Refused(refusal)) => wrong(refusal.message),
        Err(error) => Err(ours(error)),
    }
}

/// The client acts as the integration whose key it has.
fn sender(integration: &Integration) -> ApiResult<Permit> {
    Ok(permit(&Actor::Integration { id: integration.id.to_string() }, Action::Send)?)
}

fn expire(integration: &Integration) -> AnyCommand {
    Command::Expire { by: PersonId::new(integration.id.to_string()) }.into()
}

fn silence(
    integration: &Integration,
    request: AlertmanagerSilenceRequest,
    now_us: i64,
) -> Result<Silence, Refusal> {
    let at = |field, text: &str| {
        let at: Result<jiff::Timestamp, _> = text.parse();
        let wrong = |_| {
            Refusal::field("invalid_field", field, format!("{field}: `{text}` is no instant of ISO 8601"))
        };
        at.map(jiff::Timestamp::as_microsecond).map_err(wrong)
    };
    let (start_us, end_us) = (at("startsAt", &request.starts_at)?, at("endsAt", &request.ends_at)?);
    if end_us <= now_us {
        return Err(Refusal::field("invalid_field", "endsAt", "end time can't be in the past"));
    }
    let said: String = request.created_by.trim().chars().take(MOST_SAID).collect();
    let nonce = hex::encode(rand::random::<[u8; 8]>());
    Ok(Silence {
        id: SilenceId::new(derive("sil", now_us, &[&nonce])),
        matchers: alertmanager::matchers(&integration.id, request.matchers.into_iter().map(taken).collect())?,
        start_us: start_us.max(now_us),
        end_us,
        repeat: None,
        author: PersonId::new(integration.id.to_string()),
        reason: crate::oncall::reason(&request.comment),
        said_by: Some(said).filter(|said| !said.is_empty()),
    })
}

/// A silence that is the integration's to see.
async fn find(state: &ApiState, of: &Integration, id: &str) -> ApiResult<Option<Known>> {
    let row = state.store().roster_entry_get(id, &reading()?).await?;
    let Some(row) = row.filter(|row| row.kind == SILENCE) else { return Ok(None) };
    let known: Known = json(&row.body_json)?;
    Ok(alertmanager::shown(&of.id, &known.silence).map(|_| known))
}

fn none(id: &str) -> ApiError {
    ApiError::not_found(format!("This integration has no silence {id}."))
}

/// A silence of an integration the way Alertmanager shows it
#[utoipa::path(get, path = "/integrations/{key}/api/v2/silence/{id}", tag = "intake",
    params(
        ("key" = String, Path, description = "The key of the integration"),
        ("id" = String, Path, description = "The silence"),
    ),
    responses(
        (status = 200, body = AlertmanagerSilence),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key, or it has no such silence"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_silence_get(
    State(state): State<ApiState>,
    Path((key, id)): Path<(String, String)>,
) -> ApiResult<Json<AlertmanagerSilence>> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    let known = find(&state, &integration, &id).await?.ok_or_else(|| none(&id))?;
    shown(&state, &integration.id, known).map(Json).ok_or_else(|| none(&id))
}

/// End a silence of an integration the way Alertmanager does; one that is over stays as it is
#[utoipa::path(delete, path = "/integrations/{key}/api/v2/silence/{id}", tag = "intake",
    params(
        ("key" = String, Path, description = "The key of the integration"),
        ("id" = String, Path, description = "The silence"),
    ),
    responses(
        (status = 200, body = AlertmanagerSilence, description = "Ended; as it stands now"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key, or it has no such silence"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn alertmanager_silence_expire(
    State(state): State<ApiState>,
    Path((key, id)): Path<(String, String)>,
) -> ApiResult<Json<AlertmanagerSilence>> {
    let integration = door(&state, &key, IntegrationKind::AlertmanagerApi)?;
    let known = find(&state, &integration, &id).await?.ok_or_else(|| none(&id))?;
    let commands = vec![(StreamId::silence(&known.silence.id), expire(&integration))];
    match state.engine.submit_all(&sender(&integration)?, commands).await {
        Ok(_) | Err(EngineError::Refused(_)) => {}
        Err(error) => return Err(ours(error)),
    }
    let known = find(&state, &integration, &id).await?.ok_or_else(|| none(&id))?;
    shown(&state, &integration.id, known).map(Json).ok_or_else(|| none(&id))
}
