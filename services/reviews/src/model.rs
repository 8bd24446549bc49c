//! Stars, and how a reviewer is named.

use contracts::reviews::RatingSummary;

/// Number of reviews with 1 to 5 stars.
pub type Stars = [i64; 5];

/// Average and histogram of a product.
pub fn summary(stars: Stars) -> RatingSummary {
    let count: i64 = stars.iter().sum();
    let points: i64 = stars.iter().zip(1..).map(|(n, value)| n * value).sum();
    let average_x100 = if count == 0 { 0 } else { (points * 100 + count / 2) / count };
    let small = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    RatingSummary { average_x100: small(average_x100), count: small(count), histogram: stars.map(small) }
}

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
