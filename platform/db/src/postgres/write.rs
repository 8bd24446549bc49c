//! Write transactions: the body runs on a thread of its own kind, for its future need not be able
//! to change threads; it is run again only if it lost against another transaction.

use std::{
    borrow::Cow,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use deadpool_postgres::ClientWrapper;
use futures::future::{join, join_all};
use kernel::{Error, Result, VendorId};
use tokio::{sync::oneshot, task::JoinHandle};
use tokio_util::task::LocalPoolHandle;

use super::{
    PgDb, collect,
    failure::{Failure, Retry},
    group::{Work, Write},
    lease::Lease,
    scope,
    types::Bound,
};
use crate::{
    Row, Rows, Tx, Value, error,
    mark::Mark,
    tx::{self, Inner},
};

/// Threads that poll write bodies, for all databases of the process: bodies mostly wait for the
/// server, so a few threads carry many. Each database stays on one of them together with its
/// connections, so that no statement has to wake another thread: that costs more than the statement.
static WORKERS: LazyLock<LocalPoolHandle> = LazyLock::new(|| LocalPoolHandle::new(WORKER_THREADS));
const WORKER_THREADS: usize = 2;

/// Deals the threads out to the databases in turn.
pub(super) fn next_worker() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed) % WORKER_THREADS
}

/// How often a transaction that lost is run again.
const RETRIES: u32 = 5;

/// Most statements that are kept back: up to here `join_all` polls them in their order.
const DEFERRED_MAX: usize = 16;

pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE";

/// Has the thread `worker` poll what `make` makes.
pub(super) fn spawn<F>(worker: usize, make: impl FnOnce() -> F + Send + 'static) -> JoinHandle<()>
where
    F: Future<Output = ()> + 'static,
{
    WORKERS.spawn_pinned_by_idx(make, worker)
}

impl PgDb {
    pub(crate) async fn write<T, F>(self: &Arc<Self>, body: F, vendor: Option<VendorId>) -> Result<T>
    where
        F: AsyncFn(&mut Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        if self.running.is_closed() {
            return Err(error::closed());
        }
        let (caller, answered) = oneshot::channel();
        let mut write = Write::new(body, caller, self.running.token());
        match vendor {
            None => self.enqueue(Box::new(write)),
            // A transaction has one vendor.
            Some(vendor) => {
                let db = Arc::clone(self);
                let begin = scope::begin(BEGIN, vendor);
                let _detached = spawn(self.worker, move || async move { db.run_alone(&mut write, begin.into()).await });
            }
        }
        // Dropping this, when the caller goes away, does not stop the body.
        answered.await.map_err(Error::internal)?
    }

    /// Runs a write in a transaction of its own, again if it lost against another one, and answers it.
    pub(super) async fn run_alone(&self, write: &mut dyn Work, begin: Cow<'static, str>) {
        for attempt in 0..RETRIES {
            match self.attempt(write, begin.clone()).await {
                Err(Failure { retry: Retry::Lost, error }) => {
                    tracing::debug!(attempt, error = %error, "a transaction lost and is run again");
                    tokio::time::sleep(self.pause(attempt)).await;
                }
                Err(Failure { retry: Retry::StalePlan, .. }) => self.forget_plans(),
                result => return write.answer(result.map_err(|failure| failure.error)),
            }
        }
        let last = self.attempt(write, begin).await;
        write.answer(last.map_err(|failure| failure.error));
    }

    /// Longer each time, and different for each loser, so that they do not meet again.
    fn pause(&self, attempt: u32) -> Duration {
        let longest = 5_000_u64 << attempt.min(10);
        Duration::from_micros(longest / 2 + self.options.random.below(longest))
    }

    /// A transaction, not yet begun: that travels with its first statement.
    pub(super) async fn begin(&self, begin: Cow<'static, str>) -> Result<Tx> {
        let lease = Lease::new(self.client(&self.writes).await?);
        let pg = PgTx {
            lease,
            begin,
            begun: false,
            deferred: Vec::new(),
            gathered: Vec::new(),
            in_statement: Arc::default(),
            retry: Retry::No,
            is_clean: true,
        };
        Ok(Tx::new(Inner::Postgres(pg)))
    }

    async fn attempt(&self, write: &mut dyn Work, begin: Cow<'static, str>) -> Result<(), Failure> {
        let mut tx = self.begin(begin).await?;
        let result = run_body(write, &mut tx).await;
        let hooks = tx.take_hooks();
        let Inner::Postgres(pg) = tx.inner else {
            return Err(Error::internal("a PostgreSQL transaction stays one").into());
        };
        match result {
            Ok(()) => {
                pg.commit().await?;
                tx::run_hooks(hooks);
                self.count(1);
                Ok(())
            }
            Err(error) => {
                let retry = pg.retry;
                pg.roll_back().await;
                Err(Failure { error, retry })
            }
        }
    }
}

/// Polls the body of a write to its end, marked as inside a transaction. Between statements there is nothing
/// a body may wait for, so one that is not ready then has awaited something it must not.
pub(super) async fn run_body(write: &mut dyn Work, tx: &mut Tx) -> Result<()> {
    let in_statement = match &tx.inner {
        Inner::Postgres(pg) => Arc::clone(&pg.in_statement),
        Inner::Sqlite(_) => Arc::default(),
    };
    let mut running = write.run(tx);
    let result = poll_fn(|context| {
        let _mark = Mark::set();
        match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context))) {
            Ok(Poll::Pending) if !in_statement.load(Ordering::Relaxed) => Poll::Ready(Err(error::foreign_await())),
            Ok(polled) => polled,
            Err(payload) => Poll::Ready(Err(error::panicked(&*payload))),
        }
    })
    .await;
    drop(running);
    tx.judge(result)
}

