//! Amazon SNS: who is believed, what is stored, and what is confirmed.

use std::time::Duration;

use decurion_api::{ApiState, Settings};
use decurion_channels::sns::SnsSettings;
use decurion_engine::Clock as _;
use decurion_engine::clock::SystemClock;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::amazon::{Amazon, Authority, HOST, Signer, TOPIC, asked, authorities, delivery};
use crate::bed::{Answer, Bed};

/// A delivery in version 1, signed once with the key of the tests: ring does not sign over SHA-1.
const SIGNED_OVER_SHA1: &str = "OKz7QzULfVADkZJZ62jwSzTQMEDVmMz/qlX3XAD58HiZTzWY41EAGiItcBvT9UqGvSOcZ0HNxqgGwffEMVrXfPy2jYm/aSpnVsF447gdsrEGeuYoCHMB6MOpFG2uJH8z7ZpofKQUPc0uq0sIPRJ06IlcdEOm8rByu5qilPRJHRT/rkvPp5DNE0bjotzj1Lm2gs13AyLdvxW9K2LTVPfZBHyn9ZF4/MJ6eV7U7Py7QPL7Ytst4lv9SQlXNYUiXZf2OwCtSEsL+j14ZHOgyS84JfUBMPCHORSgnzqdvXUtkemCUMuGzU+8pKE08pE3L+P4I0O3hIsDp2Is6x3b0foyhA==";

struct Door {
    bed: Bed,
    id: String,
    path: String,
}

impl Door {
    async fn open(settings: SnsSettings, topics: Value) -> Self {
        let mut bed = Bed::new().await;
        let settings =
            Settings { version: "test".into(), sns: Some(asked(&settings)), ..Settings::default() };
        bed.router = decurion_api::router(ApiState::new(bed.engine.clone(), settings));
        let (id, _, path) = bed.integration("aws_sns", json!({ "topics": topics })).await;
        Self { bed, id, path }
    }

    async fn send(&self, body: &Value) -> Answer {
        let plain = [("content-type", "text/plain; charset=UTF-8")];
        self.bed.send("POST", &self.path, &plain, body.to_string()).await
    }

    async fn alerts(&self) -> Vec<Value> {
        self.bed.get("/alerts").await["items"].as_array().unwrap().clone()
    }

    async fn signals(&self) -> Vec<Value> {
        self.bed.get(&format!("/integrations/{}/signals", self.id)).await["items"].as_array().unwrap().clone()
    }

