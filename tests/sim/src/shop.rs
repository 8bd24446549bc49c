//! What is sold, and by whom: told to the services as other services would tell it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::Path,
    routing::{get, post},
};
use contracts::{
    Envelope, Event,
    catalog::{BundlePart, ProductChanged, ProductPublished, ProductSnapshot, ProductStatus, VariantSnapshot},
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use http::StatusCode;
use kernel::{
    AccountId, Currency, EventId, Identity, Money, Principal, ProductId, Result, Role, SessionId, Timestamp, VariantId,
    VendorId, VendorMembership, VendorRole,
};
use serde_json::{Value, json};

/// What the shop counts in, and what it sells in besides: with what one unit of the main one is worth, in millionths.
pub const MAIN_CURRENCY: &str = "EUR";
pub const OTHER_CURRENCIES: [(&str, u64); 2] = [("USD", 1_085_000), ("JPY", 163_250_000)];

/// Names of the vendors.
pub const VENDORS: [&str; 2] = ["ada", "bob"];
/// Products: vendor, name, price.
pub const PRODUCTS: [(&str, &str, i64); 4] =
    [("ada", "mug", 1_290), ("ada", "bowl", 2_495), ("bob", "lamp", 9_900), ("bob", "fork", 333)];

/// What can be had in two colours, one for the other if it comes back: vendor, product, variants, price.
pub const CHOICE: (&str, &str, [&str; 2], i64) = ("bob", "scarf", ["red", "green"], 1_990);
/// What a mug costs the one customer, who is in trade; `checks.rs` looks for it.
pub const LIST_PRICE: i64 = 777;

/// What lies in a bundle, by number.
type Parts = &'static [(&'static str, i64)];

/// Bundles: vendor, name, price. They share their parts with what is sold alone, and with each other.
pub const BUNDLES: [(&str, &str, i64); 2] = [("ada", "set", 4_990), ("ada", "pair", 2_290)];
/// What they are made of: now one, now the other.
const PARTS: [(&str, [Parts; 2]); 2] = [
    ("set", [&[("mug", 2), ("bowl", 1)], &[("mug", 1), ("bowl", 1)]]),
    ("pair", [&[("mug", 2)], &[("mug", 1), ("bowl", 2)]]),
];

/// What is downloaded: vendor, name, price. Nobody has any of it in stock.
pub const DOWNLOAD: (&str, &str, i64) = ("ada", "pattern", 590);

/// A code of a promotion.
pub const CODE: &str = "FEW";

/// Id of a vendor.
pub fn vendor(name: &str) -> VendorId {
    VendorId::derived("sim", &[name])
}
/// Id of the one variant of a product.
pub fn variant(name: &str) -> VariantId {
    VariantId::derived("sim", &[name])
}

/// An owner of a vendor.
pub fn owner(vendor_id: VendorId) -> Identity {
    person("owner", vec![Role::Customer], vec![VendorMembership { vendor_id, role: VendorRole::Owner }])
}
/// An admin.
pub fn admin() -> Identity {
    person("admin", vec![Role::Customer, Role::Admin], vec![])
}

/// Id of the one customer who has an account.
pub fn customer_id() -> AccountId {
    AccountId::derived("sim", &["customer"])
}
/// That customer, in as many windows as there are orders.
pub fn customer() -> Identity {
    person("customer", vec![Role::Customer], vec![])
}

/// What is asked of the accounts, which are not simulated: it knows everybody.
pub fn identity() -> Router {
    async fn contact(Path(id): Path<AccountId>) -> Json<Value> {
        Json(json!({"account_id": id, "email": "eve@example.com", "name": "Eve", "locale": "en"}))
    }
    let password = || async { StatusCode::NO_CONTENT };
    Router::new()
        .route("/internal/identity/accounts/{id}/contact", get(contact))
        .route("/internal/identity/accounts/{id}/password-check", post(password))
}

fn person(name: &str, roles: Vec<Role>, vendors: Vec<VendorMembership>) -> Identity {
    let (account_id, session_id) = (AccountId::derived("sim", &[name]), SessionId::derived("sim", &[name]));
    Identity::User(Arc::new(Principal { account_id, session_id, roles, vendors, email_verified: true }))
}

/// Numbers the events of services that are not simulated.
#[derive(Default)]
pub struct Heralds {
    versions: BTreeMap<String, i64>,
}

