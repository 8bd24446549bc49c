//! Stars, how a reviewer is named, what a photo takes up.

use contracts::{catalog::Picture, reviews::RatingSummary};
use pictures::Kept;
use serde::{Deserialize, Serialize};

/// Number of reviews with 1 to 5 stars.
pub type Stars = [i64; 5];

/// Most photos of a review.
pub const PHOTOS_MAX: usize = 4;
/// Most bytes of photos that an account keeps here: some hundred photos.
pub const PHOTO_BYTES_MAX: i64 = 64 * 1024 * 1024;

/// A photo with what it takes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    #[serde(flatten)]
    pub picture: Picture,
    /// Bytes of all sizes.
    pub bytes: i64,
}

impl From<Kept> for Photo {
    fn from(kept: Kept) -> Self {
        Self { picture: kept.picture, bytes: kept.bytes }
    }
}

/// Average and histogram.
pub fn summary(stars: Stars) -> RatingSummary {
    let count: i64 = stars.iter().sum();
    let points: i64 = stars.iter().zip(1..).map(|(n, value)| n * value).sum();
    let average_x100 = if count == 0 { 0 } else { (points * 100 + count / 2) / count };
    let small = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    RatingSummary { average_x100: small(average_x100), count: small(count), histogram: stars.map(small) }
}

/// What stands for the name of an author whose account was erased.
pub const NOBODY: &str = "Former customer";

/// `Ada L.`: enough to be somebody, too little to be found.
pub fn public_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or("Somebody");
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {initial}."),
        None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_and_nothing_is_zero() {
        assert_eq!(summary([0; 5]), RatingSummary::default());
        let s = summary([0, 0, 0, 1, 2]);
        assert_eq!((s.average_x100, s.count, s.histogram), (467, 3, [0, 0, 0, 1, 2]));
    }

    #[test]
    fn reviewers_are_named_in_short() {
        assert_eq!(public_name("Ada King Lovelace"), "Ada L.");
        assert_eq!(public_name("Ada"), "Ada");
        assert_eq!(public_name(" "), "Somebody");
    }
}
