//! What becomes of alerts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Names, define, expressions};
use crate::intake::{AlertSeverity, IntegrationKind, Routing, RoutingRule};
use crate::pack::document::RouteText;
use crate::pack::findings::{File, Findings};
use crate::pack::names::closest;
use crate::pack::read::Documents;
use crate::pack::rules;

/// What the guards of routing may read.
const NAMES: [&str; 6] = ["integration", "kind", "title", "severity", "source", "labels"];

pub(super) fn compile(documents: &Documents<'_>, names: &Names<'_>, findings: &mut Findings) -> Routing {
    let Some(first) = documents.routings.first() else { return Routing::default() };
    for another in documents.routings.iter().skip(1) {
        let message = format!("routing is already described in {}", first.file.path);
        findings.error(another.file.at(another.node.place), rules::DUPLICATE, message).suggestion =
            Some("the order of its rules decides, so they stand in one document".to_owned());
    }
    let mut seen = BTreeMap::new();
    let samples = samples(names);
    let mut routes = Vec::new();
    for at in first.body.rules.iter() {
        define(first.file, &at.value.name, "routing rule", &mut seen, findings);
        routes.extend(route(first.file, &at.value, names, &samples, findings));
    }
    Routing { rules: routes, severity: first.body.severity.clone() }
}

fn route(
    file: File<'_>,
    text: &RouteText,
    names: &Names<'_>,
    samples: &[Value],
    findings: &mut Findings,
) -> Option<RoutingRule> {
    if let Some(policy) = &text.policy {
        findings.reference(file, policy, "escalation policy", &names.policies);
    }
    let when = expressions::compile(file, &text.when, &NAMES, findings)?;
    expressions::try_guard(file, &text.when, &when, (samples, false), findings);
    unknown_integration(file, text, names, findings);
    Some(RoutingRule {
        name: text.name.value.clone(),
        when,
        severity: text.severity,
        customer_facing: text.customer_facing,
        company_wide: text.company_wide,
        policy: text.policy.as_ref().map(|policy| policy.value.clone()),
        auto_resolve: text.auto_resolve,
        group_by: (text.group_by.iter())
            .filter_map(|by| expressions::compile(file, by, &NAMES, findings))
            .collect(),
    })
}

/// Integrations may also be created on the running server, so a name that no file has is only suspicious
/// when it is nearly one that a file has.
fn unknown_integration(file: File<'_>, text: &RouteText, names: &Names<'_>, findings: &mut Findings) {
    let quoted = text.when.value.split("integration == '").skip(1).filter_map(|rest| rest.split('\'').next());
    for name in quoted.filter(|name| !names.integrations.contains(name)) {
        let Some(near) = closest(name, names.integrations.iter().copied()) else { continue };
        let message = format!("no integration of this pack is named `{name}`");
        let spot = file.at(expressions::place_of_word(file, &text.when, name));
        findings.warning(spot, rules::WEAK, message).suggestion = Some(format!("did you mean `{near}`?"));
    }
}

/// Alerts that differ in what guards compare, all without labels.
fn samples(names: &Names<'_>) -> Vec<Value> {
    let severities =
        [AlertSeverity::Critical, AlertSeverity::Error, AlertSeverity::Warning, AlertSeverity::Info];
    let integrations = names.integrations.iter().copied().chain(["int_example"]);
    let mut samples = Vec::new();
    for integration in integrations {
        for kind in IntegrationKind::ALL {
            for severity in severities {
                samples.push(json!({
                    "integration": integration,
                    "kind": kind.as_str(),
                    "title": "Example",
                    "severity": severity.as_str(),
                    "source": "example",
                    "labels": {},
                }));
            }
        }
    }
    samples
}
