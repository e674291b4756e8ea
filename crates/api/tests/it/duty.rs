//! Swaps, absences and handoff notes, as the console and scripts reach them.

use decurion_core::access::AccountRole;
use decurion_core::notify::MessageKind;
use serde_json::{Value, json};

use crate::bed::Bed;

const HOUR_US: i64 = 3_600 * 1_000_000;

/// The first shift of the L1 schedule that begins later than an hour from now and is not Leila's.
async fn shift(bed: &Bed) -> (String, i64, i64) {
    let now_us = bed.engine.now_us();
    let oncall = bed.get("/oncall").await;
    let schedules = oncall["schedules"].as_array().unwrap();
    let l1 = schedules.iter().find(|schedule| schedule["id"] == "l1").unwrap();
    let shifts = l1["shifts"].as_array().unwrap();
    let ahead = shifts.iter().find(|shift| {
        shift["start_us"].as_i64().unwrap() > now_us + HOUR_US && shift["people"][0]["person_id"] != "leila"
    });
    let ahead = ahead.unwrap();
    let person = ahead["people"][0]["person_id"].as_str().unwrap().to_owned();
    (person, ahead["start_us"].as_i64().unwrap(), ahead["end_us"].as_i64().unwrap())
}

async fn on_call_at(bed: &Bed, at_us: i64) -> Value {
    let oncall = bed.get(&format!("/oncall?from_us={at_us}&to_us={}", at_us + 1)).await;
    let schedules = oncall["schedules"].as_array().unwrap();
    let l1 = schedules.iter().find(|schedule| schedule["id"] == "l1").unwrap();
    l1["shifts"][0]["people"][0]["person_id"].clone()
}

#[tokio::test]
async fn a_shift_is_asked_about_taken_and_given_back() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let own = bed.account(&person, AccountRole::Responder).await;
    let ask = json!({"start_us": start_us, "end_us": end_us, "reason": "a wedding"});
    let asked = bed.ask_as(&own, "POST", "/schedules/l1/swaps", &ask).await.is(201).json();
    assert_eq!((&asked["state"], &asked["person_id"]), (&json!("open"), &json!(person)));
    assert_eq!(asked["open"], json!([{"start_us": start_us, "end_us": end_us}]));
    assert!(asked["asked"].as_array().unwrap().iter().any(|one| one["person_id"] == "leila"));
    let told = bed.message(|message| message.kind == MessageKind::Notice).await;
    assert!(told.title.contains("shift on"), "{}", told.title);
    assert!(told.incident_url.contains("/oncall?swap=swp_"), "{}", told.incident_url);

    let id = asked["id"].as_str().unwrap();
    assert_eq!(bed.get("/swaps?state=open").await["items"][0]["id"], id);
    let middle_us = start_us + (end_us - start_us) / 2;
    let part = json!({"start_us": start_us, "end_us": middle_us});
    let taken = bed.post(&format!("/swaps/{id}/take"), part).await;
    assert_eq!(taken["open"], json!([{"start_us": middle_us, "end_us": end_us}]));
    assert_eq!(taken["taken"][0]["by_person_id"], "leila");
    assert_eq!(on_call_at(&bed, start_us).await, "leila");
    assert_eq!(on_call_at(&bed, middle_us).await, json!(person));
    let whole = bed.post(&format!("/swaps/{id}/take"), json!({})).await;
    assert_eq!(whole["state"], "taken");
    assert_eq!(on_call_at(&bed, middle_us).await, "leila");

    let overrides = bed.get("/schedules/l1/overrides").await;
    assert_eq!(overrides["items"].as_array().unwrap().len(), 2);
    let undone = bed.post(&format!("/swaps/{id}/undo"), json!({"reason": "I can"})).await;
    assert_eq!(undone["state"], "open");
    assert_eq!(bed.get("/schedules/l1/overrides").await["items"], json!([]));
    let withdrawn = bed.ask_as(&own, "POST", &format!("/swaps/{id}/withdraw"), &json!({})).await.is(200);
    assert_eq!(withdrawn.json()["state"], "withdrawn");
    assert_eq!(bed.get(&format!("/swaps/{id}")).await["state"], "withdrawn");
    bed.ask("GET", "/swaps/swp_nothing", &Value::Null).await.is(404);
}

