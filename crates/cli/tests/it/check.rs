//! Checking a pack without a server.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

use crate::bed::{Bed, stderr, stdout, ten};

#[test]
fn the_pack_that_ships_is_right() {
    let bed = Bed::new();
    bed.ok(&["check", &ten().display().to_string()]);
}

#[test]
fn an_error_is_named_with_its_place_and_what_was_meant() {
    let bed = Bed::new();
    assert!(Command::new("cp").arg("-r").arg(ten()).arg(bed.path("pack")).status().unwrap().success());
    let file = bed.path("pack/roles.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|line| line.contains("holders: [yuki]")).unwrap() + 1;
    std::fs::write(&file, text.replace("holders: [yuki]", "holders: [yuky]")).unwrap();

    let done = bed.run(&["check", &bed.text("pack")]);
    assert_eq!(done.status.code(), Some(1));
    let place = format!("{}:{line}:", file.display());
    let said = stdout(&done);
    let finding = said.lines().find(|said| said.starts_with(&place)).unwrap_or_default();
    assert!(finding.contains("error") && finding.contains("did you mean `yuki`?"), "{said}");

    let json = bed.run(&["check", &bed.text("pack"), "--output", "json"]);
    assert_eq!(json.status.code(), Some(1));
    let findings: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    let named = findings.as_array().unwrap().iter().any(|f| f["file"] == "roles.yaml" && f["line"] == line);
    assert!(named, "{findings}");
}

#[test]
fn a_folder_that_is_no_pack_is_refused() {
    let bed = Bed::new();
    let absent = bed.run(&["check", "/nonexistent"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(stderr(&absent).contains("/nonexistent"));
}

#[test]
fn completions_name_the_verbs() {
    let bed = Bed::new();
    assert!(bed.ok(&["completions", "bash"]).contains("incident"));
    assert!(bed.ok(&["version"]).starts_with("decurion "));
}

#[test]
fn schemas_are_printed_and_written_as_they_are_published() {
    let bed = Bed::new();
    let published = ten().join("../../docs/schemas");
    let read = |name: &str| std::fs::read_to_string(published.join(name)).unwrap();
    assert_eq!(bed.ok(&["schema", "schedule"]).trim_end(), read("schedule.schema.json").trim_end());
    assert_eq!(bed.ok(&["schema"]).trim_end(), read("pack.schema.json").trim_end());
    let unknown = bed.run(&["schema", "schedules"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("schedule"), "the kinds are listed");

    bed.ok(&["schema", "--into", &bed.text("editor/schemas")]);
    let mut written = 0;
    for entry in std::fs::read_dir(bed.path("editor/schemas")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), read(&name));
        written += 1;
    }
    assert_eq!(written, 10);
}

#[test]
fn a_coverage_that_fails_stops_a_pipeline_unless_it_may() {
    let bed = Bed::new();
    assert!(Command::new("cp").arg("-r").arg(ten()).arg(bed.path("pack")).status().unwrap().success());
    let file = bed.path("pack/schedules/l1.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let all_week = text.replacen("{days: [mon, tue, wed, thu, fri], start", "{start", 1);
    assert_ne!(text, all_week);
    std::fs::write(&file, all_week).unwrap();

    let done = bed.run(&["check", &bed.text("pack")]);
    let said = stdout(&done);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.lines().next().unwrap_or_default().contains(": fail COV-"), "the worst first: {said}");
    assert!(said.contains("[COV-12/leila]") && said.contains("not proven"), "{said}");
    bed.ok(&["check", &bed.text("pack"), "--allow-failing"]);

    let accepted = "kind: accepted\nfindings:\n\
        - {key: COV-12/leila, author: leila, reason: one summer, until: 2099-12-31}\n\
        - {key: COV-11/leila, author: leila, reason: one summer, until: 2099-12-31}\n\
        - {key: COV-8/leila, author: leila, reason: one summer, until: 2099-12-31}\n";
    std::fs::write(bed.path("pack/accepted.yaml"), accepted).unwrap();
    assert!(bed.ok(&["check", &bed.text("pack")]).contains("accepted by leila"));
}
