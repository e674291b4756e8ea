//! Messages and settings that the tests start from.

use std::time::{SystemTime, UNIX_EPOCH};

use decurion_channels::{Channels, Settings};
use decurion_core::escalation::Level;
use decurion_core::incident::Severity;
use decurion_core::notify::{Message, MessageKind, Outcome};
use decurion_core::org::Channel;

pub(crate) const ACKNOWLEDGE: &str = "https://pager.example/a/3q2-7wEjRWeJq83vEjRWeJq83vEjRWeJ";
/// The notification's id in [`message`].
pub(crate) const NOTIFICATION: &str = "ntf_01980000-0000-7000-8000-000000000001";

pub(crate) fn message(channel: Channel, address: impl Into<String>) -> Message {
    Message {
        notification: NOTIFICATION.into(),
        page: "pag_01980000-0000-7000-8000-000000000002".into(),
        incident: "inc_01980000-0000-7000-8000-000000000003".into(),
        reference: "INC-42".to_owned(),
        kind: MessageKind::Page,
        channel,
        address: address.into(),
        person: "Elif Özdemir".to_owned(),
        level: Level::L1,
        severity: Severity::Sev2,
        title: "Root login <without> MFA & from a new country".to_owned(),
        text: "14 signals since 02:11.\nWithout an answer by 02:16, L2 is paged.".to_owned(),
        brief: None,
        acknowledge_url: Some(ACKNOWLEDGE.to_owned()),
        incident_url: "https://pager.example/incidents/INC-42".to_owned(),
        decided_at_us: 1_760_000_000_250_000,
        attempt: 1,
    }
}

/// Settings under which receivers on this machine can be reached.
pub(crate) fn local() -> Settings {
    Settings {
        webhook_secret: Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
        allow_private_addresses: true,
        time_limit_ms: 5_000,
        ..Settings::default()
    }
}

pub(crate) fn channels(settings: Settings) -> Channels {
    Channels::new(settings).unwrap()
}

/// Receivers check that a signature is fresh, so the tests need the time of day.
#[expect(clippy::disallowed_methods, reason = "receivers compare timestamps with their own clock")]
pub(crate) fn now_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros().try_into().unwrap()
}

/// The answer of a message that the provider took.
#[track_caller]
pub(crate) fn delivered(outcome: Outcome) -> String {
    match outcome {
        Outcome::Delivered { answer } => answer,
        Outcome::Failed { .. } | Outcome::Sent { .. } => panic!("not delivered: {outcome:?}"),
    }
}

/// The answer of a failure that may pass, and after how many seconds the provider says so.
#[track_caller]
pub(crate) fn waits(outcome: Outcome) -> (String, Option<i64>) {
    match outcome {
        Outcome::Failed { answer, permanent: false, retry_after_s } => (answer, retry_after_s),
        _ => panic!("does not wait: {outcome:?}"),
    }
}

/// The answer of a failure, and whether it is permanent.
#[track_caller]
pub(crate) fn failed(outcome: Outcome) -> (String, bool) {
    match outcome {
        Outcome::Failed { answer, permanent, .. } => (answer, permanent),
        Outcome::Delivered { .. } | Outcome::Sent { .. } => panic!("delivered: {outcome:?}"),
    }
}

/// The answer of a message that is on its way, and the receipt by which it is asked about.
#[track_caller]
pub(crate) fn sent(outcome: Outcome) -> (String, String) {
    match outcome {
        Outcome::Sent { answer, receipt } => (answer, receipt),
        _ => panic!("not on its way: {outcome:?}"),
    }
}
