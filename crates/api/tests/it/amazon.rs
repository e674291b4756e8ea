//! An Amazon of the tests' own: an authority, a host that is SNS by its certificate, and signed deliveries.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decurion_api::SnsAuthority;
use decurion_channels::sns::{self, SnsSettings};
use decurion_core::intake::sns::{Envelope, Fault};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub(crate) const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alarms";
pub(crate) const HOST: &str = "sns.eu-west-1.amazonaws.com";
/// The key that signs deliveries; it is used for nothing but these tests.
const SIGNER: &str = include_str!("../data/sns-signer-key.pem");

pub(crate) struct Amazon {
    root: Authority,
    between: Authority,
    pub(crate) address: SocketAddr,
    shown: Arc<Shown>,
}

/// What the host answers, and what it was asked.
#[derive(Default)]
struct Shown {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: Mutex<Vec<String>>,
    confirms_with: AtomicU16,
}

pub(crate) struct Authority {
    params: CertificateParams,
    key: KeyPair,
    pub(crate) certificate: Certificate,
}

fn params(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    pub(crate) fn root(name: &str) -> Self {
        let (params, key) = (Self::params(name), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap();
        Self { params, key, certificate }
    }

    fn below(&self, name: &str) -> Self {
        let (params, key) = (Self::params(name), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &self.issuer()).unwrap();
        Self { params, key, certificate }
    }

    fn params(name: &str) -> CertificateParams {
        let mut params = params(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
    }

    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }
}

/// What a certificate of a signer says.
pub(crate) struct Signer<'a> {
    pub(crate) name: &'a str,
    pub(crate) until_year: i32,
    /// Where the certificate of its issuer is.
    pub(crate) issuer_at: Option<&'a str>,
}

impl Default for Signer<'_> {
    fn default() -> Self {
        Self { name: "sns.amazonaws.com", until_year: 2100, issuer_at: None }
    }
}

impl Amazon {
    pub(crate) async fn start() -> Self {
        let root = Authority::root("Test root");
        let between = root.below("Test authority");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shown = Arc::new(Shown::default());
        shown.confirms_with.store(200, Ordering::SeqCst);
        let amazon = Self { root, between, address, shown };
        let acceptor = amazon.acceptor();
        tokio::spawn(serve(listener, Some(acceptor), Arc::clone(&amazon.shown)));
        amazon.show("SimpleNotificationService-1.pem", &amazon.signed(&Signer::default()));
        amazon
    }

    /// TLS as SNS in one region.
    fn acceptor(&self) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let own = params("host", &[HOST]).signed_by(&key, &self.between.issuer()).unwrap();
        let chain = vec![own.der().clone(), self.between.certificate.der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    /// The settings under which this is Amazon.
    pub(crate) fn settings(&self) -> SnsSettings {
        SnsSettings { authorities: vec![self.root.certificate.der().clone()], address: Some(self.address) }
    }

    /// Settings that reach this host, and trust nobody but Mozilla's authorities and another one.
    pub(crate) fn settings_of(&self, other: &Authority) -> SnsSettings {
        SnsSettings { authorities: vec![other.certificate.der().clone()], ..self.settings() }
    }

    /// The signer's certificate alone, as SNS serves it.
    pub(crate) fn alone(&self, signer: &Signer<'_>) -> String {
        let key = KeyPair::from_pkcs8_pem_and_sign_algo(SIGNER, &rcgen::PKCS_RSA_SHA256).unwrap();
        let mut params = params("signer", &[signer.name]);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(signer.until_year, 1, 1);
        params.custom_extensions.extend(signer.issuer_at.map(issuer_at));
        params.signed_by(&key, &self.between.issuer()).unwrap().pem()
    }

    /// The signer's certificate with that of its authority.
    pub(crate) fn signed(&self, signer: &Signer<'_>) -> String {
        format!("{}{}", self.alone(signer), self.between.certificate.pem())
    }

    /// Serves a file.
    pub(crate) fn show(&self, name: &str, text: &str) {
        self.shown.files.lock().unwrap().insert(format!("/{name}"), text.as_bytes().to_vec());
    }

    /// Serves the authority's certificate over plain HTTP and says where.
    pub(crate) async fn show_authority(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/authority.cer", listener.local_addr().unwrap());
        let der = self.between.certificate.der().to_vec();
        self.shown.files.lock().unwrap().insert("/authority.cer".to_owned(), der);
        tokio::spawn(serve(listener, None, Arc::clone(&self.shown)));
        url
    }

    pub(crate) fn confirms_with(&self, status: u16) {
        self.shown.confirms_with.store(status, Ordering::SeqCst);
    }

    /// The paths that were asked for and begin so.
    pub(crate) fn asked(&self, begin: &str) -> usize {
        self.shown.asked.lock().unwrap().iter().filter(|path| path.starts_with(begin)).count()
    }
}

/// The extension that names where an issuer's certificate is (RFC 5280, section 4.2.2.1).
fn issuer_at(url: &str) -> CustomExtension {
    let tagged = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).ok().filter(|&length| length < 128).unwrap();
        [&[tag, length], content].concat()
    };
    let ca_issuers = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];
    let description = tagged(0x30, &[&ca_issuers[..], &tagged(0x86, url.as_bytes())].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], tagged(0x30, &description))
}

