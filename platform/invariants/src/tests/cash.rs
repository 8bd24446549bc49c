//! Orders that are sent without money, which a courier collects.

use contracts::{
    orders::{OrderStatus, PlacedOrder},
    payments::{PaymentStatus, PaymentView},
};
use kernel::Page;
use serde_json::json;
use testkit::{TestApp, admin, on_both_databases};

use super::{
    broken::{Breakage, mend},
    look,
    shop::{Shop, services},
    wrong,
};
use crate::Mode;

const BREAKAGES: &[Breakage] = &[
    // What is promised is not what the order costs.
    mend(
        &["M2", "M4"],
        "payments",
        "UPDATE payments SET amount_minor = amount_minor + 1, reduced_minor = reduced_minor + 1 WHERE promised_at IS NOT NULL",
        "UPDATE payments SET reduced_minor = reduced_minor - 1, amount_minor = amount_minor - 1 WHERE promised_at IS NOT NULL",
    ),
    // It was never promised, or is not any more.
    mend(
        &["M4"],
        "payments",
        "UPDATE payments SET status = 'failed' WHERE promised_at IS NOT NULL",
        "UPDATE payments SET status = 'processing' WHERE promised_at IS NOT NULL",
    ),
    // The courier is told another amount.
    mend(
        &["M4"],
        "orders",
        "UPDATE orders SET collect_minor = collect_minor - 1 WHERE promised_at IS NOT NULL",
        "UPDATE orders SET collect_minor = collect_minor + 1 WHERE promised_at IS NOT NULL",
    ),
    // It is sent, and nobody is to pay it.
    mend(
        &["M4", "O3", "O4"],
        "orders",
        "UPDATE orders SET promised_at = NULL WHERE promised_at IS NOT NULL",
        "UPDATE orders SET promised_at = placed_at WHERE collect_minor IS NOT NULL",
    ),
    // It counts as paid, and is not.
    mend(
        &["M4", "O3"],
        "orders",
        "UPDATE orders SET status = 'paid' WHERE promised_at IS NOT NULL",
        "UPDATE orders SET status = 'awaiting_payment' WHERE promised_at IS NOT NULL",
    ),
];

async fn payment(app: &TestApp, placed: &PlacedOrder) -> PaymentView {
    let path = format!("/api/v1/admin/payments?order_id={}", placed.order.id);
    let mut page: Page<PaymentView> = app.as_user(&admin()).get(&path).await.expect(200).json();
    page.items.pop().expect("a payment")
}

async fn sound(app: &TestApp, shop: &Shop) {
    for mode in [Mode::Live, Mode::Quiescent] {
        assert_eq!(wrong(&look(app, shop, mode).await), vec![], "{mode:?}");
    }
}

#[tokio::test]
async fn what_is_sent_without_money_is_promised() {
    on_both_databases(services, async |app| {
        let shop = Shop::open(&app).await;
        let placed = shop.buy(&app, "cash", "cash", 1).await;
        shop.carry_out(&app, &placed, &["ada", "bob"], true).await;
        let order = shop.view(&app, &placed).await;
        assert_eq!((order.status, order.to_collect), (OrderStatus::Promised, Some(order.quote.total)));
        sound(&app, &shop).await;
        for breakage in BREAKAGES {
            breakage.run(&app, false).await;
        }
        let path = format!("/api/v1/admin/payments/{}/receipt", payment(&app, &placed).await.id);
        let receipt = json!({"amount_minor": order.quote.total.amount_minor});
        app.as_user(&admin()).key("receipt").post(&path, &receipt).await.expect(200);
        app.settle().await;
        assert_eq!(shop.view(&app, &placed).await.status, OrderStatus::Completed);
        sound(&app, &shop).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_paid_at_the_door_leaves_nothing_behind() {
    on_both_databases(services, async |app| {
        let shop = Shop::open(&app).await;
        let placed = shop.buy(&app, "three", "cash", 1).await;
        assert_eq!(shop.view(&app, &placed).await.status, OrderStatus::Promised);
        shop.carry_out(&app, &placed, &["ada"], false).await;
        let path = format!("/api/v1/admin/payments/{}/not-collected", payment(&app, &placed).await.id);
        app.as_user(&admin()).post(&path, &json!({"reason": "Nobody at home"})).await.expect(200);
        app.settle().await;
        let order = shop.view(&app, &placed).await;
        assert_eq!((order.status, order.status_reason.as_deref()), (OrderStatus::Cancelled, Some("payment_failed")));
        assert_eq!(payment(&app, &placed).await.status, PaymentStatus::Failed);
        assert_eq!(app.count("payments", "SELECT count(*) FROM journal_entries WHERE kind = 'capture'").await, 0);
        sound(&app, &shop).await;
    })
    .await;
}
