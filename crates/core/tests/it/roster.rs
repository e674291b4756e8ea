//! The life of duty, in stories: swaps, absences, reminders and handoff notes.

use std::collections::BTreeMap;

use decurion_core::access::{AccountRole, Actor};
use decurion_core::config::Config;
use decurion_core::decide::{Refusal, State, Stop, timer_command};
use decurion_core::escalation::{Target, targets};
use decurion_core::id::{AbsenceId, HandoffNoteId, PersonId, ScheduleId, SwapId};
use decurion_core::journal::StreamId;
use decurion_core::notify::{MessageKind, Topic};
use decurion_core::oncall::{Notices, Override, Schedule, on_call};
use decurion_core::record::Record;
use decurion_core::roster::{
    Absence, Ask, Command, HandoffNote, InReturn, NoteState, Span, Swap, SwapState, Take, TakeOver, WriteNote,
};
use jiff::Timestamp;

use crate::world::{S, World};

const HOUR: i64 = 3_600 * S;
const DAY: i64 = 24 * HOUR;

/// Monday 00:00 UTC, after [`crate::world::START_US`].
const MONDAY: i64 = 1_792_368_000_000_000;

/// Weekly turns of sol, sen and ira from Monday on.
fn schedule(notices: Option<Notices>) -> Schedule {
    let start = Timestamp::from_microsecond(MONDAY).unwrap().to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let notices = notices.map(|notices| serde_json::to_value(notices).unwrap());
    let text = serde_json::json!({
        "id": "duty", "name": "Duty", "zone": "UTC",
        "layers": [{"name": "weeks", "rotation": {
            "unit": "weekly", "start": start.to_string(), "participants": ["sol", "sen", "ira"],
        }}],
        "notices": notices,
    });
    serde_json::from_value(text).unwrap()
}

struct Duty {
    world: World,
    /// Notices that were seen by [`Duty::told`].
    seen: usize,
}

fn stream() -> StreamId {
    StreamId::schedule(&ScheduleId::from("duty"))
}

fn week(number: i64) -> Span {
    Span { start_us: MONDAY + number * 7 * DAY, end_us: MONDAY + (number + 1) * 7 * DAY }
}

fn as_person(id: &str) -> Actor {
    Actor::Account { id: id.into(), person: Some(id.into()), role: AccountRole::Responder }
}

impl Duty {
    /// The small organisation with a schedule, a week before its first turn.
    fn new(notices: Option<Notices>) -> Self {
        let mut world = World::new();
        let schedule = schedule(notices);
        world.config.schedules = BTreeMap::from([(schedule.id.clone(), schedule)]);
        world.now_us = MONDAY - 14 * DAY;
        let mut duty = Self { world, seen: 0 };
        duty.run(&Actor::System, Command::Review).unwrap();
        duty
    }

    fn run(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        self.run_on(actor, &stream(), command)
    }

