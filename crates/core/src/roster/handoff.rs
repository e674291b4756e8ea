//! Handoff notes: what the one whose duty ends writes to whoever comes next, who accepts it or asks back.

use serde::{Deserialize, Serialize};

use super::deciding::Deciding;
use super::duty::duties;
use super::record::{HandoffNoteAccepted, HandoffNoteAskedBack, HandoffNoteReminded, HandoffNoteWritten};
use super::rights::{acts_for, is_manager};
use super::text;
use crate::decide::Refusal;
use crate::id::{HandoffNoteId, IncidentId, PersonId, ScheduleId, derive};
use crate::notify::Topic;
use crate::oncall::{Override, Schedule};

const HOUR_US: i64 = 3_600 * 1_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// A note can be written this long after its handoff.
const AFTER_US: i64 = 12 * HOUR_US;
/// A handoff is looked for this far ahead.
const AHEAD_US: i64 = 35 * DAY_US;
/// Whoever is on call within this time after a duty ended comes next.
const PAUSE_US: i64 = 3 * DAY_US;
/// Both sides are told when nobody has accepted the note this long after the handoff.
const ACCEPT_WITHIN_US: i64 = HOUR_US;
const LONGEST_TEXT: usize = 20_000;
const LONGEST_ITEM: usize = 500;
const MOST_ITEMS: usize = 50;

/// What somebody hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Whose duty ends.
    pub from: PersonId,
    /// The handoff; the person's next one unless given, or the last one if that is not long ago.
    pub at_us: Option<i64>,
    pub text: String,
    /// What to keep an eye on, one line each.
    pub watch: Vec<String>,
    /// The incidents that are open now, as the record has them.
    pub incidents: Vec<OpenIncident>,
}

/// An incident that was open when a note was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIncident {
    pub id: IncidentId,
    pub number: i64,
    pub title: String,
    pub severity: String,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<PersonId>,
}

/// What one duty wrote to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffNote {
    pub id: HandoffNoteId,
    pub schedule: ScheduleId,
    pub at_us: i64,
    pub from: PersonId,
    pub to: Vec<PersonId>,
    pub text: String,
    pub watch: Vec<String>,
    pub incidents: Vec<OpenIncident>,
    pub state: NoteState,
    /// Who accepted it or asked back.
    pub answered_by: Option<PersonId>,
    pub question: Option<String>,
    pub reminded: bool,
    /// When it was written first.
    pub created_us: i64,
    /// When it was written last.
    pub written_us: i64,
    pub changed_us: i64,
}

/// Where a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteState {
    /// It waits for whoever comes next.
    Written,
    /// Whoever comes next needs to know more.
    AskedBack,
    Accepted,
}

/// A handoff: when, from whom, to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub at_us: i64,
    pub from: PersonId,
    pub to: Vec<PersonId>,
}

impl NoteState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Written, Self::AskedBack, Self::Accepted];

    /// The name used in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::AskedBack => "asked_back",
            Self::Accepted => "accepted",
        }
    }
}

impl HandoffNote {
    pub(super) fn of(written: &HandoffNoteWritten, known: Option<&Self>, at_us: i64) -> Self {
        Self {
            id: written.id.clone(),
            schedule: written.schedule.clone(),
            at_us: written.at_us,
            from: written.from.clone(),
            to: written.to.clone(),
            text: written.text.clone(),
            watch: written.watch.clone(),
            incidents: written.incidents.clone(),
            state: NoteState::Written,
            answered_by: None,
            question: known.and_then(|known| known.question.clone()),
            reminded: known.is_some_and(|known| known.reminded),
            created_us: known.map_or(at_us, |known| known.created_us),
            written_us: at_us,
            changed_us: at_us,
        }
    }

    /// When both sides are told that nobody has accepted it.
    pub(super) fn due_us(&self) -> Option<i64> {
        let waits = self.state != NoteState::Accepted && !self.reminded;
        waits.then(|| self.at_us.max(self.written_us) + ACCEPT_WITHIN_US)
    }

