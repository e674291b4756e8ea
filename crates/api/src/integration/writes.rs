//! Making, changing, testing and removing integrations.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::Permit;
use decurion_core::id::IntegrationId;
use decurion_core::intake;
use decurion_engine::{IntegrationPatch, NewIntegration, Received};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Configurer;
use crate::incident::{EmptyRequest, reference};
use crate::intake::failure;
use crate::integration::reads::one;
use crate::integration::{Integration, IntegrationKind, MappingText, url};
use crate::params::Path;
use crate::problem::{ApiError, ApiResult, WriteProblems};
use crate::state::ApiState;
use crate::words::AlertSeverity;
use crate::write::{IdempotencyHeader, Write};

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(integration_create))
        .routes(routes!(integration_change, integration_remove))
        .routes(routes!(integration_rotate))
        .routes(routes!(integration_test))
}

/// A source to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntegrationRequest {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    pub kind: IntegrationKind,
    /// For `generic`; without one, the names that most senders use are tried.
    pub mapping: Option<MappingText>,
    /// `error` unless given.
    pub default_severity: Option<AlertSeverity>,
    /// No unless given.
    pub auto_resolve: Option<bool>,
}

/// What changes; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntegrationChangeRequest {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub mapping: Option<MappingText>,
    pub default_severity: Option<AlertSeverity>,
    pub auto_resolve: Option<bool>,
}

/// A source that was made, with its key. The key is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationCreated {
    #[serde(flatten)]
    pub integration: Integration,
    pub key: String,
    /// Where the sender sends to.
    pub url: String,
}

/// A new key. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationKey {
    pub key: String,
    /// Where the sender sends to.
    pub url: String,
}

/// What a test alert led to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationTested {
    pub signal_id: String,
    pub alert_id: Option<String>,
    pub incident_reference: Option<String>,
}

/// Make a source of alerts; its key is shown once
#[utoipa::path(post, path = "/integrations", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    params(IdempotencyHeader), request_body = IntegrationRequest,
    responses((status = 201, body = IntegrationCreated), WriteProblems))]
async fn integration_create(
    State(state): State<ApiState>,
    configurer: Configurer,
    write: Write<IntegrationRequest>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let key = write.idempotency(&configurer.visitor);
    let work = create(&state, &configurer.permit, write.body);
    Ok((StatusCode::CREATED, state.replays.once(key, work).await?))
}

async fn create(
    state: &ApiState,
    permit: &Permit,
    asked: IntegrationRequest,
) -> ApiResult<IntegrationCreated> {
    check_name(&asked.name)?;
    let new = NewIntegration {
        name: asked.name.trim().to_owned(),
        kind: asked.kind.into(),
        mapping: checked(asked.mapping)?,
        default_severity: asked.default_severity.map_or(intake::AlertSeverity::Error, Into::into),
        auto_resolve: asked.auto_resolve.unwrap_or(false),
    };
    let (id, key) = state.engine.integration_create(permit, new).await?;
    let integration = one(state, id.as_str(), permit).await?;
    let url = url(state.engine.links().base_url(), asked.kind, &key);
    Ok(IntegrationCreated { integration, key, url })
}

/// Give a source a new key; the old one no longer opens anything
#[utoipa::path(post, path = "/integrations/{id}/rotate", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`int_…`"), IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 200, body = IntegrationKey), WriteProblems))]
async fn integration_rotate(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<Json<Value>> {
    let integration = one(&state, &id, &configurer.permit).await?;
    let key = write.idempotency(&configurer.visitor);
    let work = async {
        let key = state.engine.integration_rotate(&configurer.permit, &IntegrationId::new(id)).await?;
        let url = url(state.engine.links().base_url(), integration.kind, &key);
        Ok(IntegrationKey { key, url })
    };
    state.replays.once(key, work).await
}

/// Change a source
#[utoipa::path(patch, path = "/integrations/{id}", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`int_…`"), IdempotencyHeader), request_body = IntegrationChangeRequest,
    responses((status = 200, body = Integration), WriteProblems))]
async fn integration_change(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path(id): Path<String>,
    write: Write<IntegrationChangeRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&configurer.visitor);
    state.once(key, change(&state, &configurer.permit, &id, write.body)).await
}

async fn change(
    state: &ApiState,
    permit: &Permit,
    id: &str,
    asked: IntegrationChangeRequest,
) -> ApiResult<Integration> {
    one(state, id, permit).await?;
    if let Some(name) = &asked.name {
        check_name(name)?;
    }
    let patch = IntegrationPatch {
        name: asked.name.map(|name| name.trim().to_owned()),
        enabled: asked.enabled,
        mapping: checked(asked.mapping)?,
        default_severity: asked.default_severity.map(Into::into),
        auto_resolve: asked.auto_resolve,
    };
    state.engine.integration_change(permit, &IntegrationId::from(id), patch).await?;
    one(state, id, permit).await
}

