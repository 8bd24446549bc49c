//! The port to buckets that several processes take from: rate limits that hold for all of them together.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::Result;

/// A kind of bucket: it holds `burst`, and is given one back every `interval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// How often one comes back.
    pub interval: Duration,
    /// How many it holds.
    pub burst: u32,
}

/// What came of taking one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was there.
    Granted {
        /// How many are left.
        remaining: u32,
        /// When the bucket is full again.
        full_in: Duration,
    },
    /// The bucket is empty.
    Refused {
        /// When the next comes.
        wait: Duration,
        /// When the bucket is full again.
        full_in: Duration,
    },
}

/// Buckets outside of this process.
pub trait SharedBuckets: Send + Sync {
    /// Takes one from the bucket with this key.
    fn take(&self, key: String, bucket: Bucket) -> BoxFuture<'_, Result<Taken>>;
}
