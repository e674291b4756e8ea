//! Drives a pager from outside and listens where its webhooks arrive, in one process and by one clock.
//!
//! Every alert carries a mark (`bench-0000000042`). The sink looks for marks in whatever bodies arrive, so the
//! same run measures any product that can be pointed at a webhook. `bench/run.py` starts the products.

mod body;
mod client;
mod load;
mod report;
mod sink;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, ValueEnum};

use crate::load::{Load, Pace};

/// Sends alerts over HTTP and measures when, and whether, each comes out as a webhook. Prints one JSON object.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where alerts go, `http://127.0.0.1:8080/v2/enqueue`.
    #[arg(long)]
    target: String,
    /// The wire that the target speaks.
    #[arg(long, value_enum)]
    format: Format,
    /// The routing key, for the format `pagerduty`.
    #[arg(long, default_value = "")]
    key: String,
    /// Where webhooks arrive. Without it nothing is awaited.
    #[arg(long)]
    sink: Option<SocketAddr>,
    /// Connections that send at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How many alerts are sent.
    #[arg(long)]
    count: usize,
    /// Alerts a second. Without it, as fast as answers come.
    #[arg(long)]
    rate: Option<f64>,
    /// Distinct alerts. Without it every alert is one of its own.
    #[arg(long)]
    keys: Option<usize>,
    /// How long to wait for webhooks that are still missing after the last answer, in seconds.
    #[arg(long, default_value_t = 60)]
    patience_s: u64,
}

/// A wire format for alerts.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Events API v2.
    Pagerduty,
    /// Alertmanager's API v2.
    Alertmanager,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(run(arguments))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

async fn run(arguments: Arguments) -> anyhow::Result<report::Report> {
    let distinct = arguments.keys.unwrap_or(arguments.count);
    let sink = match arguments.sink {
        Some(address) => Some(sink::Sink::start(address, distinct).await.context("the sink cannot listen")?),
        None => None,
    };
    let load = Load {
        target: client::Target::parse(&arguments.target)?,
        format: arguments.format,
        key: arguments.key,
        connections: arguments.connections,
        count: arguments.count,
        distinct,
        pace: arguments.rate.map_or(Pace::Closed, Pace::PerSecond),
    };
    let sent = load.run().await?;
    if let Some(sink) = &sink {
        sink.settle(sent.accepted_distinct(), Duration::from_secs(arguments.patience_s)).await;
    }
    Ok(report::Report::new(&sent, sink.as_deref()))
}
