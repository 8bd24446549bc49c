//! Sessions of browsers: an opaque cookie, and behind it what the browser may not hold itself.
//!
//! Visitors have none until there is something to keep (a first line in the cart, a log-in). The id
//! changes at log-in; at log-out the row is gone.

mod data;
mod renew;
mod seal;
mod store;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::identity::IdentityClient;
use db::Db;
use kernel::{Clock, Error, Principal, Random, Result, Secret, Timestamp};

pub use data::{Data, KeptOrder, Message, Person};
use seal::{Seal, id_of};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long a session may lie unused, how long it lives at most, and how often its use is noted.
#[derive(Debug, Clone, Copy)]
struct Life {
    idle: Duration,
    absolute: Duration,
    note_every: Duration,
}

const BUYER: Life = Life {
    idle: Duration::from_secs(14 * DAY),
    absolute: Duration::from_secs(90 * DAY),
    note_every: Duration::from_secs(HOUR),
};
const ADMIN: Life = Life {
    idle: Duration::from_secs(30 * MINUTE),
    absolute: Duration::from_secs(12 * HOUR),
    note_every: Duration::from_secs(MINUTE),
};

impl Life {
    fn of(data: &Data) -> Self {
        let admin = data.person.as_ref().and_then(|p| p.principal().ok()).is_some_and(|p| p.is_admin());
        if admin { ADMIN } else { BUYER }
    }
    fn end(self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        created_at.plus(self.absolute).min(now.plus(self.idle))
    }
}

/// How long a browser keeps the cookie; when the session ends is decided here.
pub(crate) const COOKIE_LIFE: Duration = BUYER.absolute;

/// All sessions.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    identity: IdentityClient,
    seal: [u8; 32],
    csrf: [u8; 32],
    ended: Arc<renew::Ended>,
}

/// An open session.
#[derive(Clone)]
pub struct Session {
    cookie: Secret,
    created_at: Timestamp,
    version: i64,
    data: Data,
    principal: Option<Arc<Principal>>,
}

impl Session {
    /// What it holds.
    pub fn data(&self) -> &Data {
        &self.data
    }
    /// Who has logged in.
    pub fn principal(&self) -> Option<&Arc<Principal>> {
        self.principal.as_ref()
    }
    /// Value of the cookie.
    pub(crate) fn cookie(&self) -> &str {
        self.cookie.expose()
    }
    fn id(&self) -> String {
        id_of(self.cookie.expose())
    }
}

impl Sessions {
    /// Sessions kept in `env`'s database.
    pub fn new(env: &runtime::Env) -> Self {
        Self {
            db: env.db.clone(),
            clock: env.clock.clone(),
            random: env.random.clone(),
            identity: env.client(),
            seal: env.secret("sessions"),
            csrf: env.secret("forms"),
            ended: Arc::default(),
        }
    }

    /// The session that `cookie` opens, with tokens that count.
    pub async fn open(&self, cookie: &str) -> Result<Option<Session>> {
        if !is_token(cookie) {
            return Ok(None);
        }
        let Some(mut session) = self.read(cookie).await? else { return Ok(None) };
        self.settle_person(&mut session).await?;
        Ok(Some(session))
    }

    /// Reads a session and notes that it was used.
    async fn read(&self, cookie: &str) -> Result<Option<Session>> {
        let (id, now) = (id_of(cookie), self.clock.now());
        let Some(stored) = store::find(&self.db, &id, now).await? else { return Ok(None) };
        let data = match Seal::of(&self.seal, cookie).open(&stored.sealed) {
            Ok(data) => data,
            // Sealed under another secret of this installation: nobody can read it any more.
            Err(error) => {
                tracing::warn!(%error, "a session cannot be opened and begins anew");
                return Ok(None);
            }
        };
        let life = Life::of(&data);
        if now.since(stored.seen_at) >= life.note_every {
            store::touch(&self.db, id, now, life.end(stored.created_at, now)).await?;
        }
        let (created_at, version) = (stored.created_at, stored.version);
        Ok(Some(Session { cookie: Secret::new(cookie), created_at, version, data, principal: None }))
    }

    /// A new session that holds `data`.
    pub async fn create(&self, data: Data) -> Result<Session> {
        let cookie = self.random.token();
        let now = self.clock.now();
        let sealed = Seal::of(&self.seal, &cookie).close(&data, &*self.random)?;
        store::insert(&self.db, id_of(&cookie), sealed, now, Life::of(&data).end(now, now)).await?;
        let principal = data.person.as_ref().map(Person::principal).transpose()?;
        Ok(Session { cookie: Secret::new(cookie), created_at: now, version: 1, data, principal })
    }

    /// Changes what a session holds. If another request changed it meanwhile, `change` is applied to that.
    pub async fn change(&self, session: &mut Session, change: impl Fn(&mut Data) + Send + Sync) -> Result<()> {
        for _ in 0..8 {
            let mut data = session.data.clone();
            change(&mut data);
            let now = self.clock.now();
            let sealed = Seal::of(&self.seal, session.cookie()).close(&data, &*self.random)?;
            let end = Life::of(&data).end(session.created_at, now);
            if store::replace(&self.db, session.id(), sealed, session.version, end).await? {
                session.version += 1;
                session.data = data;
                return Ok(());
            }
            let current = self.read(session.cookie()).await?;
            let current = current.ok_or_else(|| Error::unauthenticated("The session has ended."))?;
            (session.version, session.data) = (current.version, current.data);
        }
        Err(Error::unavailable("Too many changes at once. Try again."))
    }

    /// Ends a session: nothing of it is kept.
    pub async fn end(&self, session: &Session) -> Result<()> {
        store::delete(&self.db, session.id()).await
    }

    /// Forgets sessions that have ended by themselves.
    pub async fn prune(&self) -> Result<u64> {
        store::prune(&self.db, self.clock.now()).await
    }

    /// The token of forms on pages that the holder of `cookie` sees.
    pub(crate) fn form_token(&self, cookie: &str) -> String {
        URL_SAFE_NO_PAD.encode(runtime::derive_secret(&self.csrf, "form", cookie))
    }
}

/// True for what could be one of our cookies' values.
pub(crate) fn is_token(cookie: &str) -> bool {
    cookie.len() == 43 && cookie.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
