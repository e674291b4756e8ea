//! What is on record of an incident: timeline, page ledger, brief.

use axum::Json;
use axum::extract::State;
use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::incident::timeline::{self, Narrator, Sentence};
use decurion_core::journal::Entry;
use decurion_store::{NotificationRow, PageRow, Window};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Reader;
use crate::incident::ledger::{Page, ledger};
use crate::incident::reads::find;
use crate::params::{List, PageQuery, Path, Query, limit, open, seal};
use crate::problem::{ApiError, ApiResult, ReadProblems};
use crate::state::ApiState;
use crate::words::{Level, Severity};

/// Entries of one case that are told; a case of more is no case but a log.
const MOST_ENTRIES: u32 = 5_000;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(incident_timeline))
        .routes(routes!(incident_pages))
        .routes(routes!(incident_brief))
}

/// One thing that happened, in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    /// Its place in the journal.
    pub seq: i64,
    pub at_us: i64,
    pub actor: ActorName,
    /// As the journal names it: `incident.acknowledged`.
    pub kind: String,
    pub text: String,
    pub detail: Option<String>,
    pub level: Option<Level>,
    pub severity: Option<Severity>,
    pub page_id: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ActorName {
    pub kind: ActorKind,
    /// The person, the account or the integration; empty for the system.
    pub id: String,
    pub name: String,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActorKind {
    Person,
    System,
    Integration,
    Link,
}

/// A brief of one page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Brief {
    /// Plain text, lines separated by `\n`.
    pub text: String,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TimelineOrder {
    #[default]
    Asc,
    Desc,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TimelineQuery {
    /// `asc`, unless given: the oldest first. `desc`: the newest first.
    #[param(inline)]
    order: Option<TimelineOrder>,
}

/// What happened, in words, the oldest first
#[utoipa::path(get, path = "/incidents/{ref}/timeline", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(("ref" = String, Path, description = "`inc_…` or `INC-42`"), TimelineQuery, PageQuery),
    responses((status = 200, body = List<TimelineEntry>), ReadProblems))]
async fn incident_timeline(
    State(state): State<ApiState>,
    reader: Reader,
    Path(reference): Path<String>,
    Query(query): Query<TimelineQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<TimelineEntry>>> {
    let limit = limit(page.limit)? as usize;
    let after = page.after.as_deref().map(after_seq).transpose()?;
    let incident = find(&state, &reference, &reader.permit).await?;
    let entries = entries(&state, &incident.id, &reader).await?;
    let mut items = told(&entries, &state.engine.config());
    match query.order.unwrap_or_default() {
        TimelineOrder::Asc => items.retain(|item| after.is_none_or(|seq| item.seq > seq)),
        TimelineOrder::Desc => {
            items.retain(|item| after.is_none_or(|seq| item.seq < seq));
            items.reverse();
        }
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| seal(&last.seq.to_string()));
    Ok(Json(List { items, next }))
}

/// The place that a cursor over the journal names.
pub(crate) fn after_seq(cursor: &str) -> ApiResult<i64> {
    let unknown = || ApiError::invalid("after", "this is not the `next` of a page");
    open(cursor).and_then(|text| text.parse().ok()).ok_or_else(unknown)
}

async fn entries(state: &ApiState, incident: &str, reader: &Reader) -> ApiResult<Vec<Entry>> {
    Ok(state.store().incident_timeline(incident, 0, MOST_ENTRIES, &reader.permit).await?)
}

/// Every entry in words. The words of a page's entries need the page's first one, so it is all or nothing.
fn told(entries: &[Entry], config: &Config) -> Vec<TimelineEntry> {
    let mut narrator = Narrator::new(config);
    entries.iter().map(|entry| line(entry, narrator.sentence(entry), config)).collect()
}

fn line(entry: &Entry, said: Sentence, config: &Config) -> TimelineEntry {
    TimelineEntry {
        seq: entry.seq,
        at_us: entry.at_us,
        actor: actor_name(&entry.actor, config),
        kind: entry.kind.clone(),
        text: said.text,
        detail: said.detail,
        level: said.level.map(Level::from),
        severity: said.severity.map(Severity::from),
        page_id: said.page.map(|page| page.to_string()),
    }
}

/// The actor of a record, with the name that people read.
pub(crate) fn actor_name(actor: &str, config: &Config) -> ActorName {
    let (kind, id) = actor.split_once(':').unwrap_or((actor, ""));
    let kind = match kind {
        "person" | "account" => ActorKind::Person,
        "integration" => ActorKind::Integration,
        "link" => ActorKind::Link,
        _ => ActorKind::System,
    };
    ActorName { kind, id: id.to_owned(), name: timeline::actor(actor, config) }
}

/// Who was paged, how, and what came of it, the newest page first
#[utoipa::path(get, path = "/incidents/{ref}/pages", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(("ref" = String, Path, description = "`inc_…` or `INC-42`")),
    responses((status = 200, body = List<Page>), ReadProblems))]
async fn incident_pages(
    State(state): State<ApiState>,
    reader: Reader,
    Path(reference): Path<String>,
) -> ApiResult<Json<List<Page>>> {
    let incident = find(&state, &reference, &reader.permit).await?;
    let pages = all_pages(&state, &incident.id, &reader.permit).await?;
    let sent = all_notifications(&state, &incident.id, &reader.permit).await?;
    let mut items = ledger(pages, sent, &state.engine.config())?;
    items.reverse();
    Ok(Json(List::whole(items)))
}

async fn all_pages(state: &ApiState, incident: &str, permit: &Permit) -> ApiResult<Vec<PageRow>> {
    let (mut rows, mut window) = (Vec::new(), Window::first(500));
    loop {
        let listed = state.store().page_list(incident, &window, permit).await?;
        rows.extend(listed.rows);
        match listed.next {
            Some(next) if rows.len() < MOST_ENTRIES as usize => window = Window::after(500, Some(next)),
            _ => return Ok(rows),
        }
    }
}

async fn all_notifications(
    state: &ApiState,
    incident: &str,
    permit: &Permit,
) -> ApiResult<Vec<NotificationRow>> {
    let (mut rows, mut window) = (Vec::new(), Window::first(500));
    loop {
        let listed = state.store().notification_list(incident, &window, permit).await?;
        rows.extend(listed.rows);
        match listed.next {
            Some(next) if rows.len() < MOST_ENTRIES as usize => window = Window::after(500, Some(next)),
            _ => return Ok(rows),
        }
    }
}

/// The brief of one page for people who have thirty seconds
#[utoipa::path(get, path = "/incidents/{ref}/brief", tag = "incident", security(("bearer" = []), ("cookie" = [])),
    params(("ref" = String, Path, description = "`inc_…` or `INC-42`")),
    responses((status = 200, body = Brief), ReadProblems))]
async fn incident_brief(
    State(state): State<ApiState>,
    reader: Reader,
    Path(reference): Path<String>,
) -> ApiResult<Json<Brief>> {
    let incident = find(&state, &reference, &reader.permit).await?;
    let entries = entries(&state, &incident.id, &reader).await?;
    let number = crate::incident::reference(incident.number);
    let text = timeline::brief(&number, &entries, &state.engine.config(), state.engine.now_us());
    Ok(Json(Brief { text }))
}
