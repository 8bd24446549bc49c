//! Tests: the saga alone, and the service through its router on both databases.

mod access;
mod addresses;
mod attempts;
mod covered;
mod currencies;
mod downloads;
mod erasure;
mod following;
mod free;
mod gifts;
mod languages;
mod lifecycle;
mod lists;
mod made;
mod papers;
mod parcels;
mod paying_back;
mod pickup;
mod placing;
mod promised;
mod promoted;
mod return_labels;
mod return_photos;
mod return_steps;
mod returns;
mod saga;
mod split;
mod taxed;
mod withdrawals;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use contracts::{
    arrival::Arrival,
    inventory::StockReserved,
    orders::{OrderView, PlacedOrder},
    payments::{MethodView, PaymentCaptured},
    pricing::{Quote, QuoteLine, QuoteRequest, QuoteVendor, ShippingOption},
    promotions::{Held, HoldPromotions, RefusedPromotion},
};
use kernel::{Clock, Currency, Money, OrderId, PaymentId, ProductId, ShippingMethodId, VariantId, VendorId};
use serde_json::{Value, json};
use testkit::{Answer, As, TestApp};

use crate::{Settings, service};

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

pub fn variant(name: &str) -> VariantId {
    VariantId::derived("test", &[name])
}

/// What is wanted of a vendor: its name, lines (title, quantity, unit price), shipping.
pub type Wanted<'a> = (&'a str, &'a [(&'a str, i64, i64)], i64);

fn parcel(of: &str, price: i64) -> ShippingOption {
    ShippingOption {
        method_id: ShippingMethodId::derived("test", &[of]),
        name: "Parcel".to_owned(),
        price: eur(price),
        days_min: 2,
        days_max: 4,
        estimated: false,
        arrives: Some(Arrival {
            from: "2026-01-20T00:00:00Z".parse().unwrap(),
            to: "2026-01-22T00:00:00Z".parse().unwrap(),
        }),
        pickup: None,
    }
}

