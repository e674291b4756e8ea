//! `decurion alert`.

use serde_json::Value;

use super::{Context, Limit};
use crate::output::{Column, Table, Times, facts, field, say, text_at};

/// Alerts: signals with the same key, as one open thing
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Alerts, the newest first
    List {
        /// open, acknowledged or resolved; all unless given
        #[arg(long)]
        status: Option<String>,
        /// Id of an integration
        #[arg(long)]
        integration: Option<String>,
        /// Only those that a silence holds back, or did until they ended
        #[arg(long)]
        suppressed: bool,
        #[command(flatten)]
        limit: Limit,
    },
    /// One alert
    Show { id: String },
    /// The bodies that were kept of an alert
    Signals { id: String },
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::List { status, integration, suppressed, limit } => {
            let filters = [("status", status), ("integration", integration)];
            let only = suppressed.then_some(("suppressed", "true"));
            let query: Vec<_> = filters
                .iter()
                .filter_map(|(name, value)| value.as_deref().map(|value| (*name, value)))
                .chain(only)
                .collect();
            let alerts = context.client.items(&["alerts"], &query, limit.limit).await?;
            context.show_items(alerts, |alerts| table(alerts, &context.times))
        }
        Verb::Show { id } => {
            let alert = context.client.get(&["alerts", id], &[]).await?;
            context.show(&alert, |alert| one(alert, &context.times))
        }
        Verb::Signals { id } => {
            let signals = context.client.items(&["alerts", id, "signals"], &[], usize::MAX).await?;
            context.show_items(signals, |signals| super::signal::table(signals, &context.times))
        }
    }
}

pub(crate) fn table(alerts: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("ALERT"),
        Column::new("SEVERITY"),
        Column::new("STATUS"),
        Column::text("TITLE"),
        Column::text("FROM"),
        Column::right("COUNT"),
        Column::new("LAST"),
        Column::new("INCIDENT"),
    ];
    let mut table = Table::new(&columns, "No alerts.");
    for alert in alerts {
        let at = |pointer: &str| text_at(alert, pointer);
        let last = times.minute_at(alert, "/last_us");
        let head =
            [at("/id"), at("/severity"), at("/status"), at("/title"), at("/integration_name"), at("/count")];
        table.row(head.into_iter().chain([last, at("/incident_reference")]));
    }
    Ok(table.print()?)
}

fn one(alert: &Value, times: &Times) -> anyhow::Result<()> {
    let at = |pointer: &str| text_at(alert, pointer);
    let labels = field(alert, "/labels").as_object().into_iter().flatten();
    let labels = labels.map(|(name, value)| format!("{name}={}", text_at(value, "")));
    let lines = [
        ("alert", at("/id")),
        ("title", at("/title")),
        ("what", format!("{}, {}", at("/severity"), at("/status"))),
        ("text", at("/description")),
        ("from", format!("{} ({})", at("/source"), at("/integration_name"))),
        ("key", at("/dedup_key")),
        ("labels", crate::output::words(labels)),
        ("incident", at("/incident_reference")),
        ("silenced by", at("/suppressed_by")),
        ("held until", times.second_at(alert, "/held/until_us")),
        ("count", at("/count")),
        ("first", times.second_at(alert, "/opened_us")),
        ("last", times.second_at(alert, "/last_us")),
        ("resolved", times.second_at(alert, "/resolved_us")),
    ];
    Ok(say(&facts(lines))?)
}
