//! Everything that can happen, as the journal keeps it.
//!
//! A record's kind names its stream's feature and the event (`incident.acknowledged`); its payload is JSON.
//! To add one: a struct in the feature's `record.rs`, a line below, an arm in the feature's `apply`, a
//! sentence in the timeline. Kinds and fields are for ever: a changed meaning is a new kind.

use serde::{Deserialize, Serialize};

use crate::{alert, escalation, feed, grouping, incident, notify, roster, silence, source, verification};

/// A payload that does not fit its kind: the journal was written by another product, or by a newer version.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("no record kind `{0}` is known")]
    UnknownKind(String),
    #[error("the payload of a `{kind}` record does not fit: {source}")]
    Payload { kind: String, source: serde_json::Error },
}

macro_rules! records {
    ($($variant:ident($payload:ty) = $kind:literal,)+) => {
        /// One thing that happened.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Record {
            $($variant($payload),)+
        }

        impl Record {
            /// Every kind that can be written.
            pub const KINDS: &[&str] = &[$($kind,)+];

            /// The kind, as the journal names it.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)+ }
            }

            /// The payload as JSON text.
            pub fn encode(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$variant(payload) => serde_json::to_string(payload),)+ }
            }

            /// Reads a record back.
            pub fn decode(kind: &str, payload: &str) -> Result<Self, DecodeError> {
                let fit = |source| DecodeError::Payload { kind: kind.to_owned(), source };
                match kind {
                    $($kind => serde_json::from_str(payload).map(Self::$variant).map_err(fit),)+
                    other => Err(DecodeError::UnknownKind(other.to_owned())),
                }
            }
        }

        $(impl From<$payload> for Record {
            fn from(payload: $payload) -> Self {
                Self::$variant(payload)
            }
        })+
    };
}

