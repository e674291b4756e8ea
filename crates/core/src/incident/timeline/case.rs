//! Sentences about the case itself.

use crate::incident::timeline::Sentence;
use crate::incident::timeline::words::{self, Words};
use crate::incident::view::cause_text;
use crate::incident::{Acknowledged, Classified, LowerRequested, Lowered, Opened, Resolved, StepStarted};
use crate::record::Record;

/// The sentence of a record of an incident's stream; none for another record.
pub(super) fn sentence(words: &Words<'_>, record: &Record, actor: &str) -> Option<Sentence> {
    let who = || words.actor(actor);
    Some(match record {
        Record::IncidentOpened(opened) => opened_text(words, opened, actor),
        Record::IncidentAlertAttached(attached) => {
            Sentence::new(format!("Alert attached: {}", attached.alert.title))
        }
        Record::IncidentAlertEnded(_) => Sentence::new("An alert of the case ended"),
        Record::IncidentClassified(classified) => classified_text(words, classified, actor),
        Record::IncidentLevelEngaged(engaged) => {
            let cause = cause_text(words.config, &engaged.cause);
            Sentence::new(format!("{} is engaged", engaged.level)).detail(cause).at(engaged.level)
        }
        Record::IncidentStepStarted(step) => step_text(words, step),
        Record::IncidentStepSilent(silent) => {
            let text = format!("No answer from {} at {}", words.names(&silent.people), silent.level);
            Sentence::new(text).at(silent.level)
        }
        Record::IncidentTold(told) => {
            let text = format!("Told {} at {}", words.paged(&told.pages), told.level);
            Sentence::new(text).detail(told.holes.join("; ")).at(told.level)
        }
        Record::IncidentPageUnreachable(page) => {
            let text = format!("{} cannot be reached: no contact method works", words.name(&page.person));
            Sentence::new(text).at(page.level)
        }
        Record::IncidentRepeatDue(due) => match due.at_us {
            Some(at_us) => Sentence::new("Nobody on the ladder has answered")
                .detail(format!("it begins again at {}", words.instant(at_us))),
            None => Sentence::new("The ladder begins again"),
        },
        Record::IncidentAcknowledged(acknowledged) => acknowledged_text(words, acknowledged),
        Record::IncidentAcknowledgementExpired(expired) => {
            Sentence::new(format!("The acknowledgement ran out: {} is paged again", expired.level))
                .at(expired.level)
        }
        Record::IncidentRaised(raised) => {
            Sentence::new(format!("{} raised the case to {}", who(), raised.level))
                .reason(raised.reason.as_ref())
                .at(raised.level)
        }
        Record::IncidentLowerRequested(asked) => lower_requested_text(words, asked),
        Record::IncidentLowerLapsed(_) => {
            Sentence::new("The request to lower the case lapsed: no second person consented")
        }
        Record::IncidentLowered(lowered) => lowered_text(words, lowered),
        Record::IncidentSnoozed(snoozed) => {
            Sentence::new(format!("{} lets the case rest until {}", who(), words.instant(snoozed.until_us)))
        }
        Record::IncidentSnoozeEnded(ended) => {
            Sentence::new(format!("The rest is over: {} is paged again", ended.level)).at(ended.level)
        }
        Record::IncidentReassigned(asked) => {
            let name = words.name(&asked.page.person);
            let text = format!("{} asked {name} to take the case", who());
            Sentence::new(text).reason(asked.reason.as_ref()).at(asked.level)
        }
        Record::IncidentNoted(noted) => Sentence::new(format!("{} noted", who())).detail(noted.text.clone()),
        Record::IncidentLinked(linked) => {
            Sentence::new(format!("{} linked {}", who(), linked.text)).detail(linked.href.clone())
        }
        Record::IncidentResolved(resolved) => resolved_text(words, resolved, actor),
        _ => return None,
    })
}

