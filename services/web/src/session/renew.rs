//! Keeping a person logged in: access tokens are renewed before they end, by one request at a time,
//! and log-ins that were ended elsewhere stop counting here.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use contracts::identity::Refresh;
use kernel::{Error, Identity, Kind, Result, SessionId};

use super::{Message, Person, Session, Sessions, store};

/// An access token is renewed this long before it ends.
const EARLY: Duration = Duration::from_secs(60);
/// How long one request may take to renew before another takes over.
const TURN: Duration = Duration::from_secs(10);
/// How long to wait for the request that renews, and between looks.
const WAITS: (u32, Duration) = (50, Duration::from_millis(100));
/// How long the list of ended log-ins is used before it is asked for again.
const ENDED_FRESH: Duration = Duration::from_secs(5);

/// Log-ins that were ended, as identity last told.
#[derive(Default)]
pub(super) struct Ended {
    asked_at: AtomicI64,
    sessions: RwLock<Arc<BTreeSet<SessionId>>>,
}

impl Sessions {
    /// Finds out who has logged in, renewing the tokens where needed.
    pub(super) async fn settle_person(&self, session: &mut Session) -> Result<()> {
        if session.data.person.is_none() {
            return Ok(());
        }
        self.look_for_ended(false).await;
        let until = session.data.person.as_ref().map(|p| p.access_until);
        if until.is_some_and(|until| until <= self.clock.now().plus(EARLY)) {
            self.renew(session).await?;
        }
        let now = self.clock.now();
        let Some(person) = session.data.person.as_ref().filter(|p| p.access_until > now) else { return Ok(()) };
        let principal = person.principal()?;
        if self.has_ended(principal.session_id) {
            return self.forget_person(session).await;
        }
        session.principal = Some(principal);
        Ok(())
    }

    /// Renews the tokens now, because roles or memberships may have changed. Does nothing if they are
    /// only seconds old.
    pub(crate) async fn renew_now(&self, session: &mut Session) -> Result<()> {
        let Some(person) = &session.data.person else { return Ok(()) };
        if self.clock.now().since(person.access_since()?) < Duration::from_secs(2) {
            return Ok(());
        }
        self.renew(session).await?;
        session.principal = session.data.person.as_ref().map(Person::principal).transpose()?;
        Ok(())
    }

    /// Makes sure that a log-in which was ended elsewhere no longer counts, for pages where seconds matter.
    pub(crate) async fn check_ended(&self, session: &mut Session) -> Result<()> {
        self.look_for_ended(true).await;
        match &session.principal {
            Some(principal) if self.has_ended(principal.session_id) => self.forget_person(session).await,
            _ => Ok(()),
        }
    }

    async fn renew(&self, session: &mut Session) -> Result<()> {
        let now = self.clock.now();
        if store::claim_renewal(&self.db, session.id(), session.version, now, now.plus(TURN)).await? {
            let renewed = self.exchange(session).await;
            store::end_renewal(&self.db, session.id()).await?;
            return renewed;
        }
        // Somebody else renews, or has just done so.
        let (times, pause) = WAITS;
        for _ in 0..times {
            let Some(current) = self.read(session.cookie()).await? else { return Ok(()) };
            (session.version, session.data) = (current.version, current.data);
            let now = self.clock.now();
            // The old token is good enough while it lasts.
            if session.data.person.as_ref().is_none_or(|p| p.access_until > now) {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
        }
        Err(Error::unavailable("The log-in could not be renewed. Try again."))
    }

    /// Trades the refresh token. It works once, so the answer must be kept even if the browser goes
    /// away meanwhile: the trade runs in a task of its own.
    async fn exchange(&self, session: &mut Session) -> Result<()> {
        let Some(person) = &session.data.person else { return Ok(()) };
        let (identity, refresh) = (self.identity.clone(), Refresh { refresh_token: person.refresh.clone() });
        let (db, seal, random, clock) = (self.db.clone(), self.seal, self.random.clone(), self.clock.clone());
        let (cookie, version, data) = (session.cookie.clone(), session.version, session.data.clone());
        let created_at = session.created_at;
        let task = tokio::spawn(async move {
            let mut data = data;
            match identity.refresh(&Identity::Anonymous, &refresh).await {
                Ok(tokens) => data.person = Some(Person::of(&tokens, clock.now())),
                Err(error) if matches!(error.kind(), Kind::Unauthenticated | Kind::Forbidden) => logged_out(&mut data),
                Err(error) => return Err(error),
            }
            let sealed = super::Seal::of(&seal, cookie.expose()).close(&data, &*random)?;
            let end = super::Life::of(&data).end(created_at, clock.now());
            let id = super::id_of(cookie.expose());
            let kept = store::replace(&db, id, sealed, version, end).await?;
            Ok((data, kept))
        });
        let (data, kept) = task.await.map_err(Error::internal)??;
        if kept {
            session.version += 1;
            session.data = data;
            return Ok(());
        }
        // Another request changed something else meanwhile: put the new tokens into that.
        let person = data.person;
        self.change(session, move |data| data.person = person.clone()).await
    }

    async fn forget_person(&self, session: &mut Session) -> Result<()> {
        session.principal = None;
        self.change(session, logged_out).await
    }

    fn has_ended(&self, id: SessionId) -> bool {
        self.ended.sessions.read().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    /// Asks identity for the log-ins that were ended lately, unless it was asked just now.
    async fn look_for_ended(&self, at_once: bool) {
        let now = self.clock.now();
        let last = self.ended.asked_at.load(Ordering::Relaxed);
        let fresh = now.micros().saturating_sub(last) < i64::try_from(ENDED_FRESH.as_micros()).unwrap_or(i64::MAX);
        if fresh && !at_once {
            return;
        }
        let mine = self.ended.asked_at.compare_exchange(last, now.micros(), Ordering::Relaxed, Ordering::Relaxed);
        if mine.is_err() && !at_once {
            return;
        }
        match self.identity.revocations(&Identity::Service("web")).await {
            Ok(ended) => {
                let ended = Arc::new(ended.sessions.into_iter().collect());
                *self.ended.sessions.write().unwrap_or_else(PoisonError::into_inner) = ended;
            }
            Err(error) => tracing::warn!(%error, "ended log-ins could not be fetched"),
        }
    }
}

fn logged_out(data: &mut super::Data) {
    if data.person.take().is_some() {
        data.say(Message::bad("You were logged out. Log in again to go on."));
    }
}
