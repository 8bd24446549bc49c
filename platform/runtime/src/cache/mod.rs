//! Answers kept ready as bytes, so that a hit costs no more than a look-up. Where processes share a
//! [`SharedCache`], what one has made the others need not make again, and what one has changed the
//! others forget at once.
//!
//! An entry remembers the *stamps* of its sources, read **before** the database was: it counts only
//! while they stand. A commit gives what it touched new stamps. So an answer that was read just
//! before a commit and kept just after it can never be served, and nothing has to be searched for
//! and removed. Stamps are kept in a fixed number of cells; two sources that share a cell only make
//! each other be read again.
//!
//! A cache costs nobody anything but speed: an answer can always be made, and one that no news of a
//! change reached lives as long as [`Size::lifetime`] says.

mod keep;
mod news;
mod shared;
#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::http::HeaderValue;
use bytes::Bytes;
use kernel::{Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::{
    keep::{Cache, Found, Making},
    news::Caches,
    shared::{News, SharedCache},
};

/// How much a cache may keep, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Bytes in this process.
    pub bytes: u64,
    /// Cells for stamps: the same number in every process.
    pub cells: u32,
    /// How long an answer is served at most, even if nothing is heard of its sources; of no account where
    /// nobody else changes them ([`Caches::sole`]).
    pub lifetime: Duration,
}

/// A ready answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Its body.
    pub bytes: Bytes,
    /// A tag made from it.
    pub etag: HeaderValue,
}

impl Ready {
    /// The JSON of `answer`.
    ///
    /// # Errors
    /// Internal if it cannot be written as JSON.
    pub fn json(answer: &impl Serialize) -> Result<Self> {
        Self::new(Bytes::from(serde_json::to_vec(answer)?))
    }

    fn new(bytes: Bytes) -> Result<Self> {
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..12]));
        Ok(Self { etag: HeaderValue::from_str(&tag).map_err(Error::internal)?, bytes })
    }
}

/// Something that answers are made from: the product of this name, the list of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source(u64);

impl From<&str> for Source {
    /// FNV-1a: it only spreads names over cells, in every process alike.
    fn from(name: &str) -> Self {
        let spread = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, spread))
    }
}

impl From<&String> for Source {
    fn from(name: &String) -> Self {
        Self::from(name.as_str())
    }
}

impl From<i64> for Source {
    fn from(number: i64) -> Self {
        Self(number.unsigned_abs())
    }
}

/// Where a change is noted: in one cell, or in all of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    All,
    Cell(u32),
}
