//! The mailbox: what people were sent over the channel that needs no provider.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use decurion_core::incident::view::name;
use decurion_core::notify::{Message, MessageKind};
use decurion_store::NotificationRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::incident::{PageKind, PageStatus};
use crate::params::{List, PageQuery, Query};
use crate::problem::{ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::{Channel, Level, Severity, json, word};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(mailbox_list))
}

/// A message that somebody was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MailboxMessage {
    pub notification_id: String,
    pub page_id: String,
    pub incident_id: String,
    pub person_id: String,
    pub name: String,
    pub channel: Channel,
    pub subject: String,
    /// Plain text, lines separated by `\n`.
    pub text: String,
    /// The brief, where one was sent.
    pub brief: Option<String>,
    /// Opens the page with the button that acknowledges. Only the person it was sent to, and
    /// administrators, see it.
    pub acknowledge_url: Option<String>,
    /// Empty in a notice.
    pub incident_reference: String,
    /// Opens what it is about in the console.
    pub url: String,
    /// Null in a notice.
    pub level: Option<Level>,
    /// Null in a notice.
    pub severity: Option<Severity>,
    pub kind: PageKind,
    pub sent_us: Option<i64>,
    pub page_status: PageStatus,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MailboxQuery {
    /// Only what this person was sent.
    person_id: Option<String>,
}

/// What people were sent, the newest first
#[utoipa::path(get, path = "/mailbox", tag = "mailbox", security(("bearer" = []), ("cookie" = [])),
    params(MailboxQuery, PageQuery), responses((status = 200, body = List<MailboxMessage>), ReadProblems))]
async fn mailbox_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<MailboxQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<MailboxMessage>>> {
    let person = query.person_id.as_deref();
    let listed = state.store().mailbox_list(person, &page.window()?, &reader.permit).await?;
    let ids: Vec<&str> = listed.rows.iter().map(|row| row.page_id.as_str()).collect();
    let statuses = state.store().page_statuses(&ids, &reader.permit).await?;
    let config = state.engine.config();
    let reads_all = reader.visitor.role == decurion_core::access::AccountRole::Admin;
    List::of(listed, |row| {
        let own = reader.visitor.person.as_ref().is_some_and(|own| own.as_str() == row.person_id);
        let name = name(&config, &row.person_id.as_str().into());
        let mut message = message_of(row, name, &statuses)?;
        message.acknowledge_url = message.acknowledge_url.filter(|_| own || reads_all);
        Ok(message)
    })
    .map(Json)
}

fn message_of(
    row: NotificationRow,
    name: String,
    statuses: &BTreeMap<String, String>,
) -> ApiResult<MailboxMessage> {
    let message: Message = json(row.message_json.as_deref().unwrap_or_default())?;
    let notice = message.kind == MessageKind::Notice;
    let status = statuses.get(&row.page_id).map_or("open", String::as_str);
    Ok(MailboxMessage {
        page_status: word(status)?,
        name,
        channel: message.channel.into(),
        subject: if notice { message.title } else { format!("[{}] {}", message.reference, message.title) },
        text: message.text,
        brief: message.brief,
        acknowledge_url: message.acknowledge_url,
        incident_reference: message.reference,
        level: (!notice).then(|| message.level.into()),
        severity: (!notice).then(|| message.severity.into()),
        url: message.incident_url,
        kind: match message.kind {
            MessageKind::Page => PageKind::Page,
            MessageKind::Tell => PageKind::Tell,
            MessageKind::Notice => PageKind::Notice,
        },
        notification_id: row.id,
        page_id: row.page_id,
        incident_id: row.incident_id,
        person_id: row.person_id,
        sent_us: row.sent_us,
    })
}
