//! `decurion override`.

use clap::{Args, Subcommand, ValueEnum};
use decurion_core::duration::DurationS;
use serde_json::{Value, json};

use super::incident::without_null;
use super::{Context, oncall};
use crate::exit::Failure;
use crate::output::{Column, Table, Times, say, text_at};

/// Changes of a schedule for a while
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// The overrides of a schedule
    List { schedule: String },
    /// Enter an override
    Add(Add),
    /// Take an override back
    Remove { schedule: String, id: String },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Id of the schedule
    schedule: String,
    #[arg(long, value_enum)]
    kind: Kind,
    /// Who joins (add), leaves (remove) or is replaced (replace)
    #[arg(long)]
    person: Option<String>,
    /// Who comes instead (replace)
    #[arg(long)]
    by: Option<String>,
    /// Exactly these people (fixed); may be given several times
    #[arg(long = "people", value_name = "PERSON", value_delimiter = ',')]
    people: Vec<String>,
    /// From when, as in "2026-11-23 09:00" (local) or 2026-11-23T09:00Z; now unless given
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    #[arg(long, value_name = "TIME", required_unless_present = "length")]
    until: Option<String>,
    /// For how long, instead of --until
    #[arg(long = "for", value_name = "LENGTH", conflicts_with = "until")]
    length: Option<DurationS>,
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// One person more
    Add,
    /// One person less
    Remove,
    /// Somebody in the place of a person
    Replace,
    /// Exactly these people
    Fixed,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
            Self::Fixed => "fixed",
        }
    }
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::List { schedule } => {
            let path = ["schedules", schedule, "overrides"];
            let overrides = context.client.items(&path, &[], usize::MAX).await?;
            context.show_items(overrides, |overrides| table(overrides, &context.times))
        }
        Verb::Add(add) => {
            let body = body(add, context).await?;
            let made = context.client.post(&["schedules", &add.schedule, "overrides"], &body).await?;
            context.show_items(vec![made], |made| table(made, &context.times))
        }
        Verb::Remove { schedule, id } => {
            context.client.delete(&["schedules", schedule, "overrides", id]).await?;
            context.show(&json!({"removed": id}), |_| Ok(say("Removed.")?))
        }
    }
}

async fn body(add: &Add, context: &Context) -> anyhow::Result<Value> {
    let start_us = match &add.from {
        Some(from) => oncall::read(&context.times, "--from", from)?,
        None => context.client.now_us().await?,
    };
    let end_us = match (&add.until, add.length) {
        (Some(until), _) => oncall::read(&context.times, "--until", until)?,
        (None, Some(length)) => start_us.saturating_add(length.as_us()),
        (None, None) => return Err(Failure::usage("say how long: --until TIME or --for LENGTH").into()),
    };
    Ok(without_null(json!({
        "kind": add.kind.as_str(),
        "person_id": add.person,
        "by_person_id": add.by,
        "people": (add.kind == Kind::Fixed).then_some(&add.people),
        "start_us": start_us,
        "end_us": end_us,
        "reason": add.reason,
    })))
}

fn table(overrides: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("OVERRIDE"),
        Column::new("KIND"),
        Column::text("WHO"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::text("REASON"),
        Column::new("AUTHOR"),
    ];
    let mut table = Table::new(&columns, "No overrides.");
    for change in overrides {
        let at = |pointer: &str| text_at(change, pointer);
        let named = [at("/person_id"), at("/people")].into_iter();
        let mut who = crate::output::words(named);
        if !at("/by_person_id").is_empty() {
            who = format!("{} for {who}", at("/by_person_id"));
        }
        let (from, to) = (times.minute_at(change, "/start_us"), times.minute_at(change, "/end_us"));
        table.row([at("/id"), at("/kind"), who, from, to, at("/reason"), at("/author")]);
    }
    Ok(table.print()?)
}
