//! What is asked of Amazon: the certificates that deliveries are signed with, and to confirm subscriptions.
//!
//! Nothing is asked of any other host than SNS in the region of a listed topic, except for the issuer of a
//! certificate that was got there, at the address that the certificate names. No redirect is followed, and
//! every answer is bounded in time and in size.

mod trust;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use decurion_core::intake::sns::{Envelope, Fault, Topic};
use lru::LruCache;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, TrustAnchor};
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio::time::{Instant, timeout_at};

/// SNS waits 15 seconds for an answer; what is asked on its behalf is done well before.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// The largest file of certificates that is read, in bytes.
const MAX_CERTIFICATE_BYTES: usize = 64 * 1024;
/// The most certificates that lead from a signer to a root.
const MAX_CHAIN: usize = 6;
/// Certificates that are kept. A region has one, and another when it is renewed.
const MAX_KNOWN: usize = 64;
/// A certificate is got anew after this time; whether it is valid is looked at with every delivery.
const KNOWN_FOR: Duration = Duration::from_hours(24);

/// How SNS is reached and who vouches for it.
#[derive(Debug, Clone, Default)]
pub struct SnsSettings {
    /// Authorities that are trusted beside Mozilla's.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Where `sns.<region>.amazonaws.com` answers, instead of where its name leads: an endpoint inside a private
    /// network, or a stand-in. It still has to show a certificate for that name.
    pub address: Option<SocketAddr>,
}

impl SnsSettings {
    /// Reads authorities from a PEM file's text.
    pub fn authorities_of(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let read = read.map_err(|error| error.to_string())?;
        if read.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(read) }
    }
}

/// A client of SNS. Build it once and share it.
pub struct Amazon {
    client: Client,
    anchors: Vec<TrustAnchor<'static>>,
    known: Mutex<LruCache<String, Known>>,
    /// Held while a certificate is got, so that many deliveries ask once.
    asking: tokio::sync::Mutex<()>,
}

/// A certificate with those of its issuers.
#[derive(Clone)]
struct Known {
    chain: Arc<Vec<CertificateDer<'static>>>,
    until: Instant,
}

impl std::fmt::Debug for Amazon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Amazon").finish_non_exhaustive()
    }
}

