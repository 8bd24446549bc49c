//! One sale through the books, as an operator follows it: two vendors, a code that the platform pays, payouts, a refund
//! of what had been paid out, a dispute that is lost.

use std::collections::BTreeMap;

use contracts::{
    disputes::{DisputeStatus, DisputeView},
    orders::{OrderStatus, OrderView, PlacedOrder, VendorOrderDetail},
    payments::{EntryView, MoneyReport, MoneySums, PaymentView, TrialBalance, VendorMovement},
    payouts::{PayoutStatus, PayoutView, StatementView},
    pricing::Quote,
};
use db::Dialect;
use kernel::{Currency, Money, OrderId, Page};
use sandbox::Command;
use serde_json::json;
use testkit::{Answer, As};

use crate::{
    story::{order_for, ships_and_delivers},
    town::{PASSWORD, Shop, Town},
};

const DAY: u64 = 24 * 3600;

/// A code over ten percent that the platform pays, and both vendors where they are paid to.
async fn prepare(town: &Town, shops: [&Shop; 2]) {
    let input = json!({
        "name": "Opening", "code": "opening", "currency": "EUR", "starts_at": "2026-01-01T00:00:00Z",
        "effect": {"type": "percent", "percent_bp": 1_000}, "platform_share_bp": 10_000,
    });
    town.app.as_user(&town.admin).post("/api/v1/admin/promotions", &input).await.expect(201);
    let account =
        json!({"holder": "A Shop", "country": "DE", "iban": "DE89 3704 0044 0532 0130 00", "password": PASSWORD});
    for shop in shops {
        let path = format!("/api/v1/vendors/{}/payout-account", shop.vendor_id);
        shop.owner.put(&path, &account).await.expect(200);
    }
    town.settle().await;
}

/// Two mugs of one and a blanket of the other, with the code.
async fn sale(town: &Town, shops: [&Shop; 2]) -> OrderId {
    let buyer = town.app.guest();
    let [mug, blanket] = shops.map(|shop| json!(shop.product.input.variants[0].id));
    let lines = json!([{"variant_id": mug, "quantity": 2}, {"variant_id": blanket, "quantity": 1}]);
    let request = json!({"currency": "EUR", "country": "DE", "lines": lines, "codes": ["OPENING"]});
    let quote: Quote = buyer.post("/api/v1/quotes", &request).await.expect(200).json();
    // 32.40 and 4.90 for the delivery of the one; 81.00 of the other, delivered free.
    assert_eq!((quote.discount.amount_minor, quote.total.amount_minor), (1_260, 11_830));
    let mut place = order_for(&quote, &lines, Some("tok_visa"));
    place["codes"] = json!(["opening"]);
    let placed: PlacedOrder = buyer.key("k").post("/api/v1/orders", &place).await.expect(202).json();
    town.settle().await;
    for shop in shops {
        ships_and_delivers(town, shop).await;
    }
    placed.order.id
}

/// What an admin is told.
async fn told(town: &Town, path: &str) -> Answer {
    town.app.as_user(&town.admin).get(path).await.expect(200)
}

async fn payment(town: &Town, order: OrderId) -> PaymentView {
    let page: Page<PaymentView> = told(town, &format!("/api/v1/admin/payments?order_id={order}")).await.json();
    page.items.into_iter().next().expect("a payment")
}

/// What has matured is paid out.
async fn paid_out(town: &Town, shops: [&Shop; 2]) -> Vec<PayoutView> {
    let admin = town.app.as_user(&town.admin);
    admin.post("/api/v1/admin/payouts/runs", &json!({})).await.expect(200);
    town.settle().await;
    let page: Page<PayoutView> = told(town, "/api/v1/admin/payouts").await.json();
    let mut amounts = BTreeMap::new();
    for payout in &page.items {
        let path = format!("/api/v1/admin/payouts/{}/paid", payout.id);
        let paid: PayoutView = admin.post(&path, &json!(null)).await.expect(200).json();
        assert_eq!(paid.status, PayoutStatus::Paid);
        amounts.insert(paid.vendor_id, paid.amount.amount_minor);
    }
    assert_eq!(shops.map(|shop| amounts[&shop.vendor_id]), [3_681, 8_100]);
    page.items
}

