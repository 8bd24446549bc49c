//! Commits that go wrong, and the process that dies of it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use db::{CommitFate, CommitFaults};
use kernel::{Random, SeededRandom};

use crate::{swarm::Swarm, trace::Trace};

/// The fate of commits, and whether the process is alive.
pub struct Fates {
    random: Arc<SeededRandom>,
    trace: Arc<Trace>,
    swarm: Mutex<Swarm>,
    dead: AtomicBool,
    quiet: AtomicBool,
}

impl Fates {
    /// Fates as likely as `swarm` says. Nothing goes wrong until [`Fates::let_loose`].
    pub fn new(random: Arc<SeededRandom>, trace: Arc<Trace>, swarm: Swarm) -> Self {
        let (dead, quiet) = (AtomicBool::new(false), AtomicBool::new(true));
        Self { random, trace, swarm: Mutex::new(swarm), dead, quiet }
    }
    /// True once the process has died.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
    /// The process dies where it stands.
    pub fn kill(&self) {
        self.dead.store(true, Ordering::SeqCst);
    }
    /// A new process.
    pub fn revive(&self) {
        self.dead.store(false, Ordering::SeqCst);
    }
    /// Nothing goes wrong while `quiet`.
    pub fn let_loose(&self, loose: bool) {
        self.quiet.store(!loose, Ordering::SeqCst);
    }
}

impl CommitFaults for Fates {
    fn on_commit(&self, db_name: &str) -> CommitFate {
        if self.is_dead() {
            // Nothing a dead process still seems to do is ever kept.
            return CommitFate::CrashBefore;
        }
        if self.quiet.load(Ordering::SeqCst) {
            return CommitFate::Commit;
        }
        let dice = self.random.below(1_000);
        let swarm = self.swarm.lock().unwrap_or_else(PoisonError::into_inner);
        let mut below = 0;
        let mut strikes = |rate: u64| {
            below += rate;
            dice < below
        };
        let (fate, mark) = if strikes(swarm.crash_before) {
            (CommitFate::CrashBefore, "crash before a commit")
        } else if strikes(swarm.crash_after) {
            (CommitFate::CrashAfter, "crash after a commit")
        } else if strikes(swarm.unknown) {
            (CommitFate::Unknown, "commit kept, answer lost")
        } else if strikes(swarm.abort_unknown) {
            (CommitFate::AbortUnknown, "commit lost, answer lost")
        } else {
            return CommitFate::Commit;
        };
        self.trace.note(format!("  !! {mark} in {db_name}"));
        self.trace.mark(mark);
        if matches!(fate, CommitFate::CrashBefore | CommitFate::CrashAfter) {
            self.kill();
        }
        fate
    }
}
