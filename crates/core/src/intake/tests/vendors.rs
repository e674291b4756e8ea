//! Bodies as vendors document them, read by what is shipped.

use serde_json::{Value, json};

use super::{NOW_US, of_vendor, only};
use crate::intake::{Action, AlertSeverity, Event, IntakeError, IntakeErrorKind, Vendor, interpret, senders};

fn take(vendor: Vendor, body: &Value) -> Result<Vec<Event>, IntakeError> {
    interpret(&of_vendor(vendor), "sig_1", body.to_string().as_bytes(), NOW_US)
}

fn one(vendor: Vendor, body: &Value) -> Event {
    only(take(vendor, body))
}

/// The message about a body that is kept and gives nothing; it names its field.
fn told(vendor: Vendor, body: &Value) -> String {
    let error = take(vendor, body).unwrap_err();
    assert_eq!(error.kind, IntakeErrorKind::Uninterpretable, "{error}");
    assert!(error.field.is_some() && error.partial.is_empty(), "{error:?}");
    error.to_string()
}

/// The body with other fields, by their paths.
fn with(mut body: Value, changes: &[(&str, Value)]) -> Value {
    for (path, value) in changes {
        if let Some(slot) = body.pointer_mut(path) {
            *slot = value.clone();
        } else {
            let (parent, name) = path.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[name] = value.clone();
        }
    }
    body
}

/// Trigger, repeat and resolve are one alert.
fn is_one_alert(open: &Event, over: &Event) {
    assert_eq!((open.action, over.action), (Action::Trigger, Action::Resolve));
    assert_eq!(open.dedup_key, over.dedup_key);
}

#[test]
fn the_test_body_of_every_sender_opens_an_alert_of_its_title_and_key() {
    let speaks = |sender: &&senders::Sender| sender.kind != super::IntegrationKind::Heartbeat;
    for sender in senders::senders().iter().filter(speaks) {
        let integration = super::Integration { vendor: sender.vendor, ..super::integration(sender.kind) };
        let body = sender.test_body("Test of \"Shop\"", "test-1").to_string();
        let event = only(interpret(&integration, "sig_1", body.as_bytes(), NOW_US));
        assert_eq!(event.action, Action::Trigger, "{}", sender.title);
        assert!(event.title.contains("Test of \"Shop\""), "{}: {}", sender.title, event.title);
        let other = sender.test_body("Test of \"Shop\"", "test-2").to_string();
        let other = only(interpret(&integration, "sig_2", other.as_bytes(), NOW_US));
        assert_ne!(event.dedup_key, other.dedup_key, "{}", sender.title);
        assert_eq!(event.severity, AlertSeverity::Info, "{}", sender.title);
    }
}

fn grafana() -> Value {
    json!({
        "receiver": "decurion", "status": "firing", "orgId": 1, "version": "1", "groupKey": "{}:{}",
        "truncatedAlerts": 0, "title": "[FIRING:1] High memory", "state": "alerting", "message": "**Firing**",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "https://grafana.example/",
        "alerts": [{
            "status": "firing",
            "labels": {"alertname": "High memory", "severity": "critical", "instance": "web-1", "team": "blue"},
            "annotations": {"summary": "Memory of web-1 is 93 %", "description": "Since 10 minutes."},
            "startsAt": "2026-11-23T08:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
            "values": {"B": 93.1, "C": 1}, "valueString": "[ var='B' value=93.1 ]",
            "generatorURL": "https://grafana.example/alerting/1/edit", "fingerprint": "c6eadffa33fcdf37",
            "silenceURL": "https://grafana.example/silence", "dashboardURL": "https://grafana.example/d/1",
            "panelURL": "https://grafana.example/d/1?viewPanel=2", "imageURL": "https://grafana.example/i.png",
        }],
    })
}

#[test]
fn grafana_alerting_is_one_alert_for_each_of_its_own() {
    let open = one(Vendor::Grafana, &grafana());
    let ended = [("/alerts/0/status", json!("resolved")), ("/status", json!("resolved"))];
    is_one_alert(&open, &one(Vendor::Grafana, &with(grafana(), &ended)));
    assert_eq!(open.title, "Memory of web-1 is 93 %");
    assert_eq!((open.severity, open.source.as_str()), (AlertSeverity::Critical, "web-1"));
    assert_eq!(open.labels["team"], "blue");
    assert!(open.links.iter().any(|link| link.text == "Dashboard"));
    let plain = with(grafana(), &[("/alerts/0/labels/severity", json!("whatever"))]);
    assert_eq!(one(Vendor::Grafana, &plain).severity, AlertSeverity::Warning, "that of the integration");
    let bad = with(grafana(), &[("/alerts/0/status", json!("odd"))]);
    assert_eq!(told(Vendor::Grafana, &bad), "`alerts[0].status` must be \"firing\" or \"resolved\"");
}

