//! Identifiers: text with a readable prefix, so that an id says what it names wherever it turns up.
//!
//! Ids that the configuration gives (people, schedules, integrations) are chosen by people. Ids that the
//! product gives are UUIDs of version 7 (RFC 9562) behind a prefix: `inc_0199…`. The core has no
//! randomness, so it derives them from the instant and from what the thing is about; the same decision
//! made again gives the same id, which is what lets a store refuse the second one.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is; whoever reads it from outside has checked it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

text_id! {
    /// A person of the organisation, as the pack names them (`elif`).
    PersonId,
    /// A role of the organisation, as the pack names it (`ir_lead`).
    RoleId,
    /// An on-call schedule, as the pack names it (`l1`).
    ScheduleId,
    /// A calendar of holidays, as the pack names it (`se`).
    HolidaysId,
    /// An entry that changes a schedule for a while (`ovr_…`).
    OverrideId,
    /// A request to be stood in for (`swp_…`).
    SwapId,
    /// A time for which a person is away (`abs_…`).
    AbsenceId,
    /// A finding of the coverage check that somebody accepted on the server (`cov_…`).
    AcceptanceId,
    /// Alerts that nobody is paged for, for a while (`sil_…`).
    SilenceId,
    /// What one duty writes to the next (`hnd_…`).
    HandoffNoteId,
    /// A way to reach a person, as the pack names it within that person (`email`, `push`).
    ContactId,
    /// A source of alerts (`int_…`, or the name that the pack gives).
    IntegrationId,
    /// What arrived from outside (`sig_…`).
    SignalId,
    /// Signals with one dedup key between opening and resolution (`alr_…`).
    AlertId,
    /// What people are paged for (`inc_…`).
    IncidentId,
    /// The decision that one person must be told (`pag_…`).
    PageId,
    /// One message over one channel for one page (`ntf_…`).
    NotificationId,
    /// An address under which shifts are shown as a calendar (`fed_…`).
    FeedId,
}

/// Derives a UUIDv7-shaped id from the instant and from the parts that make it unique.
///
/// The 48 time bits are `at_us` in milliseconds, the other 74 free bits come from SHA-256 over the parts.
pub fn derive(prefix: &str, at_us: i64, parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    let millis = at_us.div_euclid(1_000).max(0).to_be_bytes();
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    format!("{prefix}_{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::derive;

    #[test]
    fn the_same_parts_at_the_same_instant_give_the_same_id() {
        assert_eq!(derive("inc", 1_000_000, &["a", "b"]), derive("inc", 1_000_000, &["a", "b"]));
        assert_ne!(derive("inc", 1_000_000, &["a", "b"]), derive("inc", 1_000_000, &["ab", ""]));
    }

    #[test]
    fn ids_sort_by_time_and_carry_version_and_variant() {
        let early = derive("inc", 1_760_000_000_000_000, &["x"]);
        let late = derive("inc", 1_760_000_001_000_000, &["x"]);
        assert!(early < late);
        assert_eq!(&early[18..19], "7");
        assert!("89ab".contains(&early[23..24]));
    }
}
