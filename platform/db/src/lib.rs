//! The data layer: one way to read and write that SQLite and PostgreSQL both understand.
//!
//! A service's `store.rs` is plain async functions over `&mut Tx` (or `&Db` for reads) with **one
//! SQL text** and `$1` placeholders. Ids are `TEXT`, money and time `BIGINT`, documents `JSON`.
//!
//! - **Reads** outside a transaction ([`Db::all`], [`Db::opt`], [`Db::one`]) cannot write.
//! - **Writes** go through [`Db::write`]: a body is given a [`Tx`], may await nothing but that `Tx`,
//!   and its changes are kept if and only if it returns `Ok` and no statement had failed. The
//!   caller is answered after the commit. A caller that goes away does not stop its transaction.
//! - A refused constraint is a [`kernel::Error`] with a stable code; see [`ResultExt`].
//! - Decide with one conditional statement (`UPDATE … SET on_hand = on_hand - $2 WHERE id = $1 AND
//!   on_hand >= $2`) and look at the number of rows; lock rows in sorted order.
//!
//! Portable SQL, learned on both: compare flags as numbers (`WHERE active = 1`); a placeholder
//! whose type PostgreSQL cannot infer takes a cast (`$1::bigint`), which SQLite ignores; `sum()`
//! of integers is read as a number on both; fractions are refused, so ask for sum and count. Text
//! is ordered and compared byte by byte, `LIKE` tells capitals apart and `lower()` knows only ASCII.

mod duty;
mod gather;
mod mark;
mod migrate;
mod options;
mod placeholders;
mod postgres;
mod row;
mod sqlite;
mod tx;
mod value;

#[cfg(test)]
mod tests;

pub mod error;
pub mod testing;
pub mod transfer;

use std::{sync::Arc, time::Duration};

use kernel::{Result, VendorId, VendorScope};
use tokio::sync::watch;

pub use duty::{Duty, Signals};
pub use error::{ResultExt, violated};
pub use gather::Rows;
pub use mark::in_transaction;
pub use migrate::Migration;
pub use options::{CommitFate, CommitFaults, Dialect, Location, Options, Stats, Synchronous};
pub use placeholders::{placeholders, rows_sql};
pub use postgres::{Estate, OUTBOX_BOOKMARK, check_url};
pub use row::Row;
pub use tx::Tx;
pub use value::{FromValue, Value, json};

/// Between two looks on PostgreSQL: what one costs, about.
const GATHERING: Duration = Duration::from_millis(4);

/// A database. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Db {
    inner: Inner,
    /// Whose rows PostgreSQL shows; everybody's if nobody is named.
    vendor: Option<VendorId>,
}

#[derive(Clone)]
enum Inner {
    Sqlite(Arc<sqlite::SqliteDb>),
    Inline(Arc<sqlite::InlineDb>),
    Postgres(Arc<postgres::PgDb>),
}

impl Db {
    /// Opens the database at `location`, making its file or schema if missing.
    pub async fn open(location: Location, options: Options) -> Result<Self> {
        let inner = match location {
            Location::Postgres { url, schema } => {
                Inner::Postgres(Arc::new(postgres::PgDb::open(&url, &schema, options).await?))
            }
            location => sqlite::open(&location, options)?,
        };
        Ok(Self { inner, vendor: None })
    }

    /// The same database as one vendor has it. On PostgreSQL, statements and transactions then find
    /// and write that vendor's rows alone in every table that is fenced (see [`Migration`]): a
    /// statement that forgets the vendor finds too little instead of too much. SQLite has no such
    /// fences; there the statements alone keep vendors apart.
    #[must_use]
    pub fn as_vendor(&self, scope: &VendorScope) -> Self {
        Self { inner: self.inner.clone(), vendor: Some(scope.vendor_id()) }
    }

    /// All rows of the answer. Nothing caps them: bound the statement with `LIMIT`.
    pub async fn all(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        refuse_in_transaction()?;
        value::check_storable(&params)?;
        match &self.inner {
            Inner::Sqlite(db) => db.all(sql, &params).await,
            Inner::Inline(db) => db.all(sql, &params),
            Inner::Postgres(db) => db.all(sql, &params, self.vendor).await,
        }
    }

    /// The first row of the answer, if there is one.
    pub async fn opt(&self, sql: &str, params: Vec<Value>) -> Result<Option<Row>> {
        refuse_in_transaction()?;
        value::check_storable(&params)?;
        match &self.inner {
            Inner::Sqlite(db) => db.opt(sql, &params).await,
            Inner::Inline(db) => db.opt(sql, &params),
            Inner::Postgres(db) => db.opt(sql, &params, self.vendor).await,
        }
    }

