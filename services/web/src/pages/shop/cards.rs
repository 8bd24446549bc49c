//! From the catalogue's documents to what the components show.

use std::collections::BTreeMap;

use contracts::{
    catalog::{self, ProductView},
    inventory::StockLevel,
};
use kernel::{Money, ProductId, Result};

use crate::{
    app::App,
    assets,
    fmt::Fmt,
    ui::{Badge, Picture, Price, ProductCard, Rating, Tone},
};

/// How wide a picture is in a grid of products.
pub const IN_GRID: &str = "(min-width: 64rem) 16rem, (min-width: 40rem) 30vw, 45vw";
/// How wide a picture is on a product's page.
pub const ON_PAGE: &str = "(min-width: 56rem) 36rem, 100vw";
/// How wide a thumbnail is.
pub const THUMB: &str = "5rem";
/// The width in pixels that suits most screens in a grid.
const MIDDLE: u32 = 600;

/// A stored picture in its sizes.
pub fn picture(stored: &catalog::Picture, sizes: &'static str) -> Picture {
    let middle = stored.sizes.iter().find(|size| size.width >= MIDDLE).or(stored.sizes.last());
    let Some(middle) = middle else { return no_picture() };
    let srcset: Vec<_> = stored.sizes.iter().map(|size| format!("{} {}w", size.url, size.width)).collect();
    let picture = Picture::new(&middle.url, &stored.alt, stored.width, stored.height);
    if srcset.len() > 1 { picture.sized(srcset.join(", "), sizes) } else { picture }
}

/// A stored picture, small.
pub fn thumb(stored: &catalog::Picture) -> Picture {
    let small = stored.sizes.first();
    small.map_or_else(no_picture, |size| Picture::new(&size.url, "", size.width, size.height))
}

/// Stands in where there is no picture.
pub fn no_picture() -> Picture {
    Picture::new(&assets::urls().logo, "", 320, 320)
}

/// A picture of which only the address is known.
pub fn picture_at(url: Option<&str>, width: u32, height: u32) -> Picture {
    url.map_or_else(no_picture, |url| Picture::new(url, "", width, height))
}

/// A product in a list.
pub fn card(fmt: &Fmt, product: &catalog::ProductCard) -> ProductCard {
    let price = price(fmt, product.price, product.compare_at);
    ProductCard {
        href: format!("/p/{}", product.slug),
        title: product.title.clone(),
        picture: product.picture.as_ref().map_or_else(no_picture, |p| picture(p, IN_GRID)).decorative(),
        vendor: product.vendor.name.clone(),
        price: if product.price_varies { price.from() } else { price },
        lowest: product.lowest_price.map(|lowest| fmt.money(lowest)),
        rating: rating(fmt, product.rating).map(Rating::short),
        badge: off(fmt, product.price, product.compare_at),
        sold_out: !product.stock.available(),
        lang: fmt.language(product.translated),
    }
}

/// The same from the whole product.
pub fn card_of(fmt: &Fmt, product: &ProductView) -> Option<ProductCard> {
    let cheapest = product.variants.iter().min_by_key(|variant| variant.price.amount_minor)?;
    let varies = product.variants.iter().any(|variant| variant.price != cheapest.price);
    let price = price(fmt, cheapest.price, cheapest.compare_at);
    Some(ProductCard {
        href: format!("/p/{}", product.slug),
        title: product.title.clone(),
        picture: product.pictures.first().map_or_else(no_picture, |p| picture(p, IN_GRID)).decorative(),
        vendor: product.vendor.name.clone(),
        price: if varies { price.from() } else { price },
        lowest: cheapest.lowest_price.map(|lowest| fmt.money(lowest)),
        rating: rating(fmt, product.rating).map(Rating::short),
        badge: off(fmt, cheapest.price, cheapest.compare_at),
        sold_out: !product.variants.iter().any(|variant| variant.stock.available()),
        lang: language(fmt, &product.translated, "title"),
    })
}

/// The language of a text of a product or a category, if it is to be marked.
pub fn language(fmt: &Fmt, translated: &[String], text: &str) -> Option<&'static str> {
    fmt.language(translated.iter().any(|known| known == text))
}

