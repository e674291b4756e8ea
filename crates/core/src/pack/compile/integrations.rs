//! Sources of alerts.

use std::collections::{BTreeMap, BTreeSet};

use super::{define, expressions};
use crate::duration::DurationS;
use crate::expression::Expression;
use crate::id::IntegrationId;
use crate::intake::{AlertSeverity, Integration, IntegrationKind, Mapping, sns};
use crate::pack::document::{IntegrationText, MappingText};
use crate::pack::findings::{File, Findings};
use crate::pack::read::Documents;
use crate::pack::rules;
use crate::pack::yaml::At;
use crate::source;

/// What the expressions of a mapping may read.
const NAMES: [&str; 1] = ["body"];

pub(super) fn compile(
    documents: &Documents<'_>,
    findings: &mut Findings,
) -> BTreeMap<IntegrationId, Integration> {
    let mut seen = BTreeMap::new();
    let mut integrations = BTreeMap::new();
    for document in &documents.integrations {
        for at in document.body.integrations.iter() {
            if define(document.file, &at.value.id, "integration", &mut seen, findings) {
                let integration = integration(document.file, &at.value, findings);
                integrations.insert(integration.id.clone(), integration);
            }
        }
    }
    integrations
}

fn integration(file: File<'_>, text: &IntegrationText, findings: &mut Findings) -> Integration {
    let kind = text.kind.value;
    if let Some(mapping) = text.mapping.as_ref().filter(|_| !kind.takes_mapping()) {
        let message =
            format!("a mapping is for `generic` and `aws_sns`; `{}` has its own format", kind.as_str());
        findings.error(file.at(mapping.place()), rules::MAPPING, message);
    }
    vendor(file, text, findings);
    if kind == IntegrationKind::Heartbeat && text.quiet_after.is_none() {
        let message = "a heartbeat needs `quiet_after`: how long it may be missing, as `10m`";
        findings.error(file.at(text.kind.place()), rules::MISSING, message);
    }
    Integration {
        id: IntegrationId::new(&text.id.value),
        name: text.name.clone(),
        kind,
        enabled: text.enabled,
        vendor: text.vendor.as_ref().map(|at| at.value),
        signed: text.signed.as_ref().is_some_and(|at| at.value),
        topics: topics(file, text, findings),
        mapping: text.mapping.as_ref().and_then(|at| mapping(file, &at.value, findings)),
        default_severity: text.default_severity.unwrap_or(AlertSeverity::Warning),
        auto_resolve: text.auto_resolve,
        quiet_after_s: text.quiet_after.as_ref().and_then(|at| quiet_after(file, at, findings)),
    }
}

/// A vendor speaks one kind, and a signature is asked only of one that signs.
fn vendor(file: File<'_>, text: &IntegrationText, findings: &mut Findings) {
    if let Some(at) = text.vendor.as_ref().filter(|at| at.value.kind() != text.kind.value) {
        let (vendor, kind) = (at.value.as_str(), at.value.kind().as_str());
        let message = format!("`{vendor}` sends what `{kind}` reads, not `{}`", text.kind.value.as_str());
        findings.error(file.at(at.place()), rules::MAPPING, message);
    }
    let signs = text.vendor.as_ref().is_some_and(|at| at.value.sender().is_some_and(|sender| sender.signs));
    if let Some(at) = text.signed.as_ref().filter(|at| at.value && !signs) {
        let message =
            "only bodies of a vendor that signs them can be asked for a signature: `vendor: github`";
        findings.error(file.at(at.place()), rules::MAPPING, message);
    }
}

/// The topics of SNS that are taken.
fn topics(file: File<'_>, text: &IntegrationText, findings: &mut Findings) -> BTreeSet<String> {
    let kind = text.kind.value;
    let mut topics = BTreeSet::new();
    for at in &text.topics {
        let message = if kind != IntegrationKind::AwsSns {
            format!("topics are for `aws_sns`; `{}` has none", kind.as_str())
        } else if sns::Topic::parse(&at.value).is_none() {
            format!("`{}` is not the ARN of an SNS topic: arn:aws:sns:REGION:ACCOUNT:NAME", at.value)
        } else {
            topics.insert(at.value.clone());
            continue;
        };
        findings.error(file.at(at.place()), rules::TOPIC, message);
    }
    if kind == IntegrationKind::AwsSns && text.topics.is_empty() {
        let message = "without `topics` every delivery is refused";
        findings.warning(file.at(text.kind.place()), rules::WEAK, message);
    }
    topics
}

fn quiet_after(file: File<'_>, at: &At<DurationS>, findings: &mut Findings) -> Option<i64> {
    let (seconds, shortest, longest) = (at.value.as_secs_i64(), source::SHORTEST_S, source::LONGEST_S);
    if (shortest..=longest).contains(&seconds) {
        return Some(seconds);
    }
    let message = format!("a source may be quiet for {}", source::bounds_words());
    findings.error(file.at(at.place()), rules::DURATION, message);
    None
}

fn mapping(file: File<'_>, text: &MappingText, findings: &mut Findings) -> Option<Mapping> {
    let mut compile = |at: &At<String>| -> Option<Expression> {
        let expression = expressions::compile(file, at, &NAMES, findings)?;
        if expression.variables().is_empty() && !is_constant(&at.value) {
            let message = "the expression reads nothing of the body";
            findings.warning(file.at(at.place()), rules::WEAK, message);
        }
        Some(expression)
    };
    let mut optional = |at: &Option<At<String>>| at.as_ref().and_then(&mut compile);
    let (each, action) = (optional(&text.each), optional(&text.action));
    let (dedup_key, description) = (optional(&text.dedup_key), optional(&text.description));
    let (severity, source) = (optional(&text.severity), optional(&text.source));
    let labels = text.labels.iter().filter_map(|(name, at)| Some((name.clone(), compile(at)?))).collect();
    let links = text.links.iter().filter_map(|(name, at)| Some((name.clone(), compile(at)?))).collect();
    let title = compile(&text.title)?;
    if dedup_key.is_none() && text.dedup_key.is_none() && text.action.is_some() {
        let message = "without `dedup_key` a body that resolves does not find the alert it ends";
        findings.warning(file.at(text.title.place()), rules::WEAK, message);
    }
    Some(Mapping { each, action, dedup_key, title, description, severity, source, labels, links })
}

/// A quoted text: meant as it stands.
fn is_constant(text: &str) -> bool {
    text.starts_with(['\'', '"'])
}
