//! Tests: rules and ledger alone, the service with a scripted provider, the service with each gateway;
//! all of it on both databases.

mod access;
mod another_way;
mod attempts;
mod audit;
mod books;
mod calling_off;
mod cash;
mod commission;
mod credits;
mod disputes;
mod doubts;
mod fees;
mod free;
mod invoices;
mod ledger;
mod looks;
mod midtrans;
mod money_page;
mod offers;
mod opening;
mod outside;
mod payouts;
mod paypal;
mod queue;
mod races;
mod refunds;
mod returns;
mod script;
mod states;
mod stripe;
mod taking;
mod transfers;
mod verdicts;
mod webhooks;
mod xendit;

use std::{sync::Arc, time::Duration};

use contracts::{
    inventory::StockReserved,
    orders::{OrderCancelled, OrderPlaced, OrderSnapshot, PaymentChoice, VendorPart},
    payments::{EntryView, PaymentStatus, PaymentView, TrialBalance},
    queue::ReviewItem,
    vendors::{VendorDecided, VendorSnapshot, VendorStatus},
};
use db::Dialect;
use kernel::{Clock, Currency, Money, OrderId, Page, VendorId, VendorOrderId};
use script::Script;
use testkit::{TestApp, admin};

use crate::{ReconcileSettings, provider::Providers, service_with};

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

pub fn order(name: &str) -> OrderId {
    OrderId::derived("test", &[name])
}

/// Runs a test with a scripted provider on both databases; both vendors are known.
pub async fn scripted<Fut: Future<Output = ()>>(test: impl Fn(Arc<TestApp>, Arc<Script>) -> Fut) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, script) = scripted_on(dialect).await;
        test(app, script).await;
    }
}

/// The service with a scripted provider; both vendors are known.
pub async fn scripted_on(dialect: Dialect) -> (Arc<TestApp>, Arc<Script>) {
    let script = Arc::new(Script::default());
    let provider = script.clone();
    let def = service_with(payouts::settings(), invoices::settings(), ReconcileSettings::default(), move |_| {
        Ok(Providers::new([provider as Arc<dyn crate::provider::PaymentProvider>]))
    });
    let app = Arc::new(TestApp::start(dialect, vec![def]).await);
    script.clock.set(app.clock.clone()).ok();
    terms(&app, "ada", 1000).await;
    terms(&app, "bob", 1250).await;
    (app, script)
}

/// A vendor's commission.
pub async fn terms(app: &TestApp, name: &str, commission_bp: i64) {
    stands(app, name, commission_bp, VendorStatus::Approved).await;
}

/// A vendor's commission, and where the store stands.
pub async fn stands(app: &TestApp, name: &str, commission_bp: i64, status: VendorStatus) {
    let vendor = VendorSnapshot {
        slug: name.parse().unwrap(),
        name: name.to_owned(),
        status,
        commission_bp,
        country: "DE".parse().unwrap(),
        logo_url: None,
        owners: vec![],
        refused_methods: vec![],
    };
    let event = VendorDecided { vendor_id: self::vendor(name), vendor, reason: None };
    assert_eq!(app.deliver("payments", &event).await, events::Received::Handled);
}

/// An order of these parts, as `orders` tells of it.
pub fn placed(app: &TestApp, id: OrderId, token: Option<&str>, parts: &[(&str, i64)]) -> OrderPlaced {
    let part = |(position, (name, total)): (usize, &(&str, i64))| VendorPart {
        subsidy_minor: 0,
        vendor_order_id: VendorOrderId::derived("test", &[&id.to_string(), name]),
        number: format!("S-1-{position}"),
        vendor_id: vendor(name),
        lines: vec![],
        items: eur(*total),
        shipping: eur(0),
        method_id: None,
        method_name: "Parcel".to_owned(),
        pickup: false,
        tax: eur(0),
        total: eur(*total),
    };
    let order = OrderSnapshot {
        number: "S-2601-000001".to_owned(),
        account_id: None,
        cart_id: None,
        country: "DE".parse().unwrap(),
        parts: parts.iter().enumerate().map(part).collect(),
        total: eur(parts.iter().map(|(_, total)| total).sum()),
        tax: eur(0),
        payment: PaymentChoice {
            method: "card".to_owned(),
            token: token.map(str::to_owned),
            return_path: Some("/checkout/done".to_owned()),
        },
        placed_at: app.clock.now(),
    };
    OrderPlaced { order_id: id, pay_by: None, order }
}

/// 30.40 of ada, 30.00 of bob: commission 3.04 and 3.75.
pub const PARTS: &[(&str, i64)] = &[("ada", 3040), ("bob", 3000)];

/// Tells of an order without its stock.
pub async fn place(app: &TestApp, name: &str) -> OrderId {
    let id = order(name);
    app.deliver("payments", &placed(app, id, Some("tok_visa"), PARTS)).await;
    id
}

/// Its stock is held: the payment is opened.
pub async fn reserve(app: &TestApp, id: OrderId) {
    app.deliver("payments", &StockReserved { order_id: id, expires_at: app.clock.now(), bundles: vec![] }).await;
}

/// Tells of an order and of its stock.
pub async fn order_and_reserve(app: &TestApp, name: &str) -> OrderId {
    let id = place(app, name).await;
    reserve(app, id).await;
    id
}

