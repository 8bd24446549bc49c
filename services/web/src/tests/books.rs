//! The books in the administration: from an order to its entries and back, statements, the money of a period.

use contracts::{
    orders::{OrderStatus, VendorOrderDetail, VendorOrderStatus},
    payments::{MoneyDay, MoneyReport, MoneySums, VendorMovement},
    payouts::{PayoutStatus, PayoutView, StatementView},
    reversals::{ReversalStatus, ReversalView},
    vendors::VendorStatus,
};
use kernel::{Currency, DisputeId, EntryId, PayoutId, RefundId, VendorRole};
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

const LEDGER: &str = "GET /api/v1/admin/ledger";

fn payout_id() -> PayoutId {
    PayoutId::derived("test", &["payout"])
}
fn dispute_id() -> DisputeId {
    DisputeId::derived("test", &["dispute"])
}
fn refund_id() -> RefundId {
    RefundId::derived("test", &["refund"])
}

/// What a period was, with these days.
pub fn money(days: &[MoneyDay]) -> MoneyReport {
    let total = days.first().map(|day| day.sums).unwrap_or_default();
    let (from, to) = ("2026-01-01".to_owned(), "2026-01-31".to_owned());
    MoneyReport { currency: Currency::EUR, from, to, total, days: days.to_vec() }
}

fn entry(kind: &str, about: &Value) -> Value {
    let mut entry = json!({"id": EntryId::derived("t", &[kind]), "at": "2026-01-15T12:00:00Z", "kind": kind, "text": kind,
        "order_id": null, "corrects": null, "postings": [{"account": "commission", "amount": eur(-100)}]});
    for (name, value) in about.as_object().unwrap() {
        entry[name.as_str()] = value.clone();
    }
    entry
}

#[tokio::test]
async fn an_entry_leads_to_everything_it_is_about_and_back() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let of_order = json!({"order_id": order_id(), "payment_id": payment_id()});
    let (mut refund, mut dispute) = (of_order.clone(), of_order.clone());
    refund["refund_id"] = json!(refund_id());
    dispute["dispute_id"] = json!(dispute_id());
    let entries = [
        entry("capture", &of_order),
        entry("refund", &refund),
        entry("dispute_lost", &dispute),
        entry("payout", &json!({"payout_id": payout_id()})),
    ];
    stage.says(LEDGER, json!({"items": entries}));
    let ways = [
        format!("/admin/payments/{}\"", payment_id()),
        format!("/admin/disputes/{}\"", dispute_id()),
        format!("/admin/payouts/{}\"", payout_id()),
    ];
    let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
    let filters = [
        format!("refund_id={}", refund_id()),
        format!("dispute_id={}", dispute_id()),
        format!("payout_id={}", payout_id()),
    ];
    for filter in &filters {
        let shown = mary.get(&format!("/admin/ledger?{filter}")).await.expect(200);
        shown.says(&ways).says(&[&format!("/admin/orders/{}\"", order_id()), "Refund", "Show all entries"]);
        assert_eq!(stage.asked(LEDGER).pop().unwrap().query, format!("{filter}&limit=25"));
    }
    // An order's page shows them too.
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    mary.get(&format!("/admin/orders/{}", order_id())).await.expect(200).says(&ways);
}