fn github(alert: &Value) -> Value {
    let owner = json!({"login": "octo-org"});
    json!({"action": "created", "alert": alert, "organization": owner, "sender": {"login": "github"},
        "repository": {"full_name": "octo-org/shop", "html_url": "https://github.com/octo-org/shop"}})
}

fn code_scanning() -> Value {
    github(&json!({
        "number": 10, "state": "open", "created_at": "2026-11-23T08:00:00Z", "fixed_at": null,
        "html_url": "https://github.com/octo-org/shop/security/code-scanning/10",
        "rule": {"id": "js/sql-injection", "severity": "error", "security_severity_level": "high",
            "description": "Database query built from user-controlled sources", "tags": ["security"]},
        "tool": {"name": "CodeQL", "version": "2.19.0"},
        "most_recent_instance": {"ref": "refs/heads/main", "state": "open", "message": {"text": "This query depends on a user."},
            "location": {"path": "src/db.js", "start_line": 4}},
    }))
}

fn secret() -> Value {
    github(&json!({
        "number": 42, "html_url": "https://github.com/octo-org/shop/security/secret-scanning/42",
        "secret_type": "aws_access_key_id", "secret_type_display_name": "Amazon AWS Access Key ID",
        "validity": "unknown", "resolution": null, "publicly_leaked": false,
    }))
}

fn dependabot() -> Value {
    github(&json!({
        "number": 7, "state": "open", "html_url": "https://github.com/octo-org/shop/security/dependabot/7",
        "dependency": {"package": {"ecosystem": "npm", "name": "left-pad"}, "manifest_path": "package-lock.json"},
        "security_advisory": {"ghsa_id": "GHSA-rf4j-j272-fj86", "cve_id": "CVE-2026-6188", "severity": "critical",
            "summary": "Path traversal in left-pad", "description": "left-pad reads what it should not."},
    }))
}

#[test]
fn github_code_scanning_opens_and_ends_one_alert() {
    let open = one(Vendor::Github, &code_scanning());
    assert_eq!(open.dedup_key, "octo-org/shop/code-scanning/10");
    let title = "Code scanning: Database query built from user-controlled sources in octo-org/shop";
    assert_eq!((open.title.as_str(), open.severity), (title, AlertSeverity::Error));
    assert_eq!(open.description.as_deref(), Some("This query depends on a user."));
    assert_eq!(
        (open.labels["rule"].as_str(), open.labels["path"].as_str()),
        ("js/sql-injection", "src/db.js")
    );
    assert_eq!(open.links[0].text, "GitHub");
    for action in ["fixed", "closed_by_user"] {
        is_one_alert(&open, &one(Vendor::Github, &with(code_scanning(), &[("/action", json!(action))])));
    }
    let branch = with(code_scanning(), &[("/action", json!("appeared_in_branch"))]);
    assert_eq!(one(Vendor::Github, &branch), open, "a repeat");
    for (level, of_rule, expected) in [
        (json!("critical"), "error", AlertSeverity::Critical),
        (json!("medium"), "error", AlertSeverity::Warning),
        (json!("low"), "error", AlertSeverity::Info),
        (Value::Null, "error", AlertSeverity::Error),
        (Value::Null, "warning", AlertSeverity::Warning),
        (Value::Null, "note", AlertSeverity::Info),
    ] {
        let changes =
            [("/alert/rule/security_severity_level", level), ("/alert/rule/severity", json!(of_rule))];
        assert_eq!(one(Vendor::Github, &with(code_scanning(), &changes)).severity, expected);
    }
}

#[test]
fn github_secrets_and_dependencies_open_and_end_one_alert_each() {
    let open = one(Vendor::Github, &secret());
    assert_eq!(open.title, "Secret found: Amazon AWS Access Key ID in octo-org/shop");
    assert_eq!(
        (open.severity, open.dedup_key.as_str()),
        (AlertSeverity::Error, "octo-org/shop/secret-scanning/42")
    );
    let revoked = [("/action", json!("resolved")), ("/alert/resolution", json!("revoked"))];
    is_one_alert(&open, &one(Vendor::Github, &with(secret(), &revoked)));
    let leaked = one(Vendor::Github, &with(secret(), &[("/action", json!("publicly_leaked"))]));
    assert_eq!((leaked.severity, leaked.dedup_key), (AlertSeverity::Critical, open.dedup_key));
    let works = one(Vendor::Github, &with(secret(), &[("/alert/validity", json!("active"))]));
    assert_eq!(works.severity, AlertSeverity::Critical);

    let open = one(Vendor::Github, &dependabot());
    assert_eq!(open.title, "Dependabot: Path traversal in left-pad in octo-org/shop");
    assert_eq!((open.severity, open.labels["cve"].as_str()), (AlertSeverity::Critical, "CVE-2026-6188"));
    for action in ["dismissed", "auto_dismissed", "fixed"] {
        is_one_alert(&open, &one(Vendor::Github, &with(dependabot(), &[("/action", json!(action))])));
    }
}

