//! Cash on delivery: promised, collected or not, and less of it.

use std::{collections::BTreeMap, time::Duration};

use contracts::{
    orders::{LineSnapshot, ReturnRefundDue},
    payments::{
        ChooseMethod, PaymentCaptured, PaymentFailed, PaymentPromised, PaymentRefundFailed, PaymentRefunded,
        PaymentStatus, PaymentView,
    },
};
use db::Dialect;
use kernel::{LineId, Money, OrderId, Page, ProductId, RefundId, ReturnId, VariantId};
use serde_json::json;
use testkit::{Answer, TestApp, admin};

use super::{
    PARTS, cancelled, eur, journal, order, payment, placed, postings, reserve, review, sound, status, terms, vendor,
};
use crate::{CashOnDeliverySettings, Settings, service};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Up to 100.00 €.
async fn each<Fut: Future<Output = ()>>(test: impl Fn(TestApp) -> Fut) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let limits_minor = BTreeMap::from([("EUR".to_owned(), 10_000)]);
        let cash_on_delivery = CashOnDeliverySettings { limits_minor, ..CashOnDeliverySettings::default() };
        let app = TestApp::start(dialect, vec![service(Settings { cash_on_delivery, ..Settings::default() })]).await;
        terms(&app, "ada", 1000).await;
        terms(&app, "bob", 1250).await;
        test(app).await;
    }
}

async fn ordered(app: &TestApp, name: &str) -> OrderId {
    let mut event = placed(app, order(name), None, PARTS);
    event.order.payment.method = "cash_on_delivery".to_owned();
    app.deliver("payments", &event).await;
    reserve(app, event.order_id).await;
    event.order_id
}

async fn collect(app: &TestApp, id: OrderId, key: &str, minor: i64) -> Answer {
    let path = format!("/api/v1/admin/payments/{}/receipt", payment(app, id).await.id);
    app.as_user(&admin()).key(key).post(&path, &json!({"amount_minor": minor, "note": "Statement 7"})).await
}

async fn refuse(app: &TestApp, id: OrderId) -> Answer {
    let path = format!("/api/v1/admin/payments/{}/not-collected", payment(app, id).await.id);
    app.as_user(&admin()).post(&path, &json!({"reason": "Nobody at home"})).await
}

/// So much was taken out of ada's part.
fn taken_out(order_id: OrderId, name: &str, amount: i64) -> ReturnRefundDue {
    ReturnRefundDue {
        return_id: ReturnId::derived("test", &[name]),
        number: format!("S-1-A-{name}"),
        order_id,
        vendor_id: vendor("ada"),
        refund_id: RefundId::derived("test", &[name]),
        amount: eur(amount),
    }
}

async fn promises(app: &TestApp) -> Vec<(Money, Money)> {
    let told: Vec<PaymentPromised> = app.published("payments").await;
    told.iter().map(|told| (told.amount, told.collect)).collect()
}

