//! One cache: what this process keeps, and how an answer is found or made.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use quick_cache::{Weighter, sync::Cache as Entries};
use tokio::sync::{Mutex, MutexGuard};

use super::{Place, Ready, Size, Source, news::Desk, shared::Origin};

/// Answers are made one at a time per lane, so that a hundred who ask at once for one that is missing
/// cause one to be made. Two that share a lane only wait for each other.
const LANES: usize = 256;
/// What an entry costs beside its key and its bytes.
const ENTRY_BYTES: u64 = 200;
/// About what an answer is long, to begin with the right number of places.
const USUAL_BYTES: u64 = 1_500;

/// Counts changes, for the entries of this process.
struct Stamps {
    all: AtomicU64,
    cells: Box<[AtomicU64]>,
}

impl Stamps {
    fn new(cells: u32) -> Self {
        Self { all: AtomicU64::new(0), cells: (0..cells.max(1)).map(|_| AtomicU64::new(0)).collect() }
    }

    fn counter(&self, place: Place) -> Option<&AtomicU64> {
        match place {
            Place::All => Some(&self.all),
            Place::Cell(cell) => self.cells.get(cell as usize),
        }
    }

    fn read(&self, place: Place) -> u64 {
        self.counter(place).map_or(0, |counter| counter.load(Ordering::Acquire))
    }

    fn change(&self, place: Place) {
        if let Some(counter) = self.counter(place) {
            counter.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// An answer with the stamps of its sources; the first is that of the whole cache.
struct Entry {
    ready: Ready,
    made_from: Box<[(Place, u64)]>,
    /// When it is too old, where others may change its sources unheard.
    until: Option<Instant>,
}

/// Entries weigh what they take.
#[derive(Clone)]
struct Bytes;

impl Weighter<Arc<str>, Arc<Entry>> for Bytes {
    fn weight(&self, key: &Arc<str>, entry: &Arc<Entry>) -> u64 {
        key.len() as u64 + entry.ready.bytes.len() as u64 + ENTRY_BYTES
    }
}

/// Answers of one kind. Made by [`super::Caches::open`].
pub struct Cache {
    name: &'static str,
    size: Size,
    /// A look-up only marks what it finds: no queue of what was used when.
    entries: Entries<Arc<str>, Arc<Entry>, Bytes>,
    /// Nobody else changes the sources.
    sole: bool,
    stamps: Stamps,
    lanes: Box<[Mutex<()>]>,
    desk: Arc<Desk>,
}

/// What looking for an answer has found.
pub enum Found<'a> {
    /// The answer.
    Ready(Ready),
    /// None: whoever asked makes it, and others who ask wait for that.
    Nothing(Making<'a>),
}

impl Cache {
    pub(super) fn new(name: &'static str, size: Size, sole: bool, desk: Arc<Desk>) -> Self {
        let entries = Entries::with_weighter((size.bytes / USUAL_BYTES) as usize, size.bytes, Bytes);
        let lanes = (0..LANES).map(|_| Mutex::default()).collect();
        Self { name, size, entries, sole, stamps: Stamps::new(size.cells), lanes, desk }
    }

    /// Another process has changed this.
    pub(super) fn hear(&self, place: Place) {
        self.stamps.change(place);
    }

    /// The answer if this process has it.
    pub fn get(&self, key: &str) -> Option<Ready> {
        let entry = self.entries.get(key)?;
        let stands = entry.made_from.iter().all(|(place, stamp)| self.stamps.read(*place) == *stamp);
        let is_young = entry.until.is_none_or(|until| Instant::now() < until);
        (stands && is_young).then(|| entry.ready.clone())
    }

    /// The answer, from this process or from where they are shared; or leave to make it.
    pub async fn find<'a>(&'a self, key: &str) -> Found<'a> {
        if let Some(ready) = self.get(key) {
            return Found::Ready(ready);
        }
        let lane = self.lanes[(Source::from(key).0 % LANES as u64) as usize].lock().await;
        // Somebody else may have made it meanwhile.
        if let Some(ready) = self.get(key) {
            return Found::Ready(ready);
        }
        let mut making = Making { cache: self, key: key.into(), made_from: Vec::new(), origin: None, _lane: lane };
        match self.shared(&mut making).await {
            Some(ready) => Found::Ready(ready),
            None => Found::Nothing(making),
        }
    }

    /// An answer that another process has made, if its sources still stand.
    async fn shared(&self, making: &mut Making<'_>) -> Option<Ready> {
        let shared = self.desk.shared()?;
        let (origin, bytes) = shared.read(self.name, &making.key).await?;
        // What this process hears from here on counts, so its own stamps are read before the shared ones.
        making.made_from = origin.places().map(|place| (place, self.stamps.read(place))).collect();
        // A change of our own that is not told yet is not in them.
        let untold = making.made_from.iter().any(|(place, _)| self.desk.has_yet_to_tell(self.name, *place));
        if untold || !shared.stands(self.name, &origin).await {
            making.made_from.clear();
            return None;
        }
        let ready = Ready::new(bytes).ok()?;
        making.keep_here(&ready);
        Some(ready)
    }

    fn place(&self, source: Source) -> Place {
        Place::Cell((source.0 % u64::from(self.size.cells.max(1))) as u32)
    }

    /// After a commit: these sources have changed.
    pub fn forget(&self, sources: impl IntoIterator<Item = impl Into<Source>>) {
        sources.into_iter().for_each(|source| self.change(self.place(source.into())));
    }

    /// After a commit: everything may have changed.
    pub fn forget_all(&self) {
        self.change(Place::All);
    }

    fn change(&self, place: Place) {
        self.stamps.change(place);
        self.desk.tell(self.name, place);
    }
}

/// An answer that is being made. Dropped, nothing is kept.
pub struct Making<'a> {
    cache: &'a Cache,
    key: Arc<str>,
    made_from: Vec<(Place, u64)>,
    /// The stamps that are shared, if they could be read.
    origin: Option<Origin>,
    _lane: MutexGuard<'a, ()>,
}

impl Making<'_> {
    /// Says what the answer is made from; **before** that is read.
    pub async fn from(&mut self, source: impl Into<Source>) {
        let places = [Place::All, self.cache.place(source.into())];
        let is_first = self.made_from.is_empty();
        let new = if is_first { &places[..] } else { &places[1..] };
        self.made_from.extend(new.iter().map(|place| (*place, self.cache.stamps.read(*place))));
        let Some(shared) = self.cache.desk.shared() else { return };
        let stamps = shared.stamps(self.cache.name, new).await;
        match (stamps, &mut self.origin) {
            (Some(stamps), None) if is_first => self.origin = Some(stamps),
            (Some(stamps), Some(origin)) => origin.add(stamps),
            _ => self.origin = None,
        }
    }

    /// Keeps the answer. One of which nothing is said what it was made from is not kept.
    pub fn keep(self, ready: Ready) -> Ready {
        if self.made_from.is_empty() {
            return ready;
        }
        self.keep_here(&ready);
        if let (Some(shared), Some(origin)) = (self.cache.desk.shared(), &self.origin) {
            shared.write(self.cache.name, &self.key, origin, &ready.bytes, self.cache.size.lifetime);
        }
        ready
    }

    fn keep_here(&self, ready: &Ready) {
        let until = (!self.cache.sole).then(|| Instant::now() + self.cache.size.lifetime);
        let entry = Entry { ready: ready.clone(), made_from: self.made_from.as_slice().into(), until };
        self.cache.entries.insert(Arc::clone(&self.key), Arc::new(entry));
    }
}
