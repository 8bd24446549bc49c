//! Durable work outside a transaction, and timers: a row each, taken under a lease with a fence.
//!
//! A handler may call the outside and open transactions of its own. It runs *at least* once: it is
//! safe to repeat, or it calls [`Job::finish`] in its last transaction, which fails if another
//! worker has taken over (the fence has moved).

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use db::{Db, Dialect, Row, Rows, Tx, params, placeholders};
use futures::{StreamExt, future::BoxFuture, stream};
use kernel::{Clock, Error, Ids, JobId, Kind, Random, Result, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    sync::Notify,
    task::{self, JoinError, JoinSet},
    time::{Instant, MissedTickBehavior, interval},
};

use crate::back_off;

/// How long another waits before it takes over from a worker that is gone: one at work renews its leases.
const LEASE: Duration = Duration::from_secs(15);
/// Attempts before a job is given up.
const ATTEMPTS_MAX: i64 = 16;
/// How long to wait when nothing is due; another process may have enqueued.
const IDLE: Duration = Duration::from_secs(5);
/// Jobs under way at once.
const AT_ONCE: usize = 64;
/// Jobs that are looked at for the next one that is due, before all are.
pub(crate) const LOOK_AT: i64 = 2 * AT_ONCE as i64;

/// Jobs that are enqueued.
static QUEUED: Rows = Rows::new(&["jobs"], |jobs| {
    let values = (0..jobs).map(|job| format!("({}, 0, 0, 0, 'queued', '')", placeholders(job * 6 + 1, 6)));
    format!(
        "INSERT INTO jobs (id, kind, key, payload, due_at, created_at, lease_until, fence, attempts, state, error)
         VALUES {} ON CONFLICT (kind, key) DO NOTHING",
        values.collect::<Vec<_>>().join(", ")
    )
});

/// Enqueues jobs of one service.
#[derive(Clone)]
pub struct Jobs {
    ids: Ids,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
}

impl Jobs {
    /// Jobs with ids and times from these.
    pub fn new(ids: Ids, clock: Arc<dyn Clock>) -> Self {
        Self { ids, clock, wake: Arc::default() }
    }

    /// Enqueues work with the transaction; the same kind and key only once until it is done.
    pub async fn enqueue(&self, tx: &mut Tx, kind: &'static str, key: &str, payload: &impl Serialize) -> Result<()> {
        self.enqueue_at(tx, kind, key, payload, self.clock.now()).await
    }

    /// Sets a timer with the transaction.
    pub async fn enqueue_at(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        key: &str,
        payload: &impl Serialize,
        due_at: Timestamp,
    ) -> Result<()> {
        let now = self.clock.now();
        let job = params![JobId::new(&self.ids), kind, key, serde_json::to_string(payload)?, due_at, now];
        tx.gather(&QUEUED, job).await?;
        let wake = self.wake.clone();
        tx.after_commit(move || wake.notify_one());
        Ok(())
    }

    /// Removes a timer or job that is no longer wanted.
    pub async fn cancel(&self, tx: &mut Tx, kind: &'static str, key: &str) -> Result<()> {
        tx.defer("DELETE FROM jobs WHERE kind = $1 AND key = $2", params![kind, key]).await
    }
}

/// A job that a worker holds.
#[derive(Debug, Clone)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// Key.
    pub key: String,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// When it became due.
    pub due_at: Timestamp,
    fence: i64,
    payload: String,
    /// Set when the transaction in which it was finished is kept.
    finished: Arc<AtomicBool>,
}

impl Job {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            key: row.get("key")?,
            attempts: row.get("attempts")?,
            due_at: row.get("due_at")?,
            fence: row.get("fence")?,
            payload: row.get("payload")?,
            finished: Arc::default(),
        })
    }

    /// What was enqueued.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }

    /// Marks the job as done within a transaction, so that its effect happens exactly once.
    ///
    /// # Errors
    /// Conflict if another worker has taken over: the transaction must then not commit.
    pub async fn finish(&self, tx: &mut Tx) -> Result<()> {
        match tx.exec("DELETE FROM jobs WHERE id = $1 AND fence = $2", params![self.id, self.fence]).await? {
            1 => {
                let finished = self.finished.clone();
                tx.after_commit(move || finished.store(true, Ordering::Relaxed));
                Ok(())
            }
            _ => Err(Error::conflict("lease_lost", "Another worker has taken over this job.")),
        }
    }
}

