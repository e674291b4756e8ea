//! Amazon SNS over HTTPS: signed deliveries of listed topics, and the confirmation of their subscriptions.
//!
//! In this order: the key, the envelope, the topic, the signature, the time, and whether it was here before.
//! Only what passes all of it is stored; nothing is asked of the network for a topic that is not listed.

mod confirm;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decurion_core::access::{Action, Actor, permit};
use decurion_core::id::{SignalId, derive};
use decurion_core::intake::sns::{Envelope, Fault, Kind};
use decurion_core::intake::{IntakeErrorKind, Integration, IntegrationKind};
use decurion_engine::{Engine, IntakeFailure};
use tokio::sync::Notify;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::RawBody;
use crate::intake::alertmanager::AlertsAccepted;
use crate::intake::generic::refused;
use crate::intake::{door, named, ours, received};
use crate::params::Path;
use crate::problem::{ApiError, ApiResult, Problem};
use crate::state::{ApiState, wall_us};
pub(crate) use confirm::{CONFIRMING, is_request};

/// SNS tries for an hour at the most; what is older was recorded and played again.
const MAX_AGE_US: i64 = 65 * 60 * 1_000_000;
/// How far clocks may be apart.
const MAX_AHEAD_US: i64 = 15 * 60 * 1_000_000;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(sns_delivery))
}

/// What is asked of Amazon. The binary joins it with the channels.
#[async_trait]
pub trait SnsAuthority: std::fmt::Debug + Send + Sync {
    /// Whether SNS signed a delivery. `now_us` is the time of day, in microseconds since the epoch.
    async fn verify(&self, envelope: &Envelope, now_us: i64) -> Result<(), Fault>;

    /// Confirms a subscription at an address that was checked against its topic.
    async fn confirm(&self, url: &str) -> Result<(), Fault>;
}

/// What the door has at hand.
pub(crate) struct Sns {
    amazon: Option<Arc<dyn SnsAuthority>>,
    /// Told when a subscription was asked for.
    asked: Arc<Notify>,
    /// Deliveries that are being taken now, by their signals.
    under_way: Mutex<BTreeSet<String>>,
}

impl Sns {
    pub(crate) fn new(amazon: Option<Arc<dyn SnsAuthority>>) -> Self {
        Self { amazon, asked: Arc::default(), under_way: Mutex::default() }
    }

    /// Confirms subscriptions from now on, until the engine ends.
    pub(crate) fn start(&self, engine: &Engine) {
        if let (Some(amazon), Ok(runtime)) = (&self.amazon, tokio::runtime::Handle::try_current()) {
            runtime.spawn(confirm::run(engine.weak(), Arc::clone(amazon), Arc::clone(&self.asked)));
        }
    }

    /// Says that a subscription waits.
    pub(crate) fn tell(&self) {
        self.asked.notify_one();
    }

    /// Takes a delivery for one request alone; nothing while another has it.
    fn take(&self, signal: &SignalId) -> Option<UnderWay<'_>> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let id = signal.to_string();
        under_way.insert(id.clone()).then_some(UnderWay { sns: self, id })
    }
}

/// A delivery that is being taken.
struct UnderWay<'a> {
    sns: &'a Sns,
    id: String,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.sns.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Send what a topic of Amazon SNS publishes; only topics that the integration lists are taken
#[utoipa::path(post, path = "/integrations/{key}/sns", tag = "intake",
    params(("key" = String, Path, description = "The key of the integration")),
    request_body(content = String, content_type = "text/plain", description = "A delivery as SNS sends it: JSON, as text/plain"),
    responses(
        (status = 200, body = AlertsAccepted, description = "Stored, now or before. Without alert_ids it asks for a subscription, or waits for a mapping",
            headers(("X-Decurion-Signal" = String, description = "Our id of what arrived"))),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "The body is no delivery of SNS"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "The topic is not listed, or SNS did not sign the delivery"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No enabled integration has this key"),
        (status = 408, body = Problem, content_type = "application/problem+json", description = "The body did not arrive in time"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The body is larger than 2 MiB"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "Try again"),
    ))]
