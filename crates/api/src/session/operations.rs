//! The operations on sessions.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use decurion_core::access::{AccountRole, Action, Actor, Permit, permit};
use decurion_core::escalation::targets;
use decurion_core::id::{PersonId, derive};
use decurion_store::{AccountRow, SessionRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::JsonBody;
use crate::gate::{Reader, Visitor, check_origin};
use crate::organisation::Person;
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::session::{SESSION_S, begin_cookie, end_cookie, token_digest};
use crate::state::{ApiState, wall_us};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(setup_get, setup))
        .routes(routes!(session_begin, session_end))
        .routes(routes!(me))
}

/// Whether this server still needs its first administrator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupState {
    pub needed: bool,
}

/// The first administrator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    pub email: String,
    /// At least 10 characters.
    #[schema(min_length = 10)]
    pub password: String,
    /// Who they are in the organisation.
    #[schema(nullable)]
    pub person_id: Option<String>,
}

/// Somebody signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInRequest {
    pub email: String,
    pub password: String,
}

/// A session that began.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// For `Authorization: Bearer`; browsers have it as a cookie.
    pub token: String,
    pub account: Account,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    pub id: String,
    pub email: String,
    pub role: Role,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountRole)]
pub(crate) enum Role {
    Admin,
    Responder,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    pub account: Account,
    /// Who they are in the organisation, where they are in it.
    pub person: Option<Person>,
    /// The levels at which they would be paged now, as `L1`.
    pub duties: Vec<String>,
    /// Present while a demo plays.
    pub demo: Option<DemoSpeed>,
}

/// How fast the clock of a demo runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoSpeed {
    /// Seconds of the demo for each second of the wall clock.
    pub speed: f64,
}

/// Whether set-up is needed
#[utoipa::path(get, path = "/setup", tag = "session", responses((status = 200, body = SetupState), ReadProblems))]
async fn setup_get(State(state): State<ApiState>) -> ApiResult<Json<SetupState>> {
    Ok(Json(SetupState { needed: state.store().account_list(&system()?).await?.is_empty() }))
}

/// Make the first administrator and sign in
#[utoipa::path(post, path = "/setup", tag = "session", request_body = SetupRequest,
    responses((status = 201, body = Session), WriteProblems))]
async fn setup(
    State(state): State<ApiState>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<SetupRequest>,
) -> ApiResult<Response> {
    same_site(&headers)?;
    let permit = system()?;
    let _turn = state.setup.lock().await;
    if !state.store().account_list(&permit).await?.is_empty() {
        return Err(ApiError::refused("refused", "This server has an account already. Sign in with it."));
    }
    let account = first_account(&state, asked).await?;
    let account = state.store().account_create(account, &permit).await?;
    begin(&state, &account, &headers, StatusCode::CREATED).await
}

/// Before anybody is known, the server itself looks.
fn system() -> ApiResult<Permit> {
    Ok(permit(&Actor::System, Action::Configure)?)
}

async fn first_account(state: &ApiState, asked: SetupRequest) -> ApiResult<AccountRow> {
    let email = asked.email.trim().to_lowercase();
    if email.len() > 254
        || !email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
    {
        return Err(ApiError::invalid("email", "give an address such as name@example.org"));
    }
    let config = state.engine.config();
    let people = &config.organisation.people;
    if asked.person_id.as_deref().is_some_and(|id| !people.contains_key(&PersonId::from(id))) {
        return Err(ApiError::invalid("person_id", "the organisation has nobody of that id"));
    }
    let by_address = people
        .values()
        .find(|person| person.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&email)));
    let person_id = asked.person_id.or_else(|| by_address.map(|person| person.id.to_string()));
    let hashed = state.passwords.hash(asked.password).await;
    let password_hash = hashed.map_err(|error| ApiError::invalid("password", error.to_string()))?;
    let created_us = wall_us();
    let id = derive("acc", created_us, &[&email]);
    let role = AccountRole::Admin.as_str().to_owned();
    Ok(AccountRow { id, email, password_hash, person_id, role, created_us, disabled: false })
}

