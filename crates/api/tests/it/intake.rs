//! The doors: their vendors' answers, and what bad bodies get.

use serde_json::{Value, json};

use crate::bed::{Answer, Bed};

const KINDS: [&str; 5] = ["pagerduty", "opsgenie", "alertmanager_webhook", "alertmanager_api", "generic"];

/// The header that opens a door; the doors of the other formats pass it over.
fn genie(key: &str) -> String {
    format!("GenieKey {key}")
}

/// A good body for a door.
fn good(kind: &str, key: &str, dedup_key: &str) -> Value {
    let alert = json!({"labels": {"alertname": dedup_key, "severity": "critical"}, "annotations": {}});
    match kind {
        "pagerduty" => json!({
            "routing_key": key, "event_action": "trigger", "dedup_key": dedup_key,
            "payload": {"summary": "Disk full", "source": "db-7", "severity": "error"},
        }),
        "opsgenie" => json!({"message": "Disk full", "alias": dedup_key, "source": "db-7", "priority": "P2"}),
        "alertmanager_api" => json!([alert]),
        "alertmanager_webhook" => json!({
            "version": "4", "groupKey": dedup_key, "status": "firing", "receiver": "us", "externalURL": "",
            "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "alerts": [{"labels": alert["labels"], "annotations": {}, "status": "firing",
                "startsAt": "2026-01-01T00:00:00Z", "fingerprint": dedup_key}],
        }),
        _ => json!({"title": "Disk full", "dedup_key": dedup_key, "severity": "error"}),
    }
}

#[tokio::test]
async fn pagerduty_is_answered_as_pagerduty_answers() {
    let bed = Bed::new().await;
    let (id, key, path) = bed.integration("pagerduty", json!({})).await;
    assert_eq!(path, "/v2/enqueue");
    let taken = bed.send("POST", &path, &[], good("pagerduty", &key, "disk").to_string()).await.is(202);
    assert!(taken.header("x-decurion-signal").starts_with("sig_"));
    let said = json!({"status": "success", "message": "Event processed", "dedup_key": "disk"});
    assert_eq!(taken.json(), said);

    let unknown = bed.send("POST", &path, &[], good("pagerduty", "wrong", "disk").to_string()).await.is(400);
    assert_eq!(unknown.json()["status"], "invalid event");
    assert!(unknown.json()["errors"][0].as_str().unwrap().contains("routing_key"));

    let mut no_summary = good("pagerduty", &key, "disk");
    no_summary["payload"].as_object_mut().unwrap().remove("summary");
    let refused = bed.send("POST", &path, &[], no_summary.to_string()).await.is(400).json();
    assert!(refused["errors"].to_string().contains("summary"), "{refused}");

    bed.ask("PATCH", &format!("/integrations/{id}"), &json!({"enabled": false})).await.is(200);
    bed.send("POST", &path, &[], good("pagerduty", &key, "disk").to_string()).await.is(400);
}

#[tokio::test]
async fn the_alertmanager_api_is_answered_as_alertmanager_answers() {
    let bed = Bed::new().await;
    let (_, key, path) = bed.integration("alertmanager_api", json!({})).await;
    let body = good("alertmanager_api", &key, "DiskFull").to_string();
    let taken = bed.send("POST", &path, &[], body.clone()).await.is(200);
    assert!(taken.header("x-decurion-signal").starts_with("sig_"));
    let media = bed.send("POST", &path, &[("content-type", "text/plain")], body.clone()).await.is(415);
    assert_eq!(media.json()["code"], 415);
    let object = bed.send("POST", &path, &[], "{}").await.is(400);
    assert_eq!(object.json()["code"], 400);

    let mixed = json!([{"labels": {}}, {"labels": {"alertname": "Good"}}]).to_string();
    let refused = bed.send("POST", &path, &[], mixed).await.is(400);
    assert!(refused.json().is_string(), "a bare JSON text: {}", refused.text);
    let alerts = bed.get("/alerts").await;
    assert_eq!(
        alerts["items"].as_array().unwrap().len(),
        2,
        "the good alert of a bad batch counts: {alerts}"
    );

    let bearer = format!("Bearer {key}");
    bed.send("POST", "/api/v2/alerts", &[("authorization", &bearer)], body).await.is(200);
    let base = path.trim_end_matches("/api/v2/alerts").to_owned();
    for ready in ["/-/ready", "/-/healthy", "/api/v2/status"] {
        bed.send("GET", &format!("{base}{ready}"), &[], "").await.is(200);
        bed.send("GET", &format!("/integrations/wrong{ready}"), &[], "").await.is(404);
    }
}

