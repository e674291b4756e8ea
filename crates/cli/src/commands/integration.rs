//! `decurion integration`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use decurion_core::duration::DurationS;
use serde_json::{Value, json};

use super::Context;
use super::incident::without_null;
use crate::output::{Column, Table, Times, say, text_at};

/// Where alerts come from
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Every integration
    List,
    /// Make an integration; its key is shown this once
    Create(Create),
    /// Replace the key; the old one ends at once
    Rotate { id: String },
    /// Send a test alert through the real intake
    Test { id: String },
    /// Say which topics of SNS are taken, all of them; any other is refused
    Topics {
        id: String,
        #[arg(required = true, value_name = "ARN")]
        topics: Vec<String>,
    },
    /// Take no more alerts from it
    Disable { id: String },
    /// Take alerts from it again
    Enable { id: String },
    /// Remove it and its key
    Remove { id: String },
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it speaks; left out where the vendor says it
    #[arg(long, value_enum, required_unless_present = "vendor")]
    kind: Option<Kind>,
    /// Whose bodies arrive, in the format that is shipped for it
    #[arg(long, value_enum)]
    vendor: Option<Vendor>,
    /// Take bodies without the vendor's signature too
    #[arg(long, requires = "vendor")]
    unsigned: bool,
    #[arg(long)]
    name: String,
    /// JSON with CEL expressions, for `generic` and for what topics send beside the known formats
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// A topic of SNS that is taken, by its ARN; once for each
    #[arg(long = "topic", value_name = "ARN")]
    topics: Vec<String>,
    /// critical, error, warning or info
    #[arg(long)]
    default_severity: Option<String>,
    /// Resolve the incident when the source has resolved its last alert
    #[arg(long)]
    auto_resolve: bool,
    /// Open an alert when nothing arrives for this long, as 10m; a heartbeat must have it
    #[arg(long, value_name = "DURATION")]
    quiet_after: Option<DurationS>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Whatever can send to the PagerDuty Events API v2
    Pagerduty,
    /// Whatever can send to the Opsgenie Alert API
    Opsgenie,
    /// An Alertmanager with a webhook receiver
    #[value(name = "alertmanager_webhook")]
    AlertmanagerWebhook,
    /// A Prometheus that sends here as to an Alertmanager
    #[value(name = "alertmanager_api")]
    AlertmanagerApi,
    /// Topics of Amazon SNS: CloudWatch, EventBridge, GuardDuty, Security Hub
    #[value(name = "aws_sns")]
    AwsSns,
    /// Any JSON, with a mapping
    Generic,
    /// Jobs and monitors whose silence is the alarm
    Heartbeat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Vendor {
    /// Grafana's alerting
    Grafana,
    /// GitHub's code scanning, secret scanning and Dependabot alerts
    Github,
    /// Sentry's issues and alerts
    Sentry,
    /// Datadog's monitors
    Datadog,
    /// The formatted webhook of Grafana OnCall
    GrafanaOncall,
    /// The generic API of GoAlert
    Goalert,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pagerduty => "pagerduty",
            Self::Opsgenie => "opsgenie",
            Self::AlertmanagerWebhook => "alertmanager_webhook",
            Self::AlertmanagerApi => "alertmanager_api",
            Self::AwsSns => "aws_sns",
            Self::Generic => "generic",
            Self::Heartbeat => "heartbeat",
        }
    }
}

pub(crate) async fn run(verb: &Verb, context: &Context) -> anyhow::Result<()> {
    let client = &context.client;
    match verb {
        Verb::List => {
            let integrations = client.items(&["integrations"], &[], usize::MAX).await?;
            context.show_items(integrations, |integrations| table(integrations, &context.times))
        }
        Verb::Create(create) => {
            let made = client.post(&["integrations"], &body(create)?).await?;
            context.show(&made, |made| Ok(say(&with_key(made))?))
        }
        Verb::Rotate { id } => {
            let made = client.post(&["integrations", id, "rotate"], &json!({})).await?;
            context.show(&made, |made| Ok(say(&with_key(made))?))
        }
        Verb::Test { id } => {
            let sent = client.post(&["integrations", id, "test"], &json!({})).await?;
            let text = |sent: &Value| {
                format!("{} opened {}.", text_at(sent, "/alert_id"), text_at(sent, "/incident_reference"))
            };
            context.show(&sent, |sent| Ok(say(&text(sent))?))
        }
        Verb::Topics { id, topics } => {
            let changed = context.client.patch(&["integrations", id], &json!({"topics": topics})).await?;
            context.show(&changed, |_| Ok(say("These topics are taken from now on.")?))
        }
        Verb::Disable { id } => switch(context, id, false).await,
        Verb::Enable { id } => switch(context, id, true).await,
        Verb::Remove { id } => {
            client.delete(&["integrations", id]).await?;
            context.show(&json!({"removed": id}), |_| Ok(say("Removed.")?))
        }
    }
}

async fn switch(context: &Context, id: &str, enabled: bool) -> anyhow::Result<()> {
    let changed = context.client.patch(&["integrations", id], &json!({"enabled": enabled})).await?;
    context.show(&changed, |_| Ok(say(if enabled { "Enabled." } else { "Disabled." })?))
}

fn body(create: &Create) -> anyhow::Result<Value> {
    let mapping = create.mapping.as_ref().map(|path| {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str::<Value>(&text).with_context(|| format!("{} is not JSON", path.display()))
    });
    Ok(without_null(json!({
        "kind": create.kind.map(Kind::as_str),
        "vendor": create.vendor.and_then(|vendor| Some(vendor.to_possible_value()?.get_name().to_owned())),
        "signed": create.unsigned.then_some(false),
        "name": create.name,
        "mapping": mapping.transpose()?,
        "topics": (!create.topics.is_empty()).then_some(&create.topics),
        "default_severity": create.default_severity,
        "auto_resolve": create.auto_resolve.then_some(true),
        "quiet_after_s": create.quiet_after.map(DurationS::as_secs),
    })))
}

fn with_key(made: &Value) -> String {
    let secret =
        made["signing_secret"].as_str().map(|secret| format!("secret  {secret}\n")).unwrap_or_default();
    format!(
        "key  {}\nurl  {}\n{secret}The key is shown this once; `decurion integration rotate` makes a new one.",
        text_at(made, "/key"),
        text_at(made, "/url"),
    )
}

fn table(integrations: &[Value], times: &Times) -> anyhow::Result<()> {
    let columns = [
        Column::new("INTEGRATION"),
        Column::text("NAME"),
        Column::new("KIND"),
        Column::new("ENABLED"),
        Column::new("FROM"),
        Column::new("LAST SIGNAL"),
        Column::right("TODAY"),
    ];
    let mut table = Table::new(&columns, "No integrations.");
    for integration in integrations {
        let at = |pointer: &str| text_at(integration, pointer);
        let last = times.minute_at(integration, "/last_signal_us");
        let head = [at("/id"), at("/name"), at("/kind"), at("/enabled"), at("/origin")];
        table.row(head.into_iter().chain([last, at("/alerts_today")]));
    }
    Ok(table.print()?)
}
