//! Who does something on call, for whom, and why.

use decurion_core::id::PersonId;

use crate::gate::Visitor;
use crate::problem::{ApiError, ApiResult};

/// The longest reason that is kept, in characters; a longer one is cut.
const MOST_REASON: usize = 1_000;

/// The one who is named, or the one who asks.
pub(super) fn whoever(named: Option<&str>, visitor: &Visitor, field: &'static str) -> ApiResult<PersonId> {
    let own = || visitor.person.clone();
    named
        .map(PersonId::from)
        .or_else(own)
        .ok_or_else(|| ApiError::invalid(field, "say who: this account is nobody in the organisation"))
}

/// Who enters something: a person, or the address of an account that is nobody in the organisation.
pub(crate) fn author(visitor: &Visitor) -> PersonId {
    visitor.person.clone().unwrap_or_else(|| PersonId::new(visitor.email.clone()))
}

pub(crate) fn reason(text: &str) -> String {
    text.trim().chars().take(MOST_REASON).collect()
}
