//! Reading in bounded pages, by the last key seen.

use db::{Db, Row, Value, placeholders};
use kernel::Result;

/// Keys read at once.
const PAGE: usize = 500;

/// Pages of an answer.
///
/// The statement orders by its first columns, `key`, `key2` … (as many as there are keys), takes the
/// last ones seen as `$1`, `$2` … and the number wanted as the parameter after them. It may answer
/// with several rows per key.
pub struct Pages<'a> {
    db: &'a Db,
    sql: &'a str,
    more: Vec<Value>,
    after: Vec<String>,
    done: bool,
}

const NAMES: [&str; 3] = ["key", "key2", "key3"];

impl<'a> Pages<'a> {
    /// Pages of `sql` by one key.
    pub fn of(db: &'a Db, sql: &'a str) -> Self {
        Self::by(1, db, sql, Vec::new())
    }
    /// Pages of `sql` by `keys` keys, with further parameters.
    pub fn by(keys: usize, db: &'a Db, sql: &'a str, more: Vec<Value>) -> Self {
        Self { db, sql, more, after: vec![String::new(); keys], done: false }
    }

    /// The next page.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>> {
        if self.done {
            return Ok(None);
        }
        let mut params: Vec<Value> = self.after.iter().map(Value::from).collect();
        params.push(Value::Int(PAGE as i64));
        params.extend(self.more.iter().cloned());
        let rows = self.db.all(self.sql, params).await?;
        let mut keys = 0;
        for row in &rows {
            let key: Vec<String> =
                NAMES.iter().take(self.after.len()).map(|name| row.get(name)).collect::<Result<_>>()?;
            if key != self.after {
                keys += 1;
                self.after = key;
            }
        }
        self.done = keys < PAGE;
        Ok(if rows.is_empty() { None } else { Some(rows) })
    }
}

/// Rows of `sql` for these values; `{}` in it becomes their placeholders.
pub async fn rows_in(db: &Db, sql: &str, values: &[String]) -> Result<Vec<Row>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    db.all(&sql.replace("{}", &placeholders(1, values.len())), values.iter().map(Value::from).collect()).await
}

/// A column of all rows, each value once, in order.
pub fn column(rows: &[Row], name: &str) -> Result<Vec<String>> {
    let mut all = rows.iter().map(|row| row.get::<String>(name)).collect::<Result<Vec<_>>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
