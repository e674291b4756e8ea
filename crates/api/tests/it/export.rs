//! What is exported and applied changes nothing, whatever was changed on the server before.

use std::path::Path;

use decurion_core::pack;
use serde_json::{Value, json};

use crate::bed::{Bed, system};

const HOUR_US: i64 = 3_600_000_000;

/// `packs/ten-b`.
fn ten_b() -> pack::Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/ten-b");
    crate::bed::files_below(&root)
}

async fn put(bed: &Bed, kind: &str, id: &str, value: &Value) {
    let path = format!("/pack/objects/{kind}/{id}");
    bed.ask("PUT", &path, &json!({"value": value, "reason": "by the console"})).await.is(200);
}

/// Changes one object of the pack by a function of its value.
async fn edit(bed: &Bed, kind: &str, id: &str, change: impl FnOnce(&mut Value)) {
    let mut value = bed.get(&format!("/pack/objects/{kind}/{id}")).await["value"].clone();
    let before = value.clone();
    change(&mut value);
    assert_ne!(value, before, "{kind} {id} is changed");
    put(bed, kind, id, &value).await;
}

/// Every kind of object that the console edits, each changed once or more.
async fn edit_everything(bed: &Bed) {
    put(
        bed,
        "holidays",
        "se",
        &json!({"id": "se", "name": "Sweden", "days": [{"date": "2026-12-25", "name": "Christmas"}]}),
    )
    .await;
    edit(bed, "organisation", "organisation", |own| {
        own["teams"].as_array_mut().unwrap().push(json!("Night Watch"));
    })
    .await;
    edit(bed, "person", "leila", |own| {
        own["holidays"] = json!("se");
        own["title"] = json!("Analyst: days & nights # no comment");
        own["contacts"][0]["enabled"] = json!(true);
        own["contacts"]
            .as_array_mut()
            .unwrap()
            .push(json!({"id": "hook", "channel": "webhook", "address": "https://hooks.ten.example/x"}));
    })
    .await;
    edit(bed, "role", "ir_lead", |own| own["name"] = json!("Lead: \"incidents\"")).await;
    edit(bed, "schedule", "l1", |own| {
        own["notices"] = json!({"before": ["2d"], "handoff": true});
        let layers = own["layers"].clone();
        own["versions"] = json!([{"effective_from": "2027-03-01T08:00:00", "rollout": "after_full_turn", "layers": layers}]);
    })
    .await;
    edit(bed, "escalation", "escalation", |own| own["levels"]["L1"]["steps"][1]["round_robin"] = json!(true))
        .await;
    edit(bed, "routing", "routing", |own| {
        own["rules"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "odd", "when": "title == '#1: \"odd\"'", "severity": "sev2"}));
    })
    .await;
    put(bed, "accepted", "accepted", &json!({"findings": [{"key": "COV-8/leila", "author": "leila", "reason": "Until spring.", "until": "2027-03-31"}]})).await;
    let (id, _, _) = bed
        .integration("generic", json!({"mapping": {"title": "body.t", "links": {"Source": "body.url"}}}))
        .await;
    bed.ask("POST", "/integrations", &json!({"name": "Code", "vendor": "github"})).await.is(201);
    bed.ask("PATCH", &format!("/integrations/{id}"), &json!({"name": "Shop: no. 1", "enabled": false}))
        .await
        .is(200);
}

/// What people enter for a while, beside the pack.
async fn enter_state(bed: &Bed) {
    let now_us = bed.get("/clock").await["now_us"].as_i64().unwrap();
    let (start_us, end_us) = (now_us + HOUR_US, now_us + 2 * HOUR_US);
    let entry = json!({"kind": "fixed", "people": ["yuki"], "start_us": start_us, "end_us": end_us, "reason": "state"});
    bed.ask("POST", "/schedules/l1/overrides", &entry).await.is(201);
    let away = json!({"person_id": "yuki", "start_us": now_us + 100 * HOUR_US, "end_us": now_us + 130 * HOUR_US, "reason": "state"});
    bed.ask("POST", "/absences", &away).await.is(201);
}

/// What the server says that it runs by.
async fn runs_by(bed: &Bed) -> Vec<Value> {
    let mut organisation = bed.get("/organisation").await;
    organisation.as_object_mut().unwrap().remove("version").expect("how often it changed is no part of it");
    let mut said = vec![organisation];
    for object in bed.get("/pack/objects").await["items"].as_array().unwrap() {
        let (kind, id) = (object["kind"].as_str().unwrap(), object["id"].as_str().unwrap());
        said.push(bed.get(&format!("/pack/objects/{kind}/{id}")).await["value"].clone());
    }
    said
}

