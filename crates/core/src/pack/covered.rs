//! What the coverage check finds, at the place in the files where it would be mended.

use jiff::Timestamp;

use super::compile::Places;
use super::findings::{Findings, Spot};
use crate::config::Config;
use crate::coverage::{self, CoverageFinding};

/// The most findings of one rule and subject that are listed; a hole every night says nothing new.
const MOST_OF_A_KIND: usize = 5;

pub(super) fn check(config: &Config, at: Timestamp, places: &Places<'_>, findings: &mut Findings) {
    let holes = coverage::check(config, at, coverage::DAYS);
    let subject = |hole: &CoverageFinding| hole.key.split('@').next().unwrap_or_default().to_owned();
    let mut by_subject: Vec<&CoverageFinding> = holes.iter().collect();
    by_subject.sort_by_cached_key(|hole| subject(hole));
    for group in by_subject.chunk_by(|a, b| subject(a) == subject(b)) {
        for hole in group.iter().take(MOST_OF_A_KIND) {
            say(config, hole, places, findings);
        }
        if let Some(spot) = place(config, group[0], places).filter(|_| group.len() > MOST_OF_A_KIND) {
            let more = group.len() - MOST_OF_A_KIND;
            let message = format!("the same happens {more} more times in the days ahead");
            findings.warning(spot, &group[0].rule, message).key = Some(subject(group[0]));
        }
    }
}

fn say(config: &Config, hole: &CoverageFinding, places: &Places<'_>, findings: &mut Findings) {
    let Some(spot) = place(config, hole, places) else { return };
    let finding = if hole.fails() {
        findings.failure(spot, &hole.rule, hole.message.clone())
    } else {
        findings.warning(spot, &hole.rule, hole.message.clone())
    };
    finding.key = Some(hole.key.clone());
    let Some(accepted) = &hole.accepted else {
        finding.suggestion = Some(hole.mend.clone());
        return;
    };
    finding.message = format!(
        "{}; accepted by {} until {}: {}",
        hole.message, accepted.author, accepted.until, accepted.reason
    );
}

fn place<'a>(config: &Config, hole: &CoverageFinding, places: &Places<'a>) -> Option<Spot<'a>> {
    if hole.rule == coverage::ACCEPTANCE {
        let named = |accepted: &coverage::Accepted| hole.key.ends_with(&format!("/{}", accepted.key));
        let index = config.accepted.iter().position(named)?;
        return places.accepted.get(index).copied();
    }
    if let Some(schedule) = &hole.schedule {
        return places.schedules.get(schedule.as_str()).copied();
    }
    if let (Some(policy), Some(level)) = (hole.policy.clone(), hole.level) {
        let step = hole.step.and_then(|step| places.steps.get(&(policy.clone(), level, step)));
        return step.or_else(|| places.levels.get(&(policy, level))).copied();
    }
    places.people.get(hole.person.as_ref()?.as_str()).copied()
}
