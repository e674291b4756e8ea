//! What a case turned out to be.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a case turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It was an attack.
    TpMalicious,
    /// It happened as detected, and was allowed.
    TpBenign,
    /// It did not happen.
    FalsePositive,
    /// It ended before anybody knew.
    Undetermined,
}

impl Disposition {
    /// Every disposition.
    pub const ALL: [Self; 4] = [Self::TpMalicious, Self::TpBenign, Self::FalsePositive, Self::Undetermined];

    /// The name used in guards, in the API and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TpMalicious => "tp_malicious",
            Self::TpBenign => "tp_benign",
            Self::FalsePositive => "false_positive",
            Self::Undetermined => "undetermined",
        }
    }
}

impl FromStr for Disposition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|disposition| disposition.as_str() == text).ok_or_else(|| {
            format!(
                "`{text}` is not a disposition; tp_malicious, tp_benign, false_positive and undetermined are"
            )
        })
    }
}
