//! What the coverage check finds, at the place in the files where it would be mended.

use jiff::Timestamp;

use super::compile::Places;
use super::findings::{Findings, Spot};
use crate::config::Config;
use crate::coverage::{self, CoverageFinding};

/// The most stretches of one rule and level that are listed; a hole every night says nothing new.
const MOST_OF_A_KIND: usize = 5;

pub(super) fn check(config: &Config, at: Timestamp, places: &Places<'_>, findings: &mut Findings) {
    let holes = coverage::check(config, at, coverage::DAYS);
    let kind = |hole: &CoverageFinding| (hole.rule.clone(), hole.policy.clone(), hole.level, hole.step);
    for group in holes.chunk_by(|a, b| kind(a) == kind(b)) {
        // People are named one by one.
        let shown = if group[0].rule == coverage::PERSON { group.len() } else { MOST_OF_A_KIND };
        for hole in group.iter().take(shown) {
            let Some(spot) = place(hole, places) else { continue };
            findings.warning(spot, &hole.rule, hole.message.clone()).suggestion = Some(hole.mend.clone());
        }
        if let Some(spot) = place(&group[0], places).filter(|_| group.len() > shown) {
            let message = format!("the same happens {} more times in the days ahead", group.len() - shown);
            findings.warning(spot, &group[0].rule, message);
        }
    }
}

fn place<'a>(hole: &CoverageFinding, places: &Places<'a>) -> Option<Spot<'a>> {
    if let Some(person) = &hole.person {
        return places.people.get(person.as_str()).copied();
    }
    let (policy, level) = (hole.policy.clone()?, hole.level?);
    let step = hole.step.and_then(|step| places.steps.get(&(policy.clone(), level, step)));
    step.or_else(|| places.levels.get(&(policy, level))).copied()
}
