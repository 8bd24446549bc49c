//! Writes that wait share a transaction: its begin, its commit, and the rows they gather.
//!
//! A write that finds nothing under way runs alone and at once. What comes meanwhile waits for it and then shares the next
//! transaction, one body after the other, as on SQLite. If one of them fails after it has written, nothing of the
//! transaction is kept and each runs in one of its own: bodies have no effects outside.

use std::{
    collections::VecDeque,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{LocalBoxFuture, join_all},
};
use kernel::{Error, Result};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{
    PgDb,
    write::{BEGIN, run_body, spawn},
};
use crate::{
    Tx, error,
    tx::{self, Inner},
};

/// Most writes that share a transaction.
const TOGETHER: usize = 16;
/// A shared transaction that has taken so long takes in no more of them.
const LONG: Duration = Duration::from_millis(10);
/// A transaction that takes so long, for it waits for a lock, does not hold up those that came later.
const STALLED: Duration = Duration::from_millis(25);
/// Writes that may wait for each lane before there is another one.
const PER_LANE: usize = 8;

/// Who shares a transaction waits for no lock for longer than this: it holds those of the others meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);

/// How a shared transaction begins, where one alone waits so long for a lock.
pub(super) fn begin_together(lock_timeout: Duration) -> String {
    format!("{BEGIN}; SET LOCAL lock_timeout = {}", lock_timeout.min(PATIENCE).as_millis())
}

/// A write as those see it who carry it out, whatever its body and its answer are.
pub(super) trait Work: Send {
    /// Runs the body, from its beginning.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Result<()>>;
    /// Answers the caller with what the last run has returned, or with what became of it.
    fn answer(&mut self, outcome: Result<()>);
}

pub(super) struct Write<F, T> {
    body: F,
    value: Option<T>,
    caller: Option<oneshot::Sender<Result<T>>>,
    _running: TaskTrackerToken,
}

impl<F, T> Write<F, T> {
    pub(super) fn new(body: F, caller: oneshot::Sender<Result<T>>, running: TaskTrackerToken) -> Self {
        Self { body, value: None, caller: Some(caller), _running: running }
    }
}

impl<F, T> Work for Write<F, T>
where
    F: AsyncFn(&mut Tx) -> Result<T> + Send,
    T: Send,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Result<()>> {
        async {
            self.value = Some((self.body)(tx).await?);
            Ok(())
        }
        .boxed_local()
    }

    fn answer(&mut self, outcome: Result<()>) {
        let value = self.value.take();
        let answer = outcome.and_then(|()| value.ok_or_else(|| Error::internal("a body that was kept has returned")));
        if let Some(caller) = self.caller.take() {
            // The caller may have gone away; that does not stop its write.
            let _ = caller.send(answer);
        }
    }
}

/// What waits to be written, and how many lanes work it off.
#[derive(Default)]
pub(super) struct Queue(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// Each with the time at which it came.
    writes: VecDeque<(Instant, Box<dyn Work>)>,
    lanes: usize,
}

impl Waiting {
    /// Counts one more lane if one is needed.
    fn add_lane(&mut self, needed: bool, most: usize) -> bool {
        let adds = needed && self.lanes < most;
        self.lanes += usize::from(adds);
        adds
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Box<dyn Work>> {
        self.lock().writes.pop_front().map(|(_, write)| write)
    }

    /// Takes out what has waited for too long.
    fn take_overdue(&self, longest: Duration) -> Vec<Box<dyn Work>> {
        let mut waiting = self.lock();
        let overdue = waiting.writes.iter().take_while(|(came, _)| came.elapsed() > longest).count();
        waiting.writes.drain(..overdue).map(|(_, write)| write).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.lock().writes.len()
    }
}

/// Works off what waits. However it ends, it does not leave writes behind that nobody works off.
struct Lane(Arc<PgDb>);

impl Drop for Lane {
    fn drop(&mut self) {
        let mut waiting = self.0.queue.lock();
        waiting.lanes -= 1;
        let needed = waiting.lanes == 0 && !waiting.writes.is_empty();
        if waiting.add_lane(needed, 1) {
            drop(waiting);
            self.0.open_lane();
        }
    }
}

impl Lane {
    async fn run(self) {
        loop {
            let Some(first) = self.0.queue.next() else { return };
            let mut running = pin!(self.0.carry_out(first));
            while tokio::select! { biased; () = &mut running => false, () = sleep(STALLED) => true } {
                self.0.help_those_behind();
            }
            if self.0.queue.lock().lanes > 1 {
                return;
            }
        }
    }
}

impl PgDb {
    /// Has a write carried out, alone or with others.
    pub(super) fn enqueue(self: &Arc<Self>, write: Box<dyn Work>) {
        let mut waiting = self.queue.lock();
        waiting.writes.push_back((Instant::now(), write));
        let needed = waiting.writes.len() > waiting.lanes * PER_LANE || waiting.lanes == 0;
        if waiting.add_lane(needed, self.lanes) {
            drop(waiting);
            self.open_lane();
        }
    }

