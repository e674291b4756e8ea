//! Making, changing, testing and removing integrations.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use decurion_core::access::Permit;
use decurion_core::id::IntegrationId;
use decurion_core::{intake, source};
use decurion_engine::{IntegrationPatch, NewIntegration, Received};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::Configurer;
use crate::incident::{EmptyRequest, reference};
use crate::intake::failure;
use crate::integration::reads::one;
use crate::integration::{Integration, IntegrationKind, MappingText, Vendor, signing_secret, url};
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
    /// Left out where the vendor says it.
    pub kind: Option<IntegrationKind>,
    /// A format that is shipped, with what reads it.
    pub vendor: Option<Vendor>,
    /// Whether only bodies that carry the vendor's signature are taken: yes for a vendor that signs, unless given.
    pub signed: Option<bool>,
    /// For `generic`, and for what the topics of `aws_sns` send beside the known formats; without one, that of the
    /// vendor, or the names that most senders use.
    pub mapping: Option<MappingText>,
    /// For `aws_sns`: the topics that are taken and subscribed, by ARN. Any other is refused.
    #[schema(max_items = 100)]
    pub topics: Option<Vec<String>>,
    /// `error` unless given.
    pub default_severity: Option<AlertSeverity>,
    /// No unless given.
    pub auto_resolve: Option<bool>,
    /// An alert opens when nothing arrives for this long, in seconds; `heartbeat` must have it.
    #[schema(minimum = 10, maximum = 34_560_000)]
    pub quiet_after_s: Option<i64>,
}

/// What changes; the rest stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntegrationChangeRequest {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub mapping: Option<MappingText>,
    /// The topics that are taken from now on, by ARN.
    #[schema(max_items = 100)]
    pub topics: Option<Vec<String>>,
    pub default_severity: Option<AlertSeverity>,
    pub auto_resolve: Option<bool>,
    /// In seconds; 0 means that it may be quiet.
    #[schema(minimum = 0, maximum = 34_560_000)]
    pub quiet_after_s: Option<i64>,
}

/// A source that was made, with its key. The key is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationCreated {
    #[serde(flatten)]
    pub integration: Integration,
    pub key: String,
    /// Where the sender sends to.
    pub url: String,
    /// What the vendor is to sign with, where signatures are asked for.
    pub signing_secret: Option<String>,
}

/// A new key. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationKey {
    pub key: String,
    /// Where the sender sends to.
    pub url: String,
    /// What the vendor is to sign with, where signatures are asked for.
    pub signing_secret: Option<String>,
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
    let (kind, vendor, signed) = speaks(&asked)?;
    check_quiet(asked.quiet_after_s)?;
    if kind == intake::IntegrationKind::Heartbeat && asked.quiet_after_s.is_none() {
        return Err(ApiError::invalid("quiet_after_s", "say how long a beat may be missing, in seconds"));
    }
    let new = NewIntegration {
        name: asked.name.trim().to_owned(),
        kind,
        vendor,
        signed,
        mapping: checked(asked.mapping)?,
        topics: topics(kind, asked.topics)?.unwrap_or_default(),
        default_severity: asked.default_severity.map_or(intake::AlertSeverity::Error, Into::into),
        auto_resolve: asked.auto_resolve.unwrap_or(false),
        quiet_after_s: asked.quiet_after_s,
    };
    let (id, key) = state.engine.integration_create(permit, new).await?;
    let integration = one(state, id.as_str(), permit).await?;
    let url = url(state.engine.links().base_url(), &integration, &key);
    let signing_secret = signing_secret(state, &integration, &key);
    Ok(IntegrationCreated { integration, key, url, signing_secret })
}

