//! Through the router, on both databases; and the quote by itself.

mod currencies;
mod discounts;
mod fees;
mod history;
mod main_currency;
mod offers;
mod price_lists;
mod promote_model;
mod promotions;
mod quantity;
mod quote_model;
mod quotes;
mod redemptions;
mod sales;
mod taxes;

use contracts::{
    catalog::{CategoryRef, ProductPublished, ProductSnapshot, ProductStatus, VariantSnapshot},
    pricing::{DiscountInput, QuoteRequest, WantedLine},
    promotions::{Customer, Effect, PromotionInput},
    shipping::{MethodInput, MethodsChanged},
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use kernel::{CategoryId, Currency, Money, ProductId, ShippingMethodId, Timestamp, VariantId, VendorId};
use runtime::ServiceDef;
use testkit::TestApp;

fn defs() -> Vec<ServiceDef> {
    vec![crate::service(Currency::EUR)]
}

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

fn method(name: &str) -> ShippingMethodId {
    ShippingMethodId::derived("test", &[name])
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

/// A product named `name` with variants `(name, price)`.
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
        categories: vec![CategoryRef {
            id: CategoryId::derived("test", &["all"]),
            slug: "all".parse().unwrap(),
            name: "All".to_owned(),
        }],
        attributes: vec![],
        option_names: vec!["Kind".to_owned()],
        variants: variants.collect(),
        tags: vec![],
        picture: None,
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

fn ships(name: &str, minor: i64, free_over: Option<i64>, countries: &[&str]) -> (ShippingMethodId, MethodInput) {
    let input = MethodInput {
        name: name.to_owned(),
        currency: Currency::EUR,
        price_minor: minor,
        free_over_minor: free_over,
        countries: countries.iter().map(|c| c.parse().unwrap()).collect(),
        days_min: 2,
        days_max: 5,
        weight_prices: vec![],
        value_prices: vec![],
        max_weight_g: None,
        carrier_rate: false,
        handling: contracts::arrival::Handling::default(),
        pickup: None,
    };
    (method(name), input)
}

/// Two open stores: `ada` sells a mug (24.90) and a bowl in two sizes (12.00, 18.00) and ships by parcel
/// (4.90, free from 50.00, DE and AT) or express (9.90, DE); `ben` sells a lamp (99.00) and ships everywhere (7.50).
async fn stock_the_shelves(app: &TestApp) {
    for name in ["ada", "ben"] {
        app.deliver("pricing", &vendor_decided(name, VendorStatus::Approved)).await;
    }
    app.deliver("pricing", &published("ada", "mug", &[("mug", eur(2490))])).await;
    app.deliver("pricing", &published("ada", "bowl", &[("bowl-s", eur(1200)), ("bowl-l", eur(1800))])).await;
    app.deliver("pricing", &published("ben", "lamp", &[("lamp", eur(9900))])).await;
    let ada = vec![ships("parcel", 490, Some(5000), &["DE", "AT"]), ships("express", 990, None, &["DE"])];
    app.deliver("pricing", &MethodsChanged { vendor_id: vendor("ada"), methods: ada, rates: vec![] }).await;
    let ben = vec![ships("freight", 750, None, &[])];
    app.deliver("pricing", &MethodsChanged { vendor_id: vendor("ben"), methods: ben, rates: vec![] }).await;
}

fn wants(country: &str, lines: &[(&str, i64)]) -> QuoteRequest {
    QuoteRequest {
        currency: Currency::EUR,
        country: country.parse().unwrap(),
        region: None,
        lines: lines.iter().map(|(id, quantity)| WantedLine { variant_id: variant(id), quantity: *quantity }).collect(),
        shipping: vec![],
        codes: vec![],
        customer: Customer::default(),
        payment_method: None,
    }
}

/// A promotion of the platform that applies by itself from now on and is paid by the platform.
fn promotion(effect: Effect) -> PromotionInput {
    PromotionInput {
        name: "Deal".to_owned(),
        code: None,
        currency: Currency::EUR,
        starts_at: at("2026-01-15T12:00:00Z"),
        ends_at: None,
        product_ids: vec![],
        category_ids: vec![],
        vendor_ids: vec![],
        minimum_minor: 0,
        first_order: false,
        countries: vec![],
        groups: vec![],
        effect,
        priority: 0,
        advertised: false,
        exclusive: false,
        max_uses: None,
        max_uses_per_customer: None,
        budget_minor: None,
        platform_share_bp: 10_000,
    }
}

/// The same by a code.
fn coded(code: &str, effect: Effect) -> PromotionInput {
    PromotionInput { name: format!("Deal {code}"), code: Some(code.parse().unwrap()), ..promotion(effect) }
}

/// Ten percent off.
const TEN: Effect = Effect::Percent { percent_bp: 1_000 };

/// 20 % off, from the start of the test for a week.
fn sale(products: &[&str]) -> DiscountInput {
    DiscountInput {
        name: "Winter sale".to_owned(),
        percent_bp: 2000,
        product_ids: products.iter().map(|name| product(name)).collect(),
        starts_at: at("2026-01-15T12:00:00Z"),
        ends_at: Some(at("2026-01-22T12:00:00Z")),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
