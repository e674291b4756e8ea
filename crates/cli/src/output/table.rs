//! Tables that fit the terminal.

use std::io::IsTerminal as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns that give way are never cut below this.
const NARROWEST: usize = 12;
/// Blanks between columns.
const GAP: usize = 2;

/// One column: its heading, and how it behaves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    heading: &'static str,
    right: bool,
    gives_way: bool,
}

impl Column {
    /// Words that are always shown whole.
    pub(crate) const fn new(heading: &'static str) -> Self {
        Self { heading, right: false, gives_way: false }
    }

    /// Numbers.
    pub(crate) const fn right(heading: &'static str) -> Self {
        Self { heading, right: true, gives_way: false }
    }

    /// Text that is cut when the terminal is narrow.
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, right: false, gives_way: true }
    }
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    /// What is said instead of an empty table.
    empty: &'static str,
}

impl Table {
    pub(crate) fn new(columns: &[Column], empty: &'static str) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), empty }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Prints it, as wide as the terminal; a pipe gets everything.
    pub(crate) fn print(&self) -> std::io::Result<()> {
        super::say(&self.render(terminal_width()))
    }

    fn render(&self, width: Option<usize>) -> String {
        if self.rows.is_empty() {
            return format!("{}\n", self.empty);
        }
        let widths = self.widths(width);
        let headings: Vec<String> = self.columns.iter().map(|column| column.heading.to_owned()).collect();
        std::iter::once(&headings).chain(&self.rows).map(|cells| self.line(cells, &widths)).collect()
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, column), width) in cells.iter().zip(&self.columns).zip(widths) {
            let cell = cut(cell, *width);
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let parts = if column.right { [blanks, cell] } else { [cell, blanks] };
            line.extend(parts);
            line.push_str(&" ".repeat(GAP));
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    }

    /// What each column needs; columns that give way share what is left of `limit`, the widest first.
    fn widths(&self, limit: Option<usize>) -> Vec<usize> {
        let need = |index: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.width());
            cells.chain([self.columns[index].heading.width()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(need).collect();
        let Some(limit) = limit else { return widths };
        loop {
            let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
            let cuttable = |index: &usize| self.columns[*index].gives_way && widths[*index] > NARROWEST;
            let widest = (0..widths.len()).filter(cuttable).max_by_key(|index| widths[*index]);
            match widest {
                Some(index) if total > limit => widths[index] -= 1,
                _ => return widths,
            }
        }
    }
}

/// The text within `width` columns, with an ellipsis where something is missing.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

fn terminal_width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::{Column, Table};

    fn table() -> Table {
        let columns = [Column::new("INCIDENT"), Column::text("TITLE"), Column::right("ALERTS")];
        let mut table = Table::new(&columns, "No incident is open.");
        table.row(["INC-1".to_owned(), "Root login without a second factor".to_owned(), "14".to_owned()]);
        table.row(["INC-12".to_owned(), "磁盘已满".to_owned(), "1".to_owned()]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_their_contents_in_a_pipe() {
        let expected = "INCIDENT  TITLE                               ALERTS\n\
                        INC-1     Root login without a second factor      14\n\
                        INC-12    磁盘已满                                 1\n";
        assert_eq!(table().render(None), expected);
    }

    #[test]
    fn only_texts_give_way_in_a_narrow_terminal() {
        let expected = "INCIDENT  TITLE                ALERTS\n\
                        INC-1     Root login without…      14\n\
                        INC-12    磁盘已满                  1\n";
        assert_eq!(table().render(Some(37)), expected);
    }

    #[test]
    fn an_empty_table_says_so() {
        assert_eq!(Table::new(&[Column::new("A")], "Nothing.").render(None), "Nothing.\n");
    }
}