async fn sns_delivery(
    State(state): State<ApiState>,
    Path(key): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> ApiResult<Response> {
    let integration = door(&state, &key, IntegrationKind::AwsSns)?;
    let envelope = verified(&state, &integration, &body).await.inspect_err(|refusal| {
        tracing::warn!(integration = %integration.id, reason = refusal.detail, "a delivery of SNS was not taken");
        state.metrics.intake_refused(IntegrationKind::AwsSns);
    })?;
    let published_us = envelope.published_us().map_err(|error| refused(&error))?;
    let parts = [integration.id.as_str(), &envelope.topic_arn, &envelope.message_id];
    let signal = SignalId::new(derive("sig", published_us, &parts));
    let _taken = state.sns.take(&signal).ok_or_else(ApiError::busy)?;
    if let Some(alerts) = known(&state, &signal).await? {
        return Ok(answered(&signal, alerts));
    }
    let alerts = take(&state, &integration, &envelope, &signal, received(&headers, body)).await?;
    Ok(answered(&signal, alerts))
}

/// The delivery, when its topic is listed and SNS signed it.
async fn verified(state: &ApiState, integration: &Integration, body: &[u8]) -> ApiResult<Envelope> {
    let envelope = Envelope::parse(body).map_err(|error| refused(&error))?;
    envelope.topic().map_err(|error| refused(&error))?;
    if !integration.topics.contains(&envelope.topic_arn) {
        let detail = format!("The integration does not list {}.", envelope.topic_arn);
        return Err(ApiError::new(StatusCode::FORBIDDEN, "topic_not_listed", detail));
    }
    let amazon = state.sns.amazon.as_ref().ok_or_else(|| unable("this server does not ask SNS"))?;
    match amazon.verify(&envelope, wall_us()).await {
        Ok(()) => Ok(envelope),
        Err(Fault::Unable(why)) => Err(unable(&why)),
        Err(Fault::Forged(why)) => {
            Err(ApiError::new(StatusCode::FORBIDDEN, "not_signed", format!("Not signed by SNS: {why}.")))
        }
    }
}

fn unable(why: &str) -> ApiError {
    let detail = format!("Whether SNS signed this cannot be known now: {why}.");
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
}

/// The alerts of a delivery that is stored already. SNS repeats one under the same MessageId.
async fn known(state: &ApiState, signal: &SignalId) -> ApiResult<Option<Vec<String>>> {
    let permit = permit(&Actor::System, Action::Read)?;
    Ok(state.store().signal_get(signal.as_str(), &permit).await?.map(|row| row.alert_ids))
}

async fn take(
    state: &ApiState,
    integration: &Integration,
    envelope: &Envelope,
    signal: &SignalId,
    received: decurion_engine::Received,
) -> ApiResult<Vec<String>> {
    let published_us = envelope.published_us().map_err(|error| refused(&error))?;
    let noted = noted(envelope, state.engine.now_us() - published_us);
    if let Some(noted) = noted {
        let asked = noted.0 == CONFIRMING;
        state.engine.keep(integration, signal, &received, noted).await.map_err(ours)?;
        if asked {
            state.sns.tell();
        }
        return Ok(Vec::new());
    }
    let taken = state.engine.intake_named(integration, signal.clone(), received).await;
    state.metrics.intake(integration.kind, &taken);
    match taken {
        Ok(accepted) => Ok(accepted.alerts),
        Err(IntakeFailure::Uninterpretable { error, .. })
            if error.kind == IntakeErrorKind::Uninterpretable =>
        {
            Ok(Vec::new())
        }
        Err(IntakeFailure::Uninterpretable { error, .. }) => Err(refused(&error)),
        Err(IntakeFailure::Unavailable(error)) => Err(ours(error)),
    }
}

/// What is kept without an alert: a request for a subscription, and what is too old or from the future. People
/// see the latter and can have it read all the same.
fn noted(envelope: &Envelope, age_us: i64) -> Option<(&'static str, String)> {
    let minutes = age_us / 60_000_000;
    if age_us > MAX_AGE_US {
        return Some((
            "uninterpretable",
            format!("It is {minutes} minutes old; SNS tries for an hour at the most."),
        ));
    }
    if age_us < -MAX_AHEAD_US {
        return Some(("uninterpretable", format!("It is from {} minutes ahead of our clock.", -minutes)));
    }
    (envelope.kind == Kind::SubscriptionConfirmation)
        .then(|| (CONFIRMING, format!("{} asks to be subscribed.", envelope.topic_arn)))
}

fn answered(signal: &SignalId, alert_ids: Vec<String>) -> Response {
    let answer = AlertsAccepted { signal_id: signal.to_string(), alert_ids };
    (StatusCode::OK, named(signal), Json(answer)).into_response()
}
