//! A write that is sent twice is done once, and answered alike, on this node and on the next.

use serde_json::{Value, json};

use crate::bed::{Answer, Bed};

async fn keyed(bed: &Bed, method: &str, path: &str, key: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {}", bed.token);
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", key)];
    bed.send(method, &format!("/api/v1{path}"), &headers, body.to_string()).await
}

#[tokio::test]
async fn a_repeated_write_of_the_pack_is_answered_alike_after_a_restart() {
    let mut bed = Bed::new().await;
    let path = "/pack/objects/role/ir_lead";
    let text = bed.get(path).await["text"].as_str().unwrap().replace("Incident Response Lead", "Lead");
    let put = json!({"text": text, "reason": "shorter", "base_version": 1});
    let first = keyed(&bed, "PUT", path, "k", &put).await.is(200).json();
    assert_eq!(first["version"], 2);

    bed.forget();
    assert_eq!(keyed(&bed, "PUT", path, "k", &put).await.is(200).json(), first);
    assert_eq!(keyed(&bed, "PUT", path, "other", &put).await.is(409).json()["code"], "changed_meanwhile");
    let other = json!({"text": text, "reason": "another request", "base_version": 1});
    assert_eq!(keyed(&bed, "PUT", path, "k", &other).await.is(409).json()["code"], "refused");
    assert_eq!(bed.get("/pack").await["version"], 2);

    let files = json!({"files": bed.get("/pack").await["files"], "reason": "again", "base_version": 1});
    keyed(&bed, "POST", "/pack/apply", "k", &files).await.is(409);
}

#[tokio::test]
async fn a_repeated_write_of_a_roster_is_done_once_after_a_restart() {
    let mut bed = Bed::new().await;
    let start_us = bed.get("/clock").await["now_us"].as_i64().unwrap() + 3_600_000_000;
    let entry = json!({"kind": "fixed", "people": ["yuki"], "start_us": start_us, "end_us": start_us + 3_600_000_000, "reason": "once"});
    let path = "/schedules/l1/overrides";
    let first = keyed(&bed, "POST", path, "k", &entry).await.is(201).json();
    bed.forget();
    assert_eq!(keyed(&bed, "POST", path, "k", &entry).await.is(201).json(), first);
    assert_eq!(bed.get(path).await["items"].as_array().unwrap().len(), 1);

    let gone = format!("{path}/{}", first["id"].as_str().unwrap());
    keyed(&bed, "DELETE", &gone, "gone", &json!({})).await.is(204);
    bed.forget();
    keyed(&bed, "DELETE", &gone, "gone", &json!({})).await.is(204);
    keyed(&bed, "DELETE", &gone, "again", &json!({})).await.is(404);
}

#[tokio::test]
async fn a_refusal_may_be_tried_again_and_a_secret_is_never_stored() {
    let mut bed = Bed::new().await;
    let store = bed.engine.store().clone();
    let me = bed.get("/me").await;
    let scope = format!("account:{}", me["account"]["id"].as_str().unwrap());
    let path = "/pack/objects/role/ir_lead";
    keyed(&bed, "PUT", path, "k", &json!({"text": "id: ir_lead", "reason": " "})).await.is(400);
    assert_eq!(store.idempotency_get(&scope, "k").await.unwrap(), None);

    let asked = json!({"name": "Shop", "kind": "pagerduty"});
    let made = keyed(&bed, "POST", "/integrations", "i", &asked).await.is(201).json();
    assert_eq!(keyed(&bed, "POST", "/integrations", "i", &asked).await.is(201).json(), made);
    assert_eq!(store.idempotency_get(&scope, "i").await.unwrap(), None);

    let renamed = json!({"name": "Store"});
    let path = format!("/integrations/{}", made["id"].as_str().unwrap());
    keyed(&bed, "PATCH", &path, "r", &renamed).await.is(200);
    let kept = store.idempotency_get(&scope, "r").await.unwrap().unwrap();
    assert!(
        kept.response_json.contains("Store") && !kept.response_json.contains(made["key"].as_str().unwrap())
    );

    // Two days later the next answer lets go of this one.
    bed.clock.forward_s(3 * 86_400);
    bed.forget();
    keyed(&bed, "PATCH", &path, "s", &json!({"enabled": false})).await.is(200);
    assert_eq!(store.idempotency_get(&scope, "r").await.unwrap(), None);
}
