//! `decurion silence`.

use clap::Subcommand;
use serde_json::{Value, json};

use super::swap::Stretch;
use super::{Context, Limit};
use crate::exit::Failure;
use crate::output::{Column, Table, Times, field, say, text_at};

/// As they are tried: of two that begin alike, the longer one first.
const OPERATORS: [&str; 4] = ["=~", "!=", "!~", "="];

/// Alerts that page nobody for a while
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Silences that are active or will be, the newest first
    List {
        /// With those that are over
        #[arg(long)]
        over: bool,
        #[command(flatten)]
        limit: Limit,
    },
    /// Silence alerts: those that match open no incident, and are raised if they are open when it ends
    Add {
        /// What must match, as in severity=warning or source=~db-.* ; names: integration, severity, source,
        /// dedup_key, title, labels.NAME; operators: = != =~ !~
        #[arg(required = true, value_name = "MATCHER", value_parser = matcher)]
        matchers: Vec<Value>,
        #[command(flatten)]
        span: Stretch,
        /// Why nobody needs to be paged
        #[arg(long)]
        reason: String,
        /// Only say what it would be about
        #[arg(long)]
        preview: bool,
    },
    /// End a silence now: what it holds back is raised
    Expire { id: String },
}

/// Reads `name=value`, with any of the operators.
fn matcher(text: &str) -> Result<Value, String> {
    let wrong =
        || format!("`{text}` is no matcher: write NAME=VALUE, NAME!=VALUE, NAME=~REGEX or NAME!~REGEX");
    let place = text.find(['=', '!']).filter(|place| *place > 0).ok_or_else(wrong)?;
    let (name, rest) = text.split_at(place);
    let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator)).ok_or_else(wrong)?;
    let value = rest.strip_prefix(operator).unwrap_or_default();
    Ok(json!({"name": name, "operator": operator, "value": value}))
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::List { over, limit } => {
            let over = over.to_string();
            let silences = context.client.items(&["silences"], &[("over", &over)], limit.limit).await?;
            context.show_items(silences, |silences| table(silences, &context.times))
        }
        Verb::Add { matchers, preview: true, .. } => {
            let found = context.client.post(&["silences", "preview"], &json!({"matchers": matchers})).await?;
            context.show(&found, previewed)
        }
        Verb::Add { matchers, span, reason, .. } => {
            if reason.trim().is_empty() {
                return Err(Failure::usage("say why nobody needs to be paged: --reason").into());
            }
            let (start_us, end_us) = span.read(context).await?;
            let body =
                json!({"matchers": matchers, "start_us": start_us, "end_us": end_us, "reason": reason});
            let made = context.client.post(&["silences"], &body).await?;
            context.show_items(vec![made], |made| table(made, &context.times))
        }
        Verb::Expire { id } => {
            context.client.delete(&["silences", id]).await?;
            context.show(&json!({"expired": id}), |_| Ok(say("Ended; what it held back is raised.")?))
        }
    }
}

fn previewed(found: &Value) -> anyhow::Result<()> {
    let at = |pointer: &str| text_at(found, pointer);
    say(&format!(
        "{} open alerts match, and {} of the {} of the last seven days.",
        at("/open"),
        at("/recent"),
        at("/looked_at")
    ))?;
    for alert in field(found, "/newest").as_array().into_iter().flatten() {
        say(&format!("  {} {}", text_at(alert, "/severity"), text_at(alert, "/title")))?;
    }
    Ok(())
}

fn table(silences: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("SILENCE"),
        Column::new("STATE"),
        Column::text("MATCHERS"),
        Column::new("FROM"),
        Column::new("TO"),
        Column::right("HOLDS"),
        Column::text("AUTHOR"),
        Column::text("REASON"),
    ];
    let mut table = Table::new(&columns, "Nothing is silenced.");
    for silence in silences {
        let at = |pointer: &str| text_at(silence, pointer);
        let matchers: Vec<String> = field(silence, "/matchers")
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| ["/name", "/operator", "/value"].map(|pointer| text_at(one, pointer)).concat())
            .collect();
        let (from, to) = (times.minute_at(silence, "/start_us"), times.minute_at(silence, "/end_us"));
        let tail = [at("/holds"), at("/author_name"), at("/reason")];
        table.row([at("/id"), at("/state"), matchers.join(" "), from, to].into_iter().chain(tail));
    }
    Ok(table.print()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::matcher;

    #[test]
    fn a_matcher_is_read_as_it_is_written() {
        let read = |text: &str| matcher(text).unwrap();
        assert_eq!(read("a=b"), json!({"name": "a", "operator": "=", "value": "b"}));
        assert_eq!(read("a=~b=c"), json!({"name": "a", "operator": "=~", "value": "b=c"}));
        assert_eq!(read("a!=b"), json!({"name": "a", "operator": "!=", "value": "b"}));
        assert_eq!(read("labels.a!~"), json!({"name": "labels.a", "operator": "!~", "value": ""}));
        assert!(matcher("a").is_err() && matcher("=b").is_err() && matcher("a!b").is_err());
    }
}
