//! SQLite: one writer thread per file that lets waiting transactions share a commit, and a few
//! reader connections used on the calling thread.

mod connection;
mod file_lock;
mod inline;
mod writer;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::Result;
use tokio::sync::{Semaphore, watch};

pub(crate) use self::{connection::Connection, inline::InlineDb};
use self::{file_lock::FileLock, writer::Writer};
use crate::{Location, Options, Row, Stats, Synchronous, Tx, Value, error};

/// A SQLite database with its threads.
pub(crate) struct SqliteDb {
    path: PathBuf,
    options: Options,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    /// As many permits as there may be readers.
    reading: Semaphore,
}

/// What lives exactly as long as the writer's connection, and goes after it.
struct Premises {
    _lock: FileLock,
    folder: Option<tempfile::TempDir>,
}

impl SqliteDb {
    pub(crate) fn open(location: &Location, mut options: Options) -> Result<Self> {
        let folder = match location {
            Location::SqliteFile(_) => None,
            _ => Some(tempfile::TempDir::with_prefix("souk-db-").map_err(error::unavailable)?),
        };
        let path = match (location, &folder) {
            (_, Some(folder)) => {
                options.synchronous = Synchronous::Off;
                folder.path().join("memory.sqlite")
            }
            (Location::SqliteFile(path), None) => path.clone(),
            (_, None) => return Err(kernel::Error::internal("not a place for a SQLite file")),
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|e| error::unavailable(format!("cannot make {}: {e}", parent.display())))?;
        }
        let premises = Premises { _lock: FileLock::take(&path)?, folder };
        let connection = Connection::open_writer(&path, &options)?;
        let writer = Writer::start(Tx::new(crate::tx::Inner::Sqlite(connection)), premises, &options)?;
        let reading = Semaphore::new(options.readers.max(1));
        Ok(Self { path, options, writer, readers: Mutex::new(Vec::new()), reading })
    }

    pub(crate) async fn all(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.read(|connection| connection.all(sql, params)).await
    }

    pub(crate) async fn opt(&self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        self.read(|connection| connection.opt(sql, params)).await
    }

    pub(crate) async fn prepare(&self, sql: &str) -> Result<()> {
        self.read(|connection| connection.prepare(sql)).await
    }

    /// Reads on this thread: a read takes microseconds, a hop to another thread takes longer. The
    /// budget makes a task that only reads give way to others now and then.
    async fn read<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        tokio::task::consume_budget().await;
        let _permit = self.reading.acquire().await.map_err(|_| error::closed())?;
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::open_reader(&self.path, &self.options)?,
        };
        let answer = f(&mut connection);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        answer
    }

    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T>
    where
        F: AsyncFn(&mut Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.write(body).await
    }

    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.writer.commits()
    }

    pub(crate) fn observe(&self) -> Stats {
        self.writer.observe()
    }

    /// Where the file is.
    #[cfg(test)]
    pub(crate) fn folder(&self) -> PathBuf {
        self.path.parent().map(PathBuf::from).unwrap_or_default()
    }

    /// Lets the waiting writes finish, then closes everything and frees the file.
    pub(crate) async fn close(&self) {
        self.reading.close();
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer.close().await;
    }
}

/// Opens the database a location names, with threads or without.
pub(crate) fn open(location: &Location, options: Options) -> Result<crate::Inner> {
    Ok(match location {
        Location::SqliteInline => crate::Inner::Inline(Arc::new(InlineDb::open(options)?)),
        _ => crate::Inner::Sqlite(Arc::new(SqliteDb::open(location, options)?)),
    })
}
