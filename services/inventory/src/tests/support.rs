//! Products, orders and parcels for tests, and what must hold whatever happened.

use std::collections::BTreeMap;

use contracts::{
    catalog::{
        BundlePart, CategoryRef, ProductChanged, ProductPublished, ProductSnapshot, ProductStatus, VariantSnapshot,
    },
    inventory::{LocationView, PlaceView, StockLevel, StockLevelChanged, StockView},
    orders::{
        LineSnapshot, OrderCancelled, OrderPaid, OrderPlaced, OrderSnapshot, PaymentChoice, Tracking, VendorPart,
    },
    shipping::{ShipmentShipped, ShippedLine},
};
use db::params;
use kernel::{
    CategoryId, Currency, LineId, LocationId, Money, OrderId, ProductId, ShipmentId, Timestamp, VariantId, VendorId,
    VendorOrderId,
};
use runtime::ServiceDef;
use serde_json::json;
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
        parts: vec![],
        digital: false,
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
        brand: String::new(),
        unfiltered: vec![],
        translations: contracts::catalog::Translations::new(),
    };
    (ProductId::derived("test", &[slug]), snapshot)
}

/// Makes a product of `vendor_id` known to inventory.
pub async fn stocked(app: &TestApp, vendor_id: VendorId, slug: &str, variants: &[(&str, Option<i64>)]) {
    let (product_id, product) = product(vendor_id, slug, variants);
    app.deliver("inventory", &ProductPublished { product_id, product }).await;
}

fn bundle(vendor_id: VendorId, slug: &str, sku: &str, parts: &[(&str, i64)]) -> (ProductId, ProductSnapshot) {
    let (product_id, mut product) = product(vendor_id, slug, &[(sku, None)]);
    let part = |(sku, quantity): &(&str, i64)| BundlePart { variant_id: variant(sku), quantity: *quantity };
    product.variants[0].parts = parts.iter().map(part).collect();
    (product_id, product)
}

/// Makes a product known to inventory whose one variant is made of others.
pub async fn bundled(app: &TestApp, vendor_id: VendorId, slug: &str, sku: &str, parts: &[(&str, i64)]) {
    let (product_id, product) = bundle(vendor_id, slug, sku, parts);
    app.deliver("inventory", &ProductPublished { product_id, product }).await;
}

/// Tells that it is made of something else, or, without parts, an ordinary product.
pub async fn rebundled(app: &TestApp, vendor_id: VendorId, slug: &str, sku: &str, parts: &[(&str, i64)]) {
    let (product_id, product) = bundle(vendor_id, slug, sku, parts);
    app.deliver("inventory", &ProductChanged { product_id, product }).await;
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
            digital: false,
            categories: vec![],
            subsidy_minor: 0,
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
        pickup: false,
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
    OrderPaid { order_id: order(name), order: snapshot(name, lines), paid_at: Timestamp(2), was_promised: false }
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
        tracking: Tracking { carrier: "DHL".to_owned(), number: "1".to_owned(), token: "t".to_owned(), pickup: false },
        parcel: 1,
        lines: vec![],
        at: Timestamp(3),
    }
}

