//! What people do with a case, and what they read of it.

use decurion_core::access::AccountRole;
use serde_json::{Value, json};

use crate::bed::Bed;

#[tokio::test]
async fn a_case_is_declared_taken_classified_and_ended() {
    let bed = Bed::new().await;
    let declared = bed.declared("Instance credentials used outside AWS").await;
    assert_eq!((&declared["reference"], &declared["status"]), (&json!("INC-1"), &json!("triggered")));
    assert_eq!(declared["levels"].as_array().unwrap().len(), 4);
    assert!(declared["next"]["text"].as_str().unwrap().contains("paged"), "{declared}");

    let taken = bed.post("/incidents/INC-1/acknowledge", json!({})).await;
    assert_eq!(taken["status"], "acknowledged");
    assert_eq!(taken["holder"]["name"], "Leila Rahimi");
    let worse = json!({"severity": "sev1", "customer_facing": true, "reason": "seen in S3"});
    let classified = bed.post("/incidents/INC-1/classify", worse).await;
    assert_eq!(classified["level"], "L3");
    bed.post("/incidents/INC-1/notes", json!({"text": "keys revoked"})).await;
    bed.post("/incidents/INC-1/links", json!({"href": "https://ten.example/doc", "text": "Notes"})).await;
    let ended = bed.post("/incidents/INC-1/resolve", json!({"disposition": "tp_malicious"})).await;
    assert_eq!((&ended["status"], &ended["next"]), (&json!("resolved"), &Value::Null));

    assert_eq!(bed.get("/incidents").await["items"], json!([]));
    assert_eq!(bed.get("/incidents?status=all").await["items"][0]["reference"], "INC-1");
    let by_id = bed.get(&format!("/incidents/{}", ended["id"].as_str().unwrap())).await;
    assert_eq!(by_id, ended);
}

#[tokio::test]
async fn the_timeline_and_the_brief_tell_it_with_names() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    bed.post("/incidents/INC-1/acknowledge", json!({})).await;
    let timeline = bed.get("/incidents/INC-1/timeline").await;
    let said: Vec<&str> =
        timeline["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert!(said.contains(&"Leila Rahimi declared the case as sev3"), "{said:?}");
    assert!(said.contains(&"Leila Rahimi acknowledged and holds the case"), "{said:?}");
    assert_eq!(timeline["items"][0]["actor"]["kind"], "person");
    assert_eq!(timeline["items"][0]["actor"]["name"], "Leila Rahimi");

    let first = bed.get("/incidents/INC-1/timeline?limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = bed.get(&format!("/incidents/INC-1/timeline?limit=2&after={next}")).await;
    assert_eq!(second["items"][0], timeline["items"][2]);
    let back = bed.get("/incidents/INC-1/timeline?order=desc&limit=1").await;
    assert_eq!(back["items"][0], *timeline["items"].as_array().unwrap().last().unwrap());

    let brief = bed.get("/incidents/INC-1/brief").await;
    let text = brief["text"].as_str().unwrap();
    assert!(text.starts_with("INC-1: Ransom note\n"), "{text}");
    assert!(text.contains("held by Leila Rahimi"), "{text}");
}

#[tokio::test]
async fn the_page_ledger_shows_who_was_told_and_how() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    let sent = bed.message(|_| true).await;
    let mut pages = bed.get("/incidents/INC-1/pages").await;
    for _ in 0..100 {
        if pages["items"][0]["notifications"][0]["status"] == "delivered" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        pages = bed.get("/incidents/INC-1/pages").await;
    }
    let page = &pages["items"][0];
    assert_eq!(page["id"], sent.page.as_str());
    assert_eq!((&page["level"], &page["status"]), (&json!("L1"), &json!("open")));
    assert_eq!(page["notifications"][0]["answer"], "kept");
    let mailbox = bed.get(&format!("/mailbox?person_id={}", page["person_id"].as_str().unwrap())).await;
    let message = &mailbox["items"][0];
    assert_eq!(message["incident_reference"], "INC-1");
    assert_eq!(message["subject"], "[INC-1] Ransom note");
    assert!(message["acknowledge_url"].as_str().unwrap().starts_with("http://decurion.test/a/"));
    assert_eq!(message["page_status"], "open");
    assert_eq!(bed.get("/mailbox?person_id=nobody").await["items"], json!([]));
}

