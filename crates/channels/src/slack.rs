//! Slack-compatible incoming webhooks.
//!
//! Slack shows the blocks; Mattermost, Rocket.Chat and others show `text`, which therefore says everything
//! as well. Links stand in text instead of in buttons: a button makes Slack call the app behind the webhook,
//! and one that has no such endpoint shows people a warning.

use decurion_core::notify::{Message, Outcome};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answer::permanent;
use crate::http::{Http, Reply};
use crate::layout::{clip, escape, headline, open_label, small_print};

/// Slack's limits: 150 characters in a header, 3,000 in a section.
const HEADER_CHARS: usize = 150;
const SECTION_CHARS: usize = 3_000;

#[derive(Serialize)]
struct Payload {
    text: String,
    blocks: Vec<Block>,
    /// Nobody but the person should follow the links.
    unfurl_links: bool,
    unfurl_media: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Header { text: Text },
    Section { text: Text },
    Context { elements: [Text; 1] },
}

/// Text that came from outside is plain: in mrkdwn it could mention channels or hide links.
#[derive(Serialize)]
#[serde(tag = "type", content = "text", rename_all = "snake_case")]
enum Text {
    PlainText(String),
    Mrkdwn(String),
}

/// Some endpoints answer 200 and say in the body that they refused.
#[derive(Deserialize)]
struct Verdict {
    ok: bool,
    error: Option<String>,
}

pub(crate) async fn send(http: &Http, message: &Message, deadline: Instant) -> Outcome {
    let url = match http.check(&message.address) {
        Ok(url) => url,
        Err(reason) => return permanent(reason),
    };
    let Ok(body) = serde_json::to_vec(&payload(message)) else {
        return permanent("the message cannot be written as JSON");
    };
    match http.post_json(url, reqwest::header::HeaderMap::new(), body, deadline).await {
        Ok(reply) => judge(&reply),
        Err(outcome) => outcome,
    }
}

fn judge(reply: &Reply) -> Outcome {
    match serde_json::from_slice(&reply.body) {
        Ok(Verdict { ok: false, error }) if reply.status.is_success() => {
            permanent(format!("{}: refused: {}", reply.status, error.unwrap_or_default()))
        }
        _ => reply.judge(&reply.text()),
    }
}

fn payload(message: &Message) -> Payload {
    let plain = |text: &str, limit| Text::PlainText(clip(text, limit));
    let mut blocks = vec![Block::Header { text: plain(&headline(message), HEADER_CHARS) }];
    for text in std::iter::once(&message.text).chain(&message.brief).filter(|text| !text.trim().is_empty()) {
        blocks.push(Block::Section { text: plain(text, SECTION_CHARS) });
    }
    blocks.push(Block::Section { text: Text::Mrkdwn(links(message)) });
    blocks.push(Block::Context { elements: [plain(&small_print(message), SECTION_CHARS)] });
    Payload { text: fallback(message), blocks, unfurl_links: false, unfurl_media: false }
}

fn fallback(message: &Message) -> String {
    let mut text = format!("{}\n{}", escape(&headline(message)), escape(&message.text));
    if let Some(brief) = &message.brief {
        text.push('\n');
        text.push_str(&escape(brief));
    }
    text.push('\n');
    text.push_str(&links(message));
    text
}

fn links(message: &Message) -> String {
    let incident = format!("<{}|{}>", escape(&message.incident_url), escape(&open_label(message)));
    match &message.acknowledge_url {
        Some(url) => format!("<{}|Acknowledge> · {incident}", escape(url)),
        None => incident,
    }
}
