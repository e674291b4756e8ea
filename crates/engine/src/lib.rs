//! The running part: one writer that decides and commits, loops that let timers fire and deliver messages,
//! and the door for signals.
//!
//! An [`Engine`] is a handle; clones share it. Everything that changes goes through [`Engine::submit`] or
//! [`Engine::intake`], and has been committed when they answer. To add a loop: a module with `run(engine, …,
//! stopped)`, started in [`Engine::start`].

mod changes;
pub mod clock;
mod configure;
mod contacts;
pub mod counters;
mod crash;
mod delivery;
mod error;
mod feeds;
mod imports;
mod intake;
mod links;
mod live;
mod load;
mod project;
mod render;
pub mod roster;
mod sample;
pub mod silences;
mod sources;
mod timers;
mod transport;
mod watch;
mod writer;

use std::sync::{Arc, Weak};

use decurion_core::access::{Actor, Permit};
use decurion_core::config::Config;
use decurion_core::decide::{Command, Reply};
use decurion_core::id::{IncidentId, IntegrationId};
use decurion_core::incident;
use decurion_core::intake::Integration;
use decurion_core::journal::StreamId;
use decurion_store::Store;
use tokio::sync::{broadcast, mpsc, oneshot, watch as wakeup};
use tokio::task::JoinSet;

pub use clock::Clock;
pub use configure::{
    Applied, Declare, IntegrationPatch, NewIntegration, ObjectVersion, ObjectWrite, PackOrigin, PackVersion,
};
pub use contacts::{CodeAnswer, CodeSent, ContactState};
pub use error::{EngineError, IntakeFailure};
pub use feeds::{Feed, NewFeed};
pub use intake::{Accepted, Received, Remark, Replay};
pub use links::{LinkClaim, LinkError, Links};
pub use live::key_digest;
pub use load::Loads;
pub use transport::Transport;
pub use watch::{Health, WatchOptions};

use counters::Counters;
use live::Live;
use writer::{Extra, Job};

/// Jobs that wait for the writer at most; more are refused with [`EngineError::Busy`].
const MAX_WAITING: usize = 4_096;
/// Messages handed over in memory at most; more wait in the outbox.
const MAX_READY: usize = 16_384;
/// Changes that a slow listener may lag behind.
const MAX_RECORDED: usize = 8_192;

/// What an engine is made of.
pub struct Options {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub transport: Arc<dyn Transport>,
    /// Names this node among others on the same database.
    pub node: String,
    /// No other node uses the database: what a former run was sending is taken over at once.
    pub alone: bool,
    /// Where people reach the console; links begin with it.
    pub base_url: String,
    /// Signs links.
    pub secret: [u8; 32],
    pub watch: WatchOptions,
}

/// A running engine.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
    node: String,
    alone: bool,
    links: Links,
    live: Arc<Live>,
    counters: Arc<Counters>,
    jobs: mpsc::Sender<Job>,
    recorded: broadcast::Sender<Recorded>,
    alarm_after_us: i64,
}

/// The loops of an engine.
pub struct Tasks {
    stop: wakeup::Sender<bool>,
    running: JoinSet<()>,
}

/// Told when the engine stops.
#[derive(Clone)]
pub(crate) struct Stopped(wakeup::Receiver<bool>);

/// What a command led to.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    pub reply: Reply,
    /// The journal's head after the commit; 0 when nothing was written.
    pub seq: i64,
    /// The same request had been answered before; nothing was done again.
    pub replayed: bool,
    /// The alerts that a job's signals concern, in the order of its commands.
    pub(crate) alerts: Vec<String>,
}

/// Makes a repeated request be answered as the first was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is.
    pub scope: String,
    pub key: String,
    /// Of the request; the same key with another request is refused.
    pub request_digest: String,
}

/// A record that was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub seq: i64,
    pub kind: String,
    pub stream: StreamId,
    /// The incident it is about, or empty.
    pub subject: String,
}

/// An engine that may have ended.
#[derive(Debug, Clone)]
pub struct WeakEngine(Weak<Shared>);

