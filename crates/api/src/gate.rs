//! Who asks, and the proof that they may.
//!
//! A handler takes one of [`Reader`], [`Responder`], [`Configurer`]; without it there is no permit, and
//! without a permit no query and no command.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use decurion_core::access::{AccountRole, Action, Actor, Permit, permit};
use decurion_core::id::PersonId;

use crate::problem::{ApiError, ApiResult};
use crate::session::{SESSION_COOKIE, token_digest};
use crate::state::{ApiState, wall_us};

/// An account that is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub account: String,
    pub email: String,
    pub person: Option<PersonId>,
    pub role: AccountRole,
    /// SHA-256 of the session's token, hex.
    pub session: String,
}

impl Visitor {
    pub(crate) fn actor(&self) -> Actor {
        Actor::Account { id: self.account.clone(), person: self.person.clone(), role: self.role }
    }

    pub(crate) fn permit(&self, action: Action) -> ApiResult<Permit> {
        Ok(permit(&self.actor(), action)?)
    }
}

/// How a request names its session.
enum Credential {
    Bearer(String),
    Cookie(String),
}

impl FromRequestParts<ApiState> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> ApiResult<Self> {
        let token = match credential(&parts.headers).ok_or_else(ApiError::unauthenticated)? {
            Credential::Bearer(token) => token,
            Credential::Cookie(token) => {
                check_origin(&parts.method, &parts.headers)?;
                token
            }
        };
        find(state, &token).await?.ok_or_else(ApiError::unauthenticated)
    }
}

impl OptionalFromRequestParts<ApiState> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> ApiResult<Option<Self>> {
        if credential(&parts.headers).is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<ApiState>>::from_request_parts(parts, state).await.map(Some)
    }
}

async fn find(state: &ApiState, token: &str) -> ApiResult<Option<Visitor>> {
    let session = token_digest(token);
    let found = state.store().session_find(&session, wall_us()).await?;
    Ok(found.map(|found| Visitor {
        account: found.account.id,
        email: found.account.email,
        person: found.account.person_id.as_deref().map(PersonId::from),
        role: if found.account.role == AccountRole::Admin.as_str() {
            AccountRole::Admin
        } else {
            AccountRole::Responder
        },
        session,
    }))
}

fn credential(headers: &HeaderMap) -> Option<Credential> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")) {
        return Some(Credential::Bearer(token.trim().to_owned()));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == SESSION_COOKIE).then(|| Credential::Cookie(value.to_owned()))
    })
}

/// A browser attaches the cookie to requests that other sites make. A write must show that it comes from
/// the console: by a header that no form can set, and by what the browser itself says about its origin.
pub(crate) fn check_origin(method: &Method, headers: &HeaderMap) -> ApiResult<()> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site_is_ours = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let host = text("host").unwrap_or_default();
    let origin_is_ours =
        text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, at)| at == host));
    if headers.contains_key("x-decurion") && site_is_ours && origin_is_ours {
        return Ok(());
    }
    let detail = "A write with a cookie needs the header X-Decurion, from the same origin.";
    Err(ApiError::new(StatusCode::FORBIDDEN, "foreign_request", detail))
}

macro_rules! gates {
    ($($(#[$doc:meta])* $name:ident = $action:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name {
            pub visitor: Visitor,
            pub permit: Permit,
        }

        impl FromRequestParts<ApiState> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> ApiResult<Self> {
                let visitor = <Visitor as FromRequestParts<ApiState>>::from_request_parts(parts, state).await?;
                let permit = visitor.permit(Action::$action)?;
                Ok(Self { visitor, permit })
            }
        }
    )+};
}

gates! {
    /// May read.
    Reader = Read,
    /// May work on alerts and incidents.
    Responder = Respond,
    /// May change packs, integrations and accounts.
    Configurer = Configure,
}
