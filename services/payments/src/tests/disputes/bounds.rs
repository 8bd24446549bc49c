//! Refunds and disputes together never take more than was captured; payouts respect what is held.

use contracts::{
    disputes::DisputeStatus,
    payments::{PaymentRefundFailed, PaymentStatus},
};
use kernel::OrderId;
use serde_json::json;
use testkit::{Answer, TestApp, admin};

use super::{
    super::{payouts::*, *},
    *,
};

async fn back(app: &TestApp, id: OrderId, key: &str, minor: i64) -> Answer {
    let path = format!("/api/v1/admin/payments/{}/refunds", payment(app, id).await.id);
    let body = json!({"amount_minor": minor, "reason": "Scratched"});
    let answer = app.as_user(&admin()).key(key).post(&path, &body).await;
    app.settle().await;
    answer
}

#[tokio::test]
async fn a_refund_of_what_is_disputed_is_refused() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        opened(&app, &script, id, "dp_1", 5000).await;
        let refused = back(&app, id, "k", 1041).await.expect_problem(409, "disputed");
        assert_eq!(
            (&refused["extra"]["left"]["amount_minor"], &refused["extra"]["disputed"]["amount_minor"]),
            (&json!(1040), &json!(5000))
        );
        assert!(refused["detail"].as_str().unwrap().contains("are disputed"), "{refused}");
        assert_eq!((script.calls("refund"), payment(&app, id).await.refunded), (0, eur(0)));
        back(&app, id, "k2", 1040).await.expect(202);
        // Lost, it stays gone; won, it can go back.
        decided(&app, &script, "dp_1", false).await;
        back(&app, id, "k3", 1).await.expect_problem(409, "disputed");
        let other = order_and_reserve(&app, "b").await;
        opened(&app, &script, other, "dp_2", 5000).await;
        decided(&app, &script, "dp_2", true).await;
        back(&app, other, "k4", 6040).await.expect(202);
        assert_eq!(status(&app, other).await, PaymentStatus::Refunded);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_dispute_over_returned_money_costs_no_vendor_twice() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        back(&app, id, "k", 5040).await.expect(202);
        let dispute = opened(&app, &script, id, "dp_1", 6040).await;
        assert_eq!((dispute.amount, dispute.beyond), (eur(6040), eur(5040)));
        assert_eq!(dispute.parts.iter().map(|part| part.amount.amount_minor).sum::<i64>(), 1000);
        assert_eq!(review(&app).await, [("dispute_of_returned".to_owned(), Some(id))]);
        sound(&app).await;
        decided(&app, &script, "dp_1", false).await;
        let lost = journal(&app).await.into_iter().find(|entry| entry.kind == "dispute_lost").unwrap();
        assert!(postings(&lost).contains(&"dispute_losses 5040".to_owned()), "{:?}", postings(&lost));
        assert_eq!(balance(&app, "ada").await, [0, 0, 0, 0]);
        // One over nothing but returned money holds nothing of anybody.
        let second = opened(&app, &script, id, "dp_2", 500).await;
        assert_eq!((second.beyond, second.parts.len()), (eur(500), 0));
        decided(&app, &script, "dp_2", true).await;
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_held_is_not_paid_out_and_what_was_paid_out_is_made_up_for() {
    scripted(|app, script| async move {
        with_account(&app, "ada").await;
        schedule(&app, "ada", "manual").await;
        let id = paid(&app, "a", PARTS).await;
        deliver(&app, id, "ada").await;
        days(&app, 8).await;
        // 10.00 of 60.40: ada's share is 5.03, less 0.50 commission.
        opened(&app, &script, id, "dp_1", 1000).await;
        assert_eq!(balance(&app, "ada").await, [0, 2736 - 453, 0, 0]);
        let line = run(&app, &json!({"dry_run": true})).await.lines.into_iter().find(|l| l.vendor_id == vendor("ada"));
        assert_eq!(line.unwrap().available, eur(2283));
        run(&app, &json!({})).await;
        assert_eq!(balance(&app, "ada").await, [0, 0, 2283, 0]);
        decided(&app, &script, "dp_1", true).await;
        assert_eq!(balance(&app, "ada").await, [0, 453, 2283, 0]);
        // Now of all that was paid out.
        opened(&app, &script, id, "dp_2", 6040).await;
        assert_eq!(balance(&app, "ada").await, [0, 453 - 2736, 2283, 0]);
        decided(&app, &script, "dp_2", false).await;
        assert_eq!(balance(&app, "ada").await, [0, -2283, 2283, 0]);
        let next = paid(&app, "b", &[("ada", 5000)]).await;
        deliver(&app, next, "ada").await;
        days(&app, 8).await;
        assert_eq!(balance(&app, "ada").await, [0, 4500 - 2283, 2283, 0]);
        run(&app, &json!({})).await;
        assert_eq!(balance(&app, "ada").await, [0, 0, 2283 + 2217, 0]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_called_off_order_has_disputed_goes_back_once_it_is_won() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        opened(&app, &script, id, "dp_1", 1000).await;
        app.deliver("payments", &cancelled(id)).await;
        app.settle().await;
        assert_eq!((script.money(), payment(&app, id).await.refunded), ((6040, 5040), eur(5040)));
        decided(&app, &script, "dp_1", true).await;
        app.settle().await;
        assert_eq!((script.money(), status(&app, id).await), ((6040, 6040), PaymentStatus::Refunded));
        // And not if it is lost: the buyer has it already.
        let other = order_and_reserve(&app, "b").await;
        opened(&app, &script, other, "dp_2", 1000).await;
        app.deliver("payments", &cancelled(other)).await;
        decided(&app, &script, "dp_2", false).await;
        app.settle().await;
        assert_eq!(script.money(), (12_080, 6040 + 5040));
        assert_eq!(of_provider(&app, "dp_2").await.status, DisputeStatus::Lost);
        assert!(app.published::<PaymentRefundFailed>("payments").await.is_empty());
        sound(&app).await;
    })
    .await;
}
