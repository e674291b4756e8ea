//! Telegram, over the Bot API's `sendMessage`.
//!
//! The text goes out without a parse mode, so that nothing in an alert is read as markup. Links stand in it as
//! they are: the API refuses a message whose button leads to a name that only the own network knows.

use decurion_core::notify::{Message, MessageKind, Outcome};
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answer::{permanent, transient_for};
use crate::http::{Http, Reply};
use crate::layout::{clip_utf16, headline, open_label, small_print};
use crate::settings::{SettingsError, TelegramSettings};

pub(crate) const NOT_SET_UP: &str = "Telegram is not set up: there is no bot's token";

/// `text` takes 1 to 4,096 characters (Bot API, `sendMessage`), counted here as Telegram counts offsets.
const TEXT_UNITS: usize = 4_096;

/// The bot that messages come from.
pub(crate) struct Bot {
    /// Holds the token.
    method: Url,
}

/// Where a message goes.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Chat {
    Number(i64),
    /// With its `@`.
    Name(String),
}

#[derive(Serialize)]
struct SendMessage {
    chat_id: Chat,
    text: String,
    link_preview_options: LinkPreview,
    /// Pages ring; what needs no answer arrives silently.
    disable_notification: bool,
}

/// Nobody but the person should follow the links.
#[derive(Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

#[derive(Deserialize)]
struct Sent {
    result: Identified,
}

#[derive(Deserialize)]
struct Identified {
    message_id: i64,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

/// The Bot API's `ResponseParameters`.
#[derive(Deserialize)]
struct Parameters {
    migrate_to_chat_id: Option<i64>,
    /// Seconds.
    retry_after: Option<i64>,
}

impl Bot {
    pub(crate) fn new(settings: &TelegramSettings) -> Result<Self, SettingsError> {
        if !is_token(&settings.token) {
            return Err(SettingsError::TelegramToken);
        }
        let unusable = |reason: &str| SettingsError::TelegramServer(reason.to_owned());
        let mut method = Url::parse(&settings.server).map_err(|error| unusable(&error.to_string()))?;
        if !matches!(method.scheme(), "http" | "https") {
            return Err(unusable("it must start with https:// or http://"));
        }
        let path = format!("{}/bot{}/sendMessage", method.path().trim_end_matches('/'), settings.token);
        method.set_path(&path);
        Ok(Self { method })
    }

    pub(crate) async fn send(&self, http: &Http, message: &Message, deadline: Instant) -> Outcome {
        let chat_id = match Chat::read(&message.address) {
            Ok(chat_id) => chat_id,
            Err(reason) => return permanent(reason),
        };
        let url = match http.check(self.method.as_str()) {
            Ok(url) => url,
            Err(reason) => return permanent(reason),
        };
        let Ok(body) = serde_json::to_vec(&request(message, chat_id)) else {
            return permanent("the message cannot be written as JSON");
        };
        match http.post_json(url, HeaderMap::new(), body, deadline).await {
            Ok(reply) => judge(&reply),
            Err(outcome) => outcome,
        }
    }
}

impl Chat {
    /// Reads the number of a chat, or the public name of a channel with its `@`.
    pub(crate) fn read(address: &str) -> Result<Self, String> {
        if let Some(name) = address.strip_prefix('@') {
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if !name.is_empty() && name.chars().all(fits) {
                return Ok(Self::Name(address.to_owned()));
            }
        }
        let number = address.parse().map_err(|_| "the address must be the number of a chat or `@channel`")?;
        Ok(Self::Number(number))
    }
}

fn is_token(text: &str) -> bool {
    let secret = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.split_once(':').is_some_and(|(bot, rest)| {
        !bot.is_empty()
            && bot.chars().all(|c| c.is_ascii_digit())
            && !rest.is_empty()
            && rest.chars().all(secret)
    })
}

/// A rate limit says how long to wait in the body. A success repeats the message with its links: of that only
/// the id is kept.
fn judge(reply: &Reply) -> Outcome {
    if reply.status.is_success() {
        let sent = serde_json::from_slice::<Sent>(&reply.body);
        return reply
            .judge(&sent.map(|sent| format!("message {}", sent.result.message_id)).unwrap_or_default());
    }
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&reply.body) else {
        return reply.judge(&reply.text());
    };
    let parameters = refusal.parameters.as_ref();
    if let Some(moved) = parameters.and_then(|parameters| parameters.migrate_to_chat_id) {
        return permanent(format!(
            "{}: the group has become a supergroup, whose id is {moved}",
            reply.status
        ));
    }
    let wait_s = parameters.and_then(|parameters| parameters.retry_after).or(reply.retry_after_s);
    match reply.status.as_u16() {
        429 => transient_for(format!("{}: {}", reply.status, refusal.description), wait_s),
        _ => reply.judge(&refusal.description),
    }
}

fn request(message: &Message, chat_id: Chat) -> SendMessage {
    SendMessage {
        chat_id,
        text: text(message),
        link_preview_options: LinkPreview { is_disabled: true },
        disable_notification: message.kind != MessageKind::Page,
    }
}

/// Long texts are cut; the links always stand.
fn text(message: &Message) -> String {
    let mut said = format!("{}\n{}", headline(message), message.text);
    if let Some(brief) = &message.brief {
        said.push_str("\n\n");
        said.push_str(brief);
    }
    let (label, print) = (open_label(message), small_print(message));
    let acknowledge = message.acknowledge_url.as_ref().map(|url| format!("Acknowledge: {url}\n"));
    let end = format!("\n\n{}{label}: {}\n{print}", acknowledge.unwrap_or_default(), message.incident_url);
    let room = TEXT_UNITS.saturating_sub(end.encode_utf16().count());
    clip_utf16(&said, room) + &end
}
