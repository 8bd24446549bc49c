//! The public answers, ready as bytes, and what they are made from: a product by its name in
//! addresses, a list by its number.

use std::{sync::Arc, time::Duration};

use runtime::cache::{Cache, Caches, Size};

/// Where another process's changes are not heard of, they are seen after this long.
const LIFETIME: Duration = Duration::from_secs(30);
/// Room for some 100,000 products: a catalogue that does not fit is read from the database again and again.
const PRODUCTS: Size = Size { bytes: 128 * 1024 * 1024, cells: 16_384, lifetime: LIFETIME };
const LISTS: Size = Size { bytes: 16 * 1024 * 1024, cells: 1_024, lifetime: LIFETIME };
/// The list of the category tree; lists of products have numbers from 1 on.
pub(crate) const TREE: i64 = 0;

/// The caches of the public answers.
#[derive(Clone)]
pub(crate) struct Answers {
    /// By a product's name in addresses.
    pub products: Arc<Cache>,
    /// Pages of lists, by the query.
    pub lists: Arc<Cache>,
}

impl Answers {
    pub fn new(caches: &Caches) -> Self {
        Self { products: caches.open("catalog.products", PRODUCTS), lists: caches.open("catalog.lists", LISTS) }
    }

    /// After a commit: the products with these names and the lists with these numbers have changed.
    pub fn forget(&self, slugs: &[String], lists: &[i64]) {
        self.products.forget(slugs);
        self.lists.forget(lists.iter().copied());
    }

    /// After a commit: everything may have changed.
    pub fn forget_all(&self) {
        self.products.forget_all();
        self.lists.forget_all();
    }
}