    /// What waits behind somebody who is stuck gets another lane; if all of them are stuck, it is told so as long after it
    /// came as one waits for a connection.
    fn help_those_behind(self: &Arc<Self>) {
        for mut write in self.queue.take_overdue(self.options.connect_timeout) {
            write.answer(Err(error::busy("no free connection in time")));
        }
        let mut waiting = self.queue.lock();
        let needed = !waiting.writes.is_empty();
        if waiting.add_lane(needed, self.lanes) {
            drop(waiting);
            self.open_lane();
        }
    }

    fn open_lane(self: &Arc<Self>) {
        let db = Arc::clone(self);
        spawn(self.worker, move || Lane(db).run());
    }

    /// Carries out a write, together with what waits.
    async fn carry_out(&self, mut first: Box<dyn Work>) {
        if self.queue.len() == 0 {
            return self.run_alone(&mut *first, BEGIN.into()).await;
        }
        let mut writes = vec![first];
        if !self.run_together(&mut writes).await {
            join_all(writes.iter_mut().map(|write| self.run_alone(&mut **write, BEGIN.into()))).await;
        }
    }

    /// Runs the first of `writes` and more of those that wait in one transaction. False, and nothing is kept or answered, if
    /// each has to run alone.
    async fn run_together(&self, writes: &mut Vec<Box<dyn Work>>) -> bool {
        let mut tx = match self.begin(self.begin_together.clone()).await {
            Ok(tx) => tx,
            Err(error) => {
                writes.iter_mut().for_each(|write| write.answer(Err(error.clone())));
                return true;
            }
        };
        let started = Instant::now();
        let mut outcomes = Vec::new();
        let mut hooks = Vec::new();
        let is_whole = loop {
            let Some(write) = writes.last_mut() else { break true };
            let outcome = run_body(&mut **write, &mut tx).await;
            let of_this = tx.take_hooks();
            match (&outcome, &tx.inner) {
                (Ok(()), _) => hooks.extend(of_this),
                // It has changed nothing, so the others need not care.
                (Err(_), Inner::Postgres(pg)) if pg.is_clean() => {}
                (Err(_), _) => break false,
            }
            outcomes.push(outcome);
            if writes.len() == TOGETHER || started.elapsed() > LONG {
                break true;
            }
            let Some(next) = self.queue.next() else { break true };
            writes.push(next);
            if let Inner::Postgres(pg) = &mut tx.inner {
                pg.begin_body();
            }
        };
        let Inner::Postgres(pg) = tx.inner else { return false };
        if !is_whole {
            pg.roll_back().await;
            return false;
        }
        match pg.commit().await {
            Ok(()) => {
                tx::run_hooks(hooks);
                self.count(outcomes.iter().filter(|outcome| outcome.is_ok()).count() as u64);
                writes.iter_mut().zip(outcomes).for_each(|(write, outcome)| write.answer(outcome));
                true
            }
            // What was refused was refused because of what may not be there.
            Err(failure) if failure.error.code() == error::COMMIT_UNKNOWN => {
                writes.iter_mut().for_each(|write| write.answer(Err(failure.error.clone())));
                true
            }
            Err(_) => false,
        }
    }

    /// Counts what one commit has kept.
    pub(super) fn count(&self, writes: u64) {
        self.committed.fetch_add(writes, Ordering::Relaxed);
        self.groups.fetch_add(1, Ordering::Relaxed);
        self.commits.send_modify(|n| *n += writes);
    }
}
