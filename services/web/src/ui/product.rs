//! What is for sale, by whom, and what buyers say about it.

use askama::Template;

use super::{Avatar, Badge, Picture, Price, Rating, When, component};
use crate::{chart::share, fmt::Fmt};

/// A product in a grid or strip.
#[derive(Debug, Clone, Template)]
#[template(path = "components/product_card.html")]
pub struct ProductCard {
    /// The product's page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Its picture.
    pub picture: Picture,
    /// Who sells it; empty on the vendor's own page.
    pub vendor: String,
    /// Its price.
    pub price: Price,
    /// The lowest price of the 30 days before it was reduced.
    pub lowest: Option<String>,
    /// Its stars, once somebody gave some; `short()` on a card.
    pub rating: Option<Rating>,
    /// A word on the picture: `New`, `−20 %`.
    pub badge: Option<Badge>,
    /// Nothing left.
    pub sold_out: bool,
    /// Language of its name, if that is another than the page's.
    pub lang: Option<&'static str>,
}

/// A category as an arch of the arcade.
#[derive(Debug, Clone, Template)]
#[template(path = "components/category_tile.html")]
pub struct CategoryTile {
    /// Its page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// A picture from it.
    pub picture: Picture,
    /// Language of its name, if that is another than the page's.
    pub lang: Option<&'static str>,
}

/// A vendor with a taste of what it sells.
#[derive(Debug, Clone, Template)]
#[template(path = "components/vendor_card.html")]
pub struct VendorCard {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Where it is, what it makes.
    pub line: String,
    /// Its sign.
    pub avatar: Avatar,
    /// Its stars.
    pub rating: Option<Rating>,
    /// Up to three pictures of products.
    pub pictures: Vec<Picture>,
}

/// The pictures of a product: swiped on a phone, chosen by thumbnails.
#[derive(Debug, Clone, Template)]
#[template(path = "components/gallery.html")]
pub struct Gallery {
    /// Name of the product, for a screen reader.
    pub title: String,
    /// Large pictures, the first one eager.
    pub pictures: Vec<Picture>,
    /// The same ones, small.
    pub thumbs: Vec<Picture>,
    /// It comes behind another part, and takes the place of the one that is there.
    pub oob: bool,
}

/// A row of the histogram.
#[derive(Debug, Clone)]
struct StarRow {
    stars: usize,
    count: String,
    percent: i64,
    href: Option<String>,
}

/// How many gave how many stars.
#[derive(Debug, Clone, Template)]
#[template(path = "components/histogram.html")]
pub struct Histogram {
    rows: Vec<StarRow>,
}

impl Histogram {
    /// Counts of one to five stars; `base` is the address of the reviews, narrowed by `?stars=`.
    pub fn of(fmt: &Fmt, counts: [i64; 5], base: &str) -> Self {
        let all: i64 = counts.iter().fold(0, |sum, n| sum.saturating_add(*n));
        let row = |(i, count): (usize, &i64)| StarRow {
            stars: i + 1,
            count: fmt.count(*count),
            percent: share(*count, all),
            href: (*count > 0).then(|| format!("{base}?stars={}#reviews", i + 1)),
        };
        Self { rows: counts.iter().enumerate().rev().map(row).collect() }
    }
}

/// What one buyer says.
#[derive(Debug, Clone, Template)]
#[template(path = "components/review.html")]
pub struct Review {
    /// Stars.
    pub rating: Rating,
    /// First line.
    pub title: String,
    /// The rest, plain text.
    pub body: String,
    /// Who, as they want to be called.
    pub author: String,
    /// When.
    pub when: When,
    /// Bought it here.
    pub verified: bool,
    /// Address of the large size of each photo, and the small one.
    pub photos: Vec<(String, Picture)>,
    /// What the vendor answered: name and text.
    pub reply: Option<(String, String)>,
    /// What others think of it, and what the reader may do.
    pub voice: Voice,
}

/// What others think of a review, and what the reader may do.
#[derive(Debug, Clone, Default)]
pub struct Voice {
    /// `3 people find this helpful`; empty for nobody.
    pub helpful: String,
    /// The button, for those who may vote.
    pub vote: Option<Vote>,
    /// Address of the page that reports it.
    pub report: Option<String>,
}

/// The button that says whether a review is helpful.
#[derive(Debug, Clone)]
pub struct Vote {
    /// Where it posts.
    pub action: String,
    /// Hidden token.
    pub csrf: String,
    /// Where to go then.
    pub next: String,
    /// True if the reader said so before, and may take it back.
    pub given: bool,
}

component!(ProductCard, CategoryTile, VendorCard, Gallery, Histogram, Review);
