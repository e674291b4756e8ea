//! A calendar of another tool as overrides of a schedule: first what would be entered, then entered.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use decurion_core::ical::{self, IcalError, Imported, MatchedBy as CoreMatch};
use decurion_core::id::{OverrideId, PersonId};
use decurion_core::oncall::Override;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::gate::Responder;
use crate::params::{Path, Query};
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;

const DAY_US: i64 = 86_400 * 1_000_000;
/// Days from now on that are entered unless more is asked.
const DEFAULT_DAYS: i64 = 180;
const MOST_DAYS: i64 = 400;

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(schedule_import))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Enters what is found. Without it, nothing is changed and the answer says what would be entered.
    #[serde(default)]
    enter: bool,
    /// Enters the rest although some events name nobody who is known.
    #[serde(default)]
    skip_unmatched: bool,
    /// Shifts that end before this instant are passed over; now unless given.
    from_us: Option<i64>,
    /// Shifts that begin at this instant or later are passed over; 180 days after `from_us` unless given, at
    /// most 400.
    to_us: Option<i64>,
}

/// What a calendar gives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarImport {
    pub from_us: i64,
    pub to_us: i64,
    /// By their beginning.
    pub shifts: Vec<ImportedShift>,
    /// Events that name nobody who is known, in the order of the file.
    pub unmatched: Vec<UnmatchedEvent>,
    /// Events that are over, lie too far ahead, or were cancelled.
    pub passed_over: usize,
    /// How many overrides this request has entered.
    pub entered: usize,
}

/// A shift out of a calendar: an override that fixes who is on call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedShift {
    /// The id of its override; the same each time the calendar is imported.
    pub override_id: String,
    /// It was entered by an earlier import.
    pub known: bool,
    /// The line of the file at which its event begins.
    pub line: usize,
    pub summary: String,
    pub start_us: i64,
    pub end_us: i64,
    pub people: Vec<String>,
    pub matched_by: MatchedBy,
}

/// An event that names nobody who is known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnmatchedEvent {
    pub line: usize,
    pub summary: String,
    pub why: String,
}

/// What of an event named the people.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MatchedBy {
    Attendee,
    Email,
    Name,
    Id,
    Organizer,
}

/// Read a calendar as overrides of a schedule
///
/// Without `enter`, nothing is changed. The same calendar may be imported again: what is there stays.
#[utoipa::path(post, path = "/schedules/{id}/import", tag = "oncall", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "The schedule"), ImportQuery),
    request_body(content = String, content_type = "text/calendar", description = "A calendar (RFC 5545), at most 2 MiB"),
    responses((status = 200, body = CalendarImport), WriteProblems))]
async fn schedule_import(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    Query(query): Query<ImportQuery>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Json<CalendarImport>> {
    let config = state.engine.config();
    let unknown = || ApiError::not_found(format!("There is no schedule {id}."));
    let schedule = config.schedules.get(&id.as_str().into()).cloned().ok_or_else(unknown)?;
    let text = text(&headers, &body)?;
    let (from, to) = window(&query, state.engine.now_us())?;
    let schedule_id = schedule.id.clone();
    let read = move || ical::import(&config, &schedule, &text, from, to);
    let imported = tokio::task::spawn_blocking(read).await.map_err(|error| ApiError::internal(&error))?;
    let imported = imported.map_err(|error| refused(&error))?;
    let visitor = &responder.visitor;
    let author = visitor.person.clone().unwrap_or_else(|| PersonId::new(visitor.email.clone()));
    let entries = imported.overrides(&schedule_id, &author, "Imported from a calendar");
    let known: BTreeSet<OverrideId> =
        state.engine.overrides_entered(&schedule_id, &entries).into_iter().collect();
    let mut answer = answer(&imported, &entries, &known, (from, to));
    if query.enter {
        let mut seen = known;
        let new: Vec<Override> = entries.into_iter().filter(|entry| seen.insert(entry.id.clone())).collect();
        check_whole(&imported, query.skip_unmatched)?;
        answer.entered = new.len();
        state.engine.override_add_all(&responder.permit, &schedule_id, new).await?;
    }
    Ok(Json(answer))
}

fn text(headers: &HeaderMap, body: &[u8]) -> ApiResult<String> {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = declared.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("text/calendar") {
        let detail = "Send the calendar with Content-Type: text/calendar.";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail));
    }
    let text = String::from_utf8(body.to_vec());
    text.map_err(|error| {
        let read = String::from_utf8_lossy(&body[..error.utf8_error().valid_up_to()]);
        let line = read.matches('\n').count() + 1;
        ApiError::invalid("body", format!("line {line} is not UTF-8; save the calendar as UTF-8"))
    })
}

fn window(query: &ImportQuery, now_us: i64) -> ApiResult<(Timestamp, Timestamp)> {
    let from_us = query.from_us.unwrap_or(now_us);
    let to_us = query.to_us.unwrap_or_else(|| from_us.saturating_add(DEFAULT_DAYS * DAY_US));
    if to_us <= from_us || to_us.saturating_sub(from_us) > MOST_DAYS * DAY_US {
        let detail = format!("give an instant after from_us, at most {MOST_DAYS} days after it");
        return Err(ApiError::invalid("to_us", detail));
    }
    let instant = |field: &'static str, at_us| {
        Timestamp::from_microsecond(at_us)
            .map_err(|_| ApiError::invalid(field, "this is no instant that a calendar has"))
    };
    Ok((instant("from_us", from_us)?, instant("to_us", to_us)?))
}

fn refused(error: &IcalError) -> ApiError {
    ApiError::invalid(error.property.clone(), error.to_string())
}

/// Half a roster is entered only when somebody says so.
fn check_whole(imported: &Imported, skip_unmatched: bool) -> ApiResult<()> {
    let Some(first) = imported.skipped.first().filter(|_| !skip_unmatched) else { return Ok(()) };
    let detail = format!(
        "{} of the events name nobody who is known, the first at line {}: {}. Nothing was entered. Mend the \
         calendar, or enter the rest with skip_unmatched.",
        imported.skipped.len(),
        first.line,
        first.why
    );
    Err(ApiError::refused("refused", detail))
}

fn answer(
    imported: &Imported,
    entries: &[Override],
    known: &BTreeSet<OverrideId>,
    (from, to): (Timestamp, Timestamp),
) -> CalendarImport {
    let shifts = imported.shifts.iter().zip(entries).map(|(shift, entry)| ImportedShift {
        override_id: entry.id.to_string(),
        known: known.contains(&entry.id),
        line: shift.line,
        summary: shift.summary.clone(),
        start_us: shift.start.as_microsecond(),
        end_us: shift.end.as_microsecond(),
        people: shift.people.iter().map(ToString::to_string).collect(),
        matched_by: match shift.matched_by {
            CoreMatch::Attendee => MatchedBy::Attendee,
            CoreMatch::Email => MatchedBy::Email,
            CoreMatch::Name => MatchedBy::Name,
            CoreMatch::Id => MatchedBy::Id,
            CoreMatch::Organizer => MatchedBy::Organizer,
        },
    });
    let unmatched = imported.skipped.iter().map(|event| UnmatchedEvent {
        line: event.line,
        summary: event.summary.clone(),
        why: event.why.clone(),
    });
    CalendarImport {
        from_us: from.as_microsecond(),
        to_us: to.as_microsecond(),
        shifts: shifts.collect(),
        unmatched: unmatched.collect(),
        passed_over: imported.passed_over,
        entered: 0,
    }
}
