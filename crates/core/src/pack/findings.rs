//! Collecting what a check finds.

use super::finding::{Finding, FindingSeverity};
use super::names::closest;
use super::rules;
use super::yaml::{At, Place, ReadError};

/// A file of the pack.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

/// A place in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) file: File<'a>,
    pub(super) place: Place,
}

impl<'a> File<'a> {
    pub(super) const fn at(self, place: Place) -> Spot<'a> {
        Spot { file: self, place }
    }
}

/// Everything found so far.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    /// Adds an error; the answer takes a suggestion.
    pub(super) fn error(&mut self, spot: Spot<'_>, rule: &str, message: impl Into<String>) -> &mut Finding {
        self.push(spot, FindingSeverity::Error, rule, message.into())
    }

    /// Adds a warning; the answer takes a suggestion.
    pub(super) fn warning(&mut self, spot: Spot<'_>, rule: &str, message: impl Into<String>) -> &mut Finding {
        self.push(spot, FindingSeverity::Warning, rule, message.into())
    }

    /// Adds something that stands against the proof of coverage; the answer takes a suggestion.
    pub(super) fn failure(&mut self, spot: Spot<'_>, rule: &str, message: impl Into<String>) -> &mut Finding {
        self.push(spot, FindingSeverity::Fail, rule, message.into())
    }

    /// Adds what stood against reading a document.
    pub(super) fn unread(&mut self, file: File<'_>, error: ReadError) {
        let spot = file.at(error.place.unwrap_or(Place::START));
        self.error(spot, error.rule, error.message).suggestion = error.suggestion;
    }

    /// The name when it is one of `known`; otherwise an error that says what was probably meant.
    pub(super) fn reference<'n>(
        &mut self,
        file: File<'_>,
        name: &'n At<String>,
        what: &str,
        known: &[&str],
    ) -> Option<&'n str> {
        if known.contains(&name.value.as_str()) {
            return Some(&name.value);
        }
        let finding = self.error(
            file.at(name.place()),
            rules::REFERENCE,
            format!("no {what} is named `{}`", name.value),
        );
        finding.suggestion = closest(&name.value, known.iter().copied())
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| among(known));
        None
    }

    pub(super) fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == FindingSeverity::Error)
    }

    /// By file and place, each once.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort();
        self.0.dedup();
        self.0
    }

    fn push(
        &mut self,
        spot: Spot<'_>,
        severity: FindingSeverity,
        rule: &str,
        message: String,
    ) -> &mut Finding {
        self.0.push(Finding {
            file: spot.file.path.to_owned(),
            line: spot.place.line,
            column: spot.place.column,
            severity,
            rule: rule.to_owned(),
            message,
            suggestion: None,
            key: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }
}

/// The names to choose from, where they are few enough to be read.
fn among(known: &[&str]) -> Option<String> {
    (!known.is_empty() && known.len() <= 12).then(|| format!("one of {}", known.join(", ")))
}
