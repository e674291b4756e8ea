//! What if: an alert played through the decisions that a real one would meet, against the configuration in
//! force, with people who do not answer and channels that do not work.
//!
//! Nothing here decides anything. A [`WhatIf`] makes the commands that a sender, the timers, the channels and
//! the people would give, runs them by [`crate::decide::execute`] over streams in memory, and reads the
//! answer off the records. [`WhatIf::sweep`] does so for every instant of a span at once: decisions read the
//! time only to find out who is on call, so an instant differs from the one before it only where one of its
//! pages meets another answer of the roster.

mod case;
mod levels;
mod play;
mod run;
mod sweep;

pub use case::{Assumptions, Case};
pub use levels::{LevelPlan, LevelStretch, StepPlan, levels};
pub use run::{End, Entry, Run, What};
pub use sweep::{Hour, Piece, Share, Summary, Sweep};

use std::borrow::Cow;

use crate::config::Config;
use crate::decide::Refusal;
use crate::escalation::Policy;
use crate::intake::Integration;

/// How far ahead people look by default.
pub const DAYS: i64 = 90;
/// The longest span that a sweep looks at.
pub const MOST_DAYS: i64 = 366;
/// Who takes longer than this to answer is silent.
pub const LONGEST_REACTION_S: i64 = 24 * 3_600;

/// An alert and what is assumed about people and channels, checked against a configuration.
#[derive(Debug)]
pub struct WhatIf<'a> {
    config: Cow<'a, Config>,
    case: &'a Case,
    assumptions: &'a Assumptions,
    integration: Integration,
}

impl<'a> WhatIf<'a> {
    /// Refused where the case or the assumptions name something that the configuration does not have.
    pub fn new(config: &'a Config, case: &'a Case, assumptions: &'a Assumptions) -> Result<Self, Refusal> {
        assumptions.check(config)?;
        case.check(config)?;
        let integration = case.integration(config)?;
        let mut config = assumptions.applied(config);
        // The question is who would be paged; a silence that happens to hold is no answer.
        if !config.silences.is_empty() {
            config.to_mut().silences.clear();
        }
        Ok(Self { config, case, assumptions, integration })
    }

    /// The policy that the alert would meet.
    fn policy(&self) -> Option<&Policy> {
        let event = self.case.event(&self.integration);
        let routed = self.config.routing.decide(&self.integration, &event).policy;
        let name = self.case.policy.clone().or(routed);
        let name = name.as_deref().unwrap_or(Config::DEFAULT_POLICY);
        self.config.policy(name).map(AsRef::as_ref)
    }

    /// Plays the alert as if it arrived at `at_us`, microseconds since the epoch, until somebody answers or
    /// the ladder has nobody left to ask.
    pub fn at(&self, at_us: i64) -> Run {
        run::told(&self.config, &play::play(self, at_us), at_us)
    }

    /// Plays it for every instant of `[from_us, to_us)`, at most [`MOST_DAYS`] of them, and says at which
    /// one a human takes longest to answer.
    pub fn sweep(&self, from_us: i64, to_us: i64) -> Sweep {
        sweep::sweep(self, from_us, to_us)
    }
}
