//! Handoff notes: what one duty writes to the next.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::id::{HandoffNoteId, PersonId, ScheduleId};
use decurion_core::journal::StreamId;
use decurion_core::roster::{Command, HandoffNote as CoreNote, OpenIncident as CoreIncident, WriteNote};
use decurion_engine::roster::HANDOFF_NOTE;
use decurion_store::{RosterEntryFilter, RosterEntryRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::{Reader, Responder};
use crate::incident::EmptyRequest;
use crate::oncall::entries::{self, Entry, EntryQuery, Kind};
use crate::oncall::known;
use crate::oncall::reads::PersonName;
use crate::oncall::who::whoever;
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::{Severity, json, word};
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(handoff_note_list))
        .routes(routes!(handoff_note_get))
        .routes(routes!(handoff_draft))
        .routes(routes!(handoff_note_write))
        .routes(routes!(handoff_note_accept))
        .routes(routes!(handoff_note_ask_back))
}

/// What one duty wrote to the next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HandoffNote {
    pub id: String,
    pub schedule_id: String,
    /// The moment of the handoff.
    pub at_us: i64,
    /// Whose duty ends.
    pub from_person: PersonName,
    /// Who comes next, and so who accepts it.
    pub to_people: Vec<PersonName>,
    pub text: String,
    /// What to keep an eye on.
    pub watch: Vec<String>,
    /// What was open when it was written, out of the record.
    pub incidents: Vec<OpenIncident>,
    pub state: HandoffNoteState,
    /// Who accepted it or asked back.
    pub answered_by: Option<PersonName>,
    /// What was asked back last.
    pub question: Option<String>,
    /// Both sides were told that nobody had accepted it an hour after the handoff.
    pub reminded: bool,
    pub created_us: i64,
    pub written_us: i64,
    pub changed_us: i64,
}

/// Where a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HandoffNoteState {
    Written,
    AskedBack,
    Accepted,
}

/// An incident that was open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OpenIncident {
    pub id: String,
    /// `INC-42`
    pub reference: String,
    pub title: String,
    pub severity: Severity,
    pub status: String,
    pub holder: Option<PersonName>,
}

/// What a note for the next handoff would be about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HandoffDraft {
    pub schedule_id: String,
    pub from_person: PersonName,
    /// Null when the person hands over to nobody.
    pub at_us: Option<i64>,
    pub to_people: Vec<PersonName>,
    pub incidents: Vec<OpenIncident>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoffNoteStateQuery {
    state: Option<HandoffNoteState>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoffDraftQuery {
    /// Whose duty ends; one's own unless given.
    person_id: Option<String>,
}

/// What somebody hands over. The open incidents are added out of the record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoffNoteRequest {
    /// Whose duty ends; one's own unless given.
    pub from_person_id: Option<String>,
    /// The handoff; the person's next one unless given, or the last one for twelve hours.
    pub at_us: Option<i64>,
    #[serde(default)]
    pub text: String,
    /// What to keep an eye on, at most 50 items of 500 characters.
    #[serde(default)]
    pub watch: Vec<String>,
}

/// What the one who comes next needs to know.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBackRequest {
    pub question: String,
}

/// Handoff notes, the newest first
#[utoipa::path(get, path = "/handoff-notes", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(EntryQuery, HandoffNoteStateQuery, PageQuery), responses((status = 200, body = List<HandoffNote>), ReadProblems))]
async fn handoff_note_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<EntryQuery>,
    Query(wanted): Query<HandoffNoteStateQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<HandoffNote>>> {
    let filter = query.filter(wanted.state.map(HandoffNoteState::as_str));
    entries::list(&state, filter, &page, &reader.permit).await.map(Json)
}

/// A handoff note
#[utoipa::path(get, path = "/handoff-notes/{id}", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`hnd_…`")),
    responses((status = 200, body = HandoffNote), ReadProblems))]
async fn handoff_note_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<HandoffNote>> {
    entries::get(&state, &id, &reader.permit).await.map(Json)
}

/// The next handoff of a person, and what is open now
#[utoipa::path(get, path = "/schedules/{id}/handoff", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), HandoffDraftQuery),
    responses((status = 200, body = HandoffDraft), ReadProblems))]
async fn handoff_draft(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<HandoffDraftQuery>,
) -> ApiResult<Json<HandoffDraft>> {
    let schedule = known(&state, &id)?;
    let from = whoever(query.person_id.as_deref(), &reader.visitor, "person_id")?;
    let draft = state.engine.handoff_draft(&reader.permit, &schedule, &from).await?;
    let config = state.engine.config();
    let to = draft.next.as_ref().map_or(&[][..], |next| next.to.as_slice());
    Ok(Json(HandoffDraft {
        schedule_id: id,
        from_person: PersonName::of(&config, &from),
        at_us: draft.next.as_ref().map(|next| next.at_us),
        to_people: PersonName::all(&config, to),
        incidents: incidents(&config, &draft.incidents)?,
    }))
}

