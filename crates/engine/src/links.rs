//! Signed links: an answer to one page without signing in.
//!
//! A token names page, person and end, and carries an HMAC-SHA256 over them. That it works once is a matter
//! of the page's state: an answered page takes no second answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use decurion_core::id::{IntegrationId, PageId, PersonId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::live::key_digest;

/// What a valid token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkClaim {
    pub page: PageId,
    pub person: PersonId,
    pub expires_us: i64,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("this link was not made here, or was changed on the way")]
    Forged,
    #[error("this link has expired")]
    Expired,
}

/// Makes and opens tokens.
#[derive(Clone)]
pub struct Links {
    secret: [u8; 32],
    base_url: String,
}

impl Links {
    pub(crate) fn new(secret: [u8; 32], base_url: &str) -> Self {
        Self { secret, base_url: base_url.trim_end_matches('/').to_owned() }
    }

    /// Where the console is.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The page that acknowledges, for one person.
    pub fn acknowledge_url(&self, page: &PageId, person: &PersonId, expires_us: i64) -> String {
        format!("{}/a/{}", self.base_url, self.token(page, person, expires_us))
    }

    /// A token for a page, valid until `expires_us`.
    pub fn token(&self, page: &PageId, person: &PersonId, expires_us: i64) -> String {
        let claim = format!("{page} {person} {expires_us}");
        let signature = self.mac(&claim).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&claim), URL_SAFE_NO_PAD.encode(signature))
    }

    /// Opens a token.
    pub fn open(&self, token: &str, now_us: i64) -> Result<LinkClaim, LinkError> {
        let claim = self.verified(token).ok_or(LinkError::Forged)?;
        if claim.expires_us < now_us { Err(LinkError::Expired) } else { Ok(claim) }
    }

    fn verified(&self, token: &str) -> Option<LinkClaim> {
        let (claim, signature) = token.split_once('.')?;
        let claim = String::from_utf8(URL_SAFE_NO_PAD.decode(claim).ok()?).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(&claim)?.verify_slice(&signature).ok()?;
        let mut parts = claim.split(' ');
        let (page, person, expires) = (parts.next()?, parts.next()?, parts.next()?);
        Some(LinkClaim { page: page.into(), person: person.into(), expires_us: expires.parse().ok()? })
    }

    /// The six digits that a notice carries to a contact. They are kept nowhere: whoever has the secret can
    /// make them again.
    pub(crate) fn code(&self, notice: &PageId) -> String {
        let mac = self.labelled(b"decurion contact code v1\0", notice.as_str());
        let bytes = mac.map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
        let number = bytes.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// The secret by which the vendor of an integration signs what it sends. It is kept nowhere: it follows from
    /// the integration's key, and a new key brings a new one.
    pub fn signing_secret(&self, integration: &IntegrationId, key: &str) -> String {
        let text = format!("{integration} {}", key_digest(key));
        let mac = self.labelled(b"decurion webhook signature v1\0", &text);
        hex::encode(mac.map(|mac| mac.finalize().into_bytes()).unwrap_or_default())
    }

    fn mac(&self, claim: &str) -> Option<Hmac<Sha256>> {
        self.labelled(b"decurion link v1\0", claim)
    }

    /// The label keeps what is signed for one purpose from being taken for another.
    fn labelled(&self, label: &[u8], text: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(label);
        mac.update(text.as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::{LinkError, Links};

    #[test]
    fn a_token_opens_for_its_page_until_it_ends() {
        let links = Links::new([7; 32], "http://localhost/");
        let token = links.token(&"pag_1".into(), &"elif".into(), 100);
        let claim = links.open(&token, 100).unwrap();
        assert_eq!((claim.page.as_str(), claim.person.as_str()), ("pag_1", "elif"));
        assert_eq!(links.open(&token, 101), Err(LinkError::Expired));
    }

    #[test]
    fn a_code_has_six_digits_of_its_own_notice_and_server() {
        let links = Links::new([7; 32], "http://localhost");
        let code = links.code(&"pag_1".into());
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        assert_ne!(code, links.code(&"pag_2".into()));
        assert_ne!(code, Links::new([8; 32], "http://localhost").code(&"pag_1".into()));
    }

    #[test]
    fn a_signing_secret_is_of_one_key_of_one_integration_of_one_server() {
        let links = Links::new([7; 32], "http://localhost");
        let secret = links.signing_secret(&"int_1".into(), "key");
        assert_eq!(secret.len(), 64);
        assert_eq!(secret, links.signing_secret(&"int_1".into(), "key"));
        assert_ne!(secret, links.signing_secret(&"int_2".into(), "key"));
        assert_ne!(secret, links.signing_secret(&"int_1".into(), "other"));
        assert_ne!(secret, Links::new([8; 32], "http://localhost").signing_secret(&"int_1".into(), "key"));
    }

    #[test]
    fn a_changed_or_foreign_token_opens_nothing() {
        let links = Links::new([7; 32], "http://localhost");
        let token = links.token(&"pag_1".into(), &"elif".into(), 100);
        let foreign = Links::new([8; 32], "http://localhost").token(&"pag_1".into(), &"elif".into(), 100);
        for bad in [foreign.as_str(), &token[1..], &token[..token.len() - 2], "", "."] {
            assert_eq!(links.open(bad, 0), Err(LinkError::Forged));
        }
    }
}
