//! Open connections to the mail server.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::settings::{SettingsError, SmtpSecurity, SmtpSettings};
use crate::tls::Authorities;

/// Servers close silent connections after some minutes (RFC 5321, 4.5.3.2.7 asks for five).
const IDLE_MAX: Duration = Duration::from_mins(1);

/// Where to connect and how.
pub(crate) struct Server {
    host: String,
    port: u16,
    security: SmtpSecurity,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.security)
    }
}

impl Server {
    pub(crate) fn new(settings: SmtpSettings, authorities: &Authorities) -> Result<Self, SettingsError> {
        let credentials = match (settings.username, settings.password) {
            (Some(_), Some(_)) if settings.security == SmtpSecurity::Plain => {
                return Err(SettingsError::PlainCredentials);
            }
            (Some(username), Some(password)) => Some(Credentials::new(username, password)),
            (None, None) => None,
            _ => return Err(SettingsError::HalfCredentials),
        };
        let default_port = match settings.security {
            SmtpSecurity::Plain => 25,
            SmtpSecurity::StartTls => 587,
            SmtpSecurity::Tls => 465,
        };
        Ok(Self {
            tls: authorities.smtp_parameters(&settings.host)?,
            host: settings.host,
            port: settings.port.unwrap_or(default_port),
            security: settings.security,
            credentials,
            hello: settings.hello_name.map_or_else(ClientId::default, ClientId::Domain),
        })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = (self.security == SmtpSecurity::Tls).then(|| self.tls.clone());
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, None, &self.hello, wrapper, None).await?;
        if self.security == SmtpSecurity::StartTls {
            connection.starttls(self.tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

/// At most so many connections as the settings say, kept open between messages.
pub(crate) struct Pool {
    server: Server,
    idle: Mutex<Vec<Idle>>,
    permits: Semaphore,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Pool {
    pub(crate) fn new(server: Server, max_connections: usize) -> Self {
        let permits = Semaphore::new(max_connections.min(Semaphore::MAX_PERMITS));
        Self { server, idle: Mutex::default(), permits }
    }

    /// Hands the mail to the server over a kept or a new connection.
    ///
    /// May be dropped at any point; the connection is then closed and not used again.
    pub(crate) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Result<Response, Error> {
        // The semaphore is never closed, so there is always a permit to come.
        let _permit = self.permits.acquire().await;
        let mut connection = match self.kept().await {
            Some(connection) => connection,
            None => self.server.connect().await?,
        };
        let response = connection.send(envelope, mail).await?;
        self.keep(connection);
        Ok(response)
    }

    /// The connection used last that the server still answers on.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        while let Some(mut idle) = self.pop() {
            if idle.since.elapsed() < IDLE_MAX && idle.connection.test_connected().await {
                return Some(idle.connection);
            }
        }
        None
    }

    fn pop(&self) -> Option<Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        if !connection.has_broken() {
            let idle = Idle { connection, since: Instant::now() };
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
        }
    }
}
