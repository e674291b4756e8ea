//! What people do with a case.

use crate::decide::Refusal;
use crate::escalation::targets;
use crate::escalation::{Answer, Level, Target};
use crate::id::{PageId, PersonId};
use crate::incident::decide::Deciding;
use crate::incident::record as happened;
use crate::incident::state::TargetState;
use crate::incident::{Cause, Classification, State};
use crate::journal::StreamId;
use crate::notify::{self, MessageKind};

/// The longest rest, in seconds.
const MAX_SNOOZE_S: i64 = 24 * 3_600;
/// How long somebody who was asked by name has before the level is paged.
const ASSIGNED_S: i64 = 300;
/// The longest note or reason, in characters.
const MAX_TEXT: usize = 20_000;

impl Deciding<'_> {
    pub(super) fn acknowledge(&mut self, via: &str) {
        let person = self.context.actor.person().cloned();
        let name = person.is_none().then(|| self.context.actor.to_string());
        let level = person.as_ref().map_or(Level::L1, |person| answers_at(&self.state, person));
        if let Some(person) = &person {
            for page in own_pages(&self.state, person) {
                let command = notify::Command::Answer { by: person.clone(), via: via.to_owned() };
                self.then(StreamId::page(&page), command);
            }
        }
        self.take(person.as_ref(), name.as_deref(), level, via);
    }

    /// The sender's own acknowledgement counts as one at L1: it ends silence, and replaces nobody that the
    /// case needs.
    pub(super) fn acknowledge_by_source(&mut self, name: &str) {
        if self.state.holder.is_none() {
            self.take(None, Some(name), Level::L1, "integration");
        }
    }

    fn take(&mut self, person: Option<&PersonId>, name: Option<&str>, level: Level, via: &str) {
        let satisfied = satisfied_by(&self.state, level);
        let settled: Vec<Level> =
            satisfied.iter().copied().filter(|level| self.is_settled(*level, person)).collect();
        let holder = self.state.holder.as_ref();
        let holds = holder.is_none_or(|holder| holder.person.is_none() || level > holder.level);
        let by = person.map_or_else(|| name.unwrap_or_default().to_owned(), ToString::to_string);
        let others = self.others(&settled, person);
        self.push_with_clocks(true, |clocks| {
            happened::Acknowledged {
                person: person.cloned(),
                name: name.map(ToOwned::to_owned),
                level,
                via: via.to_owned(),
                holds,
                satisfied: satisfied.clone(),
                settled: settled.clone(),
                clocks,
            }
            .into()
        });
        for page in others {
            let command = notify::Command::Supersede { why: format!("{by} acknowledged") };
            self.then(StreamId::page(&page), command);
        }
    }

    /// Whether the others at a level need not answer any more. Where each must answer, those who are still
    /// being asked are asked on, unless the level was engaged by silence alone.
    fn is_settled(&self, level: Level, person: Option<&PersonId>) -> bool {
        let Some(state) = self.state.levels.get(&level) else { return true };
        let each = self.level_policy(level).is_some_and(|policy| policy.answer == Answer::Each);
        let waiting = state
            .targets
            .iter()
            .any(|(other, target)| Some(other) != person && target.state == TargetState::Paged);
        !(each && waiting) || matches!(state.cause, Cause::Silence { .. })
    }

    /// The pages of everybody else at these levels.
    fn others(&self, levels: &[Level], person: Option<&PersonId>) -> Vec<PageId> {
        self.state
            .open_pages()
            .filter(|(level, other, target)| {
                levels.contains(level)
                    && Some(*other) != person
                    && matches!(target.state, TargetState::Paged | TargetState::Silent)
            })
            .map(|(_, _, target)| target.page.clone())
            .collect()
    }

    pub(super) fn acknowledgement_over(&mut self) {
        if let Some(level) = self.state.holder.as_ref().map(|holder| self.state.standing(holder.level)) {
            self.push(happened::AcknowledgementExpired { level });
            self.start_again(level);
        }
    }

    pub(super) fn classify(&mut self, asked: &Classification) -> Result<(), Refusal> {
        if *asked == (Classification { reason: asked.reason.clone(), ..Classification::default() }) {
            return Err(Refusal::new("nothing_to_change", "say at least one thing about the case"));
        }
        let declared = self.policy.as_ref().map(|policy| policy.facts.clone()).unwrap_or_default();
        if let Some(unknown) = asked.facts.keys().find(|name| !declared.contains_key(*name)) {
            let known = declared.keys().cloned().collect::<Vec<_>>().join(", ");
            let message = format!("the policy declares no fact `{unknown}`; it declares {known}");
            return Err(Refusal::field("invalid_field", "facts", message));
        }
        check_text("reason", asked.reason.as_deref().unwrap_or_default())?;
        self.push_with_clocks(true, |clocks| {
            happened::Classified {
                severity: asked.severity,
                customer_facing: asked.customer_facing,
                company_wide: asked.company_wide,
                disposition: asked.disposition,
                contained: asked.contained,
                facts: asked.facts.clone(),
                reason: asked.reason.clone(),
                by_person: true,
                clocks,
            }
            .into()
        });
        self.judge();
        Ok(())
    }

    pub(super) fn raise(&mut self, level: Level, reason: Option<String>) -> Result<(), Refusal> {
        let only_silence = !self.state.is_engaged(level) || self.state.is_engaged_by_silence(level);
        if level <= self.state.level && !only_silence {
            let message = format!("the case is at {} already", self.state.level);
            return Err(Refusal::field("invalid_field", "level", message));
        }
        if self.level_policy(level).is_none() {
            let message = format!("the escalation policy has no level {level}");
            return Err(Refusal::field("invalid_field", "level", message));
        }
        check_text("reason", reason.as_deref().unwrap_or_default())?;
        self.push(happened::Raised { level, reason });
        let by = self.context.actor.to_string();
        self.engage_up_to(level, &Cause::Raised { by });
        Ok(())
    }

    pub(super) fn ask_to_lower(&mut self, to: Level, reason: &str) -> Result<(), Refusal> {
        const FALLBACK_S: i64 = 1_800;
        if to >= self.state.level {
            let message = format!("the case is at {}; only a level below can be asked for", self.state.level);
            return Err(Refusal::field("invalid_field", "level", message));
        }
        if !self.state.levels.contains_key(&to) {
            let message = format!("{to} takes no part in the case; a level that does can be asked for");
            return Err(Refusal::field("invalid_field", "level", message));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::field(
                "invalid_field",
                "reason",
                "say why the level is not needed any more",
            ));
        }
        check_text("reason", reason)?;
        let by = self.person()?;
        self.check_owner(&by)?;
        self.check_not_demanded(to)?;
        let seconds = self.policy.as_ref().map_or(FALLBACK_S, |policy| policy.lower_within_s);
        let until_us = self.after_s(seconds);
        self.push(happened::LowerRequested { to, by, reason: reason.to_owned(), until_us });
        Ok(())
    }

    fn check_owner(&self, person: &PersonId) -> Result<(), Refusal> {
        let level = self.state.level;
        let owner = self.level_policy(level).map(|policy| policy.owner.clone()).unwrap_or_default();
        let mut owners = targets::resolve(self.context.config, &owner, self.context.now_us).people;
        for target in &owner {
            if let Target::Role(role) = target {
                let role = self.context.config.organisation.roles.get(role);
                owners.extend(role.map(|role| role.deputies.clone()).unwrap_or_default());
            }
        }
        if owners.contains(person) {
            return Ok(());
        }
        let names = owner.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("only the owner of {level} may ask to lower it: {names}, or a deputy");
        Err(Refusal::new("not_owner", message))
    }

    fn check_not_demanded(&self, to: Level) -> Result<(), Refusal> {
        match self.demanded() {
            Some((level, guard)) if level > to => {
                let message = format!("the policy demands {level} while `{guard}`; classify the case first");
                Err(Refusal::new("level_demanded", message))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn consent_to_lower(&mut self) -> Result<(), Refusal> {
        let Some(asked) = self.state.lowering.clone() else {
            return Err(Refusal::new("nothing_to_consent", "nobody asked to lower the level"));
        };
        let consent = self.person()?;
        if consent == asked.by {
            return Err(Refusal::new("second_person", "a second, different person must consent"));
        }
        self.check_not_demanded(asked.to)?;
        self.supersede(|level| level > asked.to, "the level was lowered");
        self.push_with_clocks(true, |clocks| {
            happened::Lowered {
                to: asked.to,
                by: asked.by.clone(),
                consent: consent.clone(),
                reason: asked.reason.clone(),
                clocks,
            }
            .into()
        });
        Ok(())
    }

    pub(super) fn snooze(&mut self, until_us: i64) -> Result<(), Refusal> {
        if self.state.holder.is_none() {
            return Err(Refusal::new("not_acknowledged", "acknowledge the incident before it can rest"));
        }
        if until_us <= self.context.now_us || until_us > self.after_s(MAX_SNOOZE_S) {
            let message = "an incident rests until some moment within the next 24 hours";
            return Err(Refusal::field("invalid_field", "until_us", message));
        }
        self.push_with_clocks(true, |clocks| happened::Snoozed { until_us, clocks }.into());
        Ok(())
    }

    pub(super) fn snooze_over(&mut self) {
        let level = self.state.holder.as_ref().map_or(self.state.level, |holder| holder.level);
        let level = self.state.standing(level);
        self.push(happened::SnoozeEnded { level });
        self.start_again(level);
    }

    pub(super) fn reassign(&mut self, person: &PersonId, reason: Option<&str>) -> Result<(), Refusal> {
        let config = self.context.config;
        let to = [Target::Person(person.clone())];
        let reached = targets::resolve(config, &to, self.context.now_us);
        if let Some(hole) = reached.holes.first() {
            return Err(Refusal::field("invalid_field", "person_id", hole.clone()));
        }
        check_text("reason", reason.unwrap_or_default())?;
        self.take_part();
        let level = self.state.standing(self.state.level);
        let round = self.state.levels.get(&level).map_or(1, |state| state.round + 1);
        let deadline_us = self.after_s(ASSIGNED_S);
        self.supersede_again(level, std::slice::from_ref(person));
        let pages = self.pages(level, round, "assigned", std::slice::from_ref(person));
        for page in pages {
            self.push(happened::Reassigned {
                level,
                round,
                page: page.clone(),
                deadline_us,
                reason: reason.map(ToOwned::to_owned),
            });
            self.send(level, 0, round, MessageKind::Page, vec![page]);
        }
        Ok(())
    }

    /// Somebody can be asked only at a level. Where a policy without levels engaged none, L1 is.
    fn take_part(&mut self) {
        if self.state.levels.is_empty() {
            let cause = Cause::Raised { by: self.context.actor.to_string() };
            self.push_with_clocks(true, |clocks| {
                happened::LevelEngaged { level: Level::L1, cause: cause.clone(), clocks }.into()
            });
        }
    }

    pub(super) fn note(&mut self, text: &str) -> Result<(), Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::field("invalid_field", "text", "a note needs words"));
        }
        check_text("text", text)?;
        self.push_with_clocks(true, |clocks| happened::Noted { text: text.to_owned(), clocks }.into());
        Ok(())
    }

    pub(super) fn link(&mut self, href: &str, text: &str) -> Result<(), Refusal> {
        if !(href.starts_with("https://") || href.starts_with("http://")) {
            return Err(Refusal::field("invalid_field", "href", "a link starts with https:// or http://"));
        }
        check_text("href", href)?;
        check_text("text", text)?;
        let (href, text) = (href.to_owned(), text.to_owned());
        self.push_with_clocks(true, |clocks| {
            happened::Linked { href: href.clone(), text: text.clone(), clocks }.into()
        });
        Ok(())
    }

    fn person(&self) -> Result<PersonId, Refusal> {
        self.context.actor.person().cloned().ok_or_else(|| {
            Refusal::new("no_person", "this account is nobody of the organisation; link it to a person first")
        })
    }
}