/// 10.00 of the first vendor's go back, and the buyer's bank takes 50.00 of the rest.
async fn refunded_and_disputed(town: &Town, order: OrderId, first: &Shop) -> DisputeView {
    let paid = payment(town, order).await;
    let back = json!({"amount_minor": 1_000, "reason": "Scratched", "vendor_id": first.vendor_id});
    let path = format!("/api/v1/admin/payments/{}/refunds", paid.id);
    town.app.as_user(&town.admin).key("back").post(&path, &back).await.expect(202);
    town.later(DAY).await;
    let payment = paid.provider_ref.expect("the gateway's name for it");
    let command = Command::Dispute { payment, amount_minor: Some(5_000), reason: "product_not_received".to_owned() };
    let dispute = town.gateway.apply(command.into()).await.unwrap().dispute().unwrap().id;
    town.later(DAY).await;
    town.gateway.apply(Command::Decide { dispute, won: false }.into()).await.unwrap();
    town.later(60).await;
    let page: Page<DisputeView> = told(town, &format!("/api/v1/admin/disputes?order_id={order}")).await.json();
    let dispute = page.items.into_iter().next().expect("a dispute");
    assert_eq!((dispute.status, dispute.amount.amount_minor), (DisputeStatus::Lost, 5_000));
    dispute
}

async fn statement(town: &Town, shop: &Shop, from: &str, to: &str) -> StatementView {
    let path = format!("/api/v1/admin/vendors/{}/statement?currency=EUR&from={from}&to={to}", shop.vendor_id);
    let view: StatementView = told(town, &path).await.json();
    let lines = [
        view.opening,
        view.sales,
        view.shipping,
        view.promotions,
        view.commission,
        view.refunds,
        view.disputes_held,
        view.disputes_lost,
        view.labels,
        view.payouts,
        view.payouts_returned,
        view.payouts_reversed,
    ];
    assert_eq!(Money::sum(Currency::EUR, lines).unwrap(), view.closing, "{view:?}");
    view
}

/// All that is not zero, vendors by the names given to them.
async fn accounts(town: &Town, shops: [&Shop; 2], query: &str) -> BTreeMap<String, i64> {
    let trial: TrialBalance = told(town, &format!("/api/v1/admin/ledger/trial-balance{query}")).await.json();
    assert!(trial.sums.iter().all(Money::is_zero), "{trial:?}");
    let [first, second] = shops.map(|shop| shop.vendor_id.to_string());
    let name = |account: &str| account.replace(&first, "potter").replace(&second, "weaver");
    let balances = trial.accounts.iter().map(|line| (name(&line.account), line.balance.amount_minor));
    balances.filter(|(_, minor)| *minor != 0).collect()
}

fn named(accounts: &[(&str, i64)]) -> BTreeMap<String, i64> {
    accounts.iter().map(|(name, minor)| ((*name).to_owned(), *minor)).collect()
}

async fn kinds(town: &Town, query: &str) -> Vec<String> {
    let page: Page<EntryView> = told(town, &format!("/api/v1/admin/ledger?{query}")).await.json();
    let mut kinds: Vec<String> = page.items.into_iter().map(|entry| entry.kind).collect();
    kinds.sort();
    kinds
}