/// Remove a source; its key no longer opens anything
#[utoipa::path(delete, path = "/integrations/{id}", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`int_…`"), IdempotencyHeader),
    responses((status = 204, description = "Removed"), WriteProblems))]
async fn integration_remove(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<StatusCode> {
    let key = write.idempotency(&configurer.visitor);
    let work = async {
        one(&state, &id, &configurer.permit).await?;
        Ok(state.engine.integration_remove(&configurer.permit, &IntegrationId::from(id.as_str())).await?)
    };
    let _ = state.once(key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a test alert through the real intake: somebody is paged
#[utoipa::path(post, path = "/integrations/{id}/test", tag = "integration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = String, Path, description = "`int_…`"), IdempotencyHeader), request_body = EmptyRequest,
    responses((status = 200, body = IntegrationTested), WriteProblems))]
async fn integration_test(
    State(state): State<ApiState>,
    configurer: Configurer,
    Path(id): Path<String>,
    write: Write<EmptyRequest>,
) -> ApiResult<Json<Value>> {
    let key = write.idempotency(&configurer.visitor);
    state.once(key, test(&state, &configurer.permit, id)).await
}

async fn test(state: &ApiState, permit: &Permit, id: String) -> ApiResult<IntegrationTested> {
    let integration = one(state, &id, permit).await?;
    if !integration.enabled {
        return Err(ApiError::refused("refused", "The integration is disabled. Enable it first."));
    }
    if integration.mapping.is_some() {
        let detail =
            "This integration has its own mapping: send it a real body, or try the mapping on an example.";
        return Err(ApiError::refused("refused", detail));
    }
    let body = test_body(integration.kind, &integration.name, state.engine.now_us());
    let received =
        Received { body: body.to_string().into_bytes(), content_type: "application/json".to_owned() };
    let accepted = state.engine.intake(&IntegrationId::new(id), received).await.map_err(failure)?;
    let alert = accepted.alerts.first();
    let row = match alert {
        Some(alert) => state.store().alert_get(alert, permit).await?,
        None => None,
    };
    let incident = match row.and_then(|row| row.incident_id) {
        Some(id) => state.store().incident_get(&id, permit).await?,
        None => None,
    };
    Ok(IntegrationTested {
        signal_id: accepted.signal.to_string(),
        alert_id: alert.cloned(),
        incident_reference: incident.map(|incident| reference(incident.number)),
    })
}

fn test_body(kind: IntegrationKind, name: &str, now_us: i64) -> Value {
    let (title, key) = (format!("Test of {name}"), format!("test-{now_us}"));
    let labels = json!({"alertname": title, "severity": "info", "test": key});
    match kind {
        IntegrationKind::Pagerduty => json!({
            "routing_key": "test", "event_action": "trigger", "dedup_key": key,
            "payload": {"summary": title, "source": "decurion", "severity": "info"},
        }),
        IntegrationKind::Opsgenie => json!({
            "message": title, "alias": key, "source": "decurion", "priority": "P5",
        }),
        IntegrationKind::AlertmanagerWebhook => json!({
            "version": "4", "groupKey": key, "status": "firing", "receiver": "decurion", "externalURL": "",
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "alerts": [{
                "status": "firing", "labels": labels, "annotations": {"summary": title},
                "startsAt": "2026-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "", "fingerprint": key,
            }],
        }),
        IntegrationKind::AlertmanagerApi => json!([{"labels": labels, "annotations": {"summary": title}}]),
        IntegrationKind::Generic => {
            json!({"title": title, "dedup_key": key, "severity": "info", "source": "decurion"})
        }
    }
}

fn check_name(name: &str) -> ApiResult<()> {
    if name.trim().is_empty() || name.chars().count() > 200 {
        return Err(ApiError::invalid("name", "give a name of 1 to 200 characters"));
    }
    Ok(())
}

/// A mapping that compiles, or the first expression that does not.
fn checked(mapping: Option<MappingText>) -> ApiResult<Option<intake::MappingText>> {
    let Some(mapping) = mapping.map(intake::MappingText::from) else { return Ok(None) };
    match mapping.compile() {
        Ok(_) => Ok(Some(mapping)),
        Err(errors) => {
            let first = errors.into_iter().next();
            let (field, error) =
                first.ok_or_else(|| ApiError::invalid("mapping", "the mapping does not compile"))?;
            Err(ApiError::invalid(format!("mapping.{field}"), error.to_string()))
        }
    }
}
