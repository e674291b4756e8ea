//! Playing an alert against the folder of a pack.

#![allow(clippy::unwrap_used, reason = "tests")]

use crate::bed::{Bed, stdout, ten};

#[test]
fn an_alert_is_played_against_a_folder() {
    let bed = Bed::new();
    let pack = ten().display().to_string();
    let at = ["whatif", pack.as_str(), "--at", "2026-09-01T10:00:00Z"];
    let silent =
        bed.run(&[&at[..], &["--severity", "sev2", "--silent", "leila", "--reaction", "30s"]].concat());
    assert_eq!(silent.status.code(), Some(0));
    let said = stdout(&silent);
    assert!(said.contains("Paged Leila Rahimi at L1, step 1"), "{said}");
    assert!(said.contains("A human answers after 30 s: Yuki"), "{said}");

    let everybody = "leila,yuki,mateus,anneli,soren,zanele,arjun,eszter,ingrid,kwame,camille,bogdan,renata";
    let nobody = bed.run(&[&at[..], &["--silent", everybody]].concat());
    assert_eq!(nobody.status.code(), Some(1));
    assert!(stdout(&nobody).contains("The ladder would begin again at"), "{}", stdout(&nobody));

    let unknown = bed.run(&[&at[..], &["--kind", "nagios"]].concat());
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn a_sweep_says_the_longest_time_to_a_human() {
    let bed = Bed::new();
    let pack = ten().display().to_string();
    let asked = ["whatif", pack.as_str(), "--sweep", "--days", "7", "--silent", "leila"];
    let from = ["--at", "2026-09-01T00:00:00Z"];
    let said = stdout(&bed.run(&[&asked[..], &from[..]].concat()));
    assert!(said.contains("after 5 min"), "{said}");
    let json = bed.run(&[&asked[..], &from[..], &["-o", "json"]].concat());
    let value: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!(value["hours"].as_array().unwrap().len(), 7 * 24);
    assert_eq!(value["worst"]["to_human_us"], 300_000_000_i64);
    assert!(value["worst"]["answered_by"]["name"].is_string());
}
