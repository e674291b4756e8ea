//! The packs that ship, and what the check says about broken ones.

mod alerts;
mod broken;
mod diff;
mod identity;
mod mangled;
mod merging;
mod objects;
mod proof;
mod rosters;
mod schemas;
mod ten;

use std::fs;
use std::path::{Path, PathBuf};

use decurion_core::pack::Files;
use jiff::Timestamp;

/// The files of a pack of this repository.
#[expect(clippy::disallowed_methods, reason = "the tests read what ships; the core is given text")]
pub(crate) fn shipped(name: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(name);
    let mut files = Files::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the pack is there") {
            let path: PathBuf = entry.expect("its entries are readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(&root).expect("it is below the root").to_string_lossy();
                files.insert(relative.into_owned(), fs::read_to_string(&path).expect("it is text"));
            }
        }
    }
    files
}

/// An instant before the clock change of October 2026 in Europe.
pub(crate) fn autumn() -> Timestamp {
    "2026-09-01T00:00:00Z".parse().expect("an instant")
}

/// Replaces the first `from` in a file, which must be there.
fn edit(files: &mut Files, file: &str, from: &str, to: &str) {
    let text = files.get_mut(file).unwrap_or_else(|| panic!("{file} is in the pack"));
    assert!(text.contains(from), "{file} holds `{from}`");
    *text = text.replacen(from, to, 1);
}
