//! Runs `smtp_server.py`.

use decurion_channels::{Settings, SmtpSecurity, SmtpSettings};
use serde_json::Value;

use crate::python::PythonServer;
use crate::support::local;

pub(crate) struct SmtpServer {
    process: PythonServer,
    security: SmtpSecurity,
}

impl SmtpServer {
    pub(crate) fn start(security: SmtpSecurity) -> Self {
        let name = match security {
            SmtpSecurity::Plain => "plain",
            SmtpSecurity::StartTls => "starttls",
            SmtpSecurity::Tls => "tls",
        };
        Self { process: PythonServer::start("smtp_server.py", name), security }
    }

    /// The next mail that the server took.
    pub(crate) fn taken(&self) -> Value {
        self.process.said()
    }

    /// Settings that reach the server, trust its authority and log in where it asks for that.
    pub(crate) fn settings(&self) -> Settings {
        let mut smtp = SmtpSettings::new("localhost", "Decurion <pager@decurion.example>");
        smtp.port = Some(self.process.port);
        smtp.security = self.security;
        let mut settings = local();
        if self.security != SmtpSecurity::Plain {
            smtp.username = Some("pager".to_owned());
            smtp.password = Some("open sesame".to_owned());
            settings.extra_ca_file = Some(self.process.authority());
        }
        settings.smtp = Some(smtp);
        settings
    }
}