/// Write a handoff note, or write it anew
#[utoipa::path(post, path = "/schedules/{id}/handoff-notes", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), IdempotencyHeader),
    request_body = HandoffNoteRequest, responses((status = 201, body = HandoffNote), WriteProblems))]
async fn handoff_note_write(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<HandoffNoteRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let schedule = known(&state, &id)?;
    let key = write.idempotency(&responder.visitor);
    let body = write.body;
    let work = async {
        let from = whoever(body.from_person_id.as_deref(), &responder.visitor, "from_person_id")?;
        let note = WriteNote {
            from: from.clone(),
            at_us: body.at_us,
            text: body.text,
            watch: body.watch,
            incidents: Vec::new(),
        };
        state.engine.handoff_write(&responder.permit, &schedule, note).await?;
        let row = last_written(&state, &schedule, &from, &responder.permit).await?;
        HandoffNote::of_row(&row, &state.engine.config())
    };
    Ok((StatusCode::CREATED, state.once(key, work).await?))
}

/// Accept a handoff note
#[utoipa::path(post, path = "/handoff-notes/{id}/accept", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`hnd_…`"), IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 200, body = HandoffNote), WriteProblems))]
async fn handoff_note_accept(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    let command = Command::AcceptNote { id: HandoffNoteId::from(id.as_str()) };
    state.once(key, change(&state, &responder, &id, command)).await
}

/// Ask the writer of a handoff note for more
#[utoipa::path(post, path = "/handoff-notes/{id}/ask-back", tag = "oncall",
    security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`hnd_…`"), IdempotencyHeader), request_body = AskBackRequest,
    responses((status = 200, body = HandoffNote), WriteProblems))]
async fn handoff_note_ask_back(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<AskBackRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    let question = write.body.question;
    let command = Command::AskBack { id: HandoffNoteId::from(id.as_str()), question };
    state.once(key, change(&state, &responder, &id, command)).await
}

impl HandoffNoteState {
    /// As the store keeps it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::AskedBack => "asked_back",
            Self::Accepted => "accepted",
        }
    }
}

/// The note of a person that was written last.
async fn last_written(
    state: &ApiState,
    schedule: &ScheduleId,
    from: &PersonId,
    permit: &Permit,
) -> ApiResult<RosterEntryRow> {
    let filter = RosterEntryFilter {
        kind: HANDOFF_NOTE.to_owned(),
        schedule_id: Some(schedule.to_string()),
        person_id: Some(from.to_string()),
        ..RosterEntryFilter::default()
    };
    let rows = state.store().roster_entry_all(&filter, permit).await?;
    let last = rows.into_iter().max_by_key(|row| row.updated_us);
    last.ok_or_else(|| ApiError::internal(&"a handoff note is gone right after it was written"))
}

async fn change(
    state: &ApiState,
    responder: &Responder,
    id: &str,
    command: Command,
) -> ApiResult<HandoffNote> {
    let found = entries::row::<HandoffNote>(state, id, &responder.permit).await?;
    let schedule = ScheduleId::from(found.schedule_id.as_deref().unwrap_or_default());
    state.engine.submit(&responder.permit, StreamId::schedule(&schedule), command, None).await?;
    entries::get(state, id, &responder.permit).await
}

fn incidents(config: &Config, open: &[CoreIncident]) -> ApiResult<Vec<OpenIncident>> {
    let one = |incident: &CoreIncident| {
        Ok(OpenIncident {
            id: incident.id.to_string(),
            reference: format!("INC-{}", incident.number),
            title: incident.title.clone(),
            severity: word(&incident.severity)?,
            status: incident.status.clone(),
            holder: incident.holder.as_ref().map(|person| PersonName::of(config, person)),
        })
    };
    open.iter().map(one).collect()
}

impl Kind for HandoffNote {
    const KIND: &'static str = HANDOFF_NOTE;
    const WHAT: &'static str = "handoff note";
}

impl Entry for HandoffNote {
    fn of_row(row: &RosterEntryRow, config: &Config) -> ApiResult<Self> {
        let note: CoreNote = json(&row.body_json)?;
        Ok(Self {
            incidents: incidents(config, &note.incidents)?,
            state: word(note.state.as_str())?,
            from_person: PersonName::of(config, &note.from),
            to_people: PersonName::all(config, &note.to),
            answered_by: note.answered_by.as_ref().map(|person| PersonName::of(config, person)),
            id: note.id.to_string(),
            schedule_id: note.schedule.to_string(),
            at_us: note.at_us,
            text: note.text,
            watch: note.watch,
            question: note.question,
            reminded: note.reminded,
            created_us: note.created_us,
            written_us: note.written_us,
            changed_us: note.changed_us,
        })
    }
}
