//! The engine's way out, over the channels.

use std::time::Duration;

use async_trait::async_trait;
use decurion_channels::Channels;
use decurion_core::notify::{Message, Outcome};
use decurion_core::org::Channel;
use decurion_engine::Transport;

/// A monitor that does not answer within this time has missed the beat.
const BEAT: Duration = Duration::from_secs(10);

/// Channels, and a client for the heartbeat.
#[derive(Debug)]
pub(super) struct Outside {
    channels: Channels,
    http: reqwest::Client,
}

impl Outside {
    pub(super) fn new(channels: Channels) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(BEAT)
            .redirect(reqwest::redirect::Policy::none())
            .tls_backend_preconfigured(crate::client::tls_config()?)
            .build()?;
        Ok(Self { channels, http })
    }
}

#[async_trait]
impl Transport for Outside {
    async fn send(&self, message: &Message, now_us: i64) -> Outcome {
        self.channels.send(message, now_us).await
    }

    async fn ask(&self, channel: Channel, receipt: &str, over: bool) -> Outcome {
        self.channels.ask(channel, receipt, over).await
    }

    fn usable(&self, channel: Channel) -> Result<(), String> {
        self.channels.usable(channel)
    }

    async fn heartbeat(&self, url: &str) -> Result<(), String> {
        // The URL of a heartbeat is its secret, so it stands in no message.
        let answer = self.http.get(url).send().await.map_err(|error| error.without_url().to_string())?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(format!("the monitor answered {}", answer.status()))
        }
    }
}