#[test]
fn what_github_says_beside_its_alerts_opens_nothing() {
    let ping = json!({"zen": "Keep it logically awesome.", "hook_id": 1, "hook": {"events": ["*"]}});
    assert_eq!(take(Vendor::Github, &ping).unwrap(), []);
    let assigned = with(secret(), &[("/action", json!("assigned"))]);
    assert_eq!(take(Vendor::Github, &assigned).unwrap(), []);
    let push = json!({"ref": "refs/heads/main", "repository": {"full_name": "octo-org/shop"}});
    assert!(told(Vendor::Github, &push).starts_with("`mapping.action` failed"));
    let odd = with(secret(), &[("/action", json!("exploded"))]);
    assert!(told(Vendor::Github, &odd).starts_with("`mapping.action` gives `exploded`"));
    let bare = with(secret(), &[("/repository", json!({}))]);
    assert!(told(Vendor::Github, &bare).starts_with("`mapping.dedup_key` failed"));
}

fn sentry_event() -> Value {
    json!({"action": "triggered", "actor": {"id": "sentry", "type": "application"}, "installation": {"uuid": "u"},
        "data": {"triggered_rule": "Page for new errors", "event": {
            "event_id": "e4874d664c3540c1a32eab185f12c5ab", "issue_id": "1170820242", "project": 1, "level": "fatal",
            "title": "ReferenceError: heck is not defined", "culprit": "shop.cart", "platform": "javascript",
            "web_url": "https://sentry.example/organizations/o/issues/1170820242/events/e4874d/"}}})
}

fn sentry_issue(action: &str) -> Value {
    json!({"action": action, "actor": {"id": 1, "type": "user"}, "installation": {"uuid": "u"}, "data": {"issue": {
        "id": "1170820242", "shortId": "SHOP-1", "title": "ReferenceError: heck is not defined", "culprit": "shop.cart",
        "level": "error", "status": action, "permalink": "https://sentry.example/issues/1170820242/",
        "project": {"id": "1", "slug": "shop", "name": "Shop"}}}})
}

#[test]
fn sentry_issues_and_their_alerts_are_one_alert() {
    let open = one(Vendor::Sentry, &sentry_event());
    assert_eq!(
        (open.severity, open.labels["rule"].as_str()),
        (AlertSeverity::Critical, "Page for new errors")
    );
    for action in ["resolved", "archived"] {
        is_one_alert(&open, &one(Vendor::Sentry, &sentry_issue(action)));
    }
    let created = one(Vendor::Sentry, &sentry_issue("created"));
    assert_eq!((created.dedup_key.as_str(), created.source.as_str()), ("issue/1170820242", "shop"));
    assert_eq!(created.severity, AlertSeverity::Error);
    assert_eq!(created.links[0].href, "https://sentry.example/issues/1170820242/");
    assert_eq!(take(Vendor::Sentry, &sentry_issue("assigned")).unwrap(), [], "Sentry assigns by itself");
    let installed =
        json!({"action": "created", "data": {"installation": {"uuid": "u", "status": "pending"}}});
    assert_eq!(take(Vendor::Sentry, &installed).unwrap(), []);
    let older = json!({"id": "1170820242", "project": "shop", "project_name": "Shop", "level": "error",
        "culprit": "shop.cart", "message": "heck", "url": "https://sentry.example/1", "event": {"title": "Heck"}});
    let older = one(Vendor::Sentry, &older);
    assert_eq!((older.title.as_str(), older.dedup_key), ("Heck", open.dedup_key));
}

#[test]
fn sentry_metric_alerts_have_the_severity_of_their_action() {
    let metric = |action: &str| {
        json!({"action": action, "installation": {"uuid": "u"}, "data": {
            "metric_alert": {"id": "5", "status": 20, "projects": ["shop"], "alert_rule": {"id": "7", "name": "Errors"}},
            "description_text": "1000 events in the last 10 minutes", "description_title": "Critical: Errors",
            "web_url": "https://sentry.example/alerts/5"}})
    };
    let open = one(Vendor::Sentry, &metric("critical"));
    assert_eq!((open.severity, open.source.as_str()), (AlertSeverity::Critical, "shop"));
    assert_eq!(one(Vendor::Sentry, &metric("warning")).severity, AlertSeverity::Warning);
    is_one_alert(&open, &one(Vendor::Sentry, &metric("resolved")));
    let bare = json!({"action": "created", "data": {"error": {"title": "x"}}});
    assert!(told(Vendor::Sentry, &bare).contains("mapping.dedup_key"));
}

