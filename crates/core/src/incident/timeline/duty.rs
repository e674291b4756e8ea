//! Sentences about swaps, absences, handoff notes, accepted findings and reminders.

use crate::incident::timeline::Sentence;
use crate::incident::timeline::words::Words;
use crate::record::Record;
use crate::roster::Span;

/// The sentence of such a record; none for another.
pub(super) fn sentence(words: &Words<'_>, record: &Record, actor: &str) -> Option<Sentence> {
    let who = || words.actor(actor);
    let span = |span: &Span| format!("{} to {}", words.date(span.start_us), words.date(span.end_us));
    Some(match record {
        Record::SwapAsked(asked) => {
            let name = words.name(&asked.person);
            let text = if asked.take_over {
                format!("{name}'s shift on {} is taken over, {}", asked.schedule, span(&asked.span))
            } else {
                format!(
                    "{} asked for a stand-in for {name} on {}, {}",
                    who(),
                    asked.schedule,
                    span(&asked.span)
                )
            };
            Sentence::new(text).detail(asked.reason.clone())
        }
        Record::SwapTaken(taken) => {
            Sentence::new(format!("{} stands in, {}", words.name(&taken.by), span(&taken.span)))
        }
        Record::SwapDeclined(declined) => {
            Sentence::new(format!("{} cannot stand in", words.name(&declined.person)))
                .detail(declined.reason.clone())
        }
        Record::SwapWithdrawn(withdrawn) => {
            Sentence::new(format!("{} asks for no stand-in any more", who())).detail(withdrawn.reason.clone())
        }
        Record::SwapUndone(undone) => {
            Sentence::new(format!("{} gave a shift back", who())).detail(undone.reason.clone())
        }
        Record::SwapReminded(reminded) => {
            Sentence::new(format!("{} are asked again to stand in", words.names(&reminded.people)))
        }
        Record::SwapUncoveredTold(told) => {
            let names = words.names(&told.people);
            Sentence::new(format!("Nobody has taken the shift a day before; told: {names}"))
        }
        Record::SwapExpired(_) => Sentence::new("The shift began, and nobody stood in for all of it"),
        Record::DutyWatched(_) => Sentence::new("Whose duty begins or ends was looked at"),
        Record::HandoffNoteWritten(written) => {
            let (from, to) = (words.name(&written.from), words.names(&written.to));
            Sentence::new(format!("{from} wrote a handoff note to {to} on {}", written.schedule))
                .detail(written.text.clone())
        }
        Record::HandoffNoteAccepted(accepted) => {
            Sentence::new(format!("{} accepted the handoff note", words.name(&accepted.by)))
        }
        Record::HandoffNoteAskedBack(asked) => {
            Sentence::new(format!("{} asked back about the handoff note", words.name(&asked.by)))
                .detail(asked.question.clone())
        }
        Record::HandoffNoteReminded(_) => {
            Sentence::new("Nobody accepted the handoff note within an hour; both sides are told")
        }
        Record::AbsenceAdded(added) => {
            let absence = &added.absence;
            let away = span(&absence.span());
            Sentence::new(format!("{} is away, {away}", words.name(&absence.person)))
                .detail(absence.reason.clone())
        }
        Record::AbsenceRemoved(_) => Sentence::new(format!("{} took an absence back", who())),
        Record::AbsenceReviewed(reviewed) => {
            Sentence::new(format!("Cover was looked for until {}", words.date(reviewed.until_us)))
        }
        Record::NoticeDecided(decided) => {
            Sentence::new(format!("{} is told: {}", words.name(&decided.person), decided.notice.title))
                .detail(decided.notice.text.clone())
        }
        other => return of_acceptance(words, other, &who()),
    })
}

fn of_acceptance(words: &Words<'_>, record: &Record, who: &str) -> Option<Sentence> {
    match record {
        Record::FindingAccepted(accepted) => {
            let finding = &accepted.acceptance.finding;
            let until = words.date(finding.until.as_microsecond());
            let text = format!("{who} accepted {} until {until}", finding.key);
            Some(Sentence::new(text).detail(finding.reason.clone()))
        }
        Record::AcceptanceRevoked(revoked) => {
            Some(Sentence::new(format!("{who} revoked the acceptance of {}", revoked.key)))
        }
        _ => None,
    }
}
