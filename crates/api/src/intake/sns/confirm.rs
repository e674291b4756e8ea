//! Subscriptions are confirmed after the request for them is on disk, until it succeeds.
//!
//! A kept request has the outcome `confirming`. What a former run left so is taken up, so that neither a crash
//! nor an hour without network loses a subscription.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use decurion_core::access::{Action, Actor, permit};
use decurion_core::id::IntegrationId;
use decurion_core::intake::sns::{Envelope, Fault, Kind};
use decurion_engine::{Engine, WeakEngine};
use decurion_store::{SignalRow, Window};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::SnsAuthority;

/// The outcome of a request that waits for its confirmation.
pub(crate) const CONFIRMING: &str = "confirming";
/// The outcome of a request that was confirmed.
const CONFIRMED: &str = "confirmed";
/// The outcome of a request that came to nothing; people see it and can try again.
const FAILED: &str = "uninterpretable";
/// SNS forgets a request after three days.
const GIVE_UP_US: i64 = 3 * 24 * 3_600 * 1_000_000;
/// How long a failed attempt is let rest at the most.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// How often is looked for requests of which nobody told.
const LOOK: Duration = Duration::from_secs(15);
/// Requests that are looked at together.
const AT_ONCE: u32 = 50;

/// What has been tried of one request since the start.
struct Tried {
    times: u32,
    next: Instant,
}

/// Confirms what waits, until the engine ends.
pub(super) async fn run(engine: WeakEngine, amazon: Arc<dyn SnsAuthority>, asked: Arc<Notify>) {
    let mut tried = BTreeMap::new();
    loop {
        let pause = {
            let Some(engine) = engine.upgrade() else { return };
            round(&engine, &*amazon, &mut tried).await
        };
        tokio::select! {
            () = asked.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One attempt for each request that is due; how long until the next is.
async fn round(engine: &Engine, amazon: &dyn SnsAuthority, tried: &mut BTreeMap<String, Tried>) -> Duration {
    let waiting = match waiting(engine).await {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::warn!(%error, "subscriptions that wait for a confirmation could not be read");
            return LOOK;
        }
    };
    tried.retain(|id, _| waiting.iter().any(|row| row.id == *id));
    let now = Instant::now();
    for row in waiting {
        let entry = tried.entry(row.id.clone()).or_insert(Tried { times: 0, next: now });
        if entry.next > now {
            continue;
        }
        entry.times += 1;
        entry.next = now + pause_after(entry.times);
        attempt(engine, amazon, row, entry.times).await;
    }
    let due = tried.values().map(|tried| tried.next.saturating_duration_since(Instant::now())).min();
    due.map_or(LOOK, |due| due.min(LOOK))
}

/// 1, 2, 4 ... seconds, and five minutes at the most.
fn pause_after(times: u32) -> Duration {
    Duration::from_secs(1_u64 << times.saturating_sub(1).min(16)).min(LONGEST_PAUSE)
}

async fn waiting(engine: &Engine) -> Result<Vec<SignalRow>, String> {
    let permit = permit(&Actor::System, Action::Read).map_err(|error| error.to_string())?;
    let listed = engine.store().signal_list(Some(CONFIRMING), &Window::first(AT_ONCE), &permit).await;
    let mut rows = Vec::new();
    for row in listed.map_err(|error| error.to_string())?.rows {
        // Lists hold the beginning of a body.
        let whole = engine.store().signal_get(&row.id, &permit).await.map_err(|error| error.to_string())?;
        rows.extend(whole);
    }
    Ok(rows)
}

async fn attempt(engine: &Engine, amazon: &dyn SnsAuthority, row: SignalRow, times: u32) {
    let Some(integration) = engine.integration(&IntegrationId::from(row.integration_id.as_str())) else {
        return;
    };
    let (outcome, reason) = match confirm(amazon, &integration, &row).await {
        Ok(arn) => (CONFIRMED, format!("{arn} is subscribed.")),
        Err(Fault::Unable(why)) if engine.now_us() - row.received_us < GIVE_UP_US => {
            (CONFIRMING, format!("Attempt {times} failed: {why}. It is tried again."))
        }
        Err(Fault::Unable(why) | Fault::Forged(why)) => (FAILED, format!("Not subscribed: {why}.")),
    };
    tracing::info!(integration = %integration.id, signal = row.id, outcome, reason, "a subscription");
    let row = SignalRow { outcome: outcome.to_owned(), reason: Some(reason), ..row };
    if let Err(error) = engine.note(&integration, row).await {
        tracing::warn!(%error, "what became of a subscription could not be written; it is confirmed again");
    }
}

async fn confirm(
    amazon: &dyn SnsAuthority,
    integration: &decurion_core::intake::Integration,
    row: &SignalRow,
) -> Result<String, Fault> {
    let envelope = Envelope::parse(&row.body_as_sent()).map_err(|error| Fault::Forged(error.to_string()))?;
    let topic = envelope.topic().map_err(|error| Fault::Forged(error.to_string()))?;
    // The list may have changed since the request came.
    if !integration.enabled || !integration.topics.contains(&envelope.topic_arn) {
        return Err(Fault::Forged(format!("{} is not listed any more", envelope.topic_arn)));
    }
    let url = envelope.subscribe_url.as_deref().filter(|url| topic.is_confirmation(url));
    let url = url.ok_or_else(|| Fault::Forged("SubscribeURL does not lead to SNS".to_owned()))?;
    amazon.confirm(url).await?;
    Ok(envelope.topic_arn.clone())
}

/// Whether a kept body asks for a subscription.
pub(crate) fn is_request(body: &[u8]) -> bool {
    Envelope::parse(body).is_ok_and(|envelope| envelope.kind == Kind::SubscriptionConfirmation)
}
