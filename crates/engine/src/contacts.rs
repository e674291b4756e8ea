//! Contacts of people: whether messages are known to arrive, and the codes that show it.

use std::collections::BTreeSet;

use decurion_core::access::Permit;
use decurion_core::config::Config;
use decurion_core::decide::{Command, Refusal, Reply};
use decurion_core::id::{ContactId, PageId, PersonId, derive};
use decurion_core::journal::StreamId;
use decurion_core::org::{Channel, Contact};
use decurion_core::verification::{self, CODE_LASTS_US};
use decurion_store::{RosterEntryFilter, RosterEntryRow};
use serde::{Deserialize, Serialize};

use crate::live::Change;
use crate::project::json;
use crate::writer::Extra;
use crate::{Engine, EngineError};

const KIND: &str = "contact_verification";
const ASKED: &str = "asked";
const VERIFIED: &str = "verified";

/// A contact of somebody, and whether messages are known to arrive there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactState {
    pub contact: Contact,
    pub verified: bool,
    /// When it was shown; none for the built-in mailbox, which needs no code.
    pub verified_us: Option<i64>,
    /// Until when the code that was sent last is good.
    pub code_expires_us: Option<i64>,
}

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSent {
    /// The notice that carries it.
    pub notice: PageId,
    pub expires_us: i64,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeAnswer {
    pub right: bool,
    /// Answers that are left to this code.
    pub left: u32,
}

/// What the row of a contact holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Body {
    contact: String,
    #[serde(default)]
    verified: Option<Shown>,
    #[serde(default)]
    asked: Option<Asked>,
}

/// For which address it was shown, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Shown {
    channel: Channel,
    address: String,
    at_us: i64,
}

/// The newest code.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    notice: PageId,
    expires_us: i64,
}

fn row_id(person: &PersonId, contact: &ContactId) -> String {
    format!("ver_{person}/{contact}")
}

fn body_of(row: &RosterEntryRow) -> Result<Body, EngineError> {
    serde_json::from_str(&row.body_json).map_err(|error| EngineError::Store(error.to_string()))
}

/// The addresses that were shown to work, as the configuration wants them.
pub(crate) async fn load(engine: &Engine, permit: &Permit) -> Result<Change, EngineError> {
    let filter = RosterEntryFilter { kind: KIND.to_owned(), ..RosterEntryFilter::default() };
    let mut verified = BTreeSet::new();
    for row in engine.store().roster_entry_all(&filter, permit).await? {
        let body = body_of(&row)?;
        if let (Some(person), Some(shown)) = (row.person_id, body.verified) {
            verified.insert((PersonId::new(person), ContactId::new(body.contact), shown.address));
        }
    }
    Ok(Change::Verified(verified))
}

fn contact_of(config: &Config, person: &PersonId, contact: &ContactId) -> Result<Contact, EngineError> {
    let found = config.organisation.people.get(person).and_then(|person| person.contact(contact));
    found.cloned().ok_or(EngineError::NotFound("contact"))
}

impl Engine {
    /// The contacts of a person, in the pack's order.
    pub async fn contact_list(
        &self,
        permit: &Permit,
        person: &PersonId,
    ) -> Result<Vec<ContactState>, EngineError> {
        let config = self.config();
        let known = config.organisation.people.get(person).ok_or(EngineError::NotFound("person"))?;
        let mut states = Vec::with_capacity(known.contacts.len());
        for contact in &known.contacts {
            let body = self.contact_body(permit, person, &contact.id).await?;
            let shown = body
                .verified
                .filter(|shown| shown.address == contact.address && shown.channel == contact.channel);
            let asked = body.asked.filter(|asked| asked.expires_us > self.now_us());
            states.push(ContactState {
                contact: contact.clone(),
                verified: contact.channel == Channel::Mailbox || shown.is_some(),
                verified_us: shown.map(|shown| shown.at_us),
                code_expires_us: asked.map(|asked| asked.expires_us),
            });
        }
        Ok(states)
    }

