//! Escalation policies.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Names, Places, define, expressions, some_time, targets, whole};
use crate::config::Config;
use crate::escalation::facts::{FACTS, samples};
use crate::escalation::{Level, LevelPolicy, Policy, Step, TimeBox};
use crate::expression::Expression;
use crate::pack::document::{EscalationDocument, LevelText, StepText, TimeBoxText};
use crate::pack::findings::{File, Findings};
use crate::pack::names::closest;
use crate::pack::read::{Document, Documents};
use crate::pack::rules;
use crate::pack::yaml::At;

pub(super) fn compile<'a>(
    documents: &Documents<'a>,
    names: &Names<'_>,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> Vec<Policy> {
    let mut policies = Vec::new();
    for document in &documents.escalations {
        let name = &document.body.name;
        if define(document.file, name, "escalation policy", &mut places.policies, findings) {
            policies.push(policy(document, names, places, findings));
        }
    }
    if !names.policies.contains(&Config::DEFAULT_POLICY) {
        let file = documents.escalations.first().map(|document| document.file);
        let file = file.unwrap_or(File { path: "escalation.yaml", text: "" });
        let message = format!("no escalation policy is named `{}`", Config::DEFAULT_POLICY);
        findings.error(whole(file), rules::MISSING, message).suggestion =
            Some("it is used where routing chooses none".to_owned());
    }
    policies
}

fn policy<'a>(
    document: &Document<'a, EscalationDocument>,
    names: &Names<'_>,
    places: &mut Places<'a>,
    findings: &mut Findings,
) -> Policy {
    let (file, body) = (document.file, &document.body);
    let free = free_facts(file, &body.facts, findings);
    let mut compiler = Compiler { file, names, samples: samples(&free), free: &free, findings };
    let texts =
        [&body.levels.value.l1, &body.levels.value.l2, &body.levels.value.l3, &body.levels.value.executive];
    let mut levels = BTreeMap::new();
    for (level, text) in Level::ALL.into_iter().zip(texts) {
        let Some(text) = text else {
            let message = format!("the level {level} is missing; silence climbs through all four");
            compiler.findings.error(file.at(body.levels.place()), rules::MISSING, message);
            continue;
        };
        let name = body.name.value.clone();
        places.levels.insert((name.clone(), level), file.at(text.place()));
        for (index, step) in text.value.steps.iter().enumerate() {
            places.steps.insert((name.clone(), level, index + 1), file.at(step.place()));
        }
        levels.insert(level, compiler.level(level, text));
    }
    Policy {
        name: body.name.value.clone(),
        levels,
        repeat_after_s: some_time(file, &body.repeat_after, "`repeat_after`", findings),
        lower_within_s: some_time(file, &body.lower_within, "`lower_within`", findings),
        facts: free.into_iter().collect(),
    }
}

/// The free facts with their defaults.
fn free_facts(
    file: File<'_>,
    texts: &BTreeMap<String, At<Value>>,
    findings: &mut Findings,
) -> Map<String, Value> {
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    for (name, at) in texts {
        let spot = file.at(at.place());
        if !plain(name) {
            let message = format!("`{name}` is not a name for a fact; use a to z, 0 to 9 and `_`");
            findings.error(spot, rules::ID, message);
        }
        if !matches!(at.value, Value::Bool(_) | Value::Number(_) | Value::String(_)) {
            let message = format!("the fact `{name}` needs a default that is a truth, a number or a text");
            findings.error(spot, rules::VALUE, message);
        }
    }
    texts.iter().map(|(name, at)| (name.clone(), at.value.clone())).collect()
}

struct Compiler<'a, 'n, 'f> {
    file: File<'a>,
    names: &'n Names<'n>,
    samples: Vec<Value>,
    free: &'n Map<String, Value>,
    findings: &'f mut Findings,
}

impl Compiler<'_, '_, '_> {
    fn level(&mut self, level: Level, at: &At<LevelText>) -> LevelPolicy {
        let text = &at.value;
        if text.steps.0.is_empty() {
            let message = format!("the level {level} has no steps, so it reaches nobody");
            self.findings.error(self.file.at(at.place()), rules::TARGET, message);
        }
        if text.owner.0.is_empty() {
            let message = format!("the level {level} has no owner, so nobody may lower a case from it");
            self.findings.error(self.file.at(at.place()), rules::MISSING, message);
        }
        LevelPolicy {
            owner: targets::compile(self.file, &text.owner, self.names, self.findings),
            when: text.when.iter().filter_map(|guard| self.guard(guard)).collect(),
            steps: text.steps.iter().map(|step| self.step(step)).collect(),
            tell: targets::compile(self.file, &text.tell, self.names, self.findings),
            answer: text.answer,
            ack_timeout_s: some_time(self.file, &text.ack_timeout, "`ack_timeout`", self.findings),
            time_box: text.time_box.as_ref().map(|time_box| self.time_box(level, at, time_box)),
        }
    }

    fn step(&mut self, at: &At<StepText>) -> Step {
        if at.value.page.0.is_empty() {
            let message = "the step pages nobody; name at least one target under `page`";
            self.findings.error(self.file.at(at.place()), rules::TARGET, message);
        }
        Step {
            page: targets::compile(self.file, &at.value.page, self.names, self.findings),
            timeout_s: some_time(self.file, &at.value.timeout, "`timeout`", self.findings),
            round_robin: at.value.round_robin.as_ref().is_some_and(|at| at.value),
        }
    }

    fn guard(&mut self, at: &At<String>) -> Option<Expression> {
        let known: Vec<&str> = FACTS.iter().map(|fact| fact.name).collect();
        let guard = expressions::compile(self.file, at, &known, self.findings)?;
        let unset: Vec<_> =
            guard.fields("facts").into_iter().filter(|name| !self.free.contains_key(name)).collect();
        for name in &unset {
            let spot = self.file.at(expressions::place_of_word(self.file, at, name));
            let message = format!("the fact `{name}` is not declared under `facts` of this policy");
            self.findings.error(spot, rules::FACT, message).suggestion =
                closest(name, self.free.keys().map(String::as_str))
                    .map(|near| format!("did you mean `{near}`?"))
                    .or_else(|| Some(format!("declare it with its default, as in `{name}: false`")));
        }
        if unset.is_empty() {
            // In doubt people are engaged.
            expressions::try_guard(self.file, at, &guard, (&self.samples, true), self.findings);
        }
        Some(guard)
    }

    fn time_box(&mut self, level: Level, at: &At<LevelText>, text: &TimeBoxText) -> TimeBox {
        if text.after.is_none() && text.by_severity.is_empty() {
            let message = "the time box has neither `after` nor `by_severity`, so it never ends";
            self.findings.error(self.file.at(at.place()), rules::MISSING, message);
        }
        if level.above().is_none() {
            let message = "a time box of the highest level has no level to raise to";
            self.findings.warning(self.file.at(at.place()), rules::WEAK, message);
        }
        let mut seconds = |at: &At<_>| some_time(self.file, at, "a time box", self.findings);
        TimeBox {
            default_s: text.after.as_ref().map(&mut seconds),
            by_severity: text.by_severity.iter().map(|(severity, at)| (*severity, seconds(at))).collect(),
            until: text.until,
        }
    }
}