/// An open transaction on a connection of its own.
pub(crate) struct PgTx {
    lease: Lease,
    /// How it begins. That travels with the first statement.
    begin: Cow<'static, str>,
    begun: bool,
    /// Statements that go out with the next one.
    deferred: Vec<(Cow<'static, str>, Vec<Value>)>,
    /// Rows that go out before a statement that may look for them, or before the commit.
    gathered: Vec<(&'static Rows, Vec<Vec<Value>>)>,
    /// True while a statement runs; stays true if the body dropped one halfway.
    in_statement: Arc<AtomicBool>,
    /// Whether the statement that failed makes the transaction worth another try.
    retry: Retry,
    /// False once the body has written something, or a statement of it has failed.
    is_clean: bool,
}

impl PgTx {
    /// A body begins that has not written yet.
    pub(super) fn begin_body(&mut self) {
        self.is_clean = true;
    }

    /// True if the body has changed nothing so far and all its statements have come to their end.
    pub(super) fn is_clean(&self) -> bool {
        self.is_clean && !self.in_statement.load(Ordering::Relaxed)
    }

    pub(crate) async fn all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.is_clean &= sql.starts_with("SELECT");
        self.scatter_before(sql).await?;
        self.in_statement.store(true, Ordering::Relaxed);
        let answer = self.try_all(sql, params).await;
        self.note(answer)
    }

    pub(crate) async fn opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    pub(crate) async fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.is_clean = false;
        self.scatter_before(sql).await?;
        self.in_statement.store(true, Ordering::Relaxed);
        let answer = self.try_exec(sql, params).await;
        self.note(answer)
    }

    /// Keeps a row until a statement may look for it, or until the commit.
    pub(crate) fn gather(&mut self, rows: &'static Rows, row: Vec<Value>) {
        self.is_clean = false;
        match self.gathered.iter_mut().find(|(known, _)| std::ptr::eq(*known, rows)) {
            Some((_, all)) => all.push(row),
            None => self.gathered.push((rows, vec![row])),
        }
    }

    /// Has all rows go out if `sql` may look for some: kinds that refer to each other stay in their order.
    async fn scatter_before(&mut self, sql: &str) -> Result<()> {
        match self.gathered.iter().any(|(rows, _)| rows.concern(sql)) {
            true => self.scatter().await,
            false => Ok(()),
        }
    }

    /// Makes statements of the rows that were gathered.
    async fn scatter(&mut self) -> Result<()> {
        for (rows, all) in std::mem::take(&mut self.gathered) {
            let mut values = all.into_iter();
            for (sql, count) in rows.split(values.len()) {
                self.keep_back(Cow::Borrowed(sql), values.by_ref().take(count).flatten().collect()).await?;
            }
        }
        Ok(())
    }

    /// Keeps a statement back until the next one goes out, or the commit.
    pub(crate) async fn defer(&mut self, sql: Cow<'static, str>, params: Vec<Value>) -> Result<()> {
        self.is_clean = false;
        self.scatter_before(&sql).await?;
        self.keep_back(sql, params).await
    }