    fn run_on(&mut self, actor: &Actor, stream: &StreamId, command: Command) -> Result<(), Refusal> {
        match self.world.run(actor, stream, &command.into()) {
            Ok(_) => {
                self.follow();
                Ok(())
            }
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Overrides and absences become configuration, as a node does it.
    fn follow(&mut self) {
        let mut overrides: Vec<Override> = Vec::new();
        let mut absences: Vec<Absence> = Vec::new();
        for placed in &self.world.placed {
            match &placed.record {
                Record::OverrideAdded(added) => overrides.push(added.entry.clone()),
                Record::OverrideRemoved(removed) => overrides.retain(|entry| entry.id != removed.id),
                Record::AbsenceAdded(added) => absences.push(added.absence.clone()),
                Record::AbsenceRemoved(removed) => absences.retain(|absence| absence.id != removed.id),
                _ => {}
            }
        }
        let config: &mut Config = &mut self.world.config;
        config.overrides = BTreeMap::from([(ScheduleId::from("duty"), overrides)]);
        config.absences = absences;
    }

    /// Lets time pass, and every timer of the roster fire when it is due.
    fn until(&mut self, at_us: i64) {
        for _ in 0..1_000 {
            let due = self
                .world
                .streams
                .iter()
                .filter(|(stream, _)| ["schedule", "person"].contains(&stream.kind()));
            let due = due.flat_map(|(stream, loaded)| {
                loaded.state.timers().into_iter().map(|timer| (timer.due_us, stream.clone(), timer))
            });
            let Some((due_us, stream, timer)) =
                due.min_by_key(|(due_us, stream, _)| (*due_us, stream.clone()))
            else {
                break;
            };
            if due_us > at_us {
                break;
            }
            self.world.now_us = self.world.now_us.max(due_us);
            let command = timer_command(&stream, &timer, None).unwrap();
            self.world.run(&Actor::System, &stream, &command).unwrap();
            self.follow();
        }
        self.world.now_us = at_us;
    }

    /// Who was told what since the last look, with the topic.
    fn told(&mut self) -> Vec<(String, Topic, String)> {
        let notices: Vec<_> = self
            .world
            .placed
            .iter()
            .filter_map(|placed| match &placed.record {
                Record::NoticeDecided(decided) => {
                    let notice = &decided.notice;
                    Some((decided.person.to_string(), notice.topic, notice.title.clone()))
                }
                _ => None,
            })
            .collect();
        let new = notices[self.seen..].to_vec();
        self.seen = notices.len();
        new
    }

    fn told_titles(&mut self) -> Vec<String> {
        self.told().into_iter().map(|(person, _, title)| format!("{person}: {title}")).collect()
    }

    fn roster(&self) -> &decurion_core::roster::State {
        match &self.world.streams[&stream()].state {
            State::Roster(state) => state,
            other => panic!("{other:?}"),
        }
    }

    fn swap(&self, id: &str) -> &Swap {
        &self.roster().swaps[&SwapId::from(id)]
    }

    fn note(&self) -> &HandoffNote {
        self.roster().notes.values().next().unwrap()
    }

    fn on_call_at(&self, at_us: i64) -> Vec<String> {
        let id = ScheduleId::from("duty");
        let config = &self.world.config;
        let at = Timestamp::from_microsecond(at_us).unwrap();
        let answer = on_call(&config.schedules[&id], config.overrides_of(&id), at);
        answer.people.iter().map(ToString::to_string).collect()
    }

    fn ask(&mut self, who: &str, id: &str, span: Span) -> Result<(), Refusal> {
        let ask = Ask {
            id: id.into(),
            person: who.into(),
            span,
            people: Vec::new(),
            in_return: None,
            reason: "a wedding".into(),
        };
        self.run(&as_person(who), Command::AskSwap(Box::new(ask)))
    }

    fn take(&mut self, who: &str, id: &str, span: Option<Span>) -> Result<(), Refusal> {
        let take = Take { id: id.into(), by: who.into(), span };
        self.run(&as_person(who), Command::TakeSwap(take))
    }
}

#[test]
fn whoever_is_asked_is_told_and_whoever_takes_the_shift_has_it() {
    let mut duty = Duty::new(None);
    duty.ask("sol", "swp_1", week(0)).unwrap();
    assert_eq!(
        duty.told_titles(),
        ["sen: Can you take sol's shift on Duty?", "ira: Can you take sol's shift on Duty?"]
    );
    assert_eq!(duty.on_call_at(MONDAY), ["sol"], "an open swap changes nothing");
    duty.take("sen", "swp_1", None).unwrap();
    assert_eq!(duty.on_call_at(MONDAY), ["sen"]);
    assert_eq!(duty.swap("swp_1").state, SwapState::Taken);
    assert_eq!(
        duty.told_titles(),
        ["sol: sen stands in for sol on Duty", "ira: sen stands in for sol on Duty"]
    );
    assert_eq!(duty.take("ira", "swp_1", None).unwrap_err().code, "not_open");
}

#[test]
fn a_shift_is_taken_in_parts_and_the_rest_stays_open() {
    let mut duty = Duty::new(None);
    duty.ask("sol", "swp_1", week(0)).unwrap();
    let middle = Span { start_us: MONDAY + 2 * DAY, end_us: MONDAY + 4 * DAY };
    duty.take("sen", "swp_1", Some(middle)).unwrap();
    assert_eq!(duty.swap("swp_1").state, SwapState::Open);
    let days: Vec<_> = (0..7).flat_map(|day| duty.on_call_at(MONDAY + day * DAY)).collect();
    assert_eq!(days, ["sol", "sol", "sen", "sen", "sol", "sol", "sol"]);
    assert_eq!(duty.take("ira", "swp_1", None).unwrap_err().field, Some("start_us"), "which part?");
    let outside = Span { start_us: MONDAY + 3 * DAY, end_us: MONDAY + 5 * DAY };
    assert_eq!(duty.take("ira", "swp_1", Some(outside)).unwrap_err().field, Some("start_us"));
    let first = Span { start_us: MONDAY, end_us: MONDAY + 2 * DAY };
    duty.take("ira", "swp_1", Some(first)).unwrap();
    let last = Span { start_us: MONDAY + 4 * DAY, end_us: MONDAY + 7 * DAY };
    duty.take("ira", "swp_1", Some(last)).unwrap();
    assert_eq!(duty.swap("swp_1").state, SwapState::Taken);
    assert_eq!(duty.on_call_at(MONDAY), ["ira"]);
}

#[test]
fn a_trade_gives_both_shifts_or_none() {
    let mut duty = Duty::new(None);
    let ask = Ask {
        id: "swp_1".into(),
        person: "sol".into(),
        span: week(0),
        people: Vec::new(),
        in_return: Some(InReturn { schedule: None, span: week(1) }),
        reason: "a wedding".into(),
    };
    duty.run(&as_person("sol"), Command::AskSwap(Box::new(ask))).unwrap();
    assert_eq!(duty.swap("swp_1").asked, [PersonId::from("sen")], "week 1 is sen's");
    assert_eq!(duty.take("ira", "swp_1", None).unwrap_err().code, "not_asked");
    duty.take("sen", "swp_1", None).unwrap();
    assert_eq!(
        (duty.on_call_at(MONDAY), duty.on_call_at(week(1).start_us)),
        (vec!["sen".to_owned()], vec!["sol".to_owned()])
    );
    let part = duty.swap("swp_1").taken[0].in_return.clone().unwrap();
    let remove = Command::RemoveOverride { id: part, schedule: "duty".into() };
    duty.run(&as_person("sol"), remove).unwrap();
    assert_eq!(
        (duty.on_call_at(MONDAY), duty.on_call_at(week(1).start_us)),
        (vec!["sol".to_owned()], vec!["sen".to_owned()])
    );
    assert_eq!(duty.swap("swp_1").state, SwapState::Open, "one half gives back both");
}

#[test]
fn those_who_have_not_answered_are_reminded_and_a_manager_hears_of_it() {
    let mut duty = Duty::new(None);
    duty.ask("sol", "swp_1", week(0)).unwrap();
    duty.told();
    let decline =
        Command::DeclineSwap { id: "swp_1".into(), person: "sen".into(), reason: "away myself".into() };
    duty.run(&as_person("sen"), decline).unwrap();
    duty.until(MONDAY - 7 * DAY - 1);
    assert_eq!(duty.told(), []);
    duty.until(MONDAY - 7 * DAY);
    assert_eq!(duty.told_titles(), ["ira: Still open: can you take sol's shift on Duty?"]);
    duty.until(MONDAY - 3 * DAY);
    assert_eq!(duty.told().len(), 1);
    duty.until(MONDAY - DAY);
    assert_eq!(
        duty.told_titles(),
        ["ira: Still open: can you take sol's shift on Duty?", "mo: Nobody has taken sol's shift on Duty"]
    );
    duty.until(MONDAY - 1);
    assert_eq!(duty.told().len(), 1, "twelve hours before");
    duty.until(MONDAY);
    assert_eq!(duty.told_titles(), ["sol: Nobody took your shift on Duty"]);
    assert_eq!(duty.swap("swp_1").state, SwapState::Expired);
    assert_eq!(duty.on_call_at(MONDAY), ["sol"]);
}

#[test]
fn a_swap_survives_an_edit_of_its_schedule_and_can_be_given_back() {
    let mut duty = Duty::new(None);
    duty.ask("sol", "swp_1", week(0)).unwrap();
    duty.take("sen", "swp_1", None).unwrap();
    let schedule = duty.world.config.schedules.get_mut(&ScheduleId::from("duty")).unwrap();
    schedule.layers[0].name = "renamed".into();
    schedule.layers[0].rotation.participants.swap(1, 2);
    assert_eq!(duty.on_call_at(week(1).start_us), ["ira"], "the edit holds");
    assert_eq!(duty.on_call_at(MONDAY), ["sen"], "and so does the swap");
    let undo = Command::UndoSwap { id: "swp_1".into(), part: None, reason: "I can after all".into() };
    assert_eq!(duty.run(&as_person("ira"), undo.clone()).unwrap_err().code, "not_yours");
    duty.run(&as_person("sol"), undo.clone()).unwrap();
    assert_eq!(duty.swap("swp_1").state, SwapState::Open);
    assert!(duty.world.config.overrides_of(&"duty".into()).is_empty());
    assert_eq!(duty.run(&as_person("sol"), undo).unwrap_err().code, "nothing_to_undo");
}

#[test]
fn a_manager_acts_for_the_sick_and_nobody_else_does() {
    let mut duty = Duty::new(None);
    duty.until(MONDAY + DAY);
    let rest = Span { start_us: MONDAY, end_us: MONDAY + 3 * DAY };
    let over = |by: &str| TakeOver {
        id: "swp_1".into(),
        person: "sol".into(),
        by: by.into(),
        span: rest,
        reason: "sick".into(),
    };
    let refused = duty.run(&as_person("ira"), Command::TakeOver(Box::new(over("sen")))).unwrap_err();
    assert_eq!(refused.code, "not_yours");
    duty.run(&as_person("mo"), Command::TakeOver(Box::new(over("sen")))).unwrap();
    assert_eq!(duty.on_call_at(MONDAY + DAY), ["sen"]);
    assert_eq!(duty.on_call_at(MONDAY + DAY - 1), ["sol"], "what has been stays as it was");
    assert_eq!(
        duty.told_titles(),
        ["sol: sen stands in for sol on Duty", "sen: sen stands in for sol on Duty"]
    );
    let own = Command::TakeOver(Box::new(TakeOver { id: "swp_2".into(), by: "sol".into(), ..over("sol") }));
    assert_eq!(duty.run(&as_person("sol"), own).unwrap_err().field, Some("person_id"));
}

#[test]
fn a_request_names_what_is_wrong_with_it() {
    let mut duty = Duty::new(None);
    let mut field = |who: &str, ask: Ask| {
        duty.run(&as_person(who), Command::AskSwap(Box::new(ask))).unwrap_err().field.unwrap_or_default()
    };
    let in_return = |span: Span| Some(InReturn { schedule: None, span });
    let right = || Ask {
        id: "swp_1".into(),
        person: "sol".into(),
        span: week(0),
        people: Vec::new(),
        in_return: None,
        reason: String::new(),
    };
    assert_eq!(field("sol", Ask { span: week(1), ..right() }), "start_us", "week 1 is sen's");
    let backwards = Span { start_us: MONDAY + 5, end_us: MONDAY };
    assert_eq!(field("sol", Ask { span: backwards, ..right() }), "end_us");
    assert_eq!(field("sol", Ask { span: week(-9), ..right() }), "end_us", "it is over");
    assert_eq!(field("sol", Ask { people: vec!["nobody".into()], ..right() }), "people");
    assert_eq!(field("sol", Ask { people: vec!["sol".into()], ..right() }), "people");
    assert_eq!(
        field("sol", Ask { in_return: in_return(week(3)), ..right() }),
        "in_return",
        "week 3 is sol's own"
    );
    assert_eq!(field("sol", Ask { in_return: in_return(week(0)), ..right() }), "in_return", "it is given");
    let elsewhere = InReturn { schedule: Some("nothing".into()), span: week(1) };
    assert_eq!(field("sol", Ask { in_return: Some(elsewhere), ..right() }), "in_return", "no such schedule");
    duty.ask("sol", "swp_1", week(0)).unwrap();
    assert_eq!(duty.ask("sol", "swp_2", week(0)).unwrap_err().code, "asked_already");
}

#[test]
fn everybody_certified_is_asked_and_nobody_else_stands_in() {
    use decurion_core::org::Certificate;
    let mut duty = Duty::new(None);
    let config = &mut duty.world.config;
    config.schedules.get_mut(&ScheduleId::from("duty")).unwrap().requires = vec!["l1".into()];
    let people = &mut config.organisation.people;
    let certify = |until: Option<&str>| {
        vec![Certificate { id: "l1".into(), until: until.map(|day| day.parse().unwrap()) }]
    };
    people.get_mut(&PersonId::from("may")).unwrap().certified = certify(None);
    people.get_mut(&PersonId::from("sen")).unwrap().certified = certify(Some("2026-10-24"));
    duty.ask("sol", "swp_1", week(0)).unwrap();
    assert_eq!(duty.swap("swp_1").asked, [PersonId::from("may")], "sen's certificate ends within the week");
    let refused = duty.take("ira", "swp_1", None).unwrap_err();
    assert_eq!(refused.field, Some("by_person_id"));
    assert!(refused.message.contains("not certified for `l1`"), "{}", refused.message);
    let before_saturday = Span { start_us: MONDAY, end_us: MONDAY + 5 * DAY };
    duty.take("sen", "swp_1", Some(before_saturday)).unwrap();
    duty.take("may", "swp_1", None).unwrap();
}

fn absence(span: Span) -> Absence {
    Absence {
        id: "abs_1".into(),
        person: "sol".into(),
        start: Timestamp::from_microsecond(span.start_us).unwrap(),
        end: Timestamp::from_microsecond(span.end_us).unwrap(),
        reason: "holiday".into(),
        author: "sol".into(),
    }
}

#[test]
fn a_deputy_stands_in_for_whoever_is_away_and_cover_is_asked_for_every_shift() {
    let mut duty = Duty::new(None);
    let away = Span { start_us: MONDAY, end_us: MONDAY + 28 * DAY };
    let person = StreamId::person(&"sol".into());
    duty.run_on(&as_person("sol"), &person, Command::AddAbsence(Box::new(absence(away)))).unwrap();
    let soc = [Target::Role("soc".into())];
    let reached = |duty: &Duty, at_us| targets::resolve(&duty.world.config, &soc, at_us).people;
    assert_eq!(reached(&duty, MONDAY - 1), [PersonId::from("sol")]);
    assert_eq!(reached(&duty, MONDAY), [PersonId::from("sen")], "the deputy");
    assert_eq!(reached(&duty, away.end_us), [PersonId::from("sol")]);
    let spans: Vec<Span> = duty.roster().swaps.values().map(|swap| swap.span).collect();
    assert!(spans.contains(&week(0)) && spans.contains(&week(3)) && spans.len() == 2, "{spans:?}");
    assert!(duty.roster().swaps.values().all(|swap| swap.actor == "system" && swap.everybody));
    assert_eq!(duty.on_call_at(MONDAY), ["sol"], "until somebody takes it");

    duty.run_on(&Actor::System, &person, Command::Review).unwrap();
    assert_eq!(duty.roster().swaps.len(), 2, "nothing is asked twice");
    let first = duty.roster().swaps.values().find(|swap| swap.span == week(0)).unwrap().id.to_string();
    duty.take("ira", &first, None).unwrap();
    let remove = Command::RemoveAbsence { id: AbsenceId::from("abs_1") };
    duty.run_on(&as_person("sol"), &person, remove).unwrap();
    let states: Vec<SwapState> = duty.roster().swaps.values().map(|swap| swap.state).collect();
    assert!(states.contains(&SwapState::Taken) && states.contains(&SwapState::Withdrawn), "{states:?}");
    assert_eq!(reached(&duty, MONDAY), [PersonId::from("sol")]);
}

#[test]
fn the_shifts_of_a_long_absence_come_into_sight() {
    let mut duty = Duty::new(None);
    let away = Span { start_us: MONDAY, end_us: MONDAY + 200 * DAY };
    let person = StreamId::person(&"sol".into());
    duty.run_on(&as_person("sol"), &person, Command::AddAbsence(Box::new(absence(away)))).unwrap();
    let asked = |duty: &Duty| {
        duty.world.placed.iter().filter(|placed| matches!(placed.record, Record::SwapAsked(_))).count()
    };
    assert_eq!(asked(&duty), 4, "90 days from two weeks before: weeks 0, 3, 6 and 9");
    duty.until(MONDAY + 199 * DAY);
    assert_eq!(asked(&duty), 10, "every third of 28 weeks");
}

#[test]
fn whoever_is_next_is_told_once_and_a_late_node_tells_what_still_matters() {
    let mut duty = Duty::new(Some(Notices::default()));
    assert_eq!(duty.told(), [], "what was due before anybody looked is not said");
    duty.until(MONDAY - 7 * DAY);
    let reminded = |duty: &mut Duty| {
        let told = duty.told_titles();
        told.into_iter().filter(|title| title.contains("next")).collect::<Vec<_>>()
    };
    let both = ["ira: You are next on Duty, in 1 day", "sol: You are next on Duty, in 7 days"];
    assert_eq!(reminded(&mut duty), both);
    duty.until(MONDAY - DAY);
    assert_eq!(reminded(&mut duty), ["sol: You are next on Duty, in 1 day"]);
    duty.until(MONDAY);
    let told = duty.told_titles();
    assert!(told.contains(&"sol: You are on call on Duty".to_owned()), "{told:?}");
    assert!(told.contains(&"ira: Your duty on Duty has ended".to_owned()), "{told:?}");
    assert!(told.contains(&"sen: You are next on Duty, in 7 days".to_owned()), "{told:?}");

    // Nothing runs for almost a week; then everything that was due is looked at in one go.
    duty.world.now_us = week(1).start_us - 3 * HOUR;
    duty.run(&Actor::System, Command::Review).unwrap();
    assert_eq!(duty.told_titles(), ["sen: You are next on Duty, in 3 hours"]);
    duty.run(&Actor::System, Command::Review).unwrap();
    assert_eq!(duty.told(), [], "never twice");
}

#[test]
fn whoever_takes_a_shift_is_not_told_what_they_know() {
    let mut duty = Duty::new(Some(Notices::default()));
    duty.until(MONDAY - 3 * DAY);
    duty.ask("sol", "swp_1", week(0)).unwrap();
    duty.told();
    duty.take("sen", "swp_1", None).unwrap();
    assert!(duty.told_titles().iter().all(|title| !title.contains("next")));
    duty.until(MONDAY - DAY);
    assert_eq!(duty.told_titles(), ["sen: You are next on Duty, in 1 day"]);
}

#[test]
fn a_schedule_without_notices_tells_nobody_and_waits_for_nothing() {
    let mut duty = Duty::new(None);
    assert!(duty.world.streams[&stream()].state.timers().is_empty());
    duty.until(MONDAY + 30 * DAY);
    assert_eq!(duty.told(), []);
    let mut duty = Duty::new(Some(Notices::default()));
    assert_eq!(duty.world.streams[&stream()].state.timers().len(), 1);
    duty.world.config.schedules.get_mut(&ScheduleId::from("duty")).unwrap().notices = None;
    duty.run(&Actor::System, Command::Review).unwrap();
    assert!(duty.world.streams[&stream()].state.timers().is_empty());
}

fn write(text: &str) -> Command {
    let note = WriteNote {
        from: "sol".into(),
        at_us: None,
        text: text.into(),
        watch: vec!["the VPN gateway".into()],
        incidents: Vec::new(),
    };
    Command::WriteNote(Box::new(note))
}

#[test]
fn a_handoff_note_is_written_asked_about_and_accepted() {
    let mut duty = Duty::new(None);
    duty.until(week(1).start_us - 2 * HOUR);
    assert_eq!(duty.run(&as_person("ira"), write("mine")).unwrap_err().code, "not_yours");
    duty.run(&as_person("sol"), write("All quiet.")).unwrap();
    assert_eq!(duty.told_titles(), ["sen: sol wrote you a handoff note, on Duty"]);
    let (id, at_us) = (duty.note().id.clone(), duty.note().at_us);
    assert_eq!((at_us, &duty.note().to), (week(1).start_us, &vec![PersonId::from("sen")]));
    let accept = |id: &HandoffNoteId| Command::AcceptNote { id: id.clone() };
    assert_eq!(duty.run(&as_person("ira"), accept(&id)).unwrap_err().code, "not_yours");
    let ask = Command::AskBack { id: id.clone(), question: "Quiet since when?".into() };
    duty.run(&as_person("sen"), ask).unwrap();
    assert_eq!(duty.told_titles(), ["sol: sen asks about your handoff note, on Duty"]);
    duty.run(&as_person("sol"), write("All quiet since Tuesday.")).unwrap();
    assert_eq!(duty.note().id, id, "it is the same note");
    assert_eq!(duty.note().state, NoteState::Written);
    duty.run(&as_person("sen"), accept(&id)).unwrap();
    assert_eq!(duty.note().state, NoteState::Accepted);
    assert_eq!(duty.run(&as_person("sol"), write("more")).unwrap_err().code, "accepted_already");
    duty.told();
    duty.until(week(1).start_us + 2 * HOUR);
    assert_eq!(duty.told(), [], "what is accepted reminds nobody");
}

#[test]
fn a_note_that_nobody_accepts_reminds_both_sides_an_hour_after_the_handoff() {
    let mut duty = Duty::new(None);
    duty.until(week(1).start_us - 2 * HOUR);
    duty.run(&as_person("sol"), write("All quiet.")).unwrap();
    duty.told();
    duty.until(week(1).start_us + HOUR - 1);
    assert_eq!(duty.told(), []);
    duty.until(week(1).start_us + HOUR);
    let people: Vec<String> = duty.told().into_iter().map(|(person, _, _)| person).collect();
    assert_eq!(people, ["sen", "sol"]);
    duty.until(week(1).start_us + 5 * DAY);
    assert_eq!(duty.told(), [], "once");
}

#[test]
fn a_notice_takes_one_way_and_another_when_that_fails() {
    use decurion_core::notify::{Command, Outcome};
    use decurion_core::org::{Channel, Contact};
    let mut duty = Duty::new(None);
    let sen = duty.world.config.organisation.people.get_mut(&PersonId::from("sen")).unwrap();
    let contact = |id: &str, channel| Contact { id: id.into(), channel, address: "x".into(), enabled: true };
    sen.contacts = vec![contact("push", Channel::Ntfy), contact("mail", Channel::Email)];
    duty.ask("sol", "swp_1", week(0)).unwrap();
    let page = duty.world.pages().iter().find(|page| page.person == "sen".into()).unwrap().id.clone();
    let state = |duty: &Duty| duty.world.pages().into_iter().find(|known| known.id == page).unwrap().clone();
    let before = state(&duty);
    assert_eq!((before.kind, before.notifications.len()), (MessageKind::Notice, 1));
    assert_eq!(before.plan[0].channel, Channel::Email, "the quietest way first");
    let (id, _) = before.notifications.first_key_value().unwrap();
    let report = |id: &decurion_core::id::NotificationId, outcome| Command::Report {
        notification: id.clone(),
        attempt: 1,
        outcome,
    };
    let stream = StreamId::page(&page);
    let failed = Outcome::Failed { answer: "550".into(), permanent: true, retry_after_s: None };
    duty.world.run(&Actor::System, &stream, &report(id, failed).into()).unwrap();
    let second = state(&duty);
    assert_eq!(second.notifications.len(), 2);
    let (id, _) = second.notifications.iter().find(|(other, _)| *other != id).unwrap();
    let delivered = Outcome::Delivered { answer: "ok".into() };
    duty.world.run(&Actor::System, &stream, &report(id, delivered).into()).unwrap();
    assert!(!state(&duty).is_open(), "one message is enough");
}
