//! What an operator sets, and what can be wrong with it.

mod sms;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;

pub use sms::{GatewaySettings, SmsProvider, TwilioSettings};

/// The longest time limit that is accepted, in milliseconds: an attempt that hangs keeps the next method of
/// a person waiting.
const TIME_LIMIT_MAX_MS: u64 = 120_000;

/// Settings of every channel. The default sends to public addresses only, and has neither SMTP nor webhooks.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Without it no mail is sent.
    pub smtp: Option<SmtpSettings>,
    /// `whsec_` and the base64 of 24 to 64 random bytes. Several, separated by spaces, sign each message
    /// several times, which lets receivers change to a new secret one after the other. Without it no webhook
    /// is sent.
    pub webhook_secret: Option<String>,
    /// Only needed when contacts name topics instead of URLs, or when the server wants a token.
    pub ntfy: Option<NtfySettings>,
    /// Without it nobody is reached over Telegram.
    pub telegram: Option<TelegramSettings>,
    /// Without it nobody is reached over Pushover.
    pub pushover: Option<PushoverSettings>,
    /// Who sends text messages: the first one, and where it fails the next. Without any nobody is reached so.
    pub sms: Vec<SmsProvider>,
    /// Lets webhook, ntfy and chat addresses lead to loopback and private networks. Off by default, because
    /// whoever may edit a contact could then make the server talk to its neighbours.
    pub allow_private_addresses: bool,
    /// PEM file with further certificate authorities to trust, beside Mozilla's, for mail and HTTPS.
    pub extra_ca_file: Option<PathBuf>,
    /// For one attempt, from the start of connecting to the end of the answer, in milliseconds.
    pub time_limit_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            smtp: None,
            webhook_secret: None,
            ntfy: None,
            telegram: None,
            pushover: None,
            sms: Vec::new(),
            allow_private_addresses: false,
            extra_ca_file: None,
            time_limit_ms: 10_000,
        }
    }
}

/// How mail leaves.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Name of the server; with TLS also the name that its certificate must carry.
    pub host: String,
    /// 587 with STARTTLS, 465 with TLS and 25 without, unless given.
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub security: SmtpSecurity,
    /// Sender, `name@example.com` or `Name <name@example.com>`.
    pub from: String,
    /// Together with `password`, or neither.
    #[serde(default)]
    pub username: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
    /// The name in EHLO; this machine's, unless given.
    #[serde(default)]
    pub hello_name: Option<String>,
    /// The most connections that are open at a time.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
}

const fn default_max_connections() -> usize {
    8
}

impl SmtpSettings {
    /// A server with the defaults: STARTTLS on port 587, no login.
    pub fn new(host: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: None,
            security: SmtpSecurity::default(),
            from: from.into(),
            username: None,
            password: None,
            hello_name: None,
            max_connections: default_max_connections(),
        }
    }
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// Not at all; for a relay on the same machine. Credentials are refused.
    Plain,
    /// Starts plain and must be upgraded (RFC 3207) before anything is said.
    #[default]
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// Which ntfy server topics without a URL are on.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NtfySettings {
    /// Such as `https://ntfy.example.com`.
    pub server: String,
    /// Access token (`tk_…`). Sent to this server only.
    #[serde(default)]
    pub token: Option<String>,
}

impl NtfySettings {
    /// The server's name without the credentials that a URL may carry.
    pub(crate) fn host(&self) -> String {
        let host = Url::parse(&self.server).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| self.server.clone())
    }
}

/// The Telegram bot that messages come from.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelegramSettings {
    /// As `@BotFather` gives it (`123456:ABC…`).
    pub token: String,
    /// Where the Bot API is: Telegram's own, or a Bot API server that the operator runs.
    #[serde(default = "telegram_server")]
    pub server: String,
}

fn telegram_server() -> String {
    "https://api.telegram.org".to_owned()
}

impl TelegramSettings {
    /// The bot of that token at Telegram itself.
    pub fn new(token: impl Into<String>) -> Self {
        Self { token: token.into(), server: telegram_server() }
    }
}

/// The Pushover application that messages come from.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushoverSettings {
    /// Of the application (30 letters and digits), as pushover.net shows it.
    pub token: String,
    /// Where the Message API is: Pushover's own, or one that speaks like it.
    #[serde(default = "pushover_server")]
    pub server: String,
}

