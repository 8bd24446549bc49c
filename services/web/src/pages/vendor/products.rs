//! The vendor's products: found, priced and put on sale in place.

use askama::Template;
use contracts::catalog::{CatalogClient, OwnProductQuery, ProductEdit, ProductInput, ProductStatus};
use kernel::{Error, Money, ProductId, Result, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{self, Fields, Posted},
    pages::{
        portal::{Paging, words},
        shop::cards,
    },
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Html, Link, Pager, PortalFrame, Row, Shell, Table, Tabs, Tone, component},
    visit::{Path, Query, Visit},
};

/// Products on a page.
const ROWS: u32 = 25;

/// The list itself: the fragment `#list`.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/product_list.html")]
pub struct ProductList {
    /// The rows.
    pub table: Table,
    /// Before and after.
    pub pager: Pager,
    /// Where the bulk form posts.
    pub bulk: String,
    /// Where it comes back to.
    pub here: String,
    /// Hidden token of the bulk form.
    pub csrf: String,
}

/// Price and state of one product, sent from its row.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/quick.html")]
struct Quick {
    id: String,
    action: String,
    title: String,
    here: String,
    csrf: String,
}

component!(ProductList, Quick);

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/products.html")]
pub struct VendorProducts {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
    /// Address of the store's portal.
    pub base: String,
    /// All, published, drafts, archived.
    pub states: Tabs,
    /// The state chosen, kept while one searches.
    pub status: String,
    /// The search of this list.
    pub search: Field,
    /// The list.
    pub list: ProductList,
}

/// `GET /vendor/{vendor_id}/products`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("products"), &asked, &["q", "status"]);
    let query = OwnProductQuery {
        q: asked.some("q"),
        status: words::named(paging.filter("status")),
        limit: Some(ROWS),
        after: paging.after(),
    };
    let page = desk.app.catalog.own_products(&desk.who, vendor_id, &query).await?;
    let rows = page.items.iter().map(|product| row(&desk, product, &paging.here())).collect();
    let list = ProductList {
        table: Table::new("Products", columns(), rows, nothing(&desk, &paging)).ticked("id", "bulk").target("#list"),
        pager: paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "product", "products"),
        bulk: desk.at("products/bulk"),
        here: paging.here(),
        csrf: desk.csrf(),
    };
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Products", Room::Products).await?;
    let page = VendorProducts {
        shell: place.shell,
        portal: place.portal,
        states: paging.tabs(
            "Products by state",
            "status",
            &[
                ("", "All"),
                ("published", "On sale"),
                ("scheduled", "Scheduled"),
                ("draft", "Drafts"),
                ("archived", "Archived"),
            ],
        ),
        status: paging.filter("status").to_owned(),
        search: Field::search("q", "Search your products")
            .bare()
            .optional()
            .class("small")
            .value(paging.filter("q"))
            .attribute("placeholder", "Title or SKU"),
        list,
        base: desk.base,
    };
    render::page(&page)
}

fn columns() -> Vec<Column> {
    let columns = [Column::new("Product"), Column::new("State"), Column::number("Price"), Column::number("Stock")];
    columns.into_iter().chain([Column::new("Changed"), Column::new("")]).collect()
}

fn nothing(desk: &Desk, paging: &Paging) -> Empty {
    if paging.narrowed() {
        Empty::new("tag", "No product fits", "No title or SKU of yours has these words in this state.")
            .action("Show all products", desk.at("products"))
    } else {
        Empty::new("tag", "No products yet", "Add the first by hand, or bring all of them from another shop as a file.")
            .action("Add a product", desk.at("products/new"))
            .or("Import a file", desk.at("imports"))
    }
}

fn row(desk: &Desk, product: &ProductEdit, here: &str) -> Row {
    let input = &product.input;
    let picture = product.pictures.first().map_or_else(cards::no_picture, cards::thumb);
    let skus = match input.variants.as_slice() {
        [only] => format!("SKU {}", only.sku),
        several => format!("{} variants", several.len()),
    };
    let skus = match moment(desk, input) {
        Some(moment) => format!("{skus} · {moment}"),
        None => skus,
    };
    let link = Link::new(&input.title, desk.at(&format!("products/{}", product.id)));
    let (state, price, action) = match simple_price(product) {
        Some(price) if !product.withdrawn => inline(desk, product, price, here),
        _ => (Cell::Badge(badge(product)), Cell::Number(prices(desk, product)), Cell::Actions(Vec::new())),
    };
    Row {
        id: product.id.to_string(),
        cells: vec![
            Cell::Pictured(picture, link, skus),
            state,
            price,
            Cell::Badge(stock_badge(product)),
            Cell::When(desk.fmt.when(product.updated_at)),
            action,
        ],
    }
}

