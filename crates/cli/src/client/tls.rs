//! Whom the command line trusts: Mozilla's authorities, and the organisation's own.

use anyhow::Context as _;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// PEM file with further authorities; the server reads the same variable for its own connections.
const EXTRA: &str = "DECURION_EXTRA_CA_FILE";

pub(crate) fn config() -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = std::env::var_os(EXTRA).filter(|path| !path.is_empty()) {
        let unusable = || format!("{EXTRA}: cannot use {}", path.display());
        for certificate in CertificateDer::pem_file_iter(&path).with_context(unusable)? {
            roots.add(certificate.with_context(unusable)?).with_context(unusable)?;
        }
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}