fn check_text(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.chars().count() > MAX_TEXT {
        let message = format!("at most {MAX_TEXT} characters are kept");
        return Err(Refusal::field("invalid_field", field, message));
    }
    Ok(())
}

/// The highest level at which somebody is asked. Who was only told, or not at all, answers at L1.
fn answers_at(state: &State, person: &PersonId) -> Level {
    state
        .levels
        .iter()
        .rev()
        .find(|(_, level)| {
            !level.stood_down
                && level.targets.get(person).is_some_and(|target| target.state != TargetState::Told)
        })
        .map_or(Level::L1, |(level, _)| *level)
}

/// The pages of a person that wait for an answer or waited in vain.
fn own_pages(state: &State, person: &PersonId) -> Vec<PageId> {
    state
        .open_pages()
        .filter(|(_, other, target)| *other == person && target.state != TargetState::Answered)
        .map(|(_, _, target)| target.page.clone())
        .collect()
}

/// The levels that an answer at `level` satisfies: those up to it, and those that only silence engaged.
fn satisfied_by(state: &State, level: Level) -> Vec<Level> {
    state
        .levels
        .iter()
        .filter(|(other, state)| **other <= level || matches!(state.cause, Cause::Silence { .. }))
        .map(|(level, _)| *level)
        .collect()
}
