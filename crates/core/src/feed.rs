//! Calendar feeds: an address that shows somebody's shifts, or a schedule's, to whoever knows it.
//!
//! The address holds a secret; what is kept of it is a digest, which is also the feed's id. A feed is made
//! once and revoked once, on a stream of its own: `feed:<id>`. What it shows is [`ical`](crate::ical)'s.

use serde::{Deserialize, Serialize};

use crate::decide::{Context, Decision, Refusal};
use crate::ical::FeedOf;
use crate::id::FeedId;
use crate::record::Record;

/// One feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub created: Option<Created>,
    pub revoked: bool,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Created),
    Revoke,
}

/// Somebody made a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    pub feed: FeedId,
    pub of: FeedOf,
    /// The account that made it: with the account, its feeds end.
    pub account: String,
}

/// The address opens nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub feed: FeedId,
}

/// Decides about one feed.
pub fn decide(state: &State, command: &Command, context: Context<'_>) -> Result<Decision, Refusal> {
    let record: Record = match command {
        Command::Create(created) => {
            known(&created.of, context)?;
            if state.created.is_some() {
                return Err(Refusal::new("already_there", "this feed was made before"));
            }
            created.clone().into()
        }
        Command::Revoke => {
            let created = state.created.as_ref().ok_or_else(gone)?;
            if state.revoked {
                return Err(gone());
            }
            Revoked { feed: created.feed.clone() }.into()
        }
    };
    Ok(Decision { records: vec![record], ..Decision::default() })
}

fn gone() -> Refusal {
    Refusal::new("not_found", "there is no such feed, or it was revoked")
}

fn known(of: &FeedOf, context: Context<'_>) -> Result<(), Refusal> {
    let there = match of {
        FeedOf::Person(id) => context.config.organisation.people.contains_key(id),
        FeedOf::Schedule(id) => context.config.schedules.contains_key(id),
    };
    let missing = || match of {
        FeedOf::Person(id) => Refusal::new("not_found", format!("no person {id}")),
        FeedOf::Schedule(id) => Refusal::new("not_found", format!("no schedule {id}")),
    };
    if there { Ok(()) } else { Err(missing()) }
}

impl State {
    /// Follows one record.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::FeedCreated(created) => self.created = Some(created.clone()),
            Record::FeedRevoked(_) => self.revoked = true,
            _ => {}
        }
    }
}

impl From<Command> for crate::decide::Command {
    fn from(command: Command) -> Self {
        Self::Feed(command)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::{Command, Created, FeedOf, State, decide};
    use crate::access::Actor;
    use crate::config::Config;
    use crate::decide::{Context, Decision, Refusal};

    fn ask(state: &State, command: &Command) -> Result<Decision, Refusal> {
        let mut config = Config::default();
        let yaml = "id: l1\nname: First\nzone: UTC\nlayers: []";
        config.schedules.insert("l1".into(), serde_saphyr::from_str(yaml).unwrap());
        decide(state, command, Context { now_us: 1, actor: &Actor::System, config: &config })
    }

    fn create(schedule: &str) -> Command {
        let of = FeedOf::Schedule(schedule.into());
        Command::Create(Created { feed: "fed_1".into(), of, account: "acc_1".into() })
    }

    #[test]
    fn a_feed_is_made_once_revoked_once_and_only_of_what_is_there() {
        let mut state = State::default();
        assert_eq!(ask(&state, &create("l9")).unwrap_err().code, "not_found");
        assert_eq!(ask(&state, &Command::Revoke).unwrap_err().code, "not_found");
        for record in ask(&state, &create("l1")).unwrap().records {
            state.apply(&record);
        }
        assert_eq!(ask(&state, &create("l1")).unwrap_err().code, "already_there");
        for record in ask(&state, &Command::Revoke).unwrap().records {
            state.apply(&record);
        }
        assert!(state.revoked);
        assert_eq!(ask(&state, &Command::Revoke).unwrap_err().code, "not_found");
    }
}
