//! Orders that cost nothing: paid without asking anybody, worth to their vendors what promotions bring them, taken back without
//! any money.

use contracts::{
    orders::ReturnRefundDue,
    payments::{PaymentCaptured, PaymentRefunded, PaymentStatus},
};
use kernel::{OrderId, RefundId, ReturnId};
use serde_json::json;
use testkit::{TestApp, admin};

use super::{
    cancelled, eur, journal, order, pass, payment, payouts, placed, postings, reserve, script::Script, scripted, sound,
    status, vendor,
};

/// An order of nothing, for whose parts promotions of the platform pay so much; placed, not reserved.
async fn placed_free(app: &TestApp, name: &str, ada: i64, bob: i64) -> OrderId {
    let id = order(name);
    let mut event = placed(app, id, None, &[("ada", 0), ("bob", 0)]);
    (event.order.parts[0].subsidy_minor, event.order.parts[1].subsidy_minor) = (ada, bob);
    app.deliver("payments", &event).await;
    id
}

async fn free(app: &TestApp, name: &str, ada: i64, bob: i64) -> OrderId {
    let id = placed_free(app, name, ada, bob).await;
    reserve(app, id).await;
    id
}

fn asked(script: &Script) -> usize {
    script.state().calls.iter().filter(|call| *call != "journal").count()
}

/// All of a vendor's part has come back.
fn back(order_id: OrderId, name: &str) -> ReturnRefundDue {
    ReturnRefundDue {
        return_id: ReturnId::derived("test", &[name]),
        number: "S-1-A-R1".to_owned(),
        order_id,
        vendor_id: vendor(name),
        refund_id: RefundId::derived("test", &[name]),
        amount: eur(0),
    }
}

#[tokio::test]
async fn nobody_is_asked_for_nothing_and_what_promotions_bring_matures() {
    scripted(|app, script| async move {
        let id = free(&app, "a", 4000, 0).await;
        let paid = payment(&app, id).await;
        assert_eq!((paid.status, paid.amount, paid.captured), (PaymentStatus::Captured, eur(0), eur(0)));
        assert_eq!((paid.provider.as_str(), paid.covered), ("none", None));
        let entries = journal(&app).await;
        assert_eq!((entries.len(), entries[0].kind.as_str()), (1, "capture"));
        let wanted = ["vendor_payable:ada -4000", "vendor_payable:ada 400", "promotions 4000", "commission -400"];
        assert_eq!(postings(&entries[0]), wanted);
        let told: Vec<PaymentCaptured> = app.published("payments").await;
        assert_eq!((told.len(), told[0].order_id, told[0].amount), (1, id, eur(0)));
        // Its stock told once more, and the reconciler, change nothing.
        reserve(&app, id).await;
        pass(&app, 120).await;
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!((asked(&script), journal(&app).await.len()), (0, 1));
        assert_eq!(payouts::balance(&app, "ada").await, [3600, 0, 0, 0]);
        payouts::deliver(&app, id, "ada").await;
        payouts::days(&app, 8).await;
        let [pending, available, in_transit, paid_out] = payouts::balance(&app, "ada").await;
        assert_eq!((pending, available + in_transit + paid_out), (0, 3600));
        sound(&app).await;
        // Money that was never paid is not given back.
        let path = format!("/api/v1/admin/payments/{}/refunds", paid.id);
        let wanted = json!({"amount_minor": 100, "reason": "x"});
        app.as_user(&admin()).key("r").post(&path, &wanted).await.expect_problem(409, "nothing_paid");
        assert_eq!(app.count("payments", "SELECT count(*) FROM refunds").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_called_off_takes_back_what_promotions_brought() {
    scripted(|app, script| async move {
        let id = free(&app, "a", 4000, 0).await;
        let off = app.envelope(&cancelled(id));
        app.hand_over("payments", &off).await;
        app.hand_over("payments", &off).await;
        app.deliver("payments", &cancelled(id)).await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.refunded, now.refunds.len()), (PaymentStatus::Refunded, eur(0), 0));
        let entries = journal(&app).await;
        let undone: Vec<_> = entries.iter().filter(|entry| entry.kind == "refund").collect();
        assert_eq!((entries.len(), undone.len(), undone[0].refund_id), (2, 1, None));
        let wanted = ["vendor_payable:ada 4000", "vendor_payable:ada -400", "promotions -4000", "commission 400"];
        assert_eq!(postings(undone[0]), wanted);
        assert_eq!(payouts::balance(&app, "ada").await, [0, 0, 0, 0]);
        // Before its stock was held nothing was booked; and what brings nobody anything never is.
        let early = placed_free(&app, "b", 4000, 0).await;
        app.deliver("payments", &cancelled(early)).await;
        reserve(&app, early).await;
        let plain = free(&app, "c", 0, 0).await;
        assert_eq!(
            (status(&app, early).await, status(&app, plain).await),
            (PaymentStatus::Cancelled, PaymentStatus::Captured)
        );
        app.deliver("payments", &cancelled(plain)).await;
        assert_eq!(status(&app, plain).await, PaymentStatus::Refunded);
        assert_eq!((journal(&app).await.len(), asked(&script)), (2, 0));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 2);
        assert!(app.published::<PaymentRefunded>("payments").await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn each_part_that_comes_back_is_taken_back_once() {
    scripted(|app, script| async move {
        let id = free(&app, "a", 4000, 800).await;
        for _ in 0..2 {
            app.deliver("payments", &back(id, "ada")).await;
        }
        assert_eq!((status(&app, id).await, journal(&app).await.len()), (PaymentStatus::Captured, 2));
        assert_eq!(payouts::balance(&app, "ada").await, [0, 0, 0, 0]);
        assert_eq!(payouts::balance(&app, "bob").await, [700, 0, 0, 0]);
        // The rest is called off: only what is left of it.
        app.deliver("payments", &cancelled(id)).await;
        let entries = journal(&app).await;
        assert_eq!((status(&app, id).await, entries.len()), (PaymentStatus::Refunded, 3));
        let of_bob = entries.iter().map(postings).find(|lines| lines[0] == "vendor_payable:bob 800").unwrap();
        assert_eq!(of_bob[1..], ["vendor_payable:bob -100", "promotions -800", "commission 100"]);
        assert_eq!((payouts::balance(&app, "bob").await, asked(&script)), ([0, 0, 0, 0], 0));
        sound(&app).await;
    })
    .await;
}
