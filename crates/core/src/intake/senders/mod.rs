//! What is shipped for each sender: how its integration is set up, and how its bodies are read.
//!
//! A sender is data (`*.yaml` beside this file): its name, what to paste where, a mapping unless its kind has a
//! format of its own, and a body that tests the way from its door to a page.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hmac::{Hmac, KeyInit, Mac};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use super::{IntegrationKind, Mapping, MappingText};

/// A vendor whose bodies are read as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Vendor {
    /// Grafana's alerting, contact point webhook.
    Grafana,
    /// GitHub: code scanning, secret scanning and Dependabot alerts.
    Github,
    /// Sentry: issues, issue alerts and metric alerts.
    Sentry,
    /// Datadog's webhooks, with the body that is given to paste.
    Datadog,
    /// Grafana OnCall's formatted webhook.
    GrafanaOncall,
    /// GoAlert's generic API.
    Goalert,
}

impl Vendor {
    /// Every vendor, in the order of documents.
    pub const ALL: [Self; 6] =
        [Self::Grafana, Self::Github, Self::Sentry, Self::Datadog, Self::GrafanaOncall, Self::Goalert];

    /// The name used in packs, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grafana => "grafana",
            Self::Github => "github",
            Self::Sentry => "sentry",
            Self::Datadog => "datadog",
            Self::GrafanaOncall => "grafana_oncall",
            Self::Goalert => "goalert",
        }
    }

    /// What is shipped for it.
    pub fn sender(self) -> Option<&'static Sender> {
        senders().iter().find(|sender| sender.vendor == Some(self))
    }

    /// The kind of its integrations.
    pub fn kind(self) -> IntegrationKind {
        self.sender().map_or(IntegrationKind::Generic, |sender| sender.kind)
    }
}

/// What is shipped for one sender.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// The name that people know it by.
    pub title: String,
    /// What it covers, in one line.
    pub hint: String,
    pub kind: IntegrationKind,
    /// Nothing where the kind is all there is to say.
    #[serde(default)]
    pub vendor: Option<Vendor>,
    /// The address to send to, below that of the server; `{key}` stands for the key.
    pub path: String,
    /// Whether the vendor can sign its bodies with a secret that it is given.
    #[serde(default)]
    pub signs: bool,
    /// What to do at the vendor, in order.
    pub steps: Vec<Step>,
    /// What reads its bodies, where the kind is generic.
    #[serde(default)]
    pub mapping: Option<MappingText>,
    /// A body that opens an alert; `{title}` and `{key}` stand for the alert's.
    pub test: Value,
    #[serde(skip)]
    compiled: Option<Mapping>,
}

/// One step of a set-up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// What to paste there; `{url}`, its `{base}`, `{host}` and `{scheme}`, `{key}` and `{secret}` stand for what
    /// the integration was given, `{topic}` for its first topic.
    #[serde(default)]
    pub paste: Option<String>,
}

impl Sender {
    /// The mapping, ready to use.
    pub fn compiled(&self) -> Option<&Mapping> {
        self.compiled.as_ref()
    }

    /// The body that tests the way, for an alert of this title and key.
    pub fn test_body(&self, title: &str, key: &str) -> Value {
        let mut body = filled(&self.test, &BTreeMap::from([("{title}", title), ("{key}", key)]));
        // What a topic of SNS carries is text in its envelope, whatever it says.
        if let Some(message) = body.get_mut("Message").filter(|message| message.is_object()) {
            *message = Value::String(message.to_string());
        }
        body
    }
}

/// Every sender, in the order in which people are asked.
pub fn senders() -> &'static [Sender] {
    static SENDERS: LazyLock<Vec<Sender>> =
        LazyLock::new(|| FILES.iter().filter_map(|(_, text)| read(text).ok()).collect());
    &SENDERS
}

