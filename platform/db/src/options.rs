//! Where a database lives and how it is opened.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use kernel::{Random, SystemRandom};

use crate::Signals;

/// Which SQL a database speaks. Statements are one text for both; this is for the few that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL, over a connection.
    Postgres,
}

/// Where a database lives.
#[derive(Clone)]
pub enum Location {
    /// A file of this process alone. Its folder is made if missing.
    SqliteFile(PathBuf),
    /// A private database that is gone when it is closed; threads, groups and readers as with a file.
    SqliteMemory,
    /// One connection in memory; every call resolves at once, on the calling thread, without a
    /// runtime. Clones share the data. For the simulator.
    SqliteInline,
    /// One schema of a PostgreSQL database; it is made if missing.
    Postgres {
        /// `postgres://user:password@host/database`.
        url: String,
        /// Lower-case letters, digits and `_`.
        schema: String,
    },
}

impl fmt::Debug for Location {
    /// Without the URL: it holds a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteFile(path) => write!(f, "SqliteFile({})", path.display()),
            Self::SqliteMemory => f.write_str("SqliteMemory"),
            Self::SqliteInline => f.write_str("SqliteInline"),
            Self::Postgres { schema, .. } => write!(f, "Postgres(schema {schema})"),
        }
    }
}

/// How hard SQLite tries to keep a committed change through a loss of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// Every commit is on the disk before it is answered. The default: a lost order is worse than a slow one.
    Full,
    /// A loss of power may undo the last commits; the file stays sound.
    Normal,
    /// Nothing waits for the disk. For throw-away data.
    Off,
}

/// How a database is opened.
#[derive(Clone)]
pub struct Options {
    /// Names the database in messages, to PostgreSQL (`application_name`) and to [`CommitFaults`].
    pub name: String,
    /// SQLite: what a commit waits for.
    pub synchronous: Synchronous,
    /// SQLite: most reader connections; they are opened when needed.
    pub readers: usize,
    /// SQLite: most writes that share one commit.
    pub group_limit: usize,
    /// SQLite: most writes waiting; beyond that they are refused as busy.
    pub queue_limit: usize,
    /// SQLite: how long to wait for a lock held from outside (a backup tool, a shell).
    pub busy_timeout: Duration,
    /// PostgreSQL: most connections, half of them for reads and half for writes. Two at least.
    pub pool_size: usize,
    /// PostgreSQL: how long to wait for a connection, a free one or a new one.
    pub connect_timeout: Duration,
    /// PostgreSQL: how long a statement waits for a row or table lock.
    pub lock_timeout: Duration,
    /// PostgreSQL: how long a statement may run.
    pub statement_timeout: Duration,
    /// PostgreSQL: whether a schema that is missing is made. If not, opening fails.
    pub make_schema: bool,
    /// PostgreSQL: a role to act as instead of the one that logs in, in quotes if it needs them.
    pub act_as: Option<String>,
    /// PostgreSQL: how the processes on one database call each other. Shared by the databases of a process.
    pub signals: Signals,
    /// Spreads the repeats of transactions that lost against each other.
    pub random: Arc<dyn Random>,
    /// Decides the fate of each commit of a [`Location::SqliteInline`] database.
    pub commit_faults: Option<Arc<dyn CommitFaults>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "db".to_owned(),
            synchronous: Synchronous::Full,
            readers: 4,
            group_limit: 256,
            queue_limit: 10_000,
            busy_timeout: Duration::from_secs(5),
            pool_size: 8,
            connect_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            make_schema: true,
            act_as: None,
            signals: Signals::default(),
            random: Arc::new(SystemRandom),
            commit_faults: None,
        }
    }
}

impl Options {
    /// The defaults, under a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// What becomes of a commit in a simulated run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitFate {
    /// As usual.
    Commit,
    /// The process dies before: nothing is kept, the caller gets the code `sim_crash`.
    CrashBefore,
    /// The process dies after: everything is kept, the caller gets the code `sim_crash`.
    CrashAfter,
    /// Kept, but the answer is lost: the caller gets the code `commit_unknown`.
    Unknown,
    /// Not kept, and the caller cannot tell: it gets the code `commit_unknown`.
    AbortUnknown,
}

/// Decides the fate of commits; the simulator's hand in the database.
pub trait CommitFaults: Send + Sync {
    /// Asked once for every body that succeeded, just before it would be committed. The database is
    /// locked meanwhile and must not be used from here.
    fn on_commit(&self, db_name: &str) -> CommitFate;
}

/// What a database has done since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Transactions committed.
    pub writes: u64,
    /// Commits: fewer than `writes` where several transactions shared one.
    pub groups: u64,
    /// Transactions waiting now.
    pub queued: usize,
}
