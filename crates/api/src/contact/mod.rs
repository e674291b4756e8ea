//! Contacts: whether messages are known to arrive, shown by a code that is sent and given back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::AccountRole;
use decurion_core::id::PersonId;
use decurion_core::org::Channel as CoreChannel;
use decurion_engine::ContactState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder, Visitor};
use crate::incident::EmptyRequest;
use crate::params::{List, Path};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::Channel;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(contact_list))
        .routes(routes!(contact_verify))
        .routes(routes!(contact_confirm))
}

/// A way to reach somebody, and whether messages are known to arrive.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonContact {
    pub id: String,
    pub channel: Channel,
    /// Of a webhook's URL only the server.
    pub address: String,
    pub enabled: bool,
    /// A code that went to this very address was given back, or it is the built-in mailbox.
    pub verified: bool,
    /// When that was; null for the mailbox, and for what is not verified.
    pub verified_us: Option<i64>,
    /// False for the built-in mailbox.
    pub needs_code: bool,
    /// Until when the code that was sent last is good; null when there is none.
    pub code_expires_us: Option<i64>,
}

/// A code that is on its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CodeSent {
    /// `pag_…`; the messages of its delivery name it.
    pub notice_id: String,
    pub expires_us: i64,
}

/// The code that arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmRequest {
    /// Six digits; spaces do not matter.
    pub code: String,
}

/// The contacts of a person
#[utoipa::path(get, path = "/people/{id}/contacts", tag = "organisation", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = List<PersonContact>), ReadProblems))]
async fn contact_list(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<List<PersonContact>>> {
    let contacts = state.engine.contact_list(&reader.permit, &id.as_str().into()).await?;
    Ok(Json(List::whole(contacts.iter().map(view).collect())))
}

/// Send a code over a contact
///
/// One's own contacts; an administrator may do it for others. The code goes over that very contact and is good
/// for ten minutes. At most five an hour, half a minute apart.
#[utoipa::path(post, path = "/people/{id}/contacts/{contact}/verify", tag = "organisation",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The person"), ("contact" = String, Path, description = "The contact"),
        IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 202, body = CodeSent), WriteProblems))]
async fn contact_verify(
    State(state): State<ApiState>,
    responder: Responder,
    Path((id, contact)): Path<(String, String)>,
    write: Write<EmptyRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let person = own(&responder.visitor, &id)?;
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let contact = contact.as_str().into();
        let sent = state.engine.contact_verify(&responder.permit, &person, &contact).await?;
        Ok(CodeSent { notice_id: sent.notice.to_string(), expires_us: sent.expires_us })
    };
    Ok((StatusCode::ACCEPTED, state.once(key, work).await?))
}

/// Give the code that arrived over a contact
#[utoipa::path(post, path = "/people/{id}/contacts/{contact}/confirm", tag = "organisation",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The person"), ("contact" = String, Path, description = "The contact"),
        IdempotencyHeader), request_body = ConfirmRequest,
    responses((status = 200, body = PersonContact), WriteProblems))]
async fn contact_confirm(
    State(state): State<ApiState>,
    responder: Responder,
    Path((id, contact)): Path<(String, String)>,
    write: Write<ConfirmRequest>,
) -> ApiResult<Json<Value>> {
    let person = own(&responder.visitor, &id)?;
    let key = write.idempotency(&responder.visitor);
    let work = async {
        let contact = contact.as_str().into();
        let answer =
            state.engine.contact_confirm(&responder.permit, &person, &contact, &write.body.code).await?;
        if !answer.right {
            return Err(ApiError::invalid("code", wrong(answer.left)));
        }
        let contacts = state.engine.contact_list(&responder.permit, &person).await?;
        let found = contacts.iter().find(|state| state.contact.id == contact);
        found.map(view).ok_or_else(|| ApiError::not_found("There is no such contact."))
    };
    state.once(key, work).await
}

fn wrong(left: u32) -> String {
    match left {
        0 => "This is not the code, and it can be tried no more: ask for a new one.".to_owned(),
        1 => "This is not the code. It can be tried once more.".to_owned(),
        left => format!("This is not the code. It can be tried {left} more times."),
    }
}

/// One's own contacts are one's own; an administrator helps.
fn own(visitor: &Visitor, person: &str) -> ApiResult<PersonId> {
    let person = PersonId::from(person);
    if visitor.role == AccountRole::Admin || visitor.person.as_ref() == Some(&person) {
        return Ok(person);
    }
    let detail = "Only the person, or an administrator, verifies a contact.";
    Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail))
}

fn view(state: &ContactState) -> PersonContact {
    PersonContact {
        id: state.contact.id.to_string(),
        needs_code: state.contact.channel != CoreChannel::Mailbox,
        address: state.contact.channel.shown(&state.contact.address),
        channel: state.contact.channel.into(),
        enabled: state.contact.enabled,
        verified: state.verified,
        verified_us: state.verified_us,
        code_expires_us: state.code_expires_us,
    }
}
