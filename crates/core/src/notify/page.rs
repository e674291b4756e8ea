//! A page: one person, told over their channels until they answer or somebody else does.

use std::collections::BTreeMap;

use crate::decide::{self, Context, Decision, Timer};
use crate::escalation::Level;
use crate::id::{ContactId, IncidentId, NotificationId, PageId, PersonId, derive};
use crate::incident;
use crate::journal::StreamId;
use crate::notify::record::{
    NoticeDecided, NotificationDecided, NotificationDelivered, NotificationFailed, NotificationSent,
    PageAnswered, PageDecided, PageGivenUp, PageSuperseded, Planned,
};
use crate::notify::{MessageKind, Notice, Outcome};
use crate::org::{Channel, Contact};
use crate::record::{Deadline, Record};

/// How often one message is tried.
const MAX_ATTEMPTS: u32 = 6;
/// The pause after the first failed attempt; it doubles with each.
const FIRST_RETRY_S: i64 = 2;
/// The longest wait that a provider may ask for: after that long the message helps nobody.
const LONGEST_WAIT_S: i64 = 15 * 60;
/// The pauses before a provider is asked whether a message has arrived. After the last one what it took counts as
/// delivered.
const ASK_AFTER_S: [i64; 7] = [3, 7, 15, 30, 60, 120, 240];
/// The timer of the next way in the plan.
const NEXT: &str = "next";

/// A page. Before its first record the id is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub id: PageId,
    pub incident: IncidentId,
    pub person: PersonId,
    pub level: Level,
    pub step: usize,
    pub round: u32,
    pub kind: MessageKind,
    /// What it says, for a notice.
    pub notice: Option<Notice>,
    pub decided_us: i64,
    pub plan: Vec<Planned>,
    pub notifications: BTreeMap<NotificationId, Notification>,
    pub ended: Option<Ended>,
    next: Option<Deadline>,
}

/// One message of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The place in the plan.
    pub place: usize,
    pub decided_us: i64,
    /// Attempts whose outcome is known.
    pub attempts: u32,
    pub progress: Progress,
    /// By what the provider knows the attempt that is on its way.
    pub receipt: Option<String>,
    /// For how many asking was decided on, of that attempt.
    pub asked: usize,
    pub answer: Option<String>,
    pub sent_us: Option<i64>,
    pub late: bool,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It is to be sent at that moment or is being sent.
    Due {
        at_us: i64,
    },
    /// The provider has it, and is asked at that moment whether it has arrived.
    Sent {
        at_us: i64,
    },
    Delivered,
    Failed,
    /// The page ended before it was sent.
    Cancelled,
}

/// How a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub at_us: i64,
    pub how: How,
}

/// How a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    Answered {
        by: PersonId,
        via: String,
    },
    Superseded {
        why: String,
    },
    GivenUp,
    /// A notice has arrived; nothing more is wanted.
    Told,
}

/// What can be asked of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Decide(Box<DecidePage>),
    /// Tell somebody something about duty.
    Notify(Box<DecideNotice>),
    /// A channel says what became of an attempt.
    Report {
        notification: NotificationId,
        attempt: u32,
        outcome: Outcome,
    },
    Answer {
        by: PersonId,
        via: String,
    },
    Supersede {
        why: String,
    },
    TimerFired {
        generation: i64,
    },
}

/// A new page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidePage {
    pub page: PageId,
    pub incident: IncidentId,
    pub person: PersonId,
    pub level: Level,
    pub step: usize,
    pub round: u32,
    pub kind: MessageKind,
}

/// A new notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideNotice {
    pub page: PageId,
    pub person: PersonId,
    pub notice: Notice,
    /// Over this contact and no other; none: over the quietest that works.
    pub only: Option<ContactId>,
}