/// What is shipped for an integration of this kind and vendor.
pub fn sender(kind: IntegrationKind, vendor: Option<Vendor>) -> Option<&'static Sender> {
    senders().iter().find(|sender| sender.kind == kind && sender.vendor == vendor)
}

/// The files, by the name that a test tells.
const FILES: [(&str, &str); 13] = [
    ("pagerduty", include_str!("pagerduty.yaml")),
    ("opsgenie", include_str!("opsgenie.yaml")),
    ("alertmanager_webhook", include_str!("alertmanager_webhook.yaml")),
    ("alertmanager_api", include_str!("alertmanager_api.yaml")),
    ("grafana", include_str!("grafana.yaml")),
    ("github", include_str!("github.yaml")),
    ("sentry", include_str!("sentry.yaml")),
    ("datadog", include_str!("datadog.yaml")),
    ("grafana_oncall", include_str!("grafana_oncall.yaml")),
    ("goalert", include_str!("goalert.yaml")),
    ("aws_sns", include_str!("aws_sns.yaml")),
    ("heartbeat", include_str!("heartbeat.yaml")),
    ("generic", include_str!("generic.yaml")),
];

fn read(text: &str) -> Result<Sender, String> {
    let mut sender: Sender = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    if let Some(mapping) = &sender.mapping {
        let compiled = mapping.compile().map_err(|errors| format!("{errors:?}"))?;
        sender.compiled = Some(compiled);
    }
    Ok(sender)
}

/// Whether `signature` (`sha256=` and hex, as GitHub's `X-Hub-Signature-256`) is that of the body under the secret.
pub fn is_signed(secret: &str, body: &[u8], signature: &str) -> bool {
    let given = signature.strip_prefix("sha256=").and_then(|hex| hex::decode(hex).ok());
    let (Some(given), Ok(mut mac)) = (given, Hmac::<Sha256>::new_from_slice(secret.as_bytes())) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&given).is_ok()
}

fn filled(value: &Value, names: &BTreeMap<&str, &str>) -> Value {
    match value {
        Value::String(text) => {
            let fill = |text: String, (name, with): (&&str, &&str)| text.replace(*name, with);
            Value::String(names.iter().fold(text.clone(), fill))
        }
        Value::Array(items) => items.iter().map(|item| filled(item, names)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), filled(value, names))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{FILES, IntegrationKind, Vendor, is_signed, read, senders};

    #[test]
    fn a_signature_is_of_the_body_and_the_secret() {
        // The example of GitHub's documentation.
        let (secret, body) = ("It's a Secret to Everybody", b"Hello, World!");
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(is_signed(secret, body, signature));
        assert!(!is_signed("another", body, signature));
        assert!(!is_signed(secret, b"Hello, World?", signature));
        for bad in ["", "sha256=", "sha1=757107", &signature[7..], &signature[..40]] {
            assert!(!is_signed(secret, body, bad), "{bad}");
        }
    }

    #[test]
    fn every_file_is_read_and_every_kind_and_vendor_has_one() {
        for (name, text) in FILES {
            let sender = read(text).map_err(|error| format!("{name}: {error}")).unwrap();
            let named = sender.vendor.map_or(sender.kind.as_str(), Vendor::as_str);
            assert_eq!(named, name);
        }
        assert_eq!(senders().len(), FILES.len());
        assert!(Vendor::ALL.into_iter().all(|vendor| vendor.sender().is_some()));
        assert!(IntegrationKind::ALL.into_iter().all(|kind| super::sender(kind, None).is_some()));
    }

    #[test]
    fn a_sender_of_generic_bodies_has_a_mapping_or_says_nothing_of_whose() {
        for sender in senders() {
            let generic = sender.kind == IntegrationKind::Generic && sender.vendor.is_some();
            assert_eq!(sender.compiled().is_some(), generic, "{}", sender.title);
            assert!(!sender.steps.is_empty() && sender.path.starts_with('/'), "{}", sender.title);
        }
    }
}
