//! Comparing what came with what was expected, and saying both.

use std::fmt::Debug;

use super::Checked;

/// Compares one field, if the case gives it; says whether it does.
pub(super) fn field<T: PartialEq + Debug>(name: &str, expected: Option<&T>, got: &T) -> Result<bool, String> {
    match expected {
        None => Ok(false),
        Some(expected) if expected == got => Ok(true),
        Some(expected) => Err(format!("{name}: expected {expected:?}, got {got:?}")),
    }
}

/// A case that gives none of the fields that its kind knows has checked nothing.
pub(super) fn anything(checked: &[bool]) -> Checked {
    if checked.contains(&true) {
        Ok(())
    } else {
        Err("`expected` holds nothing that this kind knows".to_owned())
    }
}
