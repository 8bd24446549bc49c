//! PostgreSQL's refusals as ours, and which of them are worth another try.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use kernel::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::error;

/// A failed statement.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) retry: Retry,
}

/// Whether running the whole transaction again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    /// It would fail again, or may have effects.
    No,
    /// It lost against another transaction.
    Lost,
    /// A prepared statement is older than the last migration.
    StalePlan,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, retry: Retry::No }
    }
}

impl Failure {
    /// What `cause` means for the statement `sql`.
    pub(super) fn of(cause: &tokio_postgres::Error, sql: &str) -> Self {
        match cause.as_db_error() {
            Some(refusal) => Self { error: from_refusal(refusal, sql), retry: retry(refusal) },
            None if is_disconnected(cause) => error::unavailable(describe(cause)).into(),
            None => Error::internal(format!("{} in: {sql}", describe(cause))).into(),
        }
    }

    /// What `cause` means for a `COMMIT`. Without a clear refusal nobody knows what became of it.
    pub(super) fn of_commit(cause: &tokio_postgres::Error) -> Self {
        match cause.as_db_error() {
            Some(refusal) if is_clear(refusal.code()) => Self::of(cause, "COMMIT"),
            _ => error::commit_unknown(describe(cause)).into(),
        }
    }

    /// The same for a statement that went out together with its `COMMIT`: if the line broke, nobody knows how far the
    /// server has come.
    pub(super) fn beside_a_commit(self) -> Self {
        if self.error.code() == error::UNAVAILABLE { error::commit_unknown(self.error).into() } else { self }
    }
}

/// Constraints checked at the end, and transactions that lost: surely not committed.
fn is_clear(code: &SqlState) -> bool {
    code.code().starts_with("23") || code.code().starts_with("40") || code.code().starts_with("25")
}

fn retry(refusal: &DbError) -> Retry {
    match *refusal.code() {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Retry::Lost,
        SqlState::FEATURE_NOT_SUPPORTED if refusal.message().contains("cached plan") => Retry::StalePlan,
        _ => Retry::No,
    }
}

fn from_refusal(refusal: &DbError, sql: &str) -> Error {
    let constraint = || format!("{}: {}", refusal.table().unwrap_or("?"), refusal.constraint().unwrap_or("?"));
    let code = refusal.code();
    match *code {
        SqlState::UNIQUE_VIOLATION | SqlState::EXCLUSION_VIOLATION => error::unique(&constraint()),
        SqlState::CHECK_VIOLATION => error::check(&constraint()),
        SqlState::FOREIGN_KEY_VIOLATION => error::foreign_key(&constraint()),
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => error::serialization(refusal),
        SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => error::busy(refusal),
        // Connections, resources, shutting down.
        _ if ["08", "53", "57"].iter().any(|class| code.code().starts_with(class)) => error::unavailable(refusal),
        _ => Error::internal(format!("{} {} in: {sql}", code.code(), refusal.message())),
    }
}

fn is_disconnected(cause: &tokio_postgres::Error) -> bool {
    cause.is_closed() || cause.source().is_some_and(|source| source.is::<std::io::Error>())
}

/// With the reason behind it, which the driver's own text leaves out.
pub(super) fn describe(cause: &tokio_postgres::Error) -> String {
    match cause.source() {
        Some(source) => format!("{cause}: {source}"),
        None => cause.to_string(),
    }
}

pub(super) fn from_pool(cause: PoolError) -> Error {
    match cause {
        PoolError::Closed => error::closed(),
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => error::busy("no free connection in time"),
        PoolError::Backend(e) => error::unavailable(describe(&e)),
        other => error::unavailable(other),
    }
}
