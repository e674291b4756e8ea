//! An engine with the ten-person pack in a temporary folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use decurion_core::access::{AccountRole, Action, Actor, Permit, permit};
use decurion_core::incident::view::View;
use decurion_core::intake::{AlertSeverity, IntegrationKind};
use decurion_core::journal::StreamId;
use decurion_core::notify::{Message, Outcome};
use decurion_core::org::Channel;
use decurion_core::{incident, pack};
use decurion_engine::clock::SystemClock;
use decurion_engine::{
    Accepted, Clock, Engine, NewIntegration, Options, Received, Tasks, Transport, WatchOptions,
};
use decurion_store::{IncidentFilter, IncidentRow, Store, Window};

/// A clock that runs, and that a test moves forward.
#[derive(Default)]
pub(crate) struct Movable(AtomicI64);

impl Movable {
    pub(crate) fn forward_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Movable {
    fn now_us(&self) -> i64 {
        SystemClock.now_us() + self.0.load(Ordering::SeqCst)
    }
}

/// Keeps what would have been sent.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) sent: Mutex<Vec<Message>>,
    /// Answers instead of taking the message, for as long as there are any.
    pub(crate) failures: Mutex<Vec<Outcome>>,
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, message: &Message, _now_us: i64) -> Outcome {
        if let Some(failure) = self.failures.lock().unwrap().pop() {
            return failure;
        }
        self.sent.lock().unwrap().push(message.clone());
        Outcome::Delivered { answer: "kept".into() }
    }

    async fn ask(&self, _: Channel, receipt: &str, _over: bool) -> Outcome {
        Outcome::Delivered { answer: format!("{receipt} has arrived") }
    }

    fn usable(&self, _channel: Channel) -> Result<(), String> {
        Ok(())
    }

    async fn heartbeat(&self, _url: &str) -> Result<(), String> {
        Ok(())
    }
}

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) tasks: Tasks,
    pub(crate) clock: Arc<Movable>,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) dir: PathBuf,
    folder: Option<tempfile::TempDir>,
}

pub(crate) fn admin() -> Permit {
    let actor = Actor::Account { id: "acc_test".into(), person: None, role: AccountRole::Admin };
    permit(&actor, Action::Configure).unwrap()
}

pub(crate) fn person(id: &str) -> Permit {
    let actor = Actor::Account { id: id.into(), person: Some(id.into()), role: AccountRole::Responder };
    permit(&actor, Action::Respond).unwrap()
}

pub(crate) fn ten() -> pack::Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/ten");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

impl House {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().to_owned();
        let house = Self { folder: Some(folder), ..Self::open(&dir, Arc::default()).await };
        house.engine.pack_apply(&admin(), ten(), "first", None).await.unwrap();
        house
    }

    pub(crate) async fn open(dir: &Path, clock: Arc<Movable>) -> Self {
        let store = Store::open(decurion_store::Options::new(dir.join("decurion.db").to_str().unwrap()))
            .await
            .unwrap();
        let recorder = Arc::new(Recorder::default());
        let (engine, tasks) = Engine::start(Options {
            store,
            clock: clock.clone(),
            transport: recorder.clone(),
            node: "test".into(),
            alone: true,
            base_url: "http://127.0.0.1:8080".into(),
            secret: [1; 32],
            watch: WatchOptions::default(),
        })
        .await
        .unwrap();
        Self { engine, tasks, clock, recorder, dir: dir.to_owned(), folder: None }
    }

    /// Ends the engine as a restart does, and begins another on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(|| ()).await
    }

    /// The same, with something that happens while nothing runs.
    pub(crate) async fn restart_after(self, meanwhile: impl FnOnce()) -> Self {
        let Self { engine, tasks, clock, dir, folder, .. } = self;
        let store = engine.store().clone();
        tasks.shutdown(engine).await;
        store.close().await;
        meanwhile();
        Self { folder, ..Self::open(&dir, clock).await }
    }

    pub(crate) async fn integration(&self, kind: IntegrationKind) -> decurion_core::id::IntegrationId {
        let new = NewIntegration {
            name: "Test".into(),
            kind,
            vendor: None,
            signed: false,
            mapping: None,
            topics: Vec::new(),
            default_severity: AlertSeverity::Error,
            auto_resolve: true,
            quiet_after_s: None,
        };
        self.engine.integration_create(&admin(), new).await.unwrap().0
    }

    pub(crate) async fn pagerduty(
        &self,
        integration: &decurion_core::id::IntegrationId,
        action: &str,
        key: &str,
    ) -> Accepted {
        let body = serde_json::json!({
            "routing_key": "x", "event_action": action, "dedup_key": key,
            "payload": {"summary": format!("{key} is wrong"), "source": "host-1", "severity": "critical"},
        });
        let received =
            Received { body: body.to_string().into_bytes(), content_type: "application/json".into() };
        self.engine.intake(integration, received).await.unwrap()
    }

    pub(crate) async fn incidents(&self) -> Vec<IncidentRow> {
        let permit = permit(&Actor::System, Action::Read).unwrap();
        self.engine
            .store()
            .incident_list(&IncidentFilter::All, &Window::first(100), &permit)
            .await
            .unwrap()
            .rows
    }

    pub(crate) fn view(row: &IncidentRow) -> View {
        serde_json::from_str(&row.view_json).unwrap()
    }

    pub(crate) async fn act(&self, who: &str, row: &IncidentRow, command: incident::Command) {
        let stream = StreamId::incident(&row.id.as_str().into());
        self.engine.submit(&person(who), stream, command, None).await.unwrap();
    }

    pub(crate) fn sent(&self) -> Vec<Message> {
        self.recorder.sent.lock().unwrap().clone()
    }

    /// Waits until it holds; at most 10 seconds.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..1_000 {
            if holds(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not come to that: {what}; sent: {:#?}", self.sent());
    }
}
