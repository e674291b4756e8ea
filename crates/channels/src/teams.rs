//! Microsoft Teams, over the webhook of a workflow ("Post to a channel when a webhook request is received").
//!
//! The message is an Adaptive Card. What came from outside stands in text runs, in which Teams reads no Markdown.

use decurion_core::notify::{Message, Outcome};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::http::Http;
use crate::layout::{clip_bytes, headline, open_label, small_print};

/// Teams refuses messages of more than about 28 KB, everything counted.
const MESSAGE_BYTES: usize = 28 * 1_024;
/// What text and brief may take, each, in bytes. JSON may need several bytes for one, so less is tried after more.
const TEXT_BYTES: [usize; 5] = [12_000, 6_000, 3_000, 1_500, 500];
const TITLE_BYTES: usize = 1_000;
/// For so many of these bytes there may be one more line: a line is a block, which takes room by itself.
const BYTES_FOR_LINE: usize = 100;

#[derive(Serialize)]
struct Post {
    #[serde(rename = "type")]
    kind: &'static str,
    attachments: [Attachment; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    content_type: &'static str,
    content_url: Option<&'static str>,
    content: Value,
}

pub(crate) async fn send(http: &Http, message: &Message, deadline: Instant) -> Outcome {
    match http.tell(&message.address, |_| {}, &post(message), deadline).await {
        Ok(reply) => reply.judge(&reply.text()),
        Err(outcome) => outcome,
    }
}

/// The fullest message that fits.
fn post(message: &Message) -> Post {
    let mut card = Value::Null;
    for limit in TEXT_BYTES {
        card = adaptive_card(message, limit);
        if card.to_string().len() < MESSAGE_BYTES - 1_024 {
            break;
        }
    }
    let content_type = "application/vnd.microsoft.card.adaptive";
    Post { kind: "message", attachments: [Attachment { content_type, content_url: None, content: card }] }
}

fn adaptive_card(message: &Message, limit: usize) -> Value {
    let title = clip_bytes(&headline(message), TITLE_BYTES);
    let mut body = vec![line(&title, json!({"weight": "bolder", "size": "medium"}))];
    for text in std::iter::once(&message.text).chain(&message.brief).filter(|text| !text.trim().is_empty()) {
        body.extend(lines(&clip_bytes(text, limit), limit / BYTES_FOR_LINE));
    }
    body.push(line(&small_print(message), json!({"isSubtle": true, "size": "small"})));
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": actions(message),
        "msteams": {"width": "Full"},
    })
}

/// A block for each line, since a run has no line breaks. What is behind the last that fits is left out.
fn lines(text: &str, most: usize) -> Vec<Value> {
    let mut said = text.lines().filter(|text| !text.trim().is_empty());
    let mut blocks: Vec<Value> = said.by_ref().take(most).map(|text| line(text, json!({}))).collect();
    if said.next().is_some() {
        blocks.push(line("…", json!({})));
    }
    blocks
}

fn line(text: &str, look: Value) -> Value {
    let mut run = json!({"type": "TextRun", "text": text});
    if let (Some(run), Value::Object(look)) = (run.as_object_mut(), look) {
        run.extend(look);
    }
    json!({"type": "RichTextBlock", "inlines": [run]})
}

/// Buttons that open pages, and do nothing else: a scanner that follows them answers nothing.
fn actions(message: &Message) -> Vec<Value> {
    let open = |title: &str, url: &str| json!({"type": "Action.OpenUrl", "title": title, "url": url});
    let acknowledge = message.acknowledge_url.as_deref().map(|url| open("Acknowledge", url));
    acknowledge.into_iter().chain([open(&open_label(message), &message.incident_url)]).collect()
}