pub fn cancelled(id: OrderId) -> OrderCancelled {
    OrderCancelled { order_id: id, account_id: None, reason: "by_buyer".to_owned(), was_paid: false }
}

pub async fn payment(app: &TestApp, id: OrderId) -> PaymentView {
    let path = format!("/api/v1/admin/payments?order_id={id}");
    let mut page: Page<PaymentView> = app.as_user(&admin()).get(&path).await.expect(200).json();
    page.items.pop().expect("a payment")
}

pub async fn status(app: &TestApp, id: OrderId) -> PaymentStatus {
    payment(app, id).await.status
}

pub async fn review(app: &TestApp) -> Vec<(String, Option<OrderId>)> {
    let page: Page<ReviewItem> = app.as_user(&admin()).get("/api/v1/admin/payments/review").await.expect(200).json();
    page.items.into_iter().map(|item| (item.problem, item.order_id)).collect()
}

/// The journal, newest first.
pub async fn journal(app: &TestApp) -> Vec<EntryView> {
    let page: Page<EntryView> = app.as_user(&admin()).get("/api/v1/admin/ledger?limit=100").await.expect(200).json();
    page.items
}

/// Postings of an entry as text: `account amount`.
pub fn postings(entry: &EntryView) -> Vec<String> {
    let short = |account: &str| {
        let known = [("ada", vendor("ada")), ("bob", vendor("bob"))];
        known.iter().fold(account.to_owned(), |text, (name, id)| text.replace(&id.to_string(), name))
    };
    entry.postings.iter().map(|p| format!("{} {}", short(&p.account), p.amount.amount_minor)).collect()
}

/// Nothing that was ever posted is out of balance, and every sum is what it should be.
pub async fn sound(app: &TestApp) {
    for entry in journal(app).await {
        let currency = entry.postings[0].amount.currency;
        let sum = Money::sum(currency, entry.postings.iter().map(|p| p.amount)).unwrap();
        assert!(sum.is_zero(), "{entry:?}");
    }
    let balance: TrialBalance =
        app.as_user(&admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
    assert!(balance.sums.iter().all(Money::is_zero), "{balance:?}");
    let held: i64 =
        balance.accounts.iter().filter(|a| a.account.starts_with("provider:")).map(|a| a.balance.amount_minor).sum();
    let sql = "SELECT CAST(COALESCE(sum(captured_minor - settled_minor
            - CASE WHEN captured_minor > 0 THEN covered_minor ELSE 0 END), 0)
            + (SELECT COALESCE(sum(credit_minor), 0) FROM refunds WHERE status = 'succeeded') AS BIGINT) FROM payments";
    let taken = "SELECT CAST(COALESCE(sum(fee_minor + CASE WHEN withdrawn = 1 THEN amount_minor ELSE 0 END), 0) AS BIGINT) FROM disputes";
    let kept = "SELECT CAST(COALESCE(sum(provider_fee_minor), 0) AS BIGINT) FROM payments";
    let direct = "SELECT CAST(COALESCE(sum(direct_minor), 0) AS BIGINT) FROM payment_parts";
    let (sql, taken) = (app.count("payments", sql).await, app.count("payments", taken).await);
    assert_eq!(held, sql - taken - app.count("payments", kept).await - app.count("payments", direct).await);
    let wrong = "SELECT count(*) FROM payments p WHERE
            p.amount_minor <> (SELECT sum(total_minor) FROM payment_parts t WHERE t.payment_id = p.id)
         OR p.refunded_minor <> (SELECT sum(refunded_minor) FROM payment_parts t WHERE t.payment_id = p.id)
         OR p.settled_minor <> (SELECT sum(settled_minor) FROM payment_parts t WHERE t.payment_id = p.id)
         OR p.refunded_minor <> (SELECT COALESCE(sum(amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')
         OR p.settled_minor <> (SELECT COALESCE(sum(amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded')
         OR p.disputed_minor <> (SELECT sum(disputed_minor) FROM payment_parts t WHERE t.payment_id = p.id)
         OR p.lost_minor <> (SELECT sum(lost_minor) FROM payment_parts t WHERE t.payment_id = p.id)
         OR p.disputed_minor <> (SELECT COALESCE(sum(bound_minor), 0) FROM disputes d WHERE d.payment_id = p.id AND d.status <> 'won')
         OR p.lost_minor <> (SELECT COALESCE(sum(bound_minor), 0) FROM disputes d WHERE d.payment_id = p.id AND d.status = 'lost')
         OR p.refunded_minor + p.disputed_minor > p.captured_minor
         OR p.amount_minor > 0 AND (p.captured_minor > 0) <> EXISTS (SELECT 1 FROM journal_entries e WHERE e.payment_id = p.id AND e.kind = 'capture')";
    assert_eq!(app.count("payments", wrong).await, 0);
    credits::sound(app, &balance).await;
}

/// Lets time pass in steps, so that whatever is due on the way happens.
pub async fn pass(app: &TestApp, seconds: u64) {
    for _ in 0..seconds.div_ceil(30) {
        app.advance(Duration::from_secs(30)).await;
    }
}
