//! The door for signals: what a sender said is committed before the sender is answered.

use decurion_core::access::{Actor, Permit};
use decurion_core::alert;
use decurion_core::decide::Command;
use decurion_core::id::{IncidentId, IntegrationId, SignalId, derive};
use decurion_core::incident;
use decurion_core::intake::{self, Event, IntakeError, IntakeErrorKind, Integration, IntegrationKind};
use decurion_core::journal::StreamId;
use decurion_store::{SignalBody, SignalRow};

use crate::counters::Counters;
use crate::writer::Extra;
use crate::{Engine, EngineError, IntakeFailure};

/// A body as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub body: Vec<u8>,
    pub content_type: String,
}

/// A body that was kept and is tried again.
#[derive(Debug, Clone, Copy)]
pub struct Replay<'a> {
    pub permit: &'a Permit,
    /// When the body arrived: trying it again does not make its sender heard now.
    pub received_us: i64,
}

/// What a sender wrote about one of its alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The alert.
    pub alert: String,
    /// Its incident, where the words become a note.
    pub incident: Option<IncidentId>,
    /// At most 20,000 characters.
    pub text: String,
}

/// A body that was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub signal: SignalId,
    /// One for each event that concerns an alert, in the order of the body.
    pub alerts: Vec<String>,
    /// The key of each event, in the order of the body.
    pub dedup_keys: Vec<String>,
}

impl Engine {
    /// A new id for something that arrives now.
    pub fn signal_id(&self) -> SignalId {
        let random: [u8; 16] = rand::random();
        SignalId::new(derive("sig", self.now_us(), &[&hex::encode(random)]))
    }

    /// Takes a body: interprets it, decides, and commits before it answers.
    ///
    /// A body of an interpretable format that cannot be interpreted is kept, and the failure names what was
    /// kept. [`IntakeFailure::Unavailable`] means that nothing was kept and the sender must try again.
    pub async fn intake(
        &self,
        integration: &IntegrationId,
        received: Received,
    ) -> Result<Accepted, IntakeFailure> {
        let integration = self.integration(integration).ok_or(EngineError::NotFound("integration"));
        let integration = integration.map_err(IntakeFailure::Unavailable)?;
        self.intake_named(&integration, self.signal_id(), received).await
    }

    /// As [`Engine::intake`], of a signal whose id the sender's own name for it gives.
    pub async fn intake_named(
        &self,
        integration: &Integration,
        signal: SignalId,
        received: Received,
    ) -> Result<Accepted, IntakeFailure> {
        let (interpreted, received) = self.interpret(integration, &signal, received).await?;
        self.accept(integration, signal, received, interpreted, None).await
    }

    /// Keeps a body that is no alert, with what becomes of it: `outcome` as in [`SignalRow`], and why.
    pub async fn keep(
        &self,
        integration: &Integration,
        signal: &SignalId,
        received: &Received,
        (outcome, reason): (&str, String),
    ) -> Result<(), EngineError> {
        Counters::add(&self.counters().signals, 1);
        let row = self.signal_row(integration, signal, received, None);
        self.note(integration, SignalRow { outcome: outcome.to_owned(), reason: Some(reason), ..row }).await
    }

    /// Writes anew what became of a body that is kept.
    pub async fn note(&self, integration: &Integration, row: SignalRow) -> Result<(), EngineError> {
        let extra = Extra { signal: Some(row), keep_signal: true, ..Extra::default() };
        self.job(sender(integration), Vec::new(), None, extra).await.map(drop)
    }

    /// Expressions of people may take their time; they run beside the threads that serve.
    async fn interpret(
        &self,
        integration: &Integration,
        signal: &SignalId,
        received: Received,
    ) -> Result<(Result<Vec<Event>, IntakeError>, Received), IntakeFailure> {
        let now_us = self.now_us();
        if !integration.kind.takes_mapping() {
            let events = intake::interpret(integration, signal.as_str(), &received.body, now_us);
            return Ok((events, received));
        }
        let (integration, signal) = (integration.clone(), signal.clone());
        tokio::task::spawn_blocking(move || {
            (intake::interpret(&integration, signal.as_str(), &received.body, now_us), received)
        })
        .await
        .map_err(|error| IntakeFailure::Unavailable(EngineError::Store(error.to_string())))
    }

    /// Takes a body that was interpreted already.
    ///
    /// With `replayed` it is a kept body; what became of it is written over.
    pub async fn accept(
        &self,
        integration: &Integration,
        signal: SignalId,
        received: Received,
        interpreted: Result<Vec<Event>, IntakeError>,
        replayed: Option<Replay<'_>>,
    ) -> Result<Accepted, IntakeFailure> {
        let actor = replayed.map_or_else(|| sender(integration), |replay| replay.permit.actor().clone());
        Counters::add(&self.counters().signals, 1);
        let (events, error) = match interpreted {
            Ok(events) => (events, None),
            Err(mut error) => (std::mem::take(&mut error.partial), Some(error)),
        };
        let mut row = self.signal_row(integration, &signal, &received, error.as_ref());
        let heard = match replayed {
            Some(replay) => {
                row.received_us = replay.received_us;
                None
            }
            None => crate::sources::heard(integration),
        };
        let dedup_keys = events.iter().map(|event| event.dedup_key.clone()).collect();
        if error
            .as_ref()
            .is_some_and(|error| error.kind != IntakeErrorKind::Uninterpretable && events.is_empty())
        {
            return Err(refused(signal, error));
        }
        // A delivery of SNS is known again by its signal, so that one stays even where it only repeats.
        let keep = error.is_some() || integration.kind == IntegrationKind::AwsSns;
        let alerts = self
            .commit_events(actor, integration, row, events, heard, keep)
            .await
            .map_err(IntakeFailure::Unavailable)?;
        match error {
            None => Ok(Accepted { signal, alerts, dedup_keys }),
            Some(error) => {
                Counters::add(&self.counters().signals_uninterpretable, 1);
                Err(IntakeFailure::Uninterpretable { signal, error })
            }
        }
    }

