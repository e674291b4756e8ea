//! Who sends text messages.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde::Deserialize;

use crate::answer::tokens;

/// One who sends text messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SmsProvider {
    Twilio(TwilioSettings),
    Gateway(GatewaySettings),
}

/// An account at Twilio.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioSettings {
    /// `AC…`
    pub account_sid: String,
    /// `SK…`, when an API key is used instead of the account's own token.
    #[serde(default)]
    pub api_key: Option<String>,
    /// The account's token, or the key's secret.
    pub secret: String,
    /// A number with its country, an alphanumeric sender, or a messaging service (`MG…`).
    pub from: String,
    /// Where the API is: Twilio's own, or one that speaks like it.
    #[serde(default = "twilio_server")]
    pub server: String,
}

fn twilio_server() -> String {
    "https://api.twilio.com".to_owned()
}

impl TwilioSettings {
    /// An account at Twilio itself.
    pub fn new(account_sid: impl Into<String>, secret: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            account_sid: account_sid.into(),
            api_key: None,
            secret: secret.into(),
            from: from.into(),
            server: twilio_server(),
        }
    }
}

/// A gateway that takes a text in one HTTP request.
///
/// In `url` and `body`, `{to}` stands for the number, `{number}` for the number without its `+`, `{text}` for the
/// text and `{id}` for an id that is the same in every attempt. They are written as the place wants it: in a URL and
/// in a form percent-encoded, in JSON and XML escaped.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewaySettings {
    pub url: String,
    /// `POST`, `GET` or `PUT`.
    #[serde(default = "post")]
    pub method: String,
    /// `Content-Type` among them; of a body without one it is that of a form.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub body: Option<String>,
    /// What the answer of a gateway holds that has taken the text, where its status does not say so.
    #[serde(default)]
    pub accepted: Option<String>,
}

fn post() -> String {
    "POST".to_owned()
}

impl GatewaySettings {
    /// A gateway that is told everything in its URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), method: post(), headers: BTreeMap::new(), body: None, accepted: None }
    }
}

impl SmsProvider {
    /// What lets others send in the operator's name: the values of headers, and the long parts of a URL.
    pub(super) fn secrets(&self) -> Vec<String> {
        match self {
            Self::Twilio(twilio) => {
                let user = twilio.api_key.as_ref().unwrap_or(&twilio.account_sid);
                vec![twilio.secret.clone(), STANDARD.encode(format!("{user}:{}", twilio.secret))]
            }
            Self::Gateway(gateway) => {
                let public =
                    |name: &str| ["content-type", "accept"].contains(&name.to_ascii_lowercase().as_str());
                let values = gateway.headers.iter().filter(|(name, _)| !public(name)).map(|(_, value)| value);
                let words = values.flat_map(|value| value.split_whitespace()).filter(|word| word.len() >= 8);
                words.chain(tokens(&gateway.url)).map(str::to_owned).collect()
            }
        }
    }
}

impl fmt::Debug for TwilioSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioSettings")
            .field("account_sid", &self.account_sid)
            .field("from", &self.from)
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        f.debug_struct("GatewaySettings")
            .field("host", &host)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
