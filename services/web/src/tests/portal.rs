//! What the portal and the administration are told by the stand-ins.

use contracts::{
    analytics::{Metric, ProductPerformance, Report, VendorPerformance},
    catalog::{ProductEdit, ProductInput, ProductStatus, VariantInput},
    inventory::{StockLevel, StockView},
    orders::{OrderStatus, OrderSummary, VendorOrderDetail, VendorOrderStatus},
    payments::{EarningsView, PaymentStatus, PaymentView},
    shared::DayValue,
    shipping::{ShipmentStatus, ShipmentView},
    vendors::{VendorStatus, VendorView},
};
use kernel::{
    CategoryId, Currency, PaymentId, ProductId, Role, ShipmentId, VendorId, VendorMembership, VendorOrderId, VendorRole,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{browser::Browser, fixtures::*, stage::Stage};

pub fn kiln() -> VendorId {
    vendor("kiln")
}
pub fn part_id() -> VendorOrderId {
    VendorOrderId::derived("test", &["part"])
}
pub fn payment_id() -> PaymentId {
    PaymentId::derived("test", &["payment"])
}
pub fn page<T: Serialize>(items: &[T]) -> Value {
    json!({"items": items})
}

pub fn member(role: VendorRole) -> Vec<VendorMembership> {
    vec![VendorMembership { vendor_id: kiln(), role }]
}

/// A member of the kiln at work, with what every page of the portal asks for.
pub async fn at_work(stage: &Stage, role: VendorRole) -> Browser {
    stage.says(&format!("GET /api/v1/vendors/{}", kiln()), vendor_view(VendorStatus::Approved));
    stage.says(&format!("GET /api/v1/vendors/{}/orders", kiln()), page(&[detail(VendorOrderStatus::ToShip)]));
    stage.logged_in_as("Inês", vec![Role::Customer], member(role)).await
}

/// An administrator at work.
pub async fn in_charge(stage: &Stage) -> Browser {
    stage.says("GET /api/v1/admin/vendors", page(&[vendor_view(VendorStatus::Applied)]));
    stage.says("GET /api/v1/admin/payments/review", page::<Value>(&[]));
    stage.logged_in_as("Mary", vec![Role::Customer, Role::Admin], Vec::new()).await
}

pub fn vendor_view(status: VendorStatus) -> VendorView {
    VendorView {
        store: store(),
        status,
        status_reason: None,
        contact_email: "ines@example.com".parse().unwrap(),
        commission_bp: 1_250,
        refused_methods: vec![],
        created_at: at("2026-01-10T00:00:00Z"),
        version: 7,
    }
}

pub fn detail(status: VendorOrderStatus) -> VendorOrderDetail {
    let order = order(OrderStatus::Paid, status);
    VendorOrderDetail {
        order: order.vendor_orders.into_iter().next().unwrap(),
        address: address(),
        note: Some("Ring <twice>".to_owned()),
        gift: None,
        cash_on_delivery: false,
        to_collect: None,
        placed_at: order.placed_at,
        timeline: order.timeline,
    }
}

pub fn summary() -> OrderSummary {
    OrderSummary {
        id: order_id(),
        number: "S-2601-000001".to_owned(),
        status: OrderStatus::Paid,
        titles: vec!["The Small".to_owned()],
        items: 2,
        total: eur(7_470),
        email: Some("ada@example.com".parse().unwrap()),
        vendors: 1,
        placed_at: at("2026-01-15T11:59:00Z"),
    }
}

pub fn parcel() -> ShipmentView {
    ShipmentView {
        waits_for_goods: false,
        id: ShipmentId::derived("test", &["parcel"]),
        order_id: order_id(),
        vendor_order_id: part_id(),
        number: "S-2601-000001-A".to_owned(),
        parcel: 1,
        lines: Vec::new(),
        status: ShipmentStatus::Shipped,
        method: "Standard".to_owned(),
        pickup: false,
        tracking: None,
        timeline: Vec::new(),
        version: 2,
    }
}

pub fn edit(name: &str, price: i64) -> ProductEdit {
    let variant = VariantInput {
        id: Some(variant(name)),
        sku: format!("SKU-{name}"),
        options: Vec::new(),
        price_minor: price,
        compare_at_minor: None,
        weight_g: 400,
        barcode: None,
        picture_id: None,
        initial_stock: None,
    };
    ProductEdit {
        id: product_id(name),
        vendor_id: kiln(),
        slug: name.to_lowercase().parse().unwrap(),
        input: ProductInput {
            title: format!("The <{name}>"),
            slug: None,
            summary: String::new(),
            description_html: "<p>Good.</p>".to_owned(),
            category_id: CategoryId::derived("test", &["mugs"]),
            currency: Currency::EUR,
            attributes: Vec::new(),
            options: Vec::new(),
            variants: vec![variant],
            tags: Vec::new(),
            status: ProductStatus::Draft,
            brand: String::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            publish_at: None,
            unpublish_at: None,
            related: Vec::new(),
            translations: contracts::catalog::Translations::new(),
        },
        pictures: vec![picture("front")],
        stock: vec![StockLevel::Low(3)],
        withdrawn: false,
        updated_at: at("2026-01-15T10:00:00Z"),
        created_at: at("2026-01-01T10:00:00Z"),
        version: 5,
    }
}

pub fn product_path(id: ProductId) -> String {
    format!("/api/v1/vendors/{}/products/{id}", kiln())
}

pub fn stock(available: i64) -> StockView {
    StockView {
        variant_id: variant("Small"),
        product_id: product_id("Small"),
        title: "The Small".to_owned(),
        sku: "SKU-Small".to_owned(),
        on_hand: available + 2,
        reserved: 2,
        backordered: 0,
        backorder_cap: 0,
        available,
        on_hand_there: None,
        low_threshold: 5,
        level: StockLevel::Low(available),
        bundle: false,
        digital: false,
        parts: vec![],
        updated_at: at("2026-01-15T10:00:00Z"),
    }
}

pub fn earnings() -> EarningsView {
    EarningsView {
        balances: vec![eur(91_220)],
        sales_30d: vec![eur(120_000)],
        commission_30d: vec![eur(15_000)],
        refunds_30d: vec![],
    }
}

fn metric(values: [i64; 3], before: [i64; 3]) -> Metric {
    let days = |month: u32, values: [i64; 3]| {
        (1..).zip(values).map(|(day, value)| DayValue { date: format!("2026-{month:02}-{day:02}"), value }).collect()
    };
    Metric {
        total: values.iter().sum(),
        previous: before.iter().sum(),
        days: days(1, values),
        previous_days: days(2, before),
    }
}

pub fn report() -> Report {
    Report {
        currency: Currency::EUR,
        sales: metric([10_000, 0, 12_000], [11_000, 0, 0]),
        orders: metric([1, 0, 2], [1, 0, 0]),
        items: metric([2, 0, 2], [1, 0, 0]),
        refunds: metric([0, 0, 0], [0, 0, 0]),
        active_users: metric([5, 6, 7], [5, 5, 5]),
        new_users: metric([1, 1, 1], [0, 0, 0]),
        top_products: vec![ProductPerformance {
            product_id: product_id("Small"),
            title: "The Small".to_owned(),
            slug: "small".to_owned(),
            items: 4,
            sales: eur(22_000),
        }],
        top_vendors: vec![VendorPerformance {
            vendor_id: kiln(),
            name: "Kiln & Daughters".to_owned(),
            orders: 3,
            sales: eur(22_000),
        }],
    }
}

pub fn payment(refunded: i64) -> PaymentView {
    PaymentView {
        id: payment_id(),
        order_id: order_id(),
        order_number: "S-2601-000001".to_owned(),
        provider: "sandbox".to_owned(),
        provider_ref: Some("pay_1".to_owned()),
        status: PaymentStatus::Captured,
        amount: eur(7_470),
        covered: None,
        to_collect: None,
        captured: eur(7_470),
        refunded: eur(refunded),
        disputed: eur(0),
        failure: None,
        refunds: Vec::new(),
        created_at: at("2026-01-15T12:00:00Z"),
    }
}