async fn serve(listener: TcpListener, acceptor: Option<TlsAcceptor>, shown: Arc<Shown>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, shown) = (acceptor.clone(), Arc::clone(&shown));
        tokio::spawn(async move {
            match acceptor {
                Some(acceptor) => match acceptor.accept(stream).await {
                    Ok(stream) => answer(stream, &shown).await,
                    Err(error) => eprintln!("no TLS: {error}"),
                },
                None => answer(stream, &shown).await,
            }
        });
    }
}

async fn answer<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(mut stream: S, shown: &Shown) {
    let mut head = Vec::new();
    let mut buffer = [0; 1_024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    shown.asked.lock().unwrap().push(path.clone());
    let file = shown.files.lock().unwrap().get(&path).cloned();
    let (status, body) = match file {
        Some(file) => (200, file),
        None if path.starts_with("/?") => (shown.confirms_with.load(Ordering::SeqCst), b"<ok/>".to_vec()),
        None if path == "/moved.pem" => (302, Vec::new()),
        None => (404, Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nLocation: /SimpleNotificationService-1.pem\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
    let _ = stream.shutdown().await;
}

/// A delivery as SNS writes it, signed in version 2. `more` overwrites fields before it is signed.
pub(crate) fn delivery(kind: &str, id: &str, published: &str, more: &Value) -> Value {
    let mut body = json!({"Type": kind, "MessageId": id, "TopicArn": TOPIC, "Message": "A message",
        "Timestamp": published, "SignatureVersion": "2",
        "SigningCertURL": format!("https://{HOST}/SimpleNotificationService-1.pem")});
    if kind != "Notification" {
        body["Token"] = json!("2336412f37");
        body["SubscribeURL"] = json!(format!("https://{HOST}/?Action=ConfirmSubscription&Token=2336412f37"));
    }
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body["Signature"] = json!(STANDARD.encode(sign(&signed_text(&body))));
    body
}

/// What SNS's documents say is signed, written down a second time.
fn signed_text(body: &Value) -> String {
    let notified = body["Type"] == "Notification";
    let names: &[&str] = if notified {
        &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    } else {
        &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    };
    let mut text = String::new();
    for name in names {
        if let Some(value) = body[*name].as_str() {
            text.extend([*name, "\n", value, "\n"]);
        }
    }
    text
}

fn sign(text: &str) -> Vec<u8> {
    let key = KeyPair::from_pkcs8_pem_and_sign_algo(SIGNER, &rcgen::PKCS_RSA_SHA256).unwrap();
    let key = RsaKeyPair::from_pkcs8(key.serialized_der()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    signature
}

/// Certificates as a file of authorities gives them.
pub(crate) fn authorities(pem: &str) -> Vec<CertificateDer<'static>> {
    SnsSettings::authorities_of(pem.as_bytes()).unwrap()
}

/// The client of SNS, as the binary joins it with the interface.
#[derive(Debug)]
struct Asked(sns::Amazon);

#[async_trait]
impl SnsAuthority for Asked {
    async fn verify(&self, envelope: &Envelope, now_us: i64) -> Result<(), Fault> {
        self.0.verify(envelope, now_us).await
    }

    async fn confirm(&self, url: &str) -> Result<(), Fault> {
        self.0.confirm(url).await
    }
}

pub(crate) fn asked(settings: &SnsSettings) -> Arc<dyn SnsAuthority> {
    Arc::new(Asked(sns::Amazon::new(settings).unwrap()))
}
