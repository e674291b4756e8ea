//! Whether messages arrive: a person shows it for a contact by giving back a code that was sent there.
//!
//! Stream `contact:<person>/<contact>`. A code goes out as a notice over that very contact, with the ordinary
//! delivery and its record. The code itself is kept nowhere: it follows from the server's secret and from the
//! id of its notice, so whoever compares it tells [`Command::Answer`] only whether it was right.
//!
//! Nobody is paged less for it: an unverified contact is used like every other, and shown as unverified.

use serde::{Deserialize, Serialize};

use crate::decide::{Context, Decision, Refusal, Reply};
use crate::id::{ContactId, PageId, PersonId};
use crate::journal::StreamId;
use crate::notify::{self, DecideNotice, Notice, Topic};
use crate::org::{Channel, Contact};
use crate::record::Record;

/// A code is good for this time.
pub const CODE_LASTS_US: i64 = 10 * MINUTE_US;
/// Wrong answers to one code; after that many it is good for nothing.
pub const MOST_WRONG: u32 = 5;
/// Codes that one contact is sent in an hour.
pub const MOST_CODES: usize = 5;
/// The shortest time between two codes.
const PAUSE_US: i64 = MINUTE_US / 2;
const MINUTE_US: i64 = 60 * 1_000_000;
/// Stands in a notice's text where its code is written when it is sent.
pub const CODE: &str = "{code}";

/// What is known about one contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The newest code, until it was answered.
    pub asked: Option<Asked>,
    /// When codes were sent, of the last hour.
    sent_us: Vec<i64>,
    /// The address for which it was shown that messages arrive.
    pub verified: Option<String>,
}

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The notice that carries it.
    pub notice: PageId,
    pub channel: Channel,
    pub address: String,
    pub expires_us: i64,
    pub wrong: u32,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send a code.
    Ask { notice: PageId, person: PersonId, contact: ContactId },
    /// Somebody gave a code for that notice.
    Answer { notice: PageId, person: PersonId, contact: ContactId, right: bool },
}

/// A code goes out over a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeAsked {
    pub notice: PageId,
    pub person: PersonId,
    pub contact: ContactId,
    pub channel: Channel,
    pub address: String,
    pub expires_us: i64,
}

/// A wrong code was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeWrong {
    pub notice: PageId,
    /// Answers that are left to this code.
    pub left: u32,
}

/// The right code was given: messages arrive at this address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub notice: PageId,
    pub person: PersonId,
    pub contact: ContactId,
    pub channel: Channel,
    pub address: String,
}

/// Decides about one contact.
pub fn decide(state: &State, command: &Command, context: Context<'_>) -> Result<Decision, Refusal> {
    match command {
        Command::Ask { notice, person, contact } => ask(state, notice, person, contact, context),
        Command::Answer { notice, person, contact, right } => {
            answer(state, notice, *right, known(person, contact, context)?, person, context)
        }
    }
}

fn known<'a>(person: &PersonId, contact: &ContactId, context: Context<'a>) -> Result<&'a Contact, Refusal> {
    let there = context.config.organisation.people.get(person);
    let there = there.ok_or_else(|| Refusal::new("not_found", format!("no person {person}")))?;
    let missing = || Refusal::new("not_found", format!("{person} has no contact {contact}"));
    there.contact(contact).ok_or_else(missing)
}

fn ask(
    state: &State,
    notice: &PageId,
    person: &PersonId,
    contact: &ContactId,
    context: Context<'_>,
) -> Result<Decision, Refusal> {
    let way = known(person, contact, context)?;
    if way.channel == Channel::Mailbox {
        let message = "the built-in mailbox needs no code: it is read where the code would be given";
        return Err(Refusal::new("needs_no_code", message));
    }
    if !way.enabled {
        let message = "this contact is disabled, so nothing is sent there; enable it in the pack first";
        return Err(Refusal::new("contact_disabled", message));
    }
    state.may_send(context.now_us)?;
    let asked = CodeAsked {
        notice: notice.clone(),
        person: person.clone(),
        contact: contact.clone(),
        channel: way.channel,
        address: way.address.clone(),
        expires_us: context.now_us + CODE_LASTS_US,
    };
    let tell = DecideNotice {
        page: notice.clone(),
        person: person.clone(),
        notice: Notice {
            topic: Topic::ContactCode,
            title: "Your Decurion code".to_owned(),
            text: format!(
                "{CODE} is the code for your contact {contact}. Give it within 10 minutes in the console, under My \
                 on-call, or run: decurion contact confirm {contact} {CODE}\nNobody asked for it? Then somebody \
                 is trying your contacts: tell your administrator."
            ),
            path: "/me".to_owned(),
        },
        only: Some(contact.clone()),
    };
    Ok(Decision {
        records: vec![asked.into()],
        then: vec![(StreamId::page(notice), notify::Command::Notify(Box::new(tell)).into())],
        ..Decision::default()
    })
}

