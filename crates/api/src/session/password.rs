//! Passwords: Argon2id, a few at a time, away from the threads that answer requests.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use tokio::sync::Semaphore;

/// The shortest password that is taken (NIST SP 800-63B, section 5.1.1: eight or more).
const MIN_CHARACTERS: usize = 10;
/// A longer one is refused: hashing must not become a way to keep the server busy.
const MAX_BYTES: usize = 1_024;
/// One hash takes 19 MiB for some 20 ms; more at once would be felt by those who page.
const AT_ONCE: usize = 2;
/// The hash of a password that nobody has: an unknown address takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9mIG91cnM$bUmZyfxgXDYQpJYZUIphXk5tHhFoc5nJ3yXIGUClCa0";

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("a password has at least {MIN_CHARACTERS} characters")]
    Short,
    #[error("a password has at most {MAX_BYTES} bytes")]
    Long,
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
}

/// The hash of a new password, as a PHC string. Takes some 20 ms of one core.
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(PasswordError::Short);
    }
    if password.len() > MAX_BYTES {
        return Err(PasswordError::Long);
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| PasswordError::Hash(error.to_string()))
}

/// Bounds how many passwords are hashed at once.
#[derive(Debug)]
pub(crate) struct Passwords {
    places: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { places: Semaphore::new(AT_ONCE) }
    }
}

impl Passwords {
    /// Whether the password is that of the hash. Without a hash it is not, after the same time.
    pub(crate) async fn matches(&self, password: String, hash: Option<String>) -> bool {
        if password.len() > MAX_BYTES {
            return false;
        }
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        self.aside(move || verify(&password, &hash)).await.unwrap_or(false) && known
    }

    /// The hash of a new password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let hashed = self.aside(move || hash_password(&password)).await;
        hashed.unwrap_or_else(|| Err(PasswordError::Hash("the server is stopping".to_owned())))
    }

    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _place = self.places.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use argon2::password_hash::phc::PasswordHash;

    use super::{NOBODY, PasswordError, hash_password, verify};

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let hash = hash_password("correct horse battery").unwrap();
        assert!(verify("correct horse battery", &hash));
        assert!(!verify("correct horse batterz", &hash));
        assert!(hash.starts_with("$argon2id$"));
    }

    #[test]
    fn bounds_are_kept() {
        assert!(matches!(hash_password("too short"), Err(PasswordError::Short)));
        assert!(matches!(hash_password(&"x".repeat(2_000)), Err(PasswordError::Long)));
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let cost = |hash: &str| PasswordHash::new(hash).unwrap().params.to_string();
        assert_eq!(cost(NOBODY), cost(&hash_password("correct horse battery").unwrap()));
    }
}
