//! What the pack of ten makes of real bodies: mapping, then routing, then the guards of the ladder.

use decurion_core::config::Config;
use decurion_core::escalation::{Level, facts};
use decurion_core::incident::Severity;
use decurion_core::intake::{Action, AlertSeverity, Event, generic};
use decurion_core::pack;
use serde_json::{Value, json};

use super::{autumn, shipped};

fn ten() -> Config {
    pack::check(&shipped("ten"), autumn()).config.expect("it compiles")
}

fn event(config: &Config, integration: &str, body: &Value) -> Event {
    let tried = generic::try_out(&config.integrations[&integration.into()], body.to_string().as_bytes());
    assert!(tried.problems.is_empty(), "{:?}", tried.problems);
    tried.events.into_iter().next().expect("one event")
}

fn finding(severity: f64, archived: bool) -> Value {
    json!({
        "version": "0", "detail-type": "GuardDuty Finding", "source": "aws.guardduty",
        "account": "111122223333", "region": "eu-north-1", "time": "2026-09-01T03:00:00Z",
        "detail": {
            "id": "f00d", "type": "Recon:IAMUser/NetworkPermissions", "severity": severity,
            "title": "Unusual reconnaissance by user ci", "description": "APIs that discover permissions.",
            "service": {"serviceName": "guardduty", "archived": archived, "count": 2},
        },
    })
}

#[test]
fn guardduty_findings_become_alerts_of_the_right_severity() {
    let config = ten();
    let bands = [
        (2.0, AlertSeverity::Info),
        (5.0, AlertSeverity::Warning),
        (8.5, AlertSeverity::Error),
        (9.0, AlertSeverity::Critical),
    ];
    for (number, severity) in bands {
        let event = event(&config, "aws-guardduty", &finding(number, false));
        assert_eq!((event.action, event.severity), (Action::Trigger, severity), "{number}");
        assert_eq!(event.dedup_key, "f00d");
        assert_eq!(event.source, "111122223333 eu-north-1");
    }
    assert_eq!(event(&config, "aws-guardduty", &finding(5.0, true)).action, Action::Resolve);
    let mut whole = finding(0.0, false);
    whole["detail"]["severity"] = json!(7);
    assert_eq!(
        event(&config, "aws-guardduty", &whole).severity,
        AlertSeverity::Error,
        "numbers come whole, too"
    );
}

#[test]
fn routing_makes_only_what_the_pack_says_major() {
    let config = ten();
    let guardduty = &config.integrations[&"aws-guardduty".into()];
    let routed =
        |number| config.routing.decide(guardduty, &event(&config, "aws-guardduty", &finding(number, false)));
    let critical = routed(9.5);
    assert_eq!((critical.rule.as_deref(), critical.severity), (Some("guardduty-critical"), Severity::Sev2));
    let low = routed(5.0);
    assert_eq!((low.rule.as_deref(), low.severity), (Some("guardduty"), Severity::Sev4));
    assert!(low.group.is_some() && low.problems.is_empty(), "{:?}", low.problems);
    let mut labelled = event(&config, "aws-guardduty", &finding(5.0, false));
    labelled.labels.insert("customer_facing".to_owned(), "true".to_owned());
    let routed = config.routing.decide(guardduty, &labelled);
    assert!(routed.customer_facing && routed.severity == Severity::Sev2);
}

#[test]
fn cloudwatch_alarms_open_and_close() {
    let config = ten();
    let alarm = |state: &str| {
        json!({
            "AlarmName": "egress", "AlarmDescription": null, "AWSAccountId": "111122223333",
            "AlarmArn": "arn:aws:cloudwatch:eu-north-1:111122223333:alarm:egress",
            "NewStateValue": state, "NewStateReason": "Threshold Crossed", "Region": "EU (Stockholm)",
        })
    };
    let opened = event(&config, "aws-cloudwatch", &alarm("ALARM"));
    let closed = event(&config, "aws-cloudwatch", &alarm("OK"));
    assert_eq!((opened.action, closed.action), (Action::Trigger, Action::Resolve));
    assert_eq!(opened.dedup_key, closed.dedup_key);
    assert_eq!(opened.title, "egress: Threshold Crossed");
}

/// The levels that the guards demand of a case.
fn demanded(config: &Config, changed: &[(&str, Value)]) -> Vec<Level> {
    let policy = &config.policies["escalation"];
    let free = policy.facts.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut case = facts::samples(&free)
        .into_iter()
        .find(|case| {
            case["severity"] == "sev4" && case["disposition"] == "" && case["customer_facing"] == false
        })
        .expect("a quiet case");
    for (name, value) in changed {
        case[*name] = value.clone();
    }
    let holds =
        |level: &Level| policy.levels[level].when.iter().any(|guard| guard.is_true(&case) == Ok(true));
    policy.levels.keys().filter(|level| holds(level)).copied().collect()
}

#[test]
fn the_guards_climb_as_the_organisation_says() {
    let config = ten();
    let facts = |name: &str, value: Value| {
        let mut all = serde_json::to_value(&config.policies["escalation"].facts).expect("facts are JSON");
        all[name] = value;
        ("facts", all)
    };
    let demanded = |changed: (&str, Value)| demanded(&config, &[changed]);
    assert_eq!(demanded(("alerts", json!(1))), []);
    assert_eq!(demanded(("severity", json!("sev3"))), []);
    assert_eq!(demanded(("severity", json!("sev2"))), [Level::L2]);
    assert_eq!(demanded(("severity", json!("sev1"))), [Level::L2, Level::L3]);
    assert_eq!(demanded(("disposition", json!("tp_malicious"))), [Level::L2]);
    assert_eq!(demanded(("disposition", json!("tp_benign"))), []);
    assert_eq!(demanded(("customer_facing", json!(true))), [Level::L3]);
    assert_eq!(demanded(("company_wide", json!(true))), [Level::Executive]);
    assert_eq!(demanded(facts("records_affected", json!(1))), [Level::L3]);
    assert_eq!(demanded(facts("regulated_records_affected", json!(499))), []);
    assert_eq!(demanded(facts("regulated_records_affected", json!(500))), [Level::Executive]);
    assert_eq!(demanded(facts("estimated_loss", json!(1_000_000.5))), [Level::Executive]);
    assert_eq!(demanded(facts("extortion", json!(true))), [Level::Executive]);
}
