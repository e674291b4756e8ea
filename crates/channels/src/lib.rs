//! Channels: how a message leaves the product, one module each.
//!
//! A channel lays out what a [`Message`] carries, hands it to its provider once, and says what became of it
//! as an [`Outcome`]. It decides nothing: whom to tell, when, and what happens after a failure belong to the
//! core and to the engine that calls [`Channels::send`]. [`sns`] is the way to ask Amazon SNS who sends.
//!
//! To add a channel: name it in `decurion_core::org::Channel`, write a module with an async `send` that takes
//! the message and a deadline, build it in [`Channels::new`], and add its arm to [`Channels::send`],
//! [`Channels::usable`] and [`Channels::check_address`]. Providers reached over HTTP go through
//! [`http::Http`], which holds the address guard, the time limit and the rules for status codes.

mod answer;
mod discord;
mod email;
mod http;
mod layout;
mod mailbox;
mod mattermost;
mod ntfy;
mod pushover;
mod settings;
mod slack;
mod sms;
pub mod sns;
mod teams;
mod telegram;
mod tls;
mod webhook;

use std::time::Duration;

use decurion_core::notify::{Message, Outcome};
use decurion_core::org::Channel;
use tokio::time::Instant;

pub use settings::{
    GatewaySettings, NtfySettings, PushoverSettings, Settings, SettingsError, SmsProvider, SmtpSecurity,
    SmtpSettings, TelegramSettings, TwilioSettings,
};

use answer::permanent;

/// Every channel of one node, with its connections. Build it once and share it.
pub struct Channels {
    http: http::Http,
    mailer: Option<email::Mailer>,
    signer: Option<webhook::Signer>,
    ntfy: ntfy::Ntfy,
    telegram: Option<telegram::Bot>,
    pushover: Option<pushover::Application>,
    sms: sms::Sms,
    /// What must never turn up in an answer: passwords and tokens from the settings.
    secrets: Vec<String>,
    time_limit: Duration,
}

impl std::fmt::Debug for Channels {
    /// Shows how it is set up, and no secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channels")
            .field("mailer", &self.mailer)
            .field("signer", &self.signer)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

impl Channels {
    /// Checks the settings and prepares the clients. Connects to nobody.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let time_limit = settings.time_limit()?;
        let authorities = tls::Authorities::load(settings.extra_ca_file.as_deref())?;
        let secrets = settings.secrets();
        Ok(Self {
            http: http::Http::new(&authorities, settings.allow_private_addresses)?,
            mailer: settings.smtp.map(|smtp| email::Mailer::new(smtp, &authorities)).transpose()?,
            signer: settings.webhook_secret.as_deref().map(webhook::Signer::new).transpose()?,
            ntfy: ntfy::Ntfy::new(settings.ntfy)?,
            telegram: settings.telegram.as_ref().map(telegram::Bot::new).transpose()?,
            pushover: settings.pushover.as_ref().map(pushover::Application::new).transpose()?,
            sms: sms::Sms::new(&settings.sms)?,
            secrets,
            time_limit,
        })
    }

    /// Sends the message once, at `now_us` (microseconds since the epoch), within the time limit.
    ///
    /// Every failure is an [`Outcome::Failed`]; the caller decides whether to try again. The answer is one
    /// line of at most 500 characters without credentials and without the acknowledge link.
    pub async fn send(&self, message: &Message, now_us: i64) -> Outcome {
        let deadline = Instant::now() + self.time_limit;
        let outcome = match message.channel {
            Channel::Email => self.send_mail(message, now_us, deadline).await,
            Channel::Webhook => self.send_webhook(message, now_us, deadline).await,
            Channel::Ntfy => self.ntfy.send(&self.http, message, deadline).await,
            Channel::Slack => slack::send(&self.http, message, deadline).await,
            Channel::Telegram => self.send_telegram(message, deadline).await,
            Channel::Discord => discord::send(&self.http, message, deadline).await,
            Channel::Mattermost => mattermost::send(&self.http, message, deadline).await,
            Channel::Teams => teams::send(&self.http, message, deadline).await,
            Channel::Pushover => self.send_pushover(message, now_us, deadline).await,
            Channel::Sms => self.sms.send(&self.http, message, deadline).await,
            Channel::Mailbox => mailbox::keep(),
        };
        answer::tidy(outcome, &self.secrets, message)
    }

    /// Asks, within the time limit, what became of a message that was [`Outcome::Sent`]. It stays that as long as
    /// the provider cannot say or cannot be reached. When the page is `over`, what still rings is stopped.
    pub async fn ask(&self, channel: Channel, receipt: &str, over: bool) -> Outcome {
        let deadline = Instant::now() + self.time_limit;
        let outcome = match (channel, &self.pushover) {
            (Channel::Sms, _) => self.sms.ask(&self.http, receipt, deadline).await,
            (Channel::Pushover, Some(pushover)) => pushover.ask(&self.http, receipt, over, deadline).await,
            _ => Outcome::Delivered { answer: "the channel is not set up any more".to_owned() },
        };
        answer::tidy_settings(outcome, &self.secrets)
    }

    /// Whether this node is set up to use the channel; if not, what is missing.
    pub fn usable(&self, channel: Channel) -> Result<(), String> {
        match channel {
            Channel::Email if self.mailer.is_none() => Err(email::NOT_SET_UP.to_owned()),
            Channel::Webhook if self.signer.is_none() => Err(webhook::NOT_SET_UP.to_owned()),
            Channel::Telegram if self.telegram.is_none() => Err(telegram::NOT_SET_UP.to_owned()),
            Channel::Pushover if self.pushover.is_none() => Err(pushover::NOT_SET_UP.to_owned()),
            Channel::Sms if !self.sms.is_set_up() => Err(sms::NOT_SET_UP.to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether the channel can read the address; if not, why. Asks nobody, so a typing error that still
    /// looks like an address passes.
    pub fn check_address(&self, channel: Channel, address: &str) -> Result<(), String> {
        match channel {
            Channel::Email => email::check_address(address),
            Channel::Webhook | Channel::Slack | Channel::Discord | Channel::Mattermost | Channel::Teams => {
                self.http.check(address).map(|_| ())
            }
            Channel::Ntfy => self.ntfy.target(&self.http, address).map(|_| ()),
            Channel::Telegram => telegram::Chat::read(address).map(|_| ()),
            Channel::Pushover => pushover::check_address(address),
            Channel::Sms => sms::check_address(address),
            Channel::Mailbox => Ok(()),
        }
    }

    async fn send_mail(&self, message: &Message, now_us: i64, deadline: Instant) -> Outcome {
        match &self.mailer {
            Some(mailer) => mailer.send(message, now_us, deadline).await,
            None => permanent(email::NOT_SET_UP),
        }
    }

    async fn send_telegram(&self, message: &Message, deadline: Instant) -> Outcome {
        match &self.telegram {
            Some(bot) => bot.send(&self.http, message, deadline).await,
            None => permanent(telegram::NOT_SET_UP),
        }
    }

    async fn send_pushover(&self, message: &Message, now_us: i64, deadline: Instant) -> Outcome {
        match &self.pushover {
            Some(application) => application.send(&self.http, message, now_us, deadline).await,
            None => permanent(pushover::NOT_SET_UP),
        }
    }

    async fn send_webhook(&self, message: &Message, now_us: i64, deadline: Instant) -> Outcome {
        match &self.signer {
            Some(signer) => webhook::send(&self.http, signer, message, now_us, deadline).await,
            None => permanent(webhook::NOT_SET_UP),
        }
    }
}