fn answer(
    state: &State,
    notice: &PageId,
    right: bool,
    contact: &Contact,
    person: &PersonId,
    context: Context<'_>,
) -> Result<Decision, Refusal> {
    let asked = state.asked.as_ref().ok_or_else(|| Refusal::new("no_code", "ask for a code first"))?;
    if asked.notice != *notice {
        return Err(Refusal::new("newer_code", "a newer code was sent; give that one"));
    }
    if asked.expires_us <= context.now_us {
        return Err(Refusal::new("code_expired", "this code has expired; ask for a new one"));
    }
    if asked.wrong >= MOST_WRONG {
        let message = format!("{MOST_WRONG} wrong answers were given to this code; ask for a new one");
        return Err(Refusal::new("code_used_up", message));
    }
    if contact.address != asked.address || contact.channel != asked.channel {
        let message = "the contact has changed since the code was sent; ask for a new one";
        return Err(Refusal::new("contact_changed", message));
    }
    let left = MOST_WRONG - asked.wrong - 1;
    let record: Record = if right {
        Verified {
            notice: notice.clone(),
            person: person.clone(),
            contact: contact.id.clone(),
            channel: contact.channel,
            address: contact.address.clone(),
        }
        .into()
    } else {
        CodeWrong { notice: notice.clone(), left }.into()
    };
    let reply = Reply::Code { right, left };
    Ok(Decision { records: vec![record], reply, ..Decision::default() })
}

impl State {
    fn may_send(&self, now_us: i64) -> Result<(), Refusal> {
        let hour_ago_us = now_us - 60 * MINUTE_US;
        let recent = self.sent_us.iter().filter(|at_us| **at_us > hour_ago_us).count();
        let last_us = self.sent_us.last().copied().unwrap_or(i64::MIN);
        if recent >= MOST_CODES {
            let message = format!("{MOST_CODES} codes were sent in the last hour; wait before asking again");
            return Err(Refusal::new("too_often", message));
        }
        if last_us > now_us - PAUSE_US {
            return Err(Refusal::new("too_often", "a code was sent just now; wait half a minute for it"));
        }
        Ok(())
    }

    /// Follows one record.
    pub fn apply(&mut self, at_us: i64, record: &Record) {
        match record {
            Record::ContactCodeAsked(asked) => {
                self.sent_us.retain(|sent_us| *sent_us > at_us - 60 * MINUTE_US);
                self.sent_us.push(at_us);
                self.asked = Some(Asked {
                    notice: asked.notice.clone(),
                    channel: asked.channel,
                    address: asked.address.clone(),
                    expires_us: asked.expires_us,
                    wrong: 0,
                });
            }
            Record::ContactCodeWrong(_) => {
                if let Some(asked) = &mut self.asked {
                    asked.wrong += 1;
                }
            }
            Record::ContactVerified(verified) => {
                self.asked = None;
                self.verified = Some(verified.address.clone());
            }
            _ => {}
        }
    }
}

