//! Whether a certificate is one of SNS, and whether it signed a delivery.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decurion_core::intake::sns::{Envelope, Fault, SignatureVersion, Topic};
use ring::signature::{RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, ServerName, SignatureVerificationAlgorithm,
    TrustAnchor, UnixTime, alg_id,
};
use webpki::{EndEntityCert, KeyUsage};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS;

/// Why a certificate is not trusted.
#[derive(Debug)]
pub(super) enum Untrusted {
    /// Nobody who is at hand issued this one.
    NoIssuer(CertificateDer<'static>),
    /// As the words say.
    Because(String),
}

impl Untrusted {
    /// What is wrong with a certificate of SNS may as well be wrong with our clock or our roots: SNS shall send
    /// again what it signed.
    pub(super) fn into_fault(self) -> Fault {
        match self {
            Self::NoIssuer(_) => {
                Fault::Unable("no authority that is trusted issued the certificate".to_owned())
            }
            Self::Because(why) => Fault::Unable(format!("the certificate is not trusted: {why}")),
        }
    }
}

/// Whether the first certificate is one of SNS: valid at `now_us` and issued for it, with a chain to a root.
pub(super) fn chain(
    chain: &[CertificateDer<'static>],
    anchors: &[TrustAnchor<'static>],
    topic: &Topic<'_>,
    now_us: i64,
) -> Result<(), Untrusted> {
    let because = |error: webpki::Error| Untrusted::Because(error.to_string());
    let Some((signer, issuers)) = chain.split_first() else {
        return Err(Untrusted::Because("the file holds none".to_owned()));
    };
    let read = EndEntityCert::try_from(signer).map_err(because)?;
    let now = UnixTime::since_unix_epoch(Duration::from_micros(u64::try_from(now_us).unwrap_or_default()));
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    let usage = KeyUsage::server_auth();
    read.verify_for_usage(algorithms, anchors, issuers, now, usage, None, None).map_err(
        |error| match error {
            webpki::Error::UnknownIssuer => {
                Untrusted::NoIssuer(issuers.last().unwrap_or(signer).clone().into_owned())
            }
            other => because(other),
        },
    )?;
    let names = topic.certificate_names();
    let is_for = |name: &String| {
        ServerName::try_from(name.as_str())
            .is_ok_and(|name| read.verify_is_valid_for_subject_name(&name).is_ok())
    };
    if names.iter().any(is_for) {
        return Ok(());
    }
    Err(Untrusted::Because(format!("it is for none of {}", names.join(", "))))
}

/// Whether the certificate's key signed a delivery.
pub(super) fn signature(signer: &CertificateDer<'_>, envelope: &Envelope) -> Result<(), Fault> {
    let signature = STANDARD
        .decode(&envelope.signature)
        .map_err(|_| Fault::Forged("Signature is no Base64".to_owned()))?;
    let algorithm: &dyn SignatureVerificationAlgorithm = match envelope.signature_version {
        SignatureVersion::Sha1 => &RsaSha1,
        SignatureVersion::Sha256 => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
    };
    let text = envelope.signed_text();
    let read = EndEntityCert::try_from(signer).map_err(|error| Fault::Unable(error.to_string()))?;
    read.verify_signature(algorithm, text.as_bytes(), &signature)
        .map_err(|_| Fault::Forged("Signature is not that of the delivery".to_owned()))
}

/// Where a certificate says that the one of its issuer is (RFC 5280, section 4.2.2.1).
pub(super) fn issuer_url(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, read) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let access = read.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    })?;
    let issuers =
        access.accessdescs.iter().filter(|at| at.access_method == OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS);
    issuers.into_iter().find_map(|at| match at.access_location {
        GeneralName::URI(url) if url.starts_with("http://") || url.starts_with("https://") => {
            Some(url.to_owned())
        }
        _ => None,
    })
}

/// RSA over SHA-1, which version 1 of SNS's signatures uses and nothing else here does.
#[derive(Debug)]
struct RsaSha1;

/// `sha1WithRSAEncryption` (RFC 4055, section 5), without its outer sequence.
const SHA1_WITH_RSA: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(&[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
]);

impl SignatureVerificationAlgorithm for RsaSha1 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, public_key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        SHA1_WITH_RSA
    }
}
