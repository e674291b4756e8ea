//! Whatever is done to the files of a pack, the check answers, and points at places that exist.

use decurion_core::pack::{self, Files};
use proptest::prelude::*;

use super::{autumn, shipped};

const SNIPPETS: [&str; 20] = [
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "- ",
    ": ",
    "{",
    "]",
    "\"",
    "'",
    "&a ",
    "*a",
    "|\n",
    "---\n",
    "null",
    "å→🔑",
    "0x1f",
    "\u{feff}",
    "&&",
];

/// Replaces some characters of a file by a snippet.
fn mangle(text: &str, at: usize, length: usize, snippet: &str) -> String {
    let count = text.chars().count().max(1);
    let (before, rest) = (at % count, length % 24);
    text.chars().take(before).chain(snippet.chars()).chain(text.chars().skip(before + rest)).collect()
}

fn assert_places_exist(files: &Files) {
    let report = pack::check(files, autumn());
    assert_eq!(report.config.is_none(), report.errors().next().is_some());
    for finding in &report.findings {
        let Some(text) = files.get(&finding.file) else { continue };
        let line = text.split('\n').nth(finding.line - 1);
        // The end of a file is a place too.
        let width = line.map_or(0, |line| line.chars().count());
        assert!(finding.line <= text.split('\n').count() + 1, "{finding}");
        assert!(finding.column <= width + 1, "{finding} in a line of {width}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_mangled_pack_is_answered(
        file in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<usize>(), any::<usize>(), 0..SNIPPETS.len()), 1..4),
    ) {
        let mut files = shipped("ten");
        let text = files.values_mut().nth(file.index(7)).expect("the pack has more files");
        for (at, length, snippet) in cuts {
            *text = mangle(text, at, length, SNIPPETS[snippet]);
        }
        assert_places_exist(&files);
    }
}

#[test]
fn line_ends_of_other_systems_are_read() {
    let files: Files = shipped("ten")
        .into_iter()
        .map(|(path, text)| (path, format!("\u{feff}{}", text.replace('\n', "\r\n"))))
        .collect();
    let errors: Vec<String> = pack::check(&files, autumn()).errors().map(ToString::to_string).collect();
    assert_eq!(errors, [""; 0]);
}
