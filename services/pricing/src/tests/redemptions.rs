//! Limits that hold: what is held, confirmed, given back and let go.

use std::sync::Arc;

use std::time::Duration;

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    orders::{OrderCancelled, OrderPlaced, OrderRejected, OrderSnapshot, OrderStanding, OrderStatus, PaymentChoice},
    pricing::Quote,
    promotions::{Held, HoldPromotions, Obstacle, PromotionView, QuotePromotion},
};
use kernel::{Clock, OrderId};
use testkit::{TestApp, admin, on_both_databases};

use super::*;

const ALL: &str = "/api/v1/admin/promotions";

async fn create(app: &TestApp, input: &PromotionInput) -> PromotionView {
    app.as_user(&admin()).post(ALL, input).await.expect(201).json()
}

async fn uses(app: &TestApp, promotion: &PromotionView) -> (i64, i64) {
    let now: PromotionView = app.as_user(&admin()).get(&format!("{ALL}/{}", promotion.id)).await.expect(200).json();
    (now.uses, now.spent.amount_minor)
}

fn order(name: &str) -> OrderId {
    OrderId::derived("test", &[name])
}

fn holds(name: &str, email: &str, promotions: &[(&PromotionView, i64)]) -> HoldPromotions {
    let promotions = promotions.iter().map(|(promotion, minor)| QuotePromotion {
        promotion_id: promotion.id,
        name: promotion.input.name.clone(),
        code: promotion.input.code.clone(),
        amount: eur(*minor),
        platform: eur(0),
        counted: None,
    });
    HoldPromotions {
        order_id: order(name),
        customer: Customer { account_id: None, email: Some(email.parse().unwrap()) },
        promotions: promotions.collect(),
    }
}

/// Why it was refused; nothing if it was not.
async fn hold(app: &TestApp, wanted: &HoldPromotions) -> Option<Obstacle> {
    let held: Held = app.as_service("orders").post("/internal/promotions/hold", wanted).await.expect(200).json();
    held.refused.map(|refused| refused.reason)
}

fn placed(app: &TestApp, name: &str) -> OrderPlaced {
    let order = OrderSnapshot {
        number: "S-1".to_owned(),
        account_id: None,
        cart_id: None,
        country: "DE".parse().unwrap(),
        parts: vec![],
        total: eur(1000),
        tax: eur(0),
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: app.clock.now(),
    };
    OrderPlaced { order_id: self::order(name), pay_by: None, order }
}

fn cancelled(name: &str) -> OrderCancelled {
    OrderCancelled { order_id: order(name), account_id: None, reason: "expired".to_owned(), was_paid: false }
}

#[tokio::test]
async fn a_hold_counts_once_and_comes_back_once() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ten = create(&app, &PromotionInput { max_uses: Some(1), ..coded("TEN", TEN) }).await;
        let eve = holds("one", "eve@example.com", &[(&ten, 249)]);
        assert_eq!(hold(&app, &eve).await, None);
        assert_eq!(hold(&app, &eve).await, None, "the same order again");
        assert_eq!(uses(&app, &ten).await, (1, 249));
        assert_eq!(hold(&app, &holds("two", "bob@example.com", &[(&ten, 100)])).await, Some(Obstacle::UsedUp));
        assert_eq!(uses(&app, &ten).await, (1, 249));
        assert_eq!(app.count("pricing", "SELECT count(*) FROM promotion_redemptions").await, 1);

        app.deliver("pricing", &placed(&app, "one")).await;
        let confirmed = "SELECT count(*) FROM promotion_redemptions WHERE state = 'confirmed'";
        assert_eq!(app.count("pricing", confirmed).await, 1);
        let envelope = app.envelope(&cancelled("one"));
        for _ in 0..2 {
            app.hand_over("pricing", &envelope).await;
        }
        assert_eq!(uses(&app, &ten).await, (0, 0));
        app.deliver("pricing", &OrderRejected { order_id: order("one"), account_id: None, shortages: vec![] }).await;
        assert_eq!(uses(&app, &ten).await, (0, 0));
        assert_eq!(hold(&app, &eve).await, None, "what ended is not taken up again");
        assert_eq!(uses(&app, &ten).await, (0, 0));
        assert_eq!(hold(&app, &holds("two", "bob@example.com", &[(&ten, 100)])).await, None);
    })
    .await;
}

