//! How messages leave, from the command line and the environment.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use decurion_channels::{
    NtfySettings, PushoverSettings, Settings, SmsProvider, SmtpSecurity, SmtpSettings, TelegramSettings,
};
use reqwest::Url;

use crate::exit::Failure;
use crate::private_file;

/// Channels. Secrets are best given in the environment or in files, since other users of the machine can
/// read command lines.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Channels")]
pub(crate) struct ChannelArgs {
    /// Mail server: smtp://HOST (STARTTLS), smtps://HOST (TLS), smtp+plain://HOST (a relay on this machine)
    #[arg(long, env = "DECURION_SMTP_URL", hide_env_values = true, value_name = "URL")]
    smtp_url: Option<String>,
    /// Sender of mails, `Decurion <pager@example.com>`
    #[arg(long, env = "DECURION_SMTP_FROM", value_name = "ADDRESS")]
    smtp_from: Option<String>,
    #[arg(long, env = "DECURION_SMTP_USERNAME", value_name = "NAME")]
    smtp_username: Option<String>,
    /// A file with the password; DECURION_SMTP_PASSWORD holds it otherwise
    #[arg(long, env = "DECURION_SMTP_PASSWORD_FILE", value_name = "FILE")]
    smtp_password_file: Option<PathBuf>,
    /// A file with the secret that signs webhooks; DECURION_WEBHOOK_SECRET holds it otherwise
    #[arg(long, env = "DECURION_WEBHOOK_SECRET_FILE", value_name = "FILE")]
    webhook_secret_file: Option<PathBuf>,
    /// Where ntfy topics without a URL are
    #[arg(long, env = "DECURION_NTFY_SERVER", value_name = "URL")]
    ntfy_server: Option<String>,
    /// A file with the access token; DECURION_NTFY_TOKEN holds it otherwise
    #[arg(long, env = "DECURION_NTFY_TOKEN_FILE", value_name = "FILE")]
    ntfy_token_file: Option<PathBuf>,
    /// A file with the token of the Telegram bot; DECURION_TELEGRAM_TOKEN holds it otherwise
    #[arg(long, env = "DECURION_TELEGRAM_TOKEN_FILE", value_name = "FILE")]
    telegram_token_file: Option<PathBuf>,
    /// A Bot API server of one's own, instead of Telegram's
    #[arg(long, env = "DECURION_TELEGRAM_SERVER", value_name = "URL")]
    telegram_server: Option<String>,
    /// A file with the token of the Pushover application; DECURION_PUSHOVER_TOKEN holds it otherwise
    #[arg(long, env = "DECURION_PUSHOVER_TOKEN_FILE", value_name = "FILE")]
    pushover_token_file: Option<PathBuf>,
    /// Another server that speaks Pushover's Message API
    #[arg(long, env = "DECURION_PUSHOVER_SERVER", value_name = "URL")]
    pushover_server: Option<String>,
    /// A JSON file with those who send text messages, in the order in which they are asked
    #[arg(long, env = "DECURION_SMS_FILE", value_name = "FILE")]
    sms_file: Option<PathBuf>,
    /// Let webhook, ntfy and chat addresses lead into private networks
    #[arg(long, env = "DECURION_ALLOW_PRIVATE_ADDRESSES", value_parser = clap::builder::BoolishValueParser::new(),
        num_args = 0..=1, default_missing_value = "true", require_equals = true, default_value = "false",
        action = clap::ArgAction::Set)]
    allow_private_addresses: bool,
    /// PEM file with further certificate authorities to trust
    #[arg(long, env = "DECURION_EXTRA_CA_FILE", value_name = "FILE")]
    extra_ca_file: Option<PathBuf>,
    /// The longest that one attempt to send may take, in milliseconds
    #[arg(long, env = "DECURION_SEND_TIME_LIMIT_MS", value_name = "MS")]
    send_time_limit_ms: Option<u64>,
}

