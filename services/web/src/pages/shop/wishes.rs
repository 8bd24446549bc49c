//! Somebody's wish list, for who has its link.

use askama::Template;
use contracts::{cart::CartLine, inventory::StockLevel};

use super::{cards, names::Names};
use crate::{
    fmt::Fmt,
    render::{self, Shown},
    ui::{Badge, Empty, ProductCard, Shell, Tone},
    visit::{Path, Visit},
};

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/wishes.html")]
pub struct Wishes {
    /// Head and foot.
    pub shell: Shell,
    /// What the list is called.
    pub title: String,
    /// What is on it.
    pub cards: Vec<ProductCard>,
    /// While nothing is.
    pub empty: Empty,
}

/// `GET /w/{token}`
pub async fn show(mut visit: Visit, Path(token): Path<String>) -> Shown {
    let list = visit.app.cart.wish_list(&visit.who(), token).await?;
    let wishes = visit.purse.show(list.wishes);
    let lines: Vec<&CartLine> = wishes.iter().map(|wish| &wish.line).collect();
    let names = Names::of(&visit, &lines).await;
    let shell = visit.shell(&list.title).await;
    let page = Wishes {
        shell: Shell { private: true, ..shell },
        title: list.title,
        cards: wishes.iter().map(|wish| card(&visit.fmt, &wish.line, &names)).collect(),
        empty: Empty::new("heart", "Nothing is wished for", "Whatever was on this list is taken off again.")
            .action("Look around", "/search"),
    };
    render::page(&page)
}

fn card(fmt: &Fmt, line: &CartLine, names: &Names) -> ProductCard {
    ProductCard {
        href: format!("/p/{}?variant={}", line.product_slug, line.variant_id),
        title: cards::with_options(names.title(line.product_id, &line.title), &line.options),
        picture: cards::picture_at(line.picture_url.as_deref(), 320, 320).decorative(),
        vendor: line.vendor_name.clone(),
        price: cards::price(fmt, line.unit_price, line.compare_at),
        lowest: None,
        rating: None,
        badge: stock_badge(line),
        sold_out: !(line.available && line.stock.available()),
        lang: names.language(fmt, line.product_id),
    }
}

/// A word about the stock of a line, unless there is enough.
pub fn stock_badge(line: &CartLine) -> Option<Badge> {
    match line.stock {
        _ if !line.available => Some(Badge::new("No longer on sale", Tone::Danger)),
        StockLevel::SoldOut => Some(Badge::new("Sold out", Tone::Danger)),
        StockLevel::Low(_) | StockLevel::BackOrder => Some(Badge::new(cards::stock_text(line.stock), Tone::Warning)),
        StockLevel::InStock => None,
    }
}