/// Decides about one page. `version` is that of the stream's last record.
pub fn decide(state: &State, version: i64, command: &Command, context: Context<'_>) -> Decision {
    let mut deciding = Deciding { state: state.clone(), version, context, decision: Decision::default() };
    match command {
        Command::Decide(page) if state.id.as_str().is_empty() => deciding.begin(page),
        Command::Notify(notice) if state.id.as_str().is_empty() => deciding.notify(notice),
        Command::Report { notification, attempt, outcome } => {
            deciding.report(notification, *attempt, outcome);
        }
        Command::Answer { by, via } if state.is_open() => {
            deciding.push(PageAnswered { by: by.clone(), via: via.clone() });
        }
        Command::Supersede { why } if state.is_open() => deciding.push(PageSuperseded { why: why.clone() }),
        Command::TimerFired { generation } if state.next_generation() == Some(*generation) => {
            deciding.due_ways();
        }
        Command::Decide(_)
        | Command::Notify(_)
        | Command::Answer { .. }
        | Command::Supersede { .. }
        | Command::TimerFired { .. } => {}
    }
    deciding.decision
}

struct Deciding<'a> {
    state: State,
    version: i64,
    context: Context<'a>,
    decision: Decision,
}

impl Deciding<'_> {
    fn push(&mut self, record: impl Into<Record>) {
        let record = record.into();
        self.version += 1;
        self.state.apply(self.version, self.context.now_us, &record);
        self.decision.records.push(record);
    }

    fn begin(&mut self, page: &DecidePage) {
        let person = self.context.config.organisation.people.get(&page.person);
        let plan = person.map(|person| person.plan()).unwrap_or_default();
        let plan: Vec<Planned> = plan
            .into_iter()
            .map(|(contact, delay_s)| Planned {
                contact: contact.id.clone(),
                channel: contact.channel,
                address: contact.address.clone(),
                delay_s,
            })
            .collect();
        self.push(PageDecided {
            page: page.page.clone(),
            incident: page.incident.clone(),
            person: page.person.clone(),
            level: page.level,
            step: page.step,
            round: page.round,
            kind: page.kind,
            plan,
        });
        self.due_ways();
        if self.state.notifications.is_empty() {
            // Rules may begin with a pause; a page may not.
            self.next_way(false);
        }
        self.give_up_when_lost();
    }

    /// One message, over the quietest way: what can wait does not ring.
    fn notify(&mut self, asked: &DecideNotice) {
        let person = self.context.config.organisation.people.get(&asked.person);
        let mut contacts: Vec<&Contact> = match (person, &asked.only) {
            (Some(person), Some(only)) => person.contact(only).into_iter().collect(),
            (Some(person), None) => person.plan().into_iter().map(|(contact, _)| contact).collect(),
            (None, _) => Vec::new(),
        };
        contacts.sort_by_key(|contact| loudness(contact.channel));
        let plan = contacts.into_iter().map(|contact| Planned {
            contact: contact.id.clone(),
            channel: contact.channel,
            address: contact.address.clone(),
            delay_s: 0,
        });
        self.push(NoticeDecided {
            page: asked.page.clone(),
            person: asked.person.clone(),
            notice: asked.notice.clone(),
            plan: plan.collect(),
        });
        self.next_way(false);
        self.give_up_when_lost();
    }

    /// Starts every way whose time has come.
    fn due_ways(&mut self) {
        while self.state.next_place().is_some_and(|place| self.state.due_us(place) <= self.context.now_us) {
            self.next_way(false);
        }
    }

    fn next_way(&mut self, fallback: bool) {
        if let Some(place) = self.state.next_place() {
            let parts = [self.state.id.as_str(), &place.to_string()];
            let notification = NotificationId::new(derive("ntf", self.context.now_us, &parts));
            self.push(NotificationDecided { notification, place, fallback });
        }
    }

    fn report(&mut self, id: &NotificationId, attempt: u32, outcome: &Outcome) {
        let Some(known) = self.state.notifications.get(id) else { return };
        if matches!(known.progress, Progress::Delivered | Progress::Failed) || attempt <= known.attempts {
            return;
        }
        let late = !self.state.is_open();
        match outcome {
            Outcome::Delivered { answer } => self.delivered(id, attempt, answer.clone(), late),
            Outcome::Sent { answer, receipt } => {
                let pause_s = ASK_AFTER_S.get(known.asked).copied();
                self.sent(id, attempt, (answer, receipt), pause_s, late);
            }
            Outcome::Failed { answer, permanent, retry_after_s } => {
                let wait_s = (!permanent).then(|| wait_s(attempt, *retry_after_s));
                self.failed(id, attempt, answer, wait_s, late);
            }
        }
    }

    fn delivered(&mut self, id: &NotificationId, attempt: u32, answer: String, late: bool) {
        self.push(NotificationDelivered { notification: id.clone(), attempt, answer, late });
    }

    /// The provider is asked again after `pause_s`; without one it was asked for long enough.
    fn sent(
        &mut self,
        id: &NotificationId,
        attempt: u32,
        (answer, receipt): (&str, &str),
        pause_s: Option<i64>,
        late: bool,
    ) {
        match pause_s {
            Some(pause_s) => self.push(NotificationSent {
                notification: id.clone(),
                attempt,
                answer: answer.to_owned(),
                receipt: receipt.to_owned(),
                ask_at_us: self.context.now_us + pause_s * 1_000_000,
                late,
            }),
            None => self.delivered(id, attempt, format!("{answer} (no word whether it arrived)"), late),
        }
    }

    /// The next way is tried at once; this one again after `wait_s`, if that can help.
    fn failed(&mut self, id: &NotificationId, attempt: u32, answer: &str, wait_s: Option<i64>, late: bool) {
        let wait_s = wait_s.filter(|wait_s| !late && attempt < MAX_ATTEMPTS && *wait_s <= LONGEST_WAIT_S);
        let retry_at_us = wait_s.map(|wait_s| self.context.now_us + wait_s * 1_000_000);
        self.push(NotificationFailed {
            notification: id.clone(),
            attempt,
            answer: answer.to_owned(),
            retry_at_us,
            late,
        });
        if !late {
            self.next_way(true);
            self.give_up_when_lost();
        }
    }

    /// When every way has failed for good, the incident hears of it.
    fn give_up_when_lost(&mut self) {
        let lost = self.state.is_open()
            && self.state.next_place().is_none()
            && self.state.notifications.values().all(|known| known.progress == Progress::Failed);
        if lost {
            self.push(PageGivenUp {});
            if self.state.kind == MessageKind::Notice {
                return;
            }
            let told = incident::Command::PageUnreachable { page: self.state.id.clone() };
            self.decision.then.push((StreamId::incident(&self.state.incident), told.into()));
        }
    }
}

