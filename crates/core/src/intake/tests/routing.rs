use std::collections::BTreeMap;

use serde_json::json;

use super::{integration, only, take};
use crate::expression::Expression;
use crate::incident::Severity;
use crate::intake::{AlertSeverity, Event, IntegrationKind, Routing, RoutingRule};

fn alert(service: &str, severity: &str) -> Event {
    only(take(
        IntegrationKind::AlertmanagerApi,
        &json!([{"labels": {"alertname": "X", "service": service,
        "severity": severity}}]),
    ))
}

fn rule(name: &str, when: &str, group_by: &[&str]) -> RoutingRule {
    RoutingRule {
        name: name.to_owned(),
        when: Expression::compile(when).unwrap(),
        severity: Some(Severity::Sev1),
        customer_facing: Some(true),
        company_wide: None,
        policy: Some("ladder".to_owned()),
        auto_resolve: Some(true),
        group_by: group_by.iter().map(|text| Expression::compile(text).unwrap()).collect(),
    }
}

fn decide(rules: Vec<RoutingRule>, event: &Event) -> crate::intake::Routed {
    let routing = Routing { rules, severity: BTreeMap::new() };
    routing.decide(&integration(IntegrationKind::AlertmanagerApi), event)
}

#[test]
fn the_first_rule_that_matches_decides() {
    let rules = vec![
        rule("other", "labels.service == 'mail'", &[]),
        rule("shop", "kind == 'alertmanager_api' && labels.service == 'shop'", &["labels.service"]),
        rule("all", "true", &[]),
    ];
    let routed = decide(rules, &alert("shop", "warning"));
    assert_eq!(routed.rule.as_deref(), Some("shop"));
    assert_eq!((routed.severity, routed.customer_facing, routed.company_wide), (Severity::Sev1, true, false));
    assert_eq!(routed.policy.as_deref(), Some("ladder"));
    assert_eq!(routed.group.as_deref(), Some(r#"shop ["shop"]"#));
    assert_eq!(routed.problems, Vec::<String>::new());
}

#[test]
fn groups_are_told_apart_by_rule_and_values() {
    let group = |name: &str, service: &str| {
        decide(vec![rule(name, "true", &["labels.service", "severity"])], &alert(service, "info")).group
    };
    assert_eq!(group("a", "shop"), group("a", "shop"));
    assert_ne!(group("a", "shop"), group("a", "mail"));
    assert_ne!(group("a", "shop"), group("b", "shop"));
    assert_eq!(decide(vec![rule("a", "true", &[])], &alert("shop", "info")).group, None);
}

#[test]
fn a_guard_that_fails_does_not_match_and_is_reported() {
    let rules =
        vec![rule("bad", "labels.region == 'eu'", &[]), rule("odd", "title", &[]), rule("all", "true", &[])];
    let routed = decide(rules, &alert("shop", "info"));
    assert_eq!(routed.rule.as_deref(), Some("all"));
    assert_eq!(routed.problems.len(), 2);
    assert!(routed.problems[0].starts_with("rule `bad`, guard: `labels.region == 'eu'`"), "{routed:?}");
}

#[test]
fn a_group_that_fails_leaves_the_alert_alone() {
    let routed = decide(vec![rule("a", "true", &["labels.region"])], &alert("shop", "info"));
    assert_eq!((routed.rule.as_deref(), routed.group), (Some("a"), None));
    assert_eq!(routed.problems.len(), 1);
}

#[test]
fn without_rules_the_severity_of_the_alert_decides() {
    for (word, severity) in [
        ("critical", Severity::Sev3),
        ("error", Severity::Sev3),
        ("warning", Severity::Sev3),
        ("info", Severity::Sev4),
    ] {
        assert_eq!(decide(Vec::new(), &alert("shop", word)).severity, severity);
    }
    let routing =
        Routing { rules: Vec::new(), severity: BTreeMap::from([(AlertSeverity::Critical, Severity::Sev2)]) };
    let routed = routing.decide(&integration(IntegrationKind::Generic), &alert("shop", "critical"));
    assert_eq!((routed.severity, routed.rule, routed.policy), (Severity::Sev2, None, None));
}
