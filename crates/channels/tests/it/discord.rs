use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::{Answer, Recorder};
use crate::support::{ACKNOWLEDGE, channels, delivered, failed, local, message, now_us, waits};

const HOOK: &str = "/api/webhooks/12/abc";

#[tokio::test]
async fn a_page_is_escaped_text_that_mentions_nobody() {
    let discord = Recorder::answering("200 OK", r#"{"id":"998","type":0}"#).await;
    let mut message = message(Channel::Discord, discord.url("/api/webhooks/12/abc?thread_id=3&wait=false"));
    message.title = "@everyone [x](https://evil.example) <@1>".to_owned();
    message.brief = Some("The *brief*.".to_owned());
    assert_eq!(delivered(channels(local()).send(&message, now_us()).await), "200 OK: message 998");
    let received = discord.only();
    assert_eq!(received.line, "POST /api/webhooks/12/abc?thread_id=3&wait=true HTTP/1.1");
    let content = format!(
        "**INC-42 sev2 page: @everyone \\[x\\](https://evil.example) \\<@1\\>**\n14 signals since 02:11.\n\
         Without an answer by 02:16, L2 is paged.\n[Acknowledge](<{ACKNOWLEDGE}>) · \
         [Open INC-42](<https://pager.example/incidents/INC-42>)\n\
         -# INC-42 · sev2 · L1 · Elif Özdemir · ntf\\_01980000-0000-7000-8000-000000000001"
    );
    let expected = json!({
        "content": content,
        "embeds": [{"title": "Brief", "description": "The \\*brief\\*."}],
        "allowed_mentions": {"parse": []},
    });
    assert_eq!(received.json(), expected);
}

#[tokio::test]
async fn a_long_text_is_cut_and_its_links_stay() {
    let discord = Recorder::answering("204 No Content", "").await;
    let mut message = message(Channel::Discord, discord.url(HOOK));
    message.text = "🚒_".repeat(3_000);
    message.brief = Some("*".repeat(9_000));
    delivered(channels(local()).send(&message, now_us()).await);
    let received = discord.only().json();
    let content = received["content"].as_str().unwrap();
    assert!(content.encode_utf16().count() <= 2_000 && content.contains(ACKNOWLEDGE), "{content}");
    let brief = received["embeds"][0]["description"].as_str().unwrap();
    assert_eq!(brief.encode_utf16().count(), 4_096);
}

#[tokio::test]
async fn a_rate_limit_is_rounded_up_and_a_banned_address_is_waited_for() {
    let limited = Recorder::start(|_| {
        let body = r#"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#;
        Answer::Reply("429 Too Many Requests", "Retry-After: 65\r\n".into(), body.into())
    });
    let limited = limited.await;
    let outcome = channels(local()).send(&message(Channel::Discord, limited.url(HOOK)), now_us()).await;
    assert_eq!(waits(outcome), ("429 Too Many Requests: You are being rate limited.".to_owned(), Some(65)));
    let banned = Recorder::start(|_| {
        Answer::Reply("429 Too Many Requests", "Retry-After: 812\r\n".into(), "<html>".into())
    });
    let banned = banned.await;
    let outcome = channels(local()).send(&message(Channel::Discord, banned.url(HOOK)), now_us()).await;
    assert_eq!(waits(outcome).1, Some(812));
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_permanent_and_its_url_shows_nowhere() {
    let discord = Recorder::start(|received| {
        let path = received.line.split(' ').nth(1).unwrap_or_default().to_owned();
        let host = received.headers.get("host").cloned().unwrap_or_default();
        let address = format!("http://{host}{}", path.split('?').next().unwrap_or_default());
        Answer::status(
            "404 Not Found",
            &json!({"message": format!("Unknown Webhook {address}"), "code": 10_015}).to_string(),
        )
    });
    let discord = discord.await;
    let outcome = channels(local()).send(&message(Channel::Discord, discord.url(HOOK)), now_us()).await;
    assert_eq!(failed(outcome), ("404 Not Found: Unknown Webhook [redacted]".to_owned(), true));
}

#[tokio::test]
async fn the_keys_in_an_address_show_nowhere_even_without_its_server() {
    let key = "aWebhookTokenOfMoreThanSixteen_-1";
    let discord = Recorder::start(|received| {
        let path = received.line.split(' ').nth(1).unwrap_or_default();
        Answer::status("400 Bad Request", &json!({"message": format!("no {path}")}).to_string())
    });
    let discord = discord.await;
    let address = discord.url(&format!("/api/webhooks/12/{key}?thread_id=3"));
    let outcome = channels(local()).send(&message(Channel::Discord, address), now_us()).await;
    let expected = "400 Bad Request: no /api/webhooks/12/[redacted]?thread_id=3&wait=true";
    assert_eq!(failed(outcome), (expected.to_owned(), true));
}
