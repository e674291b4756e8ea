//! `decurion feed`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use crate::output::{Column, Table, Times, say, text_at};

/// Calendar feeds: shifts in everybody's own calendar
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Your feeds; for administrators everybody's
    List,
    /// Make a feed; its address is shown this once
    Create {
        /// Of this schedule, instead of your own shifts
        #[arg(long, value_name = "ID")]
        schedule: Option<String>,
    },
    /// Give a feed a new address; the old one opens nothing any more
    Replace { id: String },
    /// Make a feed's address open nothing any more
    Revoke { id: String },
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let client = &context.client;
    match verb {
        Verb::List => {
            let feeds = client.items(&["feeds"], &[], usize::MAX).await?;
            context.show_items(feeds, |feeds| table(feeds, &context.times))
        }
        Verb::Create { schedule } => {
            let path = match schedule {
                Some(id) => vec!["schedules", id, "feeds"],
                None => vec!["me", "feeds"],
            };
            let made = client.post(&path, &json!({})).await?;
            context.show(&made, |made| Ok(say(&with_url(made))?))
        }
        Verb::Replace { id } => {
            let made = client.post(&["feeds", id, "replace"], &json!({})).await?;
            context.show(&made, |made| Ok(say(&with_url(made))?))
        }
        Verb::Revoke { id } => {
            client.delete(&["feeds", id]).await?;
            context.show(&json!({"revoked": id}), |_| Ok(say("Revoked.")?))
        }
    }
}

fn with_url(made: &Value) -> String {
    format!(
        "{} of {}. Subscribe to this address; it is not shown again, and whoever knows it sees the shifts:\n{}",
        text_at(made, "/feed/id"),
        text_at(made, "/feed/name"),
        text_at(made, "/url")
    )
}

fn table(feeds: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [Column::new("FEED"), Column::text("OF"), Column::new("KIND"), Column::new("MADE")];
    let mut table = Table::new(&columns, "No feeds. Make one: decurion feed create");
    for feed in feeds {
        let kind = if text_at(feed, "/person_id").is_empty() { "schedule" } else { "person" };
        let made = times.minute_at(feed, "/created_us");
        table.row([text_at(feed, "/id"), text_at(feed, "/name"), kind.to_owned(), made]);
    }
    Ok(table.print()?)
}
