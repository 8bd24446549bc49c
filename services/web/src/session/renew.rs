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
/// Tokens younger than this are taken at their word.
const FRESH: Duration = Duration::from_secs(2);
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
            // Until the old token ends, a renewal that fails can be tried again later.
            if let Err(error) = self.renew(session).await
                && until.is_none_or(|until| until <= self.clock.now())
            {
                return Err(error);
            }
        }
        let now = self.clock.now();
        let Some(person) = session.data.person.as_ref().filter(|p| p.access_until > now) else { return Ok(()) };
        match person.principal() {
            Ok(principal) if !self.has_ended(principal.session_id) => {
                session.principal = Some(principal);
                Ok(())
            }
            _ => self.forget_person(session).await,
        }
    }

    /// Renews the tokens now, because what they say has changed.
    pub(crate) async fn renew_now(&self, session: &mut Session) -> Result<()> {
        self.renew(session).await?;
        session.principal = session.data.person.as_ref().map(Person::principal).transpose()?;
        Ok(())
    }

    /// Renews the tokens now, in case roles or memberships have changed; not if they are only seconds old,
    /// so that nobody has them renewed again and again by asking for what is not theirs.
    pub(crate) async fn renew_if_older(&self, session: &mut Session) -> Result<()> {
        let Some(person) = &session.data.person else { return Ok(()) };
        if self.clock.now().since(person.access_since()?) < FRESH {
            return Ok(());
        }
        self.renew_now(session).await
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
        let refresh = Refresh { refresh_token: person.refresh.clone() };
        let (this, mut renewed) = (self.clone(), session.clone());
        let task = tokio::spawn(async move {
            let person = match this.identity.refresh(&Identity::Anonymous, &refresh).await {
                Ok(tokens) => Some(Person::of(&tokens, this.clock.now())),
                Err(error) if matches!(error.kind(), Kind::Unauthenticated | Kind::Forbidden) => None,
                Err(error) => return Err(error),
            };
            let keep = |data: &mut super::Data| match &person {
                Some(person) => data.person = Some(person.clone()),
                None => logged_out(data),
            };
            this.change(&mut renewed, keep).await?;
            Ok(renewed)
        });
        *session = task.await.map_err(Error::internal)??;
        Ok(())
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