fn datadog(transition: &str) -> Value {
    json!({"id": "1", "title": format!("[{transition}] CPU of web-1 is high"), "message": "Over 90 %.",
        "alert_transition": transition, "alert_type": "error", "alert_priority": "P2", "aggreg_key": "9f8e",
        "alert_id": "1234", "alert_scope": "host:web-1", "hostname": "web-1", "tags": "env:prod,team:blue",
        "link": "https://app.datadoghq.example/event/event?id=1", "org": {"id": "1", "name": "Org"}})
}

#[test]
fn datadog_monitors_open_repeat_and_recover() {
    let open = one(Vendor::Datadog, &datadog("Triggered"));
    assert_eq!((open.severity, open.source.as_str()), (AlertSeverity::Error, "web-1"));
    assert_eq!((open.dedup_key.as_str(), open.links[0].text.as_str()), ("9f8e", "Datadog"));
    for word in ["Re-Triggered", "No Data", "Re-No Data", "Warn", "Re-Warn", "Renotify"] {
        let again = one(Vendor::Datadog, &datadog(word));
        assert_eq!((again.action, &again.dedup_key), (Action::Trigger, &open.dedup_key), "{word}");
    }
    for word in ["Recovered", "No Data Recovered", "Warn Recovered"] {
        is_one_alert(&open, &one(Vendor::Datadog, &datadog(word)));
    }
    let unset =
        [("/alert_priority", json!("")), ("/alert_type", json!("warning")), ("/aggreg_key", json!(""))];
    let unset = one(Vendor::Datadog, &with(datadog("Triggered"), &unset));
    assert_eq!((unset.severity, unset.dedup_key.as_str()), (AlertSeverity::Warning, "1234/host:web-1"));
    let shipped = json!({"id": "1", "title": "[Triggered] CPU", "body": "b", "event_type": "query_alert_monitor",
        "last_updated": "1", "date": "1", "org": {"id": "1", "name": "Org"}});
    assert_eq!(one(Vendor::Datadog, &shipped).description.as_deref(), Some("b"));
    assert!(told(Vendor::Datadog, &json!({"alert_id": "1"})).starts_with("`mapping.title` failed"));
}

#[test]
fn grafana_oncall_takes_its_formatted_webhook() {
    let body = json!({"alert_uid": "08d6891a", "title": "The whole system is down", "state": "alerting",
        "image_url": "https://x.example/i.jpg", "link_to_upstream_details": "https://x.example/", "message": "Oh no!"});
    let open = one(Vendor::GrafanaOncall, &body);
    assert_eq!((open.dedup_key.as_str(), open.links.len()), ("08d6891a", 2));
    is_one_alert(&open, &one(Vendor::GrafanaOncall, &with(body, &[("/state", json!("ok"))])));
    assert_eq!(one(Vendor::GrafanaOncall, &json!({"message": "only this"})).title, "only this");
    assert_eq!(one(Vendor::GrafanaOncall, &json!({"title": "t", "state": "odd"})).action, Action::Trigger);
    assert!(told(Vendor::GrafanaOncall, &json!({"alert_uid": "1"})).starts_with("`mapping.title` failed"));
    for (_, captured) in super::captured::bodies(&["grafana-oncall"]) {
        assert_eq!(one(Vendor::GrafanaOncall, &captured).title, "TestAlert: The whole system is down");
    }
}

#[test]
fn goalert_knows_an_alert_by_its_key_or_by_what_it_says() {
    let body =
        json!({"summary": "Disk full", "details": "db-7", "meta": {"severity": "critical", "team": "blue"}});
    let open = one(Vendor::Goalert, &body);
    assert_eq!((open.severity, open.dedup_key.as_str()), (AlertSeverity::Critical, "Disk full\ndb-7"));
    is_one_alert(&open, &one(Vendor::Goalert, &with(body, &[("/action", json!("close"))])));
    let keyed = json!({"summary": "Disk full", "dedup": "disk"});
    assert_eq!(one(Vendor::Goalert, &keyed).dedup_key, "disk");
    assert!(told(Vendor::Goalert, &json!({"details": "x"})).contains("mapping.dedup_key"));
}
