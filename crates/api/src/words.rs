//! The words that tables keep as text, as the API documents them.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{ApiError, ApiResult};

/// The value of a word that a table keeps.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> ApiResult<T> {
    let deserializer: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|error| ApiError::internal(&error))
}

/// The value of JSON that a table keeps.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> ApiResult<T> {
    serde_json::from_str(text).map_err(|error| ApiError::internal(&error))
}

/// How bad a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    Sev1,
    Sev2,
    Sev3,
    Sev4,
}

/// Who is involved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub(crate) enum Level {
    L1,
    L2,
    L3,
    #[serde(rename = "executive")]
    Executive,
}

/// What a case turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Disposition {
    TpMalicious,
    TpBenign,
    FalsePositive,
    Undetermined,
}

/// How bad a sender says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AlertSeverity {
    Critical,
    Error,
    Warning,
    Info,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    Email,
    Webhook,
    Ntfy,
    Slack,
    Telegram,
    Discord,
    Mattermost,
    Teams,
    Pushover,
    Sms,
    Mailbox,
}

macro_rules! same_words {
    ($($here:ident = $core:path { $($variant:ident),+ },)+) => {$(
        impl From<$here> for $core {
            fn from(word: $here) -> Self {
                match word { $($here::$variant => <$core>::$variant,)+ }
            }
        }

        impl From<$core> for $here {
            fn from(word: $core) -> Self {
                match word { $(<$core>::$variant => Self::$variant,)+ }
            }
        }
    )+};
}

same_words! {
    Severity = decurion_core::incident::Severity { Sev1, Sev2, Sev3, Sev4 },
    Level = decurion_core::escalation::Level { L1, L2, L3, Executive },
    Disposition = decurion_core::incident::Disposition { TpMalicious, TpBenign, FalsePositive, Undetermined },
    AlertSeverity = decurion_core::intake::AlertSeverity { Critical, Error, Warning, Info },
    Channel = decurion_core::org::Channel { Email, Webhook, Ntfy, Slack, Telegram, Discord, Mattermost, Teams, Pushover, Sms, Mailbox },
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{Level, Severity, word};

    #[test]
    fn words_are_those_of_the_core() {
        for level in decurion_core::escalation::Level::ALL {
            assert_eq!(word::<Level>(level.as_str()).unwrap(), Level::from(level));
        }
        assert_eq!(word::<Severity>("sev2").unwrap(), Severity::Sev2);
        assert!(word::<Severity>("bad").is_err());
    }
}
