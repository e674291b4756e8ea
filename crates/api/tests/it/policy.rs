//! Policy as code: previews, edits of one object, versions, history, and two sides that both changed.

use serde_json::{Value, json};

use crate::bed::{Bed, ten};

const HOUR_US: i64 = 3_600_000_000;

#[tokio::test]
async fn a_preview_says_whose_shifts_change_and_changes_nothing() {
    let bed = Bed::new().await;
    let now_us = bed.get("/clock").await["now_us"].as_i64().unwrap();
    let (start_us, end_us) = (now_us + HOUR_US, now_us + 2 * HOUR_US);
    // Somebody who takes no turns in it, at whatever hour this runs.
    let entry = json!({"schedule_id": "l1", "kind": "fixed", "people": ["ingrid"], "start_us": start_us, "end_us": end_us});
    let answer = bed.post("/oncall/preview", json!({"override": entry})).await;
    assert_eq!(answer["possible"], true, "{answer}");
    let people = answer["preview"]["people"].as_array().unwrap();
    let gained: Vec<&Value> = people.iter().filter(|own| own["gained_s"] == 3_600).collect();
    assert_eq!((gained.len(), &gained[0]["name"]), (1, &json!("Ingrid Solberg")), "{answer}");
    assert_eq!(gained[0]["gained"][0]["start_us"], start_us);
    // A handover may lie within that hour: then two lose a part of it.
    let lost_s: i64 = people.iter().map(|own| own["lost_s"].as_i64().unwrap()).sum();
    assert_eq!(lost_s, 3_600, "{answer}");
    assert_eq!(bed.get("/schedules/l1/overrides").await["items"], json!([]));

    let nobody = json!({"schedule_id": "l1", "kind": "fixed", "people": ["ghost"], "start_us": start_us, "end_us": end_us});
    bed.ask("POST", "/oncall/preview", &json!({"override": nobody})).await.is(400);
    bed.ask("POST", "/oncall/preview", &json!({})).await.is(400);
}

#[tokio::test]
async fn a_preview_of_a_document_says_what_the_checks_would_say() {
    let bed = Bed::new().await;
    let object = bed.get("/pack/objects/schedule/l1").await;
    let text = object["text"].as_str().unwrap().to_owned();
    let mut without_nights = object["value"].clone();
    assert_eq!(without_nights["layers"][1]["name"], "weekday nights");
    without_nights["layers"][1]["active"][0]["days"] = json!(["mon"]);
    let asked = |text: &str| json!({"document": {"kind": "schedule", "id": "l1", "text": text}});
    let fewer = json!({"document": {"kind": "schedule", "id": "l1", "value": without_nights}});
    let answer = bed.post("/oncall/preview", fewer).await;
    let lost = |own: &Value| own["lost_s"].as_i64().unwrap() > 0;
    assert!(answer["preview"]["people"].as_array().unwrap().iter().any(lost), "{answer}");
    assert!(!answer["preview"]["findings_new"].as_array().unwrap().is_empty(), "{answer}");
    let same = bed.post("/oncall/preview", asked(&text)).await;
    assert_eq!(same["preview"]["people"], json!([]));

    let broken = bed.post("/oncall/preview", asked(&text.replace("leila", "leyla"))).await;
    assert_eq!((&broken["possible"], &broken["preview"]), (&json!(false), &Value::Null));
    assert!(broken["findings"].to_string().contains("did you mean `leila`?"), "{broken}");
    let other = json!({"document": {"kind": "schedule", "id": "l1", "text": "id: l2"}});
    assert_eq!(bed.ask("POST", "/oncall/preview", &other).await.is(400).json()["field"], "text");
}

