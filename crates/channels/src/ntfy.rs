//! ntfy: published as JSON at the server's root, since titles in other alphabets do not fit in headers.
//!
//! Buttons only open pages. An action that acknowledges by itself would let anybody who can read the topic
//! answer for the person.

use decurion_core::incident::Severity;
use decurion_core::notify::{Message, MessageKind, Outcome};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answer::permanent;
use crate::http::{Http, Reply};
use crate::layout::{clip, clip_bytes, headline};
use crate::settings::{NtfySettings, SettingsError};

/// A server takes 4,096 bytes by default and turns a longer text into a file; the push services behind it
/// take about as much for everything together.
const TEXT_BYTES: usize = 3_000;
const TITLE_CHARS: usize = 200;

/// The server for addresses that are only a topic, and its token.
pub(crate) struct Ntfy {
    server: Option<Url>,
    bearer: Option<HeaderValue>,
}

/// Where to publish: the server's root, and the topic there.
pub(crate) struct Target {
    root: Url,
    topic: String,
}

#[derive(Serialize)]
struct Publication<'a> {
    topic: &'a str,
    title: String,
    message: String,
    priority: u8,
    tags: Vec<&'a str>,
    click: &'a str,
    actions: Vec<Action<'a>>,
    /// A repeated attempt replaces the earlier message on the phone.
    sequence_id: &'a str,
}

#[derive(Serialize)]
struct Action<'a> {
    #[serde(rename = "action")]
    kind: &'static str,
    label: &'static str,
    url: &'a str,
}

/// The part of ntfy's answer that is worth keeping; the rest repeats the message and its links.
#[derive(Deserialize)]
struct Published {
    id: String,
}

impl Ntfy {
    pub(crate) fn new(settings: Option<NtfySettings>) -> Result<Self, SettingsError> {
        let Some(settings) = settings else {
            return Ok(Self { server: None, bearer: None });
        };
        let unusable = |reason: String| SettingsError::NtfyServer { server: settings.host(), reason };
        let server = Url::parse(&settings.server).map_err(|error| unusable(error.to_string()))?;
        if !matches!(server.scheme(), "http" | "https") {
            return Err(unusable("it must start with https:// or http://".to_owned()));
        }
        let bearer = settings.token.as_deref().map(bearer).transpose();
        let bearer =
            bearer.map_err(|()| unusable("the token holds characters that a header cannot".to_owned()))?;
        Ok(Self { server: Some(server), bearer })
    }

    /// Reads an address: a topic's URL, or a topic on the server of the settings.
    pub(crate) fn target(&self, http: &Http, address: &str) -> Result<Target, String> {
        let url = if address.contains("://") {
            http.check(address)?
        } else {
            let server =
                self.server.as_ref().ok_or("the address is only a topic, and no ntfy server is set")?;
            let url = server.join(address).map_err(|error| format!("the topic cannot be read: {error}"))?;
            http.check(url.as_str())?
        };
        split(url)
    }

    pub(crate) async fn send(&self, http: &Http, message: &Message, deadline: Instant) -> Outcome {
        let target = match self.target(http, &message.address) {
            Ok(target) => target,
            Err(reason) => return permanent(reason),
        };
        let Ok(body) = serde_json::to_vec(&publication(message, &target.topic)) else {
            return permanent("the message cannot be written as JSON");
        };
        let headers = self.headers_for(&target.root);
        match http.post_json(target.root, headers, body, deadline).await {
            Ok(reply) => reply.judge(&said(&reply)),
            Err(outcome) => outcome,
        }
    }

    /// The token goes to the server that it belongs to and to nobody else.
    fn headers_for(&self, root: &Url) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let ours = self.server.as_ref().is_some_and(|server| server.origin() == root.origin());
        if let (true, Some(bearer)) = (ours, &self.bearer) {
            headers.insert(AUTHORIZATION, bearer.clone());
        }
        headers
    }
}

fn bearer(token: &str) -> Result<HeaderValue, ()> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(drop)?;
    value.set_sensitive(true);
    Ok(value)
}

fn split(mut url: Url) -> Result<Target, String> {
    let topic = url.path().trim_matches('/').to_owned();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if topic.is_empty() || topic.len() > 64 || !topic.chars().all(fits) {
        return Err("the address must end in a topic of 1 to 64 letters, digits, `-` and `_`".to_owned());
    }
    url.set_path("/");
    Ok(Target { root: url, topic })
}

fn publication<'a>(message: &'a Message, topic: &'a str) -> Publication<'a> {
    let acknowledge = message.acknowledge_url.as_deref();
    let notice = message.kind == MessageKind::Notice;
    let label = if notice { "Open" } else { "Open incident" };
    let mut tags = vec![symbol(message.kind)];
    if !notice {
        tags.extend([message.severity.as_str(), message.level.as_str()]);
    }
    let view = |label, url| Action { kind: "view", label, url };
    let actions = acknowledge
        .map(|url| view("Acknowledge", url))
        .into_iter()
        .chain([view(label, message.incident_url.as_str())])
        .collect();
    Publication {
        topic,
        title: clip(&headline(message), TITLE_CHARS),
        message: clip_bytes(&text(message), TEXT_BYTES),
        priority: priority(message),
        tags,
        click: acknowledge.unwrap_or(&message.incident_url),
        actions,
        sequence_id: message.notification.as_str(),
    }
}

fn text(message: &Message) -> String {
    match &message.brief {
        Some(brief) => format!("{}\n\n{brief}", message.text),
        None => message.text.clone(),
    }
}

/// 5 rings through a phone's silence, 4 rings, 3 shows, 2 shows without a sound.
const fn priority(message: &Message) -> u8 {
    match (message.kind, message.severity) {
        (MessageKind::Page, Severity::Sev1 | Severity::Sev2) => 5,
        (MessageKind::Page, _) => 4,
        (MessageKind::Tell, _) => 3,
        (MessageKind::Notice, _) => 2,
    }
}

/// ntfy shows known names as a symbol in front of the title.
const fn symbol(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Page => "rotating_light",
        MessageKind::Tell => "information_source",
        MessageKind::Notice => "calendar",
    }
}

fn said(reply: &Reply) -> String {
    match serde_json::from_slice::<Published>(&reply.body) {
        Ok(published) if reply.status.is_success() => format!("message {}", published.id),
        _ => reply.text(),
    }
}
