//! Deliveries of Amazon SNS over HTTPS: the envelope, what of it is signed, and what lies inside.
//!
//! Whoever knows the address of a door can point a topic of their own at it, and Amazon signs that too. What
//! counts is therefore the topic: only those that an integration lists are taken, and addresses in an envelope
//! are followed only to SNS itself, in the region of its topic.

use serde::Deserialize;

use super::bounds::{self, Labels};
use super::error::{IntakeError, IntakeErrorKind, Problem};
use super::{Action, AlertSeverity, Event, Integration, generic, json, words};

/// The label that names the topic.
const TOPIC_LABEL: &str = "topic";

/// A topic, by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic<'a> {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    partition: &'a str,
    region: &'a str,
    name: &'a str,
}

impl<'a> Topic<'a> {
    /// Reads an ARN such as `arn:aws:sns:eu-west-1:111122223333:alarms`.
    pub fn parse(arn: &'a str) -> Option<Self> {
        let parts: Vec<&str> = arn.split(':').collect();
        let [first, partition, service, region, account, name] = parts[..] else { return None };
        let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let plain = name.strip_suffix(".fifo").unwrap_or(name);
        let named = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        let well = first == "arn"
            && service == "sns"
            && matches!(partition, "aws" | "aws-cn" | "aws-us-gov")
            && is_region(region)
            && digits
            && (1..=256).contains(&name.len())
            && plain.bytes().all(named);
        well.then_some(Self { partition, region, name })
    }

    /// Where SNS answers in the region of the topic.
    pub fn host(&self) -> String {
        format!("sns.{}.{}", self.region, self.suffix())
    }

    /// The names that a certificate of SNS carries there; which of them depends on the age of the region.
    pub fn certificate_names(&self) -> [String; 4] {
        let (region, suffix) = (self.region, self.suffix());
        [
            format!("sns.{suffix}"),
            format!("sns.{region}.{suffix}"),
            format!("sns-signing.{region}.{suffix}"),
            // One certificate serves both regions of GovCloud.
            format!("sns-{}.{suffix}", if self.partition == "aws-us-gov" { "us-gov-west-1" } else { region }),
        ]
    }

    fn suffix(&self) -> &'static str {
        if self.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
    }

    /// Whether an address leads to a certificate of SNS in the region of the topic.
    pub fn is_certificate(&self, url: &str) -> bool {
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        let file = self.path(url).and_then(|path| path.strip_suffix(".pem"));
        file.is_some_and(|file| !file.is_empty() && file.bytes().all(plain))
    }

    /// Whether an address confirms a subscription with SNS in the region of the topic.
    pub fn is_confirmation(&self, url: &str) -> bool {
        let plain = |c: u8| c.is_ascii_graphic() && !matches!(c, b'#' | b'\\' | b'"');
        let query = self.path(url).and_then(|path| path.strip_prefix('?'));
        query.is_some_and(|query| {
            query.bytes().all(plain) && query.split('&').any(|pair| pair == "Action=ConfirmSubscription")
        })
    }

    /// What follows on the host. Neither a user nor a port can stand before it.
    fn path<'u>(&self, url: &'u str) -> Option<&'u str> {
        url.strip_prefix("https://")?.strip_prefix(&self.host())?.strip_prefix('/')
    }
}

/// `us-east-1`, `us-gov-west-1`. The names of other services (`s3-us-west-2`) are none: under those, anybody
/// may own the host `sns`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else { return false };
    let is_word = |word: &&str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    (2..=3).contains(&words.len()) && words.iter().all(is_word) && is_number
}

/// Why a delivery is not taken, or a subscription not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not what SNS would send, or SNS refused: trying again is of no use.
    Forged(String),
    /// It cannot be known, or done, now.
    Unable(String),
}

/// What SNS says with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// Somebody asks for this address to be subscribed.
    SubscriptionConfirmation,
    /// A message of a topic.
    Notification,
    /// The topic no longer sends here.
    UnsubscribeConfirmation,
}

/// How a delivery is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum SignatureVersion {
    /// RSA over SHA-1.
    #[serde(rename = "1")]
    Sha1,
    /// RSA over SHA-256.
    #[serde(rename = "2")]
    Sha256,
}

/// A delivery as it was sent: texts that are signed are kept to the byte.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope {
    #[serde(rename = "Type")]
    pub kind: Kind,
    /// The same when a delivery is repeated.
    pub message_id: String,
    pub topic_arn: String,
    pub subject: Option<String>,
    pub message: String,
    /// ISO 8601.
    pub timestamp: String,
    pub signature_version: SignatureVersion,
    /// Base64.
    pub signature: String,
    #[serde(rename = "SigningCertURL")]
    pub signing_cert_url: String,
    pub token: Option<String>,
    #[serde(rename = "SubscribeURL")]
    pub subscribe_url: Option<String>,
}

impl Envelope {
    /// Reads a delivery. Bodies that two readers could understand in two ways are refused.
    pub fn parse(body: &[u8]) -> Result<Self, IntakeError> {
        json::parse_composite(body)?;
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        let envelope: Self = serde_json::from_slice(body).map_err(|error| {
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            invalid(Problem::whole(format!("is no delivery of SNS: {said}")))
        })?;
        if envelope.message_id.is_empty() || envelope.message_id.len() > 100 {
            return Err(invalid(Problem::at("MessageId", "must have 1 to 100 characters")));
        }
        Ok(envelope)
    }

