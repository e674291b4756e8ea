use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::Recorder;
use crate::support::{ACKNOWLEDGE, channels, delivered, failed, local, message, now_us};

#[tokio::test]
async fn blocks_and_fallback_both_say_everything() {
    let slack = Recorder::answering("200 OK", "ok").await;
    let mut message = message(Channel::Slack, slack.url("/services/T0/B0/x"));
    message.brief = Some("The brief.".to_owned());
    assert_eq!(delivered(channels(local()).send(&message, now_us()).await), "200 OK: ok");
    let received = slack.only().json();
    let links = format!("<{ACKNOWLEDGE}|Acknowledge> · <https://pager.example/incidents/INC-42|Open INC-42>");
    let title = "INC-42 sev2 page: Root login <without> MFA & from a new country";
    let text = "14 signals since 02:11.\nWithout an answer by 02:16, L2 is paged.";
    let small = "INC-42 · sev2 · L1 · Elif Özdemir · ntf_01980000-0000-7000-8000-000000000001";
    let expected = json!([
        {"type": "header", "text": {"type": "plain_text", "text": title}},
        {"type": "section", "text": {"type": "plain_text", "text": text}},
        {"type": "section", "text": {"type": "plain_text", "text": "The brief."}},
        {"type": "section", "text": {"type": "mrkdwn", "text": links}},
        {"type": "context", "elements": [{"type": "plain_text", "text": small}]},
    ]);
    assert_eq!(received["blocks"], expected);
    assert_eq!(received["unfurl_links"], false);
    let title = "INC-42 sev2 page: Root login &lt;without&gt; MFA &amp; from a new country";
    assert_eq!(received["text"], format!("{title}\n{text}\nThe brief.\n{links}"));
}

#[tokio::test]
async fn texts_from_outside_can_neither_mention_nor_overflow() {
    let slack = Recorder::answering("200 OK", "ok").await;
    let mut message = message(Channel::Slack, slack.url("/services/T0/B0/x"));
    message.title = format!("<!channel> {}", "long ".repeat(100));
    message.text = "<https://evil.example|Acknowledge> ".repeat(200);
    delivered(channels(local()).send(&message, now_us()).await);
    let received = slack.only().json();
    let fallback = received["text"].as_str().unwrap();
    assert!(!fallback.contains("<!channel>") && !fallback.contains("<https://evil"), "{fallback}");
    let length = |block: usize| received["blocks"][block]["text"]["text"].as_str().unwrap().chars().count();
    assert_eq!((length(0), length(1)), (150, 3_000));
    assert_eq!(received["blocks"][1]["text"]["type"], "plain_text");
}

#[tokio::test]
async fn a_refusal_inside_a_good_status_is_still_a_refusal() {
    let slack = Recorder::answering("200 OK", "{\"ok\":false,\"error\":\"channel_not_found\"}").await;
    let outcome = channels(local()).send(&message(Channel::Slack, slack.url("/api/x")), now_us()).await;
    assert_eq!(failed(outcome), ("200 OK: refused: channel_not_found".to_owned(), true));
}

#[tokio::test]
async fn an_archived_channel_is_permanent() {
    let slack = Recorder::answering("410 Gone", "channel_is_archived").await;
    let outcome = channels(local()).send(&message(Channel::Slack, slack.url("/services/x")), now_us()).await;
    assert_eq!(failed(outcome), ("410 Gone: channel_is_archived".to_owned(), true));
}
