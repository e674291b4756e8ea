//! Whom TLS trusts: Mozilla's authorities and those of the operator.

use std::path::Path;
use std::sync::Arc;

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters, TlsParametersBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};

use crate::settings::SettingsError;

/// The operator's own authorities, beside Mozilla's that are always trusted.
pub(crate) struct Authorities {
    extra: Vec<CertificateDer<'static>>,
    pem: Option<Certificate>,
}

impl Authorities {
    /// Reads the operator's PEM file, if there is one.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, SettingsError> {
        let Some(path) = path else {
            return Ok(Self { extra: Vec::new(), pem: None });
        };
        let unusable = |reason: String| SettingsError::Authorities { path: path.to_owned(), reason };
        let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
        let extra: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|error| unusable(error.to_string()))?;
        if extra.is_empty() {
            return Err(unusable("it holds no certificate".to_owned()));
        }
        let pem = Certificate::from_pem(&pem).map_err(|error| unusable(error.to_string()))?;
        Ok(Self { extra, pem: Some(pem) })
    }

    /// For HTTPS. Names its cryptography, so that it does not depend on what the process installed.
    pub(crate) fn http_config(&self) -> Result<ClientConfig, SettingsError> {
        let tls = |error: rustls::Error| SettingsError::Tls(error.to_string());
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &self.extra {
            roots.add(certificate.clone()).map_err(tls)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(tls)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(config)
    }

    /// For mail to `host`.
    pub(crate) fn smtp_parameters(&self, host: &str) -> Result<TlsParameters, SettingsError> {
        let builder =
            TlsParametersBuilder::new(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
        let builder = match &self.pem {
            Some(certificate) => builder.add_root_certificate(certificate.clone()),
            None => builder,
        };
        builder.build().map_err(|error| SettingsError::Tls(error.to_string()))
    }
}
