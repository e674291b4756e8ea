//! `decurion whatif`: an alert that did not happen, against a server or the folder of a pack.

use std::path::{Path, PathBuf};

use decurion_core::config::Config;
use decurion_core::duration::DurationS;
use decurion_core::whatif::{self as core, Assumptions, Case};
use decurion_core::{incident, intake, pack};
use serde_json::{Map, Value, json};

use super::Context;
use super::check::say_findings;
use super::oncall::read;
use crate::exit::{Failure, Said};
use crate::output::{Output, Times, at_us, field, now, say, say_json, text_at, words};
use crate::pack_folder;

/// Play an alert that did not happen: who would be paged, when, by which channel, and when somebody answers
#[derive(Debug, clap::Args)]
pub(crate) struct WhatIf {
    /// The folder of a pack; the server's configuration unless given
    pub(crate) dir: Option<PathBuf>,
    /// When it arrives, as in "2026-12-24 22:00" (local) or 2026-12-24T21:00Z; with --sweep, from when; now unless given
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// How bad: sev1 to sev4 for the incident, or critical, error, warning, info as the sender says it
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    severity: Option<Bad>,
    /// The integration: its id, a part of it that only one has (guardduty), or a kind (pagerduty)
    #[arg(long, value_name = "INTEGRATION")]
    kind: Option<String>,
    /// One line, as the sender would give it
    #[arg(long)]
    title: Option<String>,
    /// The host, account or service that the sender names
    #[arg(long)]
    source: Option<String>,
    /// A label, as in account=prod; may be given more than once
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// Customers notice
    #[arg(long)]
    customer_facing: bool,
    /// It concerns the whole company
    #[arg(long)]
    company_wide: bool,
    /// The escalation policy, whatever the routing chooses
    #[arg(long)]
    policy: Option<String>,
    /// People who do not answer, by id with commas between
    #[arg(long, value_name = "PEOPLE", value_delimiter = ',')]
    silent: Vec<String>,
    /// People who are away: deputies stand in for their roles
    #[arg(long, value_name = "PEOPLE", value_delimiter = ',')]
    absent: Vec<String>,
    /// Channels that do not work: email, webhook, ntfy, slack, telegram, discord, mattermost, teams, pushover, sms, mailbox
    #[arg(long, value_name = "CHANNELS", value_delimiter = ',')]
    down: Vec<String>,
    /// How long everybody else takes to answer
    #[arg(long, value_name = "LENGTH", default_value = "0s")]
    reaction: DurationS,
    /// Every instant of the days ahead: the longest time to a human
    #[arg(long)]
    sweep: bool,
    /// How many days --sweep looks ahead
    #[arg(long, default_value_t = core::DAYS, value_parser = clap::value_parser!(i64).range(1..=core::MOST_DAYS))]
    days: i64,
}

/// How bad an alert is: as its incident has it, or as the sender says.
#[derive(Debug, Clone, Copy)]
enum Bad {
    Incident(incident::Severity),
    Alert(intake::AlertSeverity),
}

fn severity(text: &str) -> Result<Bad, String> {
    let quoted = Value::from(text);
    let incident = serde_json::from_value(quoted.clone()).map(Bad::Incident);
    let alert = |_| serde_json::from_value(quoted).map(Bad::Alert);
    incident.or_else(alert).map_err(|_| "say sev1 to sev4, or critical, error, warning, info".to_owned())
}

