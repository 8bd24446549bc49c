//! Passwords: which are accepted, and how they are hashed and checked.
//!
//! Hashing takes memory and tens of milliseconds on purpose, so it has a queue of its own: two at a
//! time on threads that may block, a few waiting, and everybody else is asked to come again.

mod policy;

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use kernel::{Error, Kind, Random, Result, Secret};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Settings;
pub(crate) use policy::check_policy;

/// Hashes computed at once.
const AT_ONCE: usize = 2;
/// Hashes under way or waiting; whoever comes then is turned away.
const QUEUE: usize = 48;
/// Longer ones are wrong without looking: nobody could have set them.
const BYTES_MAX: usize = 512;

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    params: Params,
    random: Arc<dyn Random>,
    queue: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place in the queue.
pub(crate) struct Turn<'a> {
    passwords: &'a Passwords,
    place: OwnedSemaphorePermit,
}

/// What came of a check.
pub(crate) struct Checked {
    /// It is the password.
    pub(crate) matches: bool,
    /// A better hash to store, if it is and the old one is weaker than ours are now.
    pub(crate) rehashed: Option<Secret>,
}

/// What argon2 is told. One that it does not take is named.
pub(crate) fn params(settings: &Settings) -> Result<Params> {
    let (memory, iterations) = (settings.argon2_memory_kib, settings.argon2_iterations);
    Params::new(memory, iterations, 1, None).map_err(|e| {
        let key = if matches!(e, argon2::Error::TimeTooSmall) { "argon2_iterations" } else { "argon2_memory_kib" };
        Error::invalid(format!("identity.{key}"), format!("Passwords cannot be hashed so: {e}."))
    })
}

impl Passwords {
    /// Refuses parameters that argon2 does not take.
    pub(crate) fn new(settings: &Settings, random: Arc<dyn Random>) -> Result<Self> {
        let params = params(settings)?;
        Ok(Self { params, random, queue: Arc::new(Semaphore::new(QUEUE)), running: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// A place in the queue, or an answer that says when to come again.
    pub(crate) fn turn(&self) -> Result<Turn<'_>> {
        let place = self.queue.clone().try_acquire_owned().map_err(|_| {
            Error::new(Kind::Unavailable, "busy", "Many people are logging in. Try again in a moment.").retry_after_s(1)
        })?;
        Ok(Turn { passwords: self, place })
    }

    /// Hashes a password that will be stored.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<Secret> {
        self.turn()?.hash(password).await
    }

    fn job(&self) -> Job {
        let mut salt = [0_u8; 16];
        self.random.fill(&mut salt);
        Job { params: self.params.clone(), salt }
    }
}

impl Turn<'_> {
    /// Hashes a password that will be stored.
    pub(crate) async fn hash(self, password: &Secret) -> Result<Secret> {
        let (job, password) = (self.passwords.job(), password.clone());
        self.run(move || job.hash(&password)).await
    }

    /// Checks a password against what is stored. Without a stored hash it takes as long, and fails.
    pub(crate) async fn check(self, password: &Secret, stored: Option<&Secret>) -> Result<Checked> {
        let (job, password, stored) = (self.passwords.job(), password.clone(), stored.cloned());
        self.run(move || job.check(&password, stored.as_ref())).await
    }

    /// Runs on a thread that may block. Whoever asked may go away: the work keeps its place until it is done.
    async fn run<T: Send + 'static>(self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let running = self.passwords.running.clone().acquire_owned().await.map_err(Error::internal)?;
        let place = self.place;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, running);
            work()
        });
        done.await.map_err(Error::internal)?
    }
}

/// Parameters and salt of one hash.
struct Job {
    params: Params,
    salt: [u8; 16],
}

impl Job {
    fn hash(&self, password: &Secret) -> Result<Secret> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let hash = argon2.hash_password_with_salt(password.expose().as_bytes(), &self.salt).map_err(Error::internal)?;
        Ok(Secret::new(hash.to_string()))
    }

    fn check(&self, password: &Secret, stored: Option<&Secret>) -> Result<Checked> {
        let wrong = Checked { matches: false, rehashed: None };
        if password.expose().len() > BYTES_MAX {
            return Ok(wrong);
        }
        let Some(stored) = stored else {
            self.hash(password)?;
            return Ok(wrong);
        };
        let (matches, current) = if is_bcrypt(stored.expose()) {
            (bcrypt::verify(password.expose(), stored.expose()).map_err(Error::internal)?, false)
        } else {
            let hash = PasswordHash::new(stored.expose()).map_err(Error::internal)?;
            let matches = Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok();
            (matches, self.is_current(&hash))
        };
        let rehashed = if matches && !current { Some(self.hash(password)?) } else { None };
        Ok(Checked { matches, rehashed })
    }

    /// True if we would hash it like that today.
    fn is_current(&self, hash: &PasswordHash) -> bool {
        let same = |used: Params| used.m_cost() == self.params.m_cost() && used.t_cost() == self.params.t_cost();
        hash.algorithm == Algorithm::Argon2id.ident() && Params::try_from(hash).is_ok_and(same)
    }
}

