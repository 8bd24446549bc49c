//! Orders of which promotions pay all.

use contracts::orders::OrderStatus;
use kernel::Clock;
use serde_json::json;
use testkit::{admin, on_both_databases};

use super::{
    look,
    shop::{Shop, services},
    wrong,
};
use crate::Mode;

#[tokio::test]
async fn what_costs_nothing_holds_like_any_other() {
    on_both_databases(services, async |app| {
        let shop = Shop::open(&app).await;
        let all = json!({"type": "percent", "percent_bp": 10_000});
        for (name, effect) in [("All of it", all), ("And its delivery", json!({"type": "free_shipping"}))] {
            let promotion = json!({
                "name": name, "currency": "EUR", "starts_at": app.clock.now(), "platform_share_bp": 10_000,
                "effect": effect,
            });
            app.as_user(&admin()).post("/api/v1/admin/promotions", &promotion).await.expect(201);
        }
        let delivered = shop.buy(&app, "delivered", "tok_visa", 1).await;
        let order = shop.view(&app, &delivered).await;
        assert_eq!((order.status, order.quote.total.amount_minor), (OrderStatus::Paid, 0));
        shop.carry_out(&app, &delivered, &["ada", "bob"], true).await;
        assert_eq!(shop.view(&app, &delivered).await.status, OrderStatus::Completed);
        let off = shop.buy(&app, "off", "tok_visa", 1).await;
        let buyer = app.guest().header("order-token", off.token.expose());
        buyer.post(&format!("/api/v1/orders/{}/cancel", off.order.id), &json!({})).await.expect(200);
        app.settle().await;
        assert_eq!(shop.view(&app, &off).await.status, OrderStatus::Cancelled);
        assert_eq!(shop.books().await.0.len(), 0, "the gateway has never heard of either");
        let undone = "SELECT count(*) FROM journal_entries WHERE kind = 'refund' AND refund_id IS NULL";
        assert_eq!(app.count("payments", undone).await, 2, "one of each vendor");
        for mode in [Mode::Live, Mode::Quiescent] {
            assert_eq!(wrong(&look(&app, &shop, mode).await), vec![], "{mode:?}");
        }
    })
    .await;
}
