//! Twilio, over its Messages resource.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decurion_core::notify::{Message, Outcome};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::Told;
use crate::answer::{delivered, permanent, transient, transient_for};
use crate::http::{Http, Reply};
use crate::settings::{SettingsError, TwilioSettings};

/// The person has answered STOP to this sender (error 21610).
const UNSUBSCRIBED: i64 = 21_610;

/// Errors of carriers that may pass: a queue that is full, a phone that is off, one that cannot be told, congestion.
const MAY_PASS: [i64; 4] = [30_001, 30_003, 30_008, 30_017];

/// One account, and who the texts come from.
pub(super) struct Account {
    messages: Url,
    sid: String,
    /// Basic, with the account or with an API key.
    authorization: HeaderValue,
    from: String,
}

/// The fields of a new message.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Create<'a> {
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging_service_sid: Option<&'a str>,
    body: &'a str,
}

/// The part of a message that is worth keeping: the rest repeats the text with its link.
#[derive(Deserialize)]
struct Kept {
    sid: String,
    status: String,
    /// Of the carrier, when it has not arrived.
    error_code: Option<i64>,
    error_message: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    code: Option<i64>,
    #[serde(default)]
    message: String,
}

impl Account {
    pub(super) fn new(settings: &TwilioSettings) -> Result<Self, SettingsError> {
        let unusable = |reason: &str| SettingsError::Twilio(reason.to_owned());
        if !is_sid(&settings.account_sid, "AC") {
            return Err(unusable("account_sid is AC and 32 hexadecimal digits"));
        }
        if settings.api_key.as_ref().is_some_and(|key| !is_sid(key, "SK")) {
            return Err(unusable("api_key is SK and 32 hexadecimal digits"));
        }
        if settings.secret.is_empty() || settings.from.is_empty() {
            return Err(unusable("secret and from must be given"));
        }
        let mut messages = Url::parse(&settings.server).map_err(|_| unusable("server is not a URL"))?;
        if !matches!(messages.scheme(), "http" | "https") {
            return Err(unusable("server must start with https:// or http://"));
        }
        let base = messages.path().trim_end_matches('/').to_owned();
        messages.set_path(&format!("{base}/2010-04-01/Accounts/{}/Messages.json", settings.account_sid));
        let user = settings.api_key.as_ref().unwrap_or(&settings.account_sid);
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{}", settings.secret)));
        let mut authorization = HeaderValue::from_str(&basic)
            .map_err(|_| unusable("secret holds characters that a header cannot"))?;
        authorization.set_sensitive(true);
        Ok(Self { messages, sid: settings.account_sid.clone(), authorization, from: settings.from.clone() })
    }

    pub(super) async fn send(&self, http: &Http, message: &Message, text: &str, deadline: Instant) -> Told {
        let url = match http.check(self.messages.as_str()) {
            Ok(url) => url,
            Err(reason) => return Told::Outcome(permanent(reason)),
        };
        let service = is_sid(&self.from, "MG").then_some(self.from.as_str());
        let create = Create {
            to: &message.address,
            from: service.is_none().then_some(self.from.as_str()),
            messaging_service_sid: service,
            body: text,
        };
        match http.post_form(url, self.headers(), &create, deadline).await {
            Ok(reply) => self.judge(&reply),
            Err(outcome) => Told::Outcome(outcome),
        }
    }

    /// What became of a message. None: another account has it.
    pub(super) async fn ask(&self, http: &Http, receipt: &str, deadline: Instant) -> Option<Outcome> {
        let (account, sid) = receipt.split_once('/')?;
        if account != self.sid || !["SM", "MM"].iter().any(|kind| is_sid(sid, kind)) {
            return None;
        }
        let unknown = |why: &str| Outcome::Sent {
            answer: format!("{sid} cannot be asked about: {why}"),
            receipt: receipt.to_owned(),
        };
        let url = self.messages.as_str().trim_end_matches(".json");
        let url = match http.check(&format!("{url}/{sid}.json")) {
            Ok(url) => url,
            Err(reason) => return Some(unknown(&reason)),
        };
        let reply = http.request(Method::GET, url, self.headers(), Vec::new(), deadline).await;
        Some(match reply {
            Ok(reply) if reply.status.is_success() => match serde_json::from_slice::<Kept>(&reply.body) {
                Ok(kept) => self.verdict(&kept),
                Err(_) => unknown("the answer is not one of Twilio's"),
            },
            Ok(reply) => unknown(reply.status.as_str()),
            Err(Outcome::Failed { answer, .. }) => unknown(&answer),
            Err(other) => other,
        })
    }

    /// Whether it has arrived, as far as Twilio knows.
    fn verdict(&self, kept: &Kept) -> Outcome {
        let code = kept.error_code.map(|code| format!(" {code}")).unwrap_or_default();
        let why = kept.error_message.as_deref().map(|why| format!(" {why}")).unwrap_or_default();
        let answer = format!("{} {}{code}{why}", kept.sid, kept.status);
        match kept.status.as_str() {
            "delivered" | "read" => delivered(answer),
            "undelivered" | "failed" | "canceled" => match kept.error_code {
                Some(code) if MAY_PASS.contains(&code) => transient(answer),
                _ => permanent(answer),
            },
            _ => Outcome::Sent { answer, receipt: format!("{}/{}", self.sid, kept.sid) },
        }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers
    }

    fn judge(&self, reply: &Reply) -> Told {
        if reply.status.is_success() {
            let kept = serde_json::from_slice::<Kept>(&reply.body);
            let status = reply.status;
            return Told::Outcome(match kept {
                Ok(kept) => self.verdict(&kept).said(|answer| format!("{status}: {answer}")),
                Err(_) => delivered(status.to_string()),
            });
        }
        refused(reply)
    }
}

/// Ids of Twilio: two letters for what it is, and 32 hexadecimal digits.
fn is_sid(text: &str, kind: &str) -> bool {
    let digits = text.strip_prefix(kind).unwrap_or_default();
    digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit())
}

fn refused(reply: &Reply) -> Told {
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&reply.body) else {
        return Told::Outcome(reply.judge(&reply.text()));
    };
    let code = refusal.code.map(|code| format!("{code} ")).unwrap_or_default();
    let said = format!("{code}{}", refusal.message);
    match (reply.status.as_u16(), refusal.code) {
        (_, Some(UNSUBSCRIBED)) => Told::OptedOut(format!(
            "{}: {said} (the person has answered STOP, and can answer START)",
            reply.status
        )),
        (429, _) => Told::Outcome(transient_for(format!("{}: {said}", reply.status), reply.retry_after_s)),
        _ => Told::Outcome(reply.judge(&said)),
    }
}
