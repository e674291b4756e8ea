//! Alerts under a silence: held back, and raised when nothing silences them any more.

use std::cmp::min;

use super::{
    Alert, Around, Command, Held, HeldOn, Opened, Raised, Signal, SignalEffect, SignalReply, State, Worsened,
    case_of, reply, said,
};
use crate::config::Config;
use crate::decide::{Context, Decision, Reply};
use crate::id::AlertId;
use crate::intake::{Action, AlertSeverity, Event, Integration};
use crate::journal::StreamId;
use crate::silence::{Covering, Subject, covering};

/// The silence that holds an alert back from the beginning.
pub(super) fn silence_of<'a>(signal: &Signal, context: Context<'a>) -> Option<Covering<'a>> {
    let subject = Subject::of(&signal.integration, &signal.event, signal.event.severity);
    covering(&context.config.silences, &subject, context.now_us)
}

/// The alert begins, and nobody is paged.
pub(super) fn hold(alert: AlertId, cycle: u32, signal: &Signal, covering: Covering<'_>) -> Decision {
    let opened = Opened {
        alert: alert.clone(),
        cycle,
        incident: None,
        integration: signal.integration.clone(),
        signal: signal.signal.clone(),
        rule: signal.routed.rule.clone(),
        event: signal.event.clone(),
    };
    let Covering { silence, until_us } = covering;
    let held = Held { opened, silence: silence.id.clone(), until_us };
    let reply = SignalReply { alert: Some(alert), incident: None, effect: SignalEffect::Opened };
    Decision { records: vec![held.into()], then: Vec::new(), reply: Reply::Signal(reply) }
}

/// The alert that a command raises, as its sender would say it now: it is held back, the command looks whether
/// it still is, and nothing silences it any more.
pub(crate) fn to_raise(state: &State, command: &Command, context: Context<'_>) -> Option<Box<Signal>> {
    let open = state.open().filter(|open| open.is_held())?;
    let severity = match command {
        Command::Signal(signal) if signal.event.action == Action::Trigger => {
            min(open.severity, signal.event.severity)
        }
        Command::SilenceEnded { .. } => open.severity,
        Command::Signal(_) | Command::Expire { .. } => return None,
    };
    if still_silenced(open, severity, context).is_some() {
        return None;
    }
    Some(said_now(context.config, open, severity))
}

fn still_silenced<'a>(open: &Alert, severity: AlertSeverity, context: Context<'a>) -> Option<Covering<'a>> {
    let subject = Subject::of(&open.opened.integration, &open.opened.event, severity);
    covering(&context.config.silences, &subject, context.now_us)
}

/// What routing makes of a held alert under the configuration in force. An integration that is gone by then
/// takes no alert with it.
fn said_now(config: &Config, open: &Alert, severity: AlertSeverity) -> Box<Signal> {
    let opened = &open.opened;
    let gone = || Integration::gone(&opened.integration, severity);
    let integration = config.integrations.get(&opened.integration).cloned().unwrap_or_else(gone);
    let event = Event { severity, ..opened.event.clone() };
    Box::new(said(config, &integration, opened.signal.clone(), event))
}

/// The silence is over, or may be: another one goes on with it, or the alert is raised.
pub(super) fn ended(
    state: &State,
    stream: &StreamId,
    generation: i64,
    around: &Around,
    context: Context<'_>,
) -> Decision {
    let held = state.open().and_then(|open| Some((open, open.held.as_ref()?)));
    let Some((open, held)) = held.filter(|(_, held)| held.until.generation == generation) else {
        return Decision::default();
    };
    if let Some(raise) = &around.raise {
        return raised(open, stream, raise, around, context);
    }
    let Some(Covering { silence, until_us }) = still_silenced(open, open.severity, context) else {
        return Decision::default();
    };
    if (&silence.id, until_us) == (&held.silence, held.until.due_us) {
        return Decision::default();
    }
    let (alert, silence) = (open.opened.alert.clone(), silence.id.clone());
    Decision { records: vec![HeldOn { alert, silence, until_us }.into()], ..Decision::default() }
}

/// A held alert was sent again: counted, and raised where the silence is not about it any more.
pub(super) fn repeat(
    open: &Alert,
    stream: &StreamId,
    sent: &Signal,
    around: &Around,
    context: Context<'_>,
) -> Decision {
    let alert = open.opened.alert.clone();
    let severity = sent.event.severity;
    let worse = severity < open.severity;
    let effect = if worse { SignalEffect::Worsened } else { SignalEffect::Repeated };
    let mut decision = match &around.raise {
        Some(raise) => raised(open, stream, raise, around, context),
        None => Decision::default(),
    };
    if worse {
        decision.records.insert(0, Worsened { alert: alert.clone(), severity }.into());
    }
    let incident = around.raise.as_ref().map(|_| around.case(stream, open.opened.cycle, context.now_us));
    Decision { reply: reply(Some(alert), incident, effect).reply, ..decision }
}

fn raised(
    open: &Alert,
    stream: &StreamId,
    raise: &Signal,
    around: &Around,
    context: Context<'_>,
) -> Decision {
    let opened = &open.opened;
    let (incident, then) = case_of(raise, &opened.alert, (stream, opened.cycle), around, context.now_us);
    let raised = Raised { alert: opened.alert.clone(), incident, rule: raise.routed.rule.clone() };
    Decision { records: vec![raised.into()], then, reply: Reply::Done }
}
