//! All products: found, taken off sale, let back.

use contracts::catalog::{OwnProductQuery, ProductEdit, ProductStatus};
use kernel::{Error, Money, ProductId, Result};

use super::{Desk, Room, said, vendors::search};
use crate::{
    forms::Posted,
    pages::{
        portal::{Ask, Form, List, Paging, PortalPage, Tools, words},
        shop::cards,
        vendor::products::badge,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// `GET /admin/products`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/products", &asked, &["q", "status"]);
    let query = OwnProductQuery {
        q: asked.some("q"),
        status: words::named(paging.filter("status")),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.catalog.all_products(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("tag", "No product fits", "No title or SKU has these words in this state.")
            .action("Show all products", "/admin/products")
    } else {
        Empty::new("tag", "No products yet", "Vendors add them in their portal.")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "product", "products");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let tools = Tools {
        action: "/admin/products".to_owned(),
        kept: paging.others(&["q"]),
        fields: vec![search(paging.filter("q"), "Search products", "Title or SKU")],
        links: Vec::new(),
    };
    let states = [
        ("", "All"),
        ("published", "On sale"),
        ("scheduled", "Scheduled"),
        ("draft", "Drafts"),
        ("archived", "Archived"),
    ];
    let place = desk.place("Products", Room::Products).await;
    render::page(
        &PortalPage::new(place).block(&paging.tabs("Products by state", "status", &states)).block(&tools).block(&list),
    )
}

/// Products as rows.
pub(super) fn table(desk: &Desk, products: &[ProductEdit], empty: Empty) -> Table {
    let columns = [Column::new("Product"), Column::new("State"), Column::number("Price"), Column::new("Changed")];
    let columns = columns.into_iter().chain([Column::new("")]).collect();
    Table::new("Products", columns, products.iter().map(|product| row(desk, product)).collect(), empty)
}

fn row(desk: &Desk, product: &ProductEdit) -> Row {
    let picture = product.pictures.first().map_or_else(cards::no_picture, cards::thumb);
    let seen = product.input.status == ProductStatus::Published && !product.withdrawn;
    let title = &product.input.title;
    let vendor = format!("/admin/vendors/{}", product.vendor_id);
    let href = if seen { format!("/p/{}", product.slug) } else { vendor.clone() };
    let at = |verb: &str| format!("/admin/products/{}/{verb}", product.id);
    let (text, verb) = if product.withdrawn { ("Let back", "reinstate") } else { ("Take off sale", "withdraw") };
    let lowest = product.input.variants.iter().map(|variant| variant.price_minor).min().unwrap_or_default();
    let skus = product.input.variants.first().map_or_else(String::new, |variant| format!("SKU {}", variant.sku));
    Row {
        id: product.id.to_string(),
        cells: vec![
            Cell::Pictured(picture, Link::new(title, href), skus),
            Cell::Badge(badge(product)),
            Cell::Number(desk.fmt.money(Money::new(lowest, product.input.currency))),
            Cell::When(desk.fmt.when(product.updated_at)),
            Cell::Actions(vec![Link::new("Vendor", vendor), Link::new(text, at(verb))]),
        ],
    }
}

/// What can be done with a product: verb, question, effect, button, done.
type Change = (&'static str, &'static str, &'static str, &'static str, &'static str);
const CHANGES: [Change; 2] = [
    (
        "withdraw",
        "Take this product off sale?",
        "Buyers no longer find it, and its vendor cannot put it on sale again until you let it back. Orders already \
         placed go on.",
        "Take off sale",
        "The product is off sale.",
    ),
    (
        "reinstate",
        "Let this product back?",
        "Its vendor may put it on sale again; nothing is sold before they do.",
        "Let back",
        "Its vendor may sell it again.",
    ),
];

fn change_of(verb: &str) -> Result<&'static Change> {
    CHANGES.iter().find(|(known, ..)| *known == verb).ok_or_else(|| Error::not_found("page"))
}

/// `GET /admin/products/{id}/{verb}`: asks.
pub async fn ask(visit: Visit, Path((id, verb)): Path<(ProductId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let (verb, question, effect, button, _) = change_of(&verb)?;
    let place = desk.place(*question, Room::Products).await;
    let form = Form::new(format!("/admin/products/{id}/{verb}"), &desk.csrf(), button);
    let ask = Ask { effect, form, back: Link::new("Leave it", "/admin/products") };
    render::page(&ask.page(place, &[("Products", "/admin/products")]))
}

/// `POST /admin/products/{id}/{verb}`
pub async fn change(Path((id, verb)): Path<(ProductId, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let (verb, _, _, _, done) = change_of(&verb)?;
    let result = match *verb {
        "withdraw" => desk.app.catalog.withdraw(&desk.who, id).await,
        _ => desk.app.catalog.reinstate(&desk.who, id).await,
    };
    let message = match result {
        Ok(product) => Message::good(format!("{done} “{}”", product.input.title)),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/products"))
}