#[tokio::test]
async fn the_mailbox_of_others_gives_no_links_away() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    let sent = bed.message(|_| true).await;
    let token = bed.account("bogdan", AccountRole::Responder).await;
    for _ in 0..100 {
        let seen = bed.ask_as(&token, "GET", "/mailbox", &Value::Null).await.is(200).json();
        if let Some(message) = seen["items"].as_array().unwrap().first() {
            assert_ne!(sent.person, "bogdan");
            assert_eq!(message["acknowledge_url"], Value::Null);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the message never came");
}

#[tokio::test]
async fn lowering_takes_two_people() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    bed.post("/incidents/INC-1/raise", json!({"level": "L2", "reason": "not sure"})).await;
    let lower = json!({"level": "L1", "reason": "it was a test"});
    let refused = bed.ask("POST", "/incidents/INC-1/lower", &lower).await.is(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("owner"), "{refused}");
    let yuki = bed.account("yuki", AccountRole::Responder).await;
    let asked = bed.ask_as(&yuki, "POST", "/incidents/INC-1/lower", &lower).await.is(200).json();
    assert_eq!(asked["lowering"]["by"], "yuki");
    bed.ask_as(&yuki, "POST", "/incidents/INC-1/lower/consent", &json!({})).await.is(409);
    let lowered = bed.post("/incidents/INC-1/lower/consent", json!({})).await;
    assert_eq!((&lowered["level"], &lowered["lowering"]), (&json!("L1"), &Value::Null));
}

#[tokio::test]
async fn rest_and_another_person() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    let now_us = bed.get("/clock").await["now_us"].as_i64().unwrap();
    let until = json!({"until_us": now_us + 3_600_000_000});
    bed.ask("POST", "/incidents/INC-1/snooze", &until).await.is(409);
    bed.post("/incidents/INC-1/acknowledge", json!({})).await;
    let resting = bed.post("/incidents/INC-1/snooze", until).await;
    assert_eq!(resting["snoozed_until_us"], now_us + 3_600_000_000);
    let far = bed.ask("POST", "/incidents/INC-1/snooze", &json!({"until_us": i64::MAX})).await.is(400).json();
    assert_eq!(far["field"], "until_us");
    let nobody = bed.ask("POST", "/incidents/INC-1/reassign", &json!({"person_id": "nobody"})).await.is(400);
    assert_eq!(nobody.json()["field"], "person_id");
    bed.post("/incidents/INC-1/reassign", json!({"person_id": "yuki"})).await;
    bed.message(|message| message.person == "Yuki Hoshino").await;
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let bed = Bed::new().await;
    bed.declared("Ransom note").await;
    let field = async |path: &str, body: Value| {
        let problem = bed.ask("POST", path, &body).await.is(400);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.header("x-request-id"), problem.json()["request_id"]);
        problem.json()["field"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(field("/incidents/INC-1/classify", json!({"severity": "bad"})).await, "severity");
    assert_eq!(field("/incidents/INC-1/raise", json!({"level": "L1"})).await, "level");
    assert_eq!(field("/incidents/INC-1/notes", json!({"text": " "})).await, "text");
    assert_eq!(field("/incidents/INC-1/links", json!({"href": "javascript:1", "text": "x"})).await, "href");
    assert_eq!(field("/incidents", json!({"title": " "})).await, "title");
    assert_eq!(field("/incidents", json!({"title": "x", "severty": "sev1"})).await, "severty");
    let query = bed.ask("GET", "/incidents?limit=0", &Value::Null).await.is(400).json();
    assert_eq!(query["field"], "limit");
    let query = bed.ask("GET", "/incidents?limit=many", &Value::Null).await.is(400).json();
    assert_eq!(query["field"], "limit");
    let cursor = bed.ask("GET", "/incidents?after=nonsense", &Value::Null).await.is(400).json();
    assert_eq!(cursor["field"], "after");
    bed.ask("GET", "/incidents/INC-9", &Value::Null).await.is(404);
    bed.ask("POST", "/incidents/inc_nothing/acknowledge", &json!({})).await.is(404);
}

#[tokio::test]
async fn a_write_sent_twice_under_a_key_is_done_once() {
    let bed = Bed::new().await;
    let authorization = format!("Bearer {}", bed.token);
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", "k-1")];
    let declare = async |title: &str| {
        bed.send("POST", "/api/v1/incidents", &headers, json!({"title": title}).to_string()).await
    };
    let first = declare("once").await.is(201).json();
    let second = declare("once").await.is(201).json();
    assert_eq!(first["id"], second["id"]);
    declare("twice").await.is(409);
    assert_eq!(bed.get("/incidents").await["items"].as_array().unwrap().len(), 1);

    let note = async || {
        let headers = [("authorization", authorization.as_str()), ("idempotency-key", "k-2")];
        bed.send("POST", "/api/v1/incidents/INC-1/notes", &headers, r#"{"text":"seen"}"#).await.is(200)
    };
    note().await;
    note().await;
    let timeline = bed.get("/incidents/INC-1/timeline").await;
    let notes = timeline["items"].as_array().unwrap().iter().filter(|line| line["kind"] == "incident.noted");
    assert_eq!(notes.count(), 1);

    let long = "k".repeat(300);
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", long.as_str())];
    bed.send("POST", "/api/v1/incidents", &headers, r#"{"title":"x"}"#).await.is(400);
}

#[tokio::test]
async fn lists_go_on_where_they_were_left() {
    let bed = Bed::new().await;
    for number in 0..5 {
        bed.declared(&format!("case {number}")).await;
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = bed.get(&format!("/incidents?status=all&limit=2{after}")).await;
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["number"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}
