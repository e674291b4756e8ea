//! Integrations, mappings, packs, schedules, and what the board shows of them.

use serde_json::{Value, json};

use crate::bed::{Bed, ten};

#[tokio::test]
async fn an_integration_is_made_changed_and_removed() {
    let bed = Bed::new().await;
    let (id, key, _) = bed.integration("generic", json!({"mapping": {"title": "body.t"}})).await;
    let listed = bed.get("/integrations").await;
    let mine =
        listed["items"].as_array().unwrap().iter().find(|item| item["id"] == id.as_str()).unwrap().clone();
    assert_eq!((&mine["origin"], &mine["enabled"]), (&json!("console"), &json!(true)));
    assert_eq!(mine["mapping"], json!({"title": "body.t"}));
    assert!(!listed.to_string().contains(&key), "a key is shown once");

    let rotated = bed.post(&format!("/integrations/{id}/rotate"), json!({})).await;
    assert_ne!(rotated["key"], key.as_str());
    bed.send("POST", &format!("/integrations/{key}/events"), &[], r#"{"t":"x"}"#).await.is(404);
    let path = rotated["url"].as_str().unwrap().trim_start_matches("http://decurion.test").to_owned();
    bed.send("POST", &path, &[], r#"{"t":"x"}"#).await.is(202);

    let bad = json!({"mapping": {"title": "body.("}});
    let refused = bed.ask("PATCH", &format!("/integrations/{id}"), &bad).await.is(400).json();
    assert_eq!(refused["field"], "mapping.title");
    bed.ask("DELETE", &format!("/integrations/{id}"), &Value::Null).await.is(204);
    bed.send("POST", &path, &[], r#"{"t":"x"}"#).await.is(404);
    bed.ask("DELETE", "/integrations/int_nothing", &Value::Null).await.is(404);
}

#[tokio::test]
async fn a_key_makes_one_integration() {
    let bed = Bed::new().await;
    let authorization = format!("Bearer {}", bed.token);
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", "i")];
    let make = async || {
        let body = json!({"name": "n", "kind": "pagerduty"}).to_string();
        bed.send("POST", "/api/v1/integrations", &headers, body).await.is(201).json()
    };
    assert_eq!(make().await, make().await);
}

#[tokio::test]
async fn a_mapping_is_tried_on_an_example() {
    let bed = Bed::new().await;
    let mapping = json!({"title": "body.detail.title", "severity": "body.sev > 7 ? 'critical' : 'info'"});
    let example = json!({"detail": {"title": "Crypto mining"}, "sev": 8}).to_string();
    let tried = bed.post("/mapping/try", json!({"mapping": mapping, "body": example})).await;
    assert_eq!(tried["events"][0]["title"], "Crypto mining");
    assert_eq!(tried["events"][0]["severity"], "critical");
    assert_eq!(tried["values"]["title"], "Crypto mining");
    assert_eq!(tried["error"], Value::Null);
    let broken = bed.post("/mapping/try", json!({"mapping": {"title": "body.("}, "body": "{}"})).await;
    assert_eq!(broken["error"]["field"], "title");
    let no_json = bed.post("/mapping/try", json!({"mapping": {"title": "body.t"}, "body": "{"})).await;
    assert!(no_json["error"]["message"].is_string());
}

#[tokio::test]
async fn a_pack_is_looked_at_and_applied() {
    let bed = Bed::new().await;
    let pack = bed.get("/pack").await;
    assert_eq!(pack["version"], 1);
    let mut files = ten();
    let organisation = files["organisation.yaml"].replace("Ingrid Solberg", "Ingrid Berg");
    files.insert("organisation.yaml".to_owned(), organisation);
    let plan = bed.post("/pack/plan", json!({"files": files})).await;
    let change = json!({"path": "person ingrid name", "kind": "changed", "before": "Ingrid Solberg", "after": "Ingrid Berg"});
    assert_eq!(plan["merged"]["changes"], json!([change]), "{plan}");
    assert_eq!(plan["merged"]["files"], json!([{"path": "organisation.yaml", "kind": "changed"}]));
    let apply = json!({"files": files, "reason": "married", "base_version": 1});
    assert_eq!(bed.post("/pack/apply", apply.clone()).await["version"], 2);
    let people = bed.get("/organisation").await["people"].to_string();
    assert!(people.contains("Ingrid Berg"));
    let late = bed.ask("POST", "/pack/apply", &apply).await.is(409).json();
    assert!(late["detail"].as_str().unwrap().contains("version 2"), "{late}");

    files.insert("organisation.yaml".to_owned(), "kind: organisation\nname: [".to_owned());
    let findings = bed.post("/pack/plan", json!({"files": files})).await["findings"].clone();
    assert_eq!(findings[0]["file"], "organisation.yaml");
    assert_eq!(findings[0]["severity"], "error");
    let broken = json!({"files": files, "reason": "r"});
    let refused = bed.ask("POST", "/pack/apply", &broken).await.is(400).json();
    assert!(refused["detail"].as_str().unwrap().contains("organisation.yaml"), "{refused}");
}

#[tokio::test]
async fn an_override_changes_who_is_on_call_until_it_is_taken_back() {
    let bed = Bed::new().await;
    let now_us = bed.get("/clock").await["now_us"].as_i64().unwrap();
    let (start_us, end_us) = (now_us - 3_600_000_000, now_us + 3_600_000_000);
    let fixed = json!({"kind": "fixed", "people": ["eszter"], "start_us": start_us, "end_us": end_us, "reason": "swap"});
    let entered = bed.ask("POST", "/schedules/l1/overrides", &fixed).await.is(201).json();
    assert_eq!((&entered["kind"], &entered["author"]), (&json!("fixed"), &json!("leila")));
    let board = bed.get("/board").await;
    assert_eq!(board["levels"][0]["people"][0]["person_id"], "eszter");
    let oncall = bed.get(&format!("/oncall?from_us={now_us}&to_us={end_us}")).await;
    let l1 = oncall["schedules"].as_array().unwrap().iter().find(|schedule| schedule["id"] == "l1").unwrap();
    assert_eq!(
        (&l1["shifts"][0]["overridden"], &l1["shifts"][0]["people"][0]["person_id"]),
        (&json!(true), &json!("eszter"))
    );
    assert_eq!(bed.get("/schedules/l1/overrides").await["items"][0]["id"], entered["id"]);

    let path = format!("/schedules/l1/overrides/{}", entered["id"].as_str().unwrap());
    bed.ask("DELETE", &path, &Value::Null).await.is(204);
    bed.ask("DELETE", &path, &Value::Null).await.is(404);
    assert_eq!(bed.get("/schedules/l1/overrides").await["items"], json!([]));
    let backwards = json!({"kind": "add", "person_id": "eszter", "start_us": end_us, "end_us": start_us});
    let refused = bed.ask("POST", "/schedules/l1/overrides", &backwards).await.is(400).json();
    assert_eq!(refused["field"], "end_us");
    let who = json!({"kind": "replace", "person_id": "leila", "start_us": start_us, "end_us": end_us});
    let refused = bed.ask("POST", "/schedules/l1/overrides", &who).await.is(400).json();
    assert_eq!(refused["field"], "by_person_id");
    bed.ask("POST", "/schedules/nothing/overrides", &who).await.is(404);
}

#[tokio::test]
async fn layers_are_shown_alone_when_they_are_asked_for() {
    let bed = Bed::new().await;
    let monday_us = 1_792_360_800_000_000_i64; // 2026-10-19 00:00 in Stockholm
    let week = format!("/oncall?from_us={monday_us}&to_us={}", monday_us + 7 * 86_400_000_000);
    let plain = bed.get(&week).await;
    assert_eq!(plain["schedules"][0]["layer_shifts"], json!([]));
    let shown = bed.get(&format!("{week}&layers=true")).await;
    let l1 = shown["schedules"].as_array().unwrap().iter().find(|schedule| schedule["id"] == "l1").unwrap();
    let layers = l1["layer_shifts"].as_array().unwrap();
    let names: Vec<&str> = layers.iter().map(|layer| layer["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["weekday days", "weekday nights", "weekends"]);
    let days = layers[0]["shifts"].as_array().unwrap();
    assert_eq!(days.len(), 5, "five days, and nothing between them");
    let hours = |shift: &Value| shift["end_us"].as_i64().unwrap() - shift["start_us"].as_i64().unwrap();
    assert!(
        days.iter().all(|day| hours(day) == 8 * 3_600_000_000 && day["people"][0]["person_id"] == "leila")
    );
}

#[tokio::test]
async fn the_board_shows_duties_and_the_day() {
    let bed = Bed::new().await;
    let (_, key, path) = bed.integration("generic", json!({})).await;
    bed.send("POST", &path, &[], r#"{"title":"Disk full","dedup_key":"d","severity":"error"}"#).await.is(202);
    assert!(path.contains(&key));
    let board = bed.get("/board").await;
    let levels: Vec<&str> =
        board["levels"].as_array().unwrap().iter().map(|level| level["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["L1", "L2", "L3", "executive"]);
    assert!(board["levels"][0]["people"][0]["until_us"].is_i64());
    assert_eq!(board["levels"][1]["people"].as_array().unwrap().len(), 2);
    assert_eq!((&board["today"]["alerts"], &board["today"]["paged"]), (&json!(1), &json!(1)));
    assert_eq!(board["today"]["points"][0]["title"], "Disk full");
    assert_eq!(board["incidents"][0]["reference"], "INC-1");
    let source = board["sources"].as_array().unwrap().iter().find(|source| source["alerts_today"] == 1);
    assert!(source.unwrap()["last_signal_us"].is_i64());
    let coverage = bed.get("/oncall/coverage").await;
    assert_eq!(coverage["findings"], board["findings"]);
}

#[tokio::test]
async fn the_organisation_says_who_can_be_reached() {
    let bed = Bed::new().await;
    let organisation = bed.get("/organisation").await;
    assert_eq!(organisation["name"], "Ten");
    let leila =
        organisation["people"].as_array().unwrap().iter().find(|person| person["id"] == "leila").unwrap();
    assert_eq!((&leila["reachable"], &leila["why_not"]), (&json!(true), &Value::Null));
    let ladder = &organisation["policies"][0]["levels"];
    assert_eq!(ladder[1]["steps"][0]["page"], json!(["Senior SOC Engineer", "Incident Response Lead"]));
    assert!(ladder[1]["when"][0].as_str().unwrap().contains("severity"), "{ladder}");
    assert_eq!(ladder[1]["steps"][0]["round_robin"], false);

    let object = bed.get("/pack/objects/escalation/escalation").await;
    let text = object["text"].as_str().unwrap().replacen(
        "- page: [{role: senior_soc}, {role: ir_lead}]\n",
        "- page: [{role: senior_soc}, {role: ir_lead}]\n        round_robin: true\n",
        1,
    );
    let put = json!({"text": text, "reason": "one at a time"});
    bed.ask("PUT", "/pack/objects/escalation/escalation", &put).await.is(200);
    let step = bed.get("/organisation").await["policies"][0]["levels"][1]["steps"][0].clone();
    assert_eq!(step["round_robin"], true, "{step}");
    assert_eq!(step["page"], json!(["Senior SOC Engineer", "Incident Response Lead"]));
}

#[tokio::test]
async fn coverage_is_proven_until_somebody_leaves_a_hole() {
    let bed = Bed::new().await;
    let coverage = bed.get("/oncall/coverage").await;
    assert_eq!((&coverage["proven"], &coverage["findings"]), (&json!(true), &json!([])), "{coverage}");
    let start_us = bed.get("/clock").await["now_us"].as_i64().unwrap() + 30 * 60 * 1_000_000;
    let end_us = start_us + 3_600 * 1_000_000;
    for schedule in ["l1", "l1-second"] {
        let nobody =
            json!({"kind": "fixed", "people": [], "start_us": start_us, "end_us": end_us, "reason": "test"});
        bed.ask("POST", &format!("/schedules/{schedule}/overrides"), &nobody).await.is(201);
    }
    let coverage = bed.get("/oncall/coverage?days=2").await;
    assert_eq!(
        coverage["to_us"].as_i64().unwrap() - coverage["from_us"].as_i64().unwrap(),
        2 * 86_400_000_000
    );
    let hole = &coverage["findings"][0];
    assert_eq!(
        (&hole["rule"], &hole["severity"], &hole["level"]),
        (&json!("COV-1"), &json!("fail"), &json!("L1"))
    );
    assert_eq!((&hole["start_us"], &hole["end_us"]), (&json!(start_us), &json!(end_us)), "{hole}");
    assert!(hole["key"].as_str().unwrap().starts_with("COV-1/escalation/L1@"), "{hole}");
    assert_eq!(coverage["proven"], false);
    bed.ask("GET", "/oncall/coverage?days=0", &Value::Null).await.is(400);
}
