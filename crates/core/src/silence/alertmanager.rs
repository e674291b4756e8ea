//! Silences in Alertmanager's words, for clients that speak its API at an integration's door.
//!
//! Such a client knows alerts by their labels, and sees one integration: a silence that it makes is about that
//! integration alone, whatever its matchers say.

use std::collections::BTreeMap;

use super::matcher::{LABEL, Test, narrow};
use super::{Matcher, Operator, Silence};
use crate::decide::Refusal;
use crate::id::IntegrationId;

/// What an alert has beside its labels, as a label that no sender uses: `decurion_severity`.
const OWN: &str = "decurion_";
const INTEGRATION: &str = "integration";

/// The matchers of a silence that a client made: its own, and one for its integration. Refused where none of
/// its own narrows the alerts down.
pub fn matchers(integration: &IntegrationId, sent: Vec<Matcher>) -> Result<Vec<Matcher>, Refusal> {
    let mut matchers: Vec<Matcher> =
        sent.into_iter().map(|sent| Matcher { name: ours(&sent.name), ..sent }).collect();
    narrow(&matchers)?;
    let (name, value) = (INTEGRATION.to_owned(), integration.to_string());
    matchers.insert(0, Matcher { name, operator: Operator::Equal, value });
    Ok(matchers)
}

/// The matchers of a silence as a client of an integration sees them; none where the silence is not about this
/// integration alone, and so is not the client's to see.
pub fn shown(integration: &IntegrationId, silence: &Silence) -> Option<Vec<Matcher>> {
    let of_it = |matcher: &&Matcher| {
        matcher.name == INTEGRATION
            && matcher.operator == Operator::Equal
            && matcher.value == integration.as_str()
    };
    silence.matchers.iter().find(of_it)?;
    let others = silence.matchers.iter().filter(|matcher| !of_it(matcher));
    Some(others.map(|matcher| Matcher { name: theirs(&matcher.name), ..matcher.clone() }).collect())
}

fn ours(name: &str) -> String {
    name.strip_prefix(OWN).map_or_else(|| format!("{LABEL}{name}"), ToOwned::to_owned)
}

fn theirs(name: &str) -> String {
    name.strip_prefix(LABEL).map_or_else(|| format!("{OWN}{name}"), ToOwned::to_owned)
}

/// One condition of a query, such as `alertname=~"Disk.*"`.
#[derive(Debug)]
pub struct Filter {
    name: String,
    test: Test,
}

impl Filter {
    /// Reads `name="value"`, with any of the operators; the quotes may be missing.
    pub fn read(sent: &str) -> Result<Self, String> {
        let wrong = || format!("bad matcher format: {sent}");
        let place = sent.find(['=', '!']).ok_or_else(wrong)?;
        let (name, rest) = sent.split_at(place);
        let operator = Operator::ALL.into_iter().find(|known| rest.starts_with(known.as_str()));
        let operator = operator.ok_or_else(wrong)?;
        let value = rest.get(operator.as_str().len()..).unwrap_or_default().trim();
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(wrong());
        }
        let value = unquoted(value).ok_or_else(wrong)?;
        let test = Test::new(&Matcher { name: format!("{LABEL}{name}"), operator, value })?;
        Ok(Self { name, test })
    }

    /// Whether such texts fit; a name that is missing is the empty text.
    pub fn takes(&self, texts: &BTreeMap<String, String>) -> bool {
        self.test.takes(texts.get(&self.name).map_or("", String::as_str))
    }
}

/// The text between quotes, where there are any; nothing where they do not close.
fn unquoted(text: &str) -> Option<String> {
    let Some(rest) = text.strip_prefix('"') else { return Some(text.to_owned()) };
    let inner = rest.strip_suffix('"')?;
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => plain.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                other => other,
            }),
            '"' => return None,
            other => plain.push(other),
        }
    }
    Some(plain)
}