/// From the order to every entry, and from each to what it is about.
async fn every_entry_is_reached(town: &Town, order: OrderId, dispute: &DisputeView, payouts: &[PayoutView]) {
    let of_dispute = ["dispute_fee", "dispute_held", "dispute_lost", "dispute_withdrawn"];
    let mut of_order = vec!["capture"];
    of_order.extend(of_dispute);
    of_order.push("refund");
    assert_eq!(kinds(town, &format!("order_id={order}")).await, of_order);
    assert_eq!(kinds(town, &format!("dispute_id={}", dispute.id)).await, of_dispute);
    let payment = payment(town, order).await;
    let refund = payment.refunds[0].id;
    assert_eq!(kinds(town, &format!("refund_id={refund}")).await, ["refund"]);
    for payout in payouts {
        assert_eq!(kinds(town, &format!("payout_id={}", payout.id)).await, ["payout", "payout_paid"]);
        let account = format!("payout_id={}&account=vendor_payable:{}", payout.id, payout.vendor_id);
        assert_eq!(kinds(town, &account).await, ["payout"]);
    }
    let stranger = kernel::RefundId::derived("test", &["none"]);
    assert!(kinds(town, &format!("refund_id={stranger}")).await.is_empty());

    let all: Page<EntryView> = told(town, "/api/v1/admin/ledger?limit=100").await.json();
    assert_eq!(all.items.len(), 6 + 2 * payouts.len());
    for entry in all.items {
        let is_of_payout = entry.kind.starts_with("payout");
        assert_eq!((entry.payout_id.is_some(), entry.order_id), (is_of_payout, (!is_of_payout).then_some(order)));
        assert_eq!(entry.payment_id, (!is_of_payout).then_some(payment.id), "{}", entry.kind);
        assert_eq!(entry.refund_id, (entry.kind == "refund").then_some(refund), "{}", entry.kind);
        let is_of_dispute = entry.kind.starts_with("dispute");
        assert_eq!(entry.dispute_id, is_of_dispute.then_some(dispute.id), "{}", entry.kind);
    }
}

/// What the vendor sees leads to the order or to the payout.
async fn movements(owner: &As, shop: &Shop, order: OrderId) {
    let path = format!("/api/v1/vendors/{}/earnings/movements?limit=100", shop.vendor_id);
    let page: Page<VendorMovement> = owner.get(&path).await.expect(200).json();
    assert!(!page.items.is_empty());
    for movement in page.items {
        let is_payout = movement.kind == "payout";
        assert_eq!((movement.payout_id.is_some(), movement.order_id), (is_payout, (!is_payout).then_some(order)));
    }
    let part = async |order: OrderId| -> Vec<OrderId> {
        let path = format!("/api/v1/vendors/{}/orders?order_id={order}", shop.vendor_id);
        let page: Page<VendorOrderDetail> = owner.get(&path).await.expect(200).json();
        page.items.into_iter().map(|detail| detail.order.order_id).collect()
    };
    assert_eq!(part(order).await, [order]);
    assert!(part(OrderId::derived("test", &["none"])).await.is_empty());
}

async fn files(town: &Town, shop: &Shop) {
    let admin = town.app.as_user(&town.admin);
    let path = |kind: &str| {
        format!("/api/v1/admin/vendors/{}/statement.{kind}?currency=EUR&from=2026-01-15&to=2026-01-31", shop.vendor_id)
    };
    let csv = admin.get(&path("csv")).await.expect(200).text();
    let last = csv.lines().last().unwrap();
    assert!(last.contains("closing_balance") && last.contains("-22.30"), "{csv}");
    assert_eq!(admin.get(&path("pdf")).await.expect(200).header("content-type"), Some("application/pdf"));
    // They are the operator's, not any vendor's.
    for kind in ["csv", "pdf"] {
        town.log_in("weaver@example.com").await.get(&path(kind)).await.expect_problem(403, "forbidden");
    }
}