#[tokio::test]
async fn every_door_takes_a_good_body_and_names_what_it_stored() {
    let bed = Bed::new().await;
    for (place, kind) in KINDS.iter().enumerate() {
        let (_, key, path) = bed.integration(kind, json!({})).await;
        let body = good(kind, &key, "k1").to_string();
        let taken = bed.send("POST", &path, &[("authorization", &genie(&key))], body).await;
        assert!(taken.status.is_success(), "{kind}: {}", taken.text);
        let signal = taken.header("x-decurion-signal");
        assert!(signal.starts_with("sig_"), "{kind}");
        let alerts = bed.get("/alerts").await;
        assert_eq!(alerts["items"].as_array().unwrap().len(), place + 1, "{kind}");
        let alert = alerts["items"][0]["id"].as_str().unwrap().to_owned();
        let signals = bed.get(&format!("/alerts/{alert}/signals")).await;
        assert_eq!(signals["items"][0]["id"], signal, "{kind}");
    }
}

#[track_caller]
fn refused(answer: &Answer, statuses: &[u16], what: &str) {
    assert!(statuses.contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text);
    assert!(!answer.text.is_empty(), "{what}");
}

#[tokio::test]
async fn bad_bodies_are_refused_and_the_door_stays_open() {
    let bed = Bed::new().await;
    for kind in KINDS {
        let (_, key, path) = bed.integration(kind, json!({})).await;
        let good = good(kind, &key, "after").to_string();
        let genie = genie(&key);
        let send = async |body: Vec<u8>| bed.send("POST", &path, &[("authorization", &genie)], body).await;
        refused(&send(Vec::new()).await, &[400], kind);
        refused(&send(b"{".to_vec()).await, &[400], kind);
        refused(&send(b"null".to_vec()).await, &[400], kind);
        refused(&send(b"\"text\"".to_vec()).await, &[400], kind);
        refused(&send([b"[".repeat(100_000), b"]".repeat(100_000)].concat()).await, &[400], kind);
        refused(&send(b"{\"a\":1,\"a\":2}".to_vec()).await, &[400], kind);
        let latin = good.replace("after", "aft\u{1}").into_bytes();
        let latin: Vec<u8> = latin.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
        refused(&send(latin).await, &[400], kind);
        let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        refused(&send(utf16).await, &[400], kind);
        let large = format!("{{\"x\":\"{}\"}}", "y".repeat(10_000_000)).into_bytes();
        refused(&send(large).await, &[413], kind);
        let after = send(good.into_bytes()).await;
        assert!(after.status.is_success(), "{kind}: {}", after.text);
    }
}

#[tokio::test]
async fn a_nul_and_other_odd_text_is_kept() {
    let bed = Bed::new().await;
    for (place, kind) in KINDS.iter().enumerate() {
        let (_, key, path) = bed.integration(kind, json!({})).await;
        let body = good(kind, &key, "nul-\u{0}-\u{1f600}-\u{202e}").to_string();
        let taken = bed.send("POST", &path, &[("authorization", &genie(&key))], body).await;
        assert!(taken.status.is_success(), "{kind}: {}", taken.text);
        assert_eq!(bed.get("/alerts").await["items"].as_array().unwrap().len(), place + 1, "{kind}");
    }
}

