//! What a silence would be about, before anybody makes it.

use axum::Json;
use axum::extract::State;
use decurion_core::silence::{Quiet, Silence as CoreSilence, Subject};
use decurion_store::{AlertFilter, AlertRow, AlertStatus, Window};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shape::{Matcher, core_matchers};
use crate::alert::{Alert, alert_of, event_of};
use crate::gate::Responder;
use crate::problem::{ApiResult, WriteProblems};
use crate::state::ApiState;
use crate::write::Write;

/// Alerts that are looked at: the newest of each list.
const LOOKED_AT: u32 = 1_000;
/// Alerts that are shown.
const SHOWN: usize = 5;
const RECENT_US: i64 = 7 * 86_400 * 1_000_000;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(silence_preview))
}

/// Matchers to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilencePreviewRequest {
    pub matchers: Vec<Matcher>,
}

/// What matchers are about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SilencePreview {
    /// Alerts that are open and match. Those with an incident stay as they are.
    pub open: usize,
    /// Alerts of the last seven days that match.
    pub recent: usize,
    /// Alerts of the last seven days that were looked at, at most 1,000.
    pub looked_at: usize,
    /// The newest that match, at most five.
    pub newest: Vec<Alert>,
}

/// What matchers are about: alerts that are open or of the last seven days. Changes nothing
#[utoipa::path(post, path = "/silences/preview", tag = "silence",
    security(("bearer" = []), ("cookie" = [])), request_body = SilencePreviewRequest,
    responses((status = 200, body = SilencePreview), WriteProblems))]
async fn silence_preview(
    State(state): State<ApiState>,
    responder: Responder,
    write: Write<SilencePreviewRequest>,
) -> ApiResult<Json<SilencePreview>> {
    let now_us = state.engine.now_us();
    let quiet = Quiet::new(CoreSilence {
        id: "sil_preview".into(),
        matchers: core_matchers(write.body.matchers)?,
        start_us: now_us,
        end_us: now_us,
        repeat: None,
        author: "preview".into(),
        reason: String::new(),
        said_by: None,
    })?;
    let (window, permit) = (Window::first(LOOKED_AT), &responder.permit);
    let mut lists = Vec::new();
    for status in [AlertStatus::Open, AlertStatus::Any] {
        let filter = AlertFilter { status, ..AlertFilter::default() };
        lists.push(state.store().alert_list(&filter, &window, permit).await?.rows);
    }
    let mut all = lists.pop().unwrap_or_default();
    all.retain(|row| row.opened_us > now_us - RECENT_US);
    let looked_at = all.len();
    let open = matching(&quiet, lists.pop().unwrap_or_default())?.len();
    let recent = matching(&quiet, all)?;
    let config = state.engine.config();
    let newest = recent.iter().take(SHOWN).map(|row| alert_of(row.clone(), &config, None, now_us));
    let newest = newest.collect::<ApiResult<_>>()?;
    Ok(Json(SilencePreview { open, recent: recent.len(), looked_at, newest }))
}

fn matching(quiet: &Quiet, rows: Vec<AlertRow>) -> ApiResult<Vec<AlertRow>> {
    let mut found = Vec::new();
    for row in rows {
        let event = event_of(&row)?;
        let integration = row.integration_id.as_str().into();
        if quiet.matches(&Subject::of(&integration, &event, event.severity)) {
            found.push(row);
        }
    }
    Ok(found)
}
