//! `decurion oncall`.

use decurion_core::duration::DurationS;
use serde_json::Value;

use super::Context;
use crate::exit::{Failure, Said};
use crate::output::{Column, Table, Times, field, say, text_at, words};

/// Who is on call, and where nobody is
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// The shifts of every schedule
    Show {
        /// From when, as in "2026-11-23 09:00" (local) or 2026-11-23T09:00Z; now unless given
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// For how long
        #[arg(long = "for", value_name = "LENGTH", default_value = "7d")]
        length: DurationS,
    },
    /// What stands against the coverage of the days ahead
    Coverage(Coverage),
}

/// What stands against the coverage of the days ahead
///
/// Ends with 1 when something fails that nobody accepted.
#[derive(Debug, clap::Args)]
pub(crate) struct Coverage {
    /// How many days to look ahead
    #[arg(long, default_value_t = 90)]
    days: u32,
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::Show { from, length } => {
            let from_us = match from {
                Some(from) => read(&context.times, "--from", from)?,
                None => context.client.now_us().await?,
            };
            let to_us = from_us.saturating_add(length.as_us());
            let (from_us, to_us) = (from_us.to_string(), to_us.to_string());
            let oncall = context.client.get(&["oncall"], &[("from_us", &from_us), ("to_us", &to_us)]).await?;
            context.show(&oncall, |oncall| shifts(oncall, &context.times))
        }
        Verb::Coverage(asked) => coverage(asked, context).await,
    }
}

pub(crate) async fn coverage(asked: &Coverage, context: &Context) -> anyhow::Result<()> {
    let days = asked.days.to_string();
    let coverage = context.client.get(&["oncall", "coverage"], &[("days", &days)]).await?;
    context.show(&coverage, |coverage| findings(coverage, &context.times))?;
    if field(&coverage, "/proven") == true { Ok(()) } else { Err(Said.into()) }
}

/// An instant that somebody typed for an option.
pub(crate) fn read(times: &Times, option: &str, text: &str) -> anyhow::Result<i64> {
    Ok(times.read(text).map_err(|error| Failure::usage(format!("{option} {text}: {error}")))?)
}

fn shifts(oncall: &Value, times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("SCHEDULE"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::text("WHO"),
        Column::text("BY"),
    ];
    let mut table = Table::new(&columns, "No schedules.");
    for schedule in field(oncall, "/schedules").as_array().into_iter().flatten() {
        for shift in field(schedule, "/shifts").as_array().into_iter().flatten() {
            let people = field(shift, "/people").as_array().into_iter().flatten();
            let who = words(people.map(|person| text_at(person, "/name")));
            let nobody = || format!("NOBODY: {}", text_at(shift, "/nobody"));
            let who = if who.is_empty() { nobody() } else { who };
            let by = if field(shift, "/overridden") == true {
                "override".to_owned()
            } else {
                text_at(shift, "/source")
            };
            let (from, to) = (times.minute_at(shift, "/start_us"), times.minute_at(shift, "/end_us"));
            table.row([text_at(schedule, "/id"), from, to, who, by]);
        }
    }
    Ok(table.print()?)
}

fn findings(coverage: &Value, times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("SEVERITY"),
        Column::new("KEY"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::text("WHAT"),
        Column::text("HOW TO MEND IT"),
    ];
    let mut table =
        Table::new(&columns, "Every level reaches somebody at every instant, and people can carry it.");
    for finding in field(coverage, "/findings").as_array().into_iter().flatten() {
        let at = |pointer: &str| text_at(finding, pointer);
        let (from, to) = (times.minute_at(finding, "/start_us"), times.minute_at(finding, "/end_us"));
        let (severity, mend) = if field(finding, "/accepted").is_null() {
            (at("/severity"), at("/mend"))
        } else {
            ("accepted".to_owned(), accepted(finding, times))
        };
        table.row([severity, at("/key"), from, to, at("/message"), mend]);
    }
    table.print()?;
    let (from, to) = (times.minute_at(coverage, "/from_us"), times.minute_at(coverage, "/to_us"));
    let proven = if field(coverage, "/proven") == true { "proven" } else { "not proven" };
    Ok(say(&format!("From {from} to {to} the coverage is {proven}."))?)
}

/// Who lives with a finding.
fn accepted(finding: &Value, times: &Times) -> String {
    let at = |pointer: &str| text_at(finding, pointer);
    let until = times.minute_at(finding, "/accepted/until_us");
    format!("by {} until {until}: {}", at("/accepted/author"), at("/accepted/reason"))
}
