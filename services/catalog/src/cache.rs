//! Answers kept ready as bytes, so that a hit costs no more than a look-up.
//!
//! An entry remembers the *epoch* of what it was made from, read **before** the database was: it counts
//! only while that epoch stands. A commit moves the epochs of what it touched. So an answer that was
//! read just before a commit and stored just after it can never be served, and nothing has to be
//! searched for and removed. Epochs are kept in a fixed number of cells; two that share a cell only
//! make each other be read again.
//!
//! Another process's commits are not seen: entries live 30 seconds at most.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::HeaderValue;
use bytes::Bytes;
use kernel::{Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

const LIFETIME: Duration = Duration::from_secs(30);
/// Room for some 100,000 products: a catalogue that does not fit is read from the database again and again.
const DETAIL_BYTES: u64 = 128 * 1024 * 1024;
const LIST_BYTES: u64 = 16 * 1024 * 1024;
const DETAIL_CELLS: usize = 16_384;
const LIST_CELLS: usize = 1_024;
/// The list of the category tree; lists of products have numbers from 1 on.
pub(crate) const TREE: i64 = 0;

/// A ready answer.
#[derive(Clone)]
pub(crate) struct Ready {
    pub bytes: Bytes,
    pub etag: HeaderValue,
}

impl Ready {
    /// The JSON of `answer` with a tag made from it.
    pub fn new(answer: &impl Serialize) -> Result<Self> {
        let bytes = Bytes::from(serde_json::to_vec(answer)?);
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..12]));
        Ok(Self { etag: HeaderValue::from_str(&tag).map_err(Error::internal)?, bytes })
    }
}

/// What the state of an answer's sources was before they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Epoch {
    cell: usize,
    count: u64,
    all: u64,
}

/// Cells that count changes.
struct Cells(Box<[AtomicU64]>);

impl Cells {
    fn new(count: usize) -> Self {
        Self((0..count).map(|_| AtomicU64::new(0)).collect())
    }
    fn cell(&self, hash: u64) -> usize {
        (hash % self.0.len() as u64) as usize
    }
    fn count(&self, cell: usize) -> u64 {
        self.0[cell].load(Ordering::Acquire)
    }
    fn bump(&self, hash: u64) {
        self.0[self.cell(hash)].fetch_add(1, Ordering::AcqRel);
    }
}

struct Entry {
    ready: Ready,
    epoch: Epoch,
}

type Store = moka::sync::Cache<Arc<str>, Arc<Entry>>;

/// The cache of the public answers.
pub(crate) struct Cache {
    details: Store,
    detail_cells: Cells,
    lists: Store,
    list_cells: Cells,
    all: AtomicU64,
}

fn store(bytes: u64) -> Store {
    moka::sync::Cache::builder()
        .max_capacity(bytes)
        .weigher(|key: &Arc<str>, entry: &Arc<Entry>| {
            // What an entry costs beside its bytes is about 200.
            u32::try_from(key.len() + entry.ready.bytes.len() + 200).unwrap_or(u32::MAX)
        })
        .time_to_live(LIFETIME)
        .build()
}

/// FNV-1a: only spreads names over cells.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl Cache {
    pub fn new() -> Self {
        Self {
            details: store(DETAIL_BYTES),
            detail_cells: Cells::new(DETAIL_CELLS),
            lists: store(LIST_BYTES),
            list_cells: Cells::new(LIST_CELLS),
            all: AtomicU64::new(0),
        }
    }

    fn stands(&self, cells: &Cells, epoch: Epoch) -> bool {
        cells.count(epoch.cell) == epoch.count && self.all.load(Ordering::Acquire) == epoch.all
    }

    /// Ask before reading what a product's answer is made from.
    pub fn detail_epoch(&self, slug: &str) -> Epoch {
        let cell = self.detail_cells.cell(hash(slug));
        Epoch { cell, count: self.detail_cells.count(cell), all: self.all.load(Ordering::Acquire) }
    }
    /// The answer for a product, if it is ready.
    pub fn detail(&self, slug: &str) -> Option<Ready> {
        let entry = self.details.get(slug)?;
        self.stands(&self.detail_cells, entry.epoch).then(|| entry.ready.clone())
    }
    /// Keeps the answer for a product.
    pub fn keep_detail(&self, slug: &str, epoch: Epoch, ready: Ready) {
        self.details.insert(slug.into(), Arc::new(Entry { ready, epoch }));
    }

    /// Ask before reading a page of the list with this number.
    pub fn list_epoch(&self, list: i64) -> Epoch {
        let cell = self.list_cells.cell(list.unsigned_abs());
        Epoch { cell, count: self.list_cells.count(cell), all: self.all.load(Ordering::Acquire) }
    }
    /// The answer for a query, if it is ready.
    pub fn list(&self, query: &str) -> Option<Ready> {
        let entry = self.lists.get(query)?;
        self.stands(&self.list_cells, entry.epoch).then(|| entry.ready.clone())
    }
    /// Keeps the answer for a query.
    pub fn keep_list(&self, query: &str, epoch: Epoch, ready: Ready) {
        self.lists.insert(query.into(), Arc::new(Entry { ready, epoch }));
    }

    /// After a commit: the products with these names and the lists with these numbers have changed.
    pub fn forget(&self, slugs: &[String], lists: &[i64]) {
        slugs.iter().for_each(|slug| self.detail_cells.bump(hash(slug)));
        lists.iter().for_each(|list| self.list_cells.bump(list.unsigned_abs()));
    }
    /// After a commit: everything may have changed.
    pub fn forget_all(&self) {
        self.all.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(text: &str) -> Ready {
        Ready::new(&text).unwrap()
    }

    #[test]
    fn what_was_read_before_a_commit_is_never_served_after_it() {
        let cache = Cache::new();
        let epoch = cache.detail_epoch("mug");
        // The commit comes between reading and keeping.
        cache.forget(&["mug".to_owned()], &[]);
        cache.keep_detail("mug", epoch, ready("old"));
        assert!(cache.detail("mug").is_none());
        cache.keep_detail("mug", cache.detail_epoch("mug"), ready("new"));
        assert_eq!(cache.detail("mug").unwrap().bytes, "\"new\"");
        cache.forget_all();
        assert!(cache.detail("mug").is_none());
    }

    #[test]
    fn lists_fall_by_number() {
        let cache = Cache::new();
        cache.keep_list("sort=newest", cache.list_epoch(1), ready("one"));
        cache.keep_list("category=mugs", cache.list_epoch(2), ready("two"));
        cache.forget(&[], &[2]);
        assert!(cache.list("sort=newest").is_some());
        assert!(cache.list("category=mugs").is_none());
    }

    #[test]
    fn tags_follow_the_content() {
        assert_eq!(ready("a").etag, ready("a").etag);
        assert_ne!(ready("a").etag, ready("b").etag);
    }
}
