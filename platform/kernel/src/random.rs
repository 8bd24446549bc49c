//! Randomness as a port, and ids made from it and the clock.

use std::sync::{Arc, Mutex};

use rand::{Rng, SeedableRng};

use crate::Clock;

/// A source of randomness.
pub trait Random: Send + Sync {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// A random number below `bound` (0 for bound 0); for jitter and choices, not for secrets.
    fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0_u8; 8];
        self.fill(&mut bytes);
        if bound == 0 { 0 } else { u64::from_le_bytes(bytes) % bound }
    }

    /// 256 random bits as URL-safe text: for tokens that open something.
    fn token(&self) -> String {
        use base64::Engine;
        let mut bytes = [0_u8; 32];
        self.fill(&mut bytes);
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// ChaCha12 seeded by the operating system, reseeded by `rand`: fit for secrets.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        // Asking the operating system each time would cost a system call per id.
        rand::rngs::ThreadRng::default().fill_bytes(buffer);
    }
}

/// A repeatable source, for tests and the simulator. Never for secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<rand_chacha::ChaCha8Rng>);

impl SeededRandom {
    /// The same seed gives the same bytes.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(rand_chacha::ChaCha8Rng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(buffer);
    }
}

/// Makes UUIDv7 ids from the handed-in clock and randomness.
#[derive(Clone)]
pub struct Ids {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Ids {
    /// Ids out of `clock` and `random`.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random }
    }
    /// A new UUIDv7.
    pub fn uuid(&self) -> uuid::Uuid {
        let mut bytes = [0_u8; 10];
        self.random.fill(&mut bytes);
        let millis = u64::try_from(self.clock.now().millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}