/// One of several parcels: its number, and how many of which SKU lie in it.
pub fn parcel(name: &str, vendor_id: VendorId, number: i64, holds: &[(&str, i64)]) -> ShipmentShipped {
    let line = |(sku, quantity): &(&str, i64)| ShippedLine {
        line_id: LineId::derived("test", &[name, sku]),
        variant_id: variant(sku),
        quantity: *quantity,
    };
    ShipmentShipped {
        shipment_id: ShipmentId::derived("test", &[name, &number.to_string()]),
        parcel: number,
        lines: holds.iter().map(line).collect(),
        ..shipped(name, vendor_id)
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

/// Adds a location to a vendor.
pub async fn location(app: &TestApp, vendor_id: VendorId, name: &str) -> LocationId {
    let path = format!("/api/v1/vendors/{vendor_id}/stock-locations");
    let owner = app.as_user(&testkit::vendor_owner(vendor_id));
    owner.post(&path, &json!({"name": name})).await.expect(201).json::<LocationView>().id
}

/// The default location of a vendor.
pub fn main_location(vendor_id: VendorId) -> LocationId {
    LocationId(vendor_id.0)
}

/// Puts `quantity` more of a variant at a location.
pub async fn receive(app: &TestApp, vendor_id: VendorId, sku: &str, at: LocationId, quantity: i64) {
    let path = format!("/api/v1/vendors/{vendor_id}/stock/{}/adjustments", variant(sku));
    let body = json!({"change": {"add": quantity}, "location_id": at, "reason": "delivery"});
    app.as_user(&testkit::vendor_owner(vendor_id)).post(&path, &body).await.expect(200);
}

/// On hand and reserved at each open location, in their order.
pub async fn places(app: &TestApp, vendor_id: VendorId, sku: &str) -> Vec<(String, i64, i64)> {
    let path = format!("/api/v1/vendors/{vendor_id}/stock/{}/places", variant(sku));
    let places: Vec<PlaceView> = app.as_user(&testkit::vendor_owner(vendor_id)).get(&path).await.expect(200).json();
    places.into_iter().map(|place| (place.name, place.on_hand, place.reserved)).collect()
}

/// Allows so many to be sold beyond what is there.
pub async fn allow(app: &TestApp, vendor_id: VendorId, sku: &str, cap: i64) {
    let path = format!("/api/v1/vendors/{vendor_id}/stock/{}/backorder", variant(sku));
    let body = json!({"backorder_cap": cap});
    app.as_user(&testkit::vendor_owner(vendor_id)).put(&path, &body).await.expect(200);
}

/// S1, S2, S6, the age of holds (S4), and that buyers were told the truth.
pub async fn check_invariants(app: &TestApp) {
    let broken = app
        .count(
            "inventory",
            "SELECT count(*) FROM stock s WHERE s.on_hand < 0 OR s.reserved < 0 OR s.reserved > s.on_hand
             OR s.backordered < 0 OR s.backordered > s.backorder_cap OR (s.backordered > 0 AND s.reserved < s.on_hand)
             OR s.on_hand <> (SELECT CAST(coalesce(sum(m.delta), 0) AS BIGINT) FROM movements m WHERE m.variant_id = s.variant_id)
             OR s.reserved <> (SELECT CAST(coalesce(sum(l.quantity - l.gone - l.withdrawn - l.backordered), 0) AS BIGINT) FROM reservation_lines l
                               JOIN reservations r ON r.order_id = l.order_id
                               WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state IN ('held', 'claimed'))
             OR s.backordered <> (SELECT CAST(coalesce(sum(l.backordered), 0) AS BIGINT) FROM reservation_lines l
                               JOIN reservations r ON r.order_id = l.order_id
                               WHERE l.variant_id = s.variant_id AND l.shipped = 0 AND r.state IN ('held', 'claimed'))",
        )
        .await;
    assert_eq!(broken, 0, "S1 and S2: what is on hand and what is reserved add up");
    let astray = app
        .count(
            "inventory",
            "SELECT count(*) FROM stock s WHERE
             s.split * s.on_hand <> (SELECT coalesce(sum(p.on_hand), 0) FROM places p WHERE p.variant_id = s.variant_id)
             OR s.split * s.reserved <> (SELECT coalesce(sum(p.reserved), 0) FROM places p WHERE p.variant_id = s.variant_id)
             OR EXISTS (SELECT 1 FROM places p WHERE p.variant_id = s.variant_id AND (
                p.reserved <> (SELECT coalesce(sum(k.quantity), 0) FROM picks k
                               WHERE k.variant_id = p.variant_id AND k.location_id = p.location_id)
                OR p.on_hand <> (SELECT coalesce(sum(m.delta), 0) FROM movements m
                                 WHERE m.variant_id = p.variant_id AND m.location_id = p.location_id)))",
        )
        .await;
    assert_eq!(astray, 0, "S6: what lies where adds up");
    let wrong_balance = app
        .count(
            "inventory",
            "SELECT count(*) FROM movements m WHERE m.on_hand_there <> (SELECT sum(b.delta) FROM movements b
             WHERE b.variant_id = m.variant_id AND b.location_id = m.location_id AND b.seq <= m.seq)",
        )
        .await;
    assert_eq!(wrong_balance, 0, "each movement says what was there after it");
    let now = kernel::Clock::now(&*app.clock);
    let old = format!("SELECT count(*) FROM reservations WHERE state = 'held' AND expires_at <= {}", now.micros());
    assert_eq!(app.count("inventory", &old).await, 0, "S4: no hold outlives its time");
    check_levels(app).await;
}

/// Buyers were told what can be had, of bundles what their parts suffice for.
async fn check_levels(app: &TestApp) {
    let mut told: BTreeMap<VariantId, StockLevel> = BTreeMap::new();
    for change in app.published::<StockLevelChanged>("inventory").await {
        let before = told.insert(change.variant_id, change.level).unwrap_or_default();
        assert_ne!(before, change.level, "a level is told only when it changes");
    }
    let sql = "SELECT variant_id, on_hand - reserved - backordered AS available, low_threshold, backorder_cap, bundle, on_sale
               FROM stock";
    let rows = app.db("inventory").all(sql, params![]).await.unwrap();
    let numbers: BTreeMap<VariantId, [i64; 5]> = rows
        .iter()
        .map(|row| {
            let columns = ["available", "low_threshold", "backorder_cap", "bundle", "on_sale"];
            (row.get("variant_id").unwrap(), columns.map(|name| row.get::<i64>(name).unwrap()))
        })
        .collect();
    for (id, [available, low_threshold, cap, is_bundle, _]) in numbers.clone() {
        let (mut available, mut cap) = (available, cap);
        if is_bundle == 1 {
            let mut parts = Vec::new();
            let sql = "SELECT part_id, quantity FROM bundle_parts WHERE bundle_id = $1";
            for row in app.db("inventory").all(sql, params![id]).await.unwrap() {
                let (part, each): (VariantId, i64) = (row.get("part_id").unwrap(), row.get("quantity").unwrap());
                let [available, _, cap, _, on_sale] = numbers.get(&part).copied().unwrap_or_default();
                parts.push((on_sale * available.max(0) / each, on_sale * (available + cap).max(0) / each));
            }
            available = parts.iter().map(|(have, _)| *have).min().unwrap_or(0);
            cap = parts.iter().map(|(_, order)| *order).min().unwrap_or(0) - available;
        }
        let truth = level_of(available, low_threshold, cap);
        assert_eq!(told.get(&id).copied().unwrap_or_default(), truth, "buyers are told the truth about {id}");
    }
}
