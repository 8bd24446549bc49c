//! The writer thread: polls write bodies one after another and commits them together.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Poll, Waker},
    thread::{self, JoinHandle},
};

use kernel::{Error, Result};
use tokio::sync::{oneshot, watch};

use super::{Connection, Premises};
use crate::{
    Options, Stats, Tx, error,
    mark::Mark,
    tx::{self, Hook},
};

/// Bodies are polled on this thread and may nest deeply in a debug build. Untouched pages cost nothing.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// The handle to the writer thread.
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
    queue_limit: usize,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Whether dropping the handle waits for the thread: only for data that is thrown away.
    join_on_drop: bool,
}

/// What the handle and the thread both see.
struct Shared {
    queued: AtomicUsize,
    writes: AtomicU64,
    groups: AtomicU64,
    commits: watch::Sender<u64>,
}

enum Message {
    Write(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    pub(crate) fn start(tx: Tx, premises: Premises, options: &Options) -> Result<Self> {
        let (queue, messages) = mpsc::channel();
        let shared = Arc::new(Shared {
            queued: AtomicUsize::new(0),
            writes: AtomicU64::new(0),
            groups: AtomicU64::new(0),
            commits: watch::Sender::new(0),
        });
        let join_on_drop = premises.folder.is_some();
        let worker =
            Worker { tx, messages, shared: Arc::clone(&shared), group_limit: options.group_limit.max(1), premises };
        let runtime = tokio::runtime::Handle::try_current().ok();
        let thread = thread::Builder::new()
            .name(format!("{}-writer", options.name))
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let _entered = runtime.as_ref().map(tokio::runtime::Handle::enter);
                worker.run();
            })
            .map_err(error::unavailable)?;
        let thread = Mutex::new(Some(thread));
        Ok(Self { queue, queue_limit: options.queue_limit, shared, thread, join_on_drop })
    }

    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T>
    where
        F: AsyncFn(&mut Tx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.submit(Box::new(Write { body: Some(body), result: None, answer }))?;
        answered.await.map_err(|_| error::closed())?
    }

    fn submit(&self, job: Box<dyn Job>) -> Result<()> {
        if self.shared.queued.fetch_add(1, Ordering::Relaxed) >= self.queue_limit {
            self.shared.queued.fetch_sub(1, Ordering::Relaxed);
            return Err(error::busy(format!("{} writes are waiting", self.queue_limit)));
        }
        self.queue.send(Message::Write(job)).map_err(|_| error::closed())
    }

    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.shared.commits.subscribe()
    }

    pub(crate) fn observe(&self) -> Stats {
        Stats {
            writes: self.shared.writes.load(Ordering::Relaxed),
            groups: self.shared.groups.load(Ordering::Relaxed),
            queued: self.shared.queued.load(Ordering::Relaxed),
        }
    }

    /// Returns when all writes sent before have been answered and the file is free.
    pub(crate) async fn close(&self) {
        let (done, finished) = oneshot::channel();
        if self.queue.send(Message::Close(done)).is_ok() {
            // An error means that the thread had already gone.
            let _ = finished.await;
        }
    }
}

impl Drop for Writer {
    /// Throw-away data is removed by the thread; wait, or the end of the process overtakes it.
    fn drop(&mut self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) =
            thread.filter(|thread| self.join_on_drop && thread.thread().id() != thread::current().id())
        {
            // The thread ends when the last sender is gone, and this handle holds the last one.
            let (unconnected, _) = mpsc::channel();
            self.queue = unconnected;
            let _ = thread.join();
        }
    }
}

/// A write as the thread sees it, whatever its body and its answer are.
trait Job: Send {
    /// Polls the body, once. True if its changes are to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Answers the caller: with the body's own result, or with what became of the whole group.
    fn answer(self: Box<Self>, group: Option<&Error>);
}

struct Write<F, T> {
    body: Option<F>,
    result: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<F, T> Job for Write<F, T>
where
    F: AsyncFn(&mut Tx) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let Some(body) = self.body.take() else { return false };
        let result = poll_once(body, tx);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, group: Option<&Error>) {
        let result = match (group, self.result) {
            (Some(error), _) => Err(error.clone()),
            (None, Some(result)) => result,
            (None, None) => Err(error::closed()),
        };
        // The caller may have gone; its transaction stands all the same.
        let _ = self.answer.send(result);
    }
}

/// Runs a body to its end in one poll: on SQLite every statement is a direct call, so a body that
/// is not ready has awaited something it must not.
pub(super) fn poll_once<T, F>(body: F, tx: &mut Tx) -> Result<T>
where
    F: AsyncFn(&mut Tx) -> Result<T>,
{
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let _mark = Mark::set();
        let polled = pin!(body(tx)).poll(&mut Context::from_waker(Waker::noop()));
        drop(body);
        polled
    }));
    let result = match polled {
        Ok(Poll::Ready(result)) => result,
        Ok(Poll::Pending) => Err(error::foreign_await()),
        Err(payload) => Err(error::panicked(&*payload)),
    };
    tx.judge(result)
}

/// What runs on the thread.
struct Worker {
    tx: Tx,
    messages: mpsc::Receiver<Message>,
    shared: Arc<Shared>,
    group_limit: usize,
    premises: Premises,
}

