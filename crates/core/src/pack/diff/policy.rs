//! An escalation policy as named parts.

use super::outline::{Outline, Parts, duration, optional, part};
use crate::config::Config;
use crate::escalation::{Answer, LevelPolicy, Policy, TimeBox, TimeBoxEnd};

pub(super) fn outline(policy: &Policy) -> (String, Outline) {
    let name = if policy.name == Config::DEFAULT_POLICY {
        "escalation".to_owned()
    } else {
        format!("escalation {:?}", policy.name)
    };
    let mut parts = Parts::new();
    part(&mut parts, "repeat_after", &duration(policy.repeat_after_s));
    part(&mut parts, "lower_within", &duration(policy.lower_within_s));
    for (fact, default) in &policy.facts {
        part(&mut parts, &format!("fact {fact}"), &default);
    }
    parts.extend(policy.levels.iter().map(|(at, rungs)| (at.to_string(), level(rungs))));
    (name, Outline::Branch(parts))
}

fn level(level: &LevelPolicy) -> Outline {
    let mut parts = Parts::new();
    parts.push(("owner".to_owned(), Outline::list(&level.owner)));
    // A guard has no name but its text: it is there or not.
    parts.extend(
        level.when.iter().map(|guard| (format!("guard `{}`", guard.text()), Outline::Leaf(String::new()))),
    );
    for (index, step) in level.steps.iter().enumerate() {
        let mut rung = Parts::new();
        rung.push(("page".to_owned(), Outline::list(&step.page)));
        part(&mut rung, "timeout", &duration(step.timeout_s));
        optional(&mut rung, "round_robin", step.round_robin.then_some("yes"));
        parts.push((format!("step {}", index + 1), Outline::Branch(rung)));
    }
    parts.push(("tell".to_owned(), Outline::list(&level.tell)));
    part(&mut parts, "answer", &answer(level.answer));
    part(&mut parts, "ack_timeout", &duration(level.ack_timeout_s));
    optional(&mut parts, "time_box", level.time_box.as_ref().map(time_box));
    Outline::Branch(parts)
}

const fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Any => "any",
        Answer::Each => "each",
        Answer::Told => "told",
    }
}

fn time_box(time_box: &TimeBox) -> String {
    let by_severity = time_box.by_severity.iter().map(|(severity, s)| format!("{severity} {}", duration(*s)));
    let lengths: Vec<String> =
        time_box.default_s.map(|s| duration(s).to_string()).into_iter().chain(by_severity).collect();
    let until = match time_box.until {
        TimeBoxEnd::Disposition => "a disposition",
        TimeBoxEnd::Contained => "contained",
    };
    format!("{} until {until}", lengths.join(", "))
}