    /// The last signal, once it has that outcome.
    async fn until(&self, outcome: &str) -> Value {
        for _ in 0..400 {
            let last = self.signals().await.first().cloned().unwrap_or_default();
            if last["outcome"] == outcome {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no signal became {outcome}: {:?}", self.signals().await);
    }
}

fn now() -> String {
    in_hours(0)
}

/// SNS goes by the time of day.
fn in_hours(hours: i64) -> String {
    let at_us = SystemClock.now_us() + hours * 3_600_000_000;
    Timestamp::from_microsecond(at_us).unwrap().to_string()
}

fn notification(id: &str, more: &Value) -> Value {
    delivery("Notification", id, &now(), more)
}

fn message(body: &Value) -> Value {
    json!({"Message": body.to_string()})
}

fn alarm(state: &str) -> Value {
    message(&json!({"AlarmName": "db-cpu", "NewStateValue": state, "AWSAccountId": "111122223333",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-cpu"}))
}

fn guardduty(count: u32, severity: f64) -> Value {
    let arn = "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/f00";
    message(&json!({"version": "0", "id": "e", "detail-type": "GuardDuty Finding", "source": "aws.guardduty",
        "detail": {"schemaVersion": "2.0", "accountId": "111122223333", "id": "f00", "arn": arn,
            "type": "Recon:EC2/Portscan", "severity": severity, "title": "A port scan",
            "service": {"serviceName": "guardduty", "count": count, "archived": false}}}))
}

fn security_hub(state: &str) -> Value {
    let arn = "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/f00";
    message(&json!({"version": "0", "id": "e", "detail-type": "Security Hub Findings - Imported",
        "source": "aws.securityhub", "detail": {"findings": [{"Id": arn, "Title": "A port scan",
            "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty", "RecordState": state,
            "AwsAccountId": "111122223333", "Severity": {"Label": "HIGH"}}]}}))
}

#[tokio::test]
async fn an_alarm_opens_repeats_and_ends_one_alert() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    let opened = door.send(&notification("m-1", &alarm("ALARM"))).await.is(200);
    assert!(opened.header("x-decurion-signal").starts_with("sig_"));
    let alert = door.alerts().await.remove(0);
    assert_eq!(opened.json()["alert_ids"], json!([alert["id"]]));
    assert_eq!((alert["title"].as_str(), alert["status"].as_str()), (Some("db-cpu"), Some("open")));
    door.send(&notification("m-2", &alarm("ALARM"))).await.is(200);
    door.send(&notification("m-3", &alarm("OK"))).await.is(200);
    let over = door.alerts().await;
    assert_eq!(
        (over.len(), over[0]["status"].as_str(), over[0]["count"].as_i64()),
        (1, Some("resolved"), Some(2))
    );
    assert_eq!(amazon.asked("/SimpleNotificationService-1.pem"), 1, "the certificate is kept");
}

#[tokio::test]
async fn a_repeated_delivery_changes_nothing() {
    let amazon = Amazon::start().await;
    let mut door = Door::open(amazon.settings(), json!([TOPIC])).await;
    let body = notification("m-1", &alarm("ALARM"));
    let first = door.send(&body).await.is(200).json();
    for _ in 0..3 {
        assert_eq!(door.send(&body).await.is(200).json(), first);
    }
    let settings = Settings { sns: Some(asked(&amazon.settings())), ..Settings::default() };
    door.bed.router = decurion_api::router(ApiState::new(door.bed.engine.clone(), settings));
    assert_eq!(door.send(&body).await.is(200).json(), first, "also after a restart");
    assert_eq!(door.alerts().await[0]["count"], 1);
    assert_eq!(door.signals().await.len(), 1);
}

#[tokio::test]
async fn one_finding_over_several_ways_is_one_alert_and_one_page() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    door.send(&notification("m-1", &guardduty(1, 8.0))).await.is(200);
    let page = door.bed.message(|_| true).await;
    door.send(&notification("m-2", &security_hub("ACTIVE"))).await.is(200);
    for count in 2..6 {
        door.send(&notification(&format!("m-{}", count + 1), &guardduty(count, 8.0))).await.is(200);
    }
    let alerts = door.alerts().await;
    assert_eq!((alerts.len(), alerts[0]["count"].as_i64()), (1, Some(6)));
    assert_eq!(door.bed.get("/incidents").await["items"].as_array().unwrap().len(), 1);
    let pages = door.bed.recorder.sent.lock().unwrap().iter().filter(|sent| sent.page != page.page).count();
    assert_eq!(pages, 0, "a higher count pages nobody again");
    door.send(&notification("m-9", &security_hub("ARCHIVED"))).await.is(200);
    assert_eq!(door.alerts().await[0]["status"], "resolved");
}

#[tokio::test]
async fn a_topic_that_is_not_listed_is_refused_by_name_and_nobody_is_asked() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([])).await;
    for kind in ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"] {
        let refused = door.send(&delivery(kind, "m-1", &now(), &json!({}))).await.is(403).json();
        assert_eq!(refused["code"], "topic_not_listed");
        assert!(refused["detail"].as_str().unwrap().contains(TOPIC), "{refused}");
    }
    assert_eq!((amazon.asked("/"), door.signals().await.len()), (0, 0));
}

#[tokio::test]
async fn what_sns_did_not_sign_is_refused() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    let mut changed = notification("m-1", &json!({}));
    changed["Message"] = json!("Another message");
    let mut titled = notification("m-1", &json!({}));
    titled["Subject"] = json!("A subject");
    let mut torn = notification("m-1", &json!({}));
    torn["Signature"] = json!("not Base64");
    let elsewhere =
        ["https://evil.example/a.pem", "https://sns.us-east-1.amazonaws.com/a.pem", "http://x/a.pem"];
    let elsewhere = elsewhere.map(|url| notification("m-1", &json!({ "SigningCertURL": url })));
    for body in [changed, titled, torn].iter().chain(&elsewhere) {
        let refused = door.send(body).await.is(403).json();
        assert_eq!(refused["code"], "not_signed", "{refused}");
    }
    door.send(&json!({"AlarmName": "raw"})).await.is(400);
    assert_eq!((door.alerts().await.len(), door.signals().await.len()), (0, 0));
    let asked = amazon.asked("/");
    assert_eq!(asked, amazon.asked("/SimpleNotificationService-1.pem"), "only the certificate was asked for");
}

