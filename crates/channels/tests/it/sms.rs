use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decurion_channels::{Channels, GatewaySettings, Settings, SmsProvider, TwilioSettings};
use decurion_core::notify::MessageKind;
use decurion_core::org::Channel;
use serde_json::json;

use crate::recorder::{Answer, Received, Recorder};
use crate::support::{
    ACKNOWLEDGE, NOTIFICATION, channels, delivered, failed, local, message, now_us, sent, waits,
};

const NUMBER: &str = "+46701234567";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const QUEUED: &str = r#"{"sid":"SM00000000000000000000000000000001","status":"queued","error_code":null}"#;

fn account() -> String {
    format!("AC{}", "0a".repeat(16))
}

fn twilio(server: &Recorder) -> SmsProvider {
    let settings = TwilioSettings::new(account(), SECRET, "+15005550006");
    SmsProvider::Twilio(TwilioSettings { server: server.url("/twilio"), ..settings })
}

fn gateway(server: &Recorder) -> GatewaySettings {
    let headers = [("Content-Type", "application/json"), ("Authorization", "Bearer gateway-token-1234")];
    GatewaySettings {
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        body: Some(r#"{"to": ["{to}"], "message": "{text}", "reference": "{id}"}"#.to_owned()),
        ..GatewaySettings::new(server.url("/send?account=7"))
    }
}

fn pager(sms: Vec<SmsProvider>) -> Channels {
    channels(Settings { sms, ..local() })
}

fn fields(received: &Received) -> BTreeMap<String, String> {
    let text = String::from_utf8(received.body.clone()).unwrap();
    let url = reqwest::Url::parse(&format!("http://form/?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

fn receipt_of(account: &str) -> String {
    format!("{account}/SM00000000000000000000000000000001")
}

fn page_text() -> String {
    format!("INC-42 sev2 page: Root login <without> MFA & from a new country\nAcknowledge: {ACKNOWLEDGE}")
}

#[tokio::test]
async fn a_gateway_is_asked_as_its_operator_wrote() {
    let server = Recorder::answering("202 Accepted", r#"{"accepted":1}"#).await;
    let pager = pager(vec![SmsProvider::Gateway(gateway(&server))]);
    let answer = delivered(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    assert_eq!(answer, r#"127.0.0.1: 202 Accepted: {"accepted":1}"#);
    let received = server.only();
    assert_eq!(received.line, "POST /send?account=7 HTTP/1.1");
    assert_eq!(received.headers["authorization"], "Bearer gateway-token-1234");
    assert_eq!(received.json(), json!({"to": [NUMBER], "message": page_text(), "reference": NOTIFICATION}));
}

#[tokio::test]
async fn a_gateway_may_want_everything_in_its_url() {
    let server = Recorder::answering("200 OK", "OK: 1").await;
    let settings = GatewaySettings {
        method: "GET".to_owned(),
        accepted: Some("OK".to_owned()),
        ..GatewaySettings::new(server.url("/sms?to={number}&text={text}&key=k"))
    };
    let pager = pager(vec![SmsProvider::Gateway(settings)]);
    let mut message = message(Channel::Sms, NUMBER);
    message.title = "100% & more „quoted“ …".to_owned();
    assert_eq!(delivered(pager.send(&message, now_us()).await), "127.0.0.1: 200 OK: OK: 1");
    let line = server.only().line;
    let path = line.strip_prefix("GET ").unwrap().strip_suffix(" HTTP/1.1").unwrap();
    let url = reqwest::Url::parse(&format!("http://gateway{path}")).unwrap();
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let text = format!("INC-42 sev2 page: 100% & more \"quoted\" ...\nAcknowledge: {ACKNOWLEDGE}");
    assert_eq!((query["to"].as_str(), &query["text"], query["key"].as_str()), ("46701234567", &text, "k"));
}

#[tokio::test]
async fn a_gateway_that_refuses_inside_a_good_status_has_refused() {
    let server = Recorder::answering("200 OK", "ERR: no credit").await;
    let settings = GatewaySettings { accepted: Some("OK".to_owned()), ..gateway(&server) };
    let pager = pager(vec![SmsProvider::Gateway(settings)]);
    let outcome = pager.send(&message(Channel::Sms, NUMBER), now_us()).await;
    assert_eq!(failed(outcome), ("127.0.0.1: 200 OK: refused: ERR: no credit".to_owned(), true));
}

#[tokio::test]
async fn twilio_gets_a_form_and_the_id_of_its_message_is_kept() {
    let server = Recorder::answering("201 Created", QUEUED).await;
    let pager = pager(vec![twilio(&server)]);
    let (answer, receipt) = sent(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    assert_eq!(answer, "Twilio: 201 Created: SM00000000000000000000000000000001 queued");
    assert_eq!(receipt, receipt_of(&account()));
    let received = server.only();
    assert_eq!(
        received.line,
        format!("POST /twilio/2010-04-01/Accounts/{}/Messages.json HTTP/1.1", account())
    );
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{SECRET}", account())));
    assert_eq!(received.headers["authorization"], basic);
    let expected = [("Body", page_text()), ("From", "+15005550006".to_owned()), ("To", NUMBER.to_owned())];
    assert_eq!(fields(&received), expected.map(|(name, value)| (name.to_owned(), value)).into());
}

#[tokio::test]
async fn a_messaging_service_and_an_api_key_are_told_by_their_form() {
    let server = Recorder::answering("201 Created", QUEUED).await;
    let (key, service) = (format!("SK{}", "1b".repeat(16)), format!("MG{}", "2c".repeat(16)));
    let settings = TwilioSettings {
        api_key: Some(key.clone()),
        server: server.url(""),
        ..TwilioSettings::new(account(), SECRET, service.clone())
    };
    let pager = pager(vec![SmsProvider::Twilio(settings)]);
    sent(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    let received = server.only();
    let basic = format!("Basic {}", STANDARD.encode(format!("{key}:{SECRET}")));
    assert_eq!(received.headers["authorization"], basic);
    let fields = fields(&received);
    assert_eq!((fields.get("From"), fields.get("MessagingServiceSid")), (None, Some(&service)));
}

#[tokio::test]
async fn where_one_provider_fails_the_next_is_asked_at_once() {
    let broken = Recorder::answering("503 Service Unavailable", "").await;
    let working = Recorder::answering("201 Created", QUEUED).await;
    let pager = pager(vec![SmsProvider::Gateway(gateway(&broken)), twilio(&working)]);
    let (answer, _) = sent(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    let said = "127.0.0.1: 503 Service Unavailable; \
                Twilio: 201 Created: SM00000000000000000000000000000001 queued";
    assert_eq!(answer, said);
    assert_eq!((broken.received().len(), working.received().len()), (1, 1));
}

#[tokio::test]
async fn a_silent_provider_leaves_time_for_the_next() {
    let silent = Recorder::start(|_| Answer::Silence).await;
    let working = Recorder::answering("201 Created", QUEUED).await;
    let sms = vec![SmsProvider::Gateway(gateway(&silent)), twilio(&working)];
    let pager = channels(Settings { sms, time_limit_ms: 2_000, ..local() });
    let (answer, _) = sent(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    assert!(answer.starts_with("127.0.0.1: no answer within the time limit; Twilio: 201"), "{answer}");
}

#[tokio::test]
async fn when_all_fail_the_soonest_that_may_take_it_is_waited_for() {
    let limited = |seconds: u32| {
        let body = json!({"code": 20_429, "message": "Too Many Requests", "status": 429}).to_string();
        Recorder::start(move |_| {
            Answer::Reply("429 Too Many Requests", format!("Retry-After: {seconds}\r\n"), body.clone())
        })
    };
    let (first, second) = (limited(40).await, limited(30).await);
    let wrong = Recorder::answering("401 Unauthorized", "who are you").await;
    let sms =
        vec![twilio(&first), SmsProvider::Gateway(gateway(&second)), SmsProvider::Gateway(gateway(&wrong))];
    let (answer, wait_s) = waits(pager(sms).send(&message(Channel::Sms, NUMBER), now_us()).await);
    assert_eq!(wait_s, Some(30));
    assert!(
        answer.starts_with("Twilio: 429 Too Many Requests: 20429 Too Many Requests; 127.0.0.1: 429"),
        "{answer}"
    );
    assert!(answer.ends_with("; 127.0.0.1: 401 Unauthorized: who are you"), "{answer}");
    let sms = vec![SmsProvider::Gateway(gateway(&wrong))];
    assert!(failed(pager(sms).send(&message(Channel::Sms, NUMBER), now_us()).await).1);
}

#[tokio::test]
async fn who_has_answered_stop_is_written_to_by_nobody() {
    let body = r#"{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}"#;
    let (stopped, other) =
        (Recorder::answering("400 Bad Request", body).await, Recorder::answering("200 OK", "").await);
    let pager = pager(vec![twilio(&stopped), SmsProvider::Gateway(gateway(&other))]);
    let (answer, permanent) = failed(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    assert!(permanent && answer.contains("answered STOP"), "{answer}");
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn a_notice_says_all_and_a_long_title_leaves_the_link_whole() {
    let server = Recorder::answering("201 Created", QUEUED).await;
    let pager = pager(vec![twilio(&server)]);
    let mut notice = message(Channel::Sms, NUMBER);
    (notice.kind, notice.acknowledge_url) = (MessageKind::Notice, None);
    (notice.title, notice.text) = ("A code".to_owned(), "The code is 042917.".to_owned());
    sent(pager.send(&notice, now_us()).await);
    let mut long = message(Channel::Sms, NUMBER);
    long.title = "🚒 fire ".repeat(500);
    sent(pager.send(&long, now_us()).await);
    let received = server.received();
    assert_eq!(
        fields(&received[0])["Body"],
        "A code\nThe code is 042917.\nhttps://pager.example/incidents/INC-42"
    );
    let text = &fields(&received[1])["Body"];
    let (said, link) = text.split_once('\n').unwrap();
    assert_eq!(link, format!("Acknowledge: {ACKNOWLEDGE}"));
    assert!((145..=150).contains(&said.encode_utf16().count()) && said.ends_with("..."), "{said}");
}

#[tokio::test]
async fn no_secret_shows_in_an_answer() {
    let echo = |received: &Received| {
        let said = format!("{} {}", received.line, received.headers["authorization"]);
        Answer::status("403 Forbidden", &said)
    };
    let server = Recorder::start(echo).await;
    let settings = GatewaySettings { url: server.url("/send/a-long-key-of-the-account"), ..gateway(&server) };
    let pager = pager(vec![twilio(&server), SmsProvider::Gateway(settings)]);
    let (answer, _) = failed(pager.send(&message(Channel::Sms, NUMBER), now_us()).await);
    let basic = STANDARD.encode(format!("{}:{SECRET}", account()));
    for secret in [SECRET, &basic, "gateway-token-1234", "a-long-key-of-the-account"] {
        assert!(!answer.contains(secret), "{answer}");
    }
    let shown = format!("{:?}", Settings { sms: vec![twilio(&server)], ..local() });
    assert!(!shown.contains(SECRET), "{shown}");
}

#[tokio::test]
async fn numbers_have_their_country_and_settings_their_form() {
    let server = Recorder::answering("201 Created", QUEUED).await;
    let pager = pager(vec![twilio(&server)]);
    assert!(pager.usable(Channel::Sms).is_ok() && pager.check_address(Channel::Sms, NUMBER).is_ok());
    for slip in ["0701234567", "+0701234567", "+46 70 123", "+4670", "+4670123456789012", "elif"] {
        assert!(pager.check_address(Channel::Sms, slip).is_err(), "{slip}");
        assert!(failed(pager.send(&message(Channel::Sms, slip), now_us()).await).1, "{slip}");
    }
    assert!(server.received().is_empty());
    let none = channels(local());
    assert!(none.usable(Channel::Sms).is_err());
    assert!(failed(none.send(&message(Channel::Sms, NUMBER), now_us()).await).0.contains("not set up"));
    let wrong = [
        SmsProvider::Gateway(GatewaySettings::new("https://sms.example/send?to={to}")),
        SmsProvider::Gateway(GatewaySettings::new("ftp://sms.example/{to}/{text}")),
        SmsProvider::Gateway(GatewaySettings { method: "PATCH".to_owned(), ..gateway(&server) }),
        SmsProvider::Twilio(TwilioSettings::new("AC12", SECRET, "+15005550006")),
        SmsProvider::Twilio(TwilioSettings::new(account(), SECRET, "")),
    ];
    for provider in wrong {
        let said = Channels::new(Settings { sms: vec![provider], ..local() }).unwrap_err().to_string();
        assert!(said.starts_with("sms: ") && !said.contains(SECRET), "{said}");
    }
}

/// What Twilio answers about a message.
fn known(status: &str, error: Option<(i64, &str)>) -> String {
    let (code, message) = error.unzip();
    let sid = "SM00000000000000000000000000000001";
    json!({"sid": sid, "status": status, "error_code": code, "error_message": message, "body": "x"})
        .to_string()
}

#[tokio::test]
async fn twilio_is_asked_whether_a_text_has_arrived() {
    let off = Some((30_003, "Unreachable destination handset"));
    let blocked = Some((30_004, "Message blocked"));
    let answers = [
        ("sending", None, "SM00000000000000000000000000000001 sending", None),
        ("sent", None, "SM00000000000000000000000000000001 sent", None),
        ("delivered", None, "SM00000000000000000000000000000001 delivered", Some(None)),
        (
            "undelivered",
            off,
            "SM00000000000000000000000000000001 undelivered 30003 Unreachable destination handset",
            Some(Some(false)),
        ),
        (
            "failed",
            blocked,
            "SM00000000000000000000000000000001 failed 30004 Message blocked",
            Some(Some(true)),
        ),
    ];
    for (status, error, said, end) in answers {
        let body = known(status, error);
        let server = Recorder::start(move |_| Answer::status("200 OK", &body)).await;
        let outcome = pager(vec![twilio(&server)]).ask(Channel::Sms, &receipt_of(&account()), false).await;
        let received = server.only();
        let path = format!("/twilio/2010-04-01/Accounts/{}/Messages/", account());
        assert_eq!(received.line, format!("GET {path}SM00000000000000000000000000000001.json HTTP/1.1"));
        assert!(received.headers["authorization"].starts_with("Basic "));
        let said = format!("Twilio: {said}");
        match end {
            None => assert_eq!(sent(outcome), (said, receipt_of(&account()))),
            Some(None) => assert_eq!(delivered(outcome), said),
            Some(Some(permanent)) => assert_eq!(failed(outcome), (said, permanent)),
        }
    }
}

#[tokio::test]
async fn a_look_up_that_fails_says_nothing_about_the_text() {
    let receipt = receipt_of(&account());
    for body in ["{}", "<html>"] {
        let server = Recorder::answering("200 OK", body).await;
        let (answer, kept) = sent(pager(vec![twilio(&server)]).ask(Channel::Sms, &receipt, false).await);
        assert!(answer.contains("cannot be asked about") && kept == receipt, "{answer}");
    }
    let server = Recorder::answering("500 Internal Server Error", "").await;
    let (answer, _) = sent(pager(vec![twilio(&server)]).ask(Channel::Sms, &receipt, false).await);
    assert!(answer.ends_with("cannot be asked about: 500"), "{answer}");
    let other = Recorder::answering("200 OK", "").await;
    for receipt in [receipt_of("AC1"), "SM1".to_owned(), format!("{}/../../Accounts", account())] {
        let outcome = pager(vec![twilio(&other)]).ask(Channel::Sms, &receipt, false).await;
        assert_eq!(delivered(outcome), "taken by a provider that is not set up any more");
    }
    assert!(other.received().is_empty());
}