    async fn commit_events(
        &self,
        actor: Actor,
        integration: &Integration,
        signal: SignalRow,
        events: Vec<Event>,
        heard: Option<(StreamId, Command)>,
        keep_signal: bool,
    ) -> Result<Vec<String>, EngineError> {
        // Beats come for ever and all say the same.
        let keep_signal =
            keep_signal || (events.is_empty() && integration.kind != IntegrationKind::Heartbeat);
        let mut commands = self.commands(integration, &signal, events);
        // Last, as the answers to events are told by their order.
        commands.extend(heard);
        let extra = Extra { signal: Some(signal), keep_signal, ..Extra::default() };
        let done = self.job(actor, commands, None, extra).await?;
        Ok(done.alerts)
    }

    fn commands(
        &self,
        integration: &Integration,
        signal: &SignalRow,
        events: Vec<Event>,
    ) -> Vec<(StreamId, Command)> {
        let config = self.config();
        let id = SignalId::new(signal.id.clone());
        let command = |event| {
            let (stream, command) = alert::signal(&config, integration, id.clone(), event);
            (stream, command.into())
        };
        events.into_iter().map(command).collect()
    }

    /// Takes what a sender asks of one alert that may be there, with its words about it, in one commit. The
    /// body is kept whatever becomes of it.
    pub async fn accept_about(
        &self,
        integration: &Integration,
        signal: SignalId,
        received: Received,
        event: Option<Event>,
        remark: Option<Remark>,
    ) -> Result<Accepted, IntakeFailure> {
        Counters::add(&self.counters().signals, 1);
        let mut row = self.signal_row(integration, &signal, &received, None);
        let dedup_keys = event.iter().map(|event| event.dedup_key.clone()).collect();
        let is_remark_only = event.is_none();
        let mut commands = self.commands(integration, &row, event.into_iter().collect());
        if let Some(remark) = remark {
            // The alert of an event is added with what the event led to.
            if is_remark_only {
                row.alert_ids.push(remark.alert);
            }
            if let Some(incident) = remark.incident {
                let note = incident::Command::Note { text: remark.text };
                commands.push((StreamId::incident(&incident), note.into()));
            }
        }
        commands.extend(crate::sources::heard(integration));
        let alerts = row.alert_ids.clone();
        let extra = Extra { signal: Some(row), keep_signal: true, ..Extra::default() };
        let done = self.job(sender(integration), commands, None, extra).await;
        let done = done.map_err(IntakeFailure::Unavailable)?;
        Ok(Accepted { signal, alerts: [alerts, done.alerts].concat(), dedup_keys })
    }

    fn signal_row(
        &self,
        integration: &Integration,
        signal: &SignalId,
        received: &Received,
        error: Option<&IntakeError>,
    ) -> SignalRow {
        let body = SignalBody::from(received.body.as_slice());
        SignalRow {
            id: signal.to_string(),
            integration_id: integration.id.to_string(),
            received_us: self.now_us(),
            content_type: received.content_type.clone(),
            body: body.body,
            body_base64: body.body_base64,
            body_bytes: body.body_bytes,
            outcome: if error.is_some() { "uninterpretable" } else { "interpreted" }.to_owned(),
            reason: error.map(ToString::to_string),
            field: error.and_then(|error| error.field.clone()),
            alert_ids: Vec::new(),
        }
    }

    /// Tries a kept body again, with the mapping as it is now.
    pub async fn replay_signal(&self, permit: &Permit, id: &SignalId) -> Result<Accepted, IntakeFailure> {
        let row = self.store().signal_get(id.as_str(), permit).await;
        let row = row.map_err(|error| IntakeFailure::Unavailable(error.into()))?;
        let row = row.ok_or(IntakeFailure::Unavailable(EngineError::NotFound("signal")))?;
        let integration = self.integration(&row.integration_id.as_str().into());
        let integration =
            integration.ok_or(IntakeFailure::Unavailable(EngineError::NotFound("integration")))?;
        let received = Received { body: row.body_as_sent(), content_type: row.content_type.clone() };
        let (interpreted, received) = self.interpret(&integration, id, received).await?;
        let replay = Replay { permit, received_us: row.received_us };
        self.accept(&integration, id.clone(), received, interpreted, Some(replay)).await
    }
}

fn sender(integration: &Integration) -> Actor {
    Actor::Integration { id: integration.id.to_string() }
}

/// The sender is told, and nothing of the body is worth keeping: it is not of the format at all.
fn refused(signal: SignalId, error: Option<IntakeError>) -> IntakeFailure {
    match error {
        Some(error) => IntakeFailure::Uninterpretable { signal, error },
        None => IntakeFailure::Unavailable(EngineError::Busy),
    }
}
