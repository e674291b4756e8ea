//! People, roles and how to reach them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Names, Places, address, define, whole, zone};
use crate::id::{ContactId, HolidaysId, PersonId, RoleId};
use crate::org::{Certificate, Channel, Contact, NotifyRule, Organisation, Person, Role};
use crate::pack::document::{CertificateText, ContactText, PersonText, RoleText, RuleText};
use crate::pack::findings::{File, Findings};
use crate::pack::read::Documents;
use crate::pack::rules;
use crate::pack::yaml::{At, Each};

pub(super) fn compile<'a>(
    documents: &Documents<'a>,
    names: &Names<'_>,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> Organisation {
    let mut organisation = frame(documents, findings);
    for (file, text) in &documents.people {
        if define(*file, &text.value.id, "person", &mut places.people, findings) {
            let person = person(*file, &text.value, &organisation.zone, names, findings);
            organisation.people.insert(person.id.clone(), person);
        }
    }
    for (file, text) in &documents.roles {
        if define(*file, &text.value.id, "role", &mut places.roles, findings) {
            let role = role(*file, &text.value, names, findings);
            organisation.roles.insert(role.id.clone(), role);
        }
    }
    organisation
}

/// Name and zone, from the one document that has them.
fn frame(documents: &Documents<'_>, findings: &mut Findings) -> Organisation {
    let Some(first) = documents.organisations.first() else {
        let anywhere = documents.people.first().map(|(file, _)| *file);
        let file = anywhere.unwrap_or(File { path: "organisation.yaml", text: "" });
        let message = "the pack has no document `kind: organisation`";
        findings.error(whole(file), rules::MISSING, message).suggestion =
            Some("it holds the organisation's name and zone".to_owned());
        return Organisation::default();
    };
    for another in documents.organisations.iter().skip(1) {
        let message = format!("the organisation is already described in {}", first.file.path);
        findings.error(another.file.at(another.node.place), rules::DUPLICATE, message).suggestion =
            Some("use `kind: people` and `kind: roles` for the rest".to_owned());
    }
    zone(first.file, &first.body.zone, findings);
    named(first.file, &first.body.name, findings);
    Organisation {
        name: first.body.name.value.clone(),
        zone: first.body.zone.value.clone(),
        ..Organisation::default()
    }
}

pub(super) fn named(file: File<'_>, name: &At<String>, findings: &mut Findings) {
    if name.value.trim().is_empty() {
        findings.error(file.at(name.place()), rules::VALUE, "the name is empty");
    }
}

fn person(
    file: File<'_>,
    text: &PersonText,
    home: &str,
    names: &Names<'_>,
    findings: &mut Findings,
) -> Person {
    named(file, &text.name, findings);
    if let Some(email) = &text.email {
        address::check(file, Channel::Email, email, findings);
    }
    if let Some(zone_of_person) = &text.zone {
        zone(file, zone_of_person, findings);
    }
    if let Some(team) = &text.team {
        findings.reference(file, team, "team", &names.teams);
    }
    let holidays = text.holidays.as_ref();
    let holidays = holidays.and_then(|id| findings.reference(file, id, "holiday calendar", &names.holidays));
    let contacts = contacts(file, &text.contacts, findings);
    Person {
        id: PersonId::new(&text.id.value),
        name: text.name.value.clone(),
        email: text.email.as_ref().map(|email| email.value.clone()),
        zone: text.zone.as_ref().map_or_else(|| home.to_owned(), |zone| zone.value.clone()),
        team: text.team.as_ref().map(|team| team.value.clone()),
        title: text.title.clone(),
        holidays: holidays.map(HolidaysId::new),
        external: text.external,
        certified: certificates(file, &text.certified, findings),
        rules: notify_rules(file, &text.rules, &contacts, findings),
        contacts,
    }
}

fn certificates(
    file: File<'_>,
    texts: &Each<At<CertificateText>>,
    findings: &mut Findings,
) -> Vec<Certificate> {
    let mut seen = BTreeMap::new();
    let mut certificates = Vec::new();
    for at in texts.iter() {
        let id = At::new(at.place(), at.value.id.clone());
        if define(file, &id, "certificate of this person", &mut seen, findings) {
            certificates.push(Certificate { id: id.value, until: at.value.until });
        }
    }
    certificates
}

fn contacts(file: File<'_>, texts: &Each<At<ContactText>>, findings: &mut Findings) -> Vec<Contact> {
    let mut seen = BTreeMap::new();
    let mut contacts = Vec::new();
    for At { value: text, .. } in texts.iter() {
        if !define(file, &text.id, "contact of this person", &mut seen, findings) {
            continue;
        }
        let channel = text.channel.value;
        match &text.address {
            Some(given) => address::check(file, channel, given, findings),
            None if channel != Channel::Mailbox => {
                let message = format!("the {} contact `{}` has no address", channel.as_str(), text.id.value);
                findings.error(file.at(text.channel.place()), rules::ADDRESS, message);
            }
            None => {}
        }
        contacts.push(Contact {
            id: ContactId::new(&text.id.value),
            channel,
            address: text.address.as_ref().map(|address| address.value.clone()).unwrap_or_default(),
            enabled: text.enabled,
        });
    }
    contacts
}

fn notify_rules(
    file: File<'_>,
    texts: &Each<At<RuleText>>,
    contacts: &[Contact],
    findings: &mut Findings,
) -> Vec<NotifyRule> {
    let known: Vec<&str> = contacts.iter().map(|contact| contact.id.as_str()).collect();
    let mut rules_of_person = Vec::new();
    for At { value: text, .. } in texts.iter() {
        let Some(id) = findings.reference(file, &text.contact, "contact of this person", &known) else {
            continue;
        };
        if contacts.iter().any(|contact| contact.id.as_str() == id && !contact.enabled) {
            let message = format!("the contact `{id}` is disabled, so this rule does nothing");
            findings.warning(file.at(text.contact.place()), rules::WEAK, message);
        }
        rules_of_person.push(NotifyRule { contact: ContactId::new(id), delay_s: text.delay.as_secs_i64() });
    }
    rules_of_person
}

fn role(file: File<'_>, text: &RoleText, names: &Names<'_>, findings: &mut Findings) -> Role {
    let mut seen = BTreeSet::new();
    let mut people = |each: &Each<At<String>>| {
        let mut ids = Vec::new();
        for at in each.iter() {
            let Some(id) = findings.reference(file, at, "person", &names.people) else { continue };
            if seen.insert(id.to_owned()) {
                ids.push(PersonId::new(id));
            } else {
                let message = format!("`{id}` stands in this role twice");
                findings.error(file.at(at.place()), rules::DUPLICATE, message);
            }
        }
        ids
    };
    let holders = people(&text.holders);
    let deputies = people(&text.deputies);
    Role { id: RoleId::new(&text.id.value), name: text.name.clone(), holders, deputies }
}
