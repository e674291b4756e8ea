//! Silences, as the console and scripts reach them.

use std::time::Duration;

use decurion_core::access::AccountRole;
use serde_json::{Value, json};

use crate::bed::Bed;

const HOUR_US: i64 = 3_600 * 1_000_000;

fn matcher(name: &str, operator: &str, value: &str) -> Value {
    json!({"name": name, "operator": operator, "value": value})
}

fn request(bed: &Bed, matchers: &[Value]) -> Value {
    let end_us = bed.engine.now_us() + HOUR_US;
    json!({"matchers": matchers, "end_us": end_us, "reason": "The disks are being replaced."})
}

async fn alert(bed: &Bed, (key, path): (&str, &str), dedup_key: &str) {
    let body = json!({
        "routing_key": key, "event_action": "trigger", "dedup_key": dedup_key,
        "payload": {"summary": format!("{dedup_key} is full"), "source": "db-7", "severity": "warning"},
    });
    bed.send("POST", path, &[], body.to_string()).await.is(202);
}

async fn incidents(bed: &Bed) -> usize {
    bed.get("/incidents").await["items"].as_array().unwrap().len()
}

/// Waits until that many incidents are there.
async fn until_incidents(bed: &Bed, wanted: usize) {
    for _ in 0..500 {
        if incidents(bed).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} incidents, not {wanted}", incidents(bed).await);
}

#[tokio::test]
async fn a_silenced_alert_is_seen_held_back_and_raised_when_the_silence_is_ended() {
    let bed = Bed::new().await;
    let (id, key, path) = bed.integration("pagerduty", json!({})).await;
    let door = (key.as_str(), path.as_str());
    alert(&bed, door, "disk-0").await;
    until_incidents(&bed, 1).await;

    let matchers = [matcher("dedup_key", "=~", "disk-.*"), matcher("integration", "=", &id)];
    let preview = json!({"matchers": matchers});
    let found = bed.ask("POST", "/silences/preview", &preview).await.is(200).json();
    assert_eq!((&found["open"], &found["recent"]), (&json!(1), &json!(1)), "{found}");
    assert_eq!(found["newest"][0]["dedup_key"], "disk-0");

    let made = bed.ask("POST", "/silences", &request(&bed, &matchers)).await.is(201).json();
    assert_eq!((&made["state"], &made["author_name"]), (&json!("active"), &json!("Leila Rahimi")));
    assert_eq!(made["matchers"], json!(matchers));
    let silence = made["id"].as_str().unwrap();
    alert(&bed, door, "disk-0").await;
    alert(&bed, door, "disk-1").await;
    alert(&bed, door, "disk-1").await;
    alert(&bed, door, "other").await;
    until_incidents(&bed, 2).await;

    let held = bed.get("/alerts?status=open&suppressed=true").await;
    let held = held["items"].as_array().unwrap();
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!((&held[0]["suppressed_by"], &held[0]["count"]), (&json!(silence), &json!(2)));
    assert_eq!(held[0]["incident_id"], Value::Null);
    assert_eq!(held[0]["held"]["until_us"], made["end_us"]);
    let alert_path = format!("/alerts/{}", held[0]["id"].as_str().unwrap());
    assert_eq!(bed.get("/silences").await["items"][0]["holds"], 1);

    bed.ask("DELETE", &format!("/silences/{silence}"), &json!({})).await.is(204);
    until_incidents(&bed, 3).await;
    let raised = bed.get(&alert_path).await;
    assert_eq!((&raised["suppressed_by"], &raised["held"]), (&Value::Null, &Value::Null));
    let incident = bed.get(&format!("/incidents/{}", raised["incident_reference"].as_str().unwrap())).await;
    assert_eq!(incident["severity"], held[0]["held"]["severity"], "it is what was said that it would be");
    assert_eq!(bed.get("/silences").await["items"], json!([]));
    let over = bed.get(&format!("/silences/{silence}")).await;
    assert_eq!((&over["state"], &over["expired"]["by"]), (&json!("expired"), &json!("leila")));
    assert_eq!(bed.get("/silences?over=true").await["items"][0]["id"], silence);
    bed.ask("DELETE", &format!("/silences/{silence}"), &json!({})).await.is(409);
    bed.ask("DELETE", "/silences/sil_none", &json!({})).await.is(404);
}

#[tokio::test]
async fn a_silence_ends_by_itself_at_its_instant() {
    let bed = Bed::new().await;
    let (_, key, path) = bed.integration("pagerduty", json!({})).await;
    let body = request(&bed, &[matcher("source", "=", "db-7")]);
    bed.ask("POST", "/silences", &body).await.is(201);
    alert(&bed, (&key, &path), "disk").await;
    assert_eq!(incidents(&bed).await, 0);
    bed.clock.forward_s(3_601);
    until_incidents(&bed, 1).await;
    assert_eq!(bed.get("/alerts?suppressed=true").await["items"], json!([]));
}

