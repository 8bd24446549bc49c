//! What the database refused, as [`kernel::Error`] with a stable code, and how a service turns a
//! refused constraint into an answer of its own.

use kernel::{Error, Kind, Result};

/// A `UNIQUE` or `PRIMARY KEY` constraint refused the change.
pub const UNIQUE: &str = "db_unique";
/// A `CHECK` constraint refused the change.
pub const CHECK: &str = "db_check";
/// A `FOREIGN KEY` constraint refused the change.
pub const FOREIGN_KEY: &str = "db_foreign_key";
/// The database is busy: a lock was not free in time, or the queue is full. Try again.
pub const BUSY: &str = "db_busy";
/// A transaction lost against others more often than it may be repeated. Try again.
pub const SERIALIZATION: &str = "db_serialization";
/// The database does not answer. Try again.
pub const UNAVAILABLE: &str = "db_unavailable";
/// A body awaited something other than its transaction, or used the `Db` inside it.
pub const FOREIGN_AWAIT: &str = "foreign_await";
/// A body went on after a statement had failed; nothing of it was kept.
pub const ABORTED: &str = "db_aborted";
/// The connection broke while committing: nobody knows whether the change was kept.
pub const COMMIT_UNKNOWN: &str = "commit_unknown";
/// Another process has the SQLite file.
pub const IN_USE: &str = "database_in_use";
/// The database was closed.
pub const CLOSED: &str = "database_closed";
/// The simulator crashed the process at this commit.
pub const SIM_CRASH: &str = "sim_crash";

/// True if `error` is a refused constraint whose name or columns contain `hint`.
///
/// PostgreSQL names the constraint (`accounts_email_key`), SQLite names the columns
/// (`accounts.email`): a column's name is a hint that works for both.
pub fn violated(error: &Error, hint: &str) -> bool {
    matches!(error.code(), UNIQUE | CHECK | FOREIGN_KEY)
        && error.source_text().is_some_and(|constraint| constraint.contains(hint))
}

/// Turns a refused constraint into an error of the service's own.
///
/// The transaction is over when a constraint has refused a statement: return the error. To try
/// something and go on, say `ON CONFLICT DO NOTHING` and look at the number of rows.
pub trait ResultExt<T> {
    /// `f()` if a `UNIQUE` or `PRIMARY KEY` constraint refused.
    fn on_unique(self, f: impl FnOnce() -> Error) -> Result<T>;
    /// `f()` if a `CHECK` constraint refused.
    fn on_check(self, f: impl FnOnce() -> Error) -> Result<T>;
    /// `f()` if a `FOREIGN KEY` constraint refused.
    fn on_foreign_key(self, f: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> ResultExt<T> for Result<T> {
    fn on_unique(self, f: impl FnOnce() -> Error) -> Self {
        self.map_err(|e| if e.code() == UNIQUE { f() } else { e })
    }
    fn on_check(self, f: impl FnOnce() -> Error) -> Self {
        self.map_err(|e| if e.code() == CHECK { f() } else { e })
    }
    fn on_foreign_key(self, f: impl FnOnce() -> Error) -> Self {
        self.map_err(|e| if e.code() == FOREIGN_KEY { f() } else { e })
    }
}

pub(crate) fn unique(constraint: &str) -> Error {
    Error::conflict(UNIQUE, "This already exists.").caused_by(constraint)
}

pub(crate) fn check(constraint: &str) -> Error {
    Error::conflict(CHECK, "The change would break a rule of the data.").caused_by(constraint)
}

pub(crate) fn foreign_key(constraint: &str) -> Error {
    Error::conflict(FOREIGN_KEY, "Something this refers to does not exist, or is still referred to.")
        .caused_by(constraint)
}

pub(crate) fn busy(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, BUSY, "The database is busy. Try again.").retry_after_s(1).caused_by(cause)
}

pub(crate) fn serialization(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, SERIALIZATION, "Others changed the same data at the same time. Try again.")
        .retry_after_s(1)
        .caused_by(cause)
}

pub(crate) fn unavailable(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, UNAVAILABLE, "The database does not answer. Try again.")
        .retry_after_s(1)
        .caused_by(cause)
}

pub(crate) fn commit_unknown(cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, COMMIT_UNKNOWN, "The database did not confirm the change. It may have been kept.")
        .caused_by(cause)
}

pub(crate) fn closed() -> Error {
    Error::new(Kind::Unavailable, CLOSED, "The database has been closed.")
}

pub(crate) fn foreign_await() -> Error {
    Error::new(Kind::Internal, FOREIGN_AWAIT, "Something went wrong on our side.")
        .caused_by("a transaction may only await the database, through its own Tx")
}

pub(crate) fn aborted(first: &Error) -> Error {
    Error::new(Kind::Internal, ABORTED, "Something went wrong on our side.")
        .caused_by(format!("the body went on after a failed statement; the first failure: {first}"))
}

pub(crate) fn panicked(payload: &(dyn std::any::Any + Send)) -> Error {
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Error::internal(format!("the body of a transaction panicked: {message}"))
}
