//! Pushover, over its Message API.
//!
//! Pages of sev1 and sev2 are emergencies: they ring through quiet hours, and again every minute until somebody
//! acknowledges them on the phone, their page ends or their time is up. That acknowledgement stops the ringing and
//! answers nothing; the link does.

use decurion_core::incident::Severity;
use decurion_core::notify::{Message, MessageKind, Outcome};
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answer::{delivered, permanent, transient_for};
use crate::http::{Http, Reply, whole_seconds};
use crate::layout::{clip, headline, open_label};
use crate::settings::{PushoverSettings, SettingsError};

pub(crate) const NOT_SET_UP: &str = "Pushover is not set up: there is no application's token";

/// Message API, "Limits": a title takes 250 characters, a message 1,024.
const TITLE_CHARS: usize = 250;
const MESSAGE_CHARS: usize = 1_024;
/// Keys of users and groups, and tokens of applications, are so many letters and digits.
const KEY_CHARS: usize = 30;
/// An emergency rings this often, and for this long at most, in seconds. The API takes 30 and more, and 10,800 and
/// less.
const RETRY_S: u32 = 60;
const EXPIRE_S: u32 = 480;

/// The application that messages come from.
pub(crate) struct Application {
    /// With its version, and a slash at the end.
    api: Url,
    token: String,
}

#[derive(Serialize)]
struct Push<'a> {
    token: &'a str,
    user: &'a str,
    title: String,
    message: String,
    url: &'a str,
    url_title: String,
    priority: i8,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expire: Option<u32>,
    /// When the page was decided, in seconds since the epoch: phones show it instead of when it arrived.
    timestamp: i64,
}

#[derive(Deserialize)]
struct Said {
    status: i64,
    #[serde(default)]
    request: String,
    /// Of an emergency.
    receipt: Option<String>,
    #[serde(default)]
    errors: Vec<String>,
}

impl Application {
    pub(crate) fn new(settings: &PushoverSettings) -> Result<Self, SettingsError> {
        if !is_key(&settings.token) {
            return Err(SettingsError::PushoverToken);
        }
        let unusable = |reason: &str| SettingsError::PushoverServer(reason.to_owned());
        let mut api = Url::parse(&settings.server).map_err(|error| unusable(&error.to_string()))?;
        if !matches!(api.scheme(), "http" | "https") {
            return Err(unusable("it must start with https:// or http://"));
        }
        let path = format!("{}/1/", api.path().trim_end_matches('/'));
        api.set_path(&path);
        Ok(Self { api, token: settings.token.clone() })
    }

    pub(crate) async fn send(
        &self,
        http: &Http,
        message: &Message,
        now_us: i64,
        deadline: Instant,
    ) -> Outcome {
        if let Err(reason) = check_address(&message.address) {
            return permanent(reason);
        }
        let url = match http.check(&format!("{}messages.json", self.api)) {
            Ok(url) => url,
            Err(reason) => return permanent(reason),
        };
        match http.post_form(url, HeaderMap::new(), &push(message, &self.token), deadline).await {
            Ok(reply) => judge(&reply, now_us),
            Err(outcome) => outcome,
        }
    }

    /// Whether an emergency was acknowledged on the phone. One whose page is over is stopped instead.
    pub(crate) async fn ask(&self, http: &Http, receipt: &str, over: bool, deadline: Instant) -> Outcome {
        if !is_key(receipt) {
            return delivered("no receipt that can be asked about");
        }
        let reply = if over {
            self.stop(http, receipt, deadline).await
        } else {
            self.look(http, receipt, deadline).await
        };
        let unknown = |why: &str| Outcome::Sent {
            answer: format!("receipt {receipt} cannot be asked about: {why}"),
            receipt: receipt.to_owned(),
        };
        match reply {
            Ok(reply) if over && reply.status.is_success() => {
                delivered(format!("receipt {receipt}: stopped, since the page has ended"))
            }
            Ok(reply) => match serde_json::from_slice::<Receipt>(&reply.body) {
                Ok(known) if reply.status.is_success() => known.verdict(receipt),
                _ => unknown(reply.status.as_str()),
            },
            Err(Outcome::Failed { answer, .. }) => unknown(&answer),
            Err(other) => other,
        }
    }

    async fn stop(&self, http: &Http, receipt: &str, deadline: Instant) -> Result<Reply, Outcome> {
        let url = http.check(&format!("{}receipts/{receipt}/cancel.json", self.api)).map_err(permanent)?;
        http.post_form(url, HeaderMap::new(), &[("token", &self.token)], deadline).await
    }