#[tokio::test]
async fn a_sale_is_followed_from_its_order_to_a_balanced_ledger_and_two_statements() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let category = town.category().await;
        let potter = town.shop("Potter", "Blue mug", 1_800, 5, category).await;
        let weaver = town.shop("Weaver", "Wool blanket", 9_000, 3, category).await;
        let shops = [&potter, &weaver];
        prepare(&town, shops).await;
        let order = sale(&town, shops).await;
        let sold = [
            ("commission", -1_309),
            ("promotions", 1_260),
            ("provider:sandbox", 11_830),
            ("vendor_payable:potter", -3_681),
            ("vendor_payable:weaver", -8_100),
        ];
        assert_eq!(accounts(&town, shops, "").await, named(&sold));
        town.later(8 * DAY).await;
        let payouts = paid_out(&town, shops).await;
        town.later(2 * DAY).await;
        let dispute = refunded_and_disputed(&town, order, &potter).await;

        let done: OrderView = told(&town, &format!("/api/v1/orders/{order}")).await.json();
        assert_eq!((done.status, done.refunded.amount_minor), (OrderStatus::Completed, 1_000));
        every_entry_is_reached(&town, order, &dispute, &payouts).await;

        let minor = |money: Money| money.amount_minor;
        let view = statement(&town, &potter, "2026-01-15", "2026-01-31").await;
        assert_eq!([view.opening, view.sales, view.shipping, view.promotions].map(minor), [0, 3_240, 490, 142]);
        assert_eq!([view.commission, view.refunds, view.disputes_held].map(minor), [-161, -1_000, 0]);
        assert_eq!([view.disputes_lost, view.payouts, view.closing].map(minor), [-1_260, -3_681, -2_230]);
        let view = statement(&town, &weaver, "2026-01-15", "2026-01-31").await;
        assert_eq!([view.opening, view.sales, view.shipping, view.promotions].map(minor), [0, 8_100, 0, 484]);
        assert_eq!([view.commission, view.refunds, view.disputes_held].map(minor), [-484, 0, 0]);
        assert_eq!([view.disputes_lost, view.payouts, view.closing].map(minor), [-3_740, -8_100, -3_740]);
        // Cut in two, the one begins with what the other ends with.
        let before = statement(&town, &potter, "2026-01-15", "2026-01-22").await;
        let after = statement(&town, &potter, "2026-01-23", "2026-01-31").await;
        assert_eq!([before.closing, after.opening, after.closing].map(minor), [3_681, 3_681, -2_230]);

        let ended = [
            ("commission", -645),
            ("fees", 1_500),
            ("paid_out", -11_781),
            ("promotions", 626),
            ("provider:sandbox", 4_330),
            ("vendor_payable:potter", 2_230),
            ("vendor_payable:weaver", 3_740),
        ];
        assert_eq!(accounts(&town, shops, "").await, named(&ended));
        assert_eq!(accounts(&town, shops, "?at=2026-01-15").await, named(&sold));
        assert_eq!(accounts(&town, shops, "?at=2026-01-14").await, BTreeMap::new());
        town.app.as_user(&town.admin).get("/api/v1/admin/ledger/trial-balance?at=soon").await.expect_invalid("at");

        files(&town, &potter).await;
        movements(&town.log_in("potter@example.com").await, &potter, order).await;
        reported(&town).await;
    }
}

/// The same sale in the report of a period.
async fn reported(town: &Town) {
    let report = |from: &str, to: &str| format!("/api/v1/admin/reports/money?currency=EUR&from={from}&to={to}");
    let shown: MoneyReport = told(town, &report("2026-01-15", "2026-01-31")).await.json();
    let all = MoneySums {
        sales_minor: 11_830,
        refunds_minor: 1_000,
        commission_minor: 645,
        commission_tax_minor: 0,
        promotions_minor: 626,
        disputes_minor: 5_000,
        dispute_fees_minor: 1_500,
        provider_fees_minor: 0,
        payouts_minor: 11_781,
        labels_minor: 0,
        credit_minor: 0,
    };
    assert_eq!(shown.total, all);
    let first = shown.days.first().unwrap();
    assert_eq!((first.date.as_str(), first.sums.sales_minor, first.sums.payouts_minor), ("2026-01-15", 11_830, 0));
    assert_eq!(shown.days.iter().map(|day| day.sums.commission_minor).sum::<i64>(), 645);
    let none: MoneyReport = told(town, &report("2026-01-01", "2026-01-14")).await.json();
    assert_eq!((none.total, none.days.len()), (MoneySums::default(), 0));
    let admin = town.app.as_user(&town.admin);
    admin.get(&report("2025-01-01", "2026-12-31")).await.expect_invalid("to");
    let path = report("2026-01-15", "2026-01-15").replace("money?", "money.csv?");
    let csv = admin.get(&path).await.expect(200).text();
    assert_eq!(
        csv.lines().collect::<Vec<_>>(),
        [
            "day,sales,refunds,commission,commission_tax,promotions,disputes,dispute_fees,provider_fees,payouts,labels,credit,currency",
            "2026-01-15,118.30,0.00,13.09,0.00,12.60,0.00,0.00,0.00,0.00,0.00,0.00,EUR",
        ]
    );
}
