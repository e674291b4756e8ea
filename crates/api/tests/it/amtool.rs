//! Alertmanager's silences, alerts and status at an integration's door, in the shapes its clients read.

use serde_json::{Value, json};

use crate::bed::Bed;

/// An integration of Prometheus's, with one door for alerts and everything else below it.
async fn door(bed: &Bed) -> (String, String) {
    let (id, _, path) = bed.integration("alertmanager_api", json!({})).await;
    (id, path.strip_suffix("/api/v2/alerts").unwrap_or(&path).to_owned() + "/api/v2")
}

fn instant(at_us: i64) -> String {
    jiff::Timestamp::from_microsecond(at_us).unwrap().to_string()
}

fn matcher(name: &str, value: &str, is_regex: bool, is_equal: bool) -> Value {
    json!({"name": name, "value": value, "isRegex": is_regex, "isEqual": is_equal})
}

fn request(bed: &Bed, matchers: &[Value]) -> Value {
    let now_us = bed.engine.now_us();
    json!({
        "matchers": matchers, "createdBy": "ops", "comment": "disks are replaced",
        "startsAt": instant(now_us - 1_000_000), "endsAt": instant(now_us + 3_600_000_000),
    })
}

async fn post(bed: &Bed, path: &str, body: &Value) -> crate::bed::Answer {
    bed.send("POST", path, &[("content-type", "application/json")], body.to_string()).await
}

async fn get(bed: &Bed, path: &str) -> Value {
    bed.send("GET", path, &[], "").await.is(200).json()
}

async fn fire(bed: &Bed, door: &str, name: &str) {
    let alert =
        json!([{"labels": {"alertname": name, "severity": "warning"}, "annotations": {"summary": "full"}}]);
    post(bed, &format!("{door}/alerts"), &alert).await.is(200);
}

#[tokio::test]
async fn a_silence_made_at_the_door_holds_back_what_comes_through_it_and_nothing_else() {
    let bed = Bed::new().await;
    let (id, door) = door(&bed).await;
    let (_, other) = self::door(&bed).await;
    let silences = format!("{door}/silences");
    let asked =
        request(&bed, &[matcher("alertname", "Disk.*", true, true), matcher("env", "prod", false, false)]);
    let made = post(&bed, &silences, &asked).await.is(200).json();
    let silence = made["silenceID"].as_str().unwrap().to_owned();
    fire(&bed, &door, "DiskFull").await;
    fire(&bed, &door, "Down").await;
    fire(&bed, &other, "DiskFull").await;
    let alerts = get(&bed, &format!("{door}/alerts?active=false")).await;
    assert_eq!(alerts.as_array().unwrap().len(), 1, "{alerts}");
    assert_eq!(
        alerts[0]["status"],
        json!({"state": "suppressed", "silencedBy": [silence], "inhibitedBy": []})
    );
    assert_eq!(alerts[0]["labels"], json!({"alertname": "DiskFull", "severity": "warning"}));
    assert_eq!(alerts[0]["annotations"], json!({"summary": "full"}));
    let down = get(&bed, &format!("{door}/alerts?filter=alertname%3D%22Down%22&silenced=true")).await;
    assert_eq!((&down[0]["status"]["state"], down.as_array().unwrap().len()), (&json!("active"), 1));
    assert_eq!(get(&bed, &format!("{other}/alerts?active=true")).await.as_array().unwrap().len(), 1);
    assert_eq!(get(&bed, &format!("{door}/alerts?receiver=nobody")).await, json!([]));

    let shown = get(&bed, &format!("{door}/silence/{silence}")).await;
    assert_eq!((&shown["status"]["state"], &shown["createdBy"]), (&json!("active"), &json!("ops")));
    assert_eq!(shown["matchers"], asked["matchers"], "the integration is not a matcher of theirs");
    assert_eq!(get(&bed, &silences).await, json!([shown]));
    assert_eq!(get(&bed, &format!("{silences}?filter=alertname%3D%22other%22")).await, json!([]));
    let ours = bed.get(&format!("/silences/{silence}")).await;
    assert_eq!(ours["matchers"][0], json!({"name": "integration", "operator": "=", "value": id}));
    assert!(ours["author_name"].as_str().unwrap().starts_with("ops, over "), "{ours}");
    assert_eq!((&ours["holds"], &ours["author"]), (&json!(1), &json!(id)));

    // Neither is anybody else's to see, and whoever has another key cannot end it.
    assert_eq!(get(&bed, &format!("{other}/silences")).await, json!([]));
    bed.send("DELETE", &format!("{other}/silence/{silence}"), &[], "").await.is(404);

    // A change is a new silence in the place of the former.
    let mut changed = request(&bed, &[matcher("alertname", "DiskFull", false, true)]);
    changed["id"] = json!(silence);
    let second =
        post(&bed, &silences, &changed).await.is(200).json()["silenceID"].as_str().unwrap().to_owned();
    assert_ne!(second, silence);
    assert_eq!(get(&bed, &format!("{door}/silence/{silence}")).await["status"]["state"], "expired");
    bed.send("DELETE", &format!("{door}/silence/{second}"), &[], "").await.is(200);
    bed.send("DELETE", &format!("{door}/silence/{second}"), &[], "").await.is(200);
    let states: Vec<Value> = get(&bed, &silences)
        .await
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["status"]["state"].clone())
        .collect();
    assert_eq!(states, ["expired", "expired"]);
    for _ in 0..500 {
        if bed.get("/incidents").await["items"].as_array().unwrap().len() == 3 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("what the silence held back was not raised");
}