/// What happens to a product by itself next.
fn moment(desk: &Desk, input: &ProductInput) -> Option<String> {
    match (input.status, input.publish_at, input.unpublish_at) {
        (ProductStatus::Scheduled, Some(at), _) => Some(format!("on sale from {}", desk.fmt.exact(at))),
        (ProductStatus::Published, _, Some(at)) => Some(format!("on sale until {}", desk.fmt.exact(at))),
        _ => None,
    }
}

/// The price of a product without options: one that can be typed into its row.
fn simple_price(product: &ProductEdit) -> Option<Money> {
    match product.input.variants.as_slice() {
        [only] if product.input.options.is_empty() => Some(Money::new(only.price_minor, product.input.currency)),
        _ => None,
    }
}

/// State and price as fields of a form whose button stands at the row's end.
fn inline(desk: &Desk, product: &ProductEdit, price: Money, here: &str) -> (Cell, Cell, Cell) {
    let id = product.id.to_string();
    let form = format!("quick-{id}");
    let states = [("draft", "Draft"), ("published", "On sale"), ("archived", "Archived")];
    // When is said on the product's own page; here it only stays so.
    let scheduled = (product.input.status == ProductStatus::Scheduled).then_some(("scheduled", "Scheduled"));
    let states = states.into_iter().chain(scheduled);
    let state = Field::select(&format!("status-{id}"), "State", states)
        .bare()
        .class("small")
        .value(words::word(&product.input.status))
        .attribute("form", &form);
    let amount = Field::amount(&format!("price-{id}"), "Price", price.currency.symbol())
        .bare()
        .class("num small")
        .value(price.decimal())
        .attribute("form", &form);
    let quick = Quick {
        action: desk.at(&format!("products/{id}/quick")),
        title: product.input.title.clone(),
        here: here.to_owned(),
        csrf: desk.csrf(),
        id: form,
    };
    (Cell::Html(Html::of(&state)), Cell::Html(Html::of(&amount)), Cell::Html(Html::of(&quick)))
}

/// Whether buyers see a product; one that an admin keeps off sale says so.
pub(crate) fn badge(product: &ProductEdit) -> Badge {
    if product.withdrawn { Badge::new("Taken off sale", Tone::Danger) } else { words::product(product.input.status) }
}

fn prices(desk: &Desk, product: &ProductEdit) -> String {
    let amounts = product.input.variants.iter().map(|v| v.price_minor);
    let money = |minor| desk.fmt.money(Money::new(minor, product.input.currency));
    match (amounts.clone().min(), amounts.max()) {
        (Some(low), Some(high)) if low != high => format!("{} – {}", money(low), money(high)),
        (Some(low), _) => money(low),
        _ => String::new(),
    }
}

fn stock_badge(product: &ProductEdit) -> Badge {
    let available = product.stock.iter().filter(|level| level.available()).count();
    match (available, product.stock.len()) {
        (0, _) => Badge::new("Sold out", Tone::Danger),
        (some, all) if some < all => Badge::new(format!("{some} of {all} in stock"), Tone::Warning),
        _ => match product.stock.as_slice() {
            [contracts::inventory::StockLevel::Low(left)] => Badge::new(format!("{left} left"), Tone::Warning),
            [contracts::inventory::StockLevel::BackOrder] => Badge::new("On back-order", Tone::Warning),
            _ => Badge::new("In stock", Tone::Success),
        },
    }
}

/// `POST /vendor/{vendor_id}/products/{id}/quick`: price and state from the row.
pub async fn quick(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let back = forms::next(&fields, &desk.at("products"));
    let message = match change_quickly(&desk, id, &fields).await {
        Ok(product) => Message::good(format!("Saved “{}”.", product.input.title)),
        Err(error) if desk.visit.hx.wants_part() => return Err(error.into()),
        Err(error) => Message::bad(words::sentence(&error)),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&back))
}

async fn change_quickly(desk: &Desk, id: ProductId, fields: &Fields) -> Result<ProductEdit> {
    let product = desk.app.catalog.own_product(&desk.who, desk.vendor_id, id).await?;
    let mut input = product.input;
    let price = forms::amount(fields.get(&format!("price-{id}")), input.currency);
    let price = price.ok_or_else(|| {
        let reason = format!("Enter a price such as {}.", input.currency.example(1_999));
        Error::new(kernel::Kind::Invalid, "invalid_input", reason)
    })?;
    let [variant] = input.variants.as_mut_slice() else {
        return Err(Error::conflict("has_variants", "This product has variants now. Open it to change their prices."));
    };
    variant.price_minor = price.amount_minor;
    input.status = words::named(fields.get(&format!("status-{id}"))).unwrap_or(input.status);
    at_version(desk, product.version).update_product(&desk.who, desk.vendor_id, id, &input).await
}

/// The catalogue's client, changing only the version that was seen.
pub(super) fn at_version(desk: &Desk, version: i64) -> CatalogClient {
    desk.app.catalog.with_header("if-match", format!("\"{version}\""))
}