/// What the asked integration speaks: its kind, its vendor, and whether bodies must be signed.
fn speaks(asked: &IntegrationRequest) -> ApiResult<(intake::IntegrationKind, Option<intake::Vendor>, bool)> {
    let vendor = asked.vendor.map(intake::Vendor::from);
    let kind = match (asked.kind.map(intake::IntegrationKind::from), vendor.map(intake::Vendor::kind)) {
        (Some(kind), Some(of_vendor)) if kind != of_vendor => {
            let detail = format!("this vendor sends what `{}` reads", of_vendor.as_str());
            return Err(ApiError::invalid("kind", detail));
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
        (None, None) => return Err(ApiError::invalid("kind", "give a kind, or a vendor")),
    };
    let signs = vendor.and_then(intake::Vendor::sender).is_some_and(|sender| sender.signs);
    match asked.signed {
        Some(true) if !signs => Err(ApiError::invalid("signed", "only a vendor that signs can be asked to")),
        signed => Ok((kind, vendor, signed.unwrap_or(signs))),
    }
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
        let url = url(state.engine.links().base_url(), &integration, &key);
        let signing_secret = signing_secret(&state, &integration, &key);
        Ok(IntegrationKey { key, url, signing_secret })
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
    let integration = one(state, id, permit).await?;
    if let Some(name) = &asked.name {
        check_name(name)?;
    }
    check_quiet(asked.quiet_after_s.filter(|quiet_after_s| *quiet_after_s != 0))?;
    if integration.kind == IntegrationKind::Heartbeat && asked.quiet_after_s == Some(0) {
        return Err(ApiError::invalid("quiet_after_s", "a heartbeat must not be missing for ever"));
    }
    let patch = IntegrationPatch {
        name: asked.name.map(|name| name.trim().to_owned()),
        enabled: asked.enabled,
        mapping: checked(asked.mapping)?,
        topics: topics(integration.kind.into(), asked.topics)?,
        default_severity: asked.default_severity.map(Into::into),
        auto_resolve: asked.auto_resolve,
        quiet_after_s: asked.quiet_after_s,
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
    if integration.kind == IntegrationKind::Heartbeat {
        let detail = "A test would count as a beat. Open its address, and see here when it was last heard.";
        return Err(ApiError::refused("refused", detail));
    }
    if integration.mapping.is_some() {
        let detail =
            "This integration has its own mapping: send it a real body, or try the mapping on an example.";
        return Err(ApiError::refused("refused", detail));
    }
    let body = test_body(&integration, state.engine.now_us())?;
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

/// What the sender of this integration would send of a test.
fn test_body(integration: &Integration, now_us: i64) -> ApiResult<Value> {
    let sender = intake::senders::sender(integration.kind.into(), integration.vendor.map(Into::into));
    let sender = sender.ok_or_else(|| ApiError::refused("refused", "No test is known for this kind."))?;
    Ok(sender.test_body(&format!("Test of {}", integration.name), &format!("test-{now_us}")))
}

/// The most topics of one integration.
const MAX_TOPICS: usize = 100;

/// Topics of SNS, each once.
fn topics(kind: intake::IntegrationKind, topics: Option<Vec<String>>) -> ApiResult<Option<Vec<String>>> {
    let Some(topics) = topics else { return Ok(None) };
    let wrong = |detail: String| Err(ApiError::invalid("topics", detail));
    if !topics.is_empty() && kind != intake::IntegrationKind::AwsSns {
        return wrong("topics are for aws_sns".to_owned());
    }
    let topics: BTreeSet<String> = topics.iter().map(|arn| arn.trim().to_owned()).collect();
    if topics.len() > MAX_TOPICS {
        return wrong(format!("list at most {MAX_TOPICS} topics"));
    }
    match topics.iter().find(|arn| intake::sns::Topic::parse(arn).is_none()) {
        Some(arn) => {
            wrong(format!("`{arn}` is not the ARN of an SNS topic: arn:aws:sns:REGION:ACCOUNT:NAME"))
        }
        None => Ok(Some(topics.into_iter().collect())),
    }
}

fn check_quiet(quiet_after_s: Option<i64>) -> ApiResult<()> {
    let fits = |quiet_after_s| (source::SHORTEST_S..=source::LONGEST_S).contains(&quiet_after_s);
    if quiet_after_s.is_none_or(fits) {
        return Ok(());
    }
    let detail = format!("a source may be quiet for {}", source::bounds_words());
    Err(ApiError::invalid("quiet_after_s", detail))
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