impl WeakEngine {
    /// The engine, unless it has ended.
    pub fn upgrade(&self) -> Option<Engine> {
        Some(Engine { shared: self.0.upgrade()? })
    }
}

impl Engine {
    /// Loads the configuration and starts the loops. Timers and messages that a former run left are taken up.
    pub async fn start(options: Options) -> Result<(Self, Tasks), EngineError> {
        let live = Arc::new(Live::default());
        let (jobs, job_queue) = mpsc::channel(MAX_WAITING);
        let (ready, ready_queue) = mpsc::channel(MAX_READY);
        let (recorded, _) = broadcast::channel(MAX_RECORDED);
        let (wake, woken) = wakeup::channel(i64::MAX);
        let (stop, stopped) = wakeup::channel(false);
        let counters = Arc::new(Counters::default());
        let writer = writer::Writer::new(writer::Surroundings {
            store: options.store.clone(),
            clock: Arc::clone(&options.clock),
            live: Arc::clone(&live),
            node: options.node.clone(),
            counters: Arc::clone(&counters),
            recorded: recorded.clone(),
            ready,
            wake,
        });
        let engine = Self {
            shared: Arc::new(Shared {
                links: Links::new(options.secret, &options.base_url),
                store: options.store,
                clock: options.clock,
                transport: options.transport,
                node: options.node,
                alone: options.alone,
                live,
                counters,
                jobs,
                recorded,
                alarm_after_us: options.watch.alarm_after_s.max(1) * 1_000_000,
            }),
        };
        configure::load(&engine).await?;
        let stopped = Stopped(stopped);
        let mut running = JoinSet::new();
        running.spawn(writer.run(job_queue));
        running.spawn(delivery::run(engine.clone(), ready_queue, woken.clone(), stopped.clone()));
        running.spawn(timers::run(engine.clone(), woken, stopped.clone()));
        running.spawn(watch::run(engine.clone(), options.watch, stopped));
        configure::adopt(&engine).await?;
        let reviewing = engine.clone();
        running.spawn(async move { roster::review(&reviewing).await });
        Ok((engine, Tasks { stop, running }))
    }

    /// Runs one command for somebody who may. It has been committed when this answers.
    pub async fn submit(
        &self,
        permit: &Permit,
        stream: StreamId,
        command: impl Into<Command>,
        idempotency: Option<IdempotencyKey>,
    ) -> Result<Done, EngineError> {
        let commands = vec![(stream, command.into())];
        self.job(permit.actor().clone(), commands, idempotency, Extra::default()).await
    }

    /// Runs commands in this order for somebody who may: all of them, or none. They have been committed when this
    /// answers.
    pub async fn submit_all(
        &self,
        permit: &Permit,
        commands: Vec<(StreamId, Command)>,
    ) -> Result<Done, EngineError> {
        self.job(permit.actor().clone(), commands, None, Extra::default()).await
    }

    pub(crate) async fn job(
        &self,
        actor: Actor,
        commands: Vec<(StreamId, Command)>,
        idempotency: Option<IdempotencyKey>,
        extra: Extra,
    ) -> Result<Done, EngineError> {
        let (answer, answered) = oneshot::channel();
        let from_outside = matches!(actor, Actor::Integration { .. });
        let job = Job { actor, commands, idempotency, extra, answer };
        Counters::add(&self.shared.counters.commands, 1);
        if from_outside {
            // Senders try again; the product's own deliveries and timers, and people, wait their turn.
            self.shared.jobs.try_send(job).map_err(|_| EngineError::Busy)?;
        } else {
            self.shared.jobs.send(job).await.map_err(|_| EngineError::Busy)?;
        }
        let result = answered.await.unwrap_or(Err(EngineError::Busy));
        if matches!(result, Err(EngineError::Refused(_))) {
            Counters::add(&self.shared.counters.refusals, 1);
        }
        result
    }

    /// The engine for who must not keep it from ending.
    pub fn weak(&self) -> WeakEngine {
        WeakEngine(Arc::downgrade(&self.shared))
    }

    /// The configuration in force.
    pub fn config(&self) -> Arc<Config> {
        self.shared.live.config()
    }

