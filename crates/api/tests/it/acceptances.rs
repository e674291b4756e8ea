//! Accepted findings, as the console and scripts reach them.

use decurion_core::access::AccountRole;
use serde_json::{Value, json};

use crate::bed::Bed;

const DAY_US: i64 = 86_400 * 1_000_000;
const ACCEPTANCES: &str = "/oncall/coverage/acceptances";

/// Leaves L1 without anybody for an hour, and gives the key of the finding.
async fn hole(bed: &Bed) -> String {
    let start_us = bed.engine.now_us() + 30 * 60 * 1_000_000;
    let end_us = start_us + 3_600 * 1_000_000;
    for schedule in ["l1", "l1-second"] {
        let nobody = json!({"kind": "fixed", "people": [], "start_us": start_us, "end_us": end_us});
        bed.ask("POST", &format!("/schedules/{schedule}/overrides"), &nobody).await.is(201);
    }
    let coverage = bed.get("/oncall/coverage").await;
    assert_eq!(coverage["proven"], false);
    finding(&coverage, "COV-1")["key"].as_str().unwrap().to_owned()
}

fn finding<'a>(coverage: &'a Value, rule: &str) -> &'a Value {
    let findings = coverage["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["rule"] == rule).unwrap_or(&Value::Null)
}

/// The keys of what fails and nobody accepted.
async fn failing(bed: &Bed) -> Vec<String> {
    let coverage = bed.get("/oncall/coverage").await;
    let findings = coverage["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|finding| finding["severity"] == "fail" && finding["accepted"].is_null());
    failing.map(|finding| finding["key"].as_str().unwrap().to_owned()).collect()
}

fn accept(bed: &Bed, key: &str, days: i64) -> Value {
    let until_us = bed.engine.now_us() + days * DAY_US;
    json!({"key": key, "reason": "A drill, everybody is in the room.", "until_us": until_us})
}

#[tokio::test]
async fn a_finding_is_accepted_shown_revoked_and_counts_again() {
    let bed = Bed::new().await;
    let key = hole(&bed).await;
    let body = accept(&bed, &key, 5);
    let made = bed.ask("POST", ACCEPTANCES, &body).await.is(201).json();
    assert_eq!((&made["key"], &made["author"]), (&json!(key), &json!("leila")));
    assert_eq!((&made["author_name"], &made["revoked"]), (&json!("Leila Rahimi"), &Value::Null));
    let id = made["id"].as_str().unwrap();

    let coverage = bed.get("/oncall/coverage").await;
    let accepted = &finding(&coverage, "COV-1")["accepted"];
    assert_eq!((&accepted["id"], &accepted["until_us"]), (&json!(id), &body["until_us"]), "{coverage}");
    assert_eq!(accepted["reason"], "A drill, everybody is in the room.");
    assert_eq!(coverage["proven"], failing(&bed).await.is_empty());
    let twice = bed.ask("POST", ACCEPTANCES, &body).await.is(409).json();
    assert!(twice["detail"].as_str().unwrap().contains(made["id"].as_str().unwrap()), "{twice}");

    assert_eq!(bed.get(ACCEPTANCES).await["items"], json!([made]));
    assert_eq!(bed.get(&format!("{ACCEPTANCES}/{id}")).await, made);
    bed.ask("DELETE", &format!("{ACCEPTANCES}/{id}"), &json!({})).await.is(204);
    assert!(failing(&bed).await.contains(&key));
    assert_eq!(bed.get(ACCEPTANCES).await["items"], json!([]));
    let past = bed.get(&format!("{ACCEPTANCES}?over=true")).await;
    assert_eq!(past["items"][0]["revoked"]["by"], "leila", "{past}");
    bed.ask("DELETE", &format!("{ACCEPTANCES}/{id}"), &json!({})).await.is(404);
    bed.ask("GET", &format!("{ACCEPTANCES}/swp_1"), &Value::Null).await.is(404);

    let entries = bed.get("/journal?kind=config.").await;
    let kinds: Vec<_> =
        entries["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert!(kinds.contains(&json!("config.finding_accepted")), "{kinds:?}");
    assert!(kinds.contains(&json!("config.acceptance_revoked")), "{kinds:?}");
}

#[tokio::test]
async fn an_acceptance_ends_by_itself_at_its_instant() {
    let bed = Bed::new().await;
    let key = hole(&bed).await;
    let until_us = bed.engine.now_us() + 60 * 1_000_000;
    let body = json!({"key": key, "reason": "a minute", "until_us": until_us});
    bed.ask("POST", ACCEPTANCES, &body).await.is(201);
    assert!(!failing(&bed).await.contains(&key));
    bed.clock.forward_s(61);
    let coverage = bed.get("/oncall/coverage").await;
    assert_eq!(
        (&coverage["proven"], &finding(&coverage, "COV-1")["accepted"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(finding(&coverage, "COV-17"), &Value::Null, "nobody has to take it out");
    assert_eq!(bed.get(ACCEPTANCES).await["items"], json!([]));
    let body = accept(&bed, &key, 5);
    bed.ask("POST", ACCEPTANCES, &body).await.is(201);
}

#[tokio::test]
async fn those_who_run_the_roster_accept_and_others_read() {
    let bed = Bed::new().await;
    let key = hole(&bed).await;
    let responder = bed.account("yuki", AccountRole::Responder).await;
    let manager = bed.account("ingrid", AccountRole::Responder).await;
    let body = accept(&bed, &key, 5);
    let refused = bed.ask_as(&responder, "POST", ACCEPTANCES, &body).await.is(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("those who run the roster"), "{refused}");
    let made = bed.ask_as(&manager, "POST", ACCEPTANCES, &body).await.is(201).json();
    let one = format!("{ACCEPTANCES}/{}", made["id"].as_str().unwrap());
    bed.ask_as(&responder, "GET", &one, &Value::Null).await.is(200);
    bed.ask_as(&responder, "DELETE", &one, &json!({})).await.is(409);
    bed.ask_as(&manager, "DELETE", &one, &json!({})).await.is(204);
}

#[tokio::test]
async fn what_is_wrong_with_an_acceptance_is_named() {
    let bed = Bed::new().await;
    let key = hole(&bed).await;
    let field = async |name: &str, value: Value| {
        let mut body = accept(&bed, &key, 5);
        body[name] = value;
        bed.ask("POST", ACCEPTANCES, &body).await.is(400).json()["field"].clone()
    };
    assert_eq!(field("key", json!("COV-8/leila")).await, "key", "it is not found");
    assert_eq!(field("key", json!("COV-1/escalation")).await, "key", "a part of a subject is none");
    assert_eq!(field("reason", json!("  ")).await, "reason");
    assert_eq!(field("until_us", json!(bed.engine.now_us())).await, "until_us");
    assert_eq!(field("until_us", json!(bed.engine.now_us() + 367 * DAY_US)).await, "until_us");
    // Every hole of L1, by the key without its beginning.
    let whole = accept(&bed, key.split('@').next().unwrap(), 5);
    bed.ask("POST", ACCEPTANCES, &whole).await.is(201);
    assert!(!failing(&bed).await.contains(&key));
}

#[tokio::test]
async fn what_fails_and_is_accepted_in_whole_is_proven() {
    let bed = Bed::new().await;
    hole(&bed).await;
    let mut made = Vec::new();
    for key in failing(&bed).await {
        let body = accept(&bed, &key, 5);
        made.push(bed.ask("POST", ACCEPTANCES, &body).await.is(201).json());
    }
    assert_eq!(bed.get("/oncall/coverage").await["proven"], true);
    let id = made[0]["id"].as_str().unwrap();
    bed.ask("DELETE", &format!("{ACCEPTANCES}/{id}"), &json!({})).await.is(204);
    assert_eq!(bed.get("/oncall/coverage").await["proven"], false);
}

#[tokio::test]
async fn an_acceptance_stands_beside_the_pack() {
    let bed = Bed::new().await;
    let key = hole(&bed).await;
    let body = accept(&bed, &key, 5);
    bed.ask("POST", ACCEPTANCES, &body).await.is(201);
    let exported = bed.get("/pack").await;
    assert!(!exported.to_string().contains("A drill"), "it is not exported");
    let plan = bed.post("/pack/plan", json!({"files": exported["files"]})).await;
    assert_eq!(plan["mine"], json!({"changes": [], "files": []}), "{plan}");
    let mut files = exported["files"].clone();
    let roles = files["roles.yaml"].as_str().unwrap().replace("Support", "Help");
    files["roles.yaml"] = json!(roles);
    bed.post("/pack/apply", json!({"files": files, "reason": "a name"})).await;
    let coverage = bed.get("/oncall/coverage").await;
    assert_eq!(finding(&coverage, "COV-1")["accepted"]["author"], "leila", "{coverage}");
}
