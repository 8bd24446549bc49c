//! Products, orders and parcels for tests, and what must hold whatever happened.

use std::collections::BTreeMap;

use contracts::{
    catalog::{CategoryRef, ProductPublished, ProductSnapshot, ProductStatus, VariantSnapshot},
    inventory::{StockLevel, StockLevelChanged, StockView},
    orders::{
        LineSnapshot, OrderCancelled, OrderPaid, OrderPlaced, OrderSnapshot, PaymentChoice, Tracking, VendorPart,
    },
    shipping::ShipmentShipped,
};
use db::params;
use kernel::{
    CategoryId, Currency, LineId, Money, OrderId, ProductId, ShipmentId, Timestamp, VariantId, VendorId, VendorOrderId,
};
use runtime::ServiceDef;
use testkit::TestApp;

use crate::{Settings, model::level_of, service};

pub fn under_test() -> Vec<ServiceDef> {
    vec![service(Settings::default())]
}

pub fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}
pub fn variant(sku: &str) -> VariantId {
    VariantId::derived("test", &[sku])
}
pub fn order(name: &str) -> OrderId {
    OrderId::derived("test", &[name])
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A product called as its slug, with variants of these SKUs and initial stocks.
pub fn product(vendor_id: VendorId, slug: &str, variants: &[(&str, Option<i64>)]) -> (ProductId, ProductSnapshot) {
    let variants = variants.iter().map(|(sku, initial_stock)| VariantSnapshot {
        id: variant(sku),
        sku: (*sku).to_owned(),
        options: if variants.len() > 1 { vec![format!("size {sku}")] } else { vec![] },
        price: eur(1000),
        compare_at: None,
        weight_g: 100,
        initial_stock: *initial_stock,
    });
    let snapshot = ProductSnapshot {
        vendor_id,
        slug: slug.parse().unwrap(),
        title: format!("The {slug}"),
        summary: String::new(),
        description_text: String::new(),
        categories: vec![CategoryRef {
            id: CategoryId::derived("test", &["home"]),
            slug: "home".parse().unwrap(),
            name: "Home".to_owned(),
        }],
        attributes: vec![],
        option_names: vec![],
        variants: variants.collect(),
        tags: vec![],
        picture: None,
        status: ProductStatus::Published,
        published_at: Some(Timestamp(1)),
    };
    (ProductId::derived("test", &[slug]), snapshot)
}

/// Makes a product of `vendor_id` known to inventory.
pub async fn stocked(app: &TestApp, vendor_id: VendorId, slug: &str, variants: &[(&str, Option<i64>)]) {
    let (product_id, product) = product(vendor_id, slug, variants);
    app.deliver("inventory", &ProductPublished { product_id, product }).await;
}

/// An order of lines of vendor, SKU and quantity.
pub fn snapshot(name: &str, lines: &[(VendorId, &str, i64)]) -> OrderSnapshot {
    let mut by_vendor: BTreeMap<VendorId, Vec<LineSnapshot>> = BTreeMap::new();
    for (index, (vendor_id, sku, quantity)) in lines.iter().enumerate() {
        by_vendor.entry(*vendor_id).or_default().push(LineSnapshot {
            line_id: LineId::derived("test", &[name, &index.to_string()]),
            variant_id: variant(sku),
            product_id: ProductId::derived("test", &["of", sku]),
            quantity: *quantity,
            total: eur(1000 * quantity),
            tax: eur(0),
        });
    }
    let parts = by_vendor.into_iter().map(|(vendor_id, lines)| VendorPart {
        subsidy_minor: 0,
        vendor_order_id: VendorOrderId::derived("test", &[name, &vendor_id.to_string()]),
        number: format!("{name}-A"),
        vendor_id,
        lines,
        items: eur(0),
        shipping: eur(0),
        method_id: None,
        method_name: String::new(),
        tax: eur(0),
        total: eur(0),
    });
    OrderSnapshot {
        number: name.to_owned(),
        account_id: None,
        cart_id: None,
        country: "DE".parse().unwrap(),
        parts: parts.collect(),
        total: eur(0),
        tax: eur(0),
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: Timestamp(1),
    }
}

pub fn placed(name: &str, lines: &[(VendorId, &str, i64)]) -> OrderPlaced {
    OrderPlaced { order_id: order(name), pay_by: None, order: snapshot(name, lines) }
}
pub fn paid(name: &str, lines: &[(VendorId, &str, i64)]) -> OrderPaid {
    OrderPaid { order_id: order(name), order: snapshot(name, lines), paid_at: Timestamp(2) }
}
pub fn cancelled(name: &str) -> OrderCancelled {
    OrderCancelled { order_id: order(name), account_id: None, reason: "by_buyer".to_owned(), was_paid: false }
}
pub fn shipped(name: &str, vendor_id: VendorId) -> ShipmentShipped {
    ShipmentShipped {
        shipment_id: ShipmentId::derived("test", &[name, &vendor_id.to_string()]),
        order_id: order(name),
        vendor_order_id: VendorOrderId::derived("test", &[name, &vendor_id.to_string()]),
        vendor_id,
        tracking: Tracking { carrier: "DHL".to_owned(), number: "1".to_owned(), token: "t".to_owned() },
        at: Timestamp(3),
    }
}

/// What the vendor sees of a variant.
pub async fn stock_of(app: &TestApp, vendor_id: VendorId, sku: &str) -> StockView {
    let path = format!("/api/v1/vendors/{vendor_id}/stock/{}", variant(sku));
    app.as_user(&testkit::vendor_owner(vendor_id)).get(&path).await.expect(200).json()
}

/// On hand and reserved of a variant.
pub async fn numbers(app: &TestApp, vendor_id: VendorId, sku: &str) -> (i64, i64) {
    let stock = stock_of(app, vendor_id, sku).await;
    (stock.on_hand, stock.reserved)
}

/// State of the reservation of an order.
pub async fn state_of(app: &TestApp, name: &str) -> Option<String> {
    let sql = "SELECT state FROM reservations WHERE order_id = $1";
    let row = app.db("inventory").opt(sql, params![order(name)]).await.unwrap();
    row.map(|row| row.get("state").unwrap())
}

/// S1, S2, the age of holds (S4), and that buyers were told the truth.
pub async fn check_invariants(app: &TestApp) {
    let broken = app
        .count(
            "inventory",
            "SELECT count(*) FROM stock s WHERE s.on_hand < 0 OR s.reserved < 0 OR s.reserved > s.on_hand
             OR s.on_hand <> (SELECT CAST(coalesce(sum(m.delta), 0) AS BIGINT) FROM movements m WHERE m.variant_id = s.variant_id)
             OR s.reserved <> (SELECT CAST(coalesce(sum(l.quantity), 0) AS BIGINT) FROM reservation_lines l
                               JOIN reservations r ON r.order_id = l.order_id
                               WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state IN ('held', 'claimed'))",
        )
        .await;
    assert_eq!(broken, 0, "S1 and S2: what is on hand and what is reserved add up");
    let now = kernel::Clock::now(&*app.clock);
    let old = format!("SELECT count(*) FROM reservations WHERE state = 'held' AND expires_at <= {}", now.micros());
    assert_eq!(app.count("inventory", &old).await, 0, "S4: no hold outlives its time");

    let mut told: BTreeMap<VariantId, StockLevel> = BTreeMap::new();
    for change in app.published::<StockLevelChanged>("inventory").await {
        let before = told.insert(change.variant_id, change.level).unwrap_or_default();
        assert_ne!(before, change.level, "a level is told only when it changes");
    }
    let rows =
        app.db("inventory").all("SELECT variant_id, on_hand, reserved, low_threshold FROM stock", params![]).await;
    for row in rows.unwrap() {
        let available = row.get::<i64>("on_hand").unwrap() - row.get::<i64>("reserved").unwrap();
        let truth = level_of(available, row.get("low_threshold").unwrap());
        let id: VariantId = row.get("variant_id").unwrap();
        assert_eq!(told.get(&id).copied().unwrap_or_default(), truth, "buyers are told the truth about {id}");
    }
}
