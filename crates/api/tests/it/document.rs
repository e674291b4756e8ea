//! The API document in the repository is the one that the code makes.

use std::path::Path;

use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn snapshot() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json")
}

/// Every operation with its path and method.
pub(crate) fn operations() -> Vec<(String, String, Value)> {
    let document = serde_json::to_value(decurion_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let mut found = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push((path.clone(), method.to_owned(), operation.clone()));
            }
        }
    }
    found
}

#[test]
fn the_snapshot_is_what_the_code_makes() {
    let made = decurion_api::to_text(&decurion_api::openapi()).unwrap();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(snapshot(), &made).unwrap();
    }
    let kept = std::fs::read_to_string(snapshot()).unwrap_or_default();
    assert!(
        kept == made,
        "openapi.json is old: UPDATE_OPENAPI=1 cargo test -p decurion-api --test it document"
    );
}

#[test]
fn every_operation_has_a_name_a_summary_and_says_how_it_fails() {
    let mut names = std::collections::BTreeSet::new();
    for (path, method, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(!name.is_empty(), "{method} {path} has no operationId");
        assert!(names.insert(name.clone()), "{name} is there twice");
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{name} has no summary");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} cannot succeed");
        assert!(responses.keys().any(|status| status.starts_with('4')), "{name} cannot fail");
        let described = |status: &str| !responses[status]["content"].is_null() || status == "204";
        assert!(responses.keys().all(|status| described(status)), "{name} has an answer without a schema");
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = serde_json::to_value(decurion_api::openapi()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "no schema {name}");
    }
}
