//! Discord, over an incoming webhook.
//!
//! The message is text, which shows on every client whatever a person has set; the brief is an embed. What came
//! from outside is escaped, since Discord reads Markdown everywhere, and mentions nobody.

use std::fmt::Write as _;

use decurion_core::notify::{Message, Outcome};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answer::transient_for;
use crate::http::{Http, Reply, whole_seconds};
use crate::layout::{clip_utf16, headline, markdown, open_label, small_print};

/// `content` takes 2,000 characters, the description of an embed 4,096 (Execute Webhook, Embed Limits).
const CONTENT_UNITS: usize = 2_000;
const DESCRIPTION_UNITS: usize = 4_096;

#[derive(Serialize)]
struct Execute {
    content: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    embeds: Vec<Embed>,
    allowed_mentions: AllowedMentions,
}

#[derive(Serialize)]
struct Embed {
    title: &'static str,
    description: String,
}

/// Empty: nobody is mentioned, not even by `@everyone`.
#[derive(Serialize)]
struct AllowedMentions {
    parse: [&'static str; 0],
}

/// The part of the created message that is worth keeping; the rest repeats it with its links.
#[derive(Deserialize)]
struct Created {
    id: String,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
    /// Seconds, with decimals.
    retry_after: Option<f64>,
}

pub(crate) async fn send(http: &Http, message: &Message, deadline: Instant) -> Outcome {
    match http.tell(&message.address, asking_for_an_answer, &execute(message), deadline).await {
        Ok(reply) => judge(&reply),
        Err(outcome) => outcome,
    }
}

/// With `wait` Discord answers once the message is there; without, a message that it loses looks delivered.
fn asking_for_an_answer(url: &mut Url) {
    let others: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| name != "wait").collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("wait", "true");
}

fn judge(reply: &Reply) -> Outcome {
    if reply.status.is_success() {
        let created = serde_json::from_slice::<Created>(&reply.body);
        return reply.judge(&created.map(|created| format!("message {}", created.id)).unwrap_or_default());
    }
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&reply.body) else {
        return reply.judge(&reply.text());
    };
    match reply.status.as_u16() {
        429 => {
            let wait_s = refusal.retry_after.and_then(whole_seconds).or(reply.retry_after_s);
            transient_for(format!("{}: {}", reply.status, refusal.message), wait_s)
        }
        _ => reply.judge(&refusal.message),
    }
}

fn execute(message: &Message) -> Execute {
    let brief = message.brief.as_ref().filter(|brief| !brief.trim().is_empty());
    let embed = |brief: &String| Embed {
        title: "Brief",
        description: clip_utf16(&markdown(brief), DESCRIPTION_UNITS),
    };
    Execute {
        content: content(message),
        embeds: brief.map(embed).into_iter().collect(),
        allowed_mentions: AllowedMentions { parse: [] },
    }
}

/// Long texts are cut; the links always stand. Angle brackets keep Discord from looking at where they lead.
fn content(message: &Message) -> String {
    let said = format!("**{}**\n{}", markdown(&headline(message)), markdown(&message.text));
    let mut end = String::from("\n");
    if let Some(url) = &message.acknowledge_url {
        _ = write!(end, "[Acknowledge](<{url}>) · ");
    }
    let (label, print) = (markdown(&open_label(message)), markdown(&small_print(message)));
    _ = write!(end, "[{label}](<{}>)\n-# {print}", message.incident_url);
    clip_utf16(&said, CONTENT_UNITS.saturating_sub(end.encode_utf16().count())) + &end
}
