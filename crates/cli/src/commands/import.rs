//! `decurion import`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::{Context, oncall};
use crate::output::{Column, Table, Times, say, text_at, words};

/// Take over what other tools keep
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Read a calendar (.ics) as overrides of a schedule
    Ical(Ical),
}

#[derive(Debug, Args)]
pub(crate) struct Ical {
    /// The calendar as the other tool exports it
    file: PathBuf,
    /// Id of the schedule
    #[arg(long, value_name = "ID")]
    schedule: String,
    /// Enter what is found; without it, only shows what would be entered
    #[arg(long)]
    enter: bool,
    /// Enter the rest although some events name nobody who is known
    #[arg(long, requires = "enter")]
    skip_unmatched: bool,
    /// Pass over shifts that end before this; now unless given
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Pass over shifts that begin after this; 180 days after --from unless given
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let Verb::Ical(asked) = verb;
    let file = asked.file.display();
    let text = std::fs::read(&asked.file).with_context(|| format!("cannot read {file}"))?;
    let instant = |field, given: &Option<String>| {
        given
            .as_deref()
            .map(|text| oncall::read(&context.times, field, text).map(|at| at.to_string()))
            .transpose()
    };
    let (from, until) = (instant("--from", &asked.from)?, instant("--until", &asked.until)?);
    let mut query =
        vec![("enter", asked.enter.to_string()), ("skip_unmatched", asked.skip_unmatched.to_string())];
    query.extend(from.map(|at| ("from_us", at)));
    query.extend(until.map(|at| ("to_us", at)));
    let path = ["schedules", &asked.schedule, "import"];
    let read = context.client.post_text(&path, &query, "text/calendar", text).await?;
    context.show(&read, |read| {
        table(read, &context.times)?;
        Ok(say(&summary(read, asked.enter))?)
    })
}

fn table(read: &Value, times: &Times) -> anyhow::Result<()> {
    let items = |name: &str| read.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let columns = [
        Column::new("LINE"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::text("WHO"),
        Column::new("MATCHED BY"),
        Column::text("EVENT"),
    ];
    let mut table = Table::new(&columns, "No shifts.");
    for shift in items("shifts") {
        let at = |pointer: &str| text_at(&shift, pointer);
        let (from, to) = (times.minute_at(&shift, "/start_us"), times.minute_at(&shift, "/end_us"));
        let known =
            if shift.get("known").and_then(Value::as_bool) == Some(true) { " (there already)" } else { "" };
        let who = words([at("/people")].into_iter());
        table.row([at("/line"), from, to, who, at("/matched_by") + known, at("/summary")]);
    }
    for event in items("unmatched") {
        let at = |pointer: &str| text_at(&event, pointer);
        let (dash, why) = ("–".to_owned(), format!("{}: {}", at("/summary"), at("/why")));
        table.row([at("/line"), dash.clone(), dash.clone(), dash, "nobody".to_owned(), why]);
    }
    Ok(table.print()?)
}

fn summary(read: &Value, enter: bool) -> String {
    let count = |name: &str| read.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let passed = text_at(read, "/passed_over");
    if enter {
        return format!("Entered {} overrides; {passed} events passed over.", text_at(read, "/entered"));
    }
    let rest = match count("unmatched") {
        0 => String::new(),
        some => format!("; {some} events name nobody who is known"),
    };
    format!(
        "Would enter {} shifts; {passed} events passed over{rest}. Enter them with --enter.",
        count("shifts")
    )
}
