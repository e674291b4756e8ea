//! `decurion oncall`.

use decurion_core::duration::DurationS;
use serde_json::Value;

use super::Context;
use super::coverage::{self, Look};
use crate::exit::Failure;
use crate::output::{Column, Table, Times, field, text_at, words};

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
    Coverage(Look),
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
        Verb::Coverage(asked) => coverage::look(asked, context).await,
    }
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