#[tokio::test]
async fn what_cannot_be_interpreted_is_kept_and_tried_again_after_the_mapping_is_mended() {
    let bed = Bed::new().await;
    let mapping = json!({"mapping": {"title": "body.missing", "dedup_key": "body.id"}});
    let (id, _, path) = bed.integration("generic", mapping).await;
    let taken = bed.send("POST", &path, &[], r#"{"id":"k","name":"Login from Mars"}"#).await.is(202).json();
    assert_eq!(taken["alert_ids"], json!([]));
    let waiting = bed.get("/signals?outcome=uninterpretable").await;
    assert_eq!(waiting["items"][0]["id"], taken["signal_id"]);
    assert!(waiting["items"][0]["reason"].is_string());
    assert_eq!(bed.get("/board").await["signals_waiting"], 1);

    let replay = format!("/signals/{}/replay", taken["signal_id"].as_str().unwrap());
    let again = bed.post(&replay, json!({})).await;
    assert_eq!(again["outcome"], "uninterpretable");
    let mended = json!({"mapping": {"title": "body.name", "dedup_key": "body.id"}});
    bed.ask("PATCH", &format!("/integrations/{id}"), &mended).await.is(200);
    let replayed = bed.post(&replay, json!({})).await;
    assert_eq!(replayed["alert_ids"].as_array().unwrap().len(), 1, "{replayed}");
    assert_eq!(bed.get("/alerts").await["items"][0]["title"], "Login from Mars");
    assert_eq!(bed.get("/signals?outcome=uninterpretable").await["items"], json!([]));
}

#[tokio::test]
async fn a_test_alert_goes_the_whole_way() {
    let bed = Bed::new().await;
    for kind in KINDS {
        let (id, ..) = bed.integration(kind, json!({})).await;
        let tested = bed.post(&format!("/integrations/{id}/test"), json!({})).await;
        assert!(tested["incident_reference"].as_str().unwrap().starts_with("INC-"), "{kind}: {tested}");
        let last = bed.get(&format!("/integrations/{id}/signals")).await;
        assert_eq!(last["items"][0]["id"], tested["signal_id"], "{kind}");
    }
}

#[tokio::test]
async fn opsgenie_is_answered_as_opsgenie_answers() {
    let bed = Bed::new().await;
    let (id, key, path) = bed.integration("opsgenie", json!({})).await;
    assert_eq!(path, "/v2/alerts");
    let key = genie(&key);
    let say = async |path: &str, body: Value| {
        bed.send("POST", path, &[("authorization", &key)], body.to_string()).await
    };
    let read = async |path: String| bed.send("GET", &path, &[("authorization", &key)], "").await;

    let taken = say(&path, good("opsgenie", "", "disk")).await.is(202);
    let request = taken.json()["requestId"].as_str().unwrap().to_owned();
    assert_eq!(taken.json()["result"], "Request will be processed");
    assert_eq!((taken.header("x-request-id"), taken.header("x-decurion-signal")), (&*request, &*request));
    let became = read(format!("/v2/alerts/requests/{request}")).await.is(200).json();
    assert_eq!((&became["data"]["isSuccess"], &became["data"]["alias"]), (&json!(true), &json!("disk")));

    say("/v2/alerts/disk/notes?identifierType=alias", json!({"note": "seen"})).await.is(202);
    say("/v2/alerts/disk/acknowledge?identifierType=alias", json!({})).await.is(202);
    let alert = read("/v2/alerts/disk?identifierType=alias".to_owned()).await.is(200).json();
    assert_eq!((&alert["data"]["acknowledged"], &alert["data"]["priority"]), (&json!(true), &json!("P2")));
    say("/v2/alerts/disk/close?identifierType=alias", json!({})).await.is(202);
    say("/v2/alerts/disk/close?identifierType=alias", json!({})).await.is(202);
    read("/v2/alerts/disk?identifierType=alias".to_owned()).await.is(404);
    assert_eq!(read("/v2/alerts/count".to_owned()).await.json()["data"]["count"], 1);
    assert_eq!(read("/v2/alerts/count?query=status%3Aopen".to_owned()).await.json()["data"]["count"], 0);

    let wrong = say(&path, json!({"message": "m", "priority": "P9"})).await.is(422).json();
    assert!(wrong["errors"]["priority"].is_string(), "{wrong}");
    say("/v2/alerts/disk/close?identifierType=name", json!({})).await.is(422);
    say("/v2/alerts/disk/notes?identifierType=alias", json!({})).await.is(422);
    for bad in ["limit=0", "limit=101", "limit=x", "offset=20000", "query=message%3Ax"] {
        read(format!("/v2/alerts?{bad}")).await.is(422);
    }
    bed.send("POST", &path, &[], "{}").await.is(401);
    bed.send("POST", &path, &[("authorization", "GenieKey wrong")], "{}").await.is(403);
    bed.ask("PATCH", &format!("/integrations/{id}"), &json!({"enabled": false})).await.is(200);
    say(&path, good("opsgenie", "", "disk")).await.is(403);
}

#[tokio::test]
async fn a_list_is_read_in_parts() {
    let bed = Bed::new().await;
    let (_, key, path) = bed.integration("opsgenie", json!({})).await;
    let key = genie(&key);
    for number in 0..5 {
        let body = good("opsgenie", "", &format!("disk-{number}")).to_string();
        bed.send("POST", &path, &[("authorization", &key)], body).await.is(202);
    }
    let mut seen = Vec::new();
    let mut next = Some("/v2/alerts?limit=2&query=status%3Aopen".to_owned());
    while let Some(address) = next {
        let part = bed.send("GET", &address, &[("authorization", &key)], "").await.is(200).json();
        seen.extend(part["data"].as_array().unwrap().iter().map(|alert| alert["alias"].clone()));
        next = part["paging"]["next"]
            .as_str()
            .map(|next| next.trim_start_matches("http://decurion.test").to_owned());
    }
    assert_eq!(seen, ["disk-4", "disk-3", "disk-2", "disk-1", "disk-0"]);
}