type RunFn = dyn Fn(Job) -> BoxFuture<'static, Result<()>> + Send + Sync;

/// What a service does with one kind of job.
#[derive(Clone)]
pub struct JobHandler {
    kind: &'static str,
    every: Option<Duration>,
    run: Arc<RunFn>,
}

impl JobHandler {
    /// `run` gets the service's state and the job.
    pub fn new<S, F, Fut>(kind: &'static str, state: S, run: F) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        Self { kind, every: None, run: Arc::new(move |job| Box::pin(run(state.clone(), job))) }
    }
    /// The same, on its own again and again.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.every = Some(interval);
        self
    }
    /// Kind of job.
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

/// Works off the jobs of one service.
pub struct JobRunner {
    service: &'static str,
    db: Db,
    jobs: Jobs,
    random: Arc<dyn Random>,
    handlers: BTreeMap<&'static str, JobHandler>,
    pub(crate) lease: Duration,
}

impl JobRunner {
    /// A runner with these handlers.
    pub fn new(service: &'static str, db: Db, jobs: Jobs, random: Arc<dyn Random>, handlers: Vec<JobHandler>) -> Self {
        let handlers = handlers.into_iter().map(|h| (h.kind, h)).collect();
        Self { service, db, jobs, random, handlers, lease: LEASE }
    }

    /// Sets up what repeats.
    pub async fn prepare(&self) -> Result<()> {
        for handler in self.handlers.values().filter(|h| h.every.is_some()) {
            let (jobs, kind) = (self.jobs.clone(), handler.kind);
            self.db.write(async move |tx| jobs.enqueue(tx, kind, "every", &()).await).await?;
        }
        Ok(())
    }

