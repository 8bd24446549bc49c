//! Rows that a transaction adds and that may travel together.

use std::sync::OnceLock;

/// Most rows that share a statement: two to the power of one less than this.
const SIZES: usize = 6;

/// Rows that are added one by one and that PostgreSQL is given by the handful ([`crate::Tx::gather`]). A `static`, for
/// it is known by where it lives.
pub struct Rows {
    tables: &'static [&'static str],
    sql: fn(usize) -> String,
    /// Of one row, of two, four and so on: a few texts for any number of rows, so that each stays prepared.
    texts: [OnceLock<String>; SIZES],
}

impl Rows {
    /// Rows of these tables, or to which these tables refer; `sql` is the statement that adds so many, whose placeholders
    /// are their values in turn. A row that is there twice must not matter: PostgreSQL refuses an `ON CONFLICT DO UPDATE` that meets its own rows.
    pub const fn new(tables: &'static [&'static str], sql: fn(usize) -> String) -> Self {
        Self { tables, sql, texts: [const { OnceLock::new() }; SIZES] }
    }

    /// The statement for one row.
    pub(crate) fn one(&'static self) -> &'static str {
        self.text(0)
    }

    /// The statements for `rows` rows, in the order of the rows, with how many each of them takes.
    pub(crate) fn split(&'static self, mut rows: usize) -> impl Iterator<Item = (&'static str, usize)> {
        std::iter::from_fn(move || {
            let size = (rows.checked_ilog2()? as usize).min(SIZES - 1);
            rows -= 1 << size;
            Some((self.text(size), 1 << size))
        })
    }

    /// True if `sql` speaks of one of the tables, or of another whose name holds theirs.
    pub(crate) fn concern(&self, sql: &str) -> bool {
        self.tables.iter().any(|table| sql.contains(table))
    }

    fn text(&'static self, size: usize) -> &'static str {
        self.texts[size].get_or_init(|| (self.sql)(1 << size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static NOTES: Rows = Rows::new(&["notes"], |rows| format!("{rows} rows"));

    #[test]
    fn any_number_of_rows_takes_a_few_texts() {
        let split = |rows| NOTES.split(rows).collect::<Vec<_>>();
        assert_eq!(split(0), []);
        assert_eq!(split(1), [("1 rows", 1)]);
        assert_eq!(split(7), [("4 rows", 4), ("2 rows", 2), ("1 rows", 1)]);
        assert_eq!(split(66), [("32 rows", 32), ("32 rows", 32), ("2 rows", 2)]);
        assert!(NOTES.concern("SELECT 1 FROM notes") && !NOTES.concern("SELECT 1 FROM orders"));
    }
}
