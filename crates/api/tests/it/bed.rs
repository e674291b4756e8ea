//! A server without a socket: the router over an engine with the ten-person pack in a temporary folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use decurion_api::{ApiState, Settings};
use decurion_core::access::{AccountRole, Action, Actor, Permit, permit};
use decurion_core::notify::{Message, Outcome};
use decurion_core::org::Channel;
use decurion_core::pack;
use decurion_engine::clock::SystemClock;
use decurion_engine::{Clock, Engine, Options, Tasks, Transport, WatchOptions};
use decurion_store::{AccountRow, Store};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const EMAIL: &str = "leila@ten.example";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

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
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, message: &Message, _now_us: i64) -> Outcome {
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

pub(crate) struct Bed {
    pub(crate) router: Router,
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<Movable>,
    pub(crate) recorder: Arc<Recorder>,
    /// Of the first administrator; empty before set-up.
    pub(crate) token: String,
    _tasks: Tasks,
    _folder: tempfile::TempDir,
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer, which has that status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

pub(crate) fn system() -> Permit {
    permit(&Actor::System, Action::Configure).unwrap()
}

pub(crate) fn ten() -> pack::Files {
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/ten"))
}

/// The files of a pack in a folder.
pub(crate) fn files_below(root: &Path) -> pack::Files {
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// An interface that remembers nothing yet.
fn interface(engine: &Engine) -> Router {
    let settings = Settings { version: "test".into(), ..Settings::default() };
    decurion_api::router(ApiState::new(engine.clone(), settings))
}

impl Bed {
    /// As after a restart, or on another node: what an interface keeps in memory is gone.
    pub(crate) fn forget(&mut self) {
        self.router = interface(&self.engine);
    }

    /// A server that nobody has set up.
    pub(crate) async fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("decurion.db");
        let store = Store::open(decurion_store::Options::new(path.to_str().unwrap())).await.unwrap();
        let (clock, recorder) = (Arc::new(Movable::default()), Arc::new(Recorder::default()));
        let (engine, tasks) = Engine::start(Options {
            store,
            clock: clock.clone(),
            transport: recorder.clone(),
            node: "test".into(),
            alone: true,
            base_url: "http://decurion.test".into(),
            secret: [1; 32],
            watch: WatchOptions::default(),
        })
        .await
        .unwrap();
        engine.pack_apply(&system(), ten(), "first", None).await.unwrap();
        let router = interface(&engine);
        let token = String::new();
        Self { router, engine, clock, recorder, token, _tasks: tasks, _folder: folder }
    }

    /// A server with its administrator, who is Leila Rahimi.
    pub(crate) async fn new() -> Self {
        let mut bed = Self::bare().await;
        let asked = json!({"email": EMAIL, "password": PASSWORD});
        let session = bed.send("POST", "/api/v1/setup", &[], asked.to_string()).await.is(201);
        session.json()["token"].as_str().unwrap().clone_into(&mut bed.token);
        bed
    }

    /// Another account, signed in.
    pub(crate) async fn account(&self, person: &str, role: AccountRole) -> String {
        let account = AccountRow {
            id: format!("acc_{person}"),
            email: format!("{person}@accounts.example"),
            password_hash: decurion_api::hash_password(PASSWORD).unwrap(),
            person_id: Some(person.to_owned()),
            role: role.as_str().to_owned(),
            created_us: 0,
            disabled: false,
        };
        let email = self.engine.store().account_create(account, &system()).await.unwrap().email;
        let asked = json!({"email": email, "password": PASSWORD}).to_string();
        let session = self.send("POST", "/api/v1/session", &[], asked).await.is(200);
        session.json()["token"].as_str().unwrap().to_owned()
    }

    /// Any request. A body is sent as JSON unless `headers` say otherwise.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "decurion.test");
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A request of the administrator to `/api/v1`.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask_as(&self.token, method, path, body).await
    }

    pub(crate) async fn ask_as(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let authorization = format!("Bearer {token}");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, &format!("/api/v1{path}"), &[("authorization", &authorization)], body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ask("GET", path, &Value::Null).await.is(200).json()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.ask("POST", path, &body).await.is(200).json()
    }

    /// A case that the administrator declared.
    pub(crate) async fn declared(&self, title: &str) -> Value {
        self.ask("POST", "/incidents", &json!({"title": title})).await.is(201).json()
    }

    /// A new integration: its id, key and path.
    pub(crate) async fn integration(&self, kind: &str, more: Value) -> (String, String, String) {
        let mut body = json!({"name": format!("{kind} under test"), "kind": kind});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let made = self.ask("POST", "/integrations", &body).await.is(201).json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        let path = text("url").trim_start_matches("http://decurion.test").to_owned();
        let path = if kind == "alertmanager_api" { format!("{path}/api/v2/alerts") } else { path };
        (text("id"), text("key"), path)
    }

    /// The first message that was sent, once there is one for which `which` holds.
    pub(crate) async fn message(&self, which: impl Fn(&Message) -> bool) -> Message {
        for _ in 0..200 {
            let found = self.recorder.sent.lock().unwrap().iter().find(|message| which(message)).cloned();
            if let Some(message) = found {
                return message;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no such message was sent: {:?}", self.recorder.sent.lock().unwrap());
    }
}