    /// Takes what is due under a lease.
    async fn claim(&self, most: usize) -> Result<Vec<Job>> {
        let now = self.jobs.clock.now();
        let due = "SELECT 1 FROM jobs WHERE state = 'queued' AND due_at <= $1 AND lease_until <= $1 LIMIT 1";
        if self.db.opt(due, params![now]).await?.is_none() {
            return Ok(Vec::new());
        }
        let skip = match self.db.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => "FOR UPDATE SKIP LOCKED",
        };
        let sql = format!(
            "UPDATE jobs SET lease_until = $2, fence = fence + 1, attempts = attempts + 1
             WHERE id IN (SELECT id FROM jobs WHERE state = 'queued' AND due_at <= $1 AND lease_until <= $1 ORDER BY due_at LIMIT $3 {skip})
             RETURNING id, kind, key, payload, attempts, due_at, fence"
        );
        let until = now.plus(self.lease);
        let rows = self.db.write(async move |tx| tx.all(&sql, params![now, until, most as i64]).await).await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in &rows {
            match Job::from_row(row) {
                Ok(job) => jobs.push(job),
                Err(error) => self.bury(row, &error).await?,
            }
        }
        Ok(jobs)
    }

    /// Gives up a job whose row cannot be read, so that it does not hold up those that were claimed with it.
    async fn bury(&self, row: &Row, unreadable: &Error) -> Result<()> {
        let id: String = row.get("id")?;
        let (fence, why) = (row.get::<i64>("fence")?, unreadable.to_string());
        tracing::error!(service = self.service, id, error = %unreadable, "a job cannot be read and is given up");
        let sql = "UPDATE jobs SET state = 'dead', lease_until = 0, error = $3 WHERE id = $1 AND fence = $2";
        self.db.write(async move |tx| tx.exec(sql, params![&id, fence, &why]).await).await.map(drop)
    }

    /// Works off one batch of what is due; returns its size.
    pub async fn run_due(&self) -> Result<usize> {
        let jobs = self.claim(AT_ONCE).await?;
        let count = jobs.len();
        let mut running = stream::iter(jobs).map(|job| self.work(job)).buffer_unordered(AT_ONCE);
        while let Some(done) = running.next().await {
            done?;
        }
        Ok(count)
    }

    async fn work(&self, job: Job) -> Result<()> {
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            return self.give_back(&job, "dead", "no handler for this kind of job").await;
        };
        match ((handler.run)(job.clone()).await, handler.every) {
            (Ok(()), Some(interval)) => self.reschedule(&job, interval).await,
            (Ok(()), None) if job.finished.load(Ordering::Relaxed) => Ok(()),
            (Ok(()), None) => self.remove(&job).await,
            (Err(error), _) if error.code() == "lease_lost" => Ok(()),
            (Err(error), Some(interval)) => {
                tracing::warn!(service = self.service, kind = job.kind, %error, "repeating job failed");
                self.reschedule(&job, interval).await
            }
            (Err(error), None) => {
                let dead = job.attempts >= ATTEMPTS_MAX;
                if error.is(Kind::Early) && !dead {
                    tracing::debug!(service = self.service, kind = job.kind, key = job.key, %error, "job is early, will retry");
                } else {
                    tracing::warn!(service = self.service, kind = job.kind, key = job.key, attempts = job.attempts, dead, %error, "job failed");
                    metrics::counter!("souk_jobs_failed_total", "service" => self.service).increment(1);
                }
                self.give_back(&job, if dead { "dead" } else { "queued" }, &error.to_string()).await
            }
        }
    }

    async fn remove(&self, job: &Job) -> Result<()> {
        let (id, fence) = (job.id, job.fence);
        self.db
            .write(async move |tx| tx.exec("DELETE FROM jobs WHERE id = $1 AND fence = $2", params![id, fence]).await)
            .await
            .map(|_| ())
    }

    async fn reschedule(&self, job: &Job, interval: Duration) -> Result<()> {
        let (id, fence, due_at) = (job.id, job.fence, self.jobs.clock.now().plus(interval));
        let sql = "UPDATE jobs SET due_at = $3, lease_until = 0, attempts = 0, error = '' WHERE id = $1 AND fence = $2";
        self.db.write(async move |tx| tx.exec(sql, params![id, fence, due_at]).await).await?;
        self.jobs.wake.notify_one();
        Ok(())
    }

    async fn give_back(&self, job: &Job, state: &'static str, error: &str) -> Result<()> {
        let due_at = self.jobs.clock.now().plus(back_off(job.attempts, &*self.random));
        let (id, fence, error) = (job.id, job.fence, error.chars().take(1000).collect::<String>());
        let sql = "UPDATE jobs SET state = $3, due_at = $4, lease_until = 0, error = $5 WHERE id = $1 AND fence = $2";
        self.db.write(async move |tx| tx.exec(sql, params![id, fence, state, due_at, &error]).await).await?;
        self.jobs.wake.notify_one();
        Ok(())
    }

    /// When there is something to take: a job is due, or the lease of one that is due is over. Of the first that are due
    /// one is mostly free, and then none behind it comes sooner; there may be a hundred thousand timers.
    pub(crate) async fn next_due(&self) -> Result<Option<Timestamp>> {
        let first = "SELECT due_at, lease_until FROM jobs WHERE state = 'queued' ORDER BY due_at LIMIT $1";
        let rows = self.db.all(first, params![LOOK_AT]).await?;
        let mut soonest = None::<Timestamp>;
        let mut is_sure = (rows.len() as i64) < LOOK_AT;
        for row in &rows {
            let (due_at, lease_until): (Timestamp, Timestamp) = (row.at(0)?, row.at(1)?);
            is_sure |= lease_until <= due_at;
            let free_at = due_at.max(lease_until);
            soonest = Some(soonest.map_or(free_at, |soonest| soonest.min(free_at)));
        }
        if is_sure {
            return Ok(soonest);
        }
        let all = "SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) AS due_at FROM jobs WHERE state = 'queued'";
        self.db.opt(all, vec![]).await?.map_or(Ok(None), |row| row.get("due_at"))
    }

    /// Works off jobs until `stop`; what is under way is finished first.
    pub async fn run(self: Arc<Self>, stop: tokio_util::sync::CancellationToken) {
        while let Err(error) = self.prepare().await {
            tracing::warn!(service = self.service, %error, "jobs cannot be prepared");
            tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(Duration::from_secs(1)) => {} }
        }
        let mut under_way = UnderWay::default();
        let mut renewal = interval(self.lease / 3);
        // Times at which nothing was at work are not made up for, one renewal each.
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut look_at = Instant::now();
        let mut looked_at = look_at;
        loop {
            while let Some(done) = under_way.ended() {
                self.note_trouble(done);
            }
            // A slow job holds up nobody: whatever place is free is filled.
            if under_way.len() < AT_ONCE && look_at <= Instant::now() {
                looked_at = Instant::now();
                let pause = self.fill(&mut under_way).await;
                look_at = Instant::now() + pause;
            }
            tokio::select! {
                () = stop.cancelled() => break,
                Some(done) = under_way.next() => self.note_trouble(done),
                _ = renewal.tick(), if under_way.len() > 0 => self.renew(&under_way).await,
                () = self.jobs.wake.notified(), if under_way.len() < AT_ONCE => look_at = looked_at + self.db.gathering(),
                () = tokio::time::sleep_until(look_at), if under_way.len() < AT_ONCE => {}
            }
        }
        loop {
            tokio::select! {
                done = under_way.next() => match done {
                    Some(done) => self.note_trouble(done),
                    None => return,
                },
                _ = renewal.tick() => self.renew(&under_way).await,
            }
        }
    }

    /// Starts what is due, as far as there is room, and says for how long there will be nothing else to start: what ends
    /// meanwhile makes no other job due, and who puts off its own has it looked at again.
    async fn fill(self: &Arc<Self>, under_way: &mut UnderWay) -> Duration {
        let room = AT_ONCE - under_way.len();
        match self.claim(room).await {
            Ok(jobs) => {
                let all_are_taken = jobs.len() < room;
                jobs.into_iter().for_each(|job| under_way.start(self, job));
                if all_are_taken { self.until_next_due().await } else { Duration::ZERO }
            }
            Err(error) => {
                tracing::warn!(service = self.service, %error, "jobs cannot be read");
                Duration::from_secs(1)
            }
        }
    }

    /// Puts off the end of the leases of jobs at work. Those that another worker has taken over meanwhile are not ours;
    /// what cannot be renewed now is tried again before the lease is over.
    async fn renew(&self, under_way: &UnderWay) {
        const SQL: &str = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND fence = $2";
        let until = self.jobs.clock.now().plus(self.lease);
        let held: Vec<_> = under_way.held.values().copied().collect();
        let renewed = self.db.write(async move |tx| {
            for (id, fence) in &held {
                tx.defer(SQL, params![*id, *fence, until]).await?;
            }
            Ok(())
        });
        if let Err(error) = renewed.await {
            tracing::warn!(service = self.service, %error, "leases of jobs could not be renewed");
        }
    }

    /// A job whose row could not be written, or that panicked, stays leased and is taken again when
    /// the lease is over.
    fn note_trouble(&self, done: Result<Result<()>, JoinError>) {
        if let Err(error) = done.map_err(Error::internal).flatten() {
            tracing::warn!(service = self.service, %error, "the end of a job could not be noted");
        }
    }

    async fn until_next_due(&self) -> Duration {
        match self.next_due().await {
            Ok(Some(due_at)) => due_at.since(self.jobs.clock.now()).clamp(Duration::from_millis(5), IDLE),
            _ => IDLE,
        }
    }
}

