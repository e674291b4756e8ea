//! What the guards of an escalation policy may read.

use serde_json::{Map, Value, json};

use super::Level;
use crate::incident::Severity;

/// A fact that every incident has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    /// What it is, for people who write guards.
    pub about: &'static str,
}

/// Everything that a guard may read, by the names it has in expressions.
pub const FACTS: [Fact; 10] = [
    Fact { name: "severity", about: "'sev1' to 'sev4'; sev1 is critical, sev2 or worse is major" },
    Fact { name: "customer_facing", about: "whether customers notice" },
    Fact { name: "company_wide", about: "whether it concerns the whole company" },
    Fact {
        name: "disposition",
        about: "'' until somebody decides, then 'tp_malicious', 'tp_benign', 'false_positive' or 'undetermined'",
    },
    Fact { name: "contained", about: "whether it was contained" },
    Fact { name: "held", about: "whether somebody has acknowledged it and holds it" },
    Fact { name: "level", about: "the highest level engaged so far: 'L1', 'L2', 'L3' or 'executive'" },
    Fact { name: "alerts", about: "how many alerts are attached" },
    Fact {
        name: "labels",
        about: "the labels of the first alert; test with has(labels.x) before reading one",
    },
    Fact { name: "facts", about: "the free facts that the policy declares: facts.records_affected" },
];

/// Cases that differ in everything a guard may compare: enough to find a guard that has no truth.
///
/// `free` is the object of declared facts. The labels are empty, as an alert need not have any.
pub fn samples(free: &Map<String, Value>) -> Vec<Value> {
    let severities = [Severity::Sev1, Severity::Sev2, Severity::Sev3, Severity::Sev4];
    let dispositions = ["", "tp_malicious", "tp_benign", "false_positive", "undetermined"];
    let mut samples = Vec::new();
    for severity in severities {
        for truth in [false, true] {
            for (index, disposition) in dispositions.into_iter().enumerate() {
                samples.push(json!({
                    "severity": severity.as_str(),
                    "customer_facing": truth,
                    "company_wide": truth,
                    "disposition": disposition,
                    "contained": truth,
                    "held": truth,
                    "level": Level::ALL[index % Level::ALL.len()].as_str(),
                    "alerts": index + 1,
                    "labels": {},
                    "facts": free,
                }));
            }
        }
    }
    samples
}
