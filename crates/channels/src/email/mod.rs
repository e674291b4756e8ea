//! Mail over SMTP.
//!
//! The connections are pooled here and not by lettre's transport: that one puts a connection back even when
//! a send was given up in the middle of a dialogue, and the next message would then read the answers that
//! belonged to the last one. Here a connection comes back only after a complete, successful dialogue.

mod letter;
mod pool;

use decurion_core::notify::{Message, Outcome};
use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::transport::smtp::response::Response;
use tokio::time::{Instant, timeout_at};

use crate::answer::{delivered, permanent, transient};
use crate::settings::{SettingsError, SmtpSettings};
use crate::tls::Authorities;
use pool::{Pool, Server};

pub(crate) const NOT_SET_UP: &str = "no SMTP server is set";

/// Sends mail from one address through one server.
#[derive(Debug)]
pub(crate) struct Mailer {
    from: Mailbox,
    pool: Pool,
}

impl Mailer {
    pub(crate) fn new(settings: SmtpSettings, authorities: &Authorities) -> Result<Self, SettingsError> {
        let from = settings.from.parse().map_err(|error: lettre::address::AddressError| {
            SettingsError::Sender { from: settings.from.clone(), reason: error.to_string() }
        })?;
        if settings.max_connections == 0 {
            return Err(SettingsError::NoConnections);
        }
        let max_connections = settings.max_connections;
        let server = Server::new(settings, authorities)?;
        Ok(Self { from, pool: Pool::new(server, max_connections) })
    }

    pub(crate) async fn send(&self, message: &Message, now_us: i64, deadline: Instant) -> Outcome {
        let letter = match letter::write(&self.from, message, now_us) {
            Ok(letter) => letter,
            Err(reason) => return permanent(reason),
        };
        let bytes = letter.formatted();
        match timeout_at(deadline, self.pool.send(letter.envelope(), &bytes)).await {
            Ok(Ok(response)) => delivered(said(&response)),
            Ok(Err(error)) => judge(&error),
            Err(_) => transient("the mail server did not finish within the time limit"),
        }
    }
}

/// Whether the text is one mail address.
pub(crate) fn check_address(address: &str) -> Result<(), String> {
    address
        .parse::<Address>()
        .map(drop)
        .map_err(|error| format!("the address is not a mail address: {error}"))
}

fn said(response: &Response) -> String {
    let lines: Vec<_> = response.message().collect();
    format!("{} {}", response.code(), lines.join(" "))
}

/// RFC 5321, 4.2.1: 5yz is permanent, 4yz may pass. What this side cannot do with this server (a login that
/// both know, STARTTLS, an address in another alphabet) will not change by trying again; everything about
/// the connection may.
fn judge(error: &smtp::Error) -> Outcome {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let answer = match error.status() {
        Some(code) => format!("{code} {source}"),
        None => error.to_string(),
    };
    if error.is_permanent() || error.is_client() { permanent(answer) } else { transient(answer) }
}
