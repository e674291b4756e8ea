use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::{Answer, Recorder};
use crate::support::{ACKNOWLEDGE, channels, delivered, failed, local, message, now_us, waits};

const HOOK: &str = "/workflows/ab/triggers/manual/paths/invoke?api-version=2016-06-01&sig=s3cr3t";

#[tokio::test]
async fn a_page_is_an_adaptive_card_with_buttons_that_only_open() {
    let flow = Recorder::answering("202 Accepted", "").await;
    let mut message = message(Channel::Teams, flow.url(HOOK));
    message.brief = Some("The [brief](https://evil.example).".to_owned());
    assert_eq!(delivered(channels(local()).send(&message, now_us()).await), "202 Accepted");
    let received = flow.only();
    assert_eq!(received.line, format!("POST {HOOK} HTTP/1.1"));
    let received = received.json();
    assert_eq!(received["type"], "message");
    let attachment = &received["attachments"][0];
    assert_eq!(attachment["contentType"], "application/vnd.microsoft.card.adaptive");
    assert_eq!(attachment["contentUrl"], json!(null));
    let card = &attachment["content"];
    assert_eq!((&card["type"], &card["version"]), (&json!("AdaptiveCard"), &json!("1.4")));
    let said: Vec<_> =
        card["body"].as_array().unwrap().iter().map(|block| &block["inlines"][0]["text"]).collect();
    let expected = [
        "INC-42 sev2 page: Root login <without> MFA & from a new country",
        "14 signals since 02:11.",
        "Without an answer by 02:16, L2 is paged.",
        "The [brief](https://evil.example).",
        "INC-42 · sev2 · L1 · Elif Özdemir · ntf_01980000-0000-7000-8000-000000000001",
    ];
    assert_eq!(said, expected);
    assert!(card["body"].as_array().unwrap().iter().all(|block| block["type"] == "RichTextBlock"));
    let actions = json!([
        {"type": "Action.OpenUrl", "title": "Acknowledge", "url": ACKNOWLEDGE},
        {"type": "Action.OpenUrl", "title": "Open INC-42", "url": "https://pager.example/incidents/INC-42"},
    ]);
    assert_eq!(card["actions"], actions);
}

#[tokio::test]
async fn whatever_is_said_fits_into_28_kilobytes() {
    for text in ["\"\\".repeat(20_000), "a\n".repeat(20_000), "日本".repeat(20_000)] {
        let flow = Recorder::answering("202 Accepted", "").await;
        let mut message = message(Channel::Teams, flow.url(HOOK));
        message.title.clone_from(&text);
        message.text.clone_from(&text);
        message.brief = Some(text);
        delivered(channels(local()).send(&message, now_us()).await);
        let received = flow.only();
        let length = received.body.len();
        assert!((1_000..=28 * 1_024).contains(&length), "{length} bytes");
        assert_eq!(received.json()["attachments"][0]["content"]["actions"][0]["url"], ACKNOWLEDGE);
    }
}

#[tokio::test]
async fn refusals_and_limits_are_told_apart() {
    for (status, body) in
        [("404 Not Found", "WorkflowNotFound"), ("413 Payload Too Large", "RequestEntityTooLarge")]
    {
        let flow = Recorder::answering(status, body).await;
        let outcome = channels(local()).send(&message(Channel::Teams, flow.url(HOOK)), now_us()).await;
        assert_eq!(failed(outcome), (format!("{status}: {body}"), true));
    }
    let flow = Recorder::start(|_| {
        Answer::Reply("429 Too Many Requests", "Retry-After: 30\r\n".into(), "throttled".into())
    });
    let flow = flow.await;
    let outcome = channels(local()).send(&message(Channel::Teams, flow.url(HOOK)), now_us()).await;
    assert_eq!(waits(outcome).1, Some(30));
}
