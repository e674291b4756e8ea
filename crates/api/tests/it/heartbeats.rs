//! Heartbeats and sources that must be heard from, as senders and the console reach them.

use serde_json::{Value, json};

use crate::bed::Bed;

async fn one(bed: &Bed, id: &str) -> Value {
    let all = bed.get("/integrations").await;
    all["items"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone()
}

#[tokio::test]
async fn a_heartbeat_is_made_beats_and_is_missed() {
    let bed = Bed::new().await;
    let (id, _, path) = bed.integration("heartbeat", json!({"quiet_after_s": 600})).await;
    let made = one(&bed, &id).await;
    assert_eq!((&made["quiet_after_s"], &made["quiet_since_us"]), (&json!(600), &Value::Null));
    assert!(path.ends_with("/beat"), "{path}");
    for method in ["GET", "POST"] {
        let answer = bed.send(method, &path, &[], "").await.is(202);
        let due_us = answer.json()["due_us"].as_i64().unwrap();
        assert!((due_us - bed.engine.now_us() - 600_000_000).abs() < 10_000_000, "{due_us}");
        assert_eq!(answer.header("x-decurion-signal"), answer.json()["signal_id"]);
    }
    assert!(one(&bed, &id).await["last_signal_us"].is_i64());
    bed.clock.forward_s(700);
    for _ in 0..500 {
        if bed.get("/alerts").await["items"].as_array().unwrap().len() == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let missed = one(&bed, &id).await;
    let late_us = bed.engine.now_us() - missed["quiet_since_us"].as_i64().unwrap();
    assert!((0..10_000_000).contains(&late_us), "{late_us}");
    let board = bed.get("/board").await;
    let source = board["sources"].as_array().unwrap().iter().find(|source| source["integration_id"] == *id);
    assert_eq!(source.unwrap()["quiet_since_us"], missed["quiet_since_us"]);
    let alert = bed.get("/alerts").await["items"][0].clone();
    assert_eq!(alert["integration_id"], *id, "{alert}");
    bed.get(&format!("/alerts/{}", alert["id"].as_str().unwrap())).await;
    bed.send("POST", &path, &[], "not even JSON").await.is(202);
    assert_eq!(bed.get(&format!("/alerts/{}", alert["id"].as_str().unwrap())).await["status"], "resolved");
    assert_eq!(one(&bed, &id).await["quiet_since_us"], Value::Null);
}

#[tokio::test]
async fn how_long_a_source_may_be_quiet_is_bounded_and_a_heartbeat_must_say_it() {
    let bed = Bed::new().await;
    let new = |more: Value| {
        let mut body = json!({"kind": "heartbeat", "name": "Backup"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for more in [
        json!({}),
        json!({"quiet_after_s": 9}),
        json!({"quiet_after_s": 40_000_000}),
        json!({"quiet_after_s": -1}),
    ] {
        let answer = bed.ask("POST", "/integrations", &new(more)).await.is(400);
        assert_eq!(answer.json()["field"], "quiet_after_s");
    }
    let (id, ..) = bed.integration("heartbeat", json!({"quiet_after_s": 60})).await;
    let path = format!("/integrations/{id}");
    let answer = bed.ask("PATCH", &path, &json!({"quiet_after_s": 0})).await.is(400);
    assert_eq!(answer.json()["field"], "quiet_after_s");
    bed.ask("PATCH", &path, &json!({"quiet_after_s": 5_400})).await.is(200);
    let object = bed.get(&format!("/pack/objects/integration/{id}")).await;
    assert_eq!(object["value"]["quiet_after"], "1h30m");
    bed.ask("POST", &format!("{path}/test"), &json!({})).await.is(409);
    let (other, ..) = bed.integration("pagerduty", json!({"quiet_after_s": 60})).await;
    let changed =
        bed.ask("PATCH", &format!("/integrations/{other}"), &json!({"quiet_after_s": 0})).await.is(200);
    assert_eq!(changed.json()["quiet_after_s"], Value::Null);
}

#[tokio::test]
async fn opsgenie_clients_ping_a_heartbeat_by_its_name() {
    let bed = Bed::new().await;
    let (_, key, _) = bed.integration("opsgenie", json!({})).await;
    let (id, ..) = bed.integration("heartbeat", json!({"quiet_after_s": 3_600})).await;
    let name = one(&bed, &id).await["name"].as_str().unwrap().replace(' ', "%20");
    let genie = format!("GenieKey {key}");
    let headers = [("authorization", genie.as_str())];
    let pong = bed.send("GET", &format!("/v2/heartbeats/{name}/ping"), &headers, "").await.is(202);
    assert_eq!(pong.json()["result"], "PONG - Heartbeat received");
    bed.send("POST", &format!("/v2/heartbeats/{id}/ping"), &headers, "{}").await.is(202);
    assert!(one(&bed, &id).await["last_signal_us"].is_i64());
    let shown = bed.send("GET", &format!("/v2/heartbeats/{name}"), &headers, "").await.is(200).json();
    let data = &shown["data"];
    assert_eq!((&data["interval"], &data["intervalUnit"]), (&json!(1), &json!("hours")), "{shown}");
    assert_eq!((&data["expired"], &data["enabled"]), (&json!(false), &json!(true)));
    let all = bed.send("GET", "/v2/heartbeats", &headers, "").await.is(200).json();
    assert_eq!(all["data"]["heartbeats"].as_array().unwrap().len(), 1);
    bed.send("GET", "/v2/heartbeats/nobody/ping", &headers, "").await.is(404);
    bed.send("GET", &format!("/v2/heartbeats/{name}/ping"), &[], "").await.is(401);
    bed.ask("PATCH", &format!("/integrations/{id}"), &json!({"enabled": false})).await.is(200);
    bed.send("GET", &format!("/v2/heartbeats/{name}/ping"), &headers, "").await.is(403);
}

#[tokio::test]
async fn a_source_is_quiet_when_its_time_is_over_and_not_before_however_long_it_was_unheard() {
    let bed = Bed::new().await;
    let (id, ..) = bed.integration("pagerduty", json!({})).await;
    bed.clock.forward_s(86_400);
    bed.ask("PATCH", &format!("/integrations/{id}"), &json!({"quiet_after_s": 600})).await.is(200);
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    assert_eq!(one(&bed, &id).await["quiet_since_us"], Value::Null);
    bed.clock.forward_s(601);
    for _ in 0..500 {
        if one(&bed, &id).await["quiet_since_us"].is_i64() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it is not said to be quiet");
}