    /// The first row of the answer; there must be one.
    pub async fn one(&self, sql: &str, params: Vec<Value>) -> Result<Row> {
        self.opt(sql, params).await?.ok_or_else(|| tx::no_row(sql))
    }

    /// Runs `body` in a write transaction and answers after the commit.
    ///
    /// The body may await nothing but its [`Tx`]; anything else, this `Db` included, is an error
    /// with the code `foreign_await` and nothing is kept. On PostgreSQL a body that lost against
    /// another (serialisation failure, deadlock) is run again, up to five times, so it must not
    /// have effects outside the transaction; use [`Tx::after_commit`]. A panic is caught, rolled
    /// back and answered as an internal error.
    pub async fn write<T, F>(&self, body: F) -> Result<T>
    where
        F: AsyncFn(&mut Tx) -> Result<T> + Send + Sync + 'static,
        T: Send + 'static,
    {
        refuse_in_transaction()?;
        match &self.inner {
            Inner::Sqlite(db) => db.write(body).await,
            Inner::Inline(db) => db.write(body),
            Inner::Postgres(db) => db.write(body, self.vendor).await,
        }
    }

    /// Compiles `sql` without running it: lets a test check every statement of a service.
    pub async fn prepare(&self, sql: &str) -> Result<()> {
        refuse_in_transaction()?;
        match &self.inner {
            Inner::Sqlite(db) => db.prepare(sql).await,
            Inner::Inline(db) => db.prepare(sql),
            Inner::Postgres(db) => db.prepare(sql).await,
        }
    }

    /// Which SQL this database speaks.
    pub fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(_) | Inner::Inline(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How long what is looked for again and again is let gather between two looks. On PostgreSQL each look costs several ways
    /// there and back, which whatever is found together shares, and so it does a commit; the first of a crowd does not wait.
    pub fn gathering(&self) -> Duration {
        match self.dialect() {
            Dialect::Sqlite => Duration::ZERO,
            Dialect::Postgres => GATHERING,
        }
    }

    /// Applies those of `migrations` that `service` has not had yet, all or none; the number applied.
    ///
    /// Refuses if one that was applied has been edited since. Safe to call from several replicas
    /// at once. Versions the database has and this program does not know are left alone: a newer
    /// replica has made them.
    pub async fn migrate(&self, service: &str, migrations: &[Migration]) -> Result<u32> {
        migrate::run(self, service, migrations).await
    }

    /// The work `name` on this database, which one process at a time does.
    pub fn duty(&self, name: &str) -> Duty {
        Duty(match &self.inner {
            Inner::Sqlite(_) | Inner::Inline(_) => duty::Inner::Alone,
            Inner::Postgres(db) => duty::Inner::Shared(db.duty(name)),
        })
    }

    /// Versions of `migrations` that `service` has not had yet: what [`Db::migrate`] would apply.
    pub async fn pending(&self, service: &str, migrations: &[Migration]) -> Result<Vec<u32>> {
        migrate::pending(self, service, migrations).await
    }

    /// Counts the writes committed on this `Db` in this process; wakes with each commit. What
    /// other processes commit is not seen.
    pub fn on_commit(&self) -> watch::Receiver<u64> {
        match &self.inner {
            Inner::Sqlite(db) => db.commits(),
            Inner::Inline(db) => db.commits(),
            Inner::Postgres(db) => db.commits(),
        }
    }

    /// What this database has done so far.
    pub fn observe(&self) -> Stats {
        match &self.inner {
            Inner::Sqlite(db) => db.observe(),
            Inner::Inline(db) => db.observe(),
            Inner::Postgres(db) => db.observe(),
        }
    }

    /// Lets the writes that wait or run finish, then closes all connections and frees the file.
    /// Whatever is asked afterwards is answered with the code `database_closed`.
    pub async fn close(&self) {
        match &self.inner {
            Inner::Sqlite(db) => db.close().await,
            Inner::Inline(_) => {}
            Inner::Postgres(db) => db.close().await,
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.dialect())
    }
}

/// A read or a second write inside a write body would not see the open transaction, and could
/// wait for it forever.
fn refuse_in_transaction() -> Result<()> {
    if in_transaction() { Err(error::foreign_await()) } else { Ok(()) }
}