#[tokio::test]
async fn all_of_an_order_s_promotions_are_held_or_none() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let free = create(&app, &coded("FREE", TEN)).await;
        let budget = create(&app, &PromotionInput { budget_minor: Some(500), ..coded("BUDGET", TEN) }).await;
        let once = create(&app, &PromotionInput { max_uses_per_customer: Some(1), ..coded("ONCE", TEN) }).await;
        let all = |name: &str, email: &str, minor| holds(name, email, &[(&free, 10), (&budget, minor), (&once, 10)]);
        assert_eq!(hold(&app, &all("one", "eve@example.com", 300)).await, None);
        assert_eq!(hold(&app, &all("two", "bob@example.com", 201)).await, Some(Obstacle::UsedUp));
        let tagged = hold(&app, &all("three", "Eve+again@example.com", 200)).await;
        assert_eq!(tagged, Some(Obstacle::AlreadyUsed), "the same person by another spelling");
        assert_eq!((uses(&app, &free).await, uses(&app, &budget).await), ((1, 10), (1, 300)));
        assert_eq!(hold(&app, &all("four", "bob@example.com", 200)).await, None);
        assert_eq!((uses(&app, &budget).await, uses(&app, &once).await), ((2, 500), (2, 20)));

        // A customer who is known is told by the quote, too.
        let request = QuoteRequest {
            codes: vec!["ONCE".parse().unwrap(), "BUDGET".parse().unwrap()],
            ..wants("DE", &[("mug", 1)])
        };
        let eve = Customer { account_id: None, email: Some("eve@example.com".parse().unwrap()) };
        let quote: Quote = app
            .guest()
            .post("/api/v1/quotes", &QuoteRequest { customer: eve, ..request.clone() })
            .await
            .expect(200)
            .json();
        let reasons: Vec<_> = quote.codes.iter().map(|c| c.reason).collect();
        assert_eq!(reasons, [Some(Obstacle::UsedUp), Some(Obstacle::AlreadyUsed)]);
        app.guest()
            .post("/internal/promotions/hold", &all("five", "x@example.com", 1))
            .await
            .expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn limits_cannot_fall_below_what_was_used() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ten = create(&app, &coded("TEN", TEN)).await;
        for name in ["one", "two"] {
            assert_eq!(hold(&app, &holds(name, "eve@example.com", &[(&ten, 100)])).await, None);
        }
        let boss = app.as_user(&admin());
        let one = format!("{ALL}/{}", ten.id);
        boss.put(&one, &PromotionInput { max_uses: Some(1), ..ten.input.clone() }).await.expect_invalid("max_uses");
        boss.put(&one, &PromotionInput { budget_minor: Some(199), ..ten.input.clone() })
            .await
            .expect_invalid("budget_minor");
        let least = PromotionInput { max_uses: Some(2), budget_minor: Some(200), ..ten.input.clone() };
        boss.put(&one, &least).await.expect(200);
        assert_eq!(hold(&app, &holds("three", "bob@example.com", &[(&ten, 1)])).await, Some(Obstacle::UsedUp));
        boss.delete(&one).await.expect(204);
        app.deliver("pricing", &cancelled("one")).await;
        let left = app.count("pricing", "SELECT uses FROM promotions").await;
        assert_eq!(left, 1, "an order gives back what was removed meanwhile");
    })
    .await;
}

#[tokio::test]
async fn fifty_at_once_get_what_ten_may_have() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ten =
            create(&app, &PromotionInput { max_uses: Some(10), max_uses_per_customer: Some(1), ..coded("TEN", TEN) })
                .await;
        let attempts = (0..50).map(|n| {
            let (app, wanted) = (app.clone(), holds(&format!("o{n}"), &format!("b{n}@example.com"), &[(&ten, 100)]));
            tokio::spawn(async move { hold(&app, &wanted).await })
        });
        let mut had = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                None => had += 1,
                reason => assert_eq!(reason, Some(Obstacle::UsedUp)),
            }
        }
        assert_eq!((had, uses(&app, &ten).await), (10, (10, 1000)));
    })
    .await;
}

/// A hundred orders at once, each of another customer with another amount; how many got it, and what they got.
async fn rush(app: &Arc<TestApp>, of: &PromotionView, amount: fn(i64) -> i64) -> (i64, i64) {
    let attempts = (0..100_i64).map(|n| {
        let wanted = holds(&format!("o{n}"), &format!("b{n}@example.com"), &[(of, amount(n))]);
        let app = app.clone();
        tokio::spawn(async move { hold(&app, &wanted).await })
    });
    let (mut had, mut spent) = (0, 0);
    for (n, attempt) in (0_i64..).zip(attempts.collect::<Vec<_>>()) {
        match attempt.await.unwrap() {
            None => (had, spent) = (had + 1, spent + amount(n)),
            reason => assert_eq!(reason, Some(Obstacle::UsedUp)),
        }
    }
    (had, spent)
}

