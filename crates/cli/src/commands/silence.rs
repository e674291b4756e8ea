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
        /// Only at these hours of the week, as in "sat,sun 02:00-04:00", "fri 22:00-mon 06:00" or
        /// "02:00-04:00" for every day; may be given several times
        #[arg(long, value_name = "WINDOW", value_parser = window)]
        every: Vec<Value>,
        /// The zone on whose clocks the hours are; the organisation's unless given
        #[arg(long, requires = "every")]
        zone: Option<String>,
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

/// Reads `sat,sun 02:00-04:00`, with the day on which it ends before the end where that is another one.
fn window(text: &str) -> Result<Value, String> {
    let wrong = || format!("`{text}` is no window: write \"sat,sun 02:00-04:00\" or \"fri 22:00-mon 06:00\"");
    let (begins, ends) = text.trim().split_once('-').ok_or_else(wrong)?;
    let day_and_time = |part: &str| {
        let part = part.trim();
        part.rsplit_once(' ')
            .map_or((None, part.to_owned()), |(day, time)| (Some(day.trim().to_owned()), time.to_owned()))
    };
    let ((days, start), (end_day, end)) = (day_and_time(begins), day_and_time(ends));
    if start.is_empty() || end.is_empty() {
        return Err(wrong());
    }
    let days: Vec<String> =
        days.iter().flat_map(|days| days.split(',')).map(|day| day.trim().to_lowercase()).collect();
    let end_day = end_day.map(|day| day.to_lowercase());
    Ok(json!({"days": days, "start": start, "end": end, "end_day": end_day}))
}

/// As it is given: `sat,sun 02:00-04:00`.
fn window_text(window: &Value) -> String {
    let days: Vec<&str> =
        field(window, "/days").as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let days = if days.is_empty() { String::new() } else { format!("{} ", days.join(",")) };
    let end_day = field(window, "/end_day").as_str().map(|day| format!("{day} ")).unwrap_or_default();
    format!("{days}{}-{end_day}{}", text_at(window, "/start"), text_at(window, "/end"))
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
        Verb::Add { matchers, span, every, zone, reason, .. } => {
            if reason.trim().is_empty() {
                return Err(Failure::usage("say why nobody needs to be paged: --reason").into());
            }
            let (start_us, end_us) = span.read(context).await?;
            let repeat = (!every.is_empty()).then(|| json!({"zone": zone, "windows": every}));
            let body = json!({
                "matchers": matchers, "start_us": start_us, "end_us": end_us, "repeat": repeat, "reason": reason,
            });
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
        Column::text("EVERY"),
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
        let windows = field(silence, "/repeat/windows").as_array().into_iter().flatten();
        let every: Vec<String> = windows.map(window_text).collect();
        let every = match field(silence, "/repeat/zone").as_str() {
            Some(zone) => format!("{}, {zone}", every.join("; ")),
            None => String::new(),
        };
        let tail = [every, at("/holds"), at("/author_name"), at("/reason")];
        table.row([at("/id"), at("/state"), matchers.join(" "), from, to].into_iter().chain(tail));
    }
    Ok(table.print()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::{matcher, window, window_text};

    #[test]
    fn a_matcher_is_read_as_it_is_written() {
        let read = |text: &str| matcher(text).unwrap();
        assert_eq!(read("a=b"), json!({"name": "a", "operator": "=", "value": "b"}));
        assert_eq!(read("a=~b=c"), json!({"name": "a", "operator": "=~", "value": "b=c"}));
        assert_eq!(read("a!=b"), json!({"name": "a", "operator": "!=", "value": "b"}));
        assert_eq!(read("labels.a!~"), json!({"name": "labels.a", "operator": "!~", "value": ""}));
        assert!(matcher("a").is_err() && matcher("=b").is_err() && matcher("a!b").is_err());
    }

    #[test]
    fn a_window_is_read_as_it_is_written() {
        for (text, days, end_day) in [
            ("02:00-04:00", json!([]), json!(null)),
            ("sat,sun 02:00-04:00", json!(["sat", "sun"]), json!(null)),
            ("fri 22:00-mon 06:00", json!(["fri"]), json!("mon")),
        ] {
            let read = window(text).unwrap();
            assert_eq!((&read["days"], &read["end_day"]), (&days, &end_day), "{text}");
            assert_eq!(window_text(&read), text);
        }
        assert_eq!(
            window(" Sat , sun 02:00 - 04:00").map(|read| window_text(&read)).unwrap(),
            "sat,sun 02:00-04:00"
        );
        assert!(window("02:00").is_err() && window("02:00-").is_err());
    }
}
