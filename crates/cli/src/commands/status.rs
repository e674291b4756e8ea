//! `decurion status`: is the server well?

use serde_json::Value;

use super::Context;
use crate::exit::Said;
use crate::output::{at_us, field, relative, say, text_at};

/// Prints how the server is. Ends with 1 when pages are late or the journal is broken.
pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let status = context.client.get(&["status"], &[]).await?;
    let now_us = context.client.now_us().await?;
    context.show(&status, |status| Ok(say(&text(status, now_us))?))?;
    if is_well(&status) { Ok(()) } else { Err(Said.into()) }
}

fn is_well(status: &Value) -> bool {
    field(status, "/journal/broken").is_null() && field(status, "/delivery/late") != true
}

fn text(status: &Value, now_us: i64) -> String {
    let at = |pointer: &str| text_at(status, pointer);
    let due =
        |pointer: &str| at_us(status, pointer).map_or_else(|| "none".to_owned(), |due| relative(due, now_us));
    let broken = at("/journal/broken/seq");
    let journal = if broken.is_empty() { "whole".to_owned() } else { format!("BROKEN at record {broken}") };
    let late = if field(status, "/delivery/late") == true { ", LATE" } else { "" };
    format!(
        "decurion  {} on {}\njournal   {} records, {journal}\ndelivery  {} undelivered, oldest {}{late}\ntimers    next {}\n",
        at("/version"),
        at("/database"),
        at("/journal/seq"),
        at("/delivery/undelivered"),
        due("/delivery/oldest_due_us"),
        due("/timers/oldest_due_us"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_well, text};

    #[test]
    fn lateness_and_a_broken_journal_are_loud() {
        let status = json!({
            "version": "0.1.0", "database": "sqlite",
            "journal": {"seq": 42, "broken": {"seq": 7}},
            "delivery": {"oldest_due_us": 0, "late": true, "undelivered": 3}, "timers": {"oldest_due_us": null},
        });
        let said = text(&status, 240_000_000);
        assert!(
            said.contains("BROKEN at record 7") && said.contains("3 undelivered, oldest 4:00 late, LATE"),
            "{said}"
        );
        assert!(!is_well(&status));
    }
}