#[tokio::test]
async fn a_certificate_must_be_one_of_sns_now_and_lead_to_a_root() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    amazon.show("expired.pem", &amazon.signed(&Signer { until_year: 2024, ..Signer::default() }));
    amazon.show("other.pem", &amazon.signed(&Signer { name: "sqs.amazonaws.com", ..Signer::default() }));
    amazon.show("alone.pem", &amazon.alone(&Signer::default()));
    amazon.show("empty.pem", "");
    amazon.show("large.pem", &"-".repeat(100_000));
    for file in ["expired", "other", "alone", "empty", "large", "moved", "absent"] {
        let url = json!({"SigningCertURL": format!("https://{HOST}/{file}.pem")});
        let waits = door.send(&notification(file, &url)).await.is(503);
        assert!(!waits.header("retry-after").is_empty(), "{file}: SNS sends it again");
    }
    assert_eq!((door.alerts().await.len(), amazon.asked("/SimpleNotificationService-1.pem")), (0, 0));

    let regional = Signer { name: "sns-signing.eu-west-1.amazonaws.com", ..Signer::default() };
    amazon.show("regional.pem", &amazon.signed(&regional));
    let url = json!({"SigningCertURL": format!("https://{HOST}/regional.pem")});
    door.send(&notification("regional", &url)).await.is(200);

    let other = Authority::root("Another root");
    let strange = Door::open(amazon.settings_of(&other), json!([TOPIC])).await;
    strange.send(&notification("m-1", &json!({}))).await.is(503);
    assert_eq!(authorities(&other.certificate.pem()).len(), 1);
    assert!(SnsSettings::authorities_of(b"none").is_err());
}

#[tokio::test]
async fn the_issuer_of_a_lone_certificate_is_got_from_where_it_says() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    let at = amazon.show_authority().await;
    amazon.show("alone.pem", &amazon.alone(&Signer { issuer_at: Some(&at), ..Signer::default() }));
    let url = json!({"SigningCertURL": format!("https://{HOST}/alone.pem")});
    door.send(&notification("m-1", &url)).await.is(200);
    door.send(&notification("m-2", &url)).await.is(200);
    assert_eq!((amazon.asked("/authority.cer"), amazon.asked("/alone.pem")), (1, 1));
}

#[tokio::test]
async fn version_1_is_verified_and_what_is_old_is_kept_without_an_alert() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    let mut old = json!({"Type": "Notification", "MessageId": "v1", "TopicArn": TOPIC, "SignatureVersion": "1",
        "Message": "Signed over SHA-1", "Timestamp": "2026-01-01T00:00:00.000Z", "Signature": SIGNED_OVER_SHA1,
        "SigningCertURL": format!("https://{HOST}/SimpleNotificationService-1.pem")});
    old["SignatureVersion"] = json!("2");
    door.send(&old).await.is(403);
    old["SignatureVersion"] = json!("1");
    let kept = door.send(&old).await.is(200).json();
    assert_eq!(kept["alert_ids"], json!([]));
    let waiting = door.bed.get("/signals?outcome=uninterpretable").await;
    assert_eq!(waiting["items"][0]["id"], kept["signal_id"]);
    assert!(waiting["items"][0]["reason"].as_str().unwrap().contains("minutes old"), "{waiting}");
    assert_eq!(door.alerts().await.len(), 0);
    let ahead = delivery("Notification", "m-2", &in_hours(2), &json!({}));
    assert_eq!(door.send(&ahead).await.is(200).json()["alert_ids"], json!([]));
    let replay = format!("/signals/{}/replay", kept["signal_id"].as_str().unwrap());
    assert_eq!(door.bed.post(&replay, json!({})).await["outcome"], "interpreted");
    assert_eq!(door.alerts().await[0]["title"], "Signed over SHA-1");
}