    async fn look(&self, http: &Http, receipt: &str, deadline: Instant) -> Result<Reply, Outcome> {
        let mut url = http.check(&format!("{}receipts/{receipt}.json", self.api)).map_err(permanent)?;
        url.query_pairs_mut().append_pair("token", &self.token);
        http.request(Method::GET, url, HeaderMap::new(), Vec::new(), deadline).await
    }
}

/// What became of an emergency; flags are 0 or 1.
#[derive(Deserialize)]
struct Receipt {
    acknowledged: u8,
    #[serde(default)]
    acknowledged_by_device: String,
    expired: u8,
}

impl Receipt {
    fn verdict(&self, receipt: &str) -> Outcome {
        let device = match self.acknowledged_by_device.as_str() {
            "" => String::new(),
            name => format!(" on {name}"),
        };
        match (self.acknowledged, self.expired) {
            (1, _) => delivered(format!("receipt {receipt}: acknowledged in the app{device}")),
            (_, 1) => delivered(format!("receipt {receipt}: rang until its time was up")),
            _ => Outcome::Sent { answer: format!("receipt {receipt}: rings"), receipt: receipt.to_owned() },
        }
    }
}

pub(crate) fn check_address(address: &str) -> Result<(), String> {
    if is_key(address) {
        return Ok(());
    }
    Err(format!("the address must be the key of a user or of a group: {KEY_CHARS} letters and digits"))
}

fn is_key(text: &str) -> bool {
    text.len() == KEY_CHARS && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Of a success the ids are kept, by which Pushover's support and receipts know the message.
fn judge(reply: &Reply, now_us: i64) -> Outcome {
    let Ok(said) = serde_json::from_slice::<Said>(&reply.body) else {
        return reply.judge(&reply.text());
    };
    if reply.status.is_success() && said.status == 1 {
        let request = format!("{}: request {}", reply.status, said.request);
        return match said.receipt.filter(|receipt| is_key(receipt)) {
            Some(receipt) => Outcome::Sent { answer: format!("{request}, receipt {receipt}"), receipt },
            None => delivered(request),
        };
    }
    let errors = said.errors.join("; ");
    match reply.status.as_u16() {
        200..=299 => permanent(format!("{}: refused: {errors}", reply.status)),
        429 => transient_for(format!("{}: {errors}", reply.status), until_reset_s(reply, now_us)),
        _ => reply.judge(&errors),
    }
}

/// The limit is one of messages in a month: `X-Limit-App-Reset` says when the next one begins, in seconds since
/// the epoch.
fn until_reset_s(reply: &Reply, now_us: i64) -> Option<i64> {
    let reset = reply.headers.get("x-limit-app-reset").and_then(|value| value.to_str().ok());
    let reset_s: Option<i64> = reset.and_then(|value| value.trim().parse().ok());
    #[expect(clippy::cast_precision_loss, reason = "seconds until a month ends are far below 2^52")]
    let left = reset_s.map(|reset_s| reset_s.saturating_sub(now_us / 1_000_000).max(0) as f64);
    left.and_then(whole_seconds).or(reply.retry_after_s)
}

fn push<'a>(message: &'a Message, token: &'a str) -> Push<'a> {
    let priority = priority(message);
    let emergency = priority == 2;
    let acknowledge = message.acknowledge_url.as_deref();
    Push {
        token,
        user: &message.address,
        title: clip(&headline(message), TITLE_CHARS),
        message: text(message),
        url: acknowledge.unwrap_or(&message.incident_url),
        url_title: if acknowledge.is_some() { "Acknowledge".to_owned() } else { open_label(message) },
        priority,
        retry: emergency.then_some(RETRY_S),
        expire: emergency.then_some(EXPIRE_S),
        timestamp: message.decided_at_us / 1_000_000,
    }
}

/// 2 rings until it is acknowledged, 1 rings in quiet hours, 0 rings outside of them, -1 makes no sound.
const fn priority(message: &Message) -> i8 {
    match (message.kind, message.severity) {
        (MessageKind::Page, Severity::Sev1 | Severity::Sev2) => 2,
        (MessageKind::Page, _) => 1,
        (MessageKind::Tell, _) => 0,
        (MessageKind::Notice, _) => -1,
    }
}

/// Long texts are cut; the link to the incident always stands. The one that acknowledges has a field of its own.
fn text(message: &Message) -> String {
    let mut said = message.text.clone();
    if let Some(brief) = &message.brief {
        said.push_str("\n\n");
        said.push_str(brief);
    }
    let end = match message.acknowledge_url {
        Some(_) => format!("\n\n{}: {}", open_label(message), message.incident_url),
        None => String::new(),
    };
    let said = if said.trim().is_empty() { headline(message) } else { said };
    clip(&said, MESSAGE_CHARS.saturating_sub(end.chars().count())) + &end
}