fn opened_text(words: &Words<'_>, opened: &Opened, actor: &str) -> Sentence {
    let mut what = vec![opened.severity.to_string()];
    what.extend(opened.customer_facing.then(|| "customer-facing".to_owned()));
    what.extend(opened.company_wide.then(|| "company-wide".to_owned()));
    let what = what.join(", ");
    let text = match &opened.integration {
        Some(integration) => format!("Opened as {what} from {integration}"),
        None => format!("{} declared the case as {what}", words.actor(actor)),
    };
    Sentence::new(text).detail(opened.title.clone()).of(Some(opened.severity))
}

fn classified_text(words: &Words<'_>, classified: &Classified, actor: &str) -> Sentence {
    let flag = |name: &str, set: Option<bool>| {
        set.map(|set| if set { name.to_owned() } else { format!("not {name}") })
    };
    let mut said: Vec<String> = classified.severity.iter().map(ToString::to_string).collect();
    said.extend(flag("customer-facing", classified.customer_facing));
    said.extend(flag("company-wide", classified.company_wide));
    said.extend(classified.disposition.map(|found| words::disposition(found).to_owned()));
    said.extend(flag("contained", classified.contained));
    said.extend(classified.facts.iter().map(|(name, value)| format!("{name} = {value}")));
    let said = said.join(", ");
    let text = match (classified.by_person, said.is_empty()) {
        (_, true) => "The time box is over; no level is above".to_owned(),
        (true, false) => format!("{} classified the case: {said}", words.actor(actor)),
        (false, false) => format!("The alerts make it {said}"),
    };
    Sentence::new(text).reason(classified.reason.as_ref()).of(classified.severity)
}

fn step_text(words: &Words<'_>, step: &StepStarted) -> Sentence {
    let place = format!("{}, step {}", step.level, step.step + 1);
    let holes = step.holes.join("; ");
    let Some(deadline_us) = step.deadline_us.filter(|_| !step.pages.is_empty()) else {
        return Sentence::new(format!("{place} reaches nobody")).detail(holes).at(step.level);
    };
    let again = if step.round > 1 { " again" } else { "" };
    let until = format!("an answer is awaited until {}", words.instant(deadline_us));
    let detail = if holes.is_empty() { until } else { format!("{until}; {holes}") };
    Sentence::new(format!("Paged {}{again} at {place}", words.paged(&step.pages)))
        .detail(detail)
        .at(step.level)
}

fn lower_requested_text(words: &Words<'_>, asked: &LowerRequested) -> Sentence {
    let until = words.instant(asked.until_us);
    let text = format!("{} asks to lower the case to {} until {until}", words.name(&asked.by), asked.to);
    Sentence::new(text).detail(asked.reason.clone()).at(asked.to)
}

fn lowered_text(words: &Words<'_>, lowered: &Lowered) -> Sentence {
    let (by, consent) = (words.name(&lowered.by), words.name(&lowered.consent));
    let text = format!("Lowered to {} by {by} with the consent of {consent}", lowered.to);
    Sentence::new(text).detail(lowered.reason.clone()).at(lowered.to)
}

fn acknowledged_text(words: &Words<'_>, acknowledged: &Acknowledged) -> Sentence {
    let name = acknowledged.person.as_ref().map_or_else(
        || acknowledged.name.as_deref().map_or_else(|| "The sender".to_owned(), |name| words.actor(name)),
        |person| words.name(person),
    );
    let holds = if acknowledged.holds { " and holds the case" } else { "" };
    Sentence::new(format!("{name} acknowledged{holds}"))
        .detail(words::via(&acknowledged.via))
        .at(acknowledged.level)
}

fn resolved_text(words: &Words<'_>, resolved: &Resolved, actor: &str) -> Sentence {
    let what = words::disposition(resolved.disposition);
    let text = if resolved.by_source {
        "Resolved: every alert has ended".to_owned()
    } else {
        format!("{} resolved the case: {what}", words.actor(actor))
    };
    Sentence::new(text).reason(resolved.reason.as_ref())
}
