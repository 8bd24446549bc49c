//! Two vendors, the real services behind the checkout, the sandbox gateway outside.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::Path,
    routing::{get, post},
};
use contracts::{
    carriers::{LabelStatus, LabelView, PartLabels},
    catalog::{BundlePart, ProductPublished, ProductSnapshot, ProductStatus, VariantSnapshot},
    credits::IssuedCredit,
    inventory::LocationView,
    orders::{AskedReturn, OrderStatus, OrderView, PlacedOrder, ReturnStatus, ReturnView},
    payments::PaymentView,
    payouts::PayoutRunView,
    pricing::Quote,
    reviews::ReviewView,
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use futures::future::BoxFuture;
use kernel::{Clock, Currency, Money, Page, ProductId, Result, Secret, SeededRandom, VariantId, VendorId};
use runtime::ServiceDef;
use sandbox::{
    Command, Sandbox, Store,
    carrier::{CarrierConfig, SandboxCarrier},
};
use serde_json::{Value, json};
use testkit::{As, TestApp, admin, app::OUTSIDE, customer, vendor_owner};

use crate::{PspPayment, PspTransfer, PspTruth};

const KEY: &str = "sk_test_0123456789abcdef";
const CARRIER_KEY: &str = "EZTK0123456789abcdef";

pub fn services() -> Vec<ServiceDef> {
    let mut settings = payments::Settings::default();
    settings.sandbox.base_url = OUTSIDE.to_owned();
    settings.sandbox.secret_key = Secret::new(KEY);
    settings.sandbox.webhook_secret = Secret::new(KEY);
    settings.cash_on_delivery.limits_minor = [("EUR".to_owned(), 100_000)].into();
    // What has arrived can be paid out the same day.
    settings.payouts.hold_days = 0;
    vec![
        inventory::service(inventory::Settings::default()),
        pricing::service(Currency::EUR),
        orders::service(orders::Settings::default()),
        payments::service(settings),
        shipping::service(carried()),
        reviews::service(reviews::Settings::default()),
    ]
}

/// Shipping with a carrier, whose address is below that of the gateway.
fn carried() -> shipping::Settings {
    let mut settings = shipping::Settings::default();
    settings.easypost.api_key = Secret::new(CARRIER_KEY);
    settings.easypost.webhook_secret = Secret::new(KEY);
    settings.easypost.base_url = carrier_url();
    settings
}

fn carrier_url() -> String {
    format!("{OUTSIDE}/carrier")
}

/// The carrier; what it tells is not delivered.
fn carrier(app: &TestApp) -> SandboxCarrier {
    let config = CarrierConfig {
        api_key: Secret::new(CARRIER_KEY),
        webhook_secret: Secret::new(KEY),
        webhook_url: "http://souk.test/webhooks/carriers/easypost".to_owned(),
        base_url: carrier_url(),
        currency: Currency::EUR,
        hold: Duration::from_millis(300),
        doubled: false,
        step: None,
    };
    SandboxCarrier::new(config, app.clock.clone(), Arc::new(sandbox::RouterDeliver(app.system.router())))
}

fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

async fn tell(app: &TestApp, product: &ProductPublished) {
    let envelope = app.envelope(product);
    for service in ["pricing", "inventory"] {
        app.hand_over(service, &envelope).await;
    }
}

/// Ada keeps two of her five elsewhere, and orders take them first.
async fn split_stock(app: &TestApp) {
    let ada = vendor("ada");
    let owner = app.as_user(&vendor_owner(ada));
    let path = format!("/api/v1/vendors/{ada}");
    let cellar = owner.post(&format!("{path}/stock-locations"), &json!({"name": "Cellar"})).await.expect(201);
    let cellar = cellar.json::<LocationView>().id;
    let over = json!({"from": ada, "to": cellar, "quantity": 2});
    let variant = VariantId::derived("test", &["ada"]);
    owner.post(&format!("{path}/stock/{variant}/transfers"), &over).await.expect(200);
    owner.put(&format!("{path}/stock-location-order"), &json!({"locations": [cellar.0, ada.0]})).await.expect(200);
}

/// Ada is paid what she has; the bank refuses it at first.
async fn pay_out(app: &TestApp) {
    let ada = vendor("ada");
    let account = json!({"holder": "Ada", "country": "DE", "iban": "DE89370400440532013000", "password": "x"});
    let owner = app.as_user(&vendor_owner(ada));
    owner.put(&format!("/api/v1/vendors/{ada}/payout-account"), &account).await.expect(200);
    let office = app.as_user(&admin());
    let run: PayoutRunView = office.post("/api/v1/admin/payouts/runs", &json!({})).await.expect(200).json();
    let payout = run.lines.iter().find_map(|line| line.payout_id).expect("ada is paid");
    let path = format!("/api/v1/admin/payouts/{payout}");
    office.post(&format!("{path}/failed"), &json!({"reason": "Wrong name"})).await.expect(200);
    office.post(&format!("{path}/retry"), &json!(null)).await.expect(200);
    office.post(&format!("{path}/paid"), &json!(null)).await.expect(200);
    app.settle().await;
}

/// What the gateway has written down, as one page.
pub struct Books(pub Vec<PspPayment>);

impl PspTruth for Books {
    fn provider(&self) -> &str {
        "sandbox"
    }
    fn page(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>> {
        let page = self.0.iter().filter(|p| p.position > after).take(limit).cloned().collect();
        Box::pin(std::future::ready(Ok(page)))
    }
    fn transfers(&self, _: i64, _: usize) -> BoxFuture<'_, Result<Vec<PspTransfer>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
}

/// What the gateway has paid to vendors, as its journal has it.
pub struct Paid(pub Vec<PspTransfer>);

impl PspTruth for Paid {
    fn provider(&self) -> &str {
        "sandbox"
    }
    fn page(&self, _: i64, _: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
    fn transfers(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspTransfer>>> {
        let page = self.0.iter().filter(|t| t.position > after).take(limit).cloned().collect();
        Box::pin(std::future::ready(Ok(page)))
    }
}

/// Buyers who pay 5.00 with the gift card: what is returned, and what was never paid, is on it again for the next.
const PART_BY_CARD: [&str; 3] = ["three", "four", "six"];

pub struct Shop {
    sandbox: Sandbox,
    /// Code of a gift card with which some orders are paid in part.
    code: String,
}

impl Shop {
    /// Two vendors with one product each, of which there are five.
    pub async fn open(app: &TestApp) -> Self {
        let mut config = sandbox::Config::new(OUTSIDE, Secret::new(KEY), Secret::new(KEY));
        config.webhook_urls = vec!["http://souk.test/webhooks/sandbox".to_owned()];
        let deliver = Arc::new(sandbox::RouterDeliver(app.system.router()));
        let sandbox = sandbox::open(config, app.clock.clone(), Arc::new(SeededRandom::new(9)), deliver).await.unwrap();
        app.outside.set(sandbox.router().nest_service("/carrier", carrier(app).router()));
        for name in ["ada", "bob"] {
            let snapshot = VendorSnapshot {
                slug: name.parse().unwrap(),
                name: name.to_owned(),
                status: VendorStatus::Approved,
                commission_bp: 1250,
                country: "DE".parse().unwrap(),
                logo_url: None,
                owners: vec![],
                refused_methods: vec![],
            };
            let decided = VendorDecided { vendor_id: vendor(name), vendor: snapshot, reason: None };
            let envelope = app.envelope(&decided);
            for service in ["pricing", "payments", "shipping"] {
                app.hand_over(service, &envelope).await;
            }
            tell(app, &article(name, name, 5, vec![])).await;
        }
        tell(app, &article("ada", "clay", 6, vec![])).await;
        let clay = BundlePart { variant_id: VariantId::derived("test", &["clay"]), quantity: 2 };
        tell(app, &article("ada", "set", 0, vec![clay])).await;
        app.settle().await;
        split_stock(app).await;
        let promotion = json!({
            "name": "Opening", "currency": "EUR", "starts_at": app.clock.now(), "platform_share_bp": 5_000,
            "max_uses": 100, "max_uses_per_customer": 5, "budget_minor": 10_000,
            "effect": {"type": "percent", "percent_bp": 1_000},
        });
        app.as_user(&admin()).post("/api/v1/admin/promotions", &promotion).await.expect(201);
        let card = json!({"kind": "gift_card", "amount_minor": 500, "currency": "EUR"});
        let given = app.as_user(&admin()).key("card").post("/api/v1/admin/credits", &card).await.expect(201);
        let code = given.json::<IssuedCredit>().code.unwrap().expose().to_owned();
        Self { sandbox, code }
    }

    /// The gateway's books.
    pub async fn books(&self) -> Books {
        let rows = self.sandbox.read(|store| store.journal(0, 1_000)).await.unwrap();
        let row = |row: sandbox::JournalRow| PspPayment {
            position: row.seq,
            id: row.id,
            reference: row.reference,
            currency: row.currency.to_string(),
            captured_minor: row.captured_minor,
            refunded_minor: row.refunded_minor,
            returning_minor: row.refund_pending_minor,
            created_at: row.created_at,
        };
        Books(rows.into_iter().map(row).collect())
    }

    /// A guest wants so many of both, pays with this card, and everything has been heard.
    pub async fn buy(&self, app: &TestApp, buyer: &str, token: &str, quantity: i64) -> PlacedOrder {
        self.buy_as(&app.guest(), app, buyer, token, quantity).await
    }

    async fn buy_as(&self, who: &As, app: &TestApp, buyer: &str, token: &str, quantity: i64) -> PlacedOrder {
        self.buy_lines(who, app, buyer, token, &[("ada", quantity), ("bob", quantity)]).await
    }

    async fn buy_lines(&self, who: &As, app: &TestApp, buyer: &str, token: &str, lines: &[(&str, i64)]) -> PlacedOrder {
        let line = |(name, quantity): &(&str, i64)| json!({"variant_id": VariantId::derived("test", &[name]), "quantity": quantity});
        let lines: Vec<Value> = lines.iter().map(line).collect();
        let request = json!({"currency": "EUR", "country": "DE", "lines": lines, "shipping": []});
        let quote: Quote = who.post("/api/v1/quotes", &request).await.expect(200).json();
        let mut body = json!({
            "quote_hash": quote.hash, "currency": "EUR", "lines": lines, "shipping": [],
            "email": format!("{buyer}@example.com"),
            "address": {"name": "Eve", "line1": "High Street 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
            "payment": {"method": "card", "token": token},
        });
        if token == "cash" {
            body["payment"] = json!({"method": "cash_on_delivery"});
        }
        if PART_BY_CARD.contains(&buyer) {
            body["credits"] = json!({"codes": [self.code], "covered_minor": 500});
        }
        let placed: PlacedOrder = who.key(buyer).post("/api/v1/orders", &body).await.expect(202).json();
        app.settle().await;
        placed
    }

    pub async fn view(&self, app: &TestApp, placed: &PlacedOrder) -> OrderView {
        let who = match placed.order.account_id {
            Some(_) => app.as_user(&customer("one")),
            None => app.guest().header("order-token", placed.token.expose()),
        };
        who.get(&format!("/api/v1/orders/{}", placed.order.id)).await.expect(200).json()
    }

    /// A buyer reviews both products; others find one of the reviews helpful, or report it.
    async fn review(&self, app: &TestApp) {
        let contact = |Path(id): Path<String>| async move {
            Json(json!({"account_id": id, "email": "one@example.com", "name": "One", "locale": "en"}))
        };
        let check = post(|| async { axum::http::StatusCode::NO_CONTENT });
        let identity = Router::new()
            .route("/internal/identity/accounts/{id}/contact", get(contact))
            .route("/internal/identity/accounts/{id}/password-check", check);
        app.stand_in("identity", identity);
        let (buyer, reader) = (app.as_user(&customer("one")), app.as_user(&customer("reader")));
        for (name, rating) in [("ada", 5), ("bob", 2)] {
            let review = json!({"rating": rating, "title": "So so", "text": ""});
            let path = format!("/api/v1/products/{}/reviews/mine", ProductId::derived("test", &[name]));
            let written: ReviewView = buyer.put(&path, &review).await.expect(200).json();
            let path = format!("/api/v1/reviews/{}", written.id);
            reader.put(&format!("{path}/helpful"), &json!(null)).await.expect(200);
            reader.post(&format!("{path}/reports"), &json!({"reason": "spam"})).await.expect(204);
        }
        app.settle().await;
    }

    /// One piece of each vendor goes back: ada has it on sale again, bob refuses.
    async fn send_back(&self, app: &TestApp, placed: &PlacedOrder) {
        let lines = placed.order.vendor_orders.iter().flat_map(|part| &part.lines);
        let lines: Vec<Value> = lines.map(|line| json!({"line_id": line.id, "quantity": 1})).collect();
        let form = json!({"lines": lines, "reason": "does_not_fit"});
        let path = format!("/api/v1/orders/{}/returns", placed.order.id);
        let asked = app.as_user(&customer("one")).key("return").post(&path, &form).await.expect(201);
        for of in asked.json::<Vec<AskedReturn>>() {
            let staff = app.as_user(&vendor_owner(of.vendor_id));
            let path = format!("/api/v1/vendors/{}/returns/{}", of.vendor_id, of.id);
            if of.vendor_id == vendor("bob") {
                staff.post(&format!("{path}/refuse"), &json!({"reason": "Worn."})).await.expect(200);
                continue;
            }
            let line =
                placed.order.vendor_orders.iter().find(|part| part.vendor_id == of.vendor_id).unwrap().lines[0].id;
            let all = json!({"lines": [{"line_id": line, "quantity": 1}]});
            staff.post(&format!("{path}/approve"), &all).await.expect(200);
            let all = json!({"lines": [{"line_id": line, "received": 1, "restocked": 1}]});
            staff.post(&format!("{path}/receive"), &all).await.expect(200);
            app.settle().await;
            let now: ReturnView = staff.get(&path).await.expect(200).json();
            assert_eq!(now.status, ReturnStatus::Refunded);
        }
    }

    /// A buyer has the bank take back so much of an order, which decides, or not yet.
    async fn dispute(&self, app: &TestApp, placed: &PlacedOrder, minor: i64, won: Option<bool>) {
        let path = format!("/api/v1/admin/payments?order_id={}", placed.order.id);
        let page: Page<PaymentView> = app.as_user(&admin()).get(&path).await.expect(200).json();
        let payment = page.items[0].provider_ref.clone().unwrap();
        let reason = "product_not_received".to_owned();
        let dispute = Command::Dispute { payment, amount_minor: Some(minor), reason };
        let opened = self.sandbox.apply(dispute.into()).await.unwrap().dispute().unwrap();
        self.told(app).await;
        if let Some(won) = won {
            self.sandbox.apply(Command::Decide { dispute: opened.id, won }.into()).await.unwrap();
            self.told(app).await;
        }
    }

    async fn told(&self, app: &TestApp) {
        self.sandbox.pump().await.unwrap();
        app.settle().await;
    }

    /// An order that arrives, and the end of its month.
    pub async fn a_month(&self, app: &TestApp) {
        let delivered = self.buy(app, "month", "tok_visa", 1).await;
        self.carry_out(app, &delivered, &["ada", "bob"], true).await;
        assert_eq!(self.view(app, &delivered).await.status, OrderStatus::Completed);
        app.advance(Duration::from_secs(18 * 24 * 3600)).await;
    }

    /// One order delivered, reviewed, sent back and disputed in part, one paid and half shipped, one returned, one declined,
    /// one too many, one of a bundle.
    pub async fn a_day(&self, app: &TestApp) {
        let delivered = self.buy_as(&app.as_user(&customer("one")), app, "one", "tok_visa", 2).await;
        self.carry_out(app, &delivered, &["ada", "bob"], true).await;
        assert_eq!(self.view(app, &delivered).await.status, OrderStatus::Completed);
        self.send_back(app, &delivered).await;
        self.review(app).await;
        pay_out(app).await;
        let shipped = self.buy(app, "two", "tok_visa", 2).await;
        self.buy_labels(app, &shipped).await;
        self.carry_out(app, &shipped, &["ada"], false).await;
        self.dispute(app, &delivered, 700, Some(false)).await;
        self.dispute(app, &shipped, 900, Some(true)).await;
        self.dispute(app, &shipped, 1_000, None).await;
        let returned = self.buy(app, "three", "tok_visa", 1).await;
        let guest = app.guest().header("order-token", returned.token.expose());
        guest.post(&format!("/api/v1/orders/{}/cancel", returned.order.id), &json!({})).await.expect(200);
        app.settle().await;
        assert_eq!(self.view(app, &returned).await.refunded, returned.order.quote.total);
        let declined = self.buy(app, "four", "tok_declined", 1).await;
        assert_eq!(self.view(app, &declined).await.status, OrderStatus::Cancelled);
        let rejected = self.buy(app, "five", "tok_visa", 4).await;
        assert_eq!(self.view(app, &rejected).await.status, OrderStatus::Rejected);
        // A bundle beside its part: three pieces of clay leave.
        let lines = [("set", 1), ("clay", 1)];
        let bundle = self.buy_lines(&app.guest(), app, "six", "tok_visa", &lines).await;
        self.carry_out(app, &bundle, &["ada"], false).await;
        app.advance(Duration::from_secs(20 * 60)).await;
    }

    /// Both vendors buy a label; bob gives his back.
    async fn buy_labels(&self, app: &TestApp, placed: &PlacedOrder) {
        for part in self.view(app, placed).await.vendor_orders {
            let owner = app.as_user(&vendor_owner(part.vendor_id));
            let path = format!("/api/v1/vendors/{}", part.vendor_id);
            let sender = json!({"name": "S", "line1": "Way 1", "postcode": "10115", "city": "Berlin", "country": "DE"});
            owner.put(&format!("{path}/sender"), &sender).await.expect(200);
            let labels = format!("{path}/orders/{}/labels", part.id);
            let ordered: LabelView = owner.post(&labels, &json!({"weight_g": 200})).await.expect(202).json();
            app.settle().await;
            let is_bobs = part.vendor_id == vendor("bob");
            if is_bobs {
                owner.post(&format!("{path}/labels/{}/cancel", ordered.id), &()).await.expect(202);
                app.settle().await;
            }
            let now = owner.get(&labels).await.expect(200).json::<PartLabels>().labels.remove(0).status;
            assert_eq!(now, if is_bobs { LabelStatus::Voided } else { LabelStatus::Bought });
        }
    }

    /// These vendors hand their parcels over, which arrive or not.
    pub async fn carry_out(&self, app: &TestApp, placed: &PlacedOrder, vendors: &[&str], deliver: bool) {
        for part in self.view(app, placed).await.vendor_orders {
            let name = ["ada", "bob"].into_iter().find(|name| vendor(name) == part.vendor_id).unwrap();
            if !vendors.contains(&name) {
                continue;
            }
            let owner = app.as_user(&vendor_owner(part.vendor_id));
            let path = format!("/api/v1/vendors/{}/orders/{}/shipment", part.vendor_id, part.id);
            let parcel = json!({"carrier": "Post", "tracking_number": "1"});
            owner.post(&format!("{path}/ship"), &parcel).await.expect(200);
            app.settle().await;
            if deliver {
                owner.post(&format!("{path}/deliver"), &json!({})).await.expect(200);
                app.settle().await;
            }
        }
    }
}

fn article(of: &str, name: &str, initial_stock: i64, parts: Vec<BundlePart>) -> ProductPublished {
    let variant = VariantSnapshot {
        id: VariantId::derived("test", &[name]),
        sku: name.to_owned(),
        options: vec![],
        price: Money::new(1999, Currency::EUR),
        compare_at: None,
        weight_g: 100,
        initial_stock: Some(initial_stock),
        parts,
        digital: false,
    };
    let product = ProductSnapshot {
        vendor_id: vendor(of),
        slug: name.parse().unwrap(),
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
    };
    ProductPublished { product_id: ProductId::derived("test", &[name]), product }
}