/// The pause before the next attempt, in seconds: it grows, and is never shorter than the provider asks.
fn wait_s(attempt: u32, asked_s: Option<i64>) -> i64 {
    (FIRST_RETRY_S << attempt.saturating_sub(1).min(10)).max(asked_s.unwrap_or(0))
}

/// Which way disturbs least. The mailbox stands last: nobody is told by it who does not look.
const fn loudness(channel: Channel) -> u8 {
    match channel {
        Channel::Email => 0,
        Channel::Slack | Channel::Discord | Channel::Mattermost | Channel::Teams => 1,
        Channel::Telegram => 2,
        Channel::Ntfy | Channel::Pushover => 3,
        Channel::Webhook => 4,
        Channel::Sms => 5,
        Channel::Mailbox => 6,
    }
}

impl From<Command> for decide::Command {
    fn from(command: Command) -> Self {
        Self::Page(command)
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            id: PageId::new(""),
            incident: IncidentId::new(""),
            person: PersonId::new(""),
            level: Level::L1,
            step: 0,
            round: 0,
            kind: MessageKind::Page,
            notice: None,
            decided_us: 0,
            plan: Vec::new(),
            notifications: BTreeMap::new(),
            ended: None,
            next: None,
        }
    }
}

impl State {
    /// Whether the person is still to be told or waited for.
    pub fn is_open(&self) -> bool {
        !self.id.as_str().is_empty() && self.ended.is_none()
    }

    /// What the page waits for.
    pub fn timers(&self) -> Vec<Timer> {
        self.next
            .map(|due| Timer { name: NEXT.to_owned(), generation: due.generation, due_us: due.due_us })
            .into_iter()
            .collect()
    }

    /// The next way of the plan that was not begun, and when its time comes. A notice goes another way only
    /// when one has failed.
    pub fn next_way(&self) -> Option<(&Planned, i64)> {
        let place = self.next_place().filter(|_| self.is_open() && self.kind != MessageKind::Notice)?;
        Some((self.plan.get(place)?, self.due_us(place)))
    }

    fn next_generation(&self) -> Option<i64> {
        self.next.map(|due| due.generation)
    }

    fn next_place(&self) -> Option<usize> {
        Some(self.notifications.len()).filter(|place| *place < self.plan.len())
    }