impl ChannelArgs {
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        let otherwise = Settings::default();
        Ok(Settings {
            smtp: self.smtp()?,
            webhook_secret: secret(self.webhook_secret_file.as_ref(), "DECURION_WEBHOOK_SECRET")?,
            ntfy: self.ntfy()?,
            telegram: self.telegram()?,
            pushover: self.pushover()?,
            sms: self.sms_file.as_deref().map(sms).transpose()?.unwrap_or_default(),
            allow_private_addresses: self.allow_private_addresses,
            extra_ca_file: self.extra_ca_file.clone(),
            time_limit_ms: self.send_time_limit_ms.unwrap_or(otherwise.time_limit_ms),
        })
    }

    fn smtp(&self) -> anyhow::Result<Option<SmtpSettings>> {
        let Some(text) = &self.smtp_url else { return Ok(None) };
        let from = self.smtp_from.clone();
        let from =
            from.ok_or_else(|| Failure::usage("mail needs a sender: --smtp-from or DECURION_SMTP_FROM"))?;
        let server = Server::read(text)?;
        let password =
            secret(self.smtp_password_file.as_ref(), "DECURION_SMTP_PASSWORD")?.or(server.password);
        let username = self.smtp_username.clone().or(server.username);
        let plain = SmtpSettings::new(server.host, from);
        Ok(Some(SmtpSettings { port: server.port, security: server.security, username, password, ..plain }))
    }

    fn ntfy(&self) -> anyhow::Result<Option<NtfySettings>> {
        let token = secret(self.ntfy_token_file.as_ref(), "DECURION_NTFY_TOKEN")?;
        match (&self.ntfy_server, token) {
            (Some(server), token) => Ok(Some(NtfySettings { server: server.clone(), token })),
            (None, Some(_)) => {
                Err(Failure::usage("a token for ntfy needs its server: DECURION_NTFY_SERVER").into())
            }
            (None, None) => Ok(None),
        }
    }

    fn telegram(&self) -> anyhow::Result<Option<TelegramSettings>> {
        let token = secret(self.telegram_token_file.as_ref(), "DECURION_TELEGRAM_TOKEN")?;
        match (token.map(TelegramSettings::new), &self.telegram_server) {
            (Some(bot), Some(server)) => Ok(Some(TelegramSettings { server: server.clone(), ..bot })),
            (Some(bot), None) => Ok(Some(bot)),
            (None, Some(_)) => {
                Err(Failure::usage("a server for Telegram needs a bot's token: DECURION_TELEGRAM_TOKEN")
                    .into())
            }
            (None, None) => Ok(None),
        }
    }

    fn pushover(&self) -> anyhow::Result<Option<PushoverSettings>> {
        let token = secret(self.pushover_token_file.as_ref(), "DECURION_PUSHOVER_TOKEN")?;
        match (token.map(PushoverSettings::new), &self.pushover_server) {
            (Some(application), Some(server)) => {
                Ok(Some(PushoverSettings { server: server.clone(), ..application }))
            }
            (Some(application), None) => Ok(Some(application)),
            (None, Some(_)) => Err(Failure::usage(
                "a server for Pushover needs an application's token: DECURION_PUSHOVER_TOKEN",
            )
            .into()),
            (None, None) => Ok(None),
        }
    }
}

/// Never repeats what the file says, but for the names of its fields.
fn sms(path: &Path) -> anyhow::Result<Vec<SmsProvider>> {
    let text = private_file::read(path)?;
    serde_json::from_str(&text).map_err(|error| {
        let said = error.to_string();
        let names =
            ["unknown field", "unknown variant", "missing field"].iter().any(|start| said.starts_with(start));
        let why = if names { said } else { format!("it cannot be read at line {}", error.line()) };
        Failure::usage(format!("{}: {why}", path.display())).into()
    })
}

/// A mail server as a URL says it.
#[derive(Debug)]
struct Server {
    host: String,
    port: Option<u16>,
    security: SmtpSecurity,
    username: Option<String>,
    password: Option<String>,
}

