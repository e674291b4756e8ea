//! The verbs, one module per noun.
//!
//! To add a verb: give it a variant with its arguments in the noun's `Verb`, an arm in `run`, and a line in
//! docs/cli.md. Verbs that ask a server print through [`Context::show`], so that `--output json` is always
//! what the API answered.

pub(crate) mod absence;
pub(crate) mod alert;
pub(crate) mod check;
pub(crate) mod contact;
pub(crate) mod coverage;
pub(crate) mod feed;
pub(crate) mod handoff;
pub(crate) mod import;
pub(crate) mod incident;
pub(crate) mod integration;
pub(crate) mod journal;
pub(crate) mod load;
pub(crate) mod mailbox;
pub(crate) mod oncall;
pub(crate) mod overrides;
pub(crate) mod pack;
pub(crate) mod schema;
pub(crate) mod session;
pub(crate) mod signal;
pub(crate) mod silence;
pub(crate) mod status;
pub(crate) mod swap;
pub(crate) mod whatif;

use serde_json::Value;

use crate::client::Client;
use crate::output::{Output, Times, say_json};

/// What every verb that asks a server has at hand.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) output: Output,
    pub(crate) times: Times,
}

impl Context {
    pub(crate) fn signed_in(output: Output) -> anyhow::Result<Self> {
        Ok(Self { client: Client::signed_in()?, output, times: Times::local() })
    }

    /// The value as JSON, or as `table` lays it out.
    pub(crate) fn show(
        &self,
        value: &Value,
        table: impl FnOnce(&Value) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match self.output {
            Output::Json => say_json(value),
            Output::Table => table(value),
        }
    }

    /// Items as a JSON array, or as `table` lays them out.
    pub(crate) fn show_items(
        &self,
        items: Vec<Value>,
        table: impl FnOnce(&[Value]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match self.output {
            Output::Json => say_json(&Value::Array(items)),
            Output::Table => table(&items),
        }
    }
}

/// How long a list may get.
#[derive(Debug, clap::Args)]
pub(crate) struct Limit {
    /// The most items to show
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: usize,
}
