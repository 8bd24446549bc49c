//! An order in dollars, from the rate to the refund.

use contracts::{
    orders::{OrderStatus, OrderView, PlacedOrder},
    payments::{EarningsView, TrialBalance},
    pricing::Quote,
    promotions::PromotionView,
};
use db::Dialect;
use kernel::{Currency, Money};
use serde_json::json;

use crate::{story::order_for, town::Town};

async fn set_rate(town: &Town, rate_micro: i64) {
    let rounding = json!({"mode": "nearest", "step_minor": 100, "ending_minor": 99});
    let input = json!({"rate_micro": rate_micro, "rounding": rounding});
    town.app.as_user(&town.admin).put("/api/v1/admin/currencies/USD", &input).await.expect(200);
}

/// What the gateway's journal says was captured and returned, in cents.
async fn dollars(town: &Town) -> (i64, i64) {
    let summary = town.gateway.summary().await.unwrap();
    summary.by_currency.get("USD").map_or((0, 0), |sums| (sums.captured_minor, sums.refunded_minor))
}

#[tokio::test]
async fn an_order_in_dollars_keeps_its_rate_all_the_way() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let town = Town::new(dialect).await;
        let potter = town.shop("Potter", "Blue mug", 2_000, 5, town.category().await).await;
        let admin = town.app.as_user(&town.admin);
        set_rate(&town, 1_085_000).await;
        let input = json!({
            "name": "Five off", "code": "five", "currency": "EUR", "starts_at": "2026-01-01T00:00:00Z",
            "effect": {"type": "amount_off", "amount_minor": 500}, "budget_minor": 500, "platform_share_bp": 10_000,
        });
        let made: PromotionView = admin.post("/api/v1/admin/promotions", &input).await.expect(201).json();

        let lines = json!([{"variant_id": potter.product.input.variants[0].id, "quantity": 1}]);
        let request = json!({"currency": "USD", "country": "DE", "lines": lines, "codes": ["FIVE"]});
        let guest = town.app.guest();
        let before: Quote = guest.post("/api/v1/quotes", &request).await.expect(200).json();
        // 20.00 × 1.085 = 21.70
        assert_eq!(before.subtotal, Money::new(2_199, Currency::USD));
        let placing = |quote: &Quote| {
            let mut place = order_for(quote, &lines, Some("tok_visa"));
            place["currency"] = json!("USD");
            place["codes"] = json!(["five"]);
            place
        };

        // The rate changes before the order: nothing is ordered, and the buyer sees the new price.
        set_rate(&town, 1_200_000).await;
        let refused = guest.key("a").post("/api/v1/orders", &placing(&before)).await;
        let problem = refused.expect_problem(409, "quote_changed");
        let now: Quote = serde_json::from_value(problem["extra"]["quote"].clone()).unwrap();
        assert_eq!((now.subtotal.amount_minor, now.rates[0].rate.as_str()), (2_399, "1.2000"));
        // 5.00 × 1.2 = 6.00, which is all of the budget.
        assert_eq!((now.discount.amount_minor, now.promotions[0].counted_minor()), (600, 500));
        town.settle().await;
        assert_eq!(dollars(&town).await, (0, 0));

        let placed: PlacedOrder = guest.key("b").post("/api/v1/orders", &placing(&now)).await.expect(202).json();
        set_rate(&town, 2_000_000).await;
        town.settle().await;
        let path = format!("/api/v1/orders/{}", placed.order.id);
        let paid: OrderView = admin.get(&path).await.expect(200).json();
        assert_eq!((paid.status, &paid.quote), (OrderStatus::Paid, &now), "{:?}", paid.timeline);
        assert_eq!(dollars(&town).await, (now.total.amount_minor, 0));
        let spent: PromotionView = admin.get(&format!("/api/v1/admin/promotions/{}", made.id)).await.expect(200).json();
        assert_eq!((spent.uses, spent.spent), (1, Money::new(500, Currency::EUR)));

        // The vendor is paid in dollars.
        let earned = format!("/api/v1/vendors/{}/earnings", potter.vendor_id);
        let earnings: EarningsView = potter.owner.get(&earned).await.expect(200).json();
        let whole = now.total.plus(now.discount).unwrap();
        assert_eq!(earnings.sales_30d, [whole]);
        assert_eq!(earnings.balances[0].plus(earnings.commission_30d[0]).unwrap(), whole);
        let trial: TrialBalance = admin.get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
        assert!(trial.sums.iter().all(Money::is_zero), "{trial:?}");

        let buyer = guest.header("order-token", placed.token.expose());
        buyer.post(&format!("{path}/cancel"), &json!({})).await.expect(200);
        town.later(5).await;
        assert_eq!(dollars(&town).await, (now.total.amount_minor, now.total.amount_minor));
        let free: PromotionView = admin.get(&format!("/api/v1/admin/promotions/{}", made.id)).await.expect(200).json();
        assert_eq!((free.uses, free.spent.amount_minor), (0, 0));
    }
}
