//! The one connection of a process on which it hears other processes and holds its duties.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use kernel::Result;
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client};

use super::{
    connect::Connector,
    failure::{Failure, describe},
};
use crate::error;

/// The channel all processes listen on; what is said there is the name of a duty.
const LISTEN: &str = "LISTEN souk";
const TAKE: &str = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";
const CALL: &str = "SELECT pg_notify('souk', $1)";
const GIVE_UP: &str = "SELECT pg_advisory_unlock(hashtextextended($1, 0)), pg_notify('souk', $1)";

/// Who waits for calls, by the name of the duty.
type Listeners = Arc<Mutex<HashMap<String, Vec<Arc<Notify>>>>>;

/// A connection that is made anew whenever it is needed and broken.
pub(crate) struct Line {
    connector: Connector,
    session: tokio::sync::Mutex<Option<Session>>,
    listeners: Listeners,
}

/// A session, and what it holds: the server frees that when the session ends.
struct Session {
    client: Client,
    /// By the name of the duty, who of this process has it: if that one is gone, whoever comes next.
    held: HashMap<String, Weak<Notify>>,
}

impl Line {
    pub(super) fn new(connector: Connector) -> Self {
        Self { connector, session: tokio::sync::Mutex::default(), listeners: Listeners::default() }
    }

    /// True if both lead to the same database of the same server.
    pub(crate) fn leads_where(&self, other: &Self) -> bool {
        self.connector.address() == other.connector.address()
    }

    /// A duty by its name, which must tell schemas apart.
    pub(super) fn duty(self: &Arc<Self>, name: String) -> PgDuty {
        let called = Arc::new(Notify::new());
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.entry(name.clone()).or_default().push(Arc::clone(&called));
        PgDuty { line: Arc::clone(self), name, called }
    }

    /// A new connection that listens.
    async fn connect(&self) -> Result<Session> {
        let ears = Ears(Arc::clone(&self.listeners));
        let (client, _) =
            self.connector.open("souk signals", move |message| ears.hear(&message)).await.map_err(broken)?;
        client.batch_execute(LISTEN).await.map_err(|e| Failure::of(&e, LISTEN).error)?;
        Ok(Session { client, held: HashMap::new() })
    }

    /// Runs `ask` on the session, after making one if there is none.
    async fn ask<T>(&self, ask: impl AsyncFnOnce(&mut Session) -> Result<T>) -> Result<T> {
        let mut session = self.session.lock().await;
        match &mut *session {
            Some(open) if !open.client.is_closed() => ask(open).await,
            broken => {
                *broken = None;
                ask(broken.insert(self.connect().await?)).await
            }
        }
    }
}

/// Wakes those who wait for what is said on a connection.
struct Ears(Listeners);

impl Ears {
    fn hear(&self, message: &AsyncMessage) {
        if let AsyncMessage::Notification(said) = message {
            wake(&self.0, |name| name == said.payload());
        }
    }
}

impl Drop for Ears {
    /// The connection has ended. What is said meanwhile is lost, so everybody has to look.
    fn drop(&mut self) {
        wake(&self.0, |_| true);
    }
}

fn wake(listeners: &Listeners, wanted: impl Fn(&str) -> bool) {
    let listeners = listeners.lock().unwrap_or_else(PoisonError::into_inner);
    listeners.iter().filter(|(name, _)| wanted(name)).flat_map(|(_, waiting)| waiting).for_each(|w| w.notify_one());
}

fn broken(cause: tokio_postgres::Error) -> kernel::Error {
    error::unavailable(describe(&cause))
}

/// A duty in this process.
pub(crate) struct PgDuty {
    line: Arc<Line>,
    name: String,
    /// Rings when somebody calls; tells the duties of this process apart, too.
    called: Arc<Notify>,
}

impl PgDuty {
    pub(crate) async fn take(&self) -> Result<bool> {
        self.line
            .ask(async |session| {
                let is_held = match session.held.get(&self.name).map(Weak::upgrade) {
                    Some(Some(holder)) => return Ok(Arc::ptr_eq(&holder, &self.called)),
                    Some(None) => true,
                    None => {
                        let asked = session.client.query_one(TAKE, &[&self.name]).await;
                        asked.map_err(|e| Failure::of(&e, TAKE).error)?.get(0)
                    }
                };
                if is_held {
                    session.held.insert(self.name.clone(), Arc::downgrade(&self.called));
                }
                Ok(is_held)
            })
            .await
    }

    pub(crate) async fn call(&self) -> Result<()> {
        self.line
            .ask(async |session| {
                session.client.execute(CALL, &[&self.name]).await.map_err(|e| Failure::of(&e, CALL).error)?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn called(&self) {
        self.called.notified().await;
    }

    pub(crate) async fn give_up(&self) {
        let mut session = self.line.session.lock().await;
        let Some(session) = &mut *session else { return };
        let holder = session.held.get(&self.name).and_then(Weak::upgrade);
        if !holder.is_some_and(|holder| Arc::ptr_eq(&holder, &self.called)) {
            return;
        }
        session.held.remove(&self.name);
        if let Err(e) = session.client.execute(GIVE_UP, &[&self.name]).await {
            tracing::debug!(error = %describe(&e), duty = self.name, "a duty could not be given up");
        }
    }
}

impl Drop for PgDuty {
    fn drop(&mut self) {
        let mut listeners = self.line.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = listeners.get_mut(&self.name) {
            waiting.retain(|called| !Arc::ptr_eq(called, &self.called));
        }
    }
}