impl From<Command> for crate::decide::Command {
    fn from(command: Command) -> Self {
        Self::Verification(command)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::{CODE_LASTS_US, Command, MINUTE_US, MOST_CODES, MOST_WRONG, State, decide};
    use crate::access::Actor;
    use crate::config::Config;
    use crate::decide::{Context, Decision, Refusal, Reply};
    use crate::org::{Channel, Contact, Person};

    /// One contact of one person, and what became of it.
    struct Desk {
        config: Config,
        state: State,
        now_us: i64,
    }

    fn contact(id: &str, channel: Channel, enabled: bool) -> Contact {
        Contact { id: id.into(), channel, address: format!("{id}@x.example"), enabled }
    }

    impl Desk {
        fn new() -> Self {
            let mut config = Config::default();
            let person = Person {
                id: "elif".into(),
                name: "Elif".into(),
                email: None,
                zone: "UTC".into(),
                team: None,
                title: None,
                certified: Vec::new(),
                holidays: None,
                external: false,
                contacts: vec![
                    contact("email", Channel::Email, true),
                    contact("old", Channel::Email, false),
                    contact("mailbox", Channel::Mailbox, true),
                ],
                rules: Vec::new(),
            };
            config.organisation.people.insert("elif".into(), person);
            Self { config, state: State::default(), now_us: 1_000_000_000_000_000 }
        }

        fn run(&mut self, command: &Command) -> Result<Decision, Refusal> {
            let context = Context { now_us: self.now_us, actor: &Actor::System, config: &self.config };
            let decision = decide(&self.state, command, context)?;
            for record in &decision.records {
                self.state.apply(self.now_us, record);
            }
            Ok(decision)
        }

        fn ask(&mut self, contact: &str, notice: &str) -> Result<Decision, Refusal> {
            let (notice, contact) = (notice.into(), contact.into());
            self.run(&Command::Ask { notice, person: "elif".into(), contact })
        }

        fn answer(&mut self, notice: &str, right: bool) -> Result<Reply, Refusal> {
            let (notice, person, contact) = (notice.into(), "elif".into(), "email".into());
            self.run(&Command::Answer { notice, person, contact, right }).map(|decision| decision.reply)
        }
    }

    #[test]
    fn the_right_code_verifies_the_address_it_was_sent_to() {
        let mut desk = Desk::new();
        let asked = desk.ask("email", "pag_1").unwrap();
        assert_eq!(asked.then.len(), 1, "a notice goes out");
        assert_eq!(desk.answer("pag_1", false).unwrap(), Reply::Code { right: false, left: 4 });
        assert_eq!(desk.answer("pag_1", true).unwrap(), Reply::Code { right: true, left: 3 });
        assert_eq!(desk.state.verified.as_deref(), Some("email@x.example"));
        assert_eq!(desk.answer("pag_1", true).unwrap_err().code, "no_code", "a code is used once");
    }

    #[test]
    fn a_code_ends_with_time_with_wrong_answers_and_with_a_newer_one() {
        let mut desk = Desk::new();
        desk.ask("email", "pag_1").unwrap();
        desk.now_us += CODE_LASTS_US;
        assert_eq!(desk.answer("pag_1", true).unwrap_err().code, "code_expired");
        desk.ask("email", "pag_2").unwrap();
        assert_eq!(desk.answer("pag_1", true).unwrap_err().code, "newer_code");
        for _ in 0..MOST_WRONG {
            desk.answer("pag_2", false).unwrap();
        }
        assert_eq!(desk.answer("pag_2", true).unwrap_err().code, "code_used_up");
    }

    #[test]
    fn a_contact_that_changed_in_between_is_not_verified() {
        let mut desk = Desk::new();
        desk.ask("email", "pag_1").unwrap();
        desk.config.organisation.people.get_mut(&"elif".into()).unwrap().contacts[0].address = "new@x".into();
        assert_eq!(desk.answer("pag_1", true).unwrap_err().code, "contact_changed");
    }

    #[test]
    fn codes_are_sent_seldom_and_only_where_something_arrives() {
        let mut desk = Desk::new();
        for (contact, code) in
            [("mailbox", "needs_no_code"), ("old", "contact_disabled"), ("fax", "not_found")]
        {
            assert_eq!(desk.ask(contact, "pag_0").unwrap_err().code, code);
        }
        for n in 0..MOST_CODES {
            desk.ask("email", &format!("pag_{n}")).unwrap();
            assert_eq!(desk.ask("email", "pag_x").unwrap_err().code, "too_often");
            desk.now_us += MINUTE_US;
        }
        assert_eq!(desk.ask("email", "pag_x").unwrap_err().code, "too_often");
        desk.now_us += 60 * MINUTE_US;
        desk.ask("email", "pag_x").unwrap();
    }
}