fn label(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or("write a label as name=value")?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

pub(crate) async fn run(asked: &WhatIf, context: &Context) -> anyhow::Result<()> {
    let at = asked.at.as_deref().map(|at| read(&context.times, "--at", at)).transpose()?;
    let mut body = json!({"alert": asked.case(), "assume": asked.assumptions()?});
    let path: &[&str] = if asked.sweep {
        body["days"] = asked.days.into();
        &["whatif", "sweep"]
    } else {
        &["whatif"]
    };
    if let Some(at_us) = at {
        body[if asked.sweep { "from_us" } else { "at_us" }] = at_us.into();
    }
    let answer = context.client.post(path, &body).await?;
    tell(&answer, asked.sweep, context.output, &context.times)
}

/// Against the folder of a pack, without a server.
pub(crate) fn offline(asked: &WhatIf, output: Output) -> anyhow::Result<()> {
    let config = compiled(asked.dir.as_deref().unwrap_or(Path::new(".")))?;
    let times = Times::local();
    let at = asked.at.as_deref().map(|at| read(&times, "--at", at)).transpose()?;
    let at_us = at.unwrap_or_else(|| now().as_microsecond());
    let (case, assumptions) = (asked.case(), asked.assumptions()?);
    let what_if =
        core::WhatIf::new(&config, &case, &assumptions).map_err(|refusal| Failure::usage(refusal.message))?;
    let answer = if asked.sweep {
        const DAY_US: i64 = 86_400 * 1_000_000;
        let from_us = at.unwrap_or_else(|| at_us - at_us.rem_euclid(DAY_US / 24));
        serde_json::to_value(what_if.sweep(from_us, from_us + asked.days * DAY_US).summary())?
    } else {
        serde_json::to_value(what_if.at(at_us))?
    };
    tell(&named(answer, &config), asked.sweep, output, &times)
}

fn compiled(dir: &Path) -> anyhow::Result<Config> {
    let report = pack::check(&pack_folder::read(dir)?, now());
    if let Some(config) = report.config {
        return Ok(config);
    }
    say_findings(dir, &report.findings)?;
    Err(Said.into())
}

impl WhatIf {
    fn case(&self) -> Case {
        let (severity, alert_severity) = match self.severity {
            None => (None, None),
            Some(Bad::Incident(severity)) => (Some(severity), None),
            Some(Bad::Alert(severity)) => (None, Some(severity)),
        };
        Case {
            integration: self.kind.clone(),
            title: self.title.clone(),
            source: self.source.clone(),
            labels: self.labels.iter().cloned().collect(),
            alert_severity,
            severity,
            customer_facing: self.customer_facing.then_some(true),
            company_wide: self.company_wide.then_some(true),
            policy: self.policy.clone(),
        }
    }

    fn assumptions(&self) -> anyhow::Result<Assumptions> {
        let people = |ids: &[String]| ids.iter().map(|id| id.trim().into()).collect();
        let channel = |name: &String| {
            serde_json::from_value(Value::from(name.trim()))
                .map_err(|_| Failure::usage(format!("--down {name}: no such channel")))
        };
        Ok(Assumptions {
            silent: people(&self.silent),
            absent: people(&self.absent),
            channels_down: self.down.iter().map(channel).collect::<Result<_, _>>()?,
            reaction_s: i64::try_from(self.reaction.as_secs())?,
        })
    }
}

/// People by id and name, as the API gives them.
fn named(value: Value, config: &Config) -> Value {
    let person = |id: &Value| {
        let id = id.as_str().unwrap_or_default();
        json!({"person_id": id, "name": incident::view::name(config, &id.into())})
    };
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (String, Value)| {
                let value = match (name.as_str(), value) {
                    ("people" | "asked", Value::Array(ids)) => ids.iter().map(person).collect(),
                    // The hours of a sweep name people by id alone.
                    ("answered_by", id @ Value::String(_)) if fields.contains_key("entries") => person(&id),
                    (_, other) => named(other, config),
                };
                (name, value)
            };
            Value::Object(fields.clone().into_iter().map(field).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| named(item, config)).collect(),
        other => other,
    }
}

/// Says the answer; nobody at all ends the command as a failure.
fn tell(answer: &Value, sweep: bool, output: Output, times: &Times) -> anyhow::Result<()> {
    let run = if sweep { field(answer, "/worst") } else { answer };
    match output {
        Output::Json => say_json(answer)?,
        Output::Table if sweep => {
            say(&swept(answer, times))?;
            say(&story(run, times))?;
        }
        Output::Table => say(&story(run, times))?,
    }
    if text_at(run, "/end") == "answered" { Ok(()) } else { Err(Said.into()) }
}

