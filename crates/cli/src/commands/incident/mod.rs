//! `decurion incident`: everything people do with a case.

mod args;
mod show;

use decurion_core::duration::DurationS;
use serde_json::{Map, Value, json};

use super::Context;
use crate::exit::Failure;
use crate::output::{field, say, text_at};

pub(crate) use args::Verb;
use args::{Classify, Declare, Snooze};

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    match verb {
        Verb::List { status, limit } => list(context, status.as_str(), limit.limit).await,
        Verb::Show { reference } => {
            let incident = context.client.get(&["incidents", reference], &[]).await?;
            let now_us = context.client.now_us().await?;
            context.show(&incident, |incident| show::one(incident, &context.times, now_us))
        }
        Verb::Pages { reference } => {
            let pages = all(context, reference, "pages").await?;
            context.show_items(pages, |pages| show::pages(pages, &context.times))
        }
        Verb::Timeline { reference } => {
            let items = all(context, reference, "timeline").await?;
            context.show_items(items, |items| show::timeline(items, &context.times))
        }
        Verb::Alerts { reference } => {
            let alerts = all(context, reference, "alerts").await?;
            context.show_items(alerts, |alerts| super::alert::table(alerts, &context.times))
        }
        Verb::Brief { reference } => {
            let brief = context.client.get(&["incidents", reference, "brief"], &[]).await?;
            context.show(&brief, |brief| Ok(say(&brief_text(brief))?))
        }
        Verb::Declare(declare) => {
            let incident = context.client.post(&["incidents"], &declare_body(declare)).await?;
            done(context, &incident)
        }
        _ => act(verb, context).await,
    }
}

async fn list(context: &Context, status: &str, limit: usize) -> anyhow::Result<()> {
    let incidents = context.client.items(&["incidents"], &[("status", status)], limit).await?;
    let now_us = context.client.now_us().await?;
    context.show_items(incidents, |incidents| show::list(incidents, now_us))
}

async fn all(context: &Context, reference: &str, part: &str) -> anyhow::Result<Vec<Value>> {
    context.client.items(&["incidents", reference, part], &[], usize::MAX).await
}

/// The brief keeps its line breaks; nothing else in it may steer the terminal.
fn brief_text(brief: &Value) -> String {
    let text = field(brief, "/text").as_str().unwrap_or_default();
    text.lines().map(crate::output::clean).collect::<Vec<_>>().join("\n")
}

/// The verbs that change one incident: a path and a body each, answered with the incident.
async fn act(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let (reference, path, body) = match verb {
        Verb::Ack { reference } => (reference, vec!["acknowledge"], json!({})),
        Verb::Classify(classify) => (&classify.reference, vec!["classify"], classify_body(classify)?),
        Verb::Raise { reference, level, reason } => {
            (reference, vec!["raise"], without_null(json!({"level": level.as_str(), "reason": reason})))
        }
        Verb::Lower { reference, level, reason } => {
            (reference, vec!["lower"], json!({"level": level.as_str(), "reason": reason}))
        }
        Verb::Consent { reference } => (reference, vec!["lower", "consent"], json!({})),
        Verb::Snooze(snooze) => {
            (&snooze.reference, vec!["snooze"], json!({"until_us": snooze_until(snooze, context).await?}))
        }
        Verb::Reassign { reference, to, reason } => {
            (reference, vec!["reassign"], without_null(json!({"person_id": to, "reason": reason})))
        }
        Verb::Note { reference, text } => (reference, vec!["notes"], json!({"text": text})),
        Verb::Link { reference, href, text } => {
            let text = text.as_ref().unwrap_or(href);
            (reference, vec!["links"], json!({"href": href, "text": text}))
        }
        Verb::Resolve { reference, disposition, reason } => {
            let body = json!({"disposition": disposition.as_str(), "reason": reason});
            (reference, vec!["resolve"], without_null(body))
        }
        Verb::List { .. }
        | Verb::Show { .. }
        | Verb::Pages { .. }
        | Verb::Timeline { .. }
        | Verb::Alerts { .. }
        | Verb::Brief { .. }
        | Verb::Declare(_) => return Ok(()),
    };
    let path: Vec<&str> = ["incidents", reference].into_iter().chain(path).collect();
    done(context, &context.client.post(&path, &body).await?)
}

/// What an incident looks like after a verb: one line.
fn done(context: &Context, incident: &Value) -> anyhow::Result<()> {
    context.show(incident, |incident| Ok(say(&show::sentence(incident))?))
}

fn declare_body(declare: &Declare) -> Value {
    without_null(json!({
        "title": declare.title,
        "description": declare.description,
        "severity": declare.severity.map(args::SeverityName::as_str),
        "customer_facing": declare.customer_facing.then_some(true),
        "company_wide": declare.company_wide.then_some(true),
    }))
}

fn classify_body(classify: &Classify) -> anyhow::Result<Value> {
    let facts: Map<String, Value> =
        classify.facts.iter().map(|fact| read_fact(fact)).collect::<Result<_, _>>()?;
    let body = without_null(json!({
        "severity": classify.severity.map(args::SeverityName::as_str),
        "customer_facing": classify.customer_facing,
        "company_wide": classify.company_wide,
        "disposition": classify.disposition.map(args::DispositionName::as_str),
        "contained": classify.contained,
        "facts": (!facts.is_empty()).then_some(facts),
        "reason": classify.reason,
    }));
    let says_something = body.as_object().is_some_and(|body| body.keys().any(|key| key != "reason"));
    anyhow::ensure!(
        says_something,
        Failure::usage("say what the case is: --severity, --disposition, --fact …")
    );
    Ok(body)
}

/// `records_affected=12`, `attack_in_progress=true`, `actor=unknown`.
fn read_fact(text: &str) -> Result<(String, Value), Failure> {
    let wrong =
        || Failure::usage(format!("`{text}` is not a fact; write NAME=VALUE, as in records_affected=12"));
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(wrong)?;
    let value = match serde_json::from_str(value) {
        Ok(read @ (Value::Bool(_) | Value::Number(_))) => read,
        _ => Value::String(value.to_owned()),
    };
    Ok((name.to_owned(), value))
}

async fn snooze_until(snooze: &Snooze, context: &Context) -> anyhow::Result<i64> {
    if let Some(until) = &snooze.until {
        return Ok(context
            .times
            .read(until)
            .map_err(|error| Failure::usage(format!("--until {until}: {error}")))?);
    }
    let length = snooze.length.unwrap_or(DurationS::from_mins(30));
    Ok(context.client.now_us().await?.saturating_add(length.as_us()))
}

/// Leaves out what was not said: the API reads a null as something said.
pub(crate) fn without_null(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.retain(|_, value| !value.is_null());
    }
    body
}

/// Who a case is with, or that it is with nobody.
fn holder(incident: &Value) -> String {
    let name = text_at(incident, "/holder/name");
    if name.is_empty() { "nobody yet".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::{read_fact, without_null};

    #[test]
    fn facts_have_the_type_that_they_look_like() {
        assert_eq!(read_fact("records_affected=12").unwrap().1, json!(12));
        assert_eq!(read_fact("attack_in_progress=true").unwrap().1, json!(true));
        assert_eq!(read_fact("actor=group = 7").unwrap().1, json!("group = 7"));
        assert!(read_fact("=1").is_err());
        assert!(read_fact("attack").is_err());
    }

    #[test]
    fn what_was_not_said_is_not_sent() {
        assert_eq!(without_null(json!({"a": null, "b": false})), json!({"b": false}));
    }
}