#[tokio::test]
async fn a_responder_may_and_what_is_wrong_is_named() {
    let bed = Bed::new().await;
    let token = bed.account("yuki", AccountRole::Responder).await;
    let good = request(&bed, &[matcher("severity", "=", "info")]);
    let made = bed.ask_as(&token, "POST", "/silences", &good).await.is(201).json();
    assert_eq!(made["author"], "yuki");
    let now_us = bed.engine.now_us();
    let with = |part: Value| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        body
    };
    for (field, part) in [
        ("matchers", json!({"matchers": []})),
        ("matchers", json!({"matchers": [matcher("title", "=~", ".*")]})),
        ("matchers", json!({"matchers": [matcher("title", "=~", "(")]})),
        ("matchers", json!({"matchers": [matcher("title", "like", "x")]})),
        ("matchers", json!({"matchers": [matcher("colour", "=", "red")]})),
        ("end_us", json!({"start_us": now_us + HOUR_US, "end_us": now_us + HOUR_US})),
        ("end_us", json!({"end_us": now_us + 400 * 24 * HOUR_US})),
        ("reason", json!({"reason": " "})),
    ] {
        let refused = bed.ask("POST", "/silences", &with(part.clone())).await;
        assert!(refused.status.is_client_error(), "{part}: {}", refused.text);
        assert_eq!(refused.json()["field"], field, "{part}: {}", refused.text);
    }
    bed.send("GET", "/api/v1/silences", &[], "").await.is(401);
}

#[tokio::test]
async fn a_maintenance_window_comes_and_goes_on_the_clocks_of_its_zone() {
    let bed = Bed::new().await;
    let (_, key, path) = bed.integration("pagerduty", json!({})).await;
    let door = (key.as_str(), path.as_str());
    let now_us = bed.engine.now_us();
    let minute_us = 60_000_000;
    let text = |at_us: i64| {
        let at = jiff::Timestamp::from_microsecond(at_us).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        at.strftime("%H:%M").to_string()
    };
    let (begins, ends) = (now_us / minute_us * minute_us + 10 * minute_us, 30 * minute_us);
    let window = json!({"start": text(begins), "end": text(begins + ends)});
    let mut body = request(&bed, &[matcher("source", "=", "db-7")]);
    body["end_us"] = json!(now_us + 30 * 24 * HOUR_US);
    body["repeat"] = json!({"zone": "UTC", "windows": [window]});
    let made = bed.ask("POST", "/silences", &body).await.is(201).json();
    assert_eq!(made["state"], "pending");
    assert_eq!(
        made["repeat"]["windows"][0],
        json!({"days": [], "start": text(begins), "end": text(begins + ends)})
    );
    let day_us = 24 * HOUR_US;
    let times: Vec<Value> = (0..3)
        .map(|day| json!({"start_us": begins + day * day_us, "end_us": begins + ends + day * day_us}))
        .collect();
    assert_eq!(made["next"], json!(times));
    let path = format!("/silences/{}", made["id"].as_str().unwrap());

    alert(&bed, door, "before").await;
    until_incidents(&bed, 1).await;
    bed.clock.forward_s(601);
    assert_eq!(bed.get(&path).await["state"], "active");
    alert(&bed, door, "during").await;
    assert_eq!(incidents(&bed).await, 1);
    let held = bed.get("/alerts?status=open&suppressed=true").await;
    assert_eq!(held["items"][0]["held"]["until_us"], begins + ends, "not the end of the last window");
    bed.clock.forward_s(30 * 60);
    until_incidents(&bed, 2).await;
    assert_eq!(bed.get(&path).await["state"], "pending", "until tomorrow");

    for (field, repeat) in [
        ("repeat.windows[0]", json!({"windows": [{"start": "2:00", "end": "04:00"}]})),
        (
            "repeat.windows[1]",
            json!({"windows": [window, {"days": ["someday"], "start": "02:00", "end": "04:00"}]}),
        ),
        ("repeat", json!({"windows": []})),
        ("repeat", json!({"zone": "Mars", "windows": [window]})),
    ] {
        body["repeat"] = repeat;
        let refused = bed.ask("POST", "/silences", &body).await;
        assert!(refused.status.is_client_error(), "{}", refused.text);
        assert_eq!(refused.json()["field"], field, "{}", refused.text);
    }
    body["repeat"] = json!({"windows": [window]});
    let home = bed.ask("POST", "/silences", &body).await.is(201).json();
    assert_eq!(home["repeat"]["zone"], bed.get("/organisation").await["zone"], "the organisation's");
}