#[tokio::test]
async fn a_payout_and_a_payment_show_what_is_booked_of_them() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(LEDGER, json!({"items": [entry("payout_paid", &json!({"payout_id": payout_id()}))]}));
    let payout = PayoutView {
        id: payout_id(),
        vendor_id: kiln(),
        period: "2026-W05".to_owned(),
        amount: eur(27_360),
        status: PayoutStatus::Paid,
        account: "PT50 •••• 0154".to_owned(),
        provider: None,
        failure: None,
        attempt: 1,
        created_at: at("2026-01-26T00:10:00Z"),
        sent_at: None,
        ended_at: None,
        reversals: Vec::new(),
    };
    let reversal = ReversalView {
        number: 1,
        amount: eur(900),
        status: ReversalStatus::Refused,
        failure: Some("Stripe: balance insufficient".to_owned()),
        created_at: at("2026-01-27T00:10:00Z"),
        ended_at: Some(at("2026-01-27T00:11:00Z")),
    };
    let payout = PayoutView { reversals: vec![reversal], ..payout };
    stage.says(&format!("GET /api/v1/admin/payouts/{}", payout_id()), payout);
    let shown = mary.get(&format!("/admin/payouts/{}", payout_id())).await.expect(200);
    let statement = format!("/admin/vendors/{}/statement\"", kiln());
    let shown =
        shown.says(&["Taken back", "Refused", "Stripe: balance insufficient. The next payouts are less by it."]);
    shown.says(&["Payout paid", &format!("/admin/ledger?payout_id={}\"", payout_id()), &statement]);
    assert_eq!(stage.asked_once(LEDGER).query, format!("payout_id={}&limit=50", payout_id()));

    let mut paid = serde_json::to_value(payment(1_000)).unwrap();
    paid["refunds"] = json!([
        {"id": refund_id(), "amount": eur(1_000), "reason": "Scratched", "status": "succeeded", "created_at": "2026-01-20T12:00:00Z"},
        {"id": RefundId::derived("test", &["other"]), "amount": eur(10), "reason": "Late", "status": "pending",
            "created_at": "2026-01-21T12:00:00Z"},
    ]);
    stage.says(&format!("GET /api/v1/admin/payments/{}", payment_id()), paid);
    let shown = mary.get(&format!("/admin/payments/{}", payment_id())).await.expect(200);
    let of_refund = |id: RefundId| format!("/admin/ledger?refund_id={id}\"");
    shown
        .says(&["Payout paid", &of_refund(refund_id())])
        .never_says(&[&of_refund(RefundId::derived("test", &["other"]))]);
    assert_eq!(stage.asked(LEDGER)[1].query, format!("order_id={}&limit=50", order_id()));
}

#[tokio::test]
async fn an_operator_opens_any_statement_of_any_period() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (here, api) = (format!("/admin/vendors/{}", kiln()), format!("/api/v1/admin/vendors/{}", kiln()));
    stage.says(&format!("GET {api}"), vendor_view(VendorStatus::Approved));
    mary.get(&here).await.expect(200).says(&[&format!("{here}/statement\"")]);
    let zero = eur(0);
    let view = StatementView {
        from: "2026-01-01".to_owned(),
        to: "2026-01-31".to_owned(),
        opening: eur(100),
        sales: eur(2_550),
        shipping: eur(490),
        promotions: zero,
        commission: eur(-304),
        refunds: zero,
        disputes_held: zero,
        disputes_lost: zero,
        reserve: zero,
        labels: zero,
        payouts: zero,
        payouts_returned: zero,
        payouts_reversed: zero,
        paid_directly: zero,
        closing: eur(2_836),
    };
    let asked = format!("GET {api}/statement");
    stage.says(&asked, &view);
    let shown = mary.get(&format!("{here}/statement?from=2026-01-01&to=2026-01-31")).await.expect(200);
    shown.says(&[
        "Statement of Kiln &#38; Daughters",
        "28.36\u{a0}€",
        "statement.pdf?currency=EUR&#38;from=2026-01-01&#38;to=2026-01-31",
        "statement.csv?currency=EUR&#38;from=2026-01-01&#38;to=2026-01-31",
    ]);
    assert_eq!(stage.asked_once(&asked).query, "currency=EUR&from=2026-01-01&to=2026-01-31");
    for kind in ["csv", "pdf"] {
        let asked = format!("GET {api}/statement.{kind}");
        stage.says(&asked, "the file");
        let path = format!("{here}/statement.{kind}?from=2026-01-01&to=2026-01-31");
        mary.get(&path).await.expect(200).says(&["the file"]);
        assert_eq!(stage.asked_once(&asked).query, "currency=EUR&from=2026-01-01&to=2026-01-31");
    }
}

