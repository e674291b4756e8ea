//! `decurion absence`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use super::incident::without_null;
use super::swap::Stretch;
use crate::output::{Column, Table, Times, field, say, text_at, words};

/// Who is away when
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Absences that are not over
    List {
        /// Only of this person
        #[arg(long)]
        person: Option<String>,
    },
    /// Enter an absence: deputies stand in, and cover is asked for
    Add {
        /// Who; oneself unless given
        #[arg(long)]
        person: Option<String>,
        #[command(flatten)]
        span: Stretch,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Take an absence back
    Remove { id: String },
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::List { person } => {
            let query: Vec<(&str, &str)> =
                person.as_deref().map(|person| ("person_id", person)).into_iter().collect();
            let absences = context.client.items(&["absences"], &query, usize::MAX).await?;
            context.show_items(absences, |absences| table(absences, &context.times))
        }
        Verb::Add { person, span, reason } => {
            let (start_us, end_us) = span.read(context).await?;
            let body = without_null(json!({
                "person_id": person, "start_us": start_us, "end_us": end_us, "reason": reason,
            }));
            let made = context.client.post(&["absences"], &body).await?;
            context.show_items(vec![made], |made| table(made, &context.times))
        }
        Verb::Remove { id } => {
            context.client.delete(&["absences", id]).await?;
            context.show(&json!({"removed": id}), |_| Ok(say("Removed.")?))
        }
    }
}

fn table(absences: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("ABSENCE"),
        Column::text("WHO"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::new("STATE"),
        Column::text("COVER"),
        Column::text("REASON"),
    ];
    let mut table = Table::new(&columns, "Nobody is away.");
    for absence in absences {
        let at = |pointer: &str| text_at(absence, pointer);
        let (from, to) = (times.minute_at(absence, "/start_us"), times.minute_at(absence, "/end_us"));
        let covers = field(absence, "/covers").as_array().into_iter().flatten();
        let covers = words(
            covers.map(|cover| format!("{} {}", text_at(cover, "/schedule_id"), text_at(cover, "/state"))),
        );
        table.row([at("/id"), at("/name"), from, to, at("/state"), covers, at("/reason")]);
    }
    Ok(table.print()?)
}