/// A job that ran, and the work it left for after the commit.
struct Done {
    job: Box<dyn Job>,
    keep: bool,
    hooks: Vec<Hook>,
}

impl Worker {
    fn run(mut self) {
        let mut closing = None;
        while let Ok(message) = self.messages.recv() {
            closing = match message {
                Message::Write(job) => self.run_group(job),
                Message::Close(done) => Some(done),
            };
            if closing.is_some() {
                break;
            }
        }
        if let Some(Err(e)) = self.connection().map(|connection| connection.checkpoint()) {
            tracing::debug!(error = %e, "the log was not moved into the file; the next start will do it");
        }
        // The connection goes before the lock, and both before the answer.
        let Self { tx, premises, messages, .. } = self;
        drop(tx);
        drop(premises);
        drop(messages);
        if let Some(done) = closing {
            let _ = done.send(());
        }
    }

    fn connection(&mut self) -> Option<&mut Connection> {
        match &mut self.tx.inner {
            tx::Inner::Sqlite(connection) => Some(connection),
            tx::Inner::Postgres(_) => None,
        }
    }

    fn control(&mut self, sql: &'static str) -> Result<()> {
        self.connection().map_or(Ok(()), |connection| connection.control(sql))
    }

    fn in_transaction(&mut self) -> bool {
        self.connection().is_some_and(|connection| connection.is_in_transaction())
    }

    /// Runs `first` and what else is waiting in one transaction. Returns the wish to close, if one
    /// was met on the way.
    fn run_group(&mut self, first: Box<dyn Job>) -> Option<oneshot::Sender<()>> {
        let mut done = Vec::new();
        let mut closing = None;
        let mut outcome = self.control("BEGIN IMMEDIATE");
        // Somebody outside holds the file: whoever waits has waited long enough.
        let refuse_all = outcome.is_err();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            self.shared.queued.fetch_sub(1, Ordering::Relaxed);
            if outcome.is_ok() {
                outcome = self.run_one(job, &mut done);
            } else {
                done.push(Done { job, keep: false, hooks: Vec::new() });
            }
            if done.len() < self.group_limit && (outcome.is_ok() || refuse_all) {
                match self.messages.try_recv() {
                    Ok(Message::Write(job)) => next = Some(job),
                    Ok(Message::Close(wish)) => closing = Some(wish),
                    Err(_) => {}
                }
            }
        }
        self.settle(outcome, done);
        closing
    }

    /// Runs one job so that it can be taken back alone. An error is the end of the whole group.
    fn run_one(&mut self, mut job: Box<dyn Job>, done: &mut Vec<Done>) -> Result<()> {
        // A savepoint keeps a copy of every page that is changed after it. As long as the transaction holds
        // nothing else, it can be taken back itself.
        let outcome = if done.iter().any(|done| done.keep) {
            self.run_in_savepoint(&mut *job)
        } else {
            self.run_alone(&mut *job)
        };
        let hooks = self.tx.take_hooks();
        let keep = matches!(outcome, Ok(true));
        done.push(Done { job, keep, hooks });
        outcome.map(drop)
    }

    fn run_alone(&mut self, job: &mut dyn Job) -> Result<bool> {
        let keep = self.run_body(job)?;
        if !keep {
            self.control("ROLLBACK")?;
            self.control("BEGIN IMMEDIATE")?;
        }
        Ok(keep)
    }

    fn run_in_savepoint(&mut self, job: &mut dyn Job) -> Result<bool> {
        self.control("SAVEPOINT body")?;
        let keep = self.run_body(job)?;
        if !keep {
            self.control("ROLLBACK TO body")?;
        }
        self.control("RELEASE body")?;
        Ok(keep)
    }

    fn run_body(&mut self, job: &mut dyn Job) -> Result<bool> {
        let keep = job.run(&mut self.tx);
        if self.in_transaction() {
            Ok(keep)
        } else {
            // SQLite gave up the whole transaction: the disk is full, or fails.
            Err(error::unavailable("SQLite ended the transaction by itself"))
        }
    }

    /// Commits the group and answers everybody in it.
    fn settle(&mut self, outcome: Result<()>, mut done: Vec<Done>) {
        // Whatever the reason, it is not the fault of each in the group: they may try again.
        let outcome = outcome.and_then(|()| self.control("COMMIT").map_err(error::unavailable));
        if outcome.is_err()
            && self.in_transaction()
            && let Err(e) = self.control("ROLLBACK")
        {
            tracing::error!(error = %e, "a failed group could not be rolled back");
        }
        let kept = if outcome.is_ok() { done.iter().filter(|done| done.keep).count() as u64 } else { 0 };
        if kept > 0 {
            self.shared.writes.fetch_add(kept, Ordering::Relaxed);
            self.shared.groups.fetch_add(1, Ordering::Relaxed);
        }
        for done in done.iter_mut().filter(|done| kept > 0 && done.keep) {
            tx::run_hooks(std::mem::take(&mut done.hooks));
        }
        // Before the answers: who asks for news after its own write has ended is not told of it.
        if kept > 0 {
            self.shared.commits.send_modify(|n| *n += kept);
        }
        for Done { job, .. } in done {
            // A result whose drop panics must not take the thread with it.
            if catch_unwind(AssertUnwindSafe(|| job.answer(outcome.as_ref().err()))).is_err() {
                tracing::error!("dropping what a write left behind panicked");
            }
        }
    }
}
