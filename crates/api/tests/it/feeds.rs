//! Calendar feeds and calendars of other tools, over HTTP.

use decurion_core::access::AccountRole;
use serde_json::{Value, json};

use crate::bed::{Answer, Bed};

/// What the address of a made feed shows, without signing in.
async fn open(bed: &Bed, url: &str, headers: &[(&str, &str)]) -> Answer {
    let path = url.strip_prefix("http://decurion.test").unwrap();
    bed.send("GET", path, headers, "").await
}

async fn made(bed: &Bed, token: &str, path: &str) -> Value {
    bed.ask_as(token, "POST", path, &json!({})).await.is(201).json()
}

fn url(made: &Value) -> &str {
    made["url"].as_str().unwrap()
}

#[tokio::test]
async fn a_feed_opens_without_signing_in_until_it_is_revoked() {
    let bed = Bed::new().await;
    let feed = made(&bed, &bed.token, "/me/feeds").await;
    assert_eq!(feed["feed"]["name"], "Leila Rahimi");
    let shown = open(&bed, url(&feed), &[]).await.is(200);
    assert_eq!(shown.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(shown.header("cache-control"), "private, no-cache");
    assert!(shown.text.starts_with("BEGIN:VCALENDAR\r\n"));
    assert!(shown.text.contains("SUMMARY:On call: L1\\, first to answer (weekday days)\r\n"));

    let listed = bed.ask("GET", "/feeds", &Value::Null).await.is(200).json();
    assert_eq!(listed["items"][0]["id"], feed["feed"]["id"]);
    assert!(!listed.to_string().contains(url(&feed).rsplit('/').next().unwrap().trim_end_matches(".ics")));

    let path = format!("/feeds/{}", feed["feed"]["id"].as_str().unwrap());
    bed.ask("DELETE", &path, &json!({})).await.is(204);
    open(&bed, url(&feed), &[]).await.is(404);
    bed.ask("DELETE", &path, &json!({})).await.is(404);
    let kinds: Vec<Value> = bed.ask("GET", "/journal?kind_prefix=feed.", &Value::Null).await.json()["items"]
        .as_array()
        .map(|items| items.iter().map(|item| item["kind"].clone()).collect())
        .unwrap_or_default();
    assert!(kinds.contains(&json!("feed.created")) && kinds.contains(&json!("feed.revoked")), "{kinds:?}");
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again_and_a_changed_one_is() {
    let bed = Bed::new().await;
    let feed = made(&bed, &bed.token, "/schedules/l1/feeds").await;
    let first = open(&bed, url(&feed), &[]).await.is(200);
    let etag = first.header("etag").to_owned();
    let again = open(&bed, url(&feed), &[("if-none-match", &etag)]).await.is(304);
    assert_eq!((again.text.as_str(), again.header("etag")), ("", etag.as_str()));
    open(&bed, url(&feed), &[("if-none-match", "\"other\", *")]).await.is(304);

    let now_us = bed.engine.now_us();
    let sick = json!({"kind": "fixed", "people": ["yuki"], "start_us": now_us + 3_600_000_000_i64,
        "end_us": now_us + 7_200_000_000_i64, "reason": "dentist; long"});
    bed.ask("POST", "/schedules/l1/overrides", &sick).await.is(201);
    let changed = open(&bed, url(&feed), &[("if-none-match", &etag)]).await.is(200);
    let text = changed.text.replace("\r\n ", "");
    assert!(text.contains("SUMMARY:Yuki Hoshino: L1\\, first to answer [override]\r\n"), "{text}");
    assert!(text.contains("Override: set by hand (dentist\\; long)"));
    let sequence = |text: &str| {
        let (_, rest) = text.split_once("SEQUENCE:").unwrap();
        rest.split("\r\n").next().unwrap().parse::<u64>().unwrap()
    };
    assert!(sequence(&first.text) >= 1, "the pack is version 1");
    assert!(sequence(&text) > sequence(&first.text), "a change of the schedule counts further");
}

#[tokio::test]
async fn a_replaced_address_opens_nothing_and_other_peoples_feeds_are_not_there() {
    let bed = Bed::new().await;
    let feed = made(&bed, &bed.token, "/me/feeds").await;
    let path = format!("/feeds/{}", feed["feed"]["id"].as_str().unwrap());
    let other = bed.account("yuki", AccountRole::Responder).await;
    bed.ask_as(&other, "DELETE", &path, &json!({})).await.is(404);
    bed.ask_as(&other, "POST", &format!("{path}/replace"), &json!({})).await.is(404);
    let theirs = made(&bed, &other, "/me/feeds").await;
    let seen = bed.ask_as(&other, "GET", "/feeds", &Value::Null).await.json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(bed.ask("GET", "/feeds", &Value::Null).await.json()["items"].as_array().unwrap().len(), 2);

    let new = bed.ask("POST", &format!("{path}/replace"), &json!({})).await.is(201).json();
    open(&bed, url(&feed), &[]).await.is(404);
    open(&bed, url(&new), &[]).await.is(200);
    open(&bed, url(&theirs), &[]).await.is(200);
    for nothing in ["x.ics", ".ics", "a%00b.ics", &"a".repeat(4_000)] {
        bed.send("GET", &format!("/feeds/{nothing}"), &[], "").await.is(404);
    }
}

async fn import(bed: &Bed, query: &str, calendar: &str) -> Answer {
    let bearer = format!("Bearer {}", bed.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/calendar; charset=utf-8")];
    bed.send("POST", &format!("/api/v1/schedules/l1/import{query}"), &headers, calendar.to_owned()).await
}

fn calendar(bed: &Bed, events: &[(&str, i64)]) -> String {
    let day = |ahead: i64| {
        let now = jiff::Timestamp::from_microsecond(bed.engine.now_us()).unwrap();
        let at = now + jiff::SignedDuration::from_hours(24 * ahead);
        at.strftime("%Y%m%dT080000Z").to_string()
    };
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n".to_owned();
    for (summary, ahead) in events {
        let (uid, start, end) = (ahead.to_string(), day(*ahead), day(ahead + 1));
        let lines = [("UID", uid.as_str()), ("SUMMARY", summary), ("DTSTART", &start), ("DTEND", &end)];
        text += "BEGIN:VEVENT\r\n";
        for (name, value) in lines {
            text.extend([name, ":", value, "\r\n"]);
        }
        text += "END:VEVENT\r\n";
    }
    text + "END:VCALENDAR\r\n"
}

#[tokio::test]
async fn a_calendar_is_first_shown_then_entered_once() {
    let bed = Bed::new().await;
    let text = calendar(&bed, &[("yuki@ten.example", 2), ("On call: Mateus Figueira", 3)]);
    let shown = import(&bed, "", &text).await.is(200).json();
    assert_eq!(shown["shifts"][0]["people"], json!(["yuki"]));
    assert_eq!((&shown["shifts"][1]["matched_by"], &shown["entered"]), (&json!("name"), &json!(0)));
    assert_eq!(overrides(&bed).await.len(), 0);

    assert_eq!(import(&bed, "?enter=true", &text).await.is(200).json()["entered"], 2);
    let entered = overrides(&bed).await;
    assert_eq!(entered[1]["reason"], "Imported from a calendar: On call: Mateus Figueira");
    assert_eq!(entered[1]["author"], "leila");
    let again = import(&bed, "?enter=true", &text).await.is(200).json();
    assert_eq!((&again["entered"], &again["shifts"][0]["known"]), (&json!(0), &json!(true)));
    assert_eq!(overrides(&bed).await.len(), 2);
}

async fn overrides(bed: &Bed) -> Vec<Value> {
    let listed = bed.ask("GET", "/schedules/l1/overrides", &Value::Null).await.is(200).json();
    listed["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn half_a_roster_is_entered_only_when_somebody_says_so() {
    let bed = Bed::new().await;
    let text = calendar(&bed, &[("yuki@ten.example", 2), ("somebody@else.example", 3)]);
    let refused = import(&bed, "?enter=true", &text).await.is(409).json();
    assert!(refused["detail"].as_str().unwrap().contains("line 9: nobody has the mail address"), "{refused}");
    assert_eq!(overrides(&bed).await.len(), 0);
    assert_eq!(import(&bed, "?enter=true&skip_unmatched=true", &text).await.is(200).json()["entered"], 1);
}

#[tokio::test]
async fn a_bad_calendar_is_answered_with_its_line_and_property() {
    let bed = Bed::new().await;
    let broken = calendar(&bed, &[("yuki", 2)]).replace("END:VEVENT", "RRULE:FREQ=SECONDLY\r\nEND:VEVENT");
    let refused = import(&bed, "", &broken).await.is(400).json();
    assert_eq!(refused["field"], "RRULE");
    assert!(refused["detail"].as_str().unwrap().starts_with("line 8, RRULE: FREQ=SECONDLY"), "{refused}");
    import(&bed, "", "").await.is(400);
    import(&bed, "?to_us=1", &calendar(&bed, &[])).await.is(400);
    import(&bed, "", &"X".repeat(3_000_000)).await.is(413);
    let bearer = format!("Bearer {}", bed.token);
    let path = "/api/v1/schedules/l1/import";
    bed.send("POST", path, &[("authorization", &bearer)], "{}").await.is(415);
    let latin = vec![b'B', 0xe9];
    bed.send("POST", path, &[("authorization", &bearer), ("content-type", "text/calendar")], latin)
        .await
        .is(400);
    let elsewhere = "/api/v1/schedules/l99/import";
    bed.send("POST", elsewhere, &[("authorization", &bearer), ("content-type", "text/calendar")], "x")
        .await
        .is(404);
}
