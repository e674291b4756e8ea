//! Signals: what arrived, as it arrived.

use axum::Json;
use axum::extract::State;
use decurion_core::config::Config;
use decurion_core::id::SignalId;
use decurion_core::intake::IntegrationKind;
use decurion_store::SignalRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::alert::integration_name;
use crate::gate::{Reader, Responder};
use crate::incident::EmptyRequest;
use crate::intake::{failure_words, sns};
use crate::params::{List, PageQuery, Path, Query};
use crate::problem::{ApiError, ApiResult, ReadProblems, WriteProblems};
use crate::state::ApiState;
use crate::words::word;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(signal_list))
        .routes(routes!(signal_get))
        .routes(routes!(signal_replay))
}

/// What arrived from outside.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Signal {
    pub id: String,
    pub integration_id: String,
    pub integration_name: String,
    pub received_us: i64,
    pub content_type: String,
    /// As it arrived; in lists its first 2,000 characters. What is no text is in Base64.
    pub body: String,
    /// Length of the body as it arrived.
    pub body_bytes: i64,
    pub outcome: SignalOutcome,
    /// Why it was not interpreted.
    pub reason: Option<String>,
    /// The field at fault.
    pub field: Option<String>,
    /// The alerts that it concerns; not in lists of all signals.
    pub alert_ids: Vec<String>,
}

/// What became of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignalOutcome {
    Interpreted,
    Uninterpretable,
    Ignored,
    /// A topic of SNS asks to be subscribed; it is tried until SNS confirms.
    Confirming,
    /// The topic is subscribed.
    Confirmed,
}

impl SignalOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Interpreted => "interpreted",
            Self::Uninterpretable => "uninterpretable",
            Self::Ignored => "ignored",
            Self::Confirming => "confirming",
            Self::Confirmed => "confirmed",
        }
    }
}

/// What a signal gave when it was tried again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Replayed {
    pub outcome: SignalOutcome,
    pub alert_ids: Vec<String>,
    /// Why it still gives nothing.
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignalQuery {
    /// Only those with this outcome.
    #[param(inline)]
    outcome: Option<SignalOutcome>,
}

/// Signals, the newest first
#[utoipa::path(get, path = "/signals", tag = "signal", security(("bearer" = []), ("cookie" = [])),
    params(SignalQuery, PageQuery), responses((status = 200, body = List<Signal>), ReadProblems))]
async fn signal_list(
    State(state): State<ApiState>,
    reader: Reader,
    Query(query): Query<SignalQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<List<Signal>>> {
    let outcome = query.outcome.map(SignalOutcome::as_str);
    let listed = state.store().signal_list(outcome, &page.window()?, &reader.permit).await?;
    let config = state.engine.config();
    Ok(Json(List::of(listed, |row| signal_of(row, &config))?))
}

/// One signal, whole
#[utoipa::path(get, path = "/signals/{id}", tag = "signal", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`sig_…`")),
    responses((status = 200, body = Signal), ReadProblems))]
async fn signal_get(
    State(state): State<ApiState>,
    reader: Reader,
    Path(id): Path<String>,
) -> ApiResult<Json<Signal>> {
    let found = state.store().signal_get(&id, &reader.permit).await?;
    let row = found.ok_or_else(|| ApiError::not_found(format!("There is no signal {id}.")))?;
    Ok(Json(signal_of(row, &state.engine.config())?))
}

/// Interpret a signal again, after its mapping was mended
#[utoipa::path(post, path = "/signals/{id}/replay", tag = "signal", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`sig_…`"), IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 200, body = Replayed), WriteProblems))]
async fn signal_replay(
    State(state): State<ApiState>,
    responder: Responder,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&responder.visitor);
    state.once(key, replay(&state, &responder, id)).await
}

/// A request for a subscription is no alert: to try it again is to confirm it.
async fn subscribe_again(state: &ApiState, row: SignalRow) -> ApiResult<Option<Replayed>> {
    let integration = state.engine.integration(&row.integration_id.as_str().into());
    let Some(integration) = integration.filter(|known| known.kind == IntegrationKind::AwsSns) else {
        return Ok(None);
    };
    if !sns::is_request(&row.body_as_sent()) {
        return Ok(None);
    }
    let reason = Some("The subscription is asked for again.".to_owned());
    let row = SignalRow { outcome: sns::CONFIRMING.to_owned(), reason: reason.clone(), ..row };
    state.engine.note(&integration, row).await?;
    state.sns.tell();
    Ok(Some(Replayed { outcome: SignalOutcome::Confirming, alert_ids: Vec::new(), reason }))
}

async fn replay(state: &ApiState, responder: &Responder, id: String) -> ApiResult<Replayed> {
    let row = state.store().signal_get(&id, &responder.permit).await?;
    let row = row.ok_or_else(|| ApiError::not_found(format!("There is no signal {id}.")))?;
    if let Some(again) = subscribe_again(state, row).await? {
        return Ok(again);
    }
    match state.engine.replay_signal(&responder.permit, &SignalId::new(id)).await {
        Ok(accepted) => {
            Ok(Replayed { outcome: SignalOutcome::Interpreted, alert_ids: accepted.alerts, reason: None })
        }
        Err(failure) => {
            let reason = Some(failure_words(failure)?);
            Ok(Replayed { outcome: SignalOutcome::Uninterpretable, alert_ids: Vec::new(), reason })
        }
    }
}

/// The signal of a row.
pub(crate) fn signal_of(row: SignalRow, config: &Config) -> ApiResult<Signal> {
    Ok(Signal {
        integration_name: integration_name(config, &row.integration_id),
        outcome: word(&row.outcome)?,
        id: row.id,
        integration_id: row.integration_id,
        received_us: row.received_us,
        content_type: row.content_type,
        body: row.body,
        body_bytes: row.body_bytes,
        reason: row.reason,
        field: row.field,
        alert_ids: row.alert_ids,
    })
}