#[tokio::test]
async fn a_period_is_told_day_by_day_with_a_chart() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let sums = MoneySums {
        sales_minor: 10_000,
        refunds_minor: 700,
        commission_minor: 1_234,
        commission_tax_minor: 197,
        promotions_minor: 300,
        disputes_minor: 2_000,
        dispute_fees_minor: 1_500,
        provider_fees_minor: 190,
        payouts_minor: 5_000,
        labels_minor: 420,
        credit_minor: 2_500,
    };
    let asked = "GET /api/v1/admin/reports/money";
    stage.says(asked, money(&[MoneyDay { date: "2026-01-10".to_owned(), sums }]));
    let shown = mary.get("/admin/reports/money?from=2026-01-01&to=2026-01-31").await.expect(200);
    shown.says(&[
        "100.00\u{a0}€",
        "12.34\u{a0}€",
        "20.00\u{a0}€",
        "15.00\u{a0}€",
        "Fees of providers",
        "1.90\u{a0}€",
        "Tax on commission",
        "1.97\u{a0}€",
        "10 Jan",
        "role=\"img\"",
        "/admin/ledger/balance?at=2026-01-10\"",
        "money.csv?currency=EUR&#38;from=2026-01-01&#38;to=2026-01-31",
    ]);
    assert_eq!(stage.asked_once(asked).query, "currency=EUR&from=2026-01-01&to=2026-01-31");
    let asked = "GET /api/v1/admin/reports/money.csv";
    stage.says(asked, "the file");
    let file = mary.get("/admin/reports/money.csv?from=2026-01-01&to=2026-01-31").await.expect(200).says(&["the file"]);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"money-2026-01-01-2026-01-31.csv\""));
    // And the accounts as they stood on a day.
    let asked = "GET /api/v1/admin/ledger/trial-balance";
    stage.says(asked, json!({"accounts": [{"account": "commission", "balance": eur(-1_234)}], "sums": [eur(0)]}));
    let shown = mary.get("/admin/ledger/balance?at=2026-01-10").await.expect(200);
    shown.says(&["end of 2026-01-10", "adds up to zero", "value=\"2026-01-10\"", "as of now"]);
    mary.get("/admin/ledger/balance?at=soon").await.expect(200).never_says(&["as of now"]);
    let queries: Vec<String> = stage.asked(asked).into_iter().map(|asked| asked.query).collect();
    assert_eq!(queries, ["at=2026-01-10", ""]);
}

#[tokio::test]
async fn a_movement_leads_its_vendor_to_the_order_or_the_payouts() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let api = format!("/api/v1/vendors/{}", kiln());
    let moved = |kind: &str, order, payout| VendorMovement {
        entry_id: EntryId::derived("t", &[kind]),
        at: at("2026-01-10T12:00:00Z"),
        kind: kind.to_owned(),
        text: kind.to_owned(),
        order_id: order,
        payout_id: payout,
        amount: eur(100),
    };
    let all = [moved("sale", Some(order_id()), None), moved("payout", None, Some(payout_id()))];
    stage.says(&format!("GET {api}/earnings/movements"), page(&all));
    let none: [Value; 0] = [];
    let earned = json!({"balances": none, "sales_30d": none, "commission_30d": none, "refunds_30d": none});
    stage.says(&format!("GET {api}/earnings"), earned);
    let of_order = format!("/vendor/{}/orders/of/{}", kiln(), order_id());
    let shown = ines.get(&format!("/vendor/{}/earnings", kiln())).await.expect(200);
    shown.says(&[&format!("{of_order}\""), &format!("/vendor/{}/payouts#all-payouts\"", kiln())]);

    let asked = format!("GET {api}/orders");
    stage.says(&asked, page::<VendorOrderDetail>(&[]));
    ines.get(&of_order).await.expect(404);
    let detail = detail(VendorOrderStatus::Shipped);
    stage.says(&asked, page(std::slice::from_ref(&detail)));
    ines.get(&of_order).await.leads_to(&format!("/vendor/{}/orders/{}", kiln(), detail.order.id));
    let wanted = format!("order_id={}&limit=1", order_id());
    assert!(stage.asked(&asked).iter().any(|asked| asked.query == wanted));
}
