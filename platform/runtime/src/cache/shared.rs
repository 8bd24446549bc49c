//! The port to what processes share, and how it is used.

use std::{sync::Arc, time::Duration};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures::{future::BoxFuture, stream::BoxStream};
use kernel::{Random, Result};
use sha2::{Digest, Sha256};

use super::Place;
use crate::WhileItAnswers;

/// How long an answer of the shared cache is waited for: longer, and making one is as good.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long a change is remembered: much longer than any answer that was made before it.
const STAMP_LIFETIME: Duration = Duration::from_secs(3_600);
/// Larger answers stay where they were made.
const SHARED_BYTES_MAX: usize = 256 * 1024;
/// Longer keys are replaced by their digest.
const KEY_MAX: usize = 200;

/// What several processes share: short-lived values under text keys, and news.
pub trait SharedCache: Send + Sync {
    /// The values of these keys.
    fn read(&self, keys: Vec<String>) -> BoxFuture<'_, Result<Vec<Option<Bytes>>>>;
    /// Sets values for a while; then tells `news` to all who listen, if there is any.
    fn write(
        &self,
        values: Vec<(String, Bytes)>,
        lifetime: Duration,
        news: Option<String>,
    ) -> BoxFuture<'_, Result<()>>;
    /// What is told from now on, for as long as the stream is held. It mends itself; each time it had to,
    /// and at its beginning, it says that something may have been missed.
    fn listen(&self) -> BoxStream<'static, News>;
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// What somebody told.
    Told(String),
    /// Perhaps something that nobody heard.
    Missed,
}

/// Shared stamps of what an answer is made from; the first is that of its whole cache.
#[derive(Debug, Default)]
pub(super) struct Origin(Vec<(Place, u64)>);

impl Origin {
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.iter().map(|(place, _)| *place)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Number of cells, stamp of the whole, then each cell and its stamp; then the answer.
    fn before(&self, answer: &Bytes) -> Bytes {
        let mut out = BytesMut::with_capacity(12 + self.0.len() * 12 + answer.len());
        out.put_u32(self.0.len() as u32);
        for (place, stamp) in &self.0 {
            out.put_u32(match place {
                Place::All => u32::MAX,
                Place::Cell(cell) => *cell,
            });
            out.put_u64(*stamp);
        }
        out.extend_from_slice(answer);
        out.freeze()
    }

    /// What [`Self::before`] has written; `None` if it is something else.
    fn split(mut value: Bytes) -> Option<(Self, Bytes)> {
        let count = value.try_get_u32().ok()? as usize;
        if count == 0 || value.len() < count.checked_mul(12)? {
            return None;
        }
        let mut places = Vec::with_capacity(count);
        for _ in 0..count {
            let place = match value.get_u32() {
                u32::MAX => Place::All,
                cell => Place::Cell(cell),
            };
            places.push((place, value.get_u64()));
        }
        Some((Self(places), value))
    }
}

/// A [`SharedCache`] that is asked only while it answers.
#[derive(Clone)]
pub(crate) struct Shared {
    port: Arc<dyn SharedCache>,
    random: Arc<dyn Random>,
    answering: Arc<WhileItAnswers>,
}

impl Shared {
    pub(super) fn new(port: Arc<dyn SharedCache>, random: Arc<dyn Random>) -> Self {
        Self { port, random, answering: Arc::new(WhileItAnswers::new("cache", PATIENCE)) }
    }

    pub(super) fn listen(&self) -> BoxStream<'static, News> {
        self.port.listen()
    }

    /// An answer and what it is made from.
    pub(super) async fn read(&self, cache: &str, key: &str) -> Option<(Origin, Bytes)> {
        let found = self.answering.ask(self.port.read(vec![answer_key(cache, key)])).await?;
        Origin::split(found.into_iter().next()??)
    }

    /// The stamps of these places as they are now.
    pub(super) async fn stamps(&self, cache: &str, places: &[Place]) -> Option<Origin> {
        let keys = places.iter().map(|place| stamp_key(cache, *place)).collect();
        let found = self.answering.ask(self.port.read(keys)).await?;
        let stamps = found.into_iter().map(|stamp| stamp.and_then(|mut bytes| bytes.try_get_u64().ok()).unwrap_or(0));
        Some(Origin(places.iter().copied().zip(stamps).collect()))
    }

    /// True if nothing of what the answer was made from has changed since.
    pub(super) async fn stands(&self, cache: &str, origin: &Origin) -> bool {
        let places: Vec<Place> = origin.places().collect();
        self.stamps(cache, &places).await.is_some_and(|now| now.0 == origin.0)
    }

    /// Keeps an answer for the others; nobody waits for that.
    pub(super) fn write(&self, cache: &str, key: &str, origin: &Origin, answer: &Bytes, lifetime: Duration) {
        if answer.len() > SHARED_BYTES_MAX || self.answering.is_resting() {
            return;
        }
        let value = (answer_key(cache, key), origin.before(answer));
        let this = self.clone();
        tokio::spawn(async move { this.answering.ask(this.port.write(vec![value], lifetime, None)).await });
    }

    /// Gives changed places new stamps and tells all processes; true if that went well.
    pub(super) async fn announce(&self, places: &[(&str, Place)], news: String) -> bool {
        // A new stamp is none that was ever there, not even before everything was lost.
        let stamp = |(cache, place): &(&str, Place)| {
            let value = Bytes::copy_from_slice(&(self.random.below(u64::MAX) | 1).to_be_bytes());
            (stamp_key(cache, *place), value)
        };
        let stamps = places.iter().map(stamp).collect();
        self.answering.ask(self.port.write(stamps, STAMP_LIFETIME, Some(news))).await.is_some()
    }
}

fn answer_key(cache: &str, key: &str) -> String {
    if key.len() <= KEY_MAX {
        return format!("answer:{cache}:{key}");
    }
    format!("answer:{cache}:#{}", hex::encode(Sha256::digest(key)))
}

fn stamp_key(cache: &str, place: Place) -> String {
    match place {
        Place::All => format!("stamp:{cache}:all"),
        Place::Cell(cell) => format!("stamp:{cache}:{cell}"),
    }
}
