//! Through the router, on both databases.

mod codes;
mod copies;
mod currency;
mod guests;
mod later;
mod lines;
mod merging;
mod notices;
mod races;
mod reorders;
mod time;

use contracts::{
    cart::{CART_TOKEN_HEADER, CartView, NewCart},
    catalog::{Picture, PictureSize, ProductPublished, ProductSnapshot, ProductStatus, VariantSnapshot},
    inventory::{StockLevel, StockLevelChanged},
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use kernel::{Currency, MediaId, Money, ProductId, VariantId, VendorId};
use runtime::ServiceDef;
use serde_json::{Value, json};
use testkit::{As, TestApp};

fn defs() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings::default())]
}

const CARTS: &str = "/api/v1/carts";
const CURRENT: &str = "/api/v1/carts/current";
const LINES: &str = "/api/v1/carts/current/lines";
const MERGE: &str = "/api/v1/carts/current/merge";

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

fn product(name: &str) -> ProductId {
    ProductId::derived("test", &[name])
}

fn variant(name: &str) -> VariantId {
    VariantId::derived("test", &[name])
}

fn line_path(name: &str) -> String {
    format!("{LINES}/{}", variant(name))
}

fn vendor_decided(name: &str, status: VendorStatus) -> VendorDecided {
    let snapshot = VendorSnapshot {
        slug: name.parse().unwrap(),
        name: name.to_uppercase(),
        status,
        commission_bp: 1000,
        country: "DE".parse().unwrap(),
        logo_url: None,
        owners: vec![],
        refused_methods: vec![],
    };
    VendorDecided { vendor_id: vendor(name), vendor: snapshot, reason: None }
}

fn picture() -> Picture {
    let size = |width| PictureSize { width, height: width, url: format!("/media/p-{width}.jpg") };
    Picture {
        id: MediaId::derived("test", &["picture"]),
        alt: "A picture".to_owned(),
        width: 1200,
        height: 1200,
        sizes: vec![size(160), size(320), size(640)],
    }
}

/// A product named `name` of `of`, with a variant for each name and price.
fn snapshot(of: &str, name: &str, status: ProductStatus, variants: &[(&str, Money)]) -> ProductSnapshot {
    let variants = variants.iter().map(|(id, price)| VariantSnapshot {
        id: variant(id),
        sku: format!("SKU-{id}"),
        options: vec![(*id).to_owned()],
        price: *price,
        compare_at: None,
        weight_g: 250,
        initial_stock: None,
        parts: vec![],
        digital: false,
    });
    ProductSnapshot {
        vendor_id: vendor(of),
        slug: name.parse().unwrap(),
        title: format!("The {name}"),
        summary: String::new(),
        description_text: String::new(),
        categories: vec![],
        attributes: vec![],
        option_names: vec!["Kind".to_owned()],
        variants: variants.collect(),
        tags: vec![],
        picture: Some(picture()),
        status,
        published_at: None,
        brand: String::new(),
        unfiltered: vec![],
        translations: contracts::catalog::Translations::new(),
    }
}

fn published(of: &str, name: &str, variants: &[(&str, Money)]) -> ProductPublished {
    ProductPublished { product_id: product(name), product: snapshot(of, name, ProductStatus::Published, variants) }
}

fn level(of: &str, name: &str, level: StockLevel) -> StockLevelChanged {
    StockLevelChanged { variant_id: variant(name), product_id: product(of), level }
}

/// Two open stores: `ada` sells a mug (24.90) and a bowl in two sizes (12.00, 18.00), `ben` a lamp (99.00); all in stock.
async fn stock_the_shelves(app: &TestApp) {
    for name in ["ada", "ben"] {
        app.deliver("cart", &vendor_decided(name, VendorStatus::Approved)).await;
    }
    app.deliver("cart", &published("ada", "mug", &[("mug", eur(2490))])).await;
    app.deliver("cart", &published("ada", "bowl", &[("bowl-s", eur(1200)), ("bowl-l", eur(1800))])).await;
    app.deliver("cart", &published("ben", "lamp", &[("lamp", eur(9900))])).await;
    for (of, name) in [("mug", "mug"), ("bowl", "bowl-s"), ("bowl", "bowl-l"), ("lamp", "lamp")] {
        app.deliver("cart", &level(of, name, StockLevel::InStock)).await;
    }
}

/// `n` more products of `ada`, `thing-0` and so on, at 1.00.
async fn many_things(app: &TestApp, n: usize) {
    for i in 0..n {
        let name = format!("thing-{i}");
        app.hand_over("cart", &app.envelope(&published("ada", &name, &[(&name, eur(100))]))).await;
    }
}

fn wants(name: &str, quantity: i64) -> Value {
    json!({"variant_id": variant(name), "quantity": quantity})
}

/// A guest with a new cart.
async fn guest(app: &TestApp, lines: &[(&str, i64)]) -> (As, NewCart) {
    let opened: NewCart = app.guest().post(CARTS, &Value::Null).await.expect(201).json();
    let guest = app.guest().header(CART_TOKEN_HEADER, opened.token.expose());
    fill(&guest, lines).await;
    (guest, opened)
}

async fn fill(who: &As, lines: &[(&str, i64)]) {
    for (name, quantity) in lines {
        who.post(LINES, &wants(name, *quantity)).await.expect(200);
    }
}

async fn current(who: &As) -> CartView {
    who.get(CURRENT).await.expect(200).json()
}

/// Variants and quantities of a cart, in order.
fn contents(cart: &CartView) -> Vec<(VariantId, i64)> {
    cart.lines.iter().map(|line| (line.variant_id, line.quantity)).collect()
}

fn of(lines: &[(&str, i64)]) -> Vec<(VariantId, i64)> {
    lines.iter().map(|(name, quantity)| (variant(name), *quantity)).collect()
}
