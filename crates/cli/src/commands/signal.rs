//! `decurion signal`.

use serde_json::{Value, json};

use super::{Context, Limit};
use crate::output::{Column, Table, Times, say, text_at};

/// Signals: what arrived, as it arrived
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Signals, the newest first
    List {
        /// interpreted, uninterpretable or ignored
        #[arg(long, default_value = "uninterpretable")]
        outcome: String,
        #[command(flatten)]
        limit: Limit,
    },
    /// Read a body again, after its mapping was mended
    Replay { id: String },
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::List { outcome, limit } => {
            let signals = context.client.items(&["signals"], &[("outcome", outcome)], limit.limit).await?;
            context.show_items(signals, |signals| table(signals, &context.times))
        }
        Verb::Replay { id } => {
            let answer = context.client.post(&["signals", id, "replay"], &json!({})).await?;
            context.show(&answer, |answer| Ok(say(&replayed(answer))?))
        }
    }
}

fn replayed(answer: &Value) -> String {
    let (alerts, reason) = (text_at(answer, "/alert_ids"), text_at(answer, "/reason"));
    let more = if alerts.is_empty() { reason } else { alerts };
    format!("{}: {more}", text_at(answer, "/outcome"))
}

pub(crate) fn table(signals: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("SIGNAL"),
        Column::new("RECEIVED"),
        Column::text("FROM"),
        Column::right("BYTES"),
        Column::new("OUTCOME"),
        Column::new("FIELD"),
        Column::text("REASON"),
    ];
    let mut table = Table::new(&columns, "No signals.");
    for signal in signals {
        let at = |pointer: &str| text_at(signal, pointer);
        let received = times.second_at(signal, "/received_us");
        let rest = [at("/body_bytes"), at("/outcome"), at("/field"), at("/reason")];
        table.row([at("/id"), received, at("/integration_name")].into_iter().chain(rest));
    }
    Ok(table.print()?)
}
