//! Who does what, where several processes serve one database: a [`Duty`] is work that one of them
//! does at a time, and a way to call whoever does it. [`Signals`] is how they agree.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::Result;

use crate::postgres::{Line, PgDuty};

/// How the processes on one PostgreSQL agree and call each other: one connection per process and
/// server database, made when it is first needed. Share one among all databases of a process
/// ([`crate::Options::signals`]); it must live on one runtime.
#[derive(Clone, Default)]
pub struct Signals {
    lines: Arc<Mutex<Vec<Arc<Line>>>>,
}

impl Signals {
    /// The line to the server and database that `line` leads to: the one there is, or this one.
    pub(crate) fn join(&self, line: Line) -> Arc<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lines.iter().find(|known| known.leads_where(&line)) {
            return Arc::clone(known);
        }
        let line = Arc::new(line);
        lines.push(Arc::clone(&line));
        line
    }
}

/// Work on a database that one process at a time does. Made by [`crate::Db::duty`].
///
/// On SQLite there is one process, which is always on duty. On PostgreSQL the duty is an advisory
/// lock of a session: it is free again as soon as the process that had it, or its connection, is gone.
/// A process that was cut off may go on for as long as its last piece of work takes, so that work
/// must be safe to do twice.
pub struct Duty(pub(crate) Inner);

pub(crate) enum Inner {
    Alone,
    Shared(PgDuty),
}

impl Duty {
    /// Takes the duty if it is free; true if it is ours. Costs nothing while it is.
    pub async fn take(&self) -> Result<bool> {
        match &self.0 {
            Inner::Alone => Ok(true),
            Inner::Shared(duty) => duty.take().await,
        }
    }

    /// Calls whoever is on duty, in whichever process.
    pub async fn call(&self) -> Result<()> {
        match &self.0 {
            Inner::Alone => Ok(()),
            Inner::Shared(duty) => duty.call().await,
        }
    }

    /// Waits until another process calls, or gives the duty up. A call is remembered while nobody waits.
    pub async fn called(&self) {
        match &self.0 {
            Inner::Alone => std::future::pending().await,
            Inner::Shared(duty) => duty.called().await,
        }
    }

    /// Gives the duty up, and tells the others. If that cannot be said, the end of the connection says it.
    pub async fn give_up(&self) {
        if let Inner::Shared(duty) = &self.0 {
            duty.give_up().await;
        }
    }
}
