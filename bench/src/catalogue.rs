//! What is seeded and asked for: made-up products that are the same in every run.

use std::fmt::Write;

use crate::Result;

const MANNERS: [&str; 16] = [
    "amber", "blue", "coarse", "dotted", "early", "folded", "green", "heavy", "ivory", "jolly", "light", "narrow",
    "quiet", "round", "striped", "woven",
];
const MATTERS: [&str; 17] = [
    "ash", "bamboo", "brass", "canvas", "clay", "copper", "cork", "cotton", "felt", "glass", "leather", "linen", "oak",
    "slate", "steel", "walnut", "wool",
];
const THINGS: [&str; 17] = [
    "apron", "basket", "blanket", "bottle", "bowl", "candle", "chair", "clock", "kettle", "lamp", "mug", "pillow",
    "plate", "rug", "shelf", "tray", "vase",
];

/// Categories.
pub const CATEGORIES: usize = 20;
/// Stores.
pub const STORES: usize = 4;
/// Words that are searched in turn.
pub const WORDS: usize = MANNERS.len() + MATTERS.len() + THINGS.len();

/// Where a category is found.
pub fn category(n: usize) -> String {
    format!("shelf-{n}")
}

/// A word that some products have in their titles.
pub fn word(n: usize) -> &'static str {
    let n = n % WORDS;
    if n < MANNERS.len() {
        MANNERS[n]
    } else if n < MANNERS.len() + MATTERS.len() {
        MATTERS[n - MANNERS.len()]
    } else {
        THINGS[n - MANNERS.len() - MATTERS.len()]
    }
}

/// A material that some products are of.
pub fn material(n: usize) -> &'static str {
    MATTERS[n % MATTERS.len()]
}

/// What a product is called.
pub fn title(n: usize) -> String {
    // The three lists have lengths without a common factor, so every combination comes up.
    format!(
        "{} {} {} {n}",
        MANNERS[n % MANNERS.len()],
        MATTERS[n / MANNERS.len() % MATTERS.len()],
        THINGS[n / (MANNERS.len() * MATTERS.len()) % THINGS.len()]
    )
}

/// Where a product is found.
pub fn slug(n: usize) -> String {
    title(n).replace(' ', "-")
}

/// Products `from..to` of one store as a file to import.
pub fn csv(store: usize, from: usize, to: usize) -> Result<String> {
    let mut file = String::from(
        "handle,title,summary,description_html,category,currency,status,tags,attributes,sku,price,weight_g,initial_stock\n",
    );
    for n in (from..to).filter(|n| n % STORES == store) {
        let (handle, title, category) = (slug(n), title(n), category(n / STORES % CATEGORIES));
        let (price, weight) = (5 + n % 95, 100 + n % 900);
        let matter = MATTERS[n / MANNERS.len() % MATTERS.len()];
        writeln!(
            file,
            "{handle},{title},A {title} for every day.,\
             <p>Made by hand in a small workshop and finished with natural oil. It is washed by hand and lasts for years. \
             Each piece differs a little from the others and comes in a box of recycled cardboard.</p>,\
             {category},EUR,published,everyday;gift,material:{matter},SKU-{n},{price}.90,{weight},1000000"
        )?;
    }
    Ok(file)
}

/// What the load generator asks for.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Number of products on sale.
    pub products: usize,
    /// Ids of variants to buy.
    pub variants: Vec<String>,
}

/// A repeatable stream of numbers.
pub struct Dice(u64);

impl Dice {
    /// Another stream for each seed.
    pub fn new(seed: usize) -> Self {
        Self((seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % n.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifty_words_and_no_slug_twice() {
        assert_eq!(WORDS, 50);
        assert_eq!((0..50).map(word).collect::<std::collections::BTreeSet<_>>().len(), 50);
        assert_eq!((0..5_000).map(slug).collect::<std::collections::BTreeSet<_>>().len(), 5_000);
    }

    #[test]
    fn stores_share_the_products() {
        let lines: usize = (0..STORES).map(|store| csv(store, 10, 110).unwrap().lines().count() - 1).sum();
        assert_eq!(lines, 100);
    }
}
