//! How Amazon SNS is reached, from the command line and the environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use clap::Args;
use decurion_api::SnsAuthority;
use decurion_channels::sns::{Amazon, SnsSettings};
use decurion_core::intake::sns::{Envelope, Fault};

/// Where deliveries of topics are verified, and subscriptions confirmed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Amazon SNS")]
pub(crate) struct SnsArgs {
    /// Where sns.REGION.amazonaws.com answers, instead of where the name leads; it shows a certificate for that
    /// name all the same
    #[arg(long, env = "DECURION_SNS_ADDRESS", value_name = "ADDRESS:PORT")]
    sns_address: Option<SocketAddr>,
    /// PEM file with authorities to trust for SNS and its certificates, beside Mozilla's
    #[arg(long, env = "DECURION_SNS_CA_FILE", value_name = "FILE")]
    sns_ca_file: Option<PathBuf>,
}

impl SnsArgs {
    /// Connects to nobody.
    pub(crate) fn authority(&self) -> anyhow::Result<Arc<dyn SnsAuthority>> {
        let authorities = match &self.sns_ca_file {
            None => Vec::new(),
            Some(path) => {
                let pem = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                let unusable = |why: String| anyhow::anyhow!("{} is of no use: {why}", path.display());
                SnsSettings::authorities_of(&pem).map_err(unusable)?
            }
        };
        let amazon = Amazon::new(&SnsSettings { authorities, address: self.sns_address });
        let unusable = |why: String| anyhow::anyhow!("the client of SNS cannot be made: {why}");
        Ok(Arc::new(Asked(amazon.map_err(unusable)?)))
    }
}

/// Amazon, as the interface asks it.
#[derive(Debug)]
struct Asked(Amazon);

#[async_trait]
impl SnsAuthority for Asked {
    async fn verify(&self, envelope: &Envelope, now_us: i64) -> Result<(), Fault> {
        self.0.verify(envelope, now_us).await
    }

    async fn confirm(&self, url: &str) -> Result<(), Fault> {
        self.0.confirm(url).await
    }
}
