//! From an empty folder to a resolved incident, with the verbs alone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::bed::{Bed, EMAIL, stderr, stdout, ten, wait_until};

fn event(key: &str) -> String {
    let payload = json!({"summary": "Disk of db-7 is full", "source": "db-7", "severity": "critical"});
    json!({"routing_key": key, "event_action": "trigger", "dedup_key": "db-7", "payload": payload})
        .to_string()
}

#[test]
fn an_alert_becomes_a_page_that_is_answered_and_resolved() {
    let mut bed = Bed::serving();
    let made = bed.json(&["integration", "create", "--kind", "pagerduty", "--name", "script"]);
    assert_eq!(made["url"], format!("{}/v2/enqueue", bed.url()));
    let (status, answer) = bed.request("POST", "/v2/enqueue", &event(made["key"].as_str().unwrap()));
    assert_eq!(status, 202, "{answer}");

    let incidents = bed.json(&["incident", "list"]);
    assert_eq!(incidents[0]["reference"], "INC-1");
    assert_eq!(incidents[0]["title"], "Disk of db-7 is full");
    wait_until("the page", || !bed.json(&["mailbox", "list"]).as_array().unwrap().is_empty());
    let message = &bed.json(&["mailbox", "list"])[0];
    assert_eq!((&message["incident_reference"], &message["page_status"]), (&json!("INC-1"), &json!("open")));
    assert!(bed.ok(&["mailbox", "list"]).contains(message["acknowledge_url"].as_str().unwrap()));

    assert_eq!(
        bed.ok(&["incident", "ack", "INC-1"]),
        "INC-1 is acknowledged, sev3, at L1, held by Leila Rahimi.\n"
    );
    let raised =
        bed.ok(&["incident", "classify", "INC-1", "--severity", "sev2", "--fact", "tier_1_asset=true"]);
    assert!(raised.contains("sev2, at L2"), "{raised}");
    bed.ok(&["incident", "note", "INC-1", "Logs were rotated."]);
    assert!(bed.ok(&["incident", "timeline", "INC-1"]).contains("Leila Rahimi noted"));
    assert!(bed.ok(&["incident", "brief", "INC-1"]).starts_with("INC-1: Disk of db-7 is full"));
    let resolved =
        bed.json(&["incident", "resolve", "INC-1", "--disposition", "tp_benign", "--reason", "grew"]);
    assert_eq!(resolved["status"], "resolved");
    assert_eq!(bed.json(&["incident", "list"]), json!([]));

    // While the server runs, and after it.
    let verdict = bed.json(&["journal", "verify", "--data", &bed.text("data")]);
    assert_eq!(verdict["ok"], true);
    assert_eq!(bed.stop(), 0);
    bed.ok(&["journal", "verify", "--data", &bed.text("data")]);
}

#[test]
fn a_hole_in_the_coverage_is_accepted_and_survives_an_export_that_is_applied() {
    let bed = Bed::serving();
    for schedule in ["l1", "l1-second"] {
        bed.ok(&["override", "add", schedule, "--kind", "fixed", "--for", "2h", "--reason", "a drill"]);
    }
    let failing = |bed: &Bed| -> Vec<String> {
        let done = bed.run(&["coverage", "--output", "json"]);
        let report: serde_json::Value = serde_json::from_str(&stdout(&done)).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let failing = findings.filter(|each| each["severity"] == "fail" && each["accepted"].is_null());
        let keys: Vec<String> = failing.map(|each| each["key"].as_str().unwrap().to_owned()).collect();
        assert_eq!(done.status.code(), Some(i32::from(!keys.is_empty())), "{keys:?}");
        keys
    };
    let keys = failing(&bed);
    assert!(keys.iter().any(|key| key.starts_with("COV-1/escalation/L1")), "{keys:?}");
    for key in &keys {
        bed.ok(&["coverage", "accept", key, "--reason", "Everybody is in the room.", "--for", "3h"]);
    }
    assert_eq!(failing(&bed), Vec::<String>::new());
    assert!(bed.ok(&["coverage"]).contains("accepted"));
    let again = bed.run(&["coverage", "accept", &keys[0], "--reason", "again", "--for", "3h"]);
    assert_eq!(again.status.code(), Some(1), "{}", stderr(&again));

    let exported = bed.text("exported");
    bed.ok(&["export", "--into", &exported]);
    assert!(bed.ok(&["plan", &exported]).ends_with("Nothing changes.\n"));
    bed.ok(&["apply", &exported, "--reason", "the same"]);
    assert_eq!(failing(&bed), Vec::<String>::new(), "what was accepted beside the pack still is");

    let listed = bed.json(&["coverage", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), keys.len());
    bed.ok(&["coverage", "revoke", listed[0]["id"].as_str().unwrap()]);
    assert_eq!(failing(&bed).len(), 1);
    assert_eq!(bed.json(&["coverage", "list", "--over"]).as_array().unwrap().len(), keys.len());
}

