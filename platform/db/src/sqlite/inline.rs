//! SQLite without threads: one connection in memory, every call runs to its end at once. The
//! simulator decides what becomes of each commit.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use kernel::{Error, Kind, Result};
use tokio::sync::watch;

use super::{Connection, writer::poll_once};
use crate::{
    CommitFate, Options, Row, Stats, Tx, Value, error,
    tx::{self, Inner},
};

/// A database on the calling thread.
pub(crate) struct InlineDb {
    tx: Mutex<Tx>,
    options: Options,
    writes: AtomicU64,
    commits: watch::Sender<u64>,
}

impl InlineDb {
    pub(crate) fn open(options: Options) -> Result<Self> {
        let tx = Mutex::new(Tx::new(Inner::Sqlite(Connection::open_inline(&options)?)));
        Ok(Self { tx, options, writes: AtomicU64::new(0), commits: watch::Sender::new(0) })
    }

    fn lock(&self) -> MutexGuard<'_, Tx> {
        self.tx.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn all(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        connection(&mut self.lock())?.all(sql, params)
    }

    pub(crate) fn opt(&self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        connection(&mut self.lock())?.opt(sql, params)
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<()> {
        connection(&mut self.lock())?.prepare(sql)
    }

    pub(crate) fn write<T, F>(&self, body: F) -> Result<T>
    where
        F: AsyncFn(&mut Tx) -> Result<T>,
    {
        let mut tx = self.lock();
        connection(&mut tx)?.control("BEGIN IMMEDIATE")?;
        let result = poll_once(body, &mut tx);
        let hooks = tx.take_hooks();
        let value = match result {
            Ok(value) => value,
            Err(e) => {
                roll_back(&mut tx)?;
                return Err(e);
            }
        };
        self.commit(&mut tx)?;
        drop(tx);
        tx::run_hooks(hooks);
        self.commits.send_modify(|n| *n += 1);
        Ok(value)
    }

    /// Lets the fault hook decide, and does what it says.
    fn commit(&self, tx: &mut Tx) -> Result<()> {
        let fate = self.options.commit_faults.as_ref().map_or(CommitFate::Commit, |f| f.on_commit(&self.options.name));
        match fate {
            CommitFate::Commit | CommitFate::CrashAfter | CommitFate::Unknown => {
                if let Err(e) = connection(tx)?.control("COMMIT") {
                    roll_back(tx)?;
                    return Err(e);
                }
                self.writes.fetch_add(1, Ordering::Relaxed);
            }
            CommitFate::CrashBefore | CommitFate::AbortUnknown => roll_back(tx)?,
        }
        match fate {
            CommitFate::Commit => Ok(()),
            CommitFate::CrashBefore | CommitFate::CrashAfter => {
                Err(Error::new(Kind::Unavailable, error::SIM_CRASH, "The simulated process has crashed."))
            }
            CommitFate::Unknown | CommitFate::AbortUnknown => Err(error::commit_unknown("the simulator says so")),
        }
    }

    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    pub(crate) fn observe(&self) -> Stats {
        let writes = self.writes.load(Ordering::Relaxed);
        Stats { writes, groups: writes, queued: 0 }
    }
}

fn connection(tx: &mut Tx) -> Result<&mut Connection> {
    match &mut tx.inner {
        Inner::Sqlite(connection) => Ok(connection),
        Inner::Postgres(_) => Err(Error::internal("an inline database is SQLite")),
    }
}

fn roll_back(tx: &mut Tx) -> Result<()> {
    let connection = connection(tx)?;
    if connection.is_in_transaction() { connection.control("ROLLBACK") } else { Ok(()) }
}