/// Sign in
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignInRequest,
    responses((status = 200, body = Session), WriteProblems))]
async fn session_begin(
    State(state): State<ApiState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<SignInRequest>,
) -> ApiResult<Response> {
    same_site(&headers)?;
    let email = asked.email.trim().to_lowercase();
    let caller = peer.map_or_else(String::new, |Extension(ConnectInfo(peer))| peer.ip().to_string());
    let key = format!("{email} {caller}");
    if !state.attempts.may_try(&key, wall_us()) {
        let detail = "Too many attempts to sign in. Wait five minutes.";
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail));
    }
    let account = state.store().account_find(&email).await?.filter(|account| !account.disabled);
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let matches = state.passwords.matches(asked.password, hash).await;
    let Some(account) = account.filter(|_| matches) else {
        state.attempts.failed(&key, wall_us());
        let detail = "The address or the password is wrong.";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail));
    };
    state.attempts.succeeded(&key);
    begin(&state, &account, &headers, StatusCode::OK).await
}

/// Browsers say where a request comes from; another site must not sign anybody in.
fn same_site(headers: &HeaderMap) -> ApiResult<()> {
    let from_browser = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    if from_browser { check_origin(&axum::http::Method::POST, headers) } else { Ok(()) }
}

async fn begin(
    state: &ApiState,
    account: &AccountRow,
    headers: &HeaderMap,
    status: StatusCode,
) -> ApiResult<Response> {
    let token = format!("dcs_{}", hex::encode(rand::random::<[u8; 32]>()));
    let now_us = wall_us();
    let user_agent =
        headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let session = SessionRow {
        token_digest: token_digest(&token),
        account_id: account.id.clone(),
        created_us: now_us,
        expires_us: now_us + SESSION_S * 1_000_000,
        last_seen_us: now_us,
        user_agent: user_agent.chars().take(300).collect(),
    };
    state.store().session_prune(now_us).await?;
    state.store().session_create(&session).await?;
    let cookie = begin_cookie(&token, state.secure_cookies());
    let role = if account.role == AccountRole::Admin.as_str() { Role::Admin } else { Role::Responder };
    let account = Account { id: account.id.clone(), email: account.email.clone(), role };
    Ok((status, cookie, Json(Session { token, account })).into_response())
}

/// Sign out
#[utoipa::path(delete, path = "/session", tag = "session", security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Signed out"), WriteProblems))]
async fn session_end(State(state): State<ApiState>, visitor: Visitor) -> ApiResult<Response> {
    state.store().session_delete(&visitor.session).await?;
    Ok((StatusCode::NO_CONTENT, end_cookie(state.secure_cookies())).into_response())
}

/// Who is signed in
#[utoipa::path(get, path = "/me", tag = "session", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = Me), ReadProblems))]
async fn me(State(state): State<ApiState>, reader: Reader) -> Json<Me> {
    let visitor = reader.visitor;
    let config = state.engine.config();
    let person = visitor.person.as_ref().and_then(|id| config.organisation.people.get(id));
    let role = match visitor.role {
        AccountRole::Admin => Role::Admin,
        AccountRole::Responder => Role::Responder,
    };
    Json(Me {
        duties: visitor.person.as_ref().map(|id| duties(&state, id)).unwrap_or_default(),
        person: person.map(Person::of),
        account: Account { id: visitor.account, email: visitor.email, role },
        demo: state.settings.demo.as_ref().map(|_| DemoSpeed { speed: state.engine.clock().speed() }),
    })
}

fn duties(state: &ApiState, person: &PersonId) -> Vec<String> {
    let config = state.engine.config();
    let Some(policy) = config.policy(decurion_core::config::Config::DEFAULT_POLICY) else {
        return Vec::new();
    };
    let paged = |level: &decurion_core::escalation::LevelPolicy| {
        let first = level.steps.first().map(|step| step.page.as_slice()).unwrap_or_default();
        targets::resolve(&config, first, state.engine.now_us()).people.contains(person)
    };
    policy.levels.iter().filter(|(_, level)| paged(level)).map(|(level, _)| level.to_string()).collect()
}
