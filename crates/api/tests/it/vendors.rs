//! What is shipped for senders: their doors, signatures and set-up.

use decurion_core::intake::senders;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::bed::{Answer, Bed};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A new integration of a vendor: what making it answered, and the path of its door.
async fn made(bed: &Bed, vendor: &str, more: Value) -> (Value, String) {
    let mut body = json!({"name": format!("{vendor} under test"), "vendor": vendor});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let made = bed.ask("POST", "/integrations", &body).await.is(201).json();
    let url = made["url"].as_str().unwrap();
    let path = url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap();
    (made, path)
}

fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

fn finding(action: &str) -> String {
    json!({"action": action, "repository": {"full_name": "octo-org/shop"},
        "alert": {"number": 42, "secret_type": "aws_access_key_id", "html_url": "https://github.com/x"}})
    .to_string()
}

#[tokio::test]
async fn every_sender_says_how_it_is_set_up_and_its_test_opens_an_incident() {
    let bed = Bed::new().await;
    let listed = bed.get("/integrations/senders").await;
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), senders::senders().len());
    for sender in items {
        let body = json!({"name": sender["title"], "vendor": sender["vendor"], "kind": sender["kind"]});
        // A heartbeat has no body to try: its own test is in `heartbeats`.
        if sender["kind"] == "heartbeat" {
            continue;
        }
        let made = bed.ask("POST", "/integrations", &body).await.is(201).json();
        assert_eq!(made["vendor"], sender["vendor"]);
        let path = sender["path"].as_str().unwrap().replace("{key}", made["key"].as_str().unwrap());
        assert!(made["url"].as_str().unwrap().ends_with(&path), "{made}");
        let id = made["id"].as_str().unwrap();
        let sent = bed.post(&format!("/integrations/{id}/test"), json!({})).await;
        let title = sender["title"].as_str().unwrap();
        assert!(sent["incident_reference"].is_string(), "{title}: {sent}");
        let alert = bed.get(&format!("/alerts/{}", sent["alert_id"].as_str().unwrap())).await;
        assert!(alert["title"].as_str().unwrap().contains(&format!("Test of {title}")), "{alert}");
    }
}

#[tokio::test]
async fn github_is_taken_only_with_its_signature() {
    let bed = Bed::new().await;
    let (made, path) = made(&bed, "github", json!({})).await;
    assert_eq!(made["signed"], true);
    let secret = made["signing_secret"].as_str().unwrap();
    let body = finding("created");
    let send = async |signature: &str, body: &str| {
        bed.send("POST", &path, &[("x-hub-signature-256", signature)], body.to_owned()).await
    };
    let unsigned = bed.send("POST", &path, &[], body.clone()).await.is(401).json();
    assert_eq!(unsigned["code"], "signature");
    send(&signature("another", &body), &body).await.is(401);
    send(&signature(secret, &body), &finding("resolved")).await.is(401);
    assert_eq!(bed.get("/alerts").await["items"], json!([]));

    let taken = send(&signature(secret, &body), &body).await.is(202).json();
    let id = taken["alert_ids"][0].as_str().unwrap().to_owned();
    let alert = bed.get(&format!("/alerts/{id}")).await;
    assert_eq!((&alert["severity"], &alert["status"]), (&json!("error"), &json!("open")));
    assert_eq!(alert["links"][0]["href"], "https://github.com/x");
    send(&signature(secret, &finding("resolved")), &finding("resolved")).await.is(202);
    assert_eq!(bed.get(&format!("/alerts/{id}")).await["status"], "resolved");

    let ping = json!({"zen": "Keep it logically awesome.", "hook_id": 1}).to_string();
    let greeted = send(&signature(secret, &ping), &ping).await.is(202).json();
    assert_eq!(greeted["alert_ids"], json!([]));
    assert_eq!(bed.get("/signals?outcome=uninterpretable").await["items"], json!([]), "a ping is understood");
}

#[tokio::test]
async fn a_new_key_brings_a_new_signing_secret_and_a_signature_need_not_be_asked_for() {
    let bed = Bed::new().await;
    let (signed, path) = made(&bed, "github", json!({})).await;
    let id = signed["id"].as_str().unwrap();
    let rotated = bed.post(&format!("/integrations/{id}/rotate"), json!({})).await;
    assert_ne!(rotated["signing_secret"], signed["signing_secret"]);
    let (old, new) = (signed["key"].as_str().unwrap(), rotated["key"].as_str().unwrap());
    let (path, body) = (path.replace(old, new), finding("created"));
    let with = async |secret: &Value| {
        let signature = signature(secret.as_str().unwrap(), &body);
        bed.send("POST", &path, &[("x-hub-signature-256", &signature)], body.clone()).await
    };
    with(&signed["signing_secret"]).await.is(401);
    with(&rotated["signing_secret"]).await.is(202);

    let (open, path) = made(&bed, "github", json!({"signed": false})).await;
    assert_eq!((&open["signed"], &open["signing_secret"]), (&json!(false), &Value::Null));
    bed.send("POST", &path, &[], body).await.is(202);
    let asked = json!({"name": "x", "vendor": "datadog", "signed": true});
    assert_eq!(bed.ask("POST", "/integrations", &asked).await.is(400).json()["field"], "signed");
    let asked = json!({"name": "x", "vendor": "datadog", "kind": "pagerduty"});
    assert_eq!(bed.ask("POST", "/integrations", &asked).await.is(400).json()["field"], "kind");
    assert_eq!(bed.ask("POST", "/integrations", &json!({"name": "x"})).await.is(400).json()["field"], "kind");
}

