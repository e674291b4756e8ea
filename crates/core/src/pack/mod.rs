//! Packs: the organisation, its schedules, its ladder, its routing and its integrations as a folder of YAML.
//!
//! A pack is a map from relative path to text. [`check`] reads it, says everything that is wrong with its
//! place in the file, and compiles it to a [`Config`](crate::config::Config) when nothing is.

mod compile;
mod covered;
mod diff;
mod document;
mod finding;
mod findings;
mod names;
mod objects;
mod read;
mod rules;
mod schema;
mod yaml;

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::config::Config;
use findings::Findings;

pub use diff::{Change, ChangeKind, diff};
pub use finding::{Finding, FindingSeverity, Report};
pub use objects::{
    Conflict, Document, EditError, Merge, Object, ObjectKey, merge, object, objects, put, put_at, remove,
};
pub use schema::{schema, schema_names};

/// The files of a pack: relative path (`schedules/l1.yaml`) to text.
pub type Files = BTreeMap<String, String>;

/// SHA-256 over paths and texts, in hex: two packs with the same digest are the same pack.
///
/// Each path and each text goes in behind its length (64 bits, big endian), so that no two packs share a
/// sequence of bytes.
pub fn digest(files: &Files) -> String {
    let mut hasher = Sha256::new();
    for part in files.iter().flat_map(|(path, text)| [path, text]) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// The configuration that a pack means; none where something is wrong with it. Says nothing of coverage.
pub fn config(files: &Files) -> Option<Config> {
    let mut findings = Findings::default();
    let documents = read::documents(files, &mut findings);
    let (config, _) = compile::compile(&documents, &mut findings);
    (!findings.has_errors()).then_some(config)
}

/// Checks a pack and compiles it.
///
/// Documents that cannot be read are reported first and alone: what they would define is missing, and
/// findings about that would only be noise. Whether everybody is reached is looked at for
/// [`coverage::DAYS`](crate::coverage::DAYS) days from `at` on, once the pack compiles.
pub fn check(files: &Files, at: Timestamp) -> Report {
    let mut findings = Findings::default();
    let documents = read::documents(files, &mut findings);
    if findings.has_errors() {
        return Report { findings: findings.sorted(), config: None };
    }
    let (config, places) = compile::compile(&documents, &mut findings);
    let config = (!findings.has_errors()).then_some(config);
    if let Some(config) = &config {
        covered::check(config, at, &places, &mut findings);
    }
    Report { findings: findings.sorted(), config }
}

/// Compiles a pack that was checked when it was applied, without looking at whom it reaches. None where it
/// does not compile any more.
pub fn compile_again(files: &Files) -> Option<crate::config::Config> {
    let mut findings = Findings::default();
    let documents = read::documents(files, &mut findings);
    if findings.has_errors() {
        return None;
    }
    let (config, _) = compile::compile(&documents, &mut findings);
    (!findings.has_errors()).then_some(config)
}