#[tokio::test]
async fn a_hundred_at_once_spend_a_budget_to_the_cent_and_not_beyond() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let even = create(&app, &PromotionInput { budget_minor: Some(3_000), ..coded("EVEN", TEN) }).await;
        assert_eq!(rush(&app, &even, |_| 100).await, (30, 3_000));
        assert_eq!(uses(&app, &even).await, (30, 3_000));
        let rows = "SELECT count(*) FROM promotion_redemptions";
        assert_eq!(app.count("pricing", rows).await, 30, "who was refused holds nothing");
        assert_eq!(app.count("pricing", "SELECT count(*) FROM promotion_customers").await, 30);
        let late = holds("late", "late@example.com", &[(&even, 1)]);
        assert_eq!(hold(&app, &late).await, Some(Obstacle::UsedUp));
    })
    .await;
}

#[tokio::test]
async fn a_hundred_at_once_never_go_beyond_a_budget_that_does_not_come_out_even() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        // 1.00 to 1.70 each: whoever comes last leaves less than the dearest would have taken.
        let odd = create(&app, &PromotionInput { budget_minor: Some(3_001), ..coded("ODD", TEN) }).await;
        let (had, spent) = rush(&app, &odd, |n| 100 + n % 8 * 10).await;
        assert_eq!(uses(&app, &odd).await, (had, spent));
        assert!(spent <= 3_001 && spent > 3_001 - 170, "{had} orders took {spent}");
        let rows = "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM promotion_redemptions";
        assert_eq!(app.count("pricing", rows).await, spent);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_at_once_are_held_to_every_limit_of_all_their_promotions() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let many = create(&app, &PromotionInput { max_uses: Some(60), ..coded("MANY", TEN) }).await;
        let few = PromotionInput { max_uses: Some(17), budget_minor: Some(1_000), ..coded("FEW", TEN) };
        let few = create(&app, &few).await;
        let attempts = (0..100).map(|n| {
            // In whatever order they are named, nobody waits for somebody who waits.
            let both = if n % 2 == 0 { vec![(&many, 10), (&few, 50)] } else { vec![(&few, 50), (&many, 10)] };
            let wanted = holds(&format!("o{n}"), &format!("b{n}@example.com"), &both);
            let app = app.clone();
            tokio::spawn(async move { hold(&app, &wanted).await })
        });
        let mut had = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            had += i64::from(attempt.await.unwrap().is_none());
        }
        assert_eq!(had, 17);
        assert_eq!((uses(&app, &few).await, uses(&app, &many).await), ((17, 850), (17, 170)));
        assert_eq!(app.count("pricing", "SELECT count(*) FROM promotion_redemptions").await, 34);
    })
    .await;
}

#[tokio::test]
async fn what_is_held_for_no_order_lapses_after_orders_was_asked() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ten = create(&app, &PromotionInput { max_uses: Some(2), ..coded("TEN", TEN) }).await;
        for name in ["there", "never"] {
            assert_eq!(hold(&app, &holds(name, "eve@example.com", &[(&ten, 100)])).await, None);
        }
        // As long as `orders` does not answer, everything stays.
        app.advance(Duration::from_secs(700)).await;
        assert_eq!(uses(&app, &ten).await, (2, 200));
        let standing = |Path(id): Path<OrderId>| async move {
            Json(OrderStanding { status: (id == order("there")).then_some(OrderStatus::Placed) })
        };
        app.stand_in("orders", Router::new().route("/internal/orders/{id}/standing", get(standing)));
        app.advance(Duration::from_secs(61)).await;
        assert_eq!(uses(&app, &ten).await, (1, 100));
        app.advance(Duration::from_secs(61)).await;
        assert_eq!(uses(&app, &ten).await, (1, 100));
        // Whoever tries again under the same key may have it again.
        let again = holds("never", "eve@example.com", &[(&ten, 50)]);
        assert_eq!(hold(&app, &again).await, None);
        assert_eq!(uses(&app, &ten).await, (2, 150));
    })
    .await;
}
