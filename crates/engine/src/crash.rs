//! Ends the process at a chosen commit, so that tests can kill it at every one of them.
//!
//! Only debug builds look at the environment: `DECURION_CRASH_AT=before:7` ends the process before the
//! seventh commit of its life, `after:7` behind it and before anybody is answered.

#[cfg(debug_assertions)]
mod armed {
    use std::sync::OnceLock;

    static ARMED: OnceLock<Option<(String, u64)>> = OnceLock::new();

    fn armed() -> Option<&'static (String, u64)> {
        ARMED
            .get_or_init(|| {
                let text = std::env::var("DECURION_CRASH_AT").ok()?;
                let (point, number) = text.split_once(':')?;
                Some((point.to_owned(), number.parse().ok()?))
            })
            .as_ref()
    }

    /// Ends the process if it is to end there.
    pub(crate) fn at(point: &str, commit: u64) {
        if armed().is_some_and(|(wanted, number)| wanted == point && *number == commit) {
            std::process::abort();
        }
    }
}

#[cfg(debug_assertions)]
pub(crate) use armed::at;

/// Release builds never crash on request.
#[cfg(not(debug_assertions))]
pub(crate) const fn at(_point: &str, _commit: u64) {}
