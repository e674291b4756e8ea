//! The timer loop: lets fire what is due.
//!
//! Timers are rows. The loop sleeps until the next one or a second, whichever is sooner, and asks the
//! database; a hint from the writer only makes it sooner. A timer that fires is a command like any other: the
//! state decides whether it still means anything.

use std::time::Duration;

use decurion_core::access::{Action, Actor, permit};
use decurion_core::decide::{self, Timer, timer_command};
use decurion_core::journal::StreamId;
use decurion_store::TimerRow;
use tokio::sync::watch;

use crate::counters::Counters;
use crate::writer::Extra;
use crate::{Engine, EngineError, Stopped};

/// Timers that fire in one go.
const MANY: u32 = 200;
/// The database is asked this often, whatever anybody says.
const POLL: Duration = Duration::from_secs(1);

pub(crate) async fn run(engine: Engine, mut wake: watch::Receiver<i64>, mut stopped: Stopped) {
    loop {
        let next_us = match fire(&engine).await {
            Ok(next_us) => next_us,
            Err(error) => {
                tracing::error!(%error, "timers cannot be read");
                i64::MAX
            }
        };
        wake.borrow_and_update();
        let pause = engine.clock().until(next_us).clamp(Duration::from_millis(2), POLL);
        tokio::select! {
            biased;
            () = stopped.wait() => return,
            _ = wake.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Lets everything fire that is due. Returns when the next is.
async fn fire(engine: &Engine) -> decurion_store::Result<i64> {
    loop {
        let due = engine.store().timers_due(engine.now_us(), MANY).await?;
        if due.is_empty() {
            return Ok(engine.store().timer_next().await?.unwrap_or(i64::MAX));
        }
        let full = due.len() >= MANY as usize;
        let mut firing = tokio::task::JoinSet::new();
        for row in due {
            let engine = engine.clone();
            firing.spawn(async move { fire_one(&engine, row).await });
        }
        while firing.join_next().await.is_some() {}
        if !full {
            return Ok(engine.store().timer_next().await?.unwrap_or(i64::MAX));
        }
    }
}

async fn fire_one(engine: &Engine, row: TimerRow) {
    let stream = StreamId::new(row.stream.clone());
    let latest_us = match stream.kind() {
        "alert" => latest_end(engine, &stream).await,
        "source" => match crate::sources::last_heard(engine, &stream).await {
            Ok(heard_us) => heard_us,
            Err(error) => return tracing::error!(%stream, %error, "when a source was heard cannot be read"),
        },
        _ => None,
    };
    if crate::sources::goes_on(engine, &row, latest_us).await {
        return;
    }
    let timer = Timer { name: row.name, generation: row.generation, due_us: row.due_us };
    let Some(command) = timer_command(&stream, &timer, latest_us) else { return };
    Counters::add(&engine.counters().timers_fired, 1);
    let commands: Vec<(StreamId, decide::Command)> = vec![(stream.clone(), command)];
    match engine.job(Actor::System, commands, None, Extra::default()).await {
        Ok(_) | Err(EngineError::Refused(_)) => {}
        Err(error) => tracing::error!(%stream, timer = timer.name, %error, "a timer did not fire"),
    }
}

/// The latest end that repeats gave an alert.
async fn latest_end(engine: &Engine, stream: &StreamId) -> Option<i64> {
    let permit = permit(&Actor::System, Action::Read).ok()?;
    let alert = engine.store().alert_open_of_stream(stream.as_str(), &permit).await.ok()??;
    alert.expires_at_us
}
