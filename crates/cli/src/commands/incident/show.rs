//! Incidents as tables and sentences.

use serde_json::Value;

use super::holder;
use crate::output::{Column, Table, Times, at_us, facts, field, relative, say, text_at, words};

pub(super) fn list(incidents: &[Value], now_us: i64) -> anyhow::Result<()> {
    let columns = [
        Column::new("INCIDENT"),
        Column::new("SEV"),
        Column::new("LEVEL"),
        Column::new("STATUS"),
        Column::text("TITLE"),
        Column::right("ALERTS"),
        Column::new("HELD BY"),
        Column::text("NEXT"),
    ];
    let mut table = Table::new(&columns, "No incidents.");
    for incident in incidents {
        let at = |pointer: &str| text_at(incident, pointer);
        let (reference, next) = (at("/reference"), next(incident, now_us));
        let facts = [at("/severity"), at("/level"), at("/status"), at("/title"), at("/alerts_total")];
        table.row([reference].into_iter().chain(facts).chain([at("/holder/name"), next]));
    }
    Ok(table.print()?)
}

/// What happens if nobody acts, and when.
fn next(incident: &Value, now_us: i64) -> String {
    let due = at_us(incident, "/next/due_us").map(|due| relative(due, now_us));
    due.map(|due| format!("{due}: {}", text_at(incident, "/next/text"))).unwrap_or_default()
}

/// One line after a verb.
pub(super) fn sentence(incident: &Value) -> String {
    let at = |pointer: &str| text_at(incident, pointer);
    let mut said = format!("{} is {}", at("/reference"), at("/status"));
    if at("/status") != "resolved" {
        said = format!("{said}, {}, at {}, held by {}", at("/severity"), at("/level"), holder(incident));
    }
    if !field(incident, "/lowering").is_null() {
        said = format!("{said}; {} asks to lower it to {}", at("/lowering/by_name"), at("/lowering/to"));
    }
    format!("{said}.")
}

pub(super) fn one(incident: &Value, times: &Times, now_us: i64) -> anyhow::Result<()> {
    let at = |pointer: &str| text_at(incident, pointer);
    let flag = |pointer: &str, word: &str| {
        if field(incident, pointer) == true { word.to_owned() } else { String::new() }
    };
    let flags = [flag("/customer_facing", "customer-facing"), flag("/company_wide", "company-wide")];
    let what = words([at("/severity"), at("/status"), at("/disposition")].into_iter().chain(flags));
    let lines = [
        (at("/reference"), at("/title")),
        ("what".to_owned(), what),
        ("level".to_owned(), at("/level")),
        ("held by".to_owned(), holder(incident)),
        ("next".to_owned(), next(incident, now_us)),
        ("alerts".to_owned(), format!("{} ({} open)", at("/alerts_total"), at("/alerts_open"))),
        ("source".to_owned(), at("/source")),
        ("opened".to_owned(), times.second_at(incident, "/opened_us")),
        ("resolved".to_owned(), times.second_at(incident, "/resolved_us")),
    ];
    say(&facts(lines))?;
    say("")?;
    levels(field(incident, "/levels"), times)
}

fn levels(levels: &Value, times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("LEVEL"),
        Column::new("LAMP"),
        Column::new("ENGAGED"),
        Column::text("WHO"),
        Column::text("WHY"),
    ];
    let mut table = Table::new(&columns, "No level is engaged.");
    for level in levels.as_array().into_iter().flatten() {
        let targets = field(level, "/targets").as_array().into_iter().flatten();
        let who =
            targets.map(|target| format!("{} ({})", text_at(target, "/name"), text_at(target, "/state")));
        let engaged = times.minute_at(level, "/engaged_us");
        table.row([
            text_at(level, "/level"),
            text_at(level, "/lamp"),
            engaged,
            words(who),
            text_at(level, "/cause"),
        ]);
    }
    Ok(table.print()?)
}

/// One row for each notification; a page that has none yet has a row too.
pub(super) fn pages(pages: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("PAGED"),
        Column::new("PERSON"),
        Column::new("LEVEL"),
        Column::new("PAGE"),
        Column::new("CHANNEL"),
        Column::new("SENT"),
        Column::new("RESULT"),
        Column::text("ANSWER"),
    ];
    let mut table = Table::new(&columns, "Nobody has been paged.");
    for page in pages {
        let decided = times.second_at(page, "/decided_us");
        let head = [decided, text_at(page, "/name"), text_at(page, "/level"), text_at(page, "/status")];
        let notifications = field(page, "/notifications").as_array().map(Vec::as_slice).unwrap_or_default();
        if notifications.is_empty() {
            table.row(head.iter().cloned().chain(std::iter::repeat_n(String::new(), 4)));
        }
        for sent in notifications {
            let at = |pointer: &str| text_at(sent, pointer);
            let result = [at("/channel"), times.second_at(sent, "/sent_us"), at("/status"), at("/answer")];
            table.row(head.iter().cloned().chain(result));
        }
    }
    Ok(table.print()?)
}

pub(super) fn timeline(items: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [Column::new("WHEN"), Column::text("WHAT"), Column::text("DETAIL"), Column::new("WHO")];
    let mut table = Table::new(&columns, "Nothing has happened.");
    for item in items {
        let at = |pointer: &str| text_at(item, pointer);
        table.row([times.second_at(item, "/at_us"), at("/text"), at("/detail"), at("/actor/name")]);
    }
    Ok(table.print()?)
}
