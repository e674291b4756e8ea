//! CloudWatch alarms, as an alarm's own action writes them and as EventBridge tells of a change of state.

use serde_json::Value;

use super::{Fields, at, is_envelope, label, text};
use crate::intake::bounds::{self, Labels};
use crate::intake::error::Problem;
use crate::intake::{Action, AlertSeverity, Event, Integration};

/// The event of an alarm; nothing where the body is none.
pub(super) fn event(integration: &Integration, body: &Fields) -> Option<Result<Event, Problem>> {
    let alarm = Alarm::of_action(body).or_else(|| Alarm::of_event(body))?;
    Some(alarm.event(integration, body))
}

/// An alarm, wherever its parts stand.
struct Alarm<'a> {
    /// The alarm's ARN: one key for both ways.
    arn: Option<&'a str>,
    name: &'a str,
    state: &'a str,
    /// Where the state stands, for messages.
    state_path: &'static str,
    reason: Option<&'a str>,
    description: Option<&'a str>,
    account: Option<&'a str>,
    labels: Labels,
}

impl<'a> Alarm<'a> {
    /// What an alarm sends to its topic.
    fn of_action(body: &'a Fields) -> Option<Self> {
        let mut labels = Labels::default();
        let metric = [("metric", "MetricName"), ("namespace", "Namespace"), ("threshold", "Threshold")];
        for (name, field) in metric {
            label(&mut labels, name, at(body, &["Trigger", field]));
        }
        for dimension in at(body, &["Trigger", "Dimensions"]).and_then(Value::as_array).into_iter().flatten()
        {
            let Some(name) = dimension.get("name").and_then(Value::as_str) else { continue };
            label(&mut labels, &format!("dimension.{name}"), dimension.get("value"));
        }
        label(&mut labels, "previous_state", body.get("OldStateValue"));
        label(&mut labels, "region", body.get("Region"));
        Some(Self {
            arn: text(body, &["AlarmArn"]),
            name: body.get("AlarmName")?.as_str()?,
            state: body.get("NewStateValue")?.as_str()?,
            state_path: "NewStateValue",
            reason: text(body, &["NewStateReason"]),
            description: text(body, &["AlarmDescription"]),
            account: text(body, &["AWSAccountId"]),
            labels,
        })
    }

    /// A change of state from EventBridge, or as an alarm hands it to a function.
    fn of_event(body: &'a Fields) -> Option<Self> {
        let detail = ["detail", "alarmData"].into_iter().find_map(|name| body.get(name)?.as_object())?;
        if text(body, &["source"]) != Some("aws.cloudwatch")
            || !(is_envelope(body) || body.contains_key("alarmArn"))
        {
            return None;
        }
        let resource = || body.get("resources")?.as_array()?.first()?.as_str();
        let mut labels = Labels::default();
        label(&mut labels, "previous_state", at(detail, &["previousState", "value"]));
        label(&mut labels, "region", body.get("region"));
        Some(Self {
            arn: text(body, &["alarmArn"]).or_else(resource),
            name: detail.get("alarmName")?.as_str()?,
            state: at(detail, &["state", "value"])?.as_str()?,
            state_path: "state.value",
            reason: text(detail, &["state", "reason"]),
            description: text(detail, &["configuration", "description"]),
            account: text(body, &["account"]).or_else(|| text(body, &["accountId"])),
            labels,
        })
    }

    fn event(mut self, integration: &Integration, body: &Fields) -> Result<Event, Problem> {
        let (action, severity) = match self.state.trim() {
            "ALARM" => (Action::Trigger, integration.default_severity),
            "OK" => (Action::Resolve, integration.default_severity),
            // Nobody knows how things are: told to people, and no reason to end what is open.
            "INSUFFICIENT_DATA" => {
                (Action::Trigger, AlertSeverity::Warning.max(integration.default_severity))
            }
            _ => return Err(Problem::at(self.state_path, "is none of ALARM, OK and INSUFFICIENT_DATA")),
        };
        let region = text(body, &["region"]).unwrap_or_default();
        let account = self.account.unwrap_or(&integration.name);
        let named = || format!("{account}:{region}:{}", self.name);
        let key = bounds::dedup_key(&self.arn.map_or_else(named, str::to_owned));
        let title = bounds::title(&match self.state.trim() {
            "INSUFFICIENT_DATA" => format!("{} has too little data to tell", self.name),
            _ => self.name.to_owned(),
        });
        if title.is_empty() {
            return Err(Problem::at("AlarmName", "is missing or blank"));
        }
        let words = [self.description, self.reason].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        self.labels.push("", "alarm", self.name);
        self.labels.push("", "state", self.state.trim());
        if let Some(account) = self.account {
            self.labels.push("", "account", account);
        }
        Ok(Event {
            action,
            dedup_key: key,
            title,
            description: bounds::description(&words),
            severity,
            source: bounds::source(account),
            labels: self.labels.finish(),
            links: Vec::new(),
            expires_at_us: None,
        })
    }
}