#[tokio::test]
async fn a_changed_server_exports_what_applies_to_nothing_changed() {
    let bed = Bed::new().await;
    bed.post("/pack/apply", json!({"files": ten_b(), "reason": "the other staffing"})).await;
    edit_everything(&bed).await;
    enter_state(&bed).await;
    let state = (bed.get("/schedules/l1/overrides").await, bed.get("/absences").await);
    assert!(!state.0["items"].as_array().unwrap().is_empty());

    let exported = bed.get("/pack").await;
    let files = &exported["files"];
    let plan = bed.post("/pack/plan", json!({"files": files})).await;
    assert_eq!(
        (&plan["mine"], &plan["merged"]),
        (&json!({"changes": [], "files": []}), &json!({"changes": [], "files": []}))
    );
    assert_eq!((&plan["conflicts"], &plan["preview"]["people"]), (&json!([]), &json!([])), "{plan}");
    let applied = bed.post("/pack/apply", json!({"files": files, "reason": "again"})).await;
    assert_eq!(applied["version"], exported["version"], "nothing changed, so there is no version");
    assert_eq!((&applied["changes"], &applied["files"]), (&json!([]), &json!([])));
    let after = (bed.get("/schedules/l1/overrides").await, bed.get("/absences").await);
    assert_eq!(state, after, "what stands beside the pack is left alone");
}

#[tokio::test]
async fn an_export_makes_another_server_the_same() {
    let (one, other) = (Bed::new().await, Bed::new().await);
    one.post("/pack/apply", json!({"files": ten_b(), "reason": "the other staffing"})).await;
    edit_everything(&one).await;
    let files = one.get("/pack").await["files"].clone();
    other.post("/pack/apply", json!({"files": files, "reason": "moved here"})).await;
    let (here, there) = (runs_by(&one).await, runs_by(&other).await);
    assert_eq!(here.len(), there.len());
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(here, there);
    }
    let files: pack::Files = serde_json::from_value(files).unwrap();
    let compiled = pack::config(&files).unwrap();
    for bed in [&one, &other] {
        assert_eq!(pack::diff(&compiled, &bed.engine.config()), []);
    }
    let again = other.engine.pack_apply(&system(), files, "again", None).await.unwrap();
    assert_eq!(again.version, other.get("/pack").await["version"].as_i64().unwrap());
}

/// Writes that change the pack, and those that change what docs/packs.md lists as standing beside it. Whoever
/// adds a write decides which it is.
const OF_THE_PACK: [&str; 2] = ["/api/v1/pack/", "/api/v1/integrations"];
const BESIDE_IT: [&str; 13] = [
    "/api/v1/absences",
    "/api/v1/feeds/",
    "/api/v1/handoff-notes/",
    "/api/v1/me/feeds",
    "/api/v1/oncall/coverage/acceptances",
    "/api/v1/people/{id}/contacts/{contact}/",
    "/api/v1/schedules/{id}/",
    "/api/v1/silences",
    "/api/v1/swaps/",
    "/api/v1/incidents",
    "/api/v1/session",
    "/api/v1/setup",
    "/integrations/{key}/api/v2/silence",
];
/// They change nothing, or are signals of senders.
const NO_CHANGE: [&str; 14] = [
    "/api/v1/journal/verify",
    "/api/v1/mapping/try",
    "/api/v1/oncall/preview",
    "/api/v1/signals/",
    "/api/v1/whatif",
    "/api/v2/alerts",
    "/api/v2/generic/incoming",
    "/integrations/v1/formatted_webhook/",
    "/integrations/{key}/",
    "/v2/alerts",
    "/v1/api/alerts",
    "/v2/change/enqueue",
    "/v2/enqueue",
    "/v2/heartbeats/",
];

#[test]
fn every_write_is_of_the_pack_or_known_to_stand_beside_it() {
    let known = || OF_THE_PACK.iter().chain(&BESIDE_IT).chain(&NO_CHANGE);
    let operations = crate::document::operations();
    for (path, ..) in operations.iter().filter(|(_, method, _)| method != "get") {
        assert!(known().any(|prefix| path.starts_with(prefix)), "{path}: of the pack, or beside it?");
    }
    for prefix in known() {
        assert!(operations.iter().any(|(path, ..)| path.starts_with(prefix)), "{prefix} is gone");
    }
}
