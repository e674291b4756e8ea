//! The watcher: notices when pages are late, and says so over a second way.
//!
//! It asks two questions that cost nothing however much is waiting: when was the oldest timer due, and when
//! the oldest unsent message? It beats towards a monitor outside, because a node that is down cannot say so.

use std::time::Duration;

use decurion_core::escalation::Level;
use decurion_core::incident::Severity;
use decurion_core::notify::{Message, MessageKind, Outcome};
use decurion_core::org::Channel;

use crate::{Engine, Stopped};

/// What the watcher does beside measuring.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// How late a timer or a message may be before the alarm, in seconds.
    pub alarm_after_s: i64,
    /// Where the alarm goes; best a way that no page takes.
    pub alarm_to: Option<(Channel, String)>,
    /// Asked every 30 s while the node is well. A monitor outside that misses it must alarm.
    pub heartbeat_url: Option<String>,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { alarm_after_s: 30, alarm_to: None, heartbeat_url: None }
    }
}

/// How the node does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// When the oldest timer that did not fire was or will be due.
    pub timer_due_us: Option<i64>,
    /// When the oldest message that is not settled was or will be due.
    pub page_due_us: Option<i64>,
    /// One of them is later than the alarm allows.
    pub late: bool,
    /// The database does not answer.
    pub database_error: Option<String>,
}

const EVERY: Duration = Duration::from_secs(2);
const BEAT_EVERY: u32 = 15;
/// The alarm is repeated this often while it lasts, in rounds of the watcher.
const AGAIN_EVERY: u32 = 150;

pub(crate) async fn run(engine: Engine, options: WatchOptions, mut stopped: Stopped) {
    let mut round = 0_u32;
    let mut alarmed: Option<u32> = None;
    loop {
        let health = engine.health().await;
        if health.late || health.database_error.is_some() {
            if alarmed.is_none_or(|at| round.wrapping_sub(at) >= AGAIN_EVERY) {
                alarmed = Some(round);
                alarm(&engine, &options, &health).await;
            }
        } else {
            alarmed = None;
            if round.is_multiple_of(BEAT_EVERY) {
                beat(&engine, &options).await;
            }
        }
        round = round.wrapping_add(1);
        tokio::select! {
            biased;
            () = stopped.wait() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn beat(engine: &Engine, options: &WatchOptions) {
    if let Some(url) = &options.heartbeat_url
        && let Err(error) = engine.transport().heartbeat(url).await
    {
        tracing::warn!(%error, "the heartbeat did not reach its monitor");
    }
}

async fn alarm(engine: &Engine, options: &WatchOptions, health: &Health) {
    let text = match &health.database_error {
        Some(error) => format!("The database does not answer: {error}"),
        None => format!(
            "Pages are late. Oldest timer due: {}. Oldest message due: {}.",
            moment(health.timer_due_us),
            moment(health.page_due_us)
        ),
    };
    tracing::error!(text, "the watcher raises the alarm");
    let Some((channel, address)) = &options.alarm_to else { return };
    let now_us = engine.now_us();
    let id = format!("watch_{now_us}");
    let message = Message {
        notification: id.as_str().into(),
        page: id.as_str().into(),
        incident: id.as_str().into(),
        reference: "WATCH".to_owned(),
        kind: MessageKind::Tell,
        channel: *channel,
        address: address.clone(),
        person: "operator".to_owned(),
        level: Level::L1,
        severity: Severity::Sev1,
        title: "Decurion: pages are late".to_owned(),
        text,
        brief: None,
        acknowledge_url: None,
        incident_url: engine.links().base_url().to_owned(),
        decided_at_us: now_us,
        attempt: 1,
    };
    if let Outcome::Failed { answer, .. } = engine.transport().send(&message, now_us).await {
        tracing::error!(answer, "the alarm itself was not delivered");
    }
}

fn moment(due_us: Option<i64>) -> String {
    due_us.map_or_else(|| "none".to_owned(), |due_us| crate::render::at(due_us, "UTC"))
}
