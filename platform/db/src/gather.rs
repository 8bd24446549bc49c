//! Rows that a transaction adds and that may travel together.

use std::sync::OnceLock;

/// How many rows share a statement: few sizes, so that each text stays prepared, and all the small ones, for most of what
/// travels together is that much.
const SIZES: [usize; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 16, 32];

/// Rows that are added one by one and that PostgreSQL is given by the handful ([`crate::Tx::gather`]). A `static`, for
/// it is known by where it lives.
pub struct Rows {
    tables: &'static [&'static str],
    sql: fn(usize) -> String,
    /// Of each size.
    texts: [OnceLock<String>; SIZES.len()],
}

impl Rows {
    /// Rows of these tables, or to which these tables refer; `sql` is the statement that adds so many, whose placeholders
    /// are their values in turn. A row that is there twice must not matter: PostgreSQL refuses an `ON CONFLICT DO UPDATE` that meets its own rows.
    pub const fn new(tables: &'static [&'static str], sql: fn(usize) -> String) -> Self {
        Self { tables, sql, texts: [const { OnceLock::new() }; SIZES.len()] }
    }

    /// The statement for one row.
    pub(crate) fn one(&'static self) -> &'static str {
        self.text(0)
    }

    /// The statements for `rows` rows, in the order of the rows, with how many each of them takes.
    pub(crate) fn split(&'static self, mut rows: usize) -> impl Iterator<Item = (&'static str, usize)> {
        std::iter::from_fn(move || {
            let size = SIZES.iter().rposition(|&size| size <= rows)?;
            rows -= SIZES[size];
            Some((self.text(size), SIZES[size]))
        })
    }

    /// True if `sql` speaks of one of the tables, or of another whose name holds theirs.
    pub(crate) fn concern(&self, sql: &str) -> bool {
        self.tables.iter().any(|table| sql.contains(table))
    }

    fn text(&'static self, size: usize) -> &'static str {
        self.texts[size].get_or_init(|| (self.sql)(SIZES[size]))
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
        assert_eq!(split(7), [("7 rows", 7)]);
        assert_eq!(split(13), [("8 rows", 8), ("5 rows", 5)]);
        assert_eq!(split(66), [("32 rows", 32), ("32 rows", 32), ("2 rows", 2)]);
        assert!(NOTES.concern("SELECT 1 FROM notes") && !NOTES.concern("SELECT 1 FROM orders"));
    }
}