    /// The integration that a key belongs to.
    pub fn integration_by_key(&self, key: &str) -> Option<Integration> {
        let id = self.shared.live.integration_of_digest(&key_digest(key))?;
        self.integration(&id)
    }

    /// An integration.
    pub fn integration(&self, id: &IntegrationId) -> Option<Integration> {
        self.config().integrations.get(id).cloned()
    }

    /// The database, for reading.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// The node's clock, microseconds since the epoch.
    pub fn now_us(&self) -> i64 {
        self.shared.clock.now_us()
    }

    /// The node's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Makes and opens signed links.
    pub fn links(&self) -> &Links {
        &self.shared.links
    }

    /// What the node has done since it started.
    pub fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// Why nothing can be sent over a channel, as far as that is known.
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.shared.transport
    }

    /// Every record from now on, after its commit, in order.
    pub fn subscribe(&self) -> broadcast::Receiver<Recorded> {
        self.shared.recorded.subscribe()
    }

    pub(crate) fn node(&self) -> &str {
        &self.shared.node
    }

    pub(crate) fn live(&self) -> &Live {
        &self.shared.live
    }

    /// A node that is alone takes over at once what its former run had leased.
    pub(crate) fn first_claim_us(&self) -> i64 {
        let ahead_us = if self.shared.alone { writer::LEASE_US } else { 0 };
        self.now_us() + ahead_us
    }

    /// How the node does: two reads that cost the same however much is waiting.
    pub async fn health(&self) -> Health {
        let oldest = async {
            let timer = self.store().timer_oldest_due().await?;
            Ok::<_, decurion_store::Error>((timer, self.store().outbox_oldest_due().await?))
        };
        match oldest.await {
            Ok((timer_due_us, page_due_us)) => {
                let late_us = self.now_us() - self.shared.alarm_after_us;
                let late = [timer_due_us, page_due_us].into_iter().flatten().any(|due_us| due_us < late_us);
                Health { timer_due_us, page_due_us, late, database_error: None }
            }
            Err(error) => Health { database_error: Some(error.to_string()), ..Health::default() },
        }
    }

    /// Opens an incident that somebody declares.
    pub async fn incident_declare(
        &self,
        permit: &Permit,
        declare: Declare,
        idempotency: Option<IdempotencyKey>,
    ) -> Result<IncidentId, EngineError> {
        let seed: [u8; 16] = rand::random();
        let id = IncidentId::new(decurion_core::id::derive("inc", self.now_us(), &[&hex::encode(seed)]));
        let open = incident::Open {
            incident: id.clone(),
            title: declare.title,
            description: declare.description,
            severity: declare.severity,
            customer_facing: declare.customer_facing,
            company_wide: declare.company_wide,
            policy: None,
            grouping: None,
            labels: std::collections::BTreeMap::new(),
            source: permit.actor().to_string(),
            integration: None,
            auto_resolve: false,
            alert: None,
        };
        let command = incident::Command::Open(Box::new(open));
        let done = self.submit(permit, StreamId::incident(&id), command, idempotency).await?;
        match done.reply {
            Reply::Incident(id) => Ok(id),
            _ => Ok(id),
        }
    }
}

impl Tasks {
    /// Stops the loops, waits for what is under way, and returns when everything is committed.
    pub async fn shutdown(mut self, engine: Engine) {
        let _ = self.stop.send(true);
        drop(engine);
        let drained = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(std::time::Duration::from_secs(20), drained).await.is_err() {
            self.running.abort_all();
        }
    }
}

impl Stopped {
    pub(crate) async fn wait(&mut self) {
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}

pub(crate) fn reply_to_json(reply: &Reply) -> String {
    match reply {
        Reply::Incident(id) => serde_json::json!({ "incident": id }).to_string(),
        Reply::Done | Reply::Signal(_) | Reply::Code { .. } => "{}".to_owned(),
    }
}

pub(crate) fn reply_from_json(text: &str) -> Reply {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value
        .get("incident")
        .and_then(serde_json::Value::as_str)
        .map_or(Reply::Done, |id| Reply::Incident(id.into()))
}
