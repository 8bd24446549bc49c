//! Copies the tables of a service from an embedded database into PostgreSQL, so that it can be
//! stopped at any moment and gone on with.
//!
//! What has been copied is noted in the transaction that copies it, in two tables of the target that
//! are gone when all is done; while they are there, [`refuse_unfinished`] keeps services away.

mod table;

use std::collections::BTreeMap;

use kernel::{Error, Result};

use self::table::Table;
use crate::{Db, Dialect, Tx, Value, migrate, params};

/// Rows copied in one transaction.
const BATCH: i64 = 1_000;

/// A table and how far it is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Name.
    pub table: String,
    /// Rows that are there.
    pub rows: i64,
    /// Rows there will be.
    pub of: i64,
}

/// What there was to do at the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It was empty.
    Anew,
    /// A copy had been begun and is gone on with.
    Again,
    /// It is a full copy already.
    Done,
}

/// A copy of one database into another. Nobody else may write to either.
pub struct Transfer {
    from: Db,
    to: Db,
    tables: Vec<Table>,
}

impl Transfer {
    /// Compares the tables on both sides, which the same migrations have made.
    ///
    /// # Errors
    /// Conflict, with the table's name, if they differ.
    pub async fn new(from: Db, to: Db) -> Result<Self> {
        let tables = Table::all(&from, &to).await?;
        Ok(Self { from, to, tables })
    }

    /// Rows to be copied.
    pub async fn size(&self) -> Result<i64> {
        let mut rows = 0;
        for table in &self.tables {
            rows += table.count(&self.from).await?;
        }
        Ok(rows)
    }

    /// Rows per table, for [`Transfer::begin`]: those of a database that is migrated and nothing else.
    pub async fn rows(db: &Db) -> Result<BTreeMap<String, i64>> {
        let mut rows = BTreeMap::new();
        for name in table::names(db).await? {
            let count = db.one(&format!("SELECT count(*) FROM \"{name}\""), params![]).await?;
            rows.insert(name, count.at(0)?);
        }
        Ok(rows)
    }

    /// Prepares the target: what its migrations have put there (`seeds`, rows per table) makes room,
    /// and references are checked at the end instead of row by row.
    ///
    /// # Errors
    /// Conflict if it holds anything else, or the beginning of a copy and `resume` is false.
    pub async fn begin(&self, seeds: &BTreeMap<String, i64>, resume: bool) -> Result<Begun> {
        match (is_unfinished(&self.to).await?, resume) {
            (true, true) => return Ok(Begun::Again),
            (true, false) => return Err(begun_before()),
            (false, _) => {}
        }
        for table in &self.tables {
            let found = table.count(&self.to).await?;
            if found != seeds.get(&table.name).copied().unwrap_or(0) {
                if resume && self.difference().await?.is_none() {
                    return Ok(Begun::Done);
                }
                return Err(not_empty(&table.name, found));
            }
        }
        let names: Vec<String> = self.tables.iter().map(|table| table.name.clone()).collect();
        let seeded = seeds.iter().filter(|(_, rows)| **rows > 0).map(|(name, _)| name.clone());
        let seeded: Vec<String> = seeded.collect();
        self.to.write(async move |tx| prepare(tx, &names, &seeded).await).await?;
        Ok(Begun::Anew)
    }

    /// Copies what is not there yet. `tell` hears of every batch.
    pub async fn copy(&self, mut tell: impl FnMut(Progress)) -> Result<()> {
        for table in &self.tables {
            let of = table.count(&self.from).await?;
            let (mut rows, mut after) = position(&self.to, &table.name).await?;
            loop {
                tell(Progress { table: table.name.clone(), rows, of });
                let batch = table.after(&self.from, after.as_deref(), BATCH).await?;
                let Some(last) = batch.last() else { break };
                let (key, count) = (table.key(last)?, i64::try_from(batch.len()).map_err(Error::internal)?);
                let (documents, insert, name) = (table.documents(&batch)?, table.insert(), table.name.clone());
                let (total, text) = (rows + count, serde_json::to_string(&key)?);
                let copied = self.to.write(async move |tx| {
                    let moved = tx.exec(MOVE_ON, params![&name, total, &text, rows]).await? == 1;
                    if moved {
                        tx.exec(&insert, params![Value::Json(documents.clone())]).await?;
                    }
                    Ok(moved)
                });
                (rows, after) = match copied.await? {
                    true => (total, Some(key)),
                    // A copy that was interrupted had this batch under way, and it is there now.
                    false => position(&self.to, &table.name).await?,
                };
            }
        }
        Ok(())
    }

