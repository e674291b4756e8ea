//! The vendor's shapes: what it is sent, and what it answers.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::id::SignalId;
use decurion_core::intake::opsgenie;
use decurion_core::intake::{AlertSeverity, IntakeError, IntakeErrorKind, Integration};
use decurion_store::AlertRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named_twice;
use crate::problem::ApiResult;
use crate::state::ApiState;
use crate::words::json;

/// The header that names a request, as the vendor's clients look for it.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The words of a query, as they were sent: what is wrong with one is answered in the vendor's shape.
pub(super) type Words = BTreeMap<String, String>;

/// An alert, as Opsgenie documents it.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct OpsgenieAlertRequest {
    /// What happened, in one line.
    pub message: String,
    /// What makes two requests the same alert.
    pub alias: Option<String>,
    pub description: Option<String>,
    pub responders: Option<Vec<BTreeMap<String, String>>>,
    pub tags: Option<Vec<String>>,
    pub details: Option<BTreeMap<String, String>>,
    pub entity: Option<String>,
    pub source: Option<String>,
    /// `P1` to `P5`.
    pub priority: Option<String>,
    pub user: Option<String>,
    pub note: Option<String>,
}

/// What is said with an acknowledgement or an end.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct OpsgenieFollowUpRequest {
    pub user: Option<String>,
    pub source: Option<String>,
    pub note: Option<String>,
}

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "names the shape in the API document")]
pub(crate) struct OpsgenieNoteRequest {
    pub note: String,
    pub user: Option<String>,
    pub source: Option<String>,
}

/// What was asked is committed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieAccepted {
    /// `Request will be processed`
    pub result: String,
    /// Seconds.
    pub took: f64,
    pub request_id: String,
}

/// What was asked is refused.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieRefused {
    pub message: String,
    /// Seconds.
    pub took: f64,
    pub request_id: String,
    /// What is wrong, by field.
    pub errors: BTreeMap<String, String>,
}

/// What was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieAnswer<T> {
    pub data: T,
    /// Seconds.
    pub took: f64,
    pub request_id: String,
}

/// Alerts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieAlerts {
    pub data: Vec<OpsgenieAlert>,
    /// The addresses `first`, and `next` where there is more.
    pub paging: BTreeMap<String, String>,
    /// Seconds.
    pub took: f64,
    pub request_id: String,
}

/// How many alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpsgenieCount {
    pub count: usize,
}

/// What became of a request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieProgress {
    pub success: bool,
    pub is_success: bool,
    /// `Create`, `Acknowledge`, `Close` or `AddNote`
    pub action: String,
    pub processed_at: String,
    pub integration_id: String,
    pub status: String,
    pub alert_id: String,
    pub alias: String,
}

/// An alert as its sender may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpsgenieAlert {
    pub id: String,
    /// The id: there is no other.
    pub tiny_id: String,
    pub alias: String,
    pub message: String,
    pub description: String,
    /// `open` or `closed`
    pub status: String,
    pub acknowledged: bool,
    pub tags: Vec<String>,
    pub details: BTreeMap<String, String>,
    pub entity: String,
    pub source: String,
    pub priority: String,
    /// How many requests it stands for.
    pub count: i64,
    pub created_at: String,
    pub updated_at: String,
    pub last_occurred_at: String,
    pub integration: OpsgenieIntegration,
}

/// Where an alert came from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpsgenieIntegration {
    pub id: String,
    pub name: String,
    /// `API`
    pub r#type: String,
}

/// Why something is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    errors: BTreeMap<String, String>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        Self { status, message: message.to_owned(), errors: BTreeMap::new() }
    }

    /// One field is wrong.
    pub(super) fn field(field: &str, wrong: &str) -> Self {
        let errors = BTreeMap::from([(field.to_owned(), wrong.to_owned())]);
        Self { errors, ..Self::unprocessable() }
    }

    fn unprocessable() -> Self {
        let message = "Request body is not processable. Please check the errors.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// What a body does wrong.
    pub(super) fn of(error: &IntakeError) -> Self {
        let errors = opsgenie::error_fields(error);
        if error.kind == IntakeErrorKind::Syntax {
            let refusal =
                Self::new(StatusCode::BAD_REQUEST, "Request body is not a JSON object as taken here.");
            return Self { errors, ..refusal };
        }
        Self { errors, ..Self::unprocessable() }
    }
}

/// A request under way: its id, and since when.
pub(super) struct Asked<'a> {
    pub(super) signal: SignalId,
    state: &'a ApiState,
    since_us: i64,
}

impl<'a> Asked<'a> {
    pub(super) fn now(state: &'a ApiState) -> Self {
        Self { signal: state.engine.signal_id(), state, since_us: state.engine.now_us() }
    }

    /// Seconds since it was asked.
    pub(super) fn took(&self) -> f64 {
        let took_us = self.state.engine.now_us().saturating_sub(self.since_us);
        Duration::from_micros(u64::try_from(took_us).unwrap_or(0)).as_secs_f64()
    }

    pub(super) fn accepted(&self) -> Response {
        let body = OpsgenieAccepted {
            result: "Request will be processed".to_owned(),
            took: self.took(),
            request_id: self.signal.to_string(),
        };
        (StatusCode::ACCEPTED, named_twice(&self.signal), Json(body)).into_response()
    }

    pub(super) fn refused(&self, refusal: &Refusal) -> Response {
        let body = OpsgenieRefused {
            message: refusal.message.clone(),
            took: self.took(),
            request_id: self.signal.to_string(),
            errors: refusal.errors.clone(),
        };
        (refusal.status, Json(body)).into_response()
    }

    pub(super) fn answered<T: Serialize>(&self, data: T) -> Response {
        let body = OpsgenieAnswer { data, took: self.took(), request_id: self.signal.to_string() };
        Json(body).into_response()
    }
}

impl OpsgenieAlert {
    pub(super) fn of(row: AlertRow, integration: &Integration) -> ApiResult<Self> {
        let labels: BTreeMap<String, String> = json(&row.labels_json)?;
        let severity: AlertSeverity =
            crate::words::word::<crate::words::AlertSeverity>(&row.severity)?.into();
        let (tags, details) = opsgenie::tags_and_details(&labels);
        let said = |name: &str| labels.get(name).cloned();
        Ok(Self {
            tiny_id: row.id.clone(),
            id: row.id,
            alias: row.dedup_key,
            message: row.title,
            description: row.description,
            status: if row.status == "resolved" { "closed" } else { "open" }.to_owned(),
            acknowledged: row.status == "acknowledged",
            tags: tags.into_iter().map(ToOwned::to_owned).collect(),
            details: details.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
            entity: said("entity").unwrap_or_default(),
            source: row.source,
            priority: said("priority").unwrap_or_else(|| opsgenie::priority(severity).to_owned()),
            count: row.count,
            created_at: instant(row.opened_us),
            updated_at: instant(row.resolved_us.unwrap_or(row.last_us).max(row.last_us)),
            last_occurred_at: instant(row.last_us),
            integration: OpsgenieIntegration {
                id: integration.id.to_string(),
                name: integration.name.clone(),
                r#type: "API".to_owned(),
            },
        })
    }
}

/// An instant as the vendor writes it, to the millisecond.
pub(super) fn instant(at_us: i64) -> String {
    let at = Timestamp::from_microsecond(at_us).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}
