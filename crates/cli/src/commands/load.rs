//! `decurion load`: what duty cost each person, and what is planned.

use serde_json::Value;

use super::Context;
use super::oncall::read;
use crate::output::{Column, Table, field, say, text_at};

/// What duty cost each person, what is planned for them, and how evenly it is borne
#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    /// From when, as in "2026-11-01 00:00" (local) or 2026-11-01T00:00Z; 90 days before --to unless given
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until when; now unless given
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// The export for pay: one row for each person, columns as in docs/load.md
    #[arg(long)]
    csv: bool,
}

pub(crate) async fn run(asked: &Load, context: &Context) -> anyhow::Result<()> {
    let mut query = Vec::new();
    for (name, option, text) in [("from_us", "--from", &asked.from), ("to_us", "--to", &asked.to)] {
        if let Some(text) = text {
            query.push((name, read(&context.times, option, text)?.to_string()));
        }
    }
    let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if asked.csv {
        return Ok(say(&context.client.get_csv(&["oncall", "load"], &query).await?)?);
    }
    let load = context.client.get(&["oncall", "load"], &query).await?;
    context.show(&load, |load| table(load, context))
}

fn table(load: &Value, context: &Context) -> anyhow::Result<()> {
    let columns = [
        Column::text("PERSON"),
        Column::right("DAY H"),
        Column::right("NIGHT H"),
        Column::right("WEEKEND H"),
        Column::right("HOLIDAY H"),
        Column::right("NIGHTS"),
        Column::right("WEEKENDS"),
        Column::right("PAGES"),
        Column::right("WAKE-UPS"),
        Column::right("WORK MIN"),
        Column::right("LOAD H"),
        Column::right("PLANNED H"),
    ];
    let mut table = Table::new(&columns, "Nobody takes turns.");
    for person in field(load, "/people").as_array().into_iter().flatten() {
        table.row(row(&text_at(person, "/name"), field(person, "/past"), field(person, "/planned")));
    }
    table.row(row("All", field(load, "/total"), field(load, "/planned_total")));
    table.print()?;
    let at = |name: &str| context.times.minute_at(load, name);
    say(&format!("From {} to {}; planned until {}.", at("/from_us"), at("/to_us"), at("/planned_to_us")))?;
    for (what, fairness) in [("Borne", "/fairness"), ("Planned", "/planned_fairness")] {
        let figure = |name: &str| field(field(load, fairness), name).as_f64().unwrap_or_default();
        let (mean, most, gini) = (figure("/mean_h"), figure("/max_over_mean"), figure("/gini"));
        say(&format!("{what}: mean {mean:.0} h, largest {most:.2} times the mean, Gini {gini:.2}."))?;
    }
    let next = field(load, "/next").as_array().into_iter().flatten().take(3);
    let next: Vec<String> = next.map(|person| text_at(person, "/name")).collect();
    if !next.is_empty() {
        say(&format!("Next to be asked: {}.", next.join(", ")))?;
    }
    Ok(())
}

fn row(name: &str, past: &Value, planned: &Value) -> Vec<String> {
    let number = |field_name: &str| field(past, field_name).as_i64().unwrap_or_default();
    let hours = |name: &str| (number(name) / 3_600).to_string();
    let count = |name: &str| number(name).to_string();
    let weighted = |load: &Value| {
        field(load, "/weighted_h").as_f64().map(|hours| format!("{hours:.0}")).unwrap_or_default()
    };
    let work = number("/work_day_s") + number("/work_late_s") + number("/work_sleep_s");
    vec![
        name.to_owned(),
        hours("/weekday_day_s"),
        hours("/weekday_night_s"),
        hours("/weekend_s"),
        hours("/holiday_s"),
        count("/nights"),
        count("/weekends"),
        count("/pages"),
        count("/wake_ups"),
        (work / 60).to_string(),
        weighted(past),
        weighted(planned),
    ]
}