impl Amazon {
    /// Checks the settings and prepares the client. Connects to nobody.
    pub fn new(settings: &SnsSettings) -> Result<Self, String> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for authority in &settings.authorities {
            roots.add(authority.clone()).map_err(|error| error.to_string())?;
        }
        let anchors = roots.roots.clone();
        let tls = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(TIME_LIMIT)
            .user_agent(concat!("Decurion/", env!("CARGO_PKG_VERSION")));
        let client = match settings.address {
            Some(address) => client.dns_resolver(Elsewhere(address)),
            None => client,
        };
        Ok(Self {
            client: client.build().map_err(|error| cause(&error))?,
            anchors,
            known: Mutex::new(LruCache::new(NonZeroUsize::new(MAX_KNOWN).unwrap_or(NonZeroUsize::MIN))),
            asking: tokio::sync::Mutex::default(),
        })
    }

    /// Whether SNS signed a delivery. `now_us` is the time of day, in microseconds since the epoch.
    pub async fn verify(&self, envelope: &Envelope, now_us: i64) -> Result<(), Fault> {
        let topic = &envelope.topic().map_err(|error| Fault::Forged(error.to_string()))?;
        let url = envelope.signing_cert_url.as_str();
        if !topic.is_certificate(url) {
            let host = topic.host();
            return Err(Fault::Forged(format!("SigningCertURL does not lead to a certificate on {host}")));
        }
        let chain = self.chain(url, topic, now_us).await?;
        trust::chain(&chain, &self.anchors, topic, now_us).map_err(trust::Untrusted::into_fault)?;
        let signer = chain.first().ok_or_else(|| Fault::Unable("there is no certificate".to_owned()))?;
        trust::signature(signer, envelope)
    }

    /// Confirms a subscription. The address was checked against its topic.
    pub async fn confirm(&self, url: &str) -> Result<(), Fault> {
        let response = self.client.get(url).send().await.map_err(|error| Fault::Unable(cause(&error)))?;
        let status = response.status();
        match status.as_u16() {
            200..=299 => Ok(()),
            408 | 429 | 500..=599 => Err(Fault::Unable(format!("SNS answered {status}"))),
            _ => Err(Fault::Forged(format!("SNS answered {status}"))),
        }
    }

    async fn chain(
        &self,
        url: &str,
        topic: &Topic<'_>,
        now_us: i64,
    ) -> Result<Arc<Vec<CertificateDer<'static>>>, Fault> {
        if let Some(chain) = self.kept(url) {
            return Ok(chain);
        }
        let _asking = self.asking.lock().await;
        if let Some(chain) = self.kept(url) {
            return Ok(chain);
        }
        let chain = Arc::new(self.whole_chain(url, topic, now_us).await?);
        let known = Known { chain: Arc::clone(&chain), until: Instant::now() + KNOWN_FOR };
        self.lock().put(url.to_owned(), known);
        Ok(chain)
    }

    fn kept(&self, url: &str) -> Option<Arc<Vec<CertificateDer<'static>>>> {
        let mut known = self.lock();
        known.get(url).filter(|known| known.until > Instant::now()).map(|known| Arc::clone(&known.chain))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The certificates of a file, and those that lead on to a root: SNS serves the signer's alone.
    async fn whole_chain(
        &self,
        url: &str,
        topic: &Topic<'_>,
        now_us: i64,
    ) -> Result<Vec<CertificateDer<'static>>, Fault> {
        let deadline = Instant::now() + TIME_LIMIT;
        let file = self.get(url, deadline).await?;
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&file).take(MAX_CHAIN).collect();
        let mut chain = read.map_err(|error| Fault::Unable(format!("{url} is no certificate: {error}")))?;
        loop {
            match trust::chain(&chain, &self.anchors, topic, now_us) {
                Err(trust::Untrusted::NoIssuer(of)) if chain.len() < MAX_CHAIN => {
                    let issuer = self.issuer(&of, deadline).await?;
                    if chain.contains(&issuer) {
                        return Err(Fault::Unable("the issuer of the certificate is not trusted".to_owned()));
                    }
                    chain.push(issuer);
                }
                Err(untrusted) => return Err(untrusted.into_fault()),
                Ok(()) => return Ok(chain),
            }
        }
    }

    /// The certificate of an issuer, from where the certificate itself says. It counts only when it leads to a
    /// root, so that the way it comes needs no protection (RFC 5280, section 4.2.2.1).
    async fn issuer(
        &self,
        of: &CertificateDer<'_>,
        deadline: Instant,
    ) -> Result<CertificateDer<'static>, Fault> {
        let url = trust::issuer_url(of)
            .ok_or_else(|| Fault::Unable("no authority that is trusted issued the certificate".to_owned()))?;
        let file = self.get(&url, deadline).await?;
        match CertificateDer::from_pem_slice(&file) {
            Ok(certificate) => Ok(certificate),
            Err(_) => Ok(CertificateDer::from(file)),
        }
    }

    async fn get(&self, url: &str, deadline: Instant) -> Result<Vec<u8>, Fault> {
        let unable = |why: &str| Fault::Unable(format!("{url} could not be read: {why}"));
        let url = Url::parse(url).map_err(|error| unable(&error.to_string()))?;
        let asked = timeout_at(deadline, self.client.get(url.clone()).send()).await;
        let mut response =
            asked.map_err(|_| unable("no answer in time"))?.map_err(|error| unable(&cause(&error)))?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(unable(&format!("the answer was {}", response.status())));
        }
        let mut file = Vec::new();
        while let Some(chunk) = timeout_at(deadline, response.chunk())
            .await
            .map_err(|_| unable("no answer in time"))?
            .map_err(|error| unable(&cause(&error)))?
        {
            if file.len() + chunk.len() > MAX_CERTIFICATE_BYTES {
                return Err(unable("it is too large"));
            }
            file.extend_from_slice(&chunk);
        }
        Ok(file)
    }
}

/// What lies behind an error; the error itself shows the address.
fn cause(error: &reqwest::Error) -> String {
    let sources = std::iter::successors(std::error::Error::source(error), |&cause| cause.source());
    sources.last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Answers for the names of SNS with one address, and for no other name.
struct Elsewhere(SocketAddr);

impl Resolve for Elsewhere {
    fn resolve(&self, name: Name) -> Resolving {
        let address = self.0;
        let of_sns =
            name.as_str().ends_with(".amazonaws.com") || name.as_str().ends_with(".amazonaws.com.cn");
        Box::pin(async move {
            if of_sns {
                return Ok(Box::new(std::iter::once(address)) as Addrs);
            }
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
