//! `decurion history` and `decurion restore`: one object of the pack in every version.

use serde_json::{Value, json};

use super::Context;
use crate::output::{Column, Output, Table, Times, field, say, say_json, text_at};

/// Show the versions of the pack, or those in which one object changed
#[derive(Debug, clap::Args)]
pub(crate) struct History {
    /// What it is: person, role, schedule, escalation, routing, integration, organisation
    #[arg(requires = "id")]
    kind: Option<String>,
    /// Its id, or the name of a policy
    id: Option<String>,
}

/// Bring one object of the pack back as it was in a version
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// What it is: person, role, schedule, escalation, routing, integration, organisation
    kind: String,
    /// Its id, or the name of a policy
    id: String,
    /// The version of the pack that holds it as it shall be again
    #[arg(long, value_name = "VERSION")]
    to: i64,
    /// Why, for the journal
    #[arg(long)]
    reason: String,
}

pub(crate) async fn history(asked: &History, context: &Context) -> anyhow::Result<()> {
    let items = match (&asked.kind, &asked.id) {
        (Some(kind), Some(id)) => {
            let found = context.client.get(&["pack", "objects", kind, id, "history"], &[]).await?;
            field(&found, "/items").as_array().cloned().unwrap_or_default()
        }
        _ => context.client.items(&["pack", "versions"], &[], 100).await?,
    };
    context.show_items(items, |items| table(items, &context.times))
}

pub(crate) async fn restore(asked: &Restore, context: &Context) -> anyhow::Result<()> {
    let body = json!({"version": asked.to, "reason": asked.reason});
    let path = ["pack", "objects", asked.kind.as_str(), asked.id.as_str(), "restore"];
    let answer = context.client.post(&path, &body).await?;
    if context.output == Output::Json {
        return say_json(&answer);
    }
    Ok(say(&format!("Version {} is in force.", text_at(&answer, "/version")))?)
}

fn table(items: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("VERSION"),
        Column::new("WHEN"),
        Column::new("HOW"),
        Column::text("WHO"),
        Column::text("WHY"),
    ];
    let mut table = Table::new(&columns, "No version.");
    for item in items {
        let is_null = |side: &str| item.get(side).is_some_and(Value::is_null);
        let how = match (is_null("before"), is_null("after")) {
            (true, _) => "added".to_owned(),
            (_, true) => "removed".to_owned(),
            _ => text_at(item, "/origin"),
        };
        let at = times.minute_at(item, "/applied_us");
        table.row([text_at(item, "/version"), at, how, text_at(item, "/author"), text_at(item, "/reason")]);
    }
    Ok(table.print()?)
}