fn pushover_server() -> String {
    "https://api.pushover.net".to_owned()
}

impl PushoverSettings {
    /// The application of that token at Pushover itself.
    pub fn new(token: impl Into<String>) -> Self {
        Self { token: token.into(), server: pushover_server() }
    }
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("time_limit_ms must be between 1 and {TIME_LIMIT_MAX_MS}, not {0}")]
    TimeLimit(u64),
    #[error("extra_ca_file `{}` cannot be used: {reason}", path.display())]
    Authorities { path: PathBuf, reason: String },
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    #[error("the HTTP client cannot be built: {0}")]
    HttpClient(String),
    #[error("smtp.from `{from}` is not a mail address: {reason}")]
    Sender { from: String, reason: String },
    #[error("smtp.username and smtp.password go together; one of them is missing")]
    HalfCredentials,
    #[error("smtp.security `plain` would send the password readable for everybody; use `starttls` or `tls`")]
    PlainCredentials,
    #[error("smtp.max_connections must be at least 1")]
    NoConnections,
    #[error("webhook_secret is not usable: {0}")]
    WebhookSecret(String),
    #[error("ntfy.server `{server}` is not a server's URL: {reason}")]
    NtfyServer { server: String, reason: String },
    #[error("telegram.token is not a bot's token: it is a number, a colon, and letters, digits, `-` and `_`")]
    TelegramToken,
    #[error("telegram.server is not a server's URL: {0}")]
    TelegramServer(String),
    #[error("pushover.token is not an application's token: it is 30 letters and digits")]
    PushoverToken,
    #[error("pushover.server is not a server's URL: {0}")]
    PushoverServer(String),
    #[error("sms: the gateway cannot be used: {0}")]
    SmsGateway(String),
    #[error("sms: Twilio cannot be used: {0}")]
    Twilio(String),
}

impl Settings {
    pub(crate) fn time_limit(&self) -> Result<Duration, SettingsError> {
        match self.time_limit_ms {
            1..=TIME_LIMIT_MAX_MS => Ok(Duration::from_millis(self.time_limit_ms)),
            other => Err(SettingsError::TimeLimit(other)),
        }
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        let password = self.smtp.as_ref().and_then(|smtp| smtp.password.clone());
        let token = self.ntfy.as_ref().and_then(|ntfy| ntfy.token.clone());
        let webhook = self.webhook_secret.iter().flat_map(|all| all.split_whitespace().map(str::to_owned));
        let bot = self.telegram.as_ref().map(|telegram| telegram.token.clone());
        let application = self.pushover.as_ref().map(|pushover| pushover.token.clone());
        webhook
            .chain(password)
            .chain(token)
            .chain(bot)
            .chain(application)
            .chain(self.sms.iter().flat_map(SmsProvider::secrets))
            .collect()
    }
}

/// Stands for a secret in debug output.
fn hidden(secret: Option<&String>) -> Option<&'static str> {
    secret.map(|_| "[hidden]")
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("smtp", &self.smtp)
            .field("webhook_secret", &hidden(self.webhook_secret.as_ref()))
            .field("ntfy", &self.ntfy)
            .field("telegram", &self.telegram)
            .field("pushover", &self.pushover)
            .field("sms", &self.sms)
            .field("allow_private_addresses", &self.allow_private_addresses)
            .field("extra_ca_file", &self.extra_ca_file)
            .field("time_limit_ms", &self.time_limit_ms)
            .finish()
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("from", &self.from)
            .field("username", &self.username)
            .field("password", &hidden(self.password.as_ref()))
            .field("hello_name", &self.hello_name)
            .field("max_connections", &self.max_connections)
            .finish()
    }
}

impl fmt::Debug for NtfySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NtfySettings")
            .field("server", &self.host())
            .field("token", &hidden(self.token.as_ref()))
            .finish()
    }
}

impl fmt::Debug for TelegramSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramSettings").field("server", &self.server).finish_non_exhaustive()
    }
}

impl fmt::Debug for PushoverSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushoverSettings").field("server", &self.server).finish_non_exhaustive()
    }
}