#[tokio::test]
async fn github_may_send_its_json_in_a_form() {
    let bed = Bed::new().await;
    let (made, path) = made(&bed, "github", json!({})).await;
    let body =
        format!("payload={}", serde_urlencoded::to_string([("", finding("created"))]).unwrap().split_off(1));
    let signature = signature(made["signing_secret"].as_str().unwrap(), &body);
    let headers = [FORM, ("x-hub-signature-256", signature.as_str())];
    let taken = bed.send("POST", &path, &headers, body).await.is(202).json();
    assert_eq!(taken["alert_ids"].as_array().unwrap().len(), 1, "{taken}");
}

#[tokio::test]
async fn what_a_shipped_mapping_cannot_read_is_kept_with_its_field_and_read_by_ones_own() {
    let bed = Bed::new().await;
    let (made, path) = made(&bed, "datadog", json!({})).await;
    let odd = json!({"event": "CPU", "aggreg_key": "cpu"}).to_string();
    assert_eq!(bed.send("POST", &path, &[], odd).await.is(202).json()["alert_ids"], json!([]));
    let waiting = bed.get("/signals?outcome=uninterpretable").await;
    assert_eq!(waiting["items"][0]["field"], "mapping.title", "{waiting}");
    let id = made["id"].as_str().unwrap();
    let mapping = json!({"mapping": {"title": "body.event", "dedup_key": "body.aggreg_key"}});
    bed.ask("PATCH", &format!("/integrations/{id}"), &mapping).await.is(200);
    let signal = waiting["items"][0]["id"].as_str().unwrap();
    let replayed = bed.post(&format!("/signals/{signal}/replay"), json!({})).await;
    assert_eq!(replayed["alert_ids"].as_array().unwrap().len(), 1, "{replayed}");
}