    fn path(&self) -> String {
        format!("/oncall?note={}", self.id)
    }
}

/// The handoff that a person's note is for: the one at `at_us`, or else the first that lies ahead or not long
/// back. None when the person hands over to nobody.
pub fn next_handoff(
    schedule: &Schedule,
    overrides: &[Override],
    from: &PersonId,
    at_us: Option<i64>,
    now_us: i64,
) -> Option<Next> {
    let first_us = now_us - AFTER_US;
    let window = (first_us - DAY_US, now_us + AHEAD_US + PAUSE_US);
    let all = duties(schedule, overrides, window, 0);
    let fits = |end_us: i64| at_us.map_or(end_us >= first_us, |at_us| end_us == at_us);
    let ends = all.iter().filter(|duty| duty.person == *from && fits(duty.end_us));
    let end_us = ends.map(|duty| duty.end_us).min().filter(|end_us| *end_us < window.1 - PAUSE_US)?;
    let others = all.iter().filter(|duty| duty.person != *from && duty.end_us > end_us);
    let starts = others.clone().map(|duty| duty.start_us.max(end_us)).filter(|us| *us - end_us <= PAUSE_US);
    let start_us = starts.min()?;
    let mut to: Vec<PersonId> =
        others.filter(|duty| duty.start_us <= start_us).map(|duty| duty.person.clone()).collect();
    to.sort();
    to.dedup();
    Some(Next { at_us: end_us, from: from.clone(), to })
}