    /// Sends a code over a contact of a person.
    pub async fn contact_verify(
        &self,
        permit: &Permit,
        person: &PersonId,
        contact: &ContactId,
    ) -> Result<CodeSent, EngineError> {
        contact_of(&self.config(), person, contact)?;
        let mut body = self.contact_body(permit, person, contact).await?;
        let seed = hex::encode(rand::random::<[u8; 16]>());
        let notice = PageId::new(derive("pag", self.now_us(), &[person.as_str(), contact.as_str(), &seed]));
        let expires_us = self.now_us() + CODE_LASTS_US;
        body.asked = Some(Asked { notice: notice.clone(), expires_us });
        let command = verification::Command::Ask {
            notice: notice.clone(),
            person: person.clone(),
            contact: contact.clone(),
        };
        let extra = Extra {
            roster_entries: vec![self.contact_row(permit, person, contact, &body)],
            ..Extra::default()
        };
        self.contact_job(permit, person, contact, command, extra).await?;
        Ok(CodeSent { notice, expires_us })
    }

    /// Takes the code that somebody gives for a contact.
    pub async fn contact_confirm(
        &self,
        permit: &Permit,
        person: &PersonId,
        contact: &ContactId,
        code: &str,
    ) -> Result<CodeAnswer, EngineError> {
        let way = contact_of(&self.config(), person, contact)?;
        let mut body = self.contact_body(permit, person, contact).await?;
        let asked = body.asked.clone().ok_or_else(|| Refusal::new("no_code", "ask for a code first"))?;
        let right = same(&self.links().code(&asked.notice), code);
        let mut extra = Extra::default();
        if right {
            let (channel, address) = (way.channel, way.address.clone());
            body.asked = None;
            body.verified = Some(Shown { channel, address: address.clone(), at_us: self.now_us() });
            extra.roster_entries.push(self.contact_row(permit, person, contact, &body));
            let (person, contact) = (person.clone(), contact.clone());
            extra.changes.push(Change::ContactVerified { person, contact, address });
        }
        let command = verification::Command::Answer {
            notice: asked.notice,
            person: person.clone(),
            contact: contact.clone(),
            right,
        };
        match self.contact_job(permit, person, contact, command, extra).await? {
            Reply::Code { right, left } => Ok(CodeAnswer { right, left }),
            _ => Ok(CodeAnswer { right, left: 0 }),
        }
    }

    async fn contact_job(
        &self,
        permit: &Permit,
        person: &PersonId,
        contact: &ContactId,
        command: verification::Command,
        extra: Extra,
    ) -> Result<Reply, EngineError> {
        let commands: Vec<(StreamId, Command)> = vec![(StreamId::contact(person, contact), command.into())];
        Ok(self.job(permit.actor().clone(), commands, None, extra).await?.reply)
    }

    async fn contact_body(
        &self,
        permit: &Permit,
        person: &PersonId,
        contact: &ContactId,
    ) -> Result<Body, EngineError> {
        match self.store().roster_entry_get(&row_id(person, contact), permit).await? {
            Some(row) => body_of(&row),
            None => Ok(Body { contact: contact.to_string(), ..Body::default() }),
        }
    }

    fn contact_row(
        &self,
        permit: &Permit,
        person: &PersonId,
        contact: &ContactId,
        body: &Body,
    ) -> RosterEntryRow {
        RosterEntryRow {
            id: row_id(person, contact),
            kind: KIND.to_owned(),
            schedule_id: None,
            person_id: Some(person.to_string()),
            state: if body.verified.is_some() { VERIFIED } else { ASKED }.to_owned(),
            start_us: None,
            end_us: None,
            body_json: json(body),
            created_us: self.now_us(),
            updated_us: self.now_us(),
            actor: permit.actor().to_string(),
        }
    }
}

/// Compares in a time that does not depend on where the first difference is. Spaces are how people read
/// six digits aloud.
fn same(code: &str, given: &str) -> bool {
    let given: Vec<u8> = given.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
    let differences = code.bytes().zip(&given).fold(0, |sum, (a, b)| sum | (a ^ b));
    code.len() == given.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_code_is_compared_whole_and_without_its_spaces() {
        assert!(same("042917", "042917") && same("042917", " 042 917 ") && same("042917", "042-917"));
        assert!(
            !same("042917", "042916") && !same("042917", "04291") && !same("042917", "") && !same("0", "00")
        );
    }
}
