//! `decurion handoff`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::incident::without_null;
use super::{Context, Limit, oncall};
use crate::output::{Column, Table, Times, field, text_at, words};

/// What one duty writes to the next
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Handoff notes, the newest first
    List {
        /// Only of this schedule
        #[arg(long)]
        schedule: Option<String>,
        /// Only these
        #[arg(long, value_parser = ["written", "asked_back", "accepted"])]
        state: Option<String>,
        #[command(flatten)]
        limit: Limit,
    },
    /// Write a note for one's next handoff, or write it anew; open incidents are added out of the record
    Write {
        /// Id of the schedule
        schedule: String,
        /// What to hand over, in words
        #[arg(long, default_value = "")]
        text: String,
        /// Something to keep an eye on; may be given several times
        #[arg(long = "watch", value_name = "ITEM")]
        watch: Vec<String>,
        /// Whose duty ends; one's own unless given
        #[arg(long)]
        person: Option<String>,
        /// The handoff; the next one unless given
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Accept a note
    Accept { id: String },
    /// Ask the writer of a note for more
    Ask { id: String, question: String },
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let note = match verb {
        Verb::List { schedule, state, limit } => {
            let query = [("schedule_id", schedule), ("state", state)];
            let query: Vec<(&str, &str)> =
                query.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
            let notes = context.client.items(&["handoff-notes"], &query, limit.limit).await?;
            return context.show_items(notes, |notes| table(notes, &context.times));
        }
        Verb::Write { schedule, text, watch, person, at } => {
            let at_us = at.as_deref().map(|at| oncall::read(&context.times, "--at", at)).transpose()?;
            let body = without_null(json!({
                "from_person_id": person, "at_us": at_us, "text": text, "watch": watch,
            }));
            context.client.post(&["schedules", schedule, "handoff-notes"], &body).await?
        }
        Verb::Accept { id } => context.client.post(&["handoff-notes", id, "accept"], &json!({})).await?,
        Verb::Ask { id, question } => {
            let body = json!({"question": question});
            context.client.post(&["handoff-notes", id, "ask-back"], &body).await?
        }
    };
    context.show(&note, |note| table(std::slice::from_ref(note), &context.times))
}

fn table(notes: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("NOTE"),
        Column::new("SCHEDULE"),
        Column::new("HANDOFF"),
        Column::text("FROM"),
        Column::text("TO"),
        Column::new("STATE"),
        Column::text("OPEN"),
        Column::text("TO WATCH"),
        Column::text("TEXT"),
    ];
    let mut table = Table::new(&columns, "No handoff notes.");
    for note in notes {
        let at = |pointer: &str| text_at(note, pointer);
        let list = |pointer: &str, name: &str| {
            words(field(note, pointer).as_array().into_iter().flatten().map(|item| text_at(item, name)))
        };
        table.row([
            at("/id"),
            at("/schedule_id"),
            times.minute_at(note, "/at_us"),
            at("/from_person/name"),
            list("/to_people", "/name"),
            at("/state"),
            list("/incidents", "/reference"),
            list("/watch", ""),
            at("/text"),
        ]);
    }
    Ok(table.print()?)
}