    /// The first table whose number of rows or whose content differs, and how; none if all is equal.
    pub async fn difference(&self) -> Result<Option<String>> {
        for table in &self.tables {
            let (here, there) = (table.digest(&self.from).await?, table.digest(&self.to).await?);
            if here != there {
                let (name, (rows, sum), (copied, other)) = (&table.name, here, there);
                return Ok(Some(format!("{name}: {rows} rows ({sum}) here, {copied} ({other}) there")));
            }
        }
        Ok(None)
    }

    /// Numbers go on where they were, references are checked and kept, and the notes of the copy are
    /// gone; all or nothing. Then the server is told how much there is of what.
    ///
    /// # Errors
    /// Internal if a reference leads nowhere.
    pub async fn finish(&self) -> Result<()> {
        let mut counters = Vec::new();
        for table in self.tables.iter().filter(|table| table.counter.is_some()) {
            counters.push(table.go_on_counting(&self.from).await?);
        }
        self.to
            .write(async move |tx| {
                tx.script("SET LOCAL statement_timeout = 0").await?;
                for row in tx.all("SELECT statement FROM scale_out_references", params![]).await? {
                    tx.script(&row.get::<String>("statement")?).await?;
                }
                for (statement, values) in &counters {
                    tx.opt(statement, values.clone()).await?;
                }
                tx.script("DROP TABLE scale_out_references; DROP TABLE scale_out").await
            })
            .await?;
        let analyze: String = self.tables.iter().map(|table| format!("ANALYZE \"{}\";", table.name)).collect();
        self.to.write(async move |tx| tx.script(&analyze).await).await
    }
}

/// Fails if a copy into this database has been begun and not finished.
pub async fn refuse_unfinished(db: &Db) -> Result<()> {
    if is_unfinished(db).await? { Err(begun_before()) } else { Ok(()) }
}

async fn is_unfinished(db: &Db) -> Result<bool> {
    match db.dialect() {
        Dialect::Sqlite => Ok(false),
        Dialect::Postgres => {
            Ok(db.opt("SELECT 1 WHERE to_regclass('scale_out') IS NOT NULL", params![]).await?.is_some())
        }
    }
}

/// What is noted: how far each table is, and the references to be restored.
const NOTES: &str = "
    CREATE TABLE scale_out (name TEXT NOT NULL PRIMARY KEY, rows BIGINT NOT NULL, after TEXT);
    CREATE TABLE scale_out_references (statement TEXT NOT NULL PRIMARY KEY);";
const REFERENCES: &str = "
    SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS restore,
           format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS remove
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
/// Before the rows themselves: of two who have the same batch in hand, one finds that it is no longer next.
const MOVE_ON: &str = "UPDATE scale_out SET rows = $2, after = $3 WHERE name = $1 AND rows = $4";

async fn prepare(tx: &mut Tx, tables: &[String], seeded: &[String]) -> Result<()> {
    tx.script(&migrate::translate(NOTES, tx.dialect())?).await?;
    for name in tables {
        tx.exec("INSERT INTO scale_out (name, rows) VALUES ($1, 0)", params![name]).await?;
    }
    for row in tx.all(REFERENCES, params![]).await? {
        let restore: String = row.get("restore")?;
        tx.exec("INSERT INTO scale_out_references (statement) VALUES ($1)", params![restore]).await?;
        tx.script(&row.get::<String>("remove")?).await?;
    }
    for name in seeded {
        tx.exec(&format!("DELETE FROM \"{name}\""), params![]).await?;
    }
    Ok(())
}

/// Rows copied of a table, and the key of the last one.
async fn position(to: &Db, table: &str) -> Result<(i64, Option<Vec<serde_json::Value>>)> {
    let row = to.one("SELECT rows, after FROM scale_out WHERE name = $1", params![table]).await?;
    let after: Option<String> = row.get("after")?;
    Ok((row.get("rows")?, after.map(|text| serde_json::from_str(&text)).transpose()?))
}

fn begun_before() -> Error {
    let detail = "A copy into this database was begun and not finished. Go on with `souk scale-out --resume`.";
    Error::conflict("copy_unfinished", detail)
}

fn not_empty(table: &str, rows: i64) -> Error {
    let detail = format!("The target is not empty: its table “{table}” has {rows} rows that did not come from here.");
    Error::conflict("target_not_empty", detail)
}
