//! From files to documents.

use super::Files;
use super::document::{
    AcceptedDocument, EscalationDocument, HolidaysDocument, IntegrationsDocument, KINDS,
    OrganisationDocument, PeopleDocument, PersonText, RoleText, RolesDocument, RoutingDocument,
};
use super::findings::{File, Findings};
use super::names::closest;
use super::rules;
use super::yaml::{At, Node, Place, Value, parse, read};
use crate::oncall::Schedule;

/// The most files of a pack.
const MOST_FILES: usize = 500;
/// The most bytes of one file.
const MOST_FILE_BYTES: usize = 1 << 20;
/// The most bytes of a pack.
const MOST_BYTES: usize = 8 << 20;

/// Something read and the file it stands in.
#[derive(Debug)]
pub(super) struct Document<'a, T> {
    pub(super) file: File<'a>,
    pub(super) node: Node,
    pub(super) body: T,
}

/// Every document of a pack, by kind.
#[derive(Debug, Default)]
pub(super) struct Documents<'a> {
    pub(super) organisations: Vec<Document<'a, OrganisationDocument>>,
    pub(super) people: Vec<(File<'a>, At<PersonText>)>,
    pub(super) roles: Vec<(File<'a>, At<RoleText>)>,
    pub(super) holidays: Vec<Document<'a, HolidaysDocument>>,
    pub(super) schedules: Vec<Document<'a, Schedule>>,
    pub(super) escalations: Vec<Document<'a, EscalationDocument>>,
    pub(super) routings: Vec<Document<'a, RoutingDocument>>,
    pub(super) integrations: Vec<Document<'a, IntegrationsDocument>>,
    pub(super) accepted: Vec<Document<'a, AcceptedDocument>>,
}

/// Reads every YAML file. Other files (a README, a licence) are none of the pack's business.
pub(super) fn documents<'a>(files: &'a Files, findings: &mut Findings) -> Documents<'a> {
    let mut documents = Documents::default();
    if !within_limits(files, findings) {
        return documents;
    }
    for (path, text) in files.iter().filter(|(path, _)| is_yaml(path)) {
        let file = File { path, text };
        match parse(text) {
            Ok(nodes) => nodes.into_iter().for_each(|node| documents.add(file, node, findings)),
            Err(error) => findings.unread(file, error),
        }
    }
    documents
}

/// Whether a file is read as YAML, by its name.
pub(super) fn is_yaml(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"))
}

fn within_limits(files: &Files, findings: &mut Findings) -> bool {
    let bytes: usize = files.values().map(String::len).sum();
    let mut refuse = |path: &str, message: String| {
        findings.error(File { path, text: "" }.at(Place::START), rules::LIMIT, message);
    };
    for (path, text) in files.iter().filter(|(_, text)| text.len() > MOST_FILE_BYTES) {
        refuse(path, format!("the file has {} bytes; at most {MOST_FILE_BYTES} are read", text.len()));
    }
    if files.len() > MOST_FILES {
        refuse("", format!("the pack has {} files; at most {MOST_FILES} are read", files.len()));
    }
    if bytes > MOST_BYTES {
        refuse("", format!("the pack has {bytes} bytes; at most {MOST_BYTES} are read"));
    }
    !findings.has_errors()
}

impl<'a> Documents<'a> {
    fn add(&mut self, file: File<'a>, mut node: Node, findings: &mut Findings) {
        let Some(kind) = take_kind(file, &mut node, findings) else { return };
        match kind.as_str() {
            "organisation" => {
                if let Some(mut read) = document::<OrganisationDocument>(file, node, findings) {
                    self.people
                        .extend(std::mem::take(&mut read.body.people.0).into_iter().map(|text| (file, text)));
                    self.roles
                        .extend(std::mem::take(&mut read.body.roles.0).into_iter().map(|text| (file, text)));
                    self.organisations.push(read);
                }
            }
            "people" => {
                let people = document::<PeopleDocument>(file, node, findings).map(|read| read.body.people.0);
                self.people.extend(people.into_iter().flatten().map(|text| (file, text)));
            }
            "roles" => {
                let roles = document::<RolesDocument>(file, node, findings).map(|read| read.body.roles.0);
                self.roles.extend(roles.into_iter().flatten().map(|text| (file, text)));
            }
            "holidays" => self.holidays.extend(document(file, node, findings)),
            "schedule" => self.schedules.extend(document(file, node, findings)),
            "escalation" => self.escalations.extend(document(file, node, findings)),
            "routing" => self.routings.extend(document(file, node, findings)),
            "accepted" => self.accepted.extend(document(file, node, findings)),
            _ => self.integrations.extend(document(file, node, findings)),
        }
    }
}

/// Takes the `kind` off a document, so that the rest is what the kind says.
fn take_kind(file: File<'_>, node: &mut Node, findings: &mut Findings) -> Option<String> {
    let Value::Map(entries) = &mut node.value else {
        let message = format!("a document is a map that begins with `kind`, not {}", node.value.kind());
        findings.error(file.at(node.place), rules::KIND, message);
        return None;
    };
    let known = format!("one of {}", KINDS.join(", "));
    let Some(index) = entries.iter().position(|(key, _)| key.name == "kind") else {
        findings.error(file.at(node.place), rules::KIND, "the document has no `kind`").suggestion =
            Some(known);
        return None;
    };
    let (_, kind) = entries.remove(index);
    let Value::Text(name) = kind.value else {
        findings.error(file.at(kind.place), rules::KIND, "`kind` is a word").suggestion = Some(known);
        return None;
    };
    if KINDS.contains(&name.as_str()) {
        return Some(name);
    }
    let near = closest(&name, KINDS).map(|near| format!("did you mean `{near}`?"));
    let message = format!("`{name}` is not a kind of document");
    findings.error(file.at(kind.place), rules::KIND, message).suggestion = near.or(Some(known));
    None
}

fn document<'a, T: for<'de> serde::Deserialize<'de>>(
    file: File<'a>,
    node: Node,
    findings: &mut Findings,
) -> Option<Document<'a, T>> {
    let (document, errors) = read::<T>(&node);
    for error in errors {
        findings.unread(file, error);
    }
    document.map(|body| Document { file, node, body })
}
