use std::collections::BTreeMap;

use decurion_channels::{Channels, PushoverSettings, Settings};
use decurion_core::incident::Severity;
use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;

use crate::recorder::{Answer, Received, Recorder};
use crate::support::{ACKNOWLEDGE, channels, delivered, failed, local, message, now_us, sent, waits};

const TOKEN: &str = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5";
const USER: &str = "u1b2c3d4e5f6g7h8i9j0k1l2m3n4o5";
const TAKEN: &str = r#"{"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b","receipt":"r0000000000000000000000000000a"}"#;
const RECEIPT: &str = "r0000000000000000000000000000a";

fn pager(server: &Recorder) -> Channels {
    let pushover = PushoverSettings { server: server.url("/mirror/"), ..PushoverSettings::new(TOKEN) };
    channels(Settings { pushover: Some(pushover), ..local() })
}

fn fields(received: &Received) -> BTreeMap<String, String> {
    assert_eq!(received.headers["content-type"], "application/x-www-form-urlencoded");
    let text = String::from_utf8(received.body.clone()).unwrap();
    let url = reqwest::Url::parse(&format!("http://form/?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_grave_page_is_an_emergency_that_rings_until_it_is_seen() {
    let pushover = Recorder::answering("200 OK", TAKEN).await;
    let (answer, receipt) = sent(pager(&pushover).send(&message(Channel::Pushover, USER), now_us()).await);
    assert_eq!(receipt, RECEIPT);
    let kept = "200 OK: request 647d2300-702c-4b38-8b2f-d56326ae460b, receipt r0000000000000000000000000000a";
    assert_eq!(answer, kept);
    let received = pushover.only();
    assert_eq!(received.line, "POST /mirror/1/messages.json HTTP/1.1");
    let expected = [
        ("expire", "480"),
        (
            "message",
            "14 signals since 02:11.\nWithout an answer by 02:16, L2 is paged.\n\n\
             Open INC-42: https://pager.example/incidents/INC-42",
        ),
        ("priority", "2"),
        ("retry", "60"),
        ("timestamp", "1760000000"),
        ("title", "INC-42 sev2 page: Root login <without> MFA & from a new country"),
        ("token", TOKEN),
        ("url", ACKNOWLEDGE),
        ("url_title", "Acknowledge"),
        ("user", USER),
    ];
    let expected: BTreeMap<_, _> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(fields(&received), expected);
}

#[tokio::test]
async fn what_is_less_urgent_rings_less() {
    let kinds = [
        (MessageKind::Page, Severity::Sev1, "2"),
        (MessageKind::Page, Severity::Sev3, "1"),
        (MessageKind::Tell, Severity::Sev1, "0"),
        (MessageKind::Notice, Severity::Sev1, "-1"),
    ];
    for (kind, severity, priority) in kinds {
        let pushover = Recorder::answering("200 OK", r#"{"status":1,"request":"q"}"#).await;
        let mut message = message(Channel::Pushover, USER);
        (message.kind, message.severity) = (kind, severity);
        assert_eq!(delivered(pager(&pushover).send(&message, now_us()).await), "200 OK: request q");
        let fields = fields(&pushover.only());
        assert_eq!((fields["priority"].as_str(), fields.contains_key("retry")), (priority, priority == "2"));
    }
}

#[tokio::test]
async fn a_long_or_empty_text_still_arrives_with_its_links() {
    for text in ["🚒 ".repeat(3_000), String::new()] {
        let pushover = Recorder::answering("200 OK", TAKEN).await;
        let mut message = message(Channel::Pushover, USER);
        message.title = "t".repeat(900);
        message.text = text;
        sent(pager(&pushover).send(&message, now_us()).await);
        let fields = fields(&pushover.only());
        assert!(fields["title"].chars().count() <= 250 && fields["message"].chars().count() <= 1_024);
        assert!(
            fields["message"].ends_with("/incidents/INC-42") && fields["message"].len() > 60,
            "{fields:?}"
        );
        assert_eq!(fields["url"], ACKNOWLEDGE);
    }
}

#[tokio::test]
async fn a_wrong_user_is_permanent_and_a_busy_server_is_not() {
    let refusal = r#"{"user":"invalid","errors":["user identifier is not a valid user, group, or subscribed user key"],"status":0,"request":"x"}"#;
    let pushover = Recorder::answering("400 Bad Request", refusal).await;
    let outcome = pager(&pushover).send(&message(Channel::Pushover, USER), now_us()).await;
    let said = "400 Bad Request: user identifier is not a valid user, group, or subscribed user key";
    assert_eq!(failed(outcome), (said.to_owned(), true));
    let pushover = Recorder::answering("500 Internal Server Error", "").await;
    let outcome = pager(&pushover).send(&message(Channel::Pushover, USER), now_us()).await;
    assert_eq!(failed(outcome), ("500 Internal Server Error".to_owned(), false));
    let refused = r#"{"status":0,"errors":["application token is invalid"]}"#;
    let pushover = Recorder::answering("200 OK", refused).await;
    let outcome = pager(&pushover).send(&message(Channel::Pushover, USER), now_us()).await;
    assert_eq!(failed(outcome), ("200 OK: refused: application token is invalid".to_owned(), true));
}

#[tokio::test]
async fn a_quota_that_is_used_up_says_when_the_next_one_begins() {
    let now_us = now_us();
    let reset_s = now_us / 1_000_000 + 120;
    let pushover = Recorder::start(move |_| {
        let limits = format!("X-Limit-App-Remaining: 0\r\nX-Limit-App-Reset: {reset_s}\r\n");
        let body = r#"{"status":0,"errors":["application is over its quota"]}"#;
        Answer::Reply("429 Too Many Requests", limits, body.to_owned())
    });
    let outcome = pager(&pushover.await).send(&message(Channel::Pushover, USER), now_us).await;
    assert_eq!(
        waits(outcome),
        ("429 Too Many Requests: application is over its quota".to_owned(), Some(120))
    );
}

#[tokio::test]
async fn neither_token_nor_key_shows_in_an_answer() {
    let echo = format!("no {USER} for {TOKEN}");
    let pushover = Recorder::start(move |_| Answer::status("403 Forbidden", &echo)).await;
    let outcome = pager(&pushover).send(&message(Channel::Pushover, USER), now_us()).await;
    assert_eq!(failed(outcome), ("403 Forbidden: no [redacted] for [redacted]".to_owned(), true));
}

#[tokio::test]
async fn without_a_token_or_with_a_slip_nothing_is_sent() {
    let none = channels(local());
    let outcome = none.send(&message(Channel::Pushover, USER), now_us()).await;
    assert!(failed(outcome).0.contains("not set up") && none.usable(Channel::Pushover).is_err());
    let pushover = Recorder::answering("200 OK", TAKEN).await;
    let pager = pager(&pushover);
    assert!(pager.usable(Channel::Pushover).is_ok() && pager.check_address(Channel::Pushover, USER).is_ok());
    for slip in ["", "elif", "u1b2c3d4e5f6g7h8i9j0k1l2m3n4o", "u1b2c3d4e5f6g7h8i9j0k1l2m3n4_5"] {
        assert!(pager.check_address(Channel::Pushover, slip).is_err(), "{slip}");
        assert!(failed(pager.send(&message(Channel::Pushover, slip), now_us()).await).1, "{slip}");
    }
    assert!(pushover.received().is_empty());
    for (token, server) in [("short", "https://api.pushover.net"), (TOKEN, "ftp://api.pushover.net")] {
        let pushover = PushoverSettings { server: server.to_owned(), ..PushoverSettings::new(token) };
        let said = Channels::new(Settings { pushover: Some(pushover), ..local() }).unwrap_err().to_string();
        assert!(said.starts_with("pushover.") && !said.contains(token), "{said}");
    }
}

#[tokio::test]
async fn an_emergency_is_asked_about_until_it_was_seen_or_its_time_is_up() {
    let known = |acknowledged: u8, device: &str, expired: u8| {
        serde_json::json!({"status": 1, "acknowledged": acknowledged, "acknowledged_at": 0, "acknowledged_by": "",
            "acknowledged_by_device": device, "last_delivered_at": 1_760_000_000, "expired": expired})
        .to_string()
    };
    for (body, end) in [
        (known(0, "", 0), None),
        (known(1, "elifs-phone", 0), Some("acknowledged in the app on elifs-phone")),
        (known(0, "", 1), Some("rang until its time was up")),
    ] {
        let pushover = Recorder::start(move |_| Answer::status("200 OK", &body)).await;
        let outcome = pager(&pushover).ask(Channel::Pushover, RECEIPT, false).await;
        assert_eq!(
            pushover.only().line,
            format!("GET /mirror/1/receipts/{RECEIPT}.json?token={TOKEN} HTTP/1.1")
        );
        match end {
            None => assert_eq!(sent(outcome), (format!("receipt {RECEIPT}: rings"), RECEIPT.to_owned())),
            Some(end) => assert_eq!(delivered(outcome), format!("receipt {RECEIPT}: {end}")),
        }
    }
    let pushover = Recorder::answering("500 Internal Server Error", "").await;
    let (answer, receipt) = sent(pager(&pushover).ask(Channel::Pushover, RECEIPT, false).await);
    assert!(answer.ends_with("cannot be asked about: 500") && receipt == RECEIPT, "{answer}");
}

#[tokio::test]
async fn an_emergency_is_stopped_when_its_page_has_ended() {
    let pushover = Recorder::answering("200 OK", r#"{"status":1,"request":"q"}"#).await;
    let answer = delivered(pager(&pushover).ask(Channel::Pushover, RECEIPT, true).await);
    assert_eq!(answer, format!("receipt {RECEIPT}: stopped, since the page has ended"));
    let received = pushover.only();
    assert_eq!(received.line, format!("POST /mirror/1/receipts/{RECEIPT}/cancel.json HTTP/1.1"));
    assert_eq!(fields(&received), [("token".to_owned(), TOKEN.to_owned())].into());
    let pushover = Recorder::answering("503 Service Unavailable", "").await;
    sent(pager(&pushover).ask(Channel::Pushover, RECEIPT, true).await);
    let pushover = Recorder::answering("200 OK", "{}").await;
    delivered(pager(&pushover).ask(Channel::Pushover, "../messages", true).await);
    assert!(pushover.received().is_empty());
}
