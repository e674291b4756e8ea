//! Findings that the organisation lives with.

use super::{Names, Places};
use crate::coverage::{Accepted, is_key};
use crate::id::PersonId;
use crate::org::after;
use crate::pack::document::AcceptedText;
use crate::pack::findings::{File, Findings};
use crate::pack::read::Documents;
use crate::pack::rules;
use crate::pack::yaml::At;

pub(super) fn compile<'a>(
    documents: &Documents<'a>,
    names: &Names<'_>,
    home: &str,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> Vec<Accepted> {
    let mut accepted: Vec<Accepted> = Vec::new();
    for document in &documents.accepted {
        for text in document.body.findings.iter() {
            let file = document.file;
            let Some(entry) = entry(file, text, names, home, findings) else { continue };
            if accepted.iter().any(|other| other.key == entry.key) {
                let message = format!("`{}` is accepted twice", entry.key);
                findings.error(file.at(text.value.key.place()), rules::DUPLICATE, message);
                continue;
            }
            places.accepted.push(file.at(text.value.key.place()));
            accepted.push(entry);
        }
    }
    accepted
}

fn entry(
    file: File<'_>,
    at: &At<AcceptedText>,
    names: &Names<'_>,
    home: &str,
    findings: &mut Findings,
) -> Option<Accepted> {
    let text = &at.value;
    if !is_key(&text.key.value) {
        let message = format!("`{}` is not the key of a finding", text.key.value);
        findings.error(file.at(text.key.place()), rules::VALUE, message).suggestion =
            Some("copy it from what the check prints, such as COV-8/leila".to_owned());
        return None;
    }
    if text.reason.value.trim().is_empty() {
        findings.error(file.at(text.reason.place()), rules::VALUE, "say why the organisation lives with it");
    }
    let author = findings.reference(file, &text.author, "person", &names.people)?;
    Some(Accepted {
        key: text.key.value.clone(),
        author: PersonId::new(author),
        reason: text.reason.value.clone(),
        until: after(text.until, home),
    })
}
