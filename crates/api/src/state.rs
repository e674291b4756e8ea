//! What every handler has at hand.

use std::sync::Arc;

use decurion_engine::Engine;
use decurion_engine::clock::{Clock as _, SystemClock};
use decurion_store::Store;

use crate::demo::DemoScript;
use crate::health::Metrics;
use crate::intake::sns::{Sns, SnsAuthority};
use crate::journal::LastVerified;
use crate::oncall::Coverage;
use crate::replays::Replays;
use crate::session::{Attempts, Passwords};

/// How the interface is set up.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What `/api/v1/status` names as version.
    pub version: String,
    /// Present when a demo plays.
    pub demo: Option<Arc<DemoScript>>,
    /// Who says whether Amazon SNS signed a delivery; without one none is taken.
    pub sns: Option<Arc<dyn SnsAuthority>>,
}

/// What every handler has at hand.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) engine: Engine,
    /// Since when the interface answers, microseconds since the epoch.
    pub(crate) started_us: i64,
    pub(crate) settings: Arc<Settings>,
    pub(crate) attempts: Arc<Attempts>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) coverage: Arc<Coverage>,
    pub(crate) verified: Arc<LastVerified>,
    pub(crate) replays: Arc<Replays>,
    /// Each what-if takes a core for a while: they wait for one another, not requests for them.
    pub(crate) what_ifs: Arc<tokio::sync::Semaphore>,
    pub(crate) sns: Arc<Sns>,
    /// Held while the first account is made, so that there is one.
    pub(crate) setup: Arc<tokio::sync::Mutex<()>>,
}

impl ApiState {
    /// An interface to a running engine. Subscriptions of SNS that wait for their confirmation are taken up.
    pub fn new(engine: Engine, settings: Settings) -> Self {
        let sns = Sns::new(settings.sns.clone());
        sns.start(&engine);
        Self {
            started_us: engine.now_us(),
            engine,
            sns: Arc::new(sns),
            settings: Arc::new(settings),
            attempts: Arc::default(),
            passwords: Arc::default(),
            metrics: Arc::default(),
            coverage: Arc::default(),
            verified: Arc::default(),
            replays: Arc::default(),
            what_ifs: Arc::new(tokio::sync::Semaphore::new(1)),
            setup: Arc::default(),
        }
    }

    pub(crate) fn store(&self) -> &Store {
        self.engine.store()
    }

    /// Cookies go over TLS only when the server is reached over TLS.
    pub(crate) fn secure_cookies(&self) -> bool {
        self.engine.links().base_url().starts_with("https://")
    }
}

/// The time that people's sessions live by. The engine's clock may be a demo's.
pub(crate) fn wall_us() -> i64 {
    SystemClock.now_us()
}