    /// The topic that it comes from.
    pub fn topic(&self) -> Result<Topic<'_>, IntakeError> {
        Topic::parse(&self.topic_arn)
            .ok_or_else(|| invalid(Problem::at("TopicArn", "is not the ARN of an SNS topic")))
    }

    /// When it was published, in microseconds since the epoch.
    pub fn published_us(&self) -> Result<i64, IntakeError> {
        words::instant_us(&self.timestamp)
            .ok_or_else(|| invalid(Problem::at("Timestamp", "is not an instant in ISO 8601")))
    }

    /// What is signed: names and texts, each on a line of its own, in the order of the names.
    pub fn signed_text(&self) -> String {
        let name = match self.kind {
            Kind::SubscriptionConfirmation => "SubscriptionConfirmation",
            Kind::Notification => "Notification",
            Kind::UnsubscribeConfirmation => "UnsubscribeConfirmation",
        };
        let notified = self.kind == Kind::Notification;
        let parts = [
            ("Message", Some(self.message.as_str())),
            ("MessageId", Some(self.message_id.as_str())),
            ("Subject", self.subject.as_deref().filter(|_| notified)),
            ("SubscribeURL", self.subscribe_url.as_deref().filter(|_| !notified)),
            ("Timestamp", Some(self.timestamp.as_str())),
            ("Token", self.token.as_deref().filter(|_| !notified)),
            ("TopicArn", Some(self.topic_arn.as_str())),
            ("Type", Some(name)),
        ];
        parts.into_iter().filter_map(|(name, text)| Some(format!("{name}\n{}\n", text?))).collect()
    }
}

fn invalid(problem: Problem) -> IntakeError {
    IntakeError::one(IntakeErrorKind::Invalid, problem)
}

/// The events of a delivery whose signature is another's business.
///
/// Inside are, in this order: what services of AWS say, what the integration's mapping makes of it, the names
/// that most senders use, and plain text.
pub fn interpret(integration: &Integration, body: &[u8]) -> Result<Vec<Event>, IntakeError> {
    let envelope = Envelope::parse(body)?;
    let topic = envelope.topic()?;
    let mut read = match envelope.kind {
        Kind::SubscriptionConfirmation => return Ok(Vec::new()),
        Kind::UnsubscribeConfirmation => return Ok(vec![unsubscribed(integration, &envelope, &topic)]),
        Kind::Notification => notified(integration, &envelope, &topic)?,
    };
    for event in &mut read.events {
        event.labels.entry(TOPIC_LABEL.to_owned()).or_insert_with(|| topic.name.to_owned());
    }
    IntakeError::unless_well(IntakeErrorKind::Uninterpretable, read.events, read.problems)
}

fn notified(
    integration: &Integration,
    envelope: &Envelope,
    topic: &Topic<'_>,
) -> Result<generic::TryOut, IntakeError> {
    let message = envelope.message.trim();
    if message.starts_with(['{', '[']) {
        let inner = json::parse(message.as_bytes()).map_err(|error| {
            let field =
                Some(error.field().map_or_else(|| "Message".to_owned(), |at| format!("Message.{at}")));
            let problem = Problem { field, message: error.message() };
            IntakeError::one(IntakeErrorKind::Uninterpretable, problem)
        })?;
        return Ok(generic::inside(integration, inner));
    }
    Ok(generic::TryOut { events: vec![text(integration, envelope, topic)], ..generic::TryOut::default() })
}

/// A message that is text: its subject, or its first line, is the title.
fn text(integration: &Integration, envelope: &Envelope, topic: &Topic<'_>) -> Event {
    let message = json::clean(&envelope.message);
    let subject = envelope.subject.as_deref().map(json::clean).filter(|subject| !subject.trim().is_empty());
    let first = message.trim().lines().next().unwrap_or_default();
    let title = bounds::title(subject.as_deref().unwrap_or(first));
    let title = if title.is_empty() { format!("A message of {} without text", topic.name) } else { title };
    Event {
        action: Action::Trigger,
        dedup_key: bounds::hash([title.as_str(), envelope.topic_arn.as_str()]),
        description: bounds::description(&message).filter(|text| *text != title),
        title,
        severity: integration.default_severity,
        source: bounds::source(topic.name),
        labels: Labels::default().finish(),
        links: Vec::new(),
        expires_at_us: None,
    }
}

/// Whoever holds any delivery of a topic can end its subscription, and then alarms are silent: people are told.
fn unsubscribed(integration: &Integration, envelope: &Envelope, topic: &Topic<'_>) -> Event {
    let mut labels = Labels::default();
    labels.push("", TOPIC_LABEL, topic.name);
    labels.push("", "topic_arn", &envelope.topic_arn);
    Event {
        action: Action::Trigger,
        dedup_key: bounds::dedup_key(&format!("unsubscribed:{}", envelope.topic_arn)),
        title: bounds::title(&format!("Topic {} was unsubscribed and sends no more alerts", topic.name)),
        description: bounds::description(
            "Until it is subscribed again, nothing that the topic carries arrives here.",
        ),
        severity: AlertSeverity::Error.min(integration.default_severity),
        source: bounds::source(topic.name),
        labels: labels.finish(),
        links: Vec::new(),
        expires_at_us: None,
    }
}