records! {
    AlertOpened(alert::Opened) = "alert.opened",
    AlertHeld(alert::Held) = "alert.held",
    AlertHeldOn(alert::HeldOn) = "alert.held_on",
    AlertRaised(alert::Raised) = "alert.raised",
    AlertWorsened(alert::Worsened) = "alert.worsened",
    AlertAcknowledged(alert::Acknowledged) = "alert.acknowledged",
    AlertExtended(alert::Extended) = "alert.extended",
    AlertResolved(alert::Resolved) = "alert.resolved",
    GroupingClaimed(grouping::Claimed) = "grouping.claimed",
    GroupingReleased(grouping::Released) = "grouping.released",
    IncidentOpened(incident::Opened) = "incident.opened",
    IncidentAlertAttached(incident::AlertAttached) = "incident.alert_attached",
    IncidentAlertEnded(incident::AlertEnded) = "incident.alert_ended",
    IncidentClassified(incident::Classified) = "incident.classified",
    IncidentLevelEngaged(incident::LevelEngaged) = "incident.level_engaged",
    IncidentStepStarted(incident::StepStarted) = "incident.step_started",
    IncidentStepSilent(incident::StepSilent) = "incident.step_silent",
    IncidentTold(incident::Told) = "incident.told",
    IncidentPageUnreachable(incident::PageUnreachable) = "incident.page_unreachable",
    IncidentRepeatDue(incident::RepeatDue) = "incident.repeat_due",
    IncidentAcknowledged(incident::Acknowledged) = "incident.acknowledged",
    IncidentAcknowledgementExpired(incident::AcknowledgementExpired) = "incident.acknowledgement_expired",
    IncidentRaised(incident::Raised) = "incident.raised",
    IncidentLowerRequested(incident::LowerRequested) = "incident.lower_requested",
    IncidentLowerLapsed(incident::LowerLapsed) = "incident.lower_lapsed",
    IncidentLowered(incident::Lowered) = "incident.lowered",
    IncidentSnoozed(incident::Snoozed) = "incident.snoozed",
    IncidentSnoozeEnded(incident::SnoozeEnded) = "incident.snooze_ended",
    IncidentReassigned(incident::Reassigned) = "incident.reassigned",
    IncidentNoted(incident::Noted) = "incident.noted",
    IncidentLinked(incident::Linked) = "incident.linked",
    IncidentResolved(incident::Resolved) = "incident.resolved",
    PageDecided(notify::PageDecided) = "page.decided",
    NoticeDecided(notify::NoticeDecided) = "page.notice_decided",
    NotificationDecided(notify::NotificationDecided) = "page.notification_decided",
    NotificationDelivered(notify::NotificationDelivered) = "page.notification_delivered",
    NotificationSent(notify::NotificationSent) = "page.notification_sent",
    NotificationFailed(notify::NotificationFailed) = "page.notification_failed",
    PageAnswered(notify::PageAnswered) = "page.answered",
    PageSuperseded(notify::PageSuperseded) = "page.superseded",
    PageGivenUp(notify::PageGivenUp) = "page.given_up",
    TurnTaken(escalation::turns::TurnTaken) = "policy.turn_taken",
    OverrideAdded(roster::OverrideAdded) = "schedule.override_added",
    OverrideRemoved(roster::OverrideRemoved) = "schedule.override_removed",
    ContactCodeAsked(verification::CodeAsked) = "contact.code_asked",
    ContactCodeWrong(verification::CodeWrong) = "contact.code_wrong",
    ContactVerified(verification::Verified) = "contact.verified",
    FeedCreated(feed::Created) = "feed.created",
    FeedRevoked(feed::Revoked) = "feed.revoked",
    SwapAsked(roster::SwapAsked) = "schedule.swap_asked",
    SwapTaken(roster::SwapTaken) = "schedule.swap_taken",
    SwapDeclined(roster::SwapDeclined) = "schedule.swap_declined",
    SwapWithdrawn(roster::SwapWithdrawn) = "schedule.swap_withdrawn",
    SwapUndone(roster::SwapUndone) = "schedule.swap_undone",
    SwapReminded(roster::SwapReminded) = "schedule.swap_reminded",
    SwapUncoveredTold(roster::SwapUncoveredTold) = "schedule.swap_uncovered_told",
    SwapExpired(roster::SwapExpired) = "schedule.swap_expired",
    DutyWatched(roster::DutyWatched) = "schedule.duty_watched",
    HandoffNoteWritten(roster::HandoffNoteWritten) = "schedule.handoff_note_written",
    HandoffNoteAccepted(roster::HandoffNoteAccepted) = "schedule.handoff_note_accepted",
    HandoffNoteAskedBack(roster::HandoffNoteAskedBack) = "schedule.handoff_note_asked_back",
    HandoffNoteReminded(roster::HandoffNoteReminded) = "schedule.handoff_note_reminded",
    AbsenceAdded(roster::AbsenceAdded) = "person.absence_added",
    AbsenceRemoved(roster::AbsenceRemoved) = "person.absence_removed",
    AbsenceReviewed(roster::AbsenceReviewed) = "person.absence_reviewed",
    PackApplied(roster::PackApplied) = "config.pack_applied",
    IntegrationCreated(roster::IntegrationCreated) = "config.integration_created",
    IntegrationChanged(roster::IntegrationChanged) = "config.integration_changed",
    IntegrationRemoved(roster::IntegrationRemoved) = "config.integration_removed",
    FindingAccepted(roster::FindingAccepted) = "config.finding_accepted",
    AcceptanceRevoked(roster::AcceptanceRevoked) = "config.acceptance_revoked",
    SilenceAdded(silence::SilenceAdded) = "silence.added",
    SilenceExpired(silence::SilenceExpired) = "silence.expired",
    SourceWatched(source::Watched) = "source.watched",
    SourceUnwatched(source::Unwatched) = "source.unwatched",
    SourceQuiet(source::Quiet) = "source.quiet",
    SourceHeard(source::Heard) = "source.heard",
}

/// A moment at which something is due, with the version of its stream that set it.
///
/// A timer that fires carries the generation it was set with; another generation in the state means that it
/// was moved or cancelled in between, and the firing is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    pub due_us: i64,
    pub generation: i64,
}