    fn due_us(&self, place: usize) -> i64 {
        let delay_s = self.plan.get(place).map_or(0, |way| way.delay_s);
        self.decided_us.saturating_add(delay_s.saturating_mul(1_000_000))
    }

    /// Follows one record.
    pub fn apply(&mut self, version: i64, at_us: i64, record: &Record) {
        match record {
            Record::PageDecided(decided) => self.begin(at_us, decided),
            Record::NoticeDecided(decided) => {
                self.id = decided.page.clone();
                self.person = decided.person.clone();
                self.kind = MessageKind::Notice;
                self.notice = Some(decided.notice.clone());
                self.plan.clone_from(&decided.plan);
                self.decided_us = at_us;
            }
            Record::NotificationDecided(decided) => {
                let known = Notification {
                    place: decided.place,
                    decided_us: at_us,
                    attempts: 0,
                    progress: Progress::Due { at_us },
                    receipt: None,
                    asked: 0,
                    answer: None,
                    sent_us: None,
                    late: false,
                };
                self.notifications.insert(decided.notification.clone(), known);
            }
            Record::NotificationSent(sent) => {
                if let Some(known) = self.notifications.get_mut(&sent.notification) {
                    known.progress = Progress::Sent { at_us: sent.ask_at_us };
                    known.receipt = Some(sent.receipt.clone());
                    known.asked += 1;
                    known.answer = Some(sent.answer.clone());
                    known.sent_us = known.sent_us.or(Some(at_us));
                    known.late = sent.late;
                }
            }
            Record::NotificationDelivered(delivered) => {
                if let Some(known) = self.notifications.get_mut(&delivered.notification) {
                    known.attempts = delivered.attempt;
                    known.progress = Progress::Delivered;
                    known.answer = Some(delivered.answer.clone());
                    known.sent_us = known.sent_us.or(Some(at_us));
                    known.late = delivered.late;
                }
                if self.kind == MessageKind::Notice && self.is_open() {
                    self.end(at_us, How::Told);
                }
            }
            Record::NotificationFailed(failed) => {
                if let Some(known) = self.notifications.get_mut(&failed.notification) {
                    known.attempts = failed.attempt;
                    known.progress =
                        failed.retry_at_us.map_or(Progress::Failed, |at_us| Progress::Due { at_us });
                    (known.receipt, known.asked, known.sent_us) = (None, 0, None);
                    known.answer = Some(failed.answer.clone());
                    known.late = failed.late;
                }
            }
            Record::PageAnswered(answered) => {
                let how = How::Answered { by: answered.by.clone(), via: answered.via.clone() };
                self.end(at_us, how);
            }
            Record::PageSuperseded(superseded) => {
                self.end(at_us, How::Superseded { why: superseded.why.clone() });
            }
            Record::PageGivenUp(_) => self.end(at_us, How::GivenUp),
            _ => {}
        }
        self.arm(version);
    }

    fn begin(&mut self, at_us: i64, decided: &PageDecided) {
        self.id = decided.page.clone();
        self.incident = decided.incident.clone();
        self.person = decided.person.clone();
        self.level = decided.level;
        self.step = decided.step;
        self.round = decided.round;
        self.kind = decided.kind;
        self.plan.clone_from(&decided.plan);
        self.decided_us = at_us;
    }

    /// A message that is due when the page ends is cancelled. One that is on its way may still arrive, and
    /// is marked late then; its provider is asked at once, and told that it need not go on.
    fn end(&mut self, at_us: i64, how: How) {
        self.ended = Some(Ended { at_us, how });
        for known in self.notifications.values_mut() {
            match &mut known.progress {
                Progress::Due { .. } => known.progress = Progress::Cancelled,
                Progress::Sent { at_us: ask_at_us } => *ask_at_us = at_us,
                Progress::Delivered | Progress::Failed | Progress::Cancelled => {}
            }
        }
    }

    /// The timer follows the plan: it waits for the next way that was not begun.
    fn arm(&mut self, version: i64) {
        let due = self.next_way().map(|(_, due_us)| due_us);
        self.next = match (due, self.next) {
            (Some(due_us), Some(before)) if before.due_us == due_us => Some(before),
            (Some(due_us), _) => Some(Deadline { due_us, generation: version }),
            (None, _) => None,
        };
    }
}
