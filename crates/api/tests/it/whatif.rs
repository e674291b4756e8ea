//! Alerts that did not happen, whom levels would page, and what duty cost.

use axum::http::StatusCode;
use decurion_core::access::AccountRole;
use serde_json::{Value, json};

use crate::bed::Bed;

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 3_600_000_000;

/// A Tuesday's noon in Stockholm.
const NOON_US: i64 = 1_788_256_800_000_000;

#[tokio::test]
async fn an_alert_that_did_not_happen_is_told_and_leaves_nothing_behind() {
    let bed = Bed::new().await;
    let asked = json!({
        "at_us": NOON_US,
        "alert": {"integration": "guardduty", "alert_severity": "critical"},
        "assume": {"silent": ["leila"], "reaction_s": 30},
    });
    let run = bed.post("/whatif", asked).await;
    assert_eq!((&run["severity"], &run["rule"]), (&json!("sev2"), &json!("guardduty-critical")));
    assert_eq!((&run["end"], &run["to_human_us"]), (&json!("answered"), &json!(30_000_000)), "{run}");
    assert_eq!(run["answered_at"], "L2");
    let texts: Vec<&str> =
        run["entries"].as_array().unwrap().iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    assert!(texts.iter().any(|text| text.starts_with("Paged Leila Rahimi at L1")), "{texts:?}");
    assert_eq!(bed.get("/incidents").await["items"], json!([]));
    assert_eq!(bed.get("/board").await["today"]["paged"], 0);
}