#[tokio::test]
async fn grafana_oncall_is_answered_as_grafana_oncall_answers() {
    let bed = Bed::new().await;
    let (_, path) = made(&bed, "grafana_oncall", json!({})).await;
    assert!(path.starts_with("/integrations/v1/formatted_webhook/") && path.ends_with('/'));
    let body = json!({"alert_uid": "disk", "title": "Disk full", "state": "alerting"}).to_string();
    for path in [path.as_str(), path.trim_end_matches('/')] {
        let taken = bed.send("POST", path, &[], body.clone()).await.is(200);
        assert_eq!(taken.json(), "Ok.");
        assert!(taken.header("x-decurion-signal").starts_with("sig_"));
    }
    let alerts = bed.get("/alerts").await;
    assert_eq!((alerts["items"].as_array().unwrap().len(), &alerts["items"][0]["count"]), (1, &json!(2)));
    bed.send("POST", &path, &[], body.replace("alerting", "ok")).await.is(200);
    assert_eq!(bed.get("/alerts").await["items"][0]["status"], "resolved");
    assert_eq!(bed.send("POST", &path, &[], r#"{"alert_uid":"x"}"#).await.is(200).json(), "Ok.");
    assert_eq!(bed.get("/signals?outcome=uninterpretable").await["items"][0]["field"], "mapping.title");
    bed.send("POST", &path, &[], "{").await.is(400);
    bed.send("POST", "/integrations/v1/formatted_webhook/wrong/", &[], body.clone()).await.is(404);
    let (_, other, _) = bed.integration("generic", json!({})).await;
    bed.send("POST", &format!("/integrations/v1/formatted_webhook/{other}/"), &[], body).await.is(404);
}

#[tokio::test]
async fn goalert_is_answered_as_goalert_answers() {
    let bed = Bed::new().await;
    let (made, path) = made(&bed, "goalert", json!({})).await;
    let (key, bare) = (made["key"].as_str().unwrap(), "/api/v2/generic/incoming");
    assert_eq!(path, format!("{bare}?token={key}"));
    let number = |answer: &Answer| answer.json()["AlertID"].as_i64().unwrap();

    let form = "summary=Disk+full&details=db-7&dedup=disk&meta=severity%3Dcritical";
    let taken = bed.send("POST", &path, &[FORM], form).await.is(204);
    assert!(taken.text.is_empty() && taken.header("x-decurion-signal").starts_with("sig_"));
    let wants = ("accept", "application/json");
    let again = bed.send("POST", &path, &[FORM, wants], form).await.is(200);
    assert_eq!((&again.json()["IsNew"], number(&again) > 0), (&json!(false), true), "{}", again.text);
    assert_eq!(again.json()["ServiceID"], made["id"]);
    let alert = bed.get("/alerts").await["items"][0].clone();
    assert_eq!((&alert["severity"], &alert["count"]), (&json!("critical"), &json!(2)));

    let bearer = format!("Bearer {key}");
    let close = json!({"Summary": "Disk full", "Dedup": "disk", "Action": "close"}).to_string();
    bed.send("POST", bare, &[("authorization", &bearer)], close).await.is(204);
    assert_eq!(bed.get("/alerts").await["items"][0]["status"], "resolved");
    let legacy = format!("/v1/api/alerts?integrationKey={key}&summary=Other");
    let other = bed.send("POST", &legacy, &[("content-type", "text/plain"), wants], "").await.is(200);
    assert_eq!(other.json()["IsNew"], true, "{}", other.text);

    assert!(bed.send("POST", &path, &[], r#"{"details":"x"}"#).await.is(400).text.contains("dedup_key"));
    assert!(bed.send("POST", &path, &[], r#"{"summary":1}"#).await.is(400).text.contains("`summary`"));
    bed.send("POST", &path, &[("content-type", "text/plain")], "summary=x").await.is(400);
    bed.send("POST", bare, &[FORM], form).await.is(401);
    bed.send("POST", &format!("{bare}?token=wrong"), &[FORM], form).await.is(403);
}

#[tokio::test]
async fn a_vendor_stands_in_the_pack() {
    let bed = Bed::new().await;
    let (made, _) = made(&bed, "github", json!({})).await;
    let path = format!("/pack/objects/integration/{}", made["id"].as_str().unwrap());
    let mut value = bed.get(&path).await["value"].clone();
    assert_eq!((&value["vendor"], &value["signed"]), (&json!("github"), &json!(true)));
    value["vendor"] = json!("sentry");
    let refused = bed.ask("PUT", &path, &json!({"value": value, "reason": "r"})).await.is(400);
    assert!(refused.text.contains("PACK-MAPPING"), "{}", refused.text);
    value["vendor"] = json!("grafana");
    value["signed"] = json!(false);
    let refused = bed.ask("PUT", &path, &json!({"value": value, "reason": "r"})).await.is(400);
    assert!(refused.text.contains("alertmanager_webhook"), "{}", refused.text);
}

#[tokio::test]
async fn changes_are_kept_shown_and_page_nobody() {
    let bed = Bed::new().await;
    let (id, key, _) = bed.integration("pagerduty", json!({})).await;
    let change = |summary: &str, timestamp: &str| {
        json!({"routing_key": key, "links": [{"href": "https://ci.example/220", "text": "Build"}],
            "payload": {"summary": summary, "source": "ci-7", "timestamp": timestamp, "custom_details": {"build": 220}}})
    };
    let path = "/v2/change/enqueue";
    let said = json!({"status": "success", "message": "Change event processed"});
    let first = change("Deploy of shop", "2026-11-23T08:00:00Z").to_string();
    for _ in 0..2 {
        assert_eq!(bed.send("POST", path, &[], first.clone()).await.is(202).json(), said, "sent again");
    }
    bed.send("POST", path, &[], change("Older", "2015-07-17T08:42:58.315+0000").to_string()).await.is(202);
    let listed = bed.get("/changes").await;
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{listed}");
    let shop = items.iter().find(|item| item["summary"] == "Deploy of shop").unwrap();
    assert_eq!((&shop["integration_id"], &shop["source"]), (&json!(id), &json!("ci-7")));
    assert_eq!(
        (&shop["details"], &shop["at_us"]),
        (&json!({"build": "220"}), &json!(1_795_420_800_000_000_i64))
    );
    assert_eq!(shop["links"][0]["href"], "https://ci.example/220");
    let later = items[0]["received_us"].as_i64().unwrap() + 1;
    assert_eq!(bed.get(&format!("/changes?from_us={later}")).await["items"], json!([]));
    assert_eq!(
        (&bed.get("/alerts").await["items"], &bed.get("/incidents").await["items"]),
        (&json!([]), &json!([]))
    );

    let refused =
        bed.send("POST", path, &[], json!({"routing_key": key, "payload": {}}).to_string()).await.is(400);
    assert!(refused.text.contains("payload.summary"), "{}", refused.text);
    let wrong = first.replace(&key, "0000");
    assert!(bed.send("POST", path, &[], wrong).await.is(400).text.contains("routing_key"));
    let bare = json!({"payload": {"summary": "By header"}}).to_string();
    bed.send("POST", path, &[("x-routing-key", &key)], bare).await.is(202);
}
