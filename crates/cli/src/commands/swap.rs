//! `decurion swap`.

use clap::{Args, Subcommand};
use decurion_core::duration::DurationS;
use serde_json::{Value, json};

use super::incident::without_null;
use super::{Context, Limit, oncall};
use crate::exit::Failure;
use crate::output::{Column, Table, Times, field, text_at, words};

/// Who asks to be stood in for, and who stands in
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Swaps, the newest first
    List {
        /// Only of this schedule
        #[arg(long)]
        schedule: Option<String>,
        /// Only shifts of this person
        #[arg(long)]
        person: Option<String>,
        /// Only these
        #[arg(long, value_parser = ["open", "taken", "withdrawn", "expired"])]
        state: Option<String>,
        #[command(flatten)]
        limit: Limit,
    },
    /// Ask to be stood in for
    Ask(Ask),
    /// Stand in, for all that is open or for a part of it
    Take {
        id: String,
        /// Who stands in; oneself unless given
        #[arg(long, value_name = "PERSON")]
        by: Option<String>,
        /// From when, for a part
        #[arg(long, value_name = "TIME", requires = "until")]
        from: Option<String>,
        #[arg(long, value_name = "TIME", requires = "from")]
        until: Option<String>,
    },
    /// Take a shift over that nobody asked to be taken
    Over(Over),
    /// Say no to being asked
    Decline {
        id: String,
        /// Who says no; oneself unless given
        #[arg(long)]
        person: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Ask no more; what was taken stays taken
    Withdraw {
        id: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Give back what was taken and has not begun
    Undo {
        id: String,
        /// One part; everything unless given
        #[arg(long)]
        part: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Id of the schedule
    schedule: String,
    /// Whose shift; one's own unless given
    #[arg(long)]
    person: Option<String>,
    #[command(flatten)]
    span: Stretch,
    /// Who is asked, everybody on the schedule unless given; may be given several times
    #[arg(long = "ask", value_name = "PERSON", value_delimiter = ',')]
    people: Vec<String>,
    /// Take a shift of theirs in return, from this moment
    #[arg(long, value_name = "TIME", requires = "return_until")]
    return_from: Option<String>,
    #[arg(long, value_name = "TIME", requires = "return_from")]
    return_until: Option<String>,
    /// The schedule of the shift in return, where it is another one
    #[arg(long, value_name = "SCHEDULE", requires = "return_from")]
    return_schedule: Option<String>,
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Over {
    /// Id of the schedule
    schedule: String,
    /// Whose shift
    #[arg(long)]
    person: String,
    /// Who takes it; oneself unless given
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    span: Stretch,
    #[arg(long)]
    reason: String,
}

/// From when to when.
#[derive(Debug, Args)]
pub(crate) struct Stretch {
    /// From when, as in "2026-11-23 09:00" (local) or 2026-11-23T09:00Z; now unless given
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    #[arg(long, value_name = "TIME", required_unless_present = "length")]
    until: Option<String>,
    /// For how long, instead of --until
    #[arg(long = "for", value_name = "LENGTH", conflicts_with = "until")]
    length: Option<DurationS>,
}

impl Stretch {
    /// The first instant and the first after it.
    pub(crate) async fn read(&self, context: &Context) -> anyhow::Result<(i64, i64)> {
        let start_us = match &self.from {
            Some(from) => oncall::read(&context.times, "--from", from)?,
            None => context.client.now_us().await?,
        };
        let end_us = match (&self.until, self.length) {
            (Some(until), _) => oncall::read(&context.times, "--until", until)?,
            (None, Some(length)) => start_us.saturating_add(length.as_us()),
            (None, None) => return Err(Failure::usage("say how long: --until TIME or --for LENGTH").into()),
        };
        Ok((start_us, end_us))
    }
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let swap = match verb {
        Verb::List { schedule, person, state, limit } => {
            let query = [("schedule_id", schedule), ("person_id", person), ("state", state)];
            let query: Vec<(&str, &str)> =
                query.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
            let swaps = context.client.items(&["swaps"], &query, limit.limit).await?;
            return context.show_items(swaps, |swaps| table(swaps, &context.times));
        }
        Verb::Ask(ask) => {
            let body = ask_body(ask, context).await?;
            context.client.post(&["schedules", &ask.schedule, "swaps"], &body).await?
        }
        Verb::Over(over) => {
            let (start_us, end_us) = over.span.read(context).await?;
            let body = without_null(json!({
                "person_id": over.person, "by_person_id": over.by,
                "start_us": start_us, "end_us": end_us, "reason": over.reason,
            }));
            context.client.post(&["schedules", &over.schedule, "take-over"], &body).await?
        }
        Verb::Take { id, by, from, until } => {
            let instant = |option: &str, text: &Option<String>| {
                text.as_deref().map(|text| oncall::read(&context.times, option, text)).transpose()
            };
            let body = without_null(json!({
                "by_person_id": by,
                "start_us": instant("--from", from)?, "end_us": instant("--until", until)?,
            }));
            context.client.post(&["swaps", id, "take"], &body).await?
        }
        Verb::Decline { id, person, reason } => {
            let body = without_null(json!({"person_id": person, "reason": reason}));
            context.client.post(&["swaps", id, "decline"], &body).await?
        }
        Verb::Withdraw { id, reason } => {
            context.client.post(&["swaps", id, "withdraw"], &json!({"reason": reason})).await?
        }
        Verb::Undo { id, part, reason } => {
            let body = without_null(json!({"part_id": part, "reason": reason}));
            context.client.post(&["swaps", id, "undo"], &body).await?
        }
    };
    context.show(&swap, |swap| table(std::slice::from_ref(swap), &context.times))
}

async fn ask_body(ask: &Ask, context: &Context) -> anyhow::Result<Value> {
    let (start_us, end_us) = ask.span.read(context).await?;
    let in_return = match (&ask.return_from, &ask.return_until) {
        (Some(from), Some(until)) => Some(without_null(json!({
            "schedule_id": ask.return_schedule,
            "start_us": oncall::read(&context.times, "--return-from", from)?,
            "end_us": oncall::read(&context.times, "--return-until", until)?,
        }))),
        _ => None,
    };
    Ok(without_null(json!({
        "person_id": ask.person,
        "start_us": start_us,
        "end_us": end_us,
        "people": ask.people,
        "in_return": in_return,
        "reason": ask.reason,
    })))
}

fn table(swaps: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("SWAP"),
        Column::new("SCHEDULE"),
        Column::text("WHOSE"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::new("STATE"),
        Column::text("TAKEN BY"),
        Column::text("IN RETURN"),
        Column::text("REASON"),
    ];
    let mut table = Table::new(&columns, "No swaps.");
    for swap in swaps {
        let at = |pointer: &str| text_at(swap, pointer);
        let (from, to) = (times.minute_at(swap, "/start_us"), times.minute_at(swap, "/end_us"));
        let taken = field(swap, "/taken").as_array().into_iter().flatten();
        let taken = words(taken.map(|part| text_at(part, "/by_name")));
        let back = in_return(field(swap, "/in_return"), times);
        let (id, schedule, whose) = (at("/id"), at("/schedule_id"), at("/name"));
        table.row([id, schedule, whose, from, to, at("/state"), taken, back, at("/reason")]);
    }
    Ok(table.print()?)
}

/// The other half of a trade; empty where there is none.
fn in_return(other: &Value, times: &Times) -> String {
    if other.is_null() {
        return String::new();
    }
    let (from, to) = (times.minute_at(other, "/start_us"), times.minute_at(other, "/end_us"));
    format!("{} {from} to {to}", text_at(other, "/schedule_id"))
}
