//! Text messages, over the providers of the settings in their order: where one fails, the next is asked within the
//! same attempt.
//!
//! A text is short and costs by its length: a line that says what happened, and the link. It keeps to the letters
//! that phones take in one byte where it can.

mod gateway;
mod template;
mod twilio;

use decurion_core::notify::{Message, MessageKind, Outcome};
use tokio::time::Instant;

use crate::answer::{delivered, permanent};
use crate::http::Http;
use crate::layout::headline;
use crate::settings::{SettingsError, SmsProvider};

pub(crate) const NOT_SET_UP: &str = "text messages are not set up: there is no provider";

/// What stands in front of the link, in UTF-16 code units. With a link it makes two or three parts of a message
/// (GSM 03.38: 153 letters each).
const LINE_UNITS: usize = 150;
/// A notice says more, a code among it.
const NOTICE_UNITS: usize = 300;

/// The providers, the first first.
pub(crate) struct Sms {
    providers: Vec<Provider>,
}

enum Provider {
    Twilio(twilio::Account),
    Gateway(gateway::Gateway),
}

/// What became of a text at one provider.
enum Told {
    Outcome(Outcome),
    /// The person has answered STOP, and nobody else may write to them instead.
    OptedOut(String),
}

impl Sms {
    pub(crate) fn new(settings: &[SmsProvider]) -> Result<Self, SettingsError> {
        let provider = |settings: &SmsProvider| match settings {
            SmsProvider::Twilio(settings) => twilio::Account::new(settings).map(Provider::Twilio),
            SmsProvider::Gateway(settings) => gateway::Gateway::new(settings).map(Provider::Gateway),
        };
        Ok(Self { providers: settings.iter().map(provider).collect::<Result<_, _>>()? })
    }

    pub(crate) fn is_set_up(&self) -> bool {
        !self.providers.is_empty()
    }

    pub(crate) async fn send(&self, http: &Http, message: &Message, deadline: Instant) -> Outcome {
        if let Err(reason) = check_address(&message.address) {
            return permanent(reason);
        }
        if !self.is_set_up() {
            return permanent(NOT_SET_UP);
        }
        let text = text(message);
        let mut lost = Lost::default();
        for (place, provider) in self.providers.iter().enumerate() {
            let until = share(deadline, self.providers.len() - place);
            match provider.send(http, message, &text, until).await {
                Told::Outcome(Outcome::Delivered { answer }) => {
                    return delivered(lost.said(&provider.name(), &answer));
                }
                Told::Outcome(Outcome::Sent { answer, receipt }) => {
                    return Outcome::Sent { answer: lost.said(&provider.name(), &answer), receipt };
                }
                Told::Outcome(Outcome::Failed { answer, permanent, retry_after_s }) => {
                    lost.add(&provider.name(), &answer, permanent, retry_after_s);
                }
                Told::OptedOut(answer) => return permanent(lost.said(&provider.name(), &answer)),
            }
        }
        lost.outcome()
    }
}

impl Sms {
    /// What became of a text, from the one who took it. Where the settings know that one no more, it stands as it
    /// was taken.
    pub(crate) async fn ask(&self, http: &Http, receipt: &str, deadline: Instant) -> Outcome {
        for provider in &self.providers {
            if let Provider::Twilio(account) = provider
                && let Some(outcome) = account.ask(http, receipt, deadline).await
            {
                let name = provider.name();
                return outcome.said(|answer| format!("{name}: {answer}"));
            }
        }
        delivered("taken by a provider that is not set up any more")
    }
}

impl Provider {
    fn name(&self) -> String {
        match self {
            Self::Twilio(_) => "Twilio".to_owned(),
            Self::Gateway(gateway) => gateway.name(),
        }
    }

    async fn send(&self, http: &Http, message: &Message, text: &str, deadline: Instant) -> Told {
        match self {
            Self::Twilio(account) => account.send(http, message, text, deadline).await,
            Self::Gateway(gateway) => Told::Outcome(gateway.send(http, message, text, deadline).await),
        }
    }
}

/// What the providers said that took nothing.
#[derive(Default)]
struct Lost {
    answers: Vec<String>,
    /// One of them may take it later.
    may_pass: bool,
    /// The soonest that one of them asks for; none: as soon as others.
    retry_after_s: Option<i64>,
}

impl Lost {
    fn add(&mut self, name: &str, answer: &str, permanent: bool, retry_after_s: Option<i64>) {
        self.answers.push(format!("{name}: {answer}"));
        if permanent {
            return;
        }
        self.retry_after_s = match (self.may_pass, self.retry_after_s) {
            (true, soonest) => soonest.zip(retry_after_s).map(|(soonest, other)| soonest.min(other)),
            (false, _) => retry_after_s,
        };
        self.may_pass = true;
    }

    /// What one provider said, behind those that were asked before.
    fn said(&self, name: &str, answer: &str) -> String {
        let last = format!("{name}: {answer}");
        self.answers.iter().map(String::as_str).chain([last.as_str()]).collect::<Vec<_>>().join("; ")
    }

    fn outcome(self) -> Outcome {
        Outcome::Failed {
            answer: self.answers.join("; "),
            permanent: !self.may_pass,
            retry_after_s: self.retry_after_s,
        }
    }
}

/// A fair part of the time that is left, so that one who dawdles leaves some for the others.
fn share(deadline: Instant, left: usize) -> Instant {
    let now = Instant::now();
    let parts = u32::try_from(left).unwrap_or(u32::MAX).max(1);
    now + deadline.saturating_duration_since(now) / parts
}

/// A number as E.164 writes it: `+`, the country and the rest, 8 to 15 digits.
pub(crate) fn check_address(address: &str) -> Result<(), String> {
    let digits = address.strip_prefix('+').unwrap_or_default();
    let fine = (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.chars().all(|c| c.is_ascii_digit());
    if fine {
        Ok(())
    } else {
        Err("the address must be a number with its country, as +46701234567".to_owned())
    }
}

fn text(message: &Message) -> String {
    let (said, limit) = match message.kind {
        MessageKind::Notice => (format!("{}\n{}", headline(message), message.text), NOTICE_UNITS),
        MessageKind::Page | MessageKind::Tell => (headline(message), LINE_UNITS),
    };
    let end = match &message.acknowledge_url {
        Some(url) => format!("\nAcknowledge: {url}"),
        None => format!("\n{}", message.incident_url),
    };
    cut(&plain(&said), limit) + &end
}

/// Typographic marks as ASCII: one of them alone makes every letter of the text take two bytes.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '“' | '”' | '„' | '«' | '»' => plain.push('"'),
            '‘' | '’' | '‚' | '`' => plain.push('\''),
            '–' | '—' | '‑' | '·' => plain.push('-'),
            '…' => plain.push_str("..."),
            '\u{a0}' | '\u{202f}' | '\t' => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain
}

fn cut(text: &str, limit: usize) -> String {
    if text.encode_utf16().count() <= limit {
        return text.to_owned();
    }
    let mut room = limit.saturating_sub(3);
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or_default();
        left.is_some()
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push_str("...");
    cut
}