fn is_bcrypt(hash: &str) -> bool {
    hash.starts_with("$2")
}

/// Refuses a hash that [`Passwords`] could not check: for imported accounts.
pub(crate) fn check_hash(hash: &Secret) -> Result<()> {
    let text = hash.expose();
    let known = if is_bcrypt(text) {
        text.parse::<bcrypt::HashParts>().is_ok()
    } else {
        PasswordHash::new(text).is_ok_and(|h| h.algorithm == Algorithm::Argon2id.ident() && h.hash.is_some())
    };
    if known { Ok(()) } else { Err(Error::invalid("password", "This is neither an argon2id nor a bcrypt hash.")) }
}

#[cfg(test)]
mod tests {
    use kernel::SeededRandom;

    use super::*;

    fn passwords(memory_kib: u32) -> Passwords {
        let settings = Settings { argon2_memory_kib: memory_kib, argon2_iterations: 1, ..Settings::default() };
        Passwords::new(&settings, Arc::new(SeededRandom::new(1))).unwrap()
    }

    async fn check(passwords: &Passwords, password: &str, stored: Option<&Secret>) -> Checked {
        passwords.turn().unwrap().check(&Secret::new(password), stored).await.unwrap()
    }

    #[tokio::test]
    async fn right_and_wrong() {
        let passwords = passwords(64);
        let hash = passwords.hash(&Secret::new("correct horse")).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.expose());
        let right = check(&passwords, "correct horse", Some(&hash)).await;
        assert!(right.matches && right.rehashed.is_none());
        let wrong = check(&passwords, "correct hors", Some(&hash)).await;
        assert!(!wrong.matches && wrong.rehashed.is_none());
        assert!(!check(&passwords, "correct horse", None).await.matches);
        assert!(!check(&passwords, &"a".repeat(513), Some(&hash)).await.matches);
        let again = passwords.hash(&Secret::new("correct horse")).await.unwrap();
        assert_ne!(hash, again, "every hash has a salt of its own");
    }

    #[tokio::test]
    async fn weaker_hashes_are_replaced() {
        let (old, new) = (passwords(64), passwords(128));
        let hash = old.hash(&Secret::new("correct horse")).await.unwrap();
        let better = check(&new, "correct horse", Some(&hash)).await.rehashed.unwrap();
        assert!(better.expose().contains("m=128,t=1"), "{}", better.expose());
        assert!(check(&new, "correct horse", Some(&better)).await.rehashed.is_none());

        let imported = Secret::new(bcrypt::hash("correct horse", 4).unwrap());
        assert!(!check(&new, "wrong horse", Some(&imported)).await.matches);
        let better = check(&new, "correct horse", Some(&imported)).await.rehashed.unwrap();
        assert!(better.expose().starts_with("$argon2id$"));
    }

    #[tokio::test]
    async fn the_queue_is_bounded() {
        let passwords = passwords(64);
        let turns: Vec<_> = (0..QUEUE).map(|_| passwords.turn().unwrap()).collect();
        let refused = passwords.turn().err().unwrap();
        assert_eq!((refused.kind(), refused.code(), refused.retry_after()), (Kind::Unavailable, "busy", Some(1)));
        drop(turns);
        assert!(passwords.turn().is_ok());
    }

    #[test]
    fn only_known_hashes_are_imported() {
        let bcrypt = bcrypt::hash("x", 4).unwrap();
        assert!(check_hash(&Secret::new(bcrypt)).is_ok());
        for bad in [
            "",
            "secret",
            "$2b$04$short",
            "$argon2id$v=19$m=64,t=1,p=1",
            "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXA",
        ] {
            assert!(check_hash(&Secret::new(bad)).is_err(), "{bad}");
        }
    }
}
