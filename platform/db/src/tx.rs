//! The transaction a write body is given.

use std::borrow::Cow;

use kernel::{Error, Result};

use crate::{Dialect, Row, Rows, Value, error, postgres::PgTx, sqlite::Connection, value::check_storable};

/// Work for after the commit.
pub(crate) type Hook = Box<dyn FnOnce() + Send>;

/// An open write transaction, handed to the body of [`crate::Db::write`].
///
/// A statement that fails ends the transaction, on both databases: what follows is refused, and
/// the body's changes are rolled back even if it returns `Ok`. To try something and go on, use a
/// statement that does not fail, such as `INSERT … ON CONFLICT DO NOTHING`.
pub struct Tx {
    pub(crate) inner: Inner,
    after_commit: Vec<Hook>,
    failed: Option<Error>,
}

pub(crate) enum Inner {
    Sqlite(Connection),
    Postgres(PgTx),
}

impl Tx {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner, after_commit: Vec::new(), failed: None }
    }

    /// All rows of the answer.
    pub async fn all(&mut self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        self.check_usable()?;
        check_storable(&params)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => connection.all(sql, &params),
            Inner::Postgres(tx) => tx.all(sql, &params).await,
        };
        self.note(answer)
    }

    /// The first row of the answer, if there is one.
    pub async fn opt(&mut self, sql: &str, params: Vec<Value>) -> Result<Option<Row>> {
        self.check_usable()?;
        check_storable(&params)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => connection.opt(sql, &params),
            Inner::Postgres(tx) => tx.opt(sql, &params).await,
        };
        self.note(answer)
    }

    /// The first row of the answer; there must be one.
    pub async fn one(&mut self, sql: &str, params: Vec<Value>) -> Result<Row> {
        self.opt(sql, params).await?.ok_or_else(|| no_row(sql))
    }

    /// The first row that a `SELECT` from one table finds; nobody else changes it until the transaction ends. SQLite has one
    /// writer at a time, so there that holds for everything; PostgreSQL locks the row as an update would, without writing it.
    pub async fn lock(&mut self, select: &str, params: Vec<Value>) -> Result<Option<Row>> {
        match self.dialect() {
            Dialect::Sqlite => self.opt(select, params).await,
            Dialect::Postgres => self.opt(&format!("{select} FOR NO KEY UPDATE"), params).await,
        }
    }

    /// Runs a statement; the number of rows it changed (or returned).
    pub async fn exec(&mut self, sql: &str, params: Vec<Value>) -> Result<u64> {
        self.check_usable()?;
        check_storable(&params)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => connection.exec(sql, &params),
            Inner::Postgres(tx) => tx.exec(sql, &params).await,
        };
        self.note(answer)
    }

    /// Has a statement run of which nobody needs the answer; its failure fails the transaction like any other. PostgreSQL
    /// gets it together with the next statement or the commit, which spares a way there and back.
    pub async fn defer(&mut self, sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Result<()> {
        self.check_usable()?;
        check_storable(&params)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => connection.exec(&sql.into(), &params).map(drop),
            Inner::Postgres(tx) => tx.defer(sql.into(), params).await,
        };
        self.note(answer)
    }

    /// Adds a row that nobody needs an answer for. PostgreSQL is given all of its kind in a few statements, at the end, or
    /// before a statement that names one of their tables: whoever looks for a row finds it. So a row of another table
    /// that refers to one of these is added in the same way, after it.
    pub async fn gather(&mut self, rows: &'static Rows, row: Vec<Value>) -> Result<()> {
        self.check_usable()?;
        check_storable(&row)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => connection.exec(rows.one(), &row).map(drop),
            Inner::Postgres(tx) => {
                tx.gather(rows, row);
                Ok(())
            }
        };
        self.note(answer)
    }

    /// Has `f` run once, after the commit and before the caller of `write` is answered. It does
    /// not run if the transaction is not kept, nor if nobody knows. For forgetting cached copies.
    pub fn after_commit(&mut self, f: impl FnOnce() + Send + 'static) {
        self.after_commit.push(Box::new(f));
    }

    /// Which SQL this transaction speaks.
    pub fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs several statements separated by semicolons, without parameters: migrations.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<()> {
        self.check_usable()?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => connection.script(sql),
            Inner::Postgres(tx) => tx.script(sql).await,
        };
        self.note(answer)
    }

    fn check_usable(&self) -> Result<()> {
        self.failed.as_ref().map_or(Ok(()), |first| Err(error::aborted(first)))
    }

    fn note<T>(&mut self, answer: Result<T>) -> Result<T> {
        if let Err(e) = &answer {
            self.failed = Some(e.clone());
        }
        answer
    }

    /// What the body's result counts for: `Ok` only if no statement had failed.
    pub(crate) fn judge<T>(&mut self, result: Result<T>) -> Result<T> {
        match (result, self.failed.take()) {
            (Ok(_), Some(first)) => Err(error::aborted(&first)),
            (result, _) => result,
        }
    }

    /// The hooks of the body that just ended.
    pub(crate) fn take_hooks(&mut self) -> Vec<Hook> {
        std::mem::take(&mut self.after_commit)
    }
}

pub(crate) fn no_row(sql: &str) -> Error {
    Error::internal(format!("no row where there must be one: {sql}"))
}

/// Runs hooks; one that panics is logged and does not stop the others, for the commit stands.
pub(crate) fn run_hooks(hooks: Vec<Hook>) {
    for hook in hooks {
        if let Err(payload) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(hook)) {
            tracing::error!(error = %error::panicked(&*payload), "work after a commit panicked");
        }
    }
}