#[tokio::test]
async fn what_is_wrong_with_a_swap_is_named_and_a_request_sent_twice_is_done_once() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let field = async |body: Value| {
        bed.ask("POST", "/schedules/l1/swaps", &body).await.is(400).json()["field"].clone()
    };
    let right = json!({"person_id": person, "start_us": start_us, "end_us": end_us});
    let with = |name: &str, value: Value| {
        let mut body = right.clone();
        body[name] = value;
        body
    };
    assert_eq!(field(with("end_us", json!(start_us))).await, "end_us");
    assert_eq!(field(with("person_id", json!("nobody"))).await, "start_us");
    assert_eq!(field(with("people", json!(["nobody"]))).await, "people");
    bed.ask("POST", "/schedules/nothing/swaps", &right).await.is(404);
    let stranger = bed.account("zanele", AccountRole::Responder).await;
    if person != "zanele" {
        bed.ask_as(&stranger, "POST", "/schedules/l1/swaps", &right).await.is(409);
    }
    let authorization = format!("Bearer {}", bed.token);
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", "once")];
    let send = async || {
        bed.send("POST", "/api/v1/schedules/l1/swaps", &headers, right.to_string()).await.is(201).json()
    };
    assert_eq!(send().await["id"], send().await["id"]);
    assert_eq!(bed.get("/swaps").await["items"].as_array().unwrap().len(), 1);
}

/// The first shift of a schedule that begins later than a day from now and is not that person's.
async fn shift_of(bed: &Bed, schedule: &str, not: &str) -> (String, i64, i64) {
    let now_us = bed.engine.now_us();
    let oncall = bed.get("/oncall").await;
    let schedules = oncall["schedules"].as_array().unwrap();
    let own = schedules.iter().find(|one| one["id"] == schedule).unwrap();
    let ahead = own["shifts"].as_array().unwrap().iter().find(|shift| {
        shift["start_us"].as_i64().unwrap() > now_us + 24 * HOUR_US && shift["people"][0]["person_id"] != not
    });
    let ahead = ahead.unwrap();
    let person = ahead["people"][0]["person_id"].as_str().unwrap().to_owned();
    (person, ahead["start_us"].as_i64().unwrap(), ahead["end_us"].as_i64().unwrap())
}

async fn on_call_on(bed: &Bed, schedule: &str, at_us: i64) -> Value {
    let oncall = bed.get(&format!("/oncall?from_us={at_us}&to_us={}", at_us + 1)).await;
    let schedules = oncall["schedules"].as_array().unwrap();
    let own = schedules.iter().find(|one| one["id"] == schedule).unwrap();
    own["shifts"][0]["people"][0]["person_id"].clone()
}

#[tokio::test]
async fn a_trade_across_two_schedules_happens_whole_and_goes_back_whole() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let (other, return_us, return_end_us) = shift_of(&bed, "l1-second", &person).await;
    let own = bed.account(&person, AccountRole::Responder).await;
    let back = json!({"schedule_id": "l1-second", "start_us": return_us, "end_us": return_end_us});
    let ask = json!({"start_us": start_us, "end_us": end_us, "in_return": back, "reason": "a wedding"});
    let asked = bed.ask_as(&own, "POST", "/schedules/l1/swaps", &ask).await.is(201).json();
    assert_eq!(asked["in_return"], back);
    assert_eq!(asked["asked"][0]["person_id"], json!(other));
    let theirs = bed.account(&other, AccountRole::Responder).await;
    let path = format!("/swaps/{}", asked["id"].as_str().unwrap());
    let taken = bed.ask_as(&theirs, "POST", &format!("{path}/take"), &json!({})).await.is(200).json();
    assert_eq!(taken["state"], "taken");
    assert_eq!(on_call_at(&bed, start_us).await, json!(other));
    assert_eq!(on_call_on(&bed, "l1-second", return_us).await, json!(person));

    let half = bed.get("/schedules/l1-second/overrides").await["items"][0]["id"].clone();
    let half = format!("/schedules/l1-second/overrides/{}", half.as_str().unwrap());
    bed.ask_as(&own, "DELETE", &half, &json!({})).await.is(204);
    assert_eq!(on_call_at(&bed, start_us).await, json!(person));
    assert_eq!(on_call_on(&bed, "l1-second", return_us).await, json!(other));
    assert_eq!(bed.get(&path).await["state"], "open");
}

