//! The caches of a process, and how processes tell each other what has changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::StreamExt;
use kernel::Random;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    Cache, Place, Size,
    shared::{News, Shared, SharedCache},
};

/// More changes of one cache that nobody could be told of yet are told as “everything”.
const UNTOLD_MAX: usize = 1_000;
/// How long to wait before changes are told again after that failed.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// All caches of a process. Cloning shares them.
#[derive(Clone)]
pub struct Caches {
    desk: Arc<Desk>,
    opened: Arc<Mutex<BTreeMap<&'static str, Arc<Cache>>>>,
    /// Tells this process's news from the others'.
    author: Arc<str>,
    /// True if nobody else changes what the answers are made from.
    sole: bool,
}

/// Changed places; each change has a number of its own, so that one that comes while an earlier one of the
/// same place is being told is told as well.
#[derive(Default)]
struct Untold {
    places: BTreeMap<(&'static str, Place), u64>,
    changes: u64,
}

impl Untold {
    fn add(&mut self, cache: &'static str, place: Place) {
        // `All` sorts before every cell.
        let of_cache = (cache, Place::All)..=(cache, Place::Cell(u32::MAX));
        let place = if self.places.range(of_cache).count() < UNTOLD_MAX { place } else { Place::All };
        if place == Place::All {
            self.places.retain(|(of, _), _| *of != cache);
        }
        self.changes += 1;
        self.places.insert((cache, place), self.changes);
    }

    fn told(&mut self, places: &BTreeMap<(&'static str, Place), u64>) {
        self.places.retain(|place, change| places.get(place) != Some(change));
    }
}

/// Where changes wait to be told to the other processes.
pub(super) struct Desk {
    shared: Option<Shared>,
    untold: Mutex<Untold>,
    wake: Notify,
}

impl Desk {
    pub(super) fn shared(&self) -> Option<&Shared> {
        self.shared.as_ref()
    }

    fn untold(&self) -> MutexGuard<'_, Untold> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, cache: &'static str, place: Place) {
        if self.shared.is_none() {
            return;
        }
        self.untold().add(cache, place);
        self.wake.notify_one();
    }

    pub(super) fn has_yet_to_tell(&self, cache: &'static str, place: Place) -> bool {
        if self.shared.is_none() {
            return false;
        }
        let untold = self.untold();
        let untold = &untold.places;
        untold.contains_key(&(cache, place)) || untold.contains_key(&(cache, Place::All))
    }
}

impl Caches {
    /// Caches of this process alone. Others may change what its answers are made from, so these do not
    /// outlive [`Size::lifetime`].
    pub fn local() -> Self {
        Self::new(None, "", false)
    }

    /// Caches of the only process that changes what its answers are made from: they stand until it does.
    pub fn sole() -> Self {
        Self::new(None, "", true)
    }

    /// Caches whose contents are shared with other processes.
    pub fn shared(port: Arc<dyn SharedCache>, random: Arc<dyn Random>) -> Self {
        let author = random.token();
        Self::new(Some(Shared::new(port, random)), &author, false)
    }

    fn new(shared: Option<Shared>, author: &str, sole: bool) -> Self {
        let desk = Desk { shared, untold: Mutex::default(), wake: Notify::new() };
        Self { desk: Arc::new(desk), opened: Arc::default(), author: author.into(), sole }
    }

    /// The cache of this name, which is the same in all processes; made with this size the first time.
    pub fn open(&self, name: &'static str, size: Size) -> Arc<Cache> {
        let make = || Arc::new(Cache::new(name, size, self.sole, Arc::clone(&self.desk)));
        Arc::clone(self.opened().entry(name).or_insert_with(make))
    }

    fn opened(&self) -> MutexGuard<'_, BTreeMap<&'static str, Arc<Cache>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the others and hears from them, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let Some(shared) = self.desk.shared().cloned() else { return };
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.hear(&shared) => {}
            () = self.tell(&shared) => {}
        }
    }

    async fn hear(&self, shared: &Shared) {
        let mut news = shared.listen();
        while let Some(heard) = news.next().await {
            match heard {
                News::Told(text) => self.take_in(&text),
                News::Missed => self.opened().values().for_each(|cache| cache.hear(Place::All)),
            }
        }
    }

    /// The author, then `cache cell` or `cache *`, a line each.
    fn take_in(&self, text: &str) {
        let mut lines = text.lines();
        if lines.next() == Some(&*self.author) {
            return;
        }
        let opened = self.opened();
        for line in lines {
            let Some((cache, place)) = line.split_once(' ') else { continue };
            let place = place.parse().map_or(Place::All, Place::Cell);
            if let Some(cache) = opened.get(cache) {
                cache.hear(place);
            }
        }
    }

    async fn tell(&self, shared: &Shared) {
        loop {
            self.desk.wake.notified().await;
            loop {
                let untold = self.desk.untold().places.clone();
                if untold.is_empty() {
                    break;
                }
                let places: Vec<_> = untold.keys().copied().collect();
                if shared.announce(&places, self.news(&places)).await {
                    self.desk.untold().told(&untold);
                } else {
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            }
        }
    }

    fn news(&self, places: &[(&'static str, Place)]) -> String {
        places.iter().fold(self.author.to_string(), |news, (cache, place)| match place {
            Place::All => format!("{news}\n{cache} *"),
            Place::Cell(cell) => format!("{news}\n{cache} {cell}"),
        })
    }
}
