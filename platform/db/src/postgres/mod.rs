//! PostgreSQL: a pool of connections, one schema, and write bodies on a few threads of their own.

mod connect;
mod estate;
mod failure;
mod group;
mod lease;
mod line;
mod scope;
mod tls;
mod types;
mod write;

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use deadpool_postgres::{ClientWrapper, Object, Pool};
use futures::{TryStreamExt, future::join3};
use kernel::{Result, VendorId};
use tokio::sync::watch;
use tokio_postgres::{RowStream, Statement};
use tokio_util::task::TaskTracker;

pub use self::estate::{Estate, OUTBOX_BOOKMARK};
use self::{
    connect::Connector,
    failure::{Failure, Retry},
    group::Queue,
    types::{Bound, Cell},
};
pub(crate) use self::{
    connect::run_script,
    line::{Line, PgDuty},
    write::PgTx,
};
use crate::{Options, Row, Stats, Value, row::Columns};

/// Refuses an URL that could never be used. Nobody is asked.
///
/// # Errors
/// Invalid, with the reason and without the URL: it holds a password.
pub fn check_url(url: &str) -> Result<()> {
    tls::parse(url).map(drop)
}

/// One schema of a PostgreSQL database.
pub(crate) struct PgDb {
    /// Connections on the runtime the database was opened on.
    reads: Pool,
    /// Connections on the thread that polls the write bodies.
    writes: Pool,
    /// Which of these threads that is.
    worker: usize,
    /// To the other processes that have this database open.
    line: Arc<Line>,
    schema: String,
    options: Options,
    /// Counts the writes that run, so that closing can wait for them.
    running: TaskTracker,
    queue: Queue,
    /// Most shared transactions at once.
    lanes: usize,
    /// How they begin.
    begin_together: Cow<'static, str>,
    queued: AtomicUsize,
    committed: AtomicU64,
    groups: AtomicU64,
    commits: watch::Sender<u64>,
}

impl PgDb {
    pub(crate) async fn open(url: &str, schema: &str, options: Options) -> Result<Self> {
        let connector = Connector::new(url, schema, &options)?;
        connector.make_schema(schema, options.make_schema).await?;
        // Reads and writes have connections of their own, for these live on different threads.
        let for_reads = options.pool_size / 2;
        let for_writes = options.pool_size - for_reads;
        let begin_together = group::begin_together(options.lock_timeout).into();
        let line = options.signals.join(Line::new(connector.clone()));
        let writes = connector.for_writes().into_pool(for_writes, options.connect_timeout)?;
        let reads = connector.into_pool(for_reads, options.connect_timeout)?;
        Ok(Self {
            reads,
            writes,
            worker: write::next_worker(),
            line,
            schema: schema.to_owned(),
            options,
            running: TaskTracker::new(),
            queue: Queue::default(),
            lanes: for_writes.max(1),
            begin_together,
            queued: AtomicUsize::new(0),
            committed: AtomicU64::new(0),
            groups: AtomicU64::new(0),
            commits: watch::Sender::new(0),
        })
    }

    /// Reads on a connection of the pool. Sessions are read-only outside write transactions, so
    /// a statement that writes is refused here as it is on SQLite.
    pub(crate) async fn all(&self, sql: &str, params: &[Value], vendor: Option<VendorId>) -> Result<Vec<Row>> {
        let client = self.client(&self.reads).await?;
        let answer = match query(&client, sql, params, vendor).await {
            Err(Failure { retry: Retry::StalePlan, .. }) => {
                self.forget_plans();
                query(&client, sql, params, vendor).await
            }
            answer => answer,
        };
        answer.map_err(|failure| failure.error)
    }

    pub(crate) async fn opt(&self, sql: &str, params: &[Value], vendor: Option<VendorId>) -> Result<Option<Row>> {
        Ok(self.all(sql, params, vendor).await?.into_iter().next())
    }

    pub(crate) async fn prepare(&self, sql: &str) -> Result<()> {
        let client = self.client(&self.reads).await?;
        client.prepare(sql).await.map(drop).map_err(|e| Failure::of(&e, sql).error)
    }

    async fn client(&self, pool: &Pool) -> Result<Object> {
        self.queued.fetch_add(1, Ordering::Relaxed);
        let client = pool.get().await;
        self.queued.fetch_sub(1, Ordering::Relaxed);
        client.map_err(failure::from_pool)
    }

    /// Forgets prepared statements whose tables a migration has changed meanwhile.
    fn forget_plans(&self) {
        self.reads.manager().statement_caches.clear();
        self.writes.manager().statement_caches.clear();
    }

    pub(crate) fn duty(&self, name: &str) -> PgDuty {
        self.line.duty(format!("{}.{name}", self.schema))
    }

    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    pub(crate) fn observe(&self) -> Stats {
        Stats {
            writes: self.committed.load(Ordering::Relaxed),
            groups: self.groups.load(Ordering::Relaxed),
            queued: self.queued.load(Ordering::Relaxed) + self.queue.len(),
        }
    }

    /// Returns when the writes that run have ended and the idle connections are closed.
    pub(crate) async fn close(&self) {
        self.running.close();
        self.running.wait().await;
        self.reads.close();
        self.writes.close();
    }
}

async fn query(
    client: &ClientWrapper,
    sql: &str,
    params: &[Value],
    vendor: Option<VendorId>,
) -> Result<Vec<Row>, Failure> {
    let failed = |e: tokio_postgres::Error| Failure::of(&e, sql);
    let statement = client.prepare_cached(sql).await.map_err(failed)?;
    let asking = async {
        let answer = client.query_raw(&statement, params.iter().map(Bound)).await?;
        collect(&statement, answer).await
    };
    let Some(vendor) = vendor else { return asking.await.map_err(failed) };
    // All three leave at once, so that this takes no longer, and a connection whose reader has gone
    // away is out of its transaction all the same.
    let begin = scope::begin("BEGIN READ ONLY", vendor);
    let (begun, answer, ended) = join3(client.batch_execute(&begin), asking, client.batch_execute("COMMIT")).await;
    begun.map_err(failed)?;
    let rows = answer.map_err(failed)?;
    ended.map_err(failed)?;
    Ok(rows)
}

/// All rows of an answer, their columns named once.
async fn collect(statement: &Statement, answer: RowStream) -> Result<Vec<Row>, tokio_postgres::Error> {
    let columns: Columns = statement.columns().iter().map(|column| Box::from(column.name())).collect();
    let mut answer = std::pin::pin!(answer);
    let mut rows = Vec::new();
    while let Some(row) = answer.try_next().await? {
        let mut values = Vec::with_capacity(columns.len());
        for index in 0..columns.len() {
            let Cell(value) = row.try_get(index)?;
            values.push(value);
        }
        rows.push(Row::new(Arc::clone(&columns), values.into_boxed_slice()));
    }
    Ok(rows)
}
