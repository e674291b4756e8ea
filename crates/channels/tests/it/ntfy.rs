use decurion_channels::NtfySettings;
use decurion_core::incident::Severity;
use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::{Answer, Recorder};
use crate::support::{ACKNOWLEDGE, NOTIFICATION, channels, delivered, failed, local, message, now_us};

const INCIDENT: &str = "https://pager.example/incidents/INC-42";

/// Answers as an ntfy server does: with the message that it made.
async fn ntfy() -> Recorder {
    Recorder::start(|request| {
        let mut published = request.json();
        published["id"] = json!("hwQ2YpKdmg");
        published["event"] = json!("message");
        Answer::status("200 OK", &published.to_string())
    })
    .await
}

#[tokio::test]
async fn a_page_opens_the_page_that_acknowledges() {
    let server = ntfy().await;
    let outcome = channels(local()).send(&message(Channel::Ntfy, server.url("/elif-pager")), now_us()).await;
    assert_eq!(delivered(outcome), "200 OK: message hwQ2YpKdmg");
    let received = server.only();
    assert_eq!(received.line, "POST / HTTP/1.1");
    let expected = json!({
        "topic": "elif-pager",
        "title": "INC-42 sev2 page: Root login <without> MFA & from a new country",
        "message": "14 signals since 02:11.\nWithout an answer by 02:16, L2 is paged.",
        "priority": 5,
        "tags": ["rotating_light", "sev2", "L1"],
        "click": ACKNOWLEDGE,
        "actions": [
            {"action": "view", "label": "Acknowledge", "url": ACKNOWLEDGE},
            {"action": "view", "label": "Open incident", "url": INCIDENT},
        ],
        "sequence_id": NOTIFICATION,
    });
    assert_eq!(received.json(), expected);
}

#[tokio::test]
async fn priority_follows_what_is_asked_for() {
    let server = ntfy().await;
    let mut message = message(Channel::Ntfy, server.url("/t"));
    for (kind, severity) in [
        (MessageKind::Page, Severity::Sev1),
        (MessageKind::Page, Severity::Sev3),
        (MessageKind::Tell, Severity::Sev1),
    ] {
        (message.kind, message.severity) = (kind, severity);
        delivered(channels(local()).send(&message, now_us()).await);
    }
    let priorities: Vec<_> = server.received().iter().map(|one| one.json()["priority"].clone()).collect();
    assert_eq!(priorities, [5, 4, 3]);
}

#[tokio::test]
async fn telling_offers_nothing_to_acknowledge() {
    let server = ntfy().await;
    let mut message = message(Channel::Ntfy, server.url("/t"));
    message.kind = MessageKind::Tell;
    message.acknowledge_url = None;
    message.brief = Some("The brief.".to_owned());
    delivered(channels(local()).send(&message, now_us()).await);
    let received = server.only().json();
    assert_eq!(received["click"], INCIDENT);
    assert_eq!(received["actions"], json!([{"action": "view", "label": "Open incident", "url": INCIDENT}]));
    assert!(received["message"].as_str().unwrap().ends_with("\n\nThe brief."));
}

#[tokio::test]
async fn a_long_text_stays_a_message() {
    let server = ntfy().await;
    let mut message = message(Channel::Ntfy, server.url("/t"));
    message.text = "長い話。".repeat(2_000);
    message.title = "ü".repeat(2_000);
    delivered(channels(local()).send(&message, now_us()).await);
    let received = server.only();
    let text = received.json()["message"].as_str().unwrap().to_owned();
    assert!(text.len() <= 3_000 && text.ends_with('…'));
    assert!(received.body.len() < 4_096, "{}", received.body.len());
}

#[tokio::test]
async fn a_topic_alone_goes_to_the_server_of_the_settings_and_only_that_one_sees_the_token() {
    let (ours, other) = (ntfy().await, ntfy().await);
    let mut settings = local();
    settings.ntfy = Some(NtfySettings { server: ours.url(""), token: Some("tk_opensesame".to_owned()) });
    let channels = channels(settings);
    delivered(channels.send(&message(Channel::Ntfy, "elif-pager"), now_us()).await);
    delivered(channels.send(&message(Channel::Ntfy, other.url("/elif-pager")), now_us()).await);
    let received = ours.only();
    assert_eq!(received.headers["authorization"], "Bearer tk_opensesame");
    assert_eq!(received.json()["topic"], "elif-pager");
    assert_eq!(other.only().headers.get("authorization"), None);
}

#[tokio::test]
async fn addresses_without_a_topic_are_refused() {
    let channels = channels(local());
    for address in
        ["elif-pager", "https://ntfy.example/", "https://ntfy.example/a/b", "https://ntfy.example/a%20b"]
    {
        assert!(failed(channels.send(&message(Channel::Ntfy, address), now_us()).await).1, "{address}");
        assert!(channels.check_address(Channel::Ntfy, address).is_err(), "{address}");
    }
    assert!(channels.check_address(Channel::Ntfy, "https://ntfy.example/elif-pager").is_ok());
}

#[tokio::test]
async fn a_refusal_shows_what_the_server_said() {
    let body = "{\"code\":40301,\"http\":403,\"error\":\"forbidden\"}";
    let server = Recorder::answering("403 Forbidden", body).await;
    let outcome = channels(local()).send(&message(Channel::Ntfy, server.url("/t")), now_us()).await;
    assert_eq!(failed(outcome), (format!("403 Forbidden: {body}"), true));
}
