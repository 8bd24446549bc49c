//! What a vendor has got back is paid back, once.

use contracts::{
    orders::ReturnRefundDue,
    payments::{PaymentRefundFailed, PaymentRefunded, PaymentStatus},
};
use events::Received;
use kernel::{OrderId, RefundId, ReturnId};
use serde_json::json;
use testkit::admin;

use super::{eur, order_and_reserve, payment, script::Next, scripted, sound, vendor};
use crate::provider::RefundState;

fn due(order_id: OrderId, attempt: &str, amount: i64) -> ReturnRefundDue {
    ReturnRefundDue {
        return_id: ReturnId::derived("test", &["return"]),
        number: "S-1-A-R1".to_owned(),
        order_id,
        vendor_id: vendor("ada"),
        refund_id: RefundId::derived("test", &[attempt]),
        amount: eur(amount),
    }
}

#[tokio::test]
async fn the_vendor_pays_it_back_once_however_often_it_is_told() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let event = due(id, "1", 1000);
        let envelope = app.envelope(&event);
        assert_eq!(app.hand_over("payments", &envelope).await, Received::Handled);
        assert_eq!(app.hand_over("payments", &envelope).await, Received::Duplicate);
        app.settle().await;
        let now = payment(&app, id).await;
        assert_eq!((now.refunded, now.refunds.len(), now.refunds[0].id), (eur(1000), 1, event.refund_id));
        assert_eq!((now.refunds[0].reason.as_str(), now.refunds[0].status.as_str()), ("Return S-1-A-R1", "succeeded"));
        let told: Vec<PaymentRefunded> = app.published("payments").await;
        assert_eq!((told.len(), told[0].refund_id), (1, event.refund_id));
        assert_eq!(told[0].by_vendor, [(vendor("ada"), eur(1000))]);
        assert_eq!((script.calls("refund"), script.money()), (1, (6040, 1000)));
        // Told as another event, it is still the same refund, and no money moves.
        assert_eq!(app.deliver("payments", &event).await, Received::Handled);
        app.settle().await;
        assert_eq!((script.calls("refund"), script.money()), (1, (6040, 1000)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_paid_back_is_told_and_nothing_moves() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.id;
        let body = json!({"amount_minor": 2500, "reason": "Broken", "vendor_id": vendor("ada")});
        let path = format!("/api/v1/admin/payments/{paid}/refunds");
        app.as_user(&admin()).key("k").post(&path, &body).await.expect(202);
        app.settle().await;
        // Of ada's 30.40 only 5.40 are left.
        app.deliver("payments", &due(id, "1", 1000)).await;
        app.settle().await;
        let told: Vec<PaymentRefundFailed> = app.published("payments").await;
        assert_eq!((told.len(), told[0].reason.as_str(), told[0].order_id), (1, "over_refund", id));
        assert_eq!(script.money(), (6040, 2500));
        script.next_refund(Ok(RefundState::Failed));
        app.deliver("payments", &due(id, "2", 540)).await;
        app.settle().await;
        let told: Vec<PaymentRefundFailed> = app.published("payments").await;
        assert_eq!((told.len(), told[1].reason.as_str()), (2, "returned_by_bank"));
        app.deliver("payments", &due(id, "3", 540)).await;
        app.settle().await;
        assert_eq!(payment(&app, id).await.refunded, eur(3040));
        script.next(Next::Act);
        let open = order_and_reserve(&app, "open").await;
        app.deliver("payments", &due(open, "4", 1)).await;
        let told: Vec<PaymentRefundFailed> = app.published("payments").await;
        assert_eq!((told.len(), told[2].reason.as_str()), (3, "not_captured"));
        assert_ne!(payment(&app, open).await.status, PaymentStatus::Captured);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_return_of_an_order_that_is_not_here_yet_waits() {
    scripted(|app, _| async move {
        let id = OrderId::derived("test", &["later"]);
        assert_eq!(app.deliver("payments", &due(id, "1", 10)).await, Received::Early);
    })
    .await;
}
