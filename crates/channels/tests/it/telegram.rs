use decurion_channels::{Channels, Settings, TelegramSettings};
use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::{Answer, Recorder};
use crate::support::{ACKNOWLEDGE, channels, delivered, failed, local, message, now_us, waits};

const TOKEN: &str = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";
/// As the Bot API answers: the message comes back whole.
const SENT: &str = r#"{"ok":true,"result":{"message_id":17,"date":1760000000,"chat":{"id":-1001,"type":"group"},
    "text":"https://pager.example/a/3q2-7wEjRWeJq83vEjRWeJq83vEjRWeJ"}}"#;

fn bot(api: &Recorder) -> Channels {
    let telegram = TelegramSettings { server: api.url(""), ..TelegramSettings::new(TOKEN) };
    channels(Settings { telegram: Some(telegram), ..local() })
}

#[tokio::test]
async fn a_page_is_plain_text_with_both_links_and_no_preview() {
    let api = Recorder::answering("200 OK", SENT).await;
    let mut message = message(Channel::Telegram, "-1001");
    message.brief = Some("The brief.".to_owned());
    assert_eq!(delivered(bot(&api).send(&message, now_us()).await), "200 OK: message 17");
    let received = api.only();
    assert_eq!(received.line, format!("POST /bot{TOKEN}/sendMessage HTTP/1.1"));
    let text = format!(
        "INC-42 sev2 page: Root login <without> MFA & from a new country\n14 signals since 02:11.\n\
         Without an answer by 02:16, L2 is paged.\n\nThe brief.\n\nAcknowledge: {ACKNOWLEDGE}\n\
         Open INC-42: https://pager.example/incidents/INC-42\n\
         INC-42 · sev2 · L1 · Elif Özdemir · ntf_01980000-0000-7000-8000-000000000001"
    );
    let expected = json!({
        "chat_id": -1001,
        "text": text,
        "link_preview_options": {"is_disabled": true},
        "disable_notification": false,
    });
    assert_eq!(received.json(), expected);
}

#[tokio::test]
async fn a_long_text_is_cut_and_its_links_stay() {
    let api = Recorder::answering("200 OK", SENT).await;
    let mut message = message(Channel::Telegram, "@decurion_pages");
    message.kind = MessageKind::Tell;
    message.text = "🚒".repeat(5_000);
    delivered(bot(&api).send(&message, now_us()).await);
    let received = api.only().json();
    let text = received["text"].as_str().unwrap();
    assert!(text.encode_utf16().count() <= 4_096 && text.contains('…') && text.contains(ACKNOWLEDGE));
    assert_eq!(received["chat_id"], "@decurion_pages");
    assert_eq!(received["disable_notification"], true);
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let body = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35",
        "parameters":{"retry_after":35}}"#;
    let api = Recorder::answering("429 Too Many Requests", body).await;
    let outcome = bot(&api).send(&message(Channel::Telegram, "7"), now_us()).await;
    let said = "429 Too Many Requests: Too Many Requests: retry after 35".to_owned();
    assert_eq!(waits(outcome), (said, Some(35)));
    let script =
        |_: &_| Answer::Reply("429 Too Many Requests", "Retry-After: 9\r\n".into(), r#"{"ok":false}"#.into());
    let api = Recorder::start(script).await;
    assert_eq!(waits(bot(&api).send(&message(Channel::Telegram, "7"), now_us()).await).1, Some(9));
}

#[tokio::test]
async fn what_telegram_will_never_take_is_permanent() {
    let moved = r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded",
        "parameters":{"migrate_to_chat_id":-100987}}"#;
    for (status, body, expected) in [
        (
            "403 Forbidden",
            r#"{"ok":false,"description":"Forbidden: bot was blocked by the user"}"#,
            "blocked",
        ),
        ("400 Bad Request", r#"{"ok":false,"description":"Bad Request: chat not found"}"#, "chat not found"),
        ("401 Unauthorized", r#"{"ok":false,"description":"Unauthorized"}"#, "401"),
        ("400 Bad Request", moved, "whose id is -100987"),
    ] {
        let api = Recorder::answering(status, body).await;
        let (answer, permanent) = failed(bot(&api).send(&message(Channel::Telegram, "7"), now_us()).await);
        assert!(permanent && answer.contains(expected), "{answer}");
    }
    let api = Recorder::answering("502 Bad Gateway", "<html>").await;
    assert_eq!(waits(bot(&api).send(&message(Channel::Telegram, "7"), now_us()).await).1, None);
}

#[tokio::test]
async fn the_token_shows_nowhere() {
    let echo = format!("no such method /bot{TOKEN}/sendMessage for {ACKNOWLEDGE}");
    let api = Recorder::start(move |_| Answer::status("404 Not Found", &echo)).await;
    let bot = bot(&api);
    let (answer, permanent) = failed(bot.send(&message(Channel::Telegram, "7"), now_us()).await);
    assert!(permanent && !answer.contains("zyx57") && !answer.contains("3q2-7wEj"), "{answer}");
    let gone = TelegramSettings { server: "http://127.0.0.1:1".into(), ..TelegramSettings::new(TOKEN) };
    let settings = Settings { telegram: Some(gone), ..local() };
    assert!(!format!("{settings:?} {bot:?}").contains("zyx57"));
    let unreachable = channels(settings).send(&message(Channel::Telegram, "7"), now_us()).await;
    assert!(!waits(unreachable).0.contains("zyx57"));
}

#[tokio::test]
async fn what_cannot_be_used_says_so() {
    let bare = channels(local());
    assert!(bare.usable(Channel::Telegram).unwrap_err().contains("token"));
    assert!(failed(bare.send(&message(Channel::Telegram, "7"), now_us()).await).1);
    let api = Recorder::answering("200 OK", SENT).await;
    for address in ["", "elif", "@", "@a b", "12a", "https://t.me/elif"] {
        assert!(bot(&api).check_address(Channel::Telegram, address).is_err(), "{address}");
        assert!(failed(bot(&api).send(&message(Channel::Telegram, address), now_us()).await).1, "{address}");
    }
    assert_eq!(api.connections(), 0);
    for token in ["", "sesame", "12:", ":abc", "12:a/b"] {
        let settings = Settings { telegram: Some(TelegramSettings::new(token)), ..local() };
        assert!(Channels::new(settings).is_err(), "{token}");
    }
}