impl Deciding<'_> {
    pub(super) fn write_note(&mut self, write: &Write) -> Result<(), Refusal> {
        acts_for(self.context, &write.from, "write this note")?;
        check(write)?;
        let next = next_handoff(self.schedule()?, &self.overrides(), &write.from, write.at_us, self.now_us());
        let next = next.ok_or_else(|| {
            let message = format!("{} hands this schedule over to nobody then", write.from);
            Refusal::field("no_handoff", "at_us", message)
        })?;
        let known = self.state.notes.values().find(|note| note.from == next.from && note.at_us == next.at_us);
        if known.is_some_and(|note| note.state == NoteState::Accepted) {
            return Err(Refusal::new(
                "accepted_already",
                "the note was accepted; what is new goes into the next",
            ));
        }
        let (stream, at) = (self.stream.to_string(), next.at_us.to_string());
        let parts = [stream.as_str(), next.from.as_str(), &at];
        let id = known
            .map_or_else(|| HandoffNoteId::new(derive("hnd", self.now_us(), &parts)), |note| note.id.clone());
        let again = known.is_some();
        self.push(HandoffNoteWritten {
            id: id.clone(),
            schedule: self.schedule_id(),
            at_us: next.at_us,
            from: next.from,
            to: next.to,
            text: write.text.clone(),
            watch: write.watch.clone(),
            incidents: write.incidents.clone(),
        });
        self.tell_written(&id, again);
        Ok(())
    }

    fn tell_written(&mut self, id: &HandoffNoteId, again: bool) {
        let Some(note) = self.state.notes.get(id).cloned() else { return };
        let config = self.context.config;
        let (name, schedule) = (text::name(config, &note.from), text::schedule(config, &note.schedule));
        for person in &note.to {
            let verb = if again { "wrote the handoff note anew" } else { "wrote you a handoff note" };
            let body = format!(
                "Handoff: {}.\nOpen incidents: {}. To watch: {}.\nAccept it, or ask back.",
                text::when(config, person, note.at_us),
                note.incidents.len(),
                note.watch.len()
            );
            self.tell(
                person,
                Topic::HandoffNote,
                (format!("{name} {verb}, on {schedule}"), body),
                &note.path(),
            );
        }
    }

    pub(super) fn accept_note(&mut self, id: &HandoffNoteId) -> Result<(), Refusal> {
        let (note, by) = self.answering(id)?;
        if note.state == NoteState::Accepted {
            return Ok(());
        }
        self.push(HandoffNoteAccepted { id: id.clone(), by: by.clone() });
        let config = self.context.config;
        let name = text::name(config, &by);
        let title =
            format!("{name} accepted your handoff note, on {}", text::schedule(config, &note.schedule));
        let body = format!("{name} has read it and takes over.");
        self.tell(&note.from, Topic::HandoffNote, (title, body), &note.path());
        Ok(())
    }

    pub(super) fn ask_back(&mut self, id: &HandoffNoteId, question: &str) -> Result<(), Refusal> {
        let (note, by) = self.answering(id)?;
        if note.state == NoteState::Accepted {
            return Err(Refusal::new("accepted_already", "the note was accepted"));
        }
        if question.trim().is_empty() || question.chars().count() > LONGEST_TEXT {
            let message = format!("ask in 1 to {LONGEST_TEXT} characters");
            return Err(Refusal::field("invalid_field", "question", message));
        }
        self.push(HandoffNoteAskedBack { id: id.clone(), by: by.clone(), question: question.to_owned() });
        let config = self.context.config;
        let name = text::name(config, &by);
        let title =
            format!("{name} asks about your handoff note, on {}", text::schedule(config, &note.schedule));
        let body = format!("{question}\nAnswer by writing the note anew.");
        self.tell(&note.from, Topic::HandoffNote, (title, body), &note.path());
        Ok(())
    }

    /// Whoever comes next answers, or one of those who run the roster for them.
    fn answering(&self, id: &HandoffNoteId) -> Result<(HandoffNote, PersonId), Refusal> {
        let unknown = || Refusal::new("not_found", format!("there is no handoff note {id} that waits"));
        let note = self.state.notes.get(id).cloned().ok_or_else(unknown)?;
        let actor = self.context.actor;
        if let Some(person) = actor.person().filter(|person| note.to.contains(person)) {
            return Ok((note, person.clone()));
        }
        let manager = is_manager(actor, self.context.config, self.now_us());
        if let Some(first) = note.to.first().filter(|_| manager) {
            let by = actor.person().unwrap_or(first).clone();
            return Ok((note, by));
        }
        let who = text::names(self.context.config, &note.to);
        Err(Refusal::new("not_yours", format!("the note is for {who}")))
    }

    /// Notes that nobody accepted in time.
    pub(super) fn notes_go_on(&mut self) {
        let now_us = self.now_us();
        let late = |note: &&HandoffNote| note.due_us().is_some_and(|due_us| due_us <= now_us);
        let late: Vec<HandoffNote> = self.state.notes.values().filter(late).cloned().collect();
        for note in late {
            self.push(HandoffNoteReminded { id: note.id.clone() });
            let config = self.context.config;
            let (from, to) = (text::name(config, &note.from), text::names(config, &note.to));
            let title = format!(
                "The handoff note of {} waits to be accepted",
                text::schedule(config, &note.schedule)
            );
            for person in note.to.iter().chain([&note.from]) {
                let at = text::when(config, person, note.at_us);
                let body = match &note.question {
                    Some(question) if note.state == NoteState::AskedBack => {
                        format!("Handoff: {at}, {from} to {to}.\n{to} asked back: {question}")
                    }
                    _ => format!("Handoff: {at}, {from} to {to}.\n{to} has not accepted it."),
                };
                self.tell(person, Topic::HandoffNote, (title.clone(), body), &note.path());
            }
        }
    }
}

fn check(write: &Write) -> Result<(), Refusal> {
    if write.text.trim().is_empty() && write.watch.is_empty() && write.incidents.is_empty() {
        return Err(Refusal::field("invalid_field", "text", "say something, if only that all is quiet"));
    }
    if write.text.chars().count() > LONGEST_TEXT {
        let message = format!("{LONGEST_TEXT} characters are the most");
        return Err(Refusal::field("invalid_field", "text", message));
    }
    let long = write.watch.iter().any(|item| item.trim().is_empty() || item.chars().count() > LONGEST_ITEM);
    if long || write.watch.len() > MOST_ITEMS {
        let message = format!("at most {MOST_ITEMS} items of 1 to {LONGEST_ITEM} characters");
        return Err(Refusal::field("invalid_field", "watch", message));
    }
    Ok(())
}