#[tokio::test]
async fn a_listed_topic_is_subscribed_after_the_commit_and_tried_until_it_is() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    amazon.confirms_with(500);
    let body = delivery("SubscriptionConfirmation", "s-1", &now(), &json!({}));
    let asked = door.send(&body).await.is(200).json();
    for _ in 0..400 {
        if amazon.asked("/?Action=ConfirmSubscription") > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let waits = door.until("confirming").await;
    assert_eq!(waits["id"], asked["signal_id"]);
    amazon.confirms_with(200);
    let done = door.until("confirmed").await;
    assert!(done["reason"].as_str().unwrap().contains(TOPIC), "{done}");
    assert_eq!(amazon.asked("/?Action=ConfirmSubscription&Token=2336412f37"), 2);
    assert_eq!(door.send(&body).await.is(200).json(), asked, "a repeat asks nobody again");
    assert_eq!(door.alerts().await.len(), 0);
}

#[tokio::test]
async fn a_subscription_that_sns_refuses_is_shown_and_can_be_tried_again() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    amazon.confirms_with(403);
    let asked =
        door.send(&delivery("SubscriptionConfirmation", "s-1", &now(), &json!({}))).await.is(200).json();
    let failed = door.until("uninterpretable").await;
    assert!(failed["reason"].as_str().unwrap().contains("403"), "{failed}");
    amazon.confirms_with(200);
    let replay = format!("/signals/{}/replay", asked["signal_id"].as_str().unwrap());
    assert_eq!(door.bed.post(&replay, json!({})).await["outcome"], "confirming");
    door.until("confirmed").await;
    let elsewhere =
        json!({"SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"});
    door.send(&delivery("SubscriptionConfirmation", "s-2", &now(), &elsewhere)).await.is(200);
    assert!(door.until("uninterpretable").await["reason"].as_str().unwrap().contains("does not lead to SNS"));
}

#[tokio::test]
async fn the_end_of_a_subscription_is_an_alert() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    door.send(&delivery("UnsubscribeConfirmation", "u-1", &now(), &json!({}))).await.is(200);
    assert_eq!(door.alerts().await[0]["title"], "Topic alarms was unsubscribed and sends no more alerts");
}

#[tokio::test]
async fn what_nobody_knows_is_kept_and_read_once_there_is_a_mapping() {
    let amazon = Amazon::start().await;
    let door = Door::open(amazon.settings(), json!([TOPIC])).await;
    let kept =
        door.send(&notification("m-1", &message(&json!({"what": "Backup failed"})))).await.is(200).json();
    assert_eq!(kept["alert_ids"], json!([]));
    let mapping = json!({"mapping": {"title": "body.what"}});
    door.bed.ask("PATCH", &format!("/integrations/{}", door.id), &mapping).await.is(200);
    let replay = format!("/signals/{}/replay", kept["signal_id"].as_str().unwrap());
    door.bed.post(&replay, json!({})).await;
    assert_eq!(door.alerts().await[0]["title"], "Backup failed");
}

#[tokio::test]
async fn topics_are_listed_changed_and_checked() {
    let door = Door::open(SnsSettings::default(), json!([TOPIC])).await;
    let other = "arn:aws:sns:us-east-1:111122223333:other";
    let path = format!("/integrations/{}", door.id);
    let changed =
        door.bed.ask("PATCH", &path, &json!({"topics": [other, TOPIC, other]})).await.is(200).json();
    assert_eq!(changed["topics"], json!([TOPIC, other]));
    let listed = door.bed.get("/integrations").await;
    assert_eq!(listed["items"].as_array().unwrap().last().unwrap()["topics"], json!([TOPIC, other]));
    let wrong =
        door.bed.ask("PATCH", &path, &json!({"topics": ["arn:aws:s3:::bucket"]})).await.is(400).json();
    assert_eq!(wrong["field"], "topics");
    let generic = json!({"name": "x", "kind": "generic", "topics": [TOPIC]});
    door.bed.ask("POST", "/integrations", &generic).await.is(400);
    let tested = door.bed.post(&format!("{path}/test"), json!({})).await;
    assert!(tested["incident_reference"].as_str().unwrap().starts_with("INC-"), "{tested}");
}
