//! The verbs of `decurion incident` and their arguments.

use clap::{ArgAction, Args, Subcommand, ValueEnum};
use decurion_core::duration::DurationS;

use crate::commands::Limit;

/// Work on incidents. REFERENCE is INC-42 or an id
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Incidents, by what is due next
    List {
        #[arg(long, value_enum, default_value_t)]
        status: Status,
        #[command(flatten)]
        limit: Limit,
    },
    /// One incident: levels, holder, what happens next
    Show { reference: String },
    /// Take the case: the page is answered
    #[command(visible_alias = "acknowledge")]
    Ack { reference: String },
    /// Say what the case is; this may engage further levels at once
    Classify(Classify),
    /// Engage a level and all below it
    Raise {
        reference: String,
        #[arg(long)]
        level: LevelName,
        #[arg(long)]
        reason: Option<String>,
    },
    /// Ask to lower the level; a second person must consent
    Lower {
        reference: String,
        #[arg(long)]
        level: LevelName,
        #[arg(long)]
        reason: String,
    },
    /// Consent to the lowering that somebody else asked for
    Consent { reference: String },
    /// Silence a case that is held, for at most 24 hours
    Snooze(Snooze),
    /// Give the case to somebody else
    Reassign {
        reference: String,
        /// Id of the person
        #[arg(long, value_name = "PERSON")]
        to: String,
        #[arg(long)]
        reason: Option<String>,
    },
    /// Write a note into the timeline
    Note { reference: String, text: String },
    /// Add a link
    Link {
        reference: String,
        href: String,
        /// What the link shows; the address unless given
        text: Option<String>,
    },
    /// End the case
    Resolve {
        reference: String,
        #[arg(long, value_enum)]
        disposition: DispositionName,
        #[arg(long)]
        reason: Option<String>,
    },
    /// Open an incident by hand
    Declare(Declare),
    /// Who was told, how, when, and what the provider said
    Pages { reference: String },
    /// What happened, in order
    Timeline { reference: String },
    /// The alerts of the incident
    Alerts { reference: String },
    /// The one-page brief
    Brief { reference: String },
}

#[derive(Debug, Args)]
pub(crate) struct Classify {
    pub(super) reference: String,
    #[arg(long)]
    pub(super) severity: Option<SeverityName>,
    /// Customers notice it
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, action = ArgAction::Set)]
    pub(super) customer_facing: Option<bool>,
    /// It concerns the whole company
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, action = ArgAction::Set)]
    pub(super) company_wide: Option<bool>,
    #[arg(long, value_enum)]
    pub(super) disposition: Option<DispositionName>,
    /// It spreads no further
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, action = ArgAction::Set)]
    pub(super) contained: Option<bool>,
    /// A fact of the policy, NAME=VALUE; may be given several times
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    pub(super) facts: Vec<String>,
    #[arg(long)]
    pub(super) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Snooze {
    pub(super) reference: String,
    /// For how long, as in 30m or 2h; 30m unless given
    #[arg(long = "for", value_name = "LENGTH", conflicts_with = "until")]
    pub(super) length: Option<DurationS>,
    /// Until when, as in "2026-11-23 09:00" (local) or 2026-11-23T09:00Z
    #[arg(long, value_name = "TIME")]
    pub(super) until: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Declare {
    #[arg(long)]
    pub(super) title: String,
    #[arg(long)]
    pub(super) description: Option<String>,
    #[arg(long)]
    pub(super) severity: Option<SeverityName>,
    #[arg(long)]
    pub(super) customer_facing: bool,
    #[arg(long)]
    pub(super) company_wide: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Status {
    #[default]
    Open,
    Resolved,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelName {
    #[value(name = "L1", alias = "l1")]
    L1,
    #[value(name = "L2", alias = "l2")]
    L2,
    #[value(name = "L3", alias = "l3")]
    L3,
    Executive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityName {
    /// Critical
    Sev1,
    /// Major
    Sev2,
    Sev3,
    Sev4,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DispositionName {
    /// It was an attack
    #[value(name = "tp_malicious")]
    TpMalicious,
    /// It happened as detected, and was allowed
    #[value(name = "tp_benign")]
    TpBenign,
    /// It did not happen
    #[value(name = "false_positive")]
    FalsePositive,
    /// It ended before anybody knew
    #[value(name = "undetermined")]
    Undetermined,
}

impl Status {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::All => "all",
        }
    }
}

impl LevelName {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
            Self::Executive => "executive",
        }
    }
}

impl SeverityName {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Sev1 => "sev1",
            Self::Sev2 => "sev2",
            Self::Sev3 => "sev3",
            Self::Sev4 => "sev4",
        }
    }
}

impl DispositionName {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::TpMalicious => "tp_malicious",
            Self::TpBenign => "tp_benign",
            Self::FalsePositive => "false_positive",
            Self::Undetermined => "undetermined",
        }
    }
}