/// What a sweep found, in sentences.
fn swept(answer: &Value, times: &Times) -> String {
    let (from, to) = (times.minute_at(answer, "/from_us"), times.minute_at(answer, "/to_us"));
    let span = at_us(answer, "/to_us").unwrap_or(0) - at_us(answer, "/from_us").unwrap_or(0);
    let share = |share: &Value| {
        let part = at_us(share, "/us").unwrap_or(0).saturating_mul(10_000).saturating_add(span / 2);
        let part = part / span.max(1);
        let after = at_us(share, "/to_human_us");
        let after = after.map_or("never".to_owned(), |us| format!("after {}", length(us)));
        format!("  {:>3}.{:02} %  {after}\n", part / 100, part % 100)
    };
    let shares: String = field(answer, "/shares").as_array().into_iter().flatten().map(share).collect();
    format!("From {from} to {to}, an alert at any instant has its first answer:\n{shares}\nThe longest:\n")
}

/// One alert as lines, with the time since it arrived.
fn story(run: &Value, times: &Times) -> String {
    let start = at_us(run, "/at_us").unwrap_or(0);
    let mut head = vec![text_at(run, "/severity")];
    head.extend((field(run, "/customer_facing") == true).then(|| "customer-facing".to_owned()));
    head.extend((field(run, "/company_wide") == true).then(|| "company-wide".to_owned()));
    head.push(format!("policy {}", text_at(run, "/policy")));
    let rule = text_at(run, "/rule");
    head.extend((!rule.is_empty()).then(|| format!("rule {rule}")));
    let line = |entry: &Value| {
        let after = clock(at_us(entry, "/at_us").unwrap_or(start) - start);
        let detail = text_at(entry, "/detail");
        let detail = if detail.is_empty() { detail } else { format!(" ({detail})") };
        format!("{after:>9}  {:<9}  {}{detail}\n", text_at(entry, "/level"), text_at(entry, "/text"))
    };
    let lines: String = field(run, "/entries").as_array().into_iter().flatten().map(line).collect();
    let (at, head) = (times.second_at(run, "/at_us"), words(head.into_iter()));
    format!("An alert at {at} ({head}):\n\n{lines}\n{}\n", end(run, times))
}

fn end(run: &Value, times: &Times) -> String {
    match at_us(run, "/to_human_us") {
        Some(us) => format!(
            "A human answers after {}: {}, asked at {}.",
            length(us),
            text_at(run, "/answered_by/name"),
            text_at(run, "/answered_at")
        ),
        None if text_at(run, "/end") == "exhausted" => {
            format!("Nobody answers. The ladder would begin again at {}.", times.second_at(run, "/again_us"))
        }
        None => "Nobody has answered after as long as anybody would look.".to_owned(),
    }
}

/// `0:00`, `12:30`, `1:02:30`.
fn clock(us: i64) -> String {
    let seconds = us.max(0) / 1_000_000;
    match seconds / 3_600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// `0 s`, `5 min`, `5 min 30 s`, `1 h 05 min`.
fn length(us: i64) -> String {
    let seconds = us.max(0) / 1_000_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{clock, label, length, severity};

    #[test]
    fn times_since_the_alert_read_at_a_glance() {
        let second = 1_000_000;
        assert_eq!([clock(0), clock(330 * second), clock(3_750 * second)], ["0:00", "5:30", "1:02:30"]);
        assert_eq!([length(0), length(300 * second), length(330 * second)], ["0 s", "5 min", "5 min 30 s"]);
        assert_eq!(length(3_900 * second), "1 h 05 min");
    }

    #[test]
    fn severities_of_both_kinds_are_understood() {
        assert!(severity("sev2").is_ok() && severity("critical").is_ok() && severity("bad").is_err());
        assert!(label("a=b=c").is_ok_and(|pair| pair == ("a".into(), "b=c".into())) && label("a").is_err());
    }
}
