//! Mattermost, over an incoming webhook.
//!
//! Pages carry a message priority, which Slack-shaped messages do not have. Mattermost's own acknowledgement says
//! that the post was seen; the link is what answers the page.

use std::fmt::Write as _;

use decurion_core::incident::Severity;
use decurion_core::notify::{Message, MessageKind, Outcome};
use serde::Serialize;
use tokio::time::Instant;

use crate::http::Http;
use crate::layout::{clip, headline, markdown, open_label, small_print};

/// A longer post is split into several, and the links would stand in the last one alone.
const POST_CHARS: usize = 16_383;
/// Breaks what the server turns into mentions before it reads Markdown: `@channel` and Slack's `<!channel>`.
const NOTHING_VISIBLE: char = '\u{200b}';

#[derive(Serialize)]
struct Post {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
}

#[derive(Serialize)]
struct Priority {
    priority: &'static str,
    requested_ack: bool,
}

pub(crate) async fn send(http: &Http, message: &Message, deadline: Instant) -> Outcome {
    let post = Post { text: text(message), priority: priority(message) };
    match http.tell(&message.address, |_| {}, &post, deadline).await {
        Ok(reply) => reply.judge(&reply.text()),
        Err(outcome) => outcome,
    }
}

fn priority(message: &Message) -> Option<Priority> {
    let priority = match (message.kind, message.severity) {
        (MessageKind::Page, Severity::Sev1 | Severity::Sev2) => "urgent",
        (MessageKind::Page, _) => "important",
        (MessageKind::Tell | MessageKind::Notice, _) => return None,
    };
    Some(Priority { priority, requested_ack: true })
}

/// Long texts are cut; the links always stand.
fn text(message: &Message) -> String {
    let mut said = format!("**{}**\n{}", plain(&headline(message)), plain(&message.text));
    if let Some(brief) = &message.brief {
        said.push_str("\n\n");
        said.push_str(&plain(brief));
    }
    let mut end = String::from("\n\n");
    if let Some(url) = &message.acknowledge_url {
        _ = write!(end, "[Acknowledge]({url}) · ");
    }
    let (label, print) = (plain(&open_label(message)), plain(&small_print(message)));
    _ = write!(end, "[{label}]({})\n{print}", message.incident_url);
    clip(&said, POST_CHARS.saturating_sub(end.chars().count())) + &end
}

fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in markdown(text).chars() {
        plain.push(c);
        if matches!(c, '@' | '<') {
            plain.push(NOTHING_VISIBLE);
        }
    }
    plain
}
