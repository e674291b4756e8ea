//! A server that runs: engine and interface, and their orderly end.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use decurion_api::{ApiState, DemoScript, Settings as ApiSettings, SnsAuthority};
use decurion_channels::Channels;
use decurion_engine::clock::Clock;
use decurion_engine::{Engine, Options, Tasks, WatchOptions};
use decurion_store::{DataLock, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::open::Opened;
use super::transport::Outside;

/// What a server is started with.
pub(crate) struct Start {
    pub(crate) opened: Opened,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) channels: decurion_channels::Settings,
    /// Where people reach the console, without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) watch: WatchOptions,
}

/// A started engine; the interface follows with [`Running::listen`].
pub(crate) struct Running {
    pub(crate) engine: Engine,
    tasks: Tasks,
    interface: Option<Interface>,
    _lock: Option<DataLock>,
}

struct Interface {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    /// Takes up what a former run left; answers nobody yet.
    pub(crate) async fn start(start: Start) -> anyhow::Result<Self> {
        let channels = Channels::new(start.channels).context("the channels")?;
        let Opened { store, secret, lock } = start.opened;
        let (engine, tasks) = Engine::start(Options {
            store,
            clock: start.clock,
            transport: Arc::new(Outside::new(channels)?),
            node: node(),
            alone: lock.is_some(),
            base_url: start.base_url,
            secret,
            watch: start.watch,
        })
        .await?;
        Ok(Self { engine, tasks, interface: None, _lock: lock })
    }

    /// Answers requests from now on.
    pub(crate) fn listen(
        &mut self,
        listener: TcpListener,
        demo: Option<Arc<DemoScript>>,
        sns: Arc<dyn SnsAuthority>,
    ) {
        let settings = ApiSettings { version: env!("CARGO_PKG_VERSION").to_owned(), demo, sns: Some(sns) };
        let router = decurion_api::router(ApiState::new(self.engine.clone(), settings));
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(decurion_api::serve(listener, router, async {
            let _ = stopped.await;
        }));
        self.interface = Some(Interface { stop, ended });
    }

    /// Accepts nothing more, answers what is under way, writes what is decided, and leaves timers and unsent
    /// messages to the next run.
    pub(crate) async fn stop(self) {
        if let Some(Interface { stop, ended }) = self.interface {
            let _ = stop.send(());
            let _ = ended.await;
        }
        let store: Store = self.engine.store().clone();
        self.tasks.shutdown(self.engine).await;
        store.close().await;
    }
}

/// A name of this node among others on the same database.
fn node() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    let salt = hex::encode(rand::random::<[u8; 4]>());
    if host.is_empty() { format!("node-{salt}") } else { format!("{host}-{salt}") }
}

/// Opens the door; the reason why not names the address.
pub(crate) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// SIGTERM and Ctrl-C. Listened for before the server says that it is ready: a supervisor may change its mind at
/// once, and the default action would end the process in mid-work.
pub(crate) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    /// From here on the signals no longer end the process.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?,
            interrupt: signal(SignalKind::interrupt()).context("cannot wait for Ctrl-C")?,
        })
    }

    /// Waits for either.
    pub(crate) async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
