//! Who may do what: one gate that every query and every command passes.
//!
//! A `Permit` can be made only here. Store and API ask for one, so a query that nobody thought about
//! cannot compile. What an actor may see is part of the permit: readers add it to their conditions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody signed in. `person` is who they are in the organisation, where they are in it.
    Account { id: String, person: Option<PersonId>, role: AccountRole },
    /// The person for whom a signed link was made; may answer one page and nothing else.
    Link { person: PersonId },
    /// A source of alerts.
    Integration { id: String },
    /// The product itself: timers, deliveries, clean-up.
    System,
}

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Configures, and does everything a responder does.
    Admin,
    /// Works on alerts and incidents.
    Responder,
}

impl AccountRole {
    /// The name used in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Responder => "responder",
        }
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Read,
    /// Work on alerts and incidents, enter overrides.
    Respond,
    /// Answer one's own page.
    Answer,
    /// Send alerts.
    Send,
    /// Change packs, integrations and accounts.
    Configure,
}

/// Proof that an actor may do an action. Only [`permit`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Actor,
    action: Action,
}

/// The answer to somebody who may not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this needs the right to {action}, which {actor} does not have")]
pub struct Denied {
    actor: String,
    action: &'static str,
}

/// Gives the proof that `actor` may do `action`.
pub fn permit(actor: &Actor, action: Action) -> Result<Permit, Denied> {
    let allowed = match actor {
        Actor::System | Actor::Account { role: AccountRole::Admin, .. } => true,
        Actor::Account { role: AccountRole::Responder, .. } => {
            matches!(action, Action::Read | Action::Respond | Action::Answer)
        }
        Actor::Link { .. } => action == Action::Answer,
        Actor::Integration { .. } => action == Action::Send,
    };
    if allowed {
        Ok(Permit { actor: actor.clone(), action })
    } else {
        Err(Denied { actor: actor.to_string(), action: action.as_str() })
    }
}

impl Permit {
    /// Who it was given to.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What it was given for.
    pub const fn action(&self) -> Action {
        self.action
    }
}

impl Action {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Respond => "respond",
            Self::Answer => "answer a page",
            Self::Send => "send alerts",
            Self::Configure => "configure",
        }
    }
}

impl Actor {
    /// The person behind the actor, where there is one.
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Account { person, .. } => person.as_ref(),
            Self::Link { person } => Some(person),
            Self::Integration { .. } | Self::System => None,
        }
    }
}

/// As the journal keeps it: `person:elif`, `account:acc_1`, `link:elif`, `integration:int_1`, `system`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account { person: Some(person), .. } => write!(f, "person:{person}"),
            Self::Account { id, .. } => write!(f, "account:{id}"),
            Self::Link { person } => write!(f, "link:{person}"),
            Self::Integration { id } => write!(f, "integration:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountRole, Action, Actor, permit};

    fn allowed(actor: &Actor) -> Vec<Action> {
        [Action::Read, Action::Respond, Action::Answer, Action::Send, Action::Configure]
            .into_iter()
            .filter(|action| permit(actor, *action).is_ok())
            .collect()
    }

    #[test]
    fn each_kind_of_actor_has_its_actions_and_no_others() {
        let account = |role| Actor::Account { id: "acc".into(), person: None, role };
        assert_eq!(allowed(&account(AccountRole::Admin)).len(), 5);
        assert_eq!(
            allowed(&account(AccountRole::Responder)),
            [Action::Read, Action::Respond, Action::Answer]
        );
        assert_eq!(allowed(&Actor::Link { person: "a".into() }), [Action::Answer]);
        assert_eq!(allowed(&Actor::Integration { id: "i".into() }), [Action::Send]);
    }
}
