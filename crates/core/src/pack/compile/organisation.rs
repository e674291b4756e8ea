//! People, roles and how to reach them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Names, Places, define, whole, zone};
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
        address(file, Channel::Email, email, findings);
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
            Some(given) => address(file, channel, given, findings),
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

/// Whether an address is one for its channel.
fn address(file: File<'_>, channel: Channel, at: &At<String>, findings: &mut Findings) {
    let spot = file.at(at.place());
    let wrong = match channel {
        Channel::Email => (!is_mail(&at.value)).then_some("is not a mail address"),
        Channel::Webhook | Channel::Slack => {
            (!is_url(&at.value)).then_some("is not an http or https address")
        }
        Channel::Telegram => (!is_chat(&at.value)).then_some("is not the id of a Telegram chat"),
        // A topic of the configured server, or the whole address of a topic.
        Channel::Ntfy => {
            (!is_url(&at.value) && !is_topic(&at.value)).then_some("is neither a topic nor an http address")
        }
        Channel::Mailbox => (!at.value.is_empty()).then_some("is not used: the mailbox needs no address"),
    };
    if let Some(wrong) = wrong {
        let said = format!("`{}` {wrong}", channel.shown(&at.value));
        findings.error(spot, rules::ADDRESS, said).suggestion = wanted(channel).map(str::to_owned);
    } else if at.value.starts_with("http://") && !is_local(&at.value) {
        findings.warning(spot, rules::WEAK, "pages travel unencrypted over http").suggestion =
            Some("use https".to_owned());
    }
}

/// How to come by an address of channels whose addresses people do not know by heart.
const fn wanted(channel: Channel) -> Option<&'static str> {
    match channel {
        Channel::Telegram => Some(
            "write the number of the chat in quotes, as \"123456789\"; that of a group begins with `-`, a public channel is `@name`",
        ),
        _ => None,
    }
}

/// The number of a chat, below 2^52 as the Bot API says, or the public name of a channel.
fn is_chat(text: &str) -> bool {
    let named = |name: &str| {
        (4..=32).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match text.strip_prefix('@') {
        Some(name) => named(name),
        None => text.parse::<i64>().is_ok_and(|id| id != 0 && id.unsigned_abs() < 1 << 52),
    }
}

/// A mail address as far as one can tell without sending to it (RFC 5321 lengths, dot-atom local parts).
fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local_fine = (1..=64).contains(&local.len()) && local.chars().all(atom) && dotted(local);
    local_fine && text.len() <= 254 && is_host(domain)
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    !text.is_empty() && text.len() <= 253 && dotted(text) && text.split('.').all(label)
}

fn dotted(text: &str) -> bool {
    !text.split('.').any(str::is_empty)
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let bracketed = name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let name_fine = bracketed.map_or_else(|| is_host(name), |ip| ip.parse::<std::net::Ipv6Addr>().is_ok());
    name_fine && port.is_none_or(|port| port.parse::<u16>().is_ok()) && !text.contains(char::is_whitespace)
}

fn is_local(text: &str) -> bool {
    let host = text.trim_start_matches("http://");
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

fn is_topic(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
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

#[cfg(test)]
mod tests {
    use super::{is_mail, is_topic, is_url};

    #[test]
    fn addresses_that_can_be_reached_are_told_from_slips() {
        for good in ["a@b.example", "first.last+tag@mail.example.com", "x@localhost", "å@exempel.example"] {
            assert!(is_mail(good), "{good}");
        }
        for bad in
            ["", "a", "a@", "@b", "a b@c.example", "a@b..example", ".a@b.example", "a@-b.example", "a@b@"]
        {
            assert!(!is_mail(bad), "{bad}");
        }
        for good in [
            "https://hooks.example/x?y=1",
            "http://127.0.0.1:8090",
            "https://[::1]:8443/",
            "https://u:p@h.example",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "hooks.example",
            "ftp://a.example",
            "https://",
            "https://a b",
            "https://h:99999/",
            "https://a..b",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
        assert!(is_topic("decurion-l1") && !is_topic("a b") && !is_topic(""));
    }
}
