//! `decurion contact`.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Context;
use crate::exit::Failure;
use crate::output::{Column, Table, Times, say, text_at};

/// Contacts: whether messages are known to arrive
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Your contacts
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Send a code over a contact
    Verify {
        /// Id of the contact, as the pack names it
        contact: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Give the code that arrived
    Confirm {
        contact: String,
        code: String,
        #[command(flatten)]
        whose: Whose,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// Somebody else's, for administrators
    #[arg(long, value_name = "ID")]
    person: Option<String>,
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let client = &context.client;
    match verb {
        Verb::List { whose } => {
            let person = whose.id(context).await?;
            let contacts = client.items(&["people", &person, "contacts"], &[], usize::MAX).await?;
            context.show_items(contacts, |contacts| table(contacts, &context.times))
        }
        Verb::Verify { contact, whose } => {
            let person = whose.id(context).await?;
            let sent = client.post(&["people", &person, "contacts", contact, "verify"], &json!({})).await?;
            let until = context.times.minute_at(&sent, "/expires_us");
            let text = format!(
                "A code is on its way over {contact}; it is good until {until}. Then: decurion contact confirm \
                 {contact} CODE"
            );
            context.show(&sent, |_| Ok(say(&text)?))
        }
        Verb::Confirm { contact, code, whose } => {
            let person = whose.id(context).await?;
            let path = ["people", &person, "contacts", contact, "confirm"];
            let confirmed = client.post(&path, &json!({"code": code})).await?;
            let text = format!("Verified: messages arrive at {}.", text_at(&confirmed, "/address"));
            context.show(&confirmed, |_| Ok(say(&text)?))
        }
    }
}

impl Whose {
    /// The person who is meant; whoever is signed in unless another is named.
    async fn id(&self, context: &Context) -> anyhow::Result<String> {
        if let Some(person) = &self.person {
            return Ok(person.clone());
        }
        let me = context.client.get(&["me"], &[]).await?;
        let id = text_at(&me, "/person/id");
        if id.is_empty() {
            return Err(Failure::usage("this account is nobody in the organisation: name --person").into());
        }
        Ok(id)
    }
}

fn table(contacts: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns =
        [Column::new("CONTACT"), Column::new("CHANNEL"), Column::text("ADDRESS"), Column::new("VERIFIED")];
    let mut table = Table::new(&columns, "No contacts.");
    for contact in contacts {
        let at = |pointer: &str| text_at(contact, pointer);
        let is = |pointer: &str| contact.pointer(pointer).and_then(Value::as_bool) == Some(true);
        let verified = match (is("/enabled"), is("/verified"), is("/needs_code")) {
            (false, ..) => "disabled".to_owned(),
            (_, true, true) => times.minute_at(contact, "/verified_us"),
            (_, true, false) => "by nature".to_owned(),
            _ => "no".to_owned(),
        };
        table.row([at("/id"), at("/channel"), at("/address"), verified]);
    }
    Ok(table.print()?)
}
