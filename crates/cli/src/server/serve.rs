//! `decurion serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use decurion_core::org::Channel;
use decurion_engine::WatchOptions;
use decurion_engine::clock::SystemClock;

use super::open::{apply_pack, is_set_up};
use super::run::{Running, Start, Stop, bind};
use super::{ChannelArgs, Database, LogFormat, SnsArgs, start_log};
use crate::client::server;

/// Run the server
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    database: Database,
    /// Where to listen
    #[arg(long, env = "DECURION_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Where people and senders reach this server; links begin with it
    #[arg(long, env = "DECURION_BASE_URL", value_name = "URL")]
    base_url: Option<String>,
    /// A pack for the first start; later ones come with `decurion apply`
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Where the alarm goes when pages are late: a webhook, best one that no page takes
    #[arg(long, env = "DECURION_WATCH_WEBHOOK", hide_env_values = true, value_name = "URL")]
    watch_webhook: Option<String>,
    /// How late a timer or a page may be before the alarm, in seconds
    #[arg(long, env = "DECURION_WATCH_ALARM_AFTER_S", default_value_t = 30, value_name = "SECONDS")]
    watch_alarm_after_s: i64,
    /// A monitor outside, asked every 30 seconds while all is well; it must alarm when the beat stops
    #[arg(long, env = "DECURION_HEARTBEAT_URL", hide_env_values = true, value_name = "URL")]
    heartbeat_url: Option<String>,
    /// How log lines look
    #[arg(long, env = "DECURION_LOG", value_enum, default_value_t)]
    log: LogFormat,
    #[command(flatten)]
    channels: ChannelArgs,
    #[command(flatten)]
    sns: SnsArgs,
}

pub(crate) async fn run(serve: &Serve) -> anyhow::Result<()> {
    start_log(serve.log, "info")?;
    let mut stop = Stop::listen()?;
    let listener = bind(serve.listen).await?;
    let address = listener.local_addr()?;
    let base_url = serve.base_url(address)?;
    let sns = serve.sns.authority()?;
    let opened = serve.database.open().await?;
    let first = !is_set_up(&opened.store).await?;
    anyhow::ensure!(
        !first || serve.pack.is_some(),
        "nothing is set up here yet: run `decurion init`, or name a pack for the first start with --pack DIR"
    );
    let mut running = Running::start(Start {
        opened,
        clock: Arc::new(SystemClock),
        channels: serve.channels.settings()?,
        base_url: base_url.clone(),
        watch: serve.watch(),
    })
    .await?;
    if let Some(pack) = serve.pack.as_ref().filter(|_| first) {
        if let Err(error) = apply_pack(&running.engine, pack, "first start").await {
            running.stop().await;
            return Err(error);
        }
        tracing::info!("the console at {base_url} asks for the first administrator");
    }
    running.listen(listener, None, sns);
    tracing::info!(%address, url = base_url, "serving");
    stop.told().await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

impl Serve {
    fn base_url(&self, address: SocketAddr) -> anyhow::Result<String> {
        let Some(text) = &self.base_url else { return Ok(format!("http://{address}")) };
        Ok(server(text)?.as_str().trim_end_matches('/').to_owned())
    }

    fn watch(&self) -> WatchOptions {
        WatchOptions {
            alarm_after_s: self.watch_alarm_after_s,
            alarm_to: self.watch_webhook.clone().map(|url| (Channel::Webhook, url)),
            heartbeat_url: self.heartbeat_url.clone(),
        }
    }
}
