//! What becomes of an alert: how bad its incident is, who is engaged, and which alerts belong together.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{AlertSeverity, Event, Integration, bounds};
use crate::expression::{Expression, ExpressionError, Scope};
use crate::incident::Severity;

/// What becomes of an alert: the first rule whose guard is true decides, then the defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Routing {
    pub rules: Vec<RoutingRule>,
    /// The severity of an incident opened by an alert of that severity. Where it says nothing: sev4 for
    /// info, sev3 for the others.
    pub severity: BTreeMap<AlertSeverity, Severity>,
}

/// One rule of the routing.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutingRule {
    pub name: String,
    /// Over `integration`, `kind`, `title`, `severity`, `source`, `labels`.
    pub when: Expression,
    pub severity: Option<Severity>,
    pub customer_facing: Option<bool>,
    pub company_wide: Option<bool>,
    pub policy: Option<String>,
    /// Whether the incident is resolved when its alerts end at their source; as the integration says unless given.
    pub auto_resolve: Option<bool>,
    /// Alerts of one integration for which these expressions give the same values share an incident.
    /// Empty: each alert opens its own.
    pub group_by: Vec<Expression>,
}

/// What the routing decided about an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Routed {
    /// The rule that decided, by name.
    pub rule: Option<String>,
    pub severity: Severity,
    pub customer_facing: bool,
    pub company_wide: bool,
    /// The escalation policy that the rule names; nothing means the default one.
    pub policy: Option<String>,
    /// Whether the incident is resolved when its alerts end at their source; nothing means what the integration says.
    pub auto_resolve: Option<bool>,
    /// Alerts of one integration with the same text share an incident; nothing means one of its own.
    pub group: Option<String>,
    /// Guards and group expressions that gave no value, each with its rule.
    pub problems: Vec<String>,
}

impl Routing {
    /// Decides about an alert that opens.
    ///
    /// A guard that gives no truth value counts as not matching and is reported. A group expression that
    /// gives no value leaves the alert without a group: two incidents too many are better than a page too
    /// few.
    pub fn decide(&self, integration: &Integration, event: &Event) -> Routed {
        let mut problems = Vec::new();
        let scope = if self.rules.is_empty() { Value::Null } else { scope(integration, event) };
        let scope = Scope::of(scope);
        let rule = self.rules.iter().find(|rule| {
            rule.when.is_true_in(&scope).unwrap_or_else(|error| {
                problems.push(told(&rule.name, "guard", &error));
                false
            })
        });
        let group = rule.and_then(|rule| match rule.group(&scope) {
            Ok(group) => group,
            Err(problem) => {
                problems.push(problem);
                None
            }
        });
        Routed {
            rule: rule.map(|rule| rule.name.clone()),
            severity: rule
                .and_then(|rule| rule.severity)
                .unwrap_or_else(|| self.default_severity(event.severity)),
            customer_facing: rule.and_then(|rule| rule.customer_facing).unwrap_or_default(),
            company_wide: rule.and_then(|rule| rule.company_wide).unwrap_or_default(),
            policy: rule.and_then(|rule| rule.policy.clone()),
            auto_resolve: rule.and_then(|rule| rule.auto_resolve),
            group,
            problems,
        }
    }

    fn default_severity(&self, severity: AlertSeverity) -> Severity {
        self.severity.get(&severity).copied().unwrap_or(match severity {
            AlertSeverity::Critical | AlertSeverity::Error | AlertSeverity::Warning => Severity::Sev3,
            AlertSeverity::Info => Severity::Sev4,
        })
    }
}

impl RoutingRule {
    /// The text that alerts of one group share: the rule's name and the values as JSON.
    fn group(&self, scope: &Scope) -> Result<Option<String>, String> {
        if self.group_by.is_empty() {
            return Ok(None);
        }
        let values: Result<Vec<Value>, _> = self.group_by.iter().map(|by| by.value_in(scope)).collect();
        match values {
            Ok(values) => {
                let text = format!("{} {}", self.name, Value::Array(values));
                Ok(Some(bounds::dedup_key(&text)))
            }
            Err(error) => Err(told(&self.name, "group", &error)),
        }
    }
}

/// A problem of a rule, cut: an error may show the values that it is about.
fn told(rule: &str, part: &str, error: &ExpressionError) -> String {
    bounds::cut(&format!("rule `{rule}`, {part}: {error}"), 500).to_owned()
}

/// What guards and group expressions see.
fn scope(integration: &Integration, event: &Event) -> Value {
    json!({
        "integration": integration.id.as_str(),
        "kind": integration.kind.as_str(),
        "title": event.title,
        "severity": event.severity.as_str(),
        "source": event.source,
        "labels": event.labels,
    })
}
