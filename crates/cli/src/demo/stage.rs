//! How the demo acts: over the same HTTP that senders and people use.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use decurion_engine::clock::Clock;
use serde_json::{Value, json};

use super::senders;
use super::story::{Act, Case, Said};
use crate::client::Client;
use crate::output::{field, text_at};

/// Signals of the storm, and the nodes that send them.
const STORM: usize = 300;
const NODES: usize = 60;
/// How long a page may take to reach the mailbox, on the machine's clock.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Senders' keys, people's sessions, and the cases so far.
pub(super) struct Stage {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// Where each integration of the pack sends to.
    doors: BTreeMap<&'static str, Door>,
    /// By person.
    people: BTreeMap<&'static str, Client>,
    references: BTreeMap<Case, String>,
}

struct Door {
    key: String,
    url: String,
}

impl Stage {
    /// Signs everybody in and gets every sender its key.
    pub(super) async fn set(
        base: &str,
        password: &str,
        people: &[(&'static str, &str)],
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let mut signed_in = BTreeMap::new();
        for (person, email) in people {
            let body = json!({"email": email, "password": password});
            let session = Client::new(base, None)?.post(&["session"], &body).await?;
            let token = text_at(&session, "/token");
            signed_in.insert(*person, Client::new(base, Some(token))?);
        }
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .tls_backend_preconfigured(crate::client::tls_config()?)
            .build()?;
        let mut stage =
            Self { http, clock, doors: BTreeMap::new(), people: signed_in, references: BTreeMap::new() };
        for case in [Case::Credentials, Case::Edge, Case::Checkout, Case::Vpn] {
            let door = stage.door(case.integration()).await?;
            stage.doors.insert(case.integration(), door);
        }
        Ok(stage)
    }

    async fn door(&self, integration: &str) -> anyhow::Result<Door> {
        let made = self.admin()?.post(&["integrations", integration, "rotate"], &json!({})).await?;
        Ok(Door { key: text_at(&made, "/key"), url: text_at(&made, "/url") })
    }

    /// The key that a visitor's own alerts may use.
    pub(super) fn visitors_key(&self) -> &str {
        self.doors.get(Case::Vpn.integration()).map_or("", |door| door.key.as_str())
    }

    /// Does what a step says. Returns what came of it, in words.
    pub(super) async fn perform(&mut self, act: Act) -> anyhow::Result<String> {
        match act {
            Act::Send(case) => self.send_case(case).await,
            Act::Storm => self.storm().await,
            Act::StormEnds => self.storm_ends().await,
            Act::AnswerByLink(case, person) => self.answer_by_link(case, person).await,
            Act::Say(case, person, said) => self.say(case, person, said).await,
            Act::Look(case) => self.look(case).await,
        }
    }

    async fn send_case(&mut self, case: Case) -> anyhow::Result<String> {
        let body = self.body(case);
        self.send(case, &body).await?;
        let alert = self.newest_alert(case).await?;
        let reference = text_at(&alert, "/incident_reference");
        self.references.insert(case, reference.clone());
        self.look(case).await
    }

    fn body(&self, case: Case) -> Value {
        let at = self.now();
        match case {
            Case::Credentials => senders::guardduty(
                "demo-finding-1",
                "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
                8.0,
                "Credentials of role build-runner are used from outside AWS",
                "API calls with credentials of an instance came from 203.0.113.40, which is not in AWS.",
                &at,
            ),
            Case::Bucket => senders::guardduty(
                "demo-finding-2",
                "Exfiltration:S3/AnomalousBehavior",
                8.0,
                "Bucket ten-exports is read at an unusual rate",
                "User report-export read 41,000 objects in 10 minutes; 300 are usual.",
                &at,
            ),
            Case::Checkout => senders::cloudwatch(
                "checkout-payments-failing",
                "Share of payments that fail; customers see an error page",
                "3 of 3 datapoints were above the threshold of 5 %; the last was 38 %",
                &at,
            ),
            Case::Vpn => {
                senders::pagerduty(self.visitors_key(), "VPN gateway: 240 failed logins in 5 minutes")
            }
            Case::Edge => senders::alertmanager(0, &at, None),
        }
    }

    async fn storm(&mut self) -> anyhow::Result<String> {
        let since = self.now();
        for signal in 0..STORM {
            self.send(Case::Edge, &senders::alertmanager(signal % NODES, &since, None)).await?;
        }
        let reference = text_at(&self.newest_alert(Case::Edge).await?, "/incident_reference");
        self.references.insert(Case::Edge, reference.clone());
        let pages = self.admin()?.items(&["incidents", &reference, "pages"], &[], 1_000).await?;
        let alerts = self.admin()?.items(&["incidents", &reference, "alerts"], &[], 1_000).await?;
        let signals: i64 = alerts.iter().filter_map(|alert| field(alert, "/count").as_i64()).sum();
        Ok(format!("{reference}: {signals} signals, {} alerts, {} page", alerts.len(), pages.len()))
    }

    async fn storm_ends(&mut self) -> anyhow::Result<String> {
        let at = self.now();
        for node in 0..NODES {
            self.send(Case::Edge, &senders::alertmanager(node, &at, Some(&at))).await?;
        }
        self.look(Case::Edge).await
    }

    async fn send(&self, case: Case, body: &Value) -> anyhow::Result<()> {
        let door = self.doors.get(case.integration()).context("the sender has no key")?;
        let answer = self.http.post(&door.url).json(body).send().await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "the door answered {status}: {}", answer.text().await?);
        Ok(())
    }

    async fn newest_alert(&self, case: Case) -> anyhow::Result<Value> {
        let query = [("integration", case.integration())];
        let alerts = self.admin()?.items(&["alerts"], &query, 1).await?;
        alerts.into_iter().next().context("no alert came of it")
    }

    /// As a person does: opens the mailbox, follows the link, presses the button.
    async fn answer_by_link(&self, case: Case, person: &str) -> anyhow::Result<String> {
        let reference = self.reference(case)?;
        let url = tokio::time::timeout(PATIENCE, self.link(reference, person))
            .await
            .with_context(|| format!("no page of {reference} reached {person}"))??;
        let shown = self.http.get(&url).send().await?.status();
        anyhow::ensure!(shown.is_success(), "the link of {person} shows {shown}");
        let pressed = self.http.post(&url).send().await?.status();
        anyhow::ensure!(pressed.is_success(), "the button of {person} answers {pressed}");
        self.look(case).await
    }

    async fn link(&self, reference: &str, person: &str) -> anyhow::Result<String> {
        loop {
            let mail = self.admin()?.items(&["mailbox"], &[("person_id", person)], 50).await?;
            let wanted = |message: &&Value| {
                text_at(message, "/incident_reference") == reference
                    && text_at(message, "/page_status") == "open"
            };
            let url = mail.iter().find(wanted).map(|message| text_at(message, "/acknowledge_url"));
            if let Some(url) = url.filter(|url| !url.is_empty()) {
                return Ok(url);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn say(&self, case: Case, person: &str, said: Said) -> anyhow::Result<String> {
        let (verb, body) = match said {
            Said::Note(text) => ("notes", json!({"text": text})),
            Said::CustomerFacing => (
                "classify",
                json!({"severity": "sev2", "customer_facing": true, "reason": "payments of customers fail"}),
            ),
            Said::CompanyWide => {
                ("classify", json!({"company_wide": true, "reason": "every shop is affected"}))
            }
            Said::Contained => {
                ("classify", json!({"contained": true, "reason": "the release was rolled back"}))
            }
            Said::Benign => {
                ("resolve", json!({"disposition": "tp_benign", "reason": "our own build runners"}))
            }
        };
        let client = self.people.get(person).with_context(|| format!("{person} has no account"))?;
        client.post(&["incidents", self.reference(case)?, verb], &body).await?;
        self.look(case).await
    }

    /// Where a case stands, in a line.
    async fn look(&self, case: Case) -> anyhow::Result<String> {
        let incident = self.admin()?.get(&["incidents", self.reference(case)?], &[]).await?;
        let at = |pointer: &str| text_at(&incident, pointer);
        let held = match at("/holder/name") {
            name if name.is_empty() => String::new(),
            name => format!(", held by {name}"),
        };
        Ok(format!("{}: {}, {}, at {}{held}", at("/reference"), at("/status"), at("/severity"), at("/level")))
    }

    fn reference(&self, case: Case) -> anyhow::Result<&str> {
        self.references.get(&case).map(String::as_str).context("the case was never opened")
    }

    fn admin(&self) -> anyhow::Result<&Client> {
        self.people.get("leila").context("the administrator is not signed in")
    }

    /// Now by the demo's clock, as senders write it (RFC 3339).
    fn now(&self) -> String {
        jiff::Timestamp::from_microsecond(self.clock.now_us()).unwrap_or_default().to_string()
    }
}
