//! Joining pieces of SQL when compiling, so that every statement is one constant.

/// Length of the joined parts, in bytes.
pub(crate) const fn length(parts: &[&str]) -> usize {
    let mut total = 0;
    let mut part = 0;
    while part < parts.len() {
        total += parts[part].len();
        part += 1;
    }
    total
}

/// The parts one after the other; `N` is their [`length`].
pub(crate) const fn join<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut bytes = [0; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let source = parts[part].as_bytes();
        let mut index = 0;
        while index < source.len() {
            bytes[at] = source[index];
            index += 1;
            at += 1;
        }
        part += 1;
    }
    bytes
}

/// Joins constant texts into one constant text.
macro_rules! text {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&str] = &[$($part),+];
        const BYTES: [u8; $crate::sql::text::length(PARTS)] = $crate::sql::text::join(PARTS);
        // Joined UTF-8 is UTF-8; the other arm exists for the compiler only.
        match ::core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}
pub(crate) use text;