/// A price with the one before, if it is reduced.
pub fn price(fmt: &Fmt, now: Money, before: Option<Money>) -> Price {
    let price = Price::of(fmt, now);
    before.map_or(price.clone(), |before| price.was(fmt, before, now))
}

/// `−20 %`, if it is reduced by at least one percent.
pub fn off(fmt: &Fmt, now: Money, before: Option<Money>) -> Option<Badge> {
    let before = before.filter(|before| before.currency == now.currency && before.amount_minor > now.amount_minor)?;
    let saved = i128::from(before.amount_minor) - i128::from(now.amount_minor);
    let percent = i64::try_from(saved * 100 / i128::from(before.amount_minor)).ok()?;
    (percent > 0).then(|| Badge::new(fmt.percent(-percent * 100), Tone::Sale))
}

/// Products by their ids, as far as they are on sale.
pub async fn by_id(app: &App, ids: Vec<ProductId>) -> Result<BTreeMap<ProductId, catalog::ProductCard>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let limit = u32::try_from(ids.len()).ok();
    let wanted = catalog::ProductQuery { ids, limit, ..catalog::ProductQuery::default() };
    let found = app.catalog.products(&kernel::Identity::Anonymous, &wanted).await?;
    Ok(found.items.into_iter().map(|card| (card.id, card)).collect())
}

/// Stars, once somebody gave some.
pub fn rating(fmt: &Fmt, rating: catalog::Rating) -> Option<Rating> {
    (rating.count > 0).then(|| Rating::of(fmt, rating.average_x100.into(), rating.count.into()))
}

/// What buyers are told about the stock.
pub fn stock_text(level: StockLevel) -> String {
    match level {
        StockLevel::InStock => "In stock".to_owned(),
        StockLevel::Low(1) => "Only one left".to_owned(),
        StockLevel::Low(left) => format!("Only {left} left"),
        StockLevel::BackOrder => "On order: sent as soon as it has come in".to_owned(),
        StockLevel::SoldOut => "Sold out".to_owned(),
    }
}

/// `The mug, Large, indigo`.
pub fn with_options(title: &str, options: &[String]) -> String {
    if options.is_empty() { title.to_owned() } else { format!("{title}, {}", variant(options)) }
}

/// `2 × The mug, Large, indigo`.
pub fn pieces(quantity: i64, title: &str, options: &[String]) -> String {
    format!("{quantity} × {}", with_options(title, options))
}

/// `Large, indigo`.
pub fn variant(options: &[String]) -> String {
    options.join(", ")
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Timestamp};

    use super::*;
    use crate::fmt::Locale;

    #[test]
    fn a_reduction_is_rounded_down_and_never_invented() {
        let fmt = Fmt::new(Locale::En, Timestamp(0));
        let eur = |minor| Money::new(minor, Currency::EUR);
        let text = |now, before: Option<i64>| off(&fmt, eur(now), before.map(eur)).map(|b| b.text);
        assert_eq!(text(800, Some(1000)).as_deref(), Some("\u{2212}20\u{a0}%"));
        assert_eq!(text(667, Some(1000)).as_deref(), Some("\u{2212}33\u{a0}%"));
        assert_eq!(
            [text(1000, Some(1000)), text(1000, Some(900)), text(999, Some(1000)), text(1000, None)],
            [const { None }; 4]
        );
    }

    #[test]
    fn a_picture_offers_all_its_sizes() {
        let size = |width| catalog::PictureSize { width, height: width, url: format!("/media/{width}.jpg") };
        let stored = catalog::Picture {
            id: kernel::MediaId::derived("test", &["a"]),
            alt: "A mug".to_owned(),
            width: 1200,
            height: 1200,
            sizes: [320, 640, 1200].map(size).to_vec(),
        };
        let shown = picture(&stored, IN_GRID);
        assert_eq!((shown.src.as_str(), shown.alt.as_str(), shown.width), ("/media/640.jpg", "A mug", 1200));
        assert_eq!(shown.srcset, "/media/320.jpg 320w, /media/640.jpg 640w, /media/1200.jpg 1200w");
        assert_eq!(thumb(&stored).src, "/media/320.jpg");
        assert_eq!(picture(&catalog::Picture { sizes: Vec::new(), ..stored }, IN_GRID), no_picture());
    }
}