#[tokio::test]
async fn what_is_promised_is_paid_once_when_it_was_collected() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.to_collect, now.captured), (PaymentStatus::Promised, Some(eur(6040)), eur(0)));
        assert_eq!(promises(&app).await, [(eur(6040), eur(6040))]);
        assert!(journal(&app).await.is_empty());
        for (status, count) in [("promised", 1), ("processing", 0)] {
            let path = format!("/api/v1/admin/payments?status={status}");
            let page: Page<PaymentView> = app.as_user(&admin()).get(&path).await.expect(200).json();
            assert_eq!(page.items.len(), count, "{status}");
        }
        // Nobody is asked about it, and nothing happens by waiting.
        app.advance(DAY).await;
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments WHERE check_at IS NOT NULL").await, 0);
        collect(&app, id, "k0", 6039).await.expect_problem(422, "invalid_input");
        assert_eq!(status(&app, id).await, PaymentStatus::Promised);
        let paid: PaymentView = collect(&app, id, "k1", 6040).await.expect(200).json();
        assert_eq!((paid.status, paid.captured, paid.to_collect), (PaymentStatus::Captured, eur(6040), None));
        collect(&app, id, "k1", 6040).await.expect(200);
        collect(&app, id, "k2", 6040).await.expect_problem(409, "received_before");
        refuse(&app, id).await.expect_problem(409, "received_before");
        app.settle().await;
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        let entries = journal(&app).await;
        assert_eq!(
            postings(&entries[0]),
            [
                "provider:cash_on_delivery 6040",
                "vendor_payable:ada -3040",
                "vendor_payable:ada 304",
                "vendor_payable:bob -3000",
                "vendor_payable:bob 375",
                "commission -679"
            ]
        );
        assert_eq!(entries.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_collected_fails_once_and_books_nothing() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        for _ in 0..2 {
            let now: PaymentView = refuse(&app, id).await.expect(200).json();
            assert_eq!((now.status, now.failure.as_deref()), (PaymentStatus::Failed, Some("not_collected")));
        }
        let failed: Vec<PaymentFailed> = app.published("payments").await;
        assert_eq!((failed.len(), failed[0].reason.as_str()), (1, "not_collected"));
        assert!(journal(&app).await.is_empty());
        // The order is called off. Should the courier bring the money after all, it goes back by hand.
        app.deliver("payments", &cancelled(id)).await;
        collect(&app, id, "late", 6040).await.expect(200);
        app.settle().await;
        let back = payment(&app, id).await;
        assert_eq!((back.refunds[0].status.as_str(), back.refunded), ("pending", eur(6040)));
        let path = format!("/api/v1/admin/payments/{}/refunds/{}/sent", back.id, back.refunds[0].id);
        app.as_user(&admin()).post(&path, &json!({})).await.expect(200);
        assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_order_that_is_called_off_is_not_collected() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        assert!(app.published::<PaymentFailed>("payments").await.is_empty());
        let still: PaymentView = refuse(&app, id).await.expect(200).json();
        assert_eq!(still.status, PaymentStatus::Cancelled);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_out_is_not_collected_and_is_booked_with_the_rest() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        for event in [taken_out(id, "R1", 1000), taken_out(id, "R1", 1000), taken_out(id, "R2", 40)] {
            app.deliver("payments", &event).await;
        }
        assert_eq!(promises(&app).await, [(eur(6040), eur(6040)), (eur(6040), eur(5040)), (eur(6040), eur(5000))]);
        assert_eq!(payment(&app, id).await.to_collect, Some(eur(5000)));
        assert!(app.published::<PaymentRefunded>("payments").await.is_empty() && journal(&app).await.is_empty());
        collect(&app, id, "k0", 6040).await.expect_problem(422, "invalid_input");
        collect(&app, id, "k1", 5000).await.expect(200);
        app.settle().await;
        // The whole sale, and what was not collected as sent back: nobody has to send anything.
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured, now.refunded), (PaymentStatus::Captured, eur(6040), eur(1040)));
        assert!(now.refunds.iter().all(|refund| refund.status == "succeeded"), "{:?}", now.refunds);
        let told: Vec<PaymentRefunded> = app.published("payments").await;
        assert_eq!(told.iter().map(|told| told.amount.amount_minor).sum::<i64>(), 1040);
        let entries = journal(&app).await;
        assert_eq!(entries.iter().filter(|entry| entry.kind == "refund").count(), 2);
        let first = entries.iter().find(|entry| postings(entry)[0] == "provider:cash_on_delivery -1000").unwrap();
        assert_eq!(postings(first)[1..], ["vendor_payable:ada 1000", "vendor_payable:ada -100", "commission 100"]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_out_of_what_nobody_pays_is_told() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        app.deliver("payments", &taken_out(id, "R1", 1000)).await;
        refuse(&app, id).await.expect(200);
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        let told: Vec<PaymentRefundFailed> = app.published("payments").await;
        assert_eq!((told.len(), told[0].refund_id), (1, taken_out(id, "R1", 1000).refund_id));
        assert_eq!(told[0].reason, "nothing_was_paid");
        assert!(payment(&app, id).await.refunds.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn money_that_does_not_come_is_to_be_looked_at_until_it_has() {
    each(|app| async move {
        let (late, paid) = (ordered(&app, "a").await, ordered(&app, "b").await);
        collect(&app, paid, "k", 6040).await.expect(200);
        app.advance(13 * DAY).await;
        assert!(review(&app).await.is_empty());
        for _ in 0..2 {
            app.advance(DAY + Duration::from_secs(120)).await;
            assert_eq!(review(&app).await, [("not_collected_yet".to_owned(), Some(late))]);
        }
        collect(&app, late, "late", 6040).await.expect(200);
        assert!(review(&app).await.is_empty(), "it has settled itself");
    })
    .await;
}

#[tokio::test]
async fn it_is_offered_up_to_its_limit_and_for_what_is_delivered() {
    each(|app| async move {
        // Dearer than a courier carries.
        let mut dear = placed(&app, order("dear"), None, &[("ada", 10_001)]);
        dear.order.payment.method = "cash_on_delivery".to_owned();
        // Some of it is downloaded.
        let mut digital = placed(&app, order("digital"), None, PARTS);
        digital.order.payment.method = "cash_on_delivery".to_owned();
        digital.order.parts[0].lines.push(LineSnapshot {
            line_id: LineId::derived("test", &["line"]),
            variant_id: VariantId::derived("test", &["file"]),
            product_id: ProductId::derived("test", &["file"]),
            quantity: 1,
            total: eur(3040),
            tax: eur(0),
            digital: true,
            categories: vec![],
            subsidy_minor: 0,
        });
        for event in [dear, digital] {
            app.deliver("payments", &event).await;
            let now = payment(&app, event.order_id).await;
            assert_eq!((now.status, now.failure.as_deref()), (PaymentStatus::Failed, Some("unknown_method")));
        }
        assert!(promises(&app).await.is_empty());
        // Who has promised it pays no other way.
        let id = ordered(&app, "a").await;
        let wish = ChooseMethod { method: "cash_on_delivery".to_owned(), country: "DE".parse().unwrap() };
        let path = format!("/internal/orders/{id}/payment/method");
        let answer = app.as_service("orders").post(&path, &serde_json::to_value(wish).unwrap()).await;
        answer.expect_problem(409, "not_the_buyers_turn");
    })
    .await;
}

#[tokio::test]
async fn only_admins_say_what_was_not_collected() {
    each(|app| async move {
        let id = ordered(&app, "a").await;
        let path = format!("/api/v1/admin/payments/{}/not-collected", payment(&app, id).await.id);
        for who in [app.guest(), app.as_service("orders")] {
            let status = who.post(&path, &json!({"reason": "x"})).await.status.as_u16();
            assert!(matches!(status, 401 | 403 | 404), "{status}");
        }
        assert_eq!(status(&app, id).await, PaymentStatus::Promised);
        app.as_user(&admin()).post(&path, &json!({"reason": ""})).await.expect_invalid("reason");
    })
    .await;
    super::scripted(|app, script| async move {
        script.next(super::script::Next::Act);
        let id = super::order_and_reserve(&app, "a").await;
        refuse(&app, id).await.expect_problem(409, "not_to_collect");
    })
    .await;
}

#[test]
fn a_fee_is_for_currencies_in_which_it_is_offered() {
    let settings = |fees: &[(&str, i64)]| CashOnDeliverySettings {
        limits_minor: BTreeMap::from([("EUR".to_owned(), 10_000), ("USD".to_owned(), 10_000)]),
        fee_minor: fees.iter().map(|(code, minor)| ((*code).to_owned(), *minor)).collect(),
        ..CashOnDeliverySettings::default()
    };
    for wrong in [&[("GBP", 100)][..], &[("EUR", -1)], &[("EUR", 1_000_001)]] {
        let error = settings(wrong).check().unwrap_err();
        assert_eq!(error.fields()[0].field, "payments.cash_on_delivery.fee_minor");
    }
    let fees = |cash_on_delivery| Settings { cash_on_delivery, ..Settings::default() }.fees();
    assert!(fees(settings(&[])).is_empty());
    let some = settings(&[("EUR", 300), ("USD", 0)]);
    some.check().unwrap();
    let told = fees(some);
    assert_eq!(told.len(), 1, "what costs nothing is no fee");
    assert_eq!((told[0].method.as_str(), told[0].amount), ("cash_on_delivery", eur(300)));
}