#[tokio::test]
async fn an_integration_made_in_the_console_is_a_document_of_the_pack() {
    let bed = Bed::new().await;
    let (id, key, _) = bed.integration("generic", json!({"mapping": {"title": "body.t"}})).await;
    let pack = bed.get("/pack").await;
    assert_eq!(
        (&pack["version"], &pack["origin"], &pack["base_version"]),
        (&json!(2), &json!("edit"), &json!(1))
    );
    let file = pack["files"]["console/integrations.yaml"].as_str().unwrap();
    assert!(file.contains(&format!("- id: {id}\n")) && !pack.to_string().contains(&key), "{file}");

    let path = format!("/integrations/{id}");
    bed.ask("PATCH", &path, &json!({"name": "Shop", "enabled": false})).await.is(200);
    let object = bed.get(&format!("/pack/objects/integration/{id}")).await;
    assert_eq!((&object["value"]["name"], &object["value"]["enabled"]), (&json!("Shop"), &json!(false)));
    let history = bed.get(&format!("/pack/objects/integration/{id}/history")).await;
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    assert!(
        history["items"][0]["reason"].as_str().unwrap().contains("renamed to Shop, disabled"),
        "{history}"
    );
    assert!(history["items"][0]["author"].as_str().unwrap().contains("leila"), "{history}");

    // The files of the server are the whole configuration: the same again change nothing.
    let files = bed.get("/pack").await["files"].clone();
    let again = bed.post("/pack/apply", json!({"files": files, "reason": "again"})).await;
    assert_eq!((&again["version"], &again["changes"], &again["files"]), (&json!(3), &json!([]), &json!([])));

    bed.ask("DELETE", &path, &Value::Null).await.is(204);
    assert_eq!(bed.get("/pack").await["files"], json!(ten()));
    let back = json!({"version": 3, "reason": "too early"});
    bed.ask("POST", &format!("/pack/objects/integration/{id}/restore"), &back).await.is(200);
    let listed = bed.get("/integrations").await.to_string();
    assert!(listed.contains("\"Shop\""), "{listed}");
    bed.send("POST", &format!("/integrations/{key}/events"), &[], r#"{"t":"x"}"#).await.is(404);
}

#[tokio::test]
async fn one_object_is_changed_with_its_comments_and_brought_back() {
    let bed = Bed::new().await;
    let path = "/pack/objects/role/ir_lead";
    let text = "# While Mateus is away.\nid: ir_lead\nname: Incident Response Lead\nholders: [yuki]\ndeputies: [ingrid, anneli, kwame]\n";
    let put = json!({"text": text, "reason": "away", "base_version": 1});
    assert_eq!(bed.ask("PUT", path, &put).await.is(200).json()["version"], 2);
    assert_eq!(bed.get(path).await["text"], text);
    let files = bed.get("/pack").await["files"].clone();
    assert!(files["roles.yaml"].as_str().unwrap().starts_with("# Who answers for what"), "{files}");
    assert!(bed.get("/organisation").await.to_string().contains("Hoshino"));
    assert_eq!(bed.ask("PUT", path, &put).await.is(409).json()["code"], "changed_meanwhile");
    bed.ask("PUT", path, &json!({"text": text, "reason": " "})).await.is(400);
    bed.ask("PUT", path, &json!({"reason": "r"})).await.is(400);
    let broken = json!({"text": text.replace("yuki", "nobody"), "reason": "r"});
    assert!(
        bed.ask("PUT", path, &broken).await.is(400).json()["detail"].as_str().unwrap().contains("nobody")
    );

    let history = bed.get(&format!("{path}/history")).await;
    let versions: Vec<i64> =
        history["items"].as_array().unwrap().iter().map(|item| item["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!((&history["items"][0]["after"], &history["items"][1]["before"]), (&json!(text), &Value::Null));
    let restored = bed.post(&format!("{path}/restore"), json!({"version": 1, "reason": "back"})).await;
    assert_eq!(restored["version"], 3);
    assert_eq!(bed.get("/pack").await["files"], json!(ten()));
    let listed = bed.get("/pack/versions?limit=2").await;
    let origins: Vec<&Value> =
        listed["items"].as_array().unwrap().iter().map(|item| &item["origin"]).collect();
    assert_eq!(origins, ["restore", "edit"]);
    let rest = bed.get(&format!("/pack/versions?after={}", listed["next"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let changes = bed.get("/pack/versions/2/changes").await;
    assert_eq!(changes["changes"][0]["path"], "role ir_lead holders", "{changes}");
    assert_eq!(bed.get("/pack/versions/3/changes?since=1").await["changes"], json!([]));
    bed.ask("GET", "/pack/versions/9", &Value::Null).await.is(404);
    bed.ask("GET", "/pack/objects/role/none", &Value::Null).await.is(404);
}

#[tokio::test]
async fn a_folder_and_a_server_that_both_changed_are_laid_side_by_side() {
    let bed = Bed::new().await;
    let lead = json!({"value": {"id": "ir_lead", "name": "Lead", "holders": ["mateus"], "deputies": ["yuki", "ingrid", "anneli"]}, "reason": "shorter"});
    bed.ask("PUT", "/pack/objects/role/ir_lead", &lead).await.is(200);
    let mut files = ten();
    let roles = files["roles.yaml"].replace("name: CISO", "name: Chief");
    files.insert("roles.yaml".to_owned(), roles);
    let plan = bed.post("/pack/plan", json!({"files": files, "base_version": 1})).await;
    let paths = |side: &str| -> Vec<String> {
        let changes = plan[side]["changes"].as_array().unwrap();
        changes.iter().map(|change| change["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (paths("mine"), paths("theirs")),
        (vec!["role ciso name".to_owned()], vec!["role ir_lead name".to_owned()])
    );
    assert_eq!((paths("merged"), &plan["conflicts"]), (vec!["role ciso name".to_owned()], &json!([])));
    assert_eq!(plan["preview"]["people"], json!([]), "{plan}");
    let apply = json!({"files": files, "reason": "r", "base_version": 1});
    bed.ask("POST", "/pack/apply", &apply).await.is(409);
    let merge = json!({"files": files, "reason": "r", "base_version": 1, "merge": true});
    assert_eq!(bed.post("/pack/apply", merge).await["version"], 3);
    let now = bed.get("/pack").await["files"]["roles.yaml"].as_str().unwrap().to_owned();
    assert!(now.contains("name: Chief") && now.contains("name: Lead"), "{now}");

    let clash = files["roles.yaml"].replace("name: Incident Response Lead", "name: First");
    files.insert("roles.yaml".to_owned(), clash);
    let plan = bed.post("/pack/plan", json!({"files": files, "base_version": 1})).await;
    assert_eq!(plan["conflicts"][0]["object"], "role ir_lead", "{plan}");
    let merge = json!({"files": files, "reason": "r", "base_version": 1, "merge": true});
    let refused = bed.ask("POST", "/pack/apply", &merge).await.is(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("role ir_lead"), "{refused}");
    bed.ask("POST", "/pack/plan", &json!({"files": files, "base_version": 77})).await.is(400);
}
