//! `decurion mailbox`.

use serde_json::Value;

use super::{Context, Limit};
use crate::output::{Column, Table, Times, text_at};

/// What people were told through the built-in mailbox
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Messages, the newest first
    List {
        /// Only what this person was sent
        #[arg(long)]
        person: Option<String>,
        #[command(flatten)]
        limit: Limit,
    },
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let Verb::List { person, limit } = verb;
    let query: Vec<_> = person.as_deref().map(|person| ("person_id", person)).into_iter().collect();
    let messages = context.client.items(&["mailbox"], &query, limit.limit).await?;
    context.show_items(messages, |messages| table(messages, &context.times))
}

fn table(messages: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("SENT"),
        Column::new("TO"),
        Column::new("INCIDENT"),
        Column::new("LEVEL"),
        Column::new("KIND"),
        Column::new("STATUS"),
        Column::text("SUBJECT"),
        Column::new("TO ACKNOWLEDGE"),
    ];
    let mut table = Table::new(&columns, "The mailbox is empty.");
    for message in messages {
        let at = |pointer: &str| text_at(message, pointer);
        let sent = times.second_at(message, "/sent_us");
        let head = [sent, at("/name"), at("/incident_reference"), at("/level"), at("/kind")];
        table.row(head.into_iter().chain([at("/page_status"), at("/subject"), at("/acknowledge_url")]));
    }
    Ok(table.print()?)
}