#[tokio::test]
async fn what_a_configuration_does_not_have_is_named() {
    let bed = Bed::new().await;
    let refused = async |path: &str, body: Value| {
        let answer = bed.ask("POST", path, &body).await.is(400).json();
        answer["field"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused("/whatif", json!({"alert": {"integration": "nagios"}})).await, "alert.integration");
    assert_eq!(refused("/whatif", json!({"assume": {"silent": ["nobody"]}})).await, "assume.silent");
    assert_eq!(refused("/whatif", json!({"alert": {"policy": "gone"}})).await, "alert.policy");
    assert_eq!(refused("/whatif/sweep", json!({"days": 367})).await, "days");
    assert_eq!(refused("/whatif", json!({"alert": {"severity": "sev9"}})).await, "alert.severity");
}

#[tokio::test]
async fn a_sweep_has_every_hour_and_the_worst_instant_in_whole() {
    let bed = Bed::new().await;
    let asked = json!({"from_us": NOON_US, "days": 7, "assume": {"silent": ["leila"]}});
    let sweep = bed.post("/whatif/sweep", asked).await;
    let hours = sweep["hours"].as_array().unwrap();
    assert_eq!(hours.len(), 7 * 24);
    let worst = sweep["worst"]["to_human_us"].as_i64().unwrap();
    assert_eq!(worst, 5 * MINUTE_US);
    let longest = hours.iter().map(|hour| hour["to_human_us"].as_i64().unwrap()).max();
    assert_eq!(longest, Some(worst));
    let shares: i64 =
        sweep["shares"].as_array().unwrap().iter().map(|share| share["us"].as_i64().unwrap()).sum();
    assert_eq!(shares, 7 * 24 * HOUR_US);
    let alone = json!({"at_us": sweep["worst"]["at_us"], "assume": {"silent": ["leila"]}});
    assert_eq!(bed.post("/whatif", alone).await, sweep["worst"]);
}

#[tokio::test]
async fn levels_are_stretches_of_people() {
    let bed = Bed::new().await;
    let plans = bed.get(&format!("/oncall/levels?from_us={NOON_US}&to_us={}", NOON_US + 24 * HOUR_US)).await;
    let plans = plans["items"].as_array().unwrap();
    assert_eq!(plans.len(), 4);
    let first = &plans[0]["stretches"][0];
    assert_eq!(plans[0]["level"], "L1");
    assert_eq!((&first["start_us"], &first["steps"][0]["timeout_s"]), (&json!(NOON_US), &json!(300)));
    assert_eq!(first["steps"][0]["people"][0]["name"], "Leila Rahimi");
    let backwards = format!("/oncall/levels?from_us={NOON_US}&to_us={NOON_US}");
    assert_eq!(bed.ask("GET", &backwards, &Value::Null).await.status, StatusCode::BAD_REQUEST);
}

/// The administrator takes a case, an hour later it is over, and a day has passed.
async fn worked() -> Bed {
    let bed = Bed::new().await;
    let reference = bed.declared("Root login").await["reference"].as_str().unwrap().to_owned();
    bed.ask("POST", &format!("/incidents/{reference}/acknowledge"), &json!({})).await.is(200);
    bed.clock.forward_s(3_600);
    let over = json!({"disposition": "false_positive"});
    bed.ask("POST", &format!("/incidents/{reference}/resolve"), &over).await.is(200);
    bed.clock.forward_s(23 * 3_600);
    bed
}

fn sum(load: &Value, fields: &[&str]) -> i64 {
    fields.iter().map(|field| load[field].as_i64().unwrap()).sum()
}

const DUTY: [&str; 4] = ["weekday_day_s", "weekday_night_s", "weekend_s", "holiday_s"];
const WORK: [&str; 3] = ["work_day_s", "work_late_s", "work_sleep_s"];

#[tokio::test]
async fn load_is_the_duty_since_the_first_pack_and_the_work_of_the_record() {
    let bed = worked().await;
    let load = bed.get("/oncall/load").await;
    // One on each of two schedules at every instant, for the day since the pack was applied.
    let duty = sum(&load["total"], &DUTY);
    assert!((duty - 2 * 86_400).abs() < 120, "{duty}");
    let people = load["people"].as_array().unwrap();
    assert_eq!((people.len(), &load["everybody"]), (8, &json!(true)), "the eight who take turns");
    let leila = people.iter().find(|person| person["person_id"] == "leila").unwrap();
    let worked = sum(&leila["past"], &WORK);
    assert!((worked - 3_600).abs() < 120, "{worked}");
    assert_eq!(load["total"]["pages"], 1);
    let yuki = people.iter().find(|person| person["person_id"] == "yuki").unwrap();
    assert!(yuki["planned"]["nights"].as_i64().unwrap() > 5, "{yuki}");
    let planned = sum(&load["planned_total"], &DUTY);
    assert!((planned - 2 * 90 * 86_400).abs() < 3_600 * 4, "{planned}");
    assert_eq!(load["next"].as_array().unwrap().len(), 8);
    let ahead = load["planned_from_us"].as_i64().unwrap() + HOUR_US;
    let path = format!("/oncall/load?from_us={ahead}&to_us={}", ahead + HOUR_US);
    let refused = bed.ask("GET", &path, &Value::Null).await.is(400).json();
    assert_eq!(refused["field"], "from_us");
}

#[tokio::test]
async fn a_member_sees_their_own_row_and_the_totals() {
    let bed = worked().await;
    let token = bed.account("eszter", AccountRole::Responder).await;
    let mine = bed.ask_as(&token, "GET", "/oncall/load", &Value::Null).await.is(200).json();
    let people = mine["people"].as_array().unwrap();
    assert_eq!((people.len(), &people[0]["person_id"]), (1, &json!("eszter")));
    assert_eq!((&mine["everybody"], &mine["next"]), (&json!(false), &json!([])));
    let all = bed.get("/oncall/load").await;
    assert_eq!(mine["total"]["pages"], all["total"]["pages"]);
}

#[tokio::test]
async fn the_export_has_a_row_for_each_person_and_documented_columns() {
    let bed = worked().await;
    let headers = [("authorization", &*format!("Bearer {}", bed.token)), ("accept", "text/csv")];
    let answer = bed.send("GET", "/api/v1/oncall/load", &headers, "").await.is(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = answer.text.split("\r\n").filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 1 + 8);
    let columns = lines[0].split(',').count();
    assert!(lines.iter().all(|line| line.split(',').count() == columns), "{lines:?}");
    let documented = include_str!("../../../../docs/load.md");
    for column in lines[0].split(',') {
        assert!(documented.contains(&format!("`{column}`")), "{column} is documented");
    }
}

#[tokio::test]
async fn duty_moves_with_an_override_and_a_taken_back_one_counts_until_then() {
    let bed = Bed::new().await;
    let now_us = bed.get("/clock").await["now_us"].as_i64().unwrap();
    let fixed = json!({"kind": "fixed", "people": ["ingrid"], "start_us": now_us - HOUR_US,
        "end_us": now_us + 100 * HOUR_US, "reason": "swap"});
    let entered = bed.ask("POST", "/schedules/l1/overrides", &fixed).await.is(201).json();
    bed.clock.forward_s(10 * 3_600);
    let path = format!("/schedules/l1/overrides/{}", entered["id"].as_str().unwrap());
    bed.ask("DELETE", &path, &Value::Null).await.is(204);
    bed.clock.forward_s(10 * 3_600);
    let load = bed.get("/oncall/load").await;
    let ingrid =
        load["people"].as_array().unwrap().iter().find(|person| person["person_id"] == "ingrid").unwrap();
    let duty = sum(&ingrid["past"], &DUTY);
    assert!((duty - 10 * 3_600).abs() < 120, "{duty}");
    assert_eq!(sum(&ingrid["planned"], &DUTY), 0);
}