#[tokio::test]
async fn an_absence_asks_for_cover_and_taking_it_back_ends_that() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let away = json!({"person_id": person, "start_us": start_us, "end_us": end_us, "reason": "sick"});
    let entered = bed.ask("POST", "/absences", &away).await.is(201).json();
    assert_eq!((&entered["state"], &entered["author"]), (&json!("upcoming"), &json!("leila")));
    let cover = &entered["covers"][0];
    assert_eq!((&cover["schedule_id"], &cover["state"]), (&json!("l1"), &json!("open")));
    let swap = bed.get(&format!("/swaps/{}", cover["swap_id"].as_str().unwrap())).await;
    assert_eq!((&swap["asked_by"], &swap["absence_id"]), (&json!("system"), &entered["id"]));
    assert_eq!(bed.get("/absences").await["items"].as_array().unwrap().len(), 1);
    bed.ask("POST", "/absences", &away).await.is(409);
    let backwards = json!({"start_us": end_us, "end_us": start_us});
    assert_eq!(bed.ask("POST", "/absences", &backwards).await.is(400).json()["field"], "end_us");

    let id = entered["id"].as_str().unwrap();
    bed.ask("DELETE", &format!("/absences/{id}"), &json!({})).await.is(204);
    assert_eq!(bed.get("/absences").await["items"], json!([]));
    assert_eq!(bed.get("/absences?removed=true").await["items"][0]["state"], "removed");
    let swaps = bed.get("/swaps").await;
    assert!(swaps["items"].as_array().unwrap().iter().all(|swap| swap["state"] == "withdrawn"), "{swaps}");
    bed.ask("DELETE", &format!("/absences/{id}"), &json!({})).await.is(404);
}

#[tokio::test]
async fn a_handoff_note_has_what_is_open_and_is_accepted_by_whoever_comes_next() {
    let bed = Bed::new().await;
    let declared = bed.declared("Phishing of the finance team").await;
    let (person, _, end_us) = shift(&bed).await;
    // In the last hour of the shift: a handoff that is not long past is still one to write a note for.
    bed.clock.forward_s((end_us - bed.engine.now_us()) / 1_000_000 - 3_600);
    let draft = bed.get(&format!("/schedules/l1/handoff?person_id={person}")).await;
    assert_eq!(
        (&draft["at_us"], &draft["incidents"][0]["reference"]),
        (&json!(end_us), &declared["reference"])
    );
    let next = draft["to_people"][0]["person_id"].as_str().unwrap().to_owned();
    let write = json!({"from_person_id": person, "text": "Mail gateway is slow.", "watch": ["INC-1 reporter calls at 9"]});
    let note = bed.ask("POST", "/schedules/l1/handoff-notes", &write).await.is(201).json();
    assert_eq!((&note["state"], &note["at_us"]), (&json!("written"), &json!(end_us)));
    assert_eq!(note["incidents"][0]["title"], "Phishing of the finance team");
    let id = note["id"].as_str().unwrap();
    let receiver =
        if next == "leila" { bed.token.clone() } else { bed.account(&next, AccountRole::Responder).await };
    let path = format!("/handoff-notes/{id}");
    let back = json!({"question": "Since when?"});
    let asked = bed.ask_as(&receiver, "POST", &format!("{path}/ask-back"), &back).await.is(200).json();
    assert_eq!((&asked["state"], &asked["question"]), (&json!("asked_back"), &json!("Since when?")));
    let again = bed.ask("POST", "/schedules/l1/handoff-notes", &write).await.is(201).json();
    assert_eq!((&again["id"], &again["state"]), (&note["id"], &json!("written")));
    let accepted = bed.ask_as(&receiver, "POST", &format!("{path}/accept"), &json!({})).await.is(200).json();
    assert_eq!(accepted["answered_by"]["person_id"], next.as_str());
    assert_eq!(bed.get("/handoff-notes?state=accepted").await["items"][0]["id"], id);
    let empty = json!({"from_person_id": person, "text": " ", "at_us": 1});
    assert_eq!(bed.ask("POST", "/schedules/l1/handoff-notes", &empty).await.is(409).json()["field"], "at_us");
}

/// Whose hours a preview moves: what each gains less what they lose, in seconds.
fn moved(answer: &Value) -> std::collections::BTreeMap<String, i64> {
    let people = answer["preview"]["people"].as_array().unwrap().iter();
    let net = |own: &Value| own["gained_s"].as_i64().unwrap() - own["lost_s"].as_i64().unwrap();
    people.map(|own| (own["person_id"].as_str().unwrap().to_owned(), net(own))).collect()
}

