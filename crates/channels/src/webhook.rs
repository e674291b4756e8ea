//! Signed webhooks after the Standard Webhooks specification 1.0.
//!
//! The body is described in `docs/delivery.md`; receivers tell repeats by `webhook-id`, which is the
//! notification's id and the same in every attempt.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decurion_core::notify::{Message, MessageKind, Outcome};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use sha2::Sha256;
use tokio::time::Instant;

use crate::answer::permanent;
use crate::http::Http;
use crate::settings::SettingsError;

pub(crate) const NOT_SET_UP: &str = "no webhook secret is set, and unsigned webhooks are not sent";

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// Signs with every secret that is set.
pub(crate) struct Signer {
    keyed: Vec<Hmac<Sha256>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("secrets", &self.keyed.len()).finish()
    }
}

impl Signer {
    /// Takes one or several `whsec_…` secrets, separated by white space.
    pub(crate) fn new(secrets: &str) -> Result<Self, SettingsError> {
        let keyed: Vec<_> = secrets.split_whitespace().map(keyed).collect::<Result<_, _>>()?;
        if keyed.is_empty() {
            return Err(SettingsError::WebhookSecret("it is empty".to_owned()));
        }
        Ok(Self { keyed })
    }

    /// `v1,` and the base64 of the HMAC-SHA256 over `id.timestamp.body`, for each secret.
    fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let mut signatures = String::with_capacity(self.keyed.len() * 48);
        for keyed in &self.keyed {
            let mut mac = keyed.clone();
            for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
                mac.update(part);
            }
            if !signatures.is_empty() {
                signatures.push(' ');
            }
            signatures.push_str("v1,");
            STANDARD.encode_string(mac.finalize().into_bytes(), &mut signatures);
        }
        signatures
    }
}

fn keyed(secret: &str) -> Result<Hmac<Sha256>, SettingsError> {
    let unusable = |reason: &str| SettingsError::WebhookSecret(reason.to_owned());
    let encoded = secret.strip_prefix("whsec_").ok_or_else(|| unusable("it does not start with `whsec_`"))?;
    let key = STANDARD.decode(encoded).map_err(|_| unusable("what follows `whsec_` is not base64"))?;
    if !(24..=64).contains(&key.len()) {
        return Err(unusable("it must hold 24 to 64 bytes"));
    }
    Hmac::new_from_slice(&key).map_err(|_| unusable("its length does not fit"))
}

/// The envelope that the specification asks for.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    event: &'static str,
    /// When the page was decided, RFC 3339.
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    notification: &'a str,
    page: &'a str,
    /// Null in a notice, as the three below.
    incident: Option<&'a str>,
    reference: Option<&'a str>,
    person: &'a str,
    level: Option<&'static str>,
    severity: Option<&'static str>,
    title: &'a str,
    text: &'a str,
    brief: Option<&'a str>,
    acknowledge_url: Option<&'a str>,
    incident_url: &'a str,
    attempt: u32,
}

pub(crate) async fn send(
    http: &Http,
    signer: &Signer,
    message: &Message,
    now_us: i64,
    deadline: Instant,
) -> Outcome {
    let url = match http.check(&message.address) {
        Ok(url) => url,
        Err(reason) => return permanent(reason),
    };
    let Ok(body) = serde_json::to_vec(&body(message)) else {
        return permanent("the message cannot be written as JSON");
    };
    let Some(headers) = headers(signer, message, now_us, &body) else {
        return permanent("the notification's id does not fit in a header");
    };
    match http.post_json(url, headers, body, deadline).await {
        Ok(reply) => reply.judge(&reply.text()),
        Err(outcome) => outcome,
    }
}

fn headers(signer: &Signer, message: &Message, now_us: i64, body: &[u8]) -> Option<HeaderMap> {
    let id = message.notification.as_str();
    let timestamp = now_us.div_euclid(1_000_000).to_string();
    let signature = signer.sign(id, &timestamp, body);
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(ID, HeaderValue::from_str(id).ok()?);
    headers.insert(TIMESTAMP, HeaderValue::from_str(&timestamp).ok()?);
    headers.insert(SIGNATURE, HeaderValue::from_str(&signature).ok()?);
    Some(headers)
}

fn body(message: &Message) -> Body<'_> {
    let of_incident = message.kind != MessageKind::Notice;
    Body {
        event: match message.kind {
            MessageKind::Page => "notification.page",
            MessageKind::Tell => "notification.tell",
            MessageKind::Notice => "notification.notice",
        },
        timestamp: Timestamp::from_microsecond(message.decided_at_us).unwrap_or_default().to_string(),
        data: Data {
            notification: message.notification.as_str(),
            page: message.page.as_str(),
            incident: of_incident.then_some(message.incident.as_str()),
            reference: of_incident.then_some(&message.reference),
            person: &message.person,
            level: of_incident.then_some(message.level.as_str()),
            severity: of_incident.then_some(message.severity.as_str()),
            title: &message.title,
            text: &message.text,
            brief: message.brief.as_deref(),
            acknowledge_url: message.acknowledge_url.as_deref(),
            incident_url: &message.incident_url,
            attempt: message.attempt,
        },
    }
}
