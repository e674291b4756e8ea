//! What a sender may read: its own alerts, and what became of its requests.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::intake::Integration;
use decurion_core::intake::opsgenie::{Ask, FollowUp, parse};
use decurion_store::{AlertFilter, AlertRow, AlertStatus, SignalRow, Window};

use super::answers::{
    Asked, OpsgenieAlert, OpsgenieAlerts, OpsgenieAnswer, OpsgenieCount, OpsgenieProgress, OpsgenieRefused,
    Refusal, Words, instant,
};
use super::{Identifier, find, reading, sender};
use crate::params::{Path, Query};
use crate::problem::{ApiResult, Problem};
use crate::state::ApiState;

/// The most alerts that a list goes through, as with the vendor.
const MOST: usize = 20_000;
/// The most alerts of one answer.
const MOST_AT_ONCE: usize = 100;
/// The alerts of one answer unless the sender says how many.
const AT_ONCE: usize = 20;
/// Rows of one read.
const WINDOW: u32 = 500;

/// List the alerts of an integration the way Opsgenie does
#[utoipa::path(get, path = "/v2/alerts", tag = "intake", security(("genie" = [])),
    params(
        ("query" = Option<String>, Query, description = "`status: open` or nothing"),
        ("limit" = Option<u32>, Query, description = "1 to 100; 20 unless given"),
        ("offset" = Option<u32>, Query, description = "How many to pass over; with the limit at most 20,000"),
    ),
    responses(
        (status = 200, body = OpsgenieAlerts, description = "The newest first"),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 422, body = OpsgenieRefused, description = "A parameter is wrong"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
pub(super) async fn opsgenie_list(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Query(words): Query<Words>,
) -> ApiResult<Response> {
    let asked = Asked::now(&state);
    let read = sender(&state, &headers).and_then(|of| Ok((of, Part::of(&words)?)));
    let (integration, part) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    let rows = rows(&state, &integration, part.status.clone(), part.offset + part.limit + 1).await?;
    let more = rows.len() > part.offset + part.limit;
    let wanted = rows.into_iter().skip(part.offset).take(part.limit);
    let body = OpsgenieAlerts {
        data: wanted.map(|row| OpsgenieAlert::of(row, &integration)).collect::<ApiResult<_>>()?,
        paging: part.paging(state.engine.links().base_url(), more),
        took: asked.took(),
        request_id: asked.signal.to_string(),
    };
    Ok(Json(body).into_response())
}

/// Count the alerts of an integration the way Opsgenie does
#[utoipa::path(get, path = "/v2/alerts/count", tag = "intake", security(("genie" = [])),
    params(("query" = Option<String>, Query, description = "`status: open` or nothing")),
    responses(
        (status = 200, body = OpsgenieAnswer<OpsgenieCount>, description = "At most 20,000 are counted"),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 422, body = OpsgenieRefused, description = "A parameter is wrong"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
pub(super) async fn opsgenie_count(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Query(words): Query<Words>,
) -> ApiResult<Response> {
    let asked = Asked::now(&state);
    let read = sender(&state, &headers).and_then(|of| Ok((of, status(&words)?)));
    let (integration, status) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    let count = rows(&state, &integration, status, MOST).await?.len();
    Ok(asked.answered(OpsgenieCount { count }))
}

/// Read an alert the way Opsgenie shows it
#[utoipa::path(get, path = "/v2/alerts/{id}", tag = "intake", security(("genie" = [])),
    params(
        ("id" = String, Path, description = "The alert"),
        ("identifierType" = Option<String>, Query, description = "What the alert is named by: `id` unless given, `tiny` or `alias`"),
    ),
    responses(
        (status = 200, body = OpsgenieAnswer<OpsgenieAlert>),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 404, body = OpsgenieRefused, description = "The integration has no such alert"),
        (status = 422, body = OpsgenieRefused, description = "A parameter is wrong"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
pub(super) async fn opsgenie_get(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(words): Query<Words>,
) -> ApiResult<Response> {
    let asked = Asked::now(&state);
    let read = sender(&state, &headers).and_then(|of| Ok((of, Identifier::of(&words)?.0)));
    let (integration, kind) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    match find(&state, &integration, kind, &id).await? {
        Some(row) => Ok(asked.answered(OpsgenieAlert::of(row, &integration)?)),
        None => Ok(asked.refused(&Refusal::new(StatusCode::NOT_FOUND, "Alert does not exist"))),
    }
}

/// Ask what became of a request
#[utoipa::path(get, path = "/v2/alerts/requests/{id}", tag = "intake", security(("genie" = [])),
    params(("id" = String, Path, description = "The requestId of an answer")),
    responses(
        (status = 200, body = OpsgenieAnswer<OpsgenieProgress>),
        (status = 401, body = OpsgenieRefused, description = "There is no key"),
        (status = 403, body = OpsgenieRefused, description = "No enabled integration has this key"),
        (status = 404, body = OpsgenieRefused, description = "Nothing of that id is kept"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
pub(super) async fn opsgenie_progress(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let asked = Asked::now(&state);
    let integration = match sender(&state, &headers) {
        Ok(integration) => integration,
        Err(refusal) => return Ok(asked.refused(&refusal)),
    };
    let permit = reading()?;
    let kept = state.store().signal_get(&id, &permit).await?;
    let Some(kept) = kept.filter(|kept| kept.integration_id == integration.id.as_str()) else {
        let missing =
            Refusal::new(StatusCode::NOT_FOUND, "Request not found. It might not be processed, yet.");
        return Ok(asked.refused(&missing));
    };
    let alert = match kept.alert_ids.first() {
        Some(alert) => state.store().alert_get(alert, &permit).await?,
        None => None,
    };
    Ok(asked.answered(OpsgenieProgress::of(&kept, alert)))
}

impl OpsgenieProgress {
    fn of(kept: &SignalRow, alert: Option<AlertRow>) -> Self {
        let body = parse(&kept.body_as_sent()).ok();
        let (action, done) = match body.as_ref().and_then(FollowUp::of_envelope).map(|known| known.ask) {
            None => ("Create", "Created alert"),
            Some(Ask::Acknowledge) => ("Acknowledge", "Acknowledged alert"),
            Some(Ask::Close) => ("Close", "Closed alert"),
            Some(Ask::Note) => ("AddNote", "Added note"),
        };
        let success = alert.is_some();
        let (alert_id, alias) = alert.map(|row| (row.id, row.dedup_key)).unwrap_or_default();
        Self {
            success,
            is_success: success,
            action: action.to_owned(),
            processed_at: instant(kept.received_us),
            integration_id: kept.integration_id.clone(),
            status: if success { done } else { "Alert does not exist" }.to_owned(),
            alert_id,
            alias,
        }
    }
}

/// Which part of a list.
struct Part {
    status: AlertStatus,
    limit: usize,
    offset: usize,
}

impl Part {
    fn of(words: &Words) -> Result<Self, Refusal> {
        let limit = number(words, "limit", AT_ONCE)?;
        let offset = number(words, "offset", 0)?;
        if limit == 0 || limit > MOST_AT_ONCE {
            return Err(Refusal::field("limit", "Field `limit` should be 1 to 100."));
        }
        if offset.saturating_add(limit) > MOST {
            return Err(Refusal::field(
                "offset",
                "Fields `offset` and `limit` together should be at most 20000.",
            ));
        }
        Ok(Self { status: status(words)?, limit, offset })
    }

    /// The addresses of the first part and of the one that follows.
    fn paging(&self, base: &str, more: bool) -> BTreeMap<String, String> {
        let query = if self.status == AlertStatus::Open { "&query=status%3Aopen" } else { "" };
        let address = |offset| format!("{base}/v2/alerts?limit={}&offset={offset}{query}", self.limit);
        let mut paging = BTreeMap::from([("first".to_owned(), address(0))]);
        if more {
            paging.insert("next".to_owned(), address(self.offset + self.limit));
        }
        paging
    }
}

fn number(words: &Words, name: &str, otherwise: usize) -> Result<usize, Refusal> {
    let Some(word) = words.get(name) else { return Ok(otherwise) };
    word.parse().map_err(|_| Refusal::field(name, &format!("Field `{name}` should be a whole number.")))
}

/// What the vendor's query language is taken for here.
fn status(words: &Words) -> Result<AlertStatus, Refusal> {
    let query: String = words.get("query").map_or("", String::as_str).split_whitespace().collect();
    match query.as_str() {
        "" => Ok(AlertStatus::Any),
        "status:open" | "status=open" => Ok(AlertStatus::Open),
        _ => Err(Refusal::field(
            "query",
            "Field `query` should be `status: open`; nothing else is searched for here.",
        )),
    }
}

/// The newest alerts of the integration, at most so many.
async fn rows(
    state: &ApiState,
    integration: &Integration,
    status: AlertStatus,
    most: usize,
) -> ApiResult<Vec<AlertRow>> {
    let permit = reading()?;
    let filter =
        AlertFilter { status, integration_id: Some(integration.id.to_string()), ..AlertFilter::default() };
    let mut rows = Vec::new();
    let mut window = Window::first(WINDOW);
    loop {
        let listed = state.store().alert_list(&filter, &window, &permit).await?;
        rows.extend(listed.rows);
        match listed.next {
            Some(next) if rows.len() < most => window = Window::after(WINDOW, Some(next)),
            _ => break,
        }
    }
    rows.truncate(most);
    Ok(rows)
}
