//! Through the router, on both databases; and the table of states by itself.

mod carriers;
mod methods;
mod parcels;
mod pickup;
mod shipments;
mod states;
mod tracking;
mod withdrawals;

use contracts::{
    inventory::StockClaimed,
    orders::{LineSnapshot, OrderCancelled, OrderPaid, OrderSnapshot, PaymentChoice, VendorPart},
    shipping::{MethodInput, ShipmentStatus, ShipmentView},
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use kernel::{AccountId, Currency, LineId, Money, OrderId, ProductId, VariantId, VendorId, VendorOrderId};
use runtime::ServiceDef;
use testkit::{As, TestApp};

fn defs() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings::default())]
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

fn order(name: &str) -> OrderId {
    OrderId::derived("test", &[name])
}

/// The part of `of` in the order `name`.
fn part(name: &str, of: &str) -> VendorOrderId {
    VendorOrderId::derived("test", &[name, of])
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

/// The order `name` with a part for each of these vendors.
fn paid(name: &str, vendors: &[&str]) -> OrderPaid {
    let parts = vendors.iter().zip(["A", "B", "C"]).map(|(of, letter)| VendorPart {
        subsidy_minor: 0,
        vendor_order_id: part(name, of),
        number: format!("S-2601-{name}-{letter}"),
        vendor_id: vendor(of),
        lines: vec![LineSnapshot {
            line_id: LineId::derived("test", &[name, of]),
            variant_id: VariantId::derived("test", &[of]),
            product_id: ProductId::derived("test", &[of]),
            quantity: 1,
            total: eur(1000),
            tax: eur(160),
            digital: false,
            categories: vec![],
            subsidy_minor: 0,
        }],
        items: eur(1000),
        shipping: eur(490),
        method_id: None,
        method_name: "Standard parcel".to_owned(),
        pickup: false,
        tax: eur(238),
        total: eur(1490),
    });
    let snapshot = OrderSnapshot {
        number: format!("S-2601-{name}"),
        account_id: Some(AccountId::derived("test", &["buyer"])),
        cart_id: None,
        country: "DE".parse().unwrap(),
        parts: parts.collect(),
        total: eur(1490 * vendors.len() as i64),
        tax: eur(0),
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: "2026-01-15T11:59:00Z".parse().unwrap(),
    };
    OrderPaid {
        order_id: order(name),
        order: snapshot,
        paid_at: "2026-01-15T12:00:00Z".parse().unwrap(),
        was_promised: false,
    }
}

fn claimed(name: &str) -> StockClaimed {
    StockClaimed { order_id: order(name), waiting: vec![] }
}

/// The order `name` is paid and its stock is firmly its own.
async fn to_pack(app: &TestApp, name: &str, vendors: &[&str]) {
    app.deliver("shipping", &paid(name, vendors)).await;
    app.deliver("shipping", &claimed(name)).await;
}

fn cancelled(name: &str) -> OrderCancelled {
    OrderCancelled { order_id: order(name), account_id: None, reason: "by_buyer".to_owned(), was_paid: true }
}

/// Address of the parcel of `of`'s part of the order `name`.
fn path(name: &str, of: &str) -> String {
    format!("/api/v1/vendors/{}/orders/{}/shipment", vendor(of), part(name, of))
}

fn staff(app: &TestApp, of: &str) -> As {
    app.as_user(&testkit::vendor_staff(vendor(of)))
}

async fn shipment(app: &TestApp, name: &str, of: &str) -> ShipmentView {
    staff(app, of).get(&path(name, of)).await.expect(200).json()
}

fn express() -> MethodInput {
    MethodInput {
        name: "Express".to_owned(),
        currency: Currency::EUR,
        price_minor: 990,
        free_over_minor: None,
        countries: vec!["DE".parse().unwrap(), "AT".parse().unwrap()],
        days_min: 1,
        days_max: 2,
        weight_prices: vec![],
        value_prices: vec![],
        max_weight_g: None,
        carrier_rate: false,
        handling: contracts::arrival::Handling::default(),
        pickup: None,
    }
}
