use decurion_core::incident::Severity;
use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::{Answer, Received, Recorder};
use crate::support::{ACKNOWLEDGE, channels, delivered, failed, local, message, now_us, waits};

const HOOK: &str = "/hooks/x1y2z3";

#[tokio::test]
async fn a_page_is_urgent_and_mentions_nobody() {
    let server = Recorder::answering("200 OK", "ok").await;
    let mut message = message(Channel::Mattermost, server.url(HOOK));
    message.title = "<!channel> @all **now**".to_owned();
    message.brief = Some("The brief.".to_owned());
    assert_eq!(delivered(channels(local()).send(&message, now_us()).await), "200 OK: ok");
    let text = format!(
        "**INC-42 sev2 page: \\<\u{200b}!channel\\> @\u{200b}all \\*\\*now\\*\\***\n14 signals since 02:11.\n\
         Without an answer by 02:16, L2 is paged.\n\nThe brief.\n\n[Acknowledge]({ACKNOWLEDGE}) · \
         [Open INC-42](https://pager.example/incidents/INC-42)\n\
         INC-42 · sev2 · L1 · Elif Özdemir · ntf\\_01980000-0000-7000-8000-000000000001"
    );
    let expected = json!({"text": text, "priority": {"priority": "urgent", "requested_ack": true}});
    assert_eq!(server.only().json(), expected);
}

#[tokio::test]
async fn priority_follows_what_is_asked_for_and_one_post_holds_it_all() {
    let server = Recorder::answering("200 OK", "ok").await;
    let mut message = message(Channel::Mattermost, server.url(HOOK));
    message.text = "ü".repeat(40_000);
    for (kind, severity) in [(MessageKind::Page, Severity::Sev4), (MessageKind::Tell, Severity::Sev1)] {
        (message.kind, message.severity) = (kind, severity);
        delivered(channels(local()).send(&message, now_us()).await);
    }
    let received: Vec<_> = server.received().iter().map(Received::json).collect();
    assert_eq!(received[0]["priority"]["priority"], "important");
    assert!(received[1].get("priority").is_none());
    let text = received[0]["text"].as_str().unwrap();
    assert!(text.chars().count() == 16_383 && text.contains(ACKNOWLEDGE));
}

#[tokio::test]
async fn refusals_and_limits_are_told_apart() {
    let gone =
        r#"{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook.","status_code":400}"#;
    let server = Recorder::answering("400 Bad Request", gone).await;
    let outcome = channels(local()).send(&message(Channel::Mattermost, server.url(HOOK)), now_us()).await;
    let (answer, permanent) = failed(outcome);
    assert!(permanent && answer.contains("Invalid webhook."), "{answer}");
    let server = Recorder::start(|_| {
        Answer::Reply("429 Too Many Requests", "Retry-After: 3\r\n".into(), "limit exceeded".into())
    });
    let server = server.await;
    let outcome = channels(local()).send(&message(Channel::Mattermost, server.url(HOOK)), now_us()).await;
    assert_eq!(waits(outcome), ("429 Too Many Requests: limit exceeded".to_owned(), Some(3)));
}