#[tokio::test]
async fn a_swap_is_looked_at_before_it_is_asked_and_before_it_is_taken() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let length_s = (end_us - start_us) / 1_000_000;
    let swap = json!({"schedule_id": "l1", "person_id": person, "start_us": start_us, "end_us": end_us});
    let open = bed.post("/oncall/preview", json!({"swap": swap})).await;
    assert_eq!(open["preview"]["people"], json!([]), "an open request changes nothing");
    let asks = &open["asks"][0];
    assert!(asks["people"].as_array().unwrap().iter().any(|one| one["person_id"] == "leila"), "{asks}");
    let with = |name: &str, value: &str| {
        let mut swap = swap.clone();
        swap[name] = json!(value);
        json!({"swap": swap})
    };
    let taken = bed.post("/oncall/preview", with("by_person_id", "leila")).await;
    assert_eq!((moved(&taken)["leila"], moved(&taken)[&person]), (length_s, -length_s));
    let refused = bed.ask("POST", "/oncall/preview", &with("by_person_id", &person)).await.is(400).json();
    assert_eq!(refused["field"], "by_person_id");
    assert_eq!(bed.get("/swaps").await["items"], json!([]), "nothing is kept");

    let over = json!({"schedule_id": "l1", "person_id": person, "start_us": start_us, "end_us": end_us});
    let over = bed.post("/oncall/preview", json!({"take_over": over})).await;
    assert_eq!((moved(&over), &over["asks"]), (moved(&taken), &json!([])));

    let ask = json!({"person_id": person, "start_us": start_us, "end_us": end_us});
    let asked = bed.ask("POST", "/schedules/l1/swaps", &ask).await.is(201).json();
    let middle_us = start_us + (end_us - start_us) / 2;
    let part = json!({"swap_id": asked["id"], "start_us": start_us, "end_us": middle_us});
    let part = bed.post("/oncall/preview", json!({"take": part})).await;
    assert_eq!(moved(&part)["leila"], (middle_us - start_us) / 1_000_000);
    bed.ask("POST", "/oncall/preview", &json!({"take": {"swap_id": "swp_nothing"}})).await.is(404);
    assert_eq!(bed.get(&format!("/swaps/{}", asked["id"].as_str().unwrap())).await["state"], "open");
}

#[tokio::test]
async fn an_absence_is_looked_at_with_and_without_stand_ins() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let away = json!({"person_id": person, "start_us": start_us, "end_us": end_us});
    let alone = bed.post("/oncall/preview", json!({"absence": away})).await;
    assert_eq!(alone["preview"]["people"], json!([]), "they stay on call until somebody takes it");
    let asks = alone["asks"].as_array().unwrap();
    assert!(asks.iter().any(|ask| ask["schedule_id"] == "l1" && ask["start_us"] == start_us), "{alone}");
    let new = alone["preview"]["findings_new"].as_array().unwrap();
    assert!(!new.is_empty(), "somebody who is away is on call: {alone}");

    let mut covered = away.clone();
    let stand_in =
        json!({"schedule_id": "l1", "by_person_id": "leila", "start_us": start_us, "end_us": end_us});
    covered["stand_ins"] = json!([stand_in]);
    let covered = bed.post("/oncall/preview", json!({"absence": covered})).await;
    assert_eq!(moved(&covered)["leila"], (end_us - start_us) / 1_000_000);
    assert!(covered["asks"].as_array().unwrap().iter().all(|ask| ask["schedule_id"] != "l1"), "{covered}");
    assert_eq!(bed.get("/absences").await["items"], json!([]), "nothing is kept");
}

#[tokio::test]
async fn what_happens_to_duty_is_heard_by_open_consoles() {
    let bed = Bed::new().await;
    let (person, start_us, end_us) = shift(&bed).await;
    let mut news = bed.engine.subscribe();
    let ask = json!({"person_id": person, "start_us": start_us, "end_us": end_us});
    bed.ask("POST", "/schedules/l1/swaps", &ask).await.is(201);
    let heard = news.recv().await.unwrap();
    assert_eq!((heard.kind.as_str(), heard.stream.as_str()), ("schedule.swap_asked", "schedule:l1"));
}