#[tokio::test]
async fn what_people_silenced_of_an_integration_is_seen_at_its_door() {
    let bed = Bed::new().await;
    let (id, door) = door(&bed).await;
    let of = |matchers: Value| json!({"matchers": matchers, "end_us": bed.engine.now_us() + 3_600_000_000, "reason": "load test"});
    let integration = json!({"name": "integration", "operator": "=", "value": id});
    let severity = json!({"name": "severity", "operator": "=~", "value": "info|warning"});
    bed.ask("POST", "/silences", &of(json!([integration, severity]))).await.is(201);
    bed.ask("POST", "/silences", &of(json!([severity]))).await.is(201);
    let seen = get(&bed, &format!("{door}/silences")).await;
    assert_eq!(seen.as_array().unwrap().len(), 1, "the other is about everybody's: {seen}");
    assert_eq!(seen[0]["matchers"], json!([matcher("decurion_severity", "info|warning", true, true)]));
    assert_eq!(seen[0]["createdBy"], "Leila Rahimi");
}

#[tokio::test]
async fn what_is_wrong_with_a_silence_is_a_json_text_as_with_alertmanager() {
    let bed = Bed::new().await;
    let (_, door) = door(&bed).await;
    let silences = format!("{door}/silences");
    let good = request(&bed, &[matcher("alertname", "DiskFull", false, true)]);
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let past = instant(bed.engine.now_us() - 1_000_000);
    for (body, said) in [
        (with("matchers", json!([])), "matcher"),
        (with("matchers", json!([matcher("alertname", ".*", true, true)])), "almost everything"),
        (with("matchers", json!([matcher("alertname", "(", true, true)])), "no regular expression"),
        (
            with("matchers", json!([matcher("decurion_colour", "red", false, true)])),
            "nothing that an alert has",
        ),
        (with("endsAt", json!(past)), "past"),
        (with("endsAt", json!("soon")), "endsAt"),
        (with("comment", json!("")), "say why"),
        (with("startsAt", Value::Null), "startsAt"),
    ] {
        let refused = post(&bed, &silences, &body).await.is(400);
        assert!(
            refused.json().as_str().is_some_and(|text| text.contains(said) || text.contains("null")),
            "{said}: {}",
            refused.text
        );
    }
    post(&bed, &silences, &with("id", json!("sil_none"))).await.is(404);
    bed.send("GET", &format!("{door}/silence/sil_none"), &[], "").await.is(404);
    bed.send("GET", &format!("{silences}?filter=nonsense"), &[], "").await.is(400);
    bed.send("GET", &format!("{door}/alerts?active=perhaps"), &[], "").await.is(400);
    bed.send("GET", "/integrations/none/api/v2/silences", &[], "").await.is(404);
    assert_eq!(get(&bed, &format!("{door}/receivers")).await, json!([{"name": "decurion"}]));
    let status = get(&bed, &format!("{door}/status")).await;
    assert!(status["config"]["original"].as_str().unwrap().contains("receiver: decurion"));
    assert_eq!(get(&bed, &silences).await, json!([]), "nothing wrong was kept");
}
