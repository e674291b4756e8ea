//! Lists are read in windows: so many rows after the last one seen.

use std::fmt;
use std::str::FromStr;

use crate::Result;
use crate::sql::{Pool, Record, Sql, Value, args};

/// Most rows that one read returns.
const MOST: u32 = 500;

/// Where a list was left: the instant it is ordered by, and the id that decides between equal instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The instant, in microseconds.
    pub at_us: i64,
    /// The id.
    pub id: String,
}

/// The text is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor that a list has given")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.at_us, self.id)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> std::result::Result<Self, CursorError> {
        let (at_us, id) = text.split_once('~').ok_or(CursorError)?;
        Ok(Self { at_us: at_us.parse().map_err(|_| CursorError)?, id: id.to_owned() })
    }
}

/// Which rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// How many; the store never gives more than 500.
    pub limit: u32,
    /// The last row seen; `None` for the start of the list.
    pub after: Option<Cursor>,
}

impl Window {
    /// The first `limit` rows.
    pub const fn first(limit: u32) -> Self {
        Self { limit, after: None }
    }

    /// The next `limit` rows.
    pub const fn after(limit: u32, after: Option<Cursor>) -> Self {
        Self { limit, after }
    }
}

/// Rows of a list, and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// Cursor for the rows that follow; `None` when there are none.
    pub next: Option<Cursor>,
}

/// The order of a list: with it goes the cursor that stands before its first row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    OldestFirst,
    NewestFirst,
}

impl Order {
    fn start(self) -> Cursor {
        match self {
            Self::OldestFirst => Cursor { at_us: i64::MIN, id: String::new() },
            Self::NewestFirst => Cursor { at_us: i64::MAX, id: "\u{10ffff}".to_owned() },
        }
    }
}

/// Runs a list statement whose `$1`, `$2` are the cursor and `$3` the limit; `more` are its `$4` and on.
/// `key` gives a row's cursor.
pub(crate) async fn list<T: Record>(
    pool: &Pool,
    sql: Sql,
    (window, order): (&Window, Order),
    more: Vec<Value>,
    key: impl Fn(&T) -> (i64, &str),
) -> Result<Listed<T>> {
    let limit = window.limit.clamp(1, MOST);
    let after = window.after.clone().unwrap_or_else(|| order.start());
    let mut arguments = args![after.at_us, after.id, i64::from(limit) + 1];
    arguments.extend(more);
    let mut rows: Vec<T> = pool.all(sql, arguments).await?;
    let goes_on = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = if goes_on { rows.last() } else { None };
    let next = last.map(|row| {
        let (at_us, id) = key(row);
        Cursor { at_us, id: id.to_owned() }
    });
    Ok(Listed { rows, next })
}

#[cfg(test)]
mod tests {
    use super::{Cursor, CursorError};

    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = Cursor { at_us: -5, id: "inc_1~x".to_owned() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!("12".parse::<Cursor>(), Err(CursorError));
        assert_eq!("a~b".parse::<Cursor>(), Err(CursorError));
    }
}
