//! The one thread that owns the state. Commands that wait at the same time become durable with
//! one `fsync`; nobody is answered before that.

use std::path::PathBuf;

use kernel::{Error, Result};
use tokio::sync::{mpsc, oneshot};

use crate::{gateway::Gateway, rules::Rules, sqlite::Sqlite};

/// Commands that become durable together, at most.
const GROUP: usize = 256;
/// Commands that may wait before callers are slowed down.
const QUEUE: usize = 4_096;

/// Where the journal is.
#[derive(Debug, Clone)]
pub enum JournalAt {
    /// In this file; it is created if it does not exist.
    Path(PathBuf),
    /// In memory, gone at the end.
    Memory,
}

/// Sends the answer, once it is known whether the group became durable.
type Finish = Box<dyn FnOnce(bool) + Send>;
/// Does the work; none when the store failed.
type Work = Box<dyn FnOnce(&mut Gateway<Sqlite>) -> Option<Finish> + Send>;

enum Job {
    Work(Work),
    Stop(oneshot::Sender<()>),
}

/// Handle of the thread.
#[derive(Debug, Clone)]
pub struct Journal {
    jobs: mpsc::Sender<Job>,
}

impl Journal {
    /// Opens the journal and starts its thread.
    pub async fn open(at: JournalAt, rules: Rules) -> Result<Self> {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let (opened, open) = oneshot::channel();
        std::thread::Builder::new()
            .name("sandbox-journal".to_owned())
            .spawn(move || {
                let store = match at {
                    JournalAt::Path(path) => Sqlite::open(Some(&path)),
                    JournalAt::Memory => Sqlite::open(None),
                };
                match store {
                    Ok(store) => {
                        if opened.send(Ok(())).is_ok() {
                            work(Gateway::new(rules, store), waiting);
                        }
                    }
                    // If nobody waits for the journal any more, nobody needs to hear that it did not open.
                    Err(error) => drop(opened.send(Err(error))),
                }
            })
            .map_err(Error::internal)?;
        open.await.map_err(|_| gone())??;
        Ok(Self { jobs })
    }

    /// Runs `work` on the state and answers once its changes are durable. Reads go the same way,
    /// so that nobody is shown what could still be lost.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Gateway<Sqlite>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Work = Box::new(move |gateway| match work(gateway) {
            Ok(value) => Some(Box::new(move |durable| {
                // A caller that no longer waits needs no answer; its command is done all the same.
                drop(answer.send(if durable { Ok(value) } else { Err(gone()) }));
            })),
            Err(error) => {
                drop(answer.send(Err(error)));
                None
            }
        });
        self.jobs.send(Job::Work(job)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Finishes what waits and closes the file.
    pub async fn close(&self) {
        let (stopped, stop) = oneshot::channel();
        if self.jobs.send(Job::Stop(stopped)).await.is_ok() {
            // Nothing is ever sent: the other end is dropped when the file is closed.
            drop(stop.await);
        }
    }
}

fn gone() -> Error {
    Error::unavailable("The journal is not available now.")
}

fn work(mut gateway: Gateway<Sqlite>, mut waiting: mpsc::Receiver<Job>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = Vec::new();
        let mut next = Some(first);
        let mut stop = None;
        while let Some(job) = next.take() {
            match job {
                Job::Work(work) => group.push(work),
                Job::Stop(stopped) => {
                    stop = Some(stopped);
                    break;
                }
            }
            if group.len() < GROUP {
                next = waiting.try_recv().ok();
            }
        }
        run_group(&mut gateway, group);
        if let Some(stopped) = stop {
            // The file is closed before the one who asked hears of it.
            drop(gateway);
            drop(stopped);
            return;
        }
    }
}

/// All of the group become durable, or none: a command half written must not be committed
/// together with others. Callers whose command was rolled back are told to try again.
fn run_group(gateway: &mut Gateway<Sqlite>, group: Vec<Work>) {
    if let Err(error) = gateway.store().begin() {
        tracing::error!(%error, "sandbox journal: cannot begin");
        return;
    }
    let mut finishes = Vec::with_capacity(group.len());
    let mut whole = true;
    for work in group {
        match work(gateway) {
            Some(finish) => finishes.push(finish),
            None => {
                whole = false;
                break;
            }
        }
    }
    let durable =
        whole && gateway.store().commit().inspect_err(|error| tracing::error!(%error, "sandbox journal")).is_ok();
    if !durable && let Err(error) = gateway.store().rollback() {
        // SQLite has rolled back by itself after some errors.
        tracing::warn!(%error, "sandbox journal: nothing to roll back");
    }
    finishes.into_iter().for_each(|finish| finish(durable));
}
