//! Deliveries of SNS: where their addresses may lead, what of them is signed, and what lies inside.

use serde_json::{Value, json};

use super::{integration, mapped, only, take};
use crate::intake::sns::{Envelope, Kind, SignatureVersion, Topic};
use crate::intake::{Action, IntakeErrorKind, Integration, IntegrationKind, MappingText, interpret};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alarms";

fn delivery(kind: &str, message: &str) -> Value {
    json!({"Type": kind, "MessageId": "m-1", "TopicArn": TOPIC, "Message": message,
        "Timestamp": "2026-11-23T02:20:00.123Z", "SignatureVersion": "2", "Signature": "c2ln",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"})
}

fn notification(message: &str) -> Value {
    delivery("Notification", message)
}

#[test]
fn a_topic_is_named_by_its_arn_and_answers_in_its_region() {
    let host = |arn: &str| Topic::parse(arn).map(|topic| topic.host());
    assert_eq!(host(TOPIC).as_deref(), Some("sns.eu-west-1.amazonaws.com"));
    let china = host("arn:aws-cn:sns:cn-north-1:111122223333:alarms.fifo");
    assert_eq!(china.as_deref(), Some("sns.cn-north-1.amazonaws.com.cn"));
    let gov = host("arn:aws-us-gov:sns:us-gov-west-1:111122223333:a");
    assert_eq!(gov.as_deref(), Some("sns.us-gov-west-1.amazonaws.com"));
    let wrong = [
        "",
        "arn:aws:sqs:eu-west-1:111122223333:alarms",
        "arn:aws:sns:s3-us-west-2:111122223333:alarms",
        "arn:aws:sns:eu-west-1.evil.example/:111122223333:alarms",
        "arn:aws:sns:s3:111122223333:alarms",
        "arn:aws:sns:eu-west-1:1111:alarms",
        "arn:aws:sns:eu-west-1:111122223333:",
        "arn:aws:sns:eu-west-1:111122223333:a b",
        "arn:evil:sns:eu-west-1:111122223333:alarms",
        "arn:aws:sns:eu-west-1:111122223333:alarms:more",
    ];
    for arn in wrong {
        assert_eq!(Topic::parse(arn), None, "{arn}");
    }
}

#[test]
fn addresses_lead_to_sns_in_the_region_of_the_topic_and_nowhere_else() {
    let topic = Topic::parse(TOPIC).unwrap();
    assert!(topic.is_certificate("https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a_b.pem"));
    let elsewhere = [
        "http://sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem",
        "https://user@sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/a.pem",
        "https://sns.eu-west-1.amazonaws.com/../a.pem",
        "https://sns.eu-west-1.amazonaws.com/a.pem?b",
        "https://sns.eu-west-1.amazonaws.com/a.txt",
        "https://sns.eu-west-1.amazonaws.com/.pem",
        "https://SNS.eu-west-1.amazonaws.com/a.pem",
        "https://s3.amazonaws.com/sns.eu-west-1.amazonaws.com/a.pem",
    ];
    for url in elsewhere {
        assert!(!topic.is_certificate(url), "{url}");
    }
    let host = "https://sns.eu-west-1.amazonaws.com";
    assert!(topic.is_confirmation(&format!("{host}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2f")));
    for query in
        ["/?Action=Publish&Token=2f", "/x?Action=ConfirmSubscription", "/?Action=ConfirmSubscription#\\"]
    {
        assert!(!topic.is_confirmation(&format!("{host}{query}")), "{query}");
    }
    assert!(!topic.is_confirmation("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"));
}

#[test]
fn what_is_signed_is_each_name_and_text_on_its_own_line() {
    let mut body = notification("Hello\r\nworld \u{7}\u{e9}");
    let text = |body: &Value| Envelope::parse(body.to_string().as_bytes()).unwrap().signed_text();
    let rest = format!("Timestamp\n2026-11-23T02:20:00.123Z\nTopicArn\n{TOPIC}\nType\n");
    let message = "Message\nHello\r\nworld \u{7}\u{e9}\nMessageId\nm-1\n";
    assert_eq!(text(&body), format!("{message}{rest}Notification\n"));
    body["Subject"] = Value::Null;
    assert_eq!(text(&body), format!("{message}{rest}Notification\n"));
    body["Subject"] = json!("S");
    assert_eq!(text(&body), format!("{message}Subject\nS\n{rest}Notification\n"));
    for kind in ["SubscriptionConfirmation", "UnsubscribeConfirmation"] {
        let mut body = delivery(kind, "Hi");
        body["Token"] = json!("t");
        body["SubscribeURL"] = json!("https://u");
        let said = format!(
            "Message\nHi\nMessageId\nm-1\nSubscribeURL\nhttps://u\nTimestamp\n2026-11-23T02:20:00.123Z\n\
             Token\nt\nTopicArn\n{TOPIC}\nType\n{kind}\n"
        );
        assert_eq!(text(&body), said);
    }
}

#[test]
fn what_is_no_delivery_is_told_with_its_reason() {
    let parse = |body: &str| Envelope::parse(body.as_bytes());
    let whole = notification("x").to_string();
    let read = parse(&whole).unwrap();
    assert_eq!((read.kind, read.signature_version), (Kind::Notification, SignatureVersion::Sha256));
    assert_eq!(read.published_us().unwrap(), 1_795_400_400_123_000);
    let wrong = [
        ("{}".to_owned(), IntakeErrorKind::Invalid),
        (whole.replace("\"2\"", "\"3\""), IntakeErrorKind::Invalid),
        (whole.replace("Notification\"", "Other\""), IntakeErrorKind::Invalid),
        (whole.replace("m-1", ""), IntakeErrorKind::Invalid),
        (whole.replacen('{', "{\"TopicArn\": \"other\",", 1), IntakeErrorKind::Syntax),
        ("text".to_owned(), IntakeErrorKind::Syntax),
    ];
    for (body, kind) in wrong {
        assert_eq!(parse(&body).unwrap_err().kind, kind, "{body}");
    }
    let raw = parse("{\"AlarmName\": \"without an envelope\"}").unwrap_err().to_string();
    assert!(raw.contains("is no delivery of SNS"), "{raw}");
}

#[test]
fn known_formats_lie_in_the_message_as_text() {
    let alarm = json!({"AlarmName": "db-cpu", "NewStateValue": "ALARM",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-cpu"});
    let event = only(take(IntegrationKind::AwsSns, &notification(&alarm.to_string())));
    assert_eq!(event.dedup_key, "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-cpu");
    assert_eq!(event.labels["topic"], "alarms");
    let named = only(take(IntegrationKind::AwsSns, &notification("{\"title\": \"Backup failed\"}")));
    assert_eq!(named.title, "Backup failed");
}

#[test]
fn what_nobody_knows_is_for_the_mapping_or_waits_for_one() {
    let body = notification("{\"what\": \"Backup failed\", \"which\": 7}");
    let waits = take(IntegrationKind::AwsSns, &body).unwrap_err();
    assert_eq!(waits.kind, IntakeErrorKind::Uninterpretable);
    let text = MappingText {
        title: "body.what".to_owned(),
        dedup_key: Some("string(body.which)".to_owned()),
        ..MappingText::default()
    };
    let own = Integration { kind: IntegrationKind::AwsSns, ..mapped(&text) };
    let event = only(interpret(&own, "sig_1", body.to_string().as_bytes(), 0));
    assert_eq!((event.title.as_str(), event.dedup_key.as_str()), ("Backup failed", "7"));
    let torn = take(IntegrationKind::AwsSns, &notification("{\"a\": 1, \"a\": 2}")).unwrap_err();
    assert_eq!((torn.kind, torn.field.as_deref()), (IntakeErrorKind::Uninterpretable, Some("Message.a")));
}

#[test]
fn plain_text_is_an_alert_with_its_subject_as_title() {
    let mut body = notification("Disk full\non db-7\u{1}");
    let bare = only(take(IntegrationKind::AwsSns, &body));
    assert_eq!((bare.title.as_str(), bare.source.as_str()), ("Disk full", "alarms"));
    assert_eq!(bare.description.as_deref(), Some("Disk full\non db-7\u{fffd}"));
    body["Subject"] = json!("Disk of db-7");
    let titled = only(take(IntegrationKind::AwsSns, &body));
    assert_eq!(titled.title, "Disk of db-7");
    assert_ne!(bare.dedup_key, titled.dedup_key);
    assert_eq!(
        only(take(IntegrationKind::AwsSns, &notification(" "))).title,
        "A message of alarms without text"
    );
}

#[test]
fn asking_for_a_subscription_is_no_alert_and_ending_one_is() {
    assert_eq!(take(IntegrationKind::AwsSns, &delivery("SubscriptionConfirmation", "Hi")), Ok(Vec::new()));
    let over = only(take(IntegrationKind::AwsSns, &delivery("UnsubscribeConfirmation", "Hi")));
    assert_eq!(over.action, Action::Trigger);
    assert_eq!(over.dedup_key, format!("unsubscribed:{TOPIC}"));
    assert_eq!(over.severity, integration(IntegrationKind::AwsSns).default_severity.min(over.severity));
}