impl Heralds {
    /// The next event of its aggregate.
    pub fn envelope<E: Event>(&mut self, event: &E, now: Timestamp) -> Result<Arc<Envelope>> {
        let subject = event.aggregate_id();
        let version = self.versions.entry(format!("{}/{subject}", E::AGGREGATE)).or_insert(0);
        *version += 1;
        Ok(Arc::new(Envelope {
            specversion: "1.0".to_owned(),
            id: EventId::derived("sim", &[E::AGGREGATE, &subject, &version.to_string()]),
            source: "/souk/outside".to_owned(),
            kind: E::TYPE.to_owned(),
            subject,
            time: now,
            aggregatetype: E::AGGREGATE.to_owned(),
            aggregateversion: *version,
            traceparent: None,
            data: serde_json::value::to_raw_value(event)?,
        }))
    }
}

/// A store has opened.
pub fn opened(name: &str) -> Result<VendorDecided> {
    let snapshot = VendorSnapshot {
        slug: name.parse()?,
        name: name.to_owned(),
        status: VendorStatus::Approved,
        commission_bp: 1_250,
        country: "DE".parse()?,
        logo_url: None,
        owners: vec![],
        refused_methods: vec![],
    };
    Ok(VendorDecided { vendor_id: vendor(name), vendor: snapshot, reason: None })
}

/// A product is on sale.
pub fn published(of: &str, name: &str, price: i64, stock: i64) -> Result<ProductPublished> {
    Ok(ProductPublished {
        product_id: ProductId::derived("sim", &[name]),
        product: product(of, name, price, Some(stock))?,
    })
}

/// What is downloaded is on sale.
pub fn download_published((of, name, price): (&str, &str, i64)) -> Result<ProductPublished> {
    let mut product = product(of, name, price, None)?;
    product.variants[0].digital = true;
    Ok(ProductPublished { product_id: ProductId::derived("sim", &[name]), product })
}

/// What can be had in two colours is on sale.
pub fn choice_published(stock: [i64; 2]) -> Result<ProductPublished> {
    let (of, name, colours, price) = CHOICE;
    let mut product = product(of, name, price, None)?;
    let one = product.variants.remove(0);
    product.option_names = vec!["Colour".to_owned()];
    for (colour, pieces) in colours.into_iter().zip(stock) {
        let (id, sku, options) = (variant(colour), colour.to_owned(), vec![colour.to_owned()]);
        product.variants.push(VariantSnapshot { id, sku, options, initial_stock: Some(pieces), ..one.clone() });
    }
    Ok(ProductPublished { product_id: choice_id(), product })
}

/// Id of what can be had in two colours.
fn choice_id() -> ProductId {
    ProductId::derived("sim", &[CHOICE.1])
}

/// The other colour.
pub fn other_colour(of: VariantId) -> Option<VariantId> {
    let both = CHOICE.2.map(variant);
    both.contains(&of).then(|| both.into_iter().find(|one| *one != of)).flatten()
}

/// A bundle is on sale.
pub fn bundle_published(of: &str, name: &str, price: i64) -> Result<ProductPublished> {
    let mut product = product(of, name, price, None)?;
    product.variants[0].parts = parts(name, 0);
    Ok(ProductPublished { product_id: ProductId::derived("sim", &[name]), product })
}

/// A bundle is made of something else, or of what it was before.
pub fn remade(of: &str, name: &str, price: i64, turn: usize) -> Result<ProductChanged> {
    let mut product = product(of, name, price, None)?;
    product.variants[0].parts = parts(name, turn);
    Ok(ProductChanged { product_id: ProductId::derived("sim", &[name]), product })
}

fn parts(name: &str, turn: usize) -> Vec<BundlePart> {
    let of = PARTS.iter().find(|(bundle, _)| *bundle == name).map_or(&[][..], |(_, turns)| turns[turn % 2]);
    of.iter().map(|(part, quantity)| BundlePart { variant_id: variant(part), quantity: *quantity }).collect()
}

/// A product has another price.
pub fn repriced(of: &str, name: &str, price: i64) -> Result<ProductChanged> {
    Ok(ProductChanged { product_id: ProductId::derived("sim", &[name]), product: product(of, name, price, None)? })
}

fn product(of: &str, name: &str, price: i64, initial_stock: Option<i64>) -> Result<ProductSnapshot> {
    let variant = VariantSnapshot {
        id: variant(name),
        sku: name.to_owned(),
        options: vec![],
        price: Money::new(price, Currency::EUR),
        compare_at: None,
        weight_g: 100,
        initial_stock,
        parts: vec![],
        digital: false,
    };
    Ok(ProductSnapshot {
        vendor_id: vendor(of),
        slug: name.parse()?,
        title: name.to_owned(),
        summary: String::new(),
        description_text: String::new(),
        categories: vec![],
        attributes: vec![],
        option_names: vec![],
        variants: vec![variant],
        tags: vec![],
        picture: None,
        status: ProductStatus::Published,
        published_at: None,
        brand: String::new(),
        unfiltered: vec![],
        translations: contracts::catalog::Translations::new(),
    })
}