    async fn keep_back(&mut self, sql: Cow<'static, str>, params: Vec<Value>) -> Result<()> {
        if self.deferred.len() == DEFERRED_MAX {
            self.in_statement.store(true, Ordering::Relaxed);
            let sent = self.send(async |_| Ok(())).await;
            self.note(sent)?;
        }
        self.deferred.push((sql, params));
        Ok(())
    }

    pub(crate) async fn script(&mut self, sql: &str) -> Result<()> {
        self.is_clean = false;
        self.scatter().await?;
        self.in_statement.store(true, Ordering::Relaxed);
        let answer = self.try_script(sql).await;
        self.note(answer)
    }

    async fn try_all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Failure> {
        let failed = |e: tokio_postgres::Error| Failure::of(&e, sql);
        let statement = self.lease.client()?.prepare_cached(sql).await.map_err(failed)?;
        self.send(async |client| {
            let answer = client.query_raw(&statement, params.iter().map(Bound)).await.map_err(failed)?;
            collect(&statement, answer).await.map_err(failed)
        })
        .await
    }

    async fn try_exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, Failure> {
        let failed = |e: tokio_postgres::Error| Failure::of(&e, sql);
        let statement = self.lease.client()?.prepare_cached(sql).await.map_err(failed)?;
        self.send(async |client| client.execute_raw(&statement, params.iter().map(Bound)).await.map_err(failed)).await
    }

    async fn try_script(&mut self, sql: &str) -> Result<(), Failure> {
        self.send(async |client| client.batch_execute(sql).await.map_err(|e| Failure::of(&e, sql))).await
    }

    /// Sends `BEGIN` if it has not gone out yet, then what was deferred, then `last`, and awaits all answers together: the
    /// server reads them in one go. The first failure in order is the true one; those behind it only say that the
    /// transaction is over. Should `BEGIN` fail, a write fails too: sessions are read-only.
    async fn send<T>(&mut self, last: impl AsyncFnOnce(&ClientWrapper) -> Result<T, Failure>) -> Result<T, Failure> {
        let client = self.lease.client()?;
        let deferred = std::mem::take(&mut self.deferred);
        let mut prepared = Vec::with_capacity(deferred.len());
        for (sql, _) in &deferred {
            prepared.push(client.prepare_cached(sql).await.map_err(|e| Failure::of(&e, sql))?);
        }
        let begin = (!std::mem::replace(&mut self.begun, true)).then_some(&self.begin);
        let beginning = async {
            match begin {
                Some(begin) => client.batch_execute(begin).await.map_err(|e| Failure::of(&e, begin)),
                None => Ok(()),
            }
        };
        let asking = prepared.iter().zip(&deferred).map(|(statement, (sql, params))| async move {
            client.execute_raw(statement, params.iter().map(Bound)).await.map_err(|e| Failure::of(&e, sql))
        });
        // Each goes out when it is first polled, and these are polled in their order.
        let (begun, (answers, last)) = join(beginning, join(join_all(asking), last(client))).await;
        begun?;
        answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        last
    }

    fn note<T>(&mut self, answer: Result<T, Failure>) -> Result<T> {
        self.in_statement.store(false, Ordering::Relaxed);
        answer.map_err(|failure| {
            self.is_clean = false;
            self.retry = failure.retry;
            failure.error
        })
    }

    pub(super) async fn commit(mut self) -> Result<(), Failure> {
        if self.in_statement.load(Ordering::Relaxed) {
            // The body dropped a statement halfway: how it ended, nobody has looked at.
            return Err(error::foreign_await().into());
        }
        if let Err(error) = self.scatter().await {
            return Err(Failure { error, retry: self.retry });
        }
        if self.begun || !self.deferred.is_empty() {
            let committing =
                async |client: &ClientWrapper| client.batch_execute("COMMIT").await.map_err(|e| Failure::of_commit(&e));
            self.send(committing).await.map_err(Failure::beside_a_commit)?;
        }
        self.lease.give_back();
        Ok(())
    }

    /// If this fails the connection is thrown away, which rolls back as well.
    pub(super) async fn roll_back(self) {
        if self.in_statement.load(Ordering::Relaxed) {
            return;
        }
        let Ok(client) = self.lease.client() else { return };
        if !self.begun || client.batch_execute("ROLLBACK").await.is_ok() {
            self.lease.give_back();
        }
    }
}
