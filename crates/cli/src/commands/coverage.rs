//! `decurion coverage`.

use decurion_core::duration::DurationS;
use serde_json::{Value, json};

use super::{Context, Limit, oncall};
use crate::exit::{Failure, Said};
use crate::output::{Column, Table, Times, field, say, text_at};

/// What stands against the coverage of the days ahead, and what of it is accepted
///
/// Ends with 1 when something fails that nobody accepted.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Coverage {
    #[command(flatten)]
    look: Look,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What stands against the coverage of the days ahead
///
/// Ends with 1 when something fails that nobody accepted.
#[derive(Debug, clap::Args)]
pub(crate) struct Look {
    /// How many days to look ahead
    #[arg(long, default_value_t = 90)]
    days: u32,
}

/// What the organisation lives with
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Findings that were accepted on the server, the newest first
    List {
        /// With those that have ended or were revoked
        #[arg(long)]
        over: bool,
        #[command(flatten)]
        limit: Limit,
    },
    /// Accept a finding for a while: it is still shown, and does not count
    Accept(Accept),
    /// Revoke an acceptance: the finding counts again
    Revoke {
        /// Its id, as `coverage list` shows it
        id: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Accept {
    /// Key of the finding, such as COV-8/leila; without what follows @ every finding of that rule and subject
    key: String,
    /// Why the organisation lives with it
    #[arg(long)]
    reason: String,
    /// Until when, as in "2026-12-31 09:00" (local) or 2026-12-31T09:00Z; at most 366 days ahead
    #[arg(long, value_name = "TIME", required_unless_present = "length")]
    until: Option<String>,
    /// For how long, instead of --until
    #[arg(long = "for", value_name = "LENGTH", conflicts_with = "until")]
    length: Option<DurationS>,
}

impl Accept {
    async fn until_us(&self, context: &Context) -> anyhow::Result<i64> {
        match (&self.until, self.length) {
            (Some(until), _) => oncall::read(&context.times, "--until", until),
            (None, Some(length)) => Ok(context.client.now_us().await?.saturating_add(length.as_us())),
            (None, None) => Err(Failure::usage("say how long: --until TIME or --for LENGTH").into()),
        }
    }
}

const ACCEPTANCES: [&str; 3] = ["oncall", "coverage", "acceptances"];

pub(crate) async fn run(asked: &Coverage, context: &Context) -> anyhow::Result<()> {
    match &asked.verb {
        None => look(&asked.look, context).await,
        Some(Verb::List { over, limit }) => {
            let over = over.to_string();
            let accepted = context.client.items(&ACCEPTANCES, &[("over", &over)], limit.limit).await?;
            context.show_items(accepted, |accepted| acceptances(accepted, &context.times))
        }
        Some(Verb::Accept(accept)) => {
            let until_us = accept.until_us(context).await?;
            let body = json!({"key": accept.key, "reason": accept.reason, "until_us": until_us});
            let made = context.client.post(&ACCEPTANCES, &body).await?;
            context.show_items(vec![made], |made| acceptances(made, &context.times))
        }
        Some(Verb::Revoke { id }) => {
            let [oncall, coverage, acceptances] = ACCEPTANCES;
            context.client.delete(&[oncall, coverage, acceptances, id]).await?;
            context.show(&json!({"revoked": id}), |_| Ok(say("Revoked; the finding counts again.")?))
        }
    }
}

pub(crate) async fn look(asked: &Look, context: &Context) -> anyhow::Result<()> {
    let days = asked.days.to_string();
    let coverage = context.client.get(&["oncall", "coverage"], &[("days", &days)]).await?;
    context.show(&coverage, |coverage| findings(coverage, &context.times))?;
    if field(&coverage, "/proven") == true { Ok(()) } else { Err(Said.into()) }
}

fn acceptances(accepted: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("ACCEPTANCE"),
        Column::new("KEY"),
        Column::text("BY"),
        Column::new("UNTIL"),
        Column::new("REVOKED"),
        Column::text("REASON"),
    ];
    let mut table = Table::new(&columns, "Nothing is accepted on this server.");
    for one in accepted {
        let at = |pointer: &str| text_at(one, pointer);
        let (until, revoked) = (times.minute_at(one, "/until_us"), times.minute_at(one, "/revoked/at_us"));
        table.row([at("/id"), at("/key"), at("/author_name"), until, revoked, at("/reason")]);
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
    format!("by {} until {until}: {}", at("/accepted/author_name"), at("/accepted/reason"))
}