/// A quote that adds up: per vendor its lines (name, quantity, unit price) and its shipping, 19 % tax.
pub fn quote(vendors: &[Wanted<'_>]) -> Quote {
    let tax = |money: Money| money.tax_contained(1900).unwrap();
    let (mut lines, mut parts) = (Vec::new(), Vec::new());
    for (name, wanted, shipping) in vendors {
        let first = lines.len();
        for (title, quantity, unit) in *wanted {
            let total = eur(quantity * unit);
            lines.push(QuoteLine {
                promotions: vec![],
                variant_id: variant(title),
                product_id: ProductId::derived("test", &[title]),
                vendor_id: vendor(name),
                title: (*title).to_owned(),
                options: vec!["Blue".to_owned()],
                sku: format!("SKU-{title}"),
                quantity: *quantity,
                list_price: eur(*unit),
                unit_price: eur(*unit),
                discount: eur(0),
                total,
                tax_rate_bp: 1900,
                tax: tax(total),
                explanation: vec![],
                digital: false,
                categories: vec![],
            });
        }
        let items = Money::sum(Currency::EUR, lines[first..].iter().map(|l: &QuoteLine| l.total)).unwrap();
        let line_tax = Money::sum(Currency::EUR, lines[first..].iter().map(|l| l.tax)).unwrap();
        let method = parcel(name, *shipping);
        parts.push(QuoteVendor {
            promotions: vec![],
            vendor_id: vendor(name),
            name: format!("Shop {name}"),
            items,
            method: Some(method.clone()),
            methods: vec![method],
            shipping: eur(*shipping),
            shipping_tax: tax(eur(*shipping)),
            total: items.plus(eur(*shipping)).unwrap(),
            tax: line_tax.plus(tax(eur(*shipping))).unwrap(),
            taxes: vec![],
            refused_methods: vec![],
            digital: false,
        });
    }
    let sum = |of: fn(&QuoteVendor) -> Money| Money::sum(Currency::EUR, parts.iter().map(of)).unwrap();
    let (subtotal, shipping, tax, total) = (sum(|v| v.items), sum(|v| v.shipping), sum(|v| v.tax), sum(|v| v.total));
    Quote {
        promotions: vec![],
        codes: vec![],
        hash: format!("{:064x}", total.amount_minor),
        currency: Currency::EUR,
        country: "DE".parse().unwrap(),
        region: None,
        lines,
        vendors: parts,
        subtotal,
        discount: eur(0),
        shipping,
        payment_fee: None,
        tax,
        tax_added: false,
        taxes: vec![],
        total,
        rates: vec![],
        explanation: vec![],
    }
}

/// Two vendors: 2 × 10.00 + 1 × 5.50 + 4.90 shipping, and 1 × 30.00 + 0.00 shipping: 60.40.
pub fn two_vendors() -> Quote {
    quote(&[("ada", &[("mug", 2, 1000), ("bowl", 1, 550)], 490), ("bob", &[("lamp", 1, 3000)], 0)])
}

/// Plays `pricing` and `payments`.
pub struct Others {
    pub quote: Mutex<Quote>,
    pub asked: Mutex<Vec<QuoteRequest>>,
    pub methods_asked: AtomicI64,
    /// Holds that were asked for, and why they are refused, if they are.
    pub held: Mutex<Vec<HoldPromotions>>,
    pub refuse: Mutex<Option<RefusedPromotion>>,
}

impl Others {
    pub fn on(app: &TestApp) -> Arc<Self> {
        let others = Arc::new(Self {
            quote: Mutex::new(two_vendors()),
            asked: Mutex::default(),
            methods_asked: AtomicI64::new(0),
            held: Mutex::default(),
            refuse: Mutex::default(),
        });
        async fn answer(State(this): State<Arc<Others>>, Json(request): Json<QuoteRequest>) -> Json<Quote> {
            this.asked.lock().unwrap().push(request);
            Json(this.quote.lock().unwrap().clone())
        }
        async fn methods(State(this): State<Arc<Others>>) -> Json<Vec<MethodView>> {
            this.methods_asked.fetch_add(1, Ordering::SeqCst);
            Json(vec![MethodView::new("card", "Card", "")])
        }
        async fn hold(State(this): State<Arc<Others>>, Json(wanted): Json<HoldPromotions>) -> Json<Held> {
            this.held.lock().unwrap().push(wanted);
            Json(Held { refused: this.refuse.lock().unwrap().clone() })
        }
        let pricing = Router::new()
            .route("/api/v1/quotes", post(answer))
            .route("/internal/promotions/hold", post(hold))
            .with_state(others.clone());
        let payments = Router::new().route("/api/v1/payment-methods", get(methods)).with_state(others.clone());
        app.stand_in("pricing", pricing);
        app.stand_in("payments", payments);
        others
    }
    pub fn set(&self, quote: Quote) {
        *self.quote.lock().unwrap() = quote;
    }
}

/// The service under test.
pub fn defs() -> Vec<runtime::ServiceDef> {
    vec![service(Settings::default())]
}

/// A placement of the quote.
pub fn body(quote: &Quote) -> Value {
    let lines: Vec<Value> =
        quote.lines.iter().map(|l| json!({"variant_id": l.variant_id, "quantity": l.quantity})).collect();
    json!({
        "quote_hash": quote.hash,
        "currency": "EUR",
        "lines": lines,
        "shipping": [],
        "email": "Eve@Example.com",
        "address": {"name": " Eve Buyer ", "line1": "High Street 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
        "payment": {"method": "card", "token": "tok_visa", "return_path": "/checkout/done"},
        "cart_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "note": "Ring twice."
    })
}

/// Places an order of two vendors as `who`; the key is the name of the order.
pub async fn place(who: &As, key: &str) -> PlacedOrder {
    who.key(key).post("/api/v1/orders", &body(&two_vendors())).await.expect(202).json()
}

pub async fn show(who: &As, placed: &PlacedOrder) -> Answer {
    let with_token = who.header("order-token", placed.token.expose());
    with_token.get(&format!("/api/v1/orders/{}", placed.order.id)).await
}

pub async fn view(app: &TestApp, placed: &PlacedOrder) -> OrderView {
    show(&app.guest(), placed).await.expect(200).json()
}

pub async fn reserve(app: &TestApp, id: OrderId) {
    let event = StockReserved { order_id: id, expires_at: app.clock.now(), bundles: vec![] };
    assert_eq!(app.deliver("orders", &event).await, events::Received::Handled);
}

pub fn captured(app: &TestApp, id: OrderId, amount: Money) -> PaymentCaptured {
    PaymentCaptured { payment_id: payment(id), order_id: id, amount, at: app.clock.now() }
}

pub fn payment(id: OrderId) -> PaymentId {
    PaymentId::derived("test", &[&id.to_string()])
}

/// Places, reserves and pays.
pub async fn paid(app: &TestApp, who: &As, key: &str) -> PlacedOrder {
    let placed = place(who, key).await;
    reserve(app, placed.order.id).await;
    app.deliver("orders", &captured(app, placed.order.id, placed.order.quote.total)).await;
    placed
}

/// Every table of the service, to show that nothing was changed.
pub async fn rows(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in
        ["orders", "order_documents", "vendor_orders", "order_lines", "order_timeline", "outbox", "idempotency_keys"]
    {
        counts.push(app.count("orders", &format!("SELECT count(*) FROM {table}")).await);
    }
    counts
}