impl Server {
    /// Never repeats the text: it may hold a password.
    fn read(text: &str) -> anyhow::Result<Self> {
        let wrong = |why: &str| Failure::usage(format!("the URL of the mail server: {why}"));
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        let security = match url.scheme() {
            "smtp" => SmtpSecurity::StartTls,
            "smtps" => SmtpSecurity::Tls,
            "smtp+plain" => SmtpSecurity::Plain,
            _ => return Err(wrong("it begins with smtp://, smtps:// or smtp+plain://").into()),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let username = Some(decoded(url.username())).filter(|name| !name.is_empty());
        Ok(Self { host, port: url.port(), security, username, password: url.password().map(decoded) })
    }
}

/// Undoes the percent-encoding of user names and passwords (RFC 3986, section 2.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).filter(|_| *first == b'%').and_then(|pair| hex::decode(pair).ok());
        rest = if pair.is_some() { &tail[2..] } else { tail };
        bytes.extend(pair.unwrap_or_else(|| vec![*first]));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A secret from its file, or from its variable.
fn secret(file: Option<&PathBuf>, variable: &str) -> anyhow::Result<Option<String>> {
    match file {
        Some(path) => private_file::read(path).map(Some).with_context(|| format!("instead of {variable}")),
        None => Ok(std::env::var(variable).ok().filter(|value| !value.is_empty())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use decurion_channels::SmtpSecurity;

    use super::{ChannelArgs, Server};

    #[test]
    fn the_scheme_says_how_the_connection_is_protected() {
        let read = |text: &str| Server::read(text).map(|server| (server.host, server.port, server.security));
        assert_eq!(
            read("smtp://mail.example").unwrap(),
            ("mail.example".to_owned(), None, SmtpSecurity::StartTls)
        );
        assert_eq!(read("smtps://mail:466").unwrap(), ("mail".to_owned(), Some(466), SmtpSecurity::Tls));
        assert_eq!(
            read("smtp+plain://127.0.0.1:25").unwrap(),
            ("127.0.0.1".to_owned(), Some(25), SmtpSecurity::Plain)
        );
    }

    #[test]
    fn credentials_may_stand_in_the_url_and_never_in_a_message() {
        let server = Server::read("smtp://pager%40example:p%20ss%2f@mail").unwrap();
        assert_eq!(server.username.as_deref(), Some("pager@example"));
        assert_eq!(server.password.as_deref(), Some("p ss/"));
        let said = Server::read("http://pager:hunter2@mail").unwrap_err().to_string();
        assert!(!said.contains("hunter2"), "{said}");
    }

    #[test]
    fn mail_without_a_sender_is_refused_at_the_start() {
        let args = ChannelArgs { smtp_url: Some("smtp://mail".to_owned()), ..ChannelArgs::default() };
        assert!(args.settings().unwrap_err().to_string().contains("DECURION_SMTP_FROM"));
    }

    #[test]
    fn providers_of_text_messages_come_from_a_file_whose_secrets_stay_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sms.json");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            ChannelArgs { sms_file: Some(path.clone()), ..ChannelArgs::default() }.settings()
        };
        let both = r#"[{"kind": "twilio", "account_sid": "AC1", "secret": "hunter2", "from": "+15005550006"},
            {"kind": "gateway", "url": "https://sms.example/?to={to}&text={text}", "method": "GET"}]"#;
        assert_eq!(read(both).unwrap().sms.len(), 2);
        let wrong = [
            r#"[{"kind": "twilio", "account_sid": "AC1", "secret": ["hunter2"], "from": "+15005550006"}]"#,
            r#"[{"kind": "gateway", "url": "https://sms.example", "metod": "hunter2"}]"#,
            r#"[{"kind": "twilio", "account_sid": "AC1", "from": "hunter2"}]"#,
            "hunter2",
        ];
        let said = wrong.map(|text| read(text).unwrap_err().to_string());
        assert!(said.iter().all(|said| said.contains("sms.json: ") && !said.contains("hunter2")), "{said:?}");
        assert!(said[1].contains("metod") && said[2].contains("secret"), "{said:?}");
    }
}