/// Jobs at work. Tasks, for a job must go on while the next ones are claimed: it may hold the
/// connection that the claim waits for.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Result<()>>,
    /// The lease of each.
    held: HashMap<task::Id, (JobId, i64)>,
}

impl UnderWay {
    fn len(&self) -> usize {
        self.tasks.len()
    }

    fn start(&mut self, runner: &Arc<JobRunner>, job: Job) {
        let (runner, lease) = (Arc::clone(runner), (job.id, job.fence));
        let task = self.tasks.spawn(async move { runner.work(job).await });
        self.held.insert(task.id(), lease);
    }

    /// The end of whichever ends first; none if none is at work.
    async fn next(&mut self) -> Option<Result<Result<()>, JoinError>> {
        let done = self.tasks.join_next_with_id().await?;
        Some(self.let_go(done))
    }

    /// The end of one that has ended already. All of them are taken before the next claim: those left would take up
    /// places, until each claim had room for a single job.
    fn ended(&mut self) -> Option<Result<Result<()>, JoinError>> {
        let done = self.tasks.try_join_next_with_id()?;
        Some(self.let_go(done))
    }

    fn let_go(&mut self, done: Result<(task::Id, Result<()>), JoinError>) -> Result<Result<()>, JoinError> {
        let id = done.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        self.held.remove(&id);
        done.map(|(_, result)| result)
    }
}
