//! The delivery loop: takes what is to be sent out of the outbox and talks to the world.
//!
//! What the writer decides is handed over in memory, already leased to this node. Everything else (what is
//! tried again, what a crash left behind) is claimed from the outbox when it is due. Each message has a task
//! of its own; a slow receiver delays nobody.

use std::sync::Arc;
use std::time::Duration;

use decurion_core::access::{Action, Actor, permit};
use decurion_core::decide::Command;
use decurion_core::incident::view::View;
use decurion_core::journal::StreamId;
use decurion_core::notify::{self, Message, Outcome};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use crate::project::{Looks, ToSend, json};
use crate::render;
use crate::writer::{Extra, LEASE_US};
use crate::{Engine, Stopped};

/// Messages on their way at once.
const MAX_AT_ONCE: usize = 256;
/// Rows claimed in one go.
const CLAIM: u32 = 200;
/// The outbox is looked at this often, whatever anybody says.
const POLL: Duration = Duration::from_secs(1);

/// A message to send at once, with its incident as it looked when that was decided.
pub(crate) struct Ready {
    pub(crate) to_send: ToSend,
    pub(crate) look: Option<Looks>,
}

pub(crate) async fn run(
    engine: Engine,
    mut ready: mpsc::Receiver<Ready>,
    mut wake: watch::Receiver<i64>,
    mut stopped: Stopped,
) {
    let at_once = Arc::new(Semaphore::new(MAX_AT_ONCE));
    let mut sending = JoinSet::new();
    let first_us = engine.first_claim_us();
    claim(&engine, first_us, &at_once, &mut sending).await;
    loop {
        tokio::select! {
            biased;
            () = stopped.wait() => break,
            Some(message) = ready.recv() => start(&engine, message, &at_once, &mut sending).await,
            Some(_) = sending.join_next(), if !sending.is_empty() => {}
            () = due(&engine, &mut wake) => {
                claim(&engine, engine.now_us(), &at_once, &mut sending).await;
            }
        }
    }
    while sending.join_next().await.is_some() {}
}

/// Waits until something in the outbox may be due.
async fn due(engine: &Engine, wake: &mut watch::Receiver<i64>) {
    let next_us = *wake.borrow_and_update();
    let pause = engine.clock().until(next_us).clamp(Duration::from_millis(20), POLL);
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        _ = wake.changed() => tokio::time::sleep(Duration::from_millis(5)).await,
    }
}

async fn claim(engine: &Engine, now_us: i64, at_once: &Arc<Semaphore>, sending: &mut JoinSet<()>) {
    loop {
        let until_us = engine.now_us() + LEASE_US;
        let rows = match engine.store().outbox_claim(engine.node(), now_us, until_us, CLAIM).await {
            Ok(rows) => rows,
            Err(error) => return tracing::error!(%error, "the outbox cannot be read"),
        };
        let full = rows.len() >= CLAIM as usize;
        for row in rows {
            match serde_json::from_str(&row.payload_json) {
                Ok(to_send) => start(engine, Ready { to_send, look: None }, at_once, sending).await,
                Err(error) => {
                    tracing::error!(notification = row.notification_id, %error, "a row of the outbox cannot be read");
                }
            }
        }
        if !full {
            return;
        }
    }
}

async fn start(engine: &Engine, ready: Ready, at_once: &Arc<Semaphore>, sending: &mut JoinSet<()>) {
    let Ok(place) = Arc::clone(at_once).acquire_owned().await else { return };
    let engine = engine.clone();
    sending.spawn(async move {
        deliver(&engine, ready).await;
        drop(place);
    });
}

/// Sends one message, or asks what became of it, and has the outcome decided on.
async fn deliver(engine: &Engine, ready: Ready) {
    let to_send = ready.to_send;
    if let Some(receipt) = &to_send.receipt {
        let outcome = engine.transport().ask(to_send.channel, receipt, to_send.over).await;
        return report(engine, &to_send, outcome, None).await;
    }
    let (outcome, message) = match written(engine, &to_send, ready.look).await {
        Ok(message) => {
            let kept = json(&render::kept(&to_send, &message));
            (engine.transport().send(&message, engine.now_us()).await, Some(kept))
        }
        Err(answer) => (Outcome::Failed { answer, permanent: false, retry_after_s: None }, None),
    };
    let delivered = !matches!(outcome, Outcome::Failed { .. });
    engine.counters().delivered(to_send.channel, delivered);
    report(engine, &to_send, outcome, message).await;
}

/// A report that cannot be committed is tried until it can: the outbox would send the message again.
async fn report(engine: &Engine, to_send: &ToSend, outcome: Outcome, message: Option<String>) {
    let stream = StreamId::page(&to_send.page);
    for pause_s in [0, 1, 2, 4, 8] {
        tokio::time::sleep(Duration::from_secs(pause_s)).await;
        let command = notify::Command::Report {
            notification: to_send.notification.clone(),
            attempt: to_send.attempt,
            outcome: outcome.clone(),
        };
        let extra = Extra {
            message: message.clone().map(|message| (to_send.notification.clone(), message)),
            ..Extra::default()
        };
        let commands: Vec<(StreamId, Command)> = vec![(stream.clone(), command.into())];
        match engine.job(Actor::System, commands, None, extra).await {
            Ok(_) => return,
            Err(error) => {
                tracing::error!(notification = %to_send.notification, %error, "an outcome was not kept");
            }
        }
    }
}

/// The message: of a notice as it was decided, of a page with its incident as it looks now.
async fn written(engine: &Engine, to_send: &ToSend, look: Option<Looks>) -> Result<Message, String> {
    if let Some(notice) = &to_send.notice {
        return Ok(render::notice(engine, to_send, notice));
    }
    let look = looks(engine, to_send, look).await?;
    Ok(render::message(engine, to_send, &look).await)
}

async fn looks(engine: &Engine, to_send: &ToSend, look: Option<Looks>) -> Result<Looks, String> {
    if let Some(look) = look.filter(|look| look.row.number > 0) {
        return Ok(look);
    }
    let permit = permit(&Actor::System, Action::Read).map_err(|denied| denied.to_string())?;
    let row = engine.store().incident_get(to_send.incident.as_str(), &permit).await;
    let row = row.map_err(|error| error.to_string())?.ok_or("the incident of the page is not there")?;
    let view: View = serde_json::from_str(&row.view_json).map_err(|error| error.to_string())?;
    Ok(Looks { row, view: Arc::new(view) })
}