#[test]
fn a_refusal_is_said_and_numbered() {
    let bed = Bed::serving();
    bed.ok(&["incident", "declare", "--title", "By hand"]);
    bed.ok(&["incident", "ack", "INC-1"]);
    let refused = bed.run(&["incident", "snooze", "INC-1", "--for", "30h"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).starts_with("error: until_us: "), "{}", stderr(&refused));
    let absent = bed.run(&["incident", "show", "INC-99"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(stderr(&absent).contains("INC-99"));
    assert_eq!(bed.run(&["incident", "ack"]).status.code(), Some(2));
}

#[test]
fn a_session_is_private_ends_and_can_be_given_by_the_environment() {
    let bed = Bed::serving();
    let file = bed.path("config/decurion/session.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(bed.ok(&["whoami"]).starts_with("leila@ten.example (admin), Leila Rahimi"));

    let session: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let token = session["token"].as_str().unwrap();
    let with_token = |token: &str| {
        bed.command()
            .env("DECURION_URL", bed.url())
            .env("DECURION_TOKEN", token)
            .arg("whoami")
            .output()
            .unwrap()
    };
    assert!(with_token(token).status.success());
    bed.ok(&["logout"]);
    assert!(!file.exists());
    assert_eq!(bed.run(&["whoami"]).status.code(), Some(3));
    assert_eq!(with_token(token).status.code(), Some(3), "the server has ended the session too");
}

#[test]
fn a_server_that_does_not_answer_has_its_own_number() {
    let bed = Bed::new();
    let asked =
        bed.run(&["login", "--url", &bed.url(), "--email", EMAIL, "--password-file", &bed.text("password")]);
    assert_eq!(asked.status.code(), Some(4));
    assert!(stderr(&asked).contains("does not answer"), "{}", stderr(&asked));
}

#[test]
fn set_up_happens_once_and_leaves_secrets_private() {
    let bed = Bed::new();
    let said = bed.ok(&bed.init_words());
    assert!(said.contains("who is leila in the pack") && said.contains("decurion serve --data"), "{said}");
    let mode = |name: &str| std::fs::metadata(bed.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/link-secret")), (0o700, 0o600));
    let again = bed.run(&bed.init_words());
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("set up already"), "{}", stderr(&again));
}

#[test]
fn a_first_start_needs_a_pack() {
    let bed = Bed::new();
    let done = bed.run(&["serve", "--data", &bed.text("data"), "--listen", "127.0.0.1:0"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(stderr(&done).contains("decurion init"), "{}", stderr(&done));
}

#[test]
fn a_changed_pack_is_planned_and_applied() {
    let bed = Bed::serving();
    let pack = bed.path("pack");
    let copied = std::process::Command::new("cp").arg("-r").arg(ten()).arg(&pack).status().unwrap();
    assert!(copied.success());
    assert!(bed.ok(&["plan", &bed.text("pack")]).ends_with("Nothing changes.\n"));

    let file = pack.join("organisation.yaml");
    let text =
        std::fs::read_to_string(&file).unwrap().replace("title: Security Architect", "title: Architect");
    std::fs::write(&file, text).unwrap();
    let plan = bed.ok(&["plan", &bed.text("pack")]);
    assert!(plan.lines().any(|line| line.starts_with('~')), "{plan}");
    let applied = bed.ok(&["apply", &bed.text("pack"), "--reason", "a shorter title"]);
    assert!(applied.contains("Version 2 is in force."), "{applied}");
    assert!(bed.ok(&["plan", &bed.text("pack")]).ends_with("Nothing changes.\n"));

    std::fs::write(&file, "kind: organisation\nname: [\n").unwrap();
    let broken = bed.run(&["apply", &bed.text("pack"), "--reason", "x"]);
    assert_eq!(broken.status.code(), Some(1), "{}", stdout(&broken));
}

#[test]
fn what_is_exported_changes_nothing_and_two_sides_are_merged() {
    let bed = Bed::serving();
    let pack = bed.path("pack");
    let copied = std::process::Command::new("cp").arg("-r").arg(ten()).arg(&pack).status().unwrap();
    assert!(copied.success());
    let made = bed.json(&["integration", "create", "--kind", "pagerduty", "--name", "script"]);
    let id = made["id"].as_str().unwrap();

    let exported = bed.path("exported");
    assert!(bed.ok(&["export", "--into", &bed.text("exported")]).contains("Version 2"));
    let console = std::fs::read_to_string(exported.join("console/integrations.yaml")).unwrap();
    assert!(console.contains(id), "{console}");
    assert_eq!(
        std::fs::read_to_string(exported.join("roles.yaml")).unwrap(),
        std::fs::read_to_string(pack.join("roles.yaml")).unwrap()
    );
    assert!(bed.ok(&["plan", &bed.text("exported")]).ends_with("Nothing changes.\n"));
    assert!(
        bed.ok(&["apply", &bed.text("exported"), "--reason", "again"]).contains("Version 2 is in force.")
    );

    // The folder knows nothing of the integration: applying it must not lose the sender's key.
    let file = pack.join("organisation.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("title: Security Architect", "title: Architect")).unwrap();
    let refused = bed.run(&["apply", &bed.text("pack"), "--reason", "shorter"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains(&format!("+ integration {id} added")), "{}", stdout(&refused));
    assert!(stderr(&refused).contains("--merge"), "{}", stderr(&refused));
    let merged = bed.ok(&["apply", &bed.text("pack"), "--reason", "shorter", "--merge"]);
    assert!(merged.contains("person arjun title") && merged.contains("Version 3 is in force."), "{merged}");
    assert!(pack.join("console/integrations.yaml").exists());
    assert!(bed.ok(&["plan", &bed.text("pack")]).ends_with("Nothing changes.\n"));

    let history = bed.ok(&["history", "person", "arjun"]);
    assert!(history.contains("shorter") && history.lines().count() == 3, "{history}");
    bed.ok(&["restore", "person", "arjun", "--to", "1", "--reason", "longer again"]);
    let plan = bed.run(&["plan", &bed.text("pack")]);
    assert!(stdout(&plan).contains("The server changed since version 3"), "{}", stdout(&plan));
    assert!(bed.ok(&["history"]).contains("restore"));
}

#[test]
fn a_plan_says_whose_shifts_move() {
    let bed = Bed::serving();
    let pack = bed.path("pack");
    let copied = std::process::Command::new("cp").arg("-r").arg(ten()).arg(&pack).status().unwrap();
    assert!(copied.success());
    let file = pack.join("schedules/l1.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("participants: [leila]", "participants: [eszter]", 1)).unwrap();
    let plan = bed.ok(&["plan", &bed.text("pack")]);
    assert!(plan.contains("+ Eszter Vadas gains") && plan.contains("- Leila Rahimi loses"), "{plan}");
}
