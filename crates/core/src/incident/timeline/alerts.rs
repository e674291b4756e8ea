//! Sentences about alerts, schedules and the configuration.

use crate::alert::Ended;
use crate::incident::timeline::Sentence;
use crate::incident::timeline::words::Words;
use crate::record::Record;

/// The sentence of such a record; none for another.
pub(super) fn sentence(words: &Words<'_>, record: &Record, actor: &str) -> Option<Sentence> {
    let who = || words.actor(actor);
    Some(match record {
        Record::AlertOpened(opened) => {
            let source = &opened.event.source;
            let rule = opened.rule.as_ref().map(|rule| format!("; rule {rule}")).unwrap_or_default();
            Sentence::new(format!("Alert: {}", opened.event.title))
                .detail(format!("{} from {source}{rule}", opened.event.severity.as_str()))
        }
        Record::AlertHeld(held) => {
            let until = words.instant(held.until_us);
            Sentence::new(format!("Alert, held back: {}", held.opened.event.title))
                .detail(format!("The silence {} holds until {until}", held.silence))
        }
        Record::AlertHeldOn(on) => {
            let until = words.instant(on.until_us);
            Sentence::new(format!("The alert is still held back, until {until}"))
                .detail(format!("The silence {}", on.silence))
        }
        Record::AlertRaised(_) => Sentence::new("The alert is raised: nothing silences it any more"),
        Record::SilenceAdded(added) => {
            let until = words.instant(added.silence.end_us);
            let what = if added.silence.repeat.is_some() { "maintenance window" } else { "silence" };
            Sentence::new(format!("{} made the {what} {}, until {until}", who(), added.silence.id))
                .detail(added.silence.reason.clone())
        }
        Record::SilenceExpired(expired) => {
            Sentence::new(format!("{} ended the silence {}", who(), expired.id))
        }
        Record::AlertWorsened(worsened) => {
            Sentence::new(format!("The alert got worse: {}", worsened.severity.as_str()))
        }
        Record::AlertAcknowledged(_) => Sentence::new("The sender acknowledged the alert"),
        Record::AlertExtended(extended) => {
            let until = words.instant(extended.expires_at_us);
            Sentence::new(format!("The sender goes on with the alert; without it, the alert ends at {until}"))
        }
        Record::AlertResolved(resolved) => Sentence::new(match resolved.by {
            Ended::Source => "The sender ended the alert",
            Ended::Timeout => "The alert ended: the sender stopped sending it",
        }),
        Record::OverrideAdded(added) => {
            Sentence::new(format!("{} changed the schedule {}", who(), added.entry.schedule))
                .detail(added.entry.reason.clone())
        }
        Record::OverrideRemoved(removed) => {
            Sentence::new(format!("{} took back a change of the schedule {}", who(), removed.schedule))
        }
        Record::PackApplied(applied) => Sentence::new(format!(
            "{} applied version {} of the configuration",
            applied.author, applied.version
        ))
        .detail(applied.reason.clone()),
        Record::IntegrationCreated(created) => {
            Sentence::new(format!("{} made the integration {}", who(), created.name))
        }
        Record::IntegrationChanged(changed) => {
            Sentence::new(format!("{} changed the integration {}", who(), changed.id))
                .detail(changed.change.clone())
        }
        Record::IntegrationRemoved(removed) => {
            Sentence::new(format!("{} removed the integration {}", who(), removed.id))
        }
        _ => return of_source(words, record),
    })
}

/// The sentence of a source that must be heard from.
fn of_source(words: &Words<'_>, record: &Record) -> Option<Sentence> {
    Some(match record {
        Record::SourceWatched(watched) => Sentence::new(format!(
            "The source {} must be heard from, first by {}",
            watched.integration,
            words.instant(watched.due_us)
        )),
        Record::SourceUnwatched(unwatched) => {
            Sentence::new(format!("The source {} may be quiet", unwatched.integration))
        }
        Record::SourceQuiet(quiet) => {
            let heard = quiet.heard_us.map(|at_us| format!("It was last heard at {}", words.instant(at_us)));
            Sentence::new(format!("Nothing was heard from the source {} for too long", quiet.integration))
                .detail(heard.unwrap_or_else(|| "It has never been heard".to_owned()))
        }
        Record::SourceHeard(heard) => {
            Sentence::new(format!("The source {} was heard from", heard.integration))
        }
        _ => return None,
    })
}
