//! What the made-up stalls sell.

use kernel::{Currency, Money};
use web::{fmt::Fmt, ui::*};

/// Picture, title, vendor, price, price before, rating in hundredths, reviews.
pub type Article = (&'static str, &'static str, &'static str, i64, i64, i64, i64);

/// The articles.
pub const ARTICLES: &[Article] = &[
    ("blue-mug", "Cobalt mug, 350 ml", "Kiln & Daughters", 4_290, 0, 463, 128),
    ("oil", "Early harvest olive oil, 500 ml", "Ölmühle Süd", 1_890, 0, 491, 342),
    ("indigo-blanket", "Indigo lambswool blanket", "Weavers of Covilhã", 14_900, 18_900, 478, 61),
    ("lamp", "Brass table lamp “Suq”", "Lumen Atelier", 12_900, 0, 452, 37),
    ("basket", "Market basket, date palm", "Siwa Baskets", 5_400, 0, 487, 210),
    ("teapot", "Clay teapot for two", "Kiln & Daughters", 6_800, 0, 0, 0),
    ("board", "Bread board, olive wood", "Holz & Sohn", 3_900, 4_900, 469, 88),
    ("candle", "Fig leaf candle, 220 g", "Maison Cire", 3_200, 0, 441, 54),
    ("bowl", "Terracotta serving bowl", "Kiln & Daughters", 5_900, 0, 480, 45),
    ("soap", "Laurel soap from Aleppo, 3 bars", "Savon du Levant", 1_450, 0, 495, 812),
    ("green-mug", "Moss mug, 250 ml", "Kiln & Daughters", 3_690, 0, 458, 73),
    ("syrup", "Pomegranate syrup, 250 ml", "Ölmühle Süd", 1_190, 0, 433, 29),
    ("blanket", "Terracotta throw", "Weavers of Covilhã", 11_900, 0, 470, 18),
    ("blue-teapot", "Glazed teapot, lake blue", "Kiln & Daughters", 7_900, 0, 466, 33),
    ("paper-lamp", "Linen lamp, large", "Lumen Atelier", 15_900, 0, 420, 12),
    ("blue-bowl", "Glazed bowl, sea", "Atelier Marin", 4_600, 0, 472, 26),
];

/// Euros.
pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A picture by name.
pub fn picture(name: &str, alt: &str) -> Picture {
    Picture::new(format!("/pictures/{name}.svg"), alt, 640, 640)
}

/// The card of article `n`.
pub fn card(fmt: &Fmt, n: usize) -> ProductCard {
    let (name, title, vendor, now, before, rating, reviews) = ARTICLES[n % ARTICLES.len()];
    let badge = match (before, n) {
        (1.., _) => Some(Badge::new(
            format!("\u{2212}{}", fmt.percent((before - now) * 10_000 / before / 100 * 100)),
            Tone::Sale,
        )),
        (_, 5) => Some(Badge::new("New", Tone::Accent)),
        _ => None,
    };
    ProductCard {
        href: "product.html".to_owned(),
        title: title.to_owned(),
        picture: picture(name, title),
        vendor: vendor.to_owned(),
        price: Price::of(fmt, eur(now)).was(fmt, eur(before), eur(now)),
        lowest: (before > 0).then(|| fmt.money(eur(before))),
        rating: (reviews > 0).then(|| Rating::of(fmt, rating, reviews).short()),
        badge,
        sold_out: n == 15,
        lang: None,
    }
}

/// The cards of these articles.
pub fn cards(fmt: &Fmt, which: impl IntoIterator<Item = usize>) -> Vec<ProductCard> {
    which.into_iter().map(|n| card(fmt, n)).collect()
}
