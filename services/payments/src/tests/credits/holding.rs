//! What is held before an order is placed, and what becomes of it if the order never comes to be.

use std::time::Duration;

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    credits::{Cover, HeldCredits, IssuedCredit},
    orders::{OrderStanding, OrderStatus},
    payments::{PaymentFailed, PaymentStatus},
};
use futures::future::join_all;
use kernel::{Clock, OrderId};
use serde_json::{Value, json};
use testkit::{admin, customer, principals::account_of};

use super::{
    super::{PARTS, cancelled, eur, order, payment, placed, reserve, scripted, sound},
    ALL, card, happened, history, hold, hold_cards, issue, stand_in_identity, standing, store_credit,
};

#[tokio::test]
async fn a_hundred_orders_on_one_gift_card_have_exact_outcomes() {
    scripted(|app, script| async move {
        let (id, code) = card(&app, "a", 2550).await;
        let orders: Vec<OrderId> = (0..100).map(|n: i64| order(&n.to_string())).collect();
        let asked = orders.iter().map(|order| hold(&app, *order, 100, json!({"codes": [code]}), None));
        let mut covered: Vec<(OrderId, i64)> = Vec::new();
        for (order, answer) in orders.iter().zip(join_all(asked).await) {
            if answer.status.as_u16() == 200 {
                covered.push((*order, answer.json::<HeldCredits>().covered.amount_minor));
            } else {
                answer.expect_problem(422, "gift_card_empty");
            }
        }
        let of = |minor: i64| covered.iter().filter(|(_, covered)| *covered == minor).count();
        assert_eq!((covered.len(), of(100), of(50)), (26, 25, 1));
        assert_eq!(standing(&app, id).await, (0, 2550));
        sound(&app).await;

        // Half of them are paid; the others are called off, each told twice and all at once.
        for (order, _) in &covered {
            app.deliver("payments", &placed(&app, *order, None, &[("ada", 100)])).await;
        }
        let (paid, off) = covered.split_at(13);
        let events: Vec<_> = off.iter().map(|(order, _)| app.envelope(&cancelled(*order))).collect();
        join_all(events.iter().chain(&events).map(|event| app.hand_over("payments", event))).await;
        for (order, _) in paid {
            reserve(&app, *order).await;
        }
        let spent: i64 = paid.iter().map(|(_, minor)| minor).sum();
        assert_eq!(standing(&app, id).await, (2550 - spent, 0));
        for (kind, times) in [("issued", 1), ("held", 26), ("released", 13), ("spent", 13), ("restored", 0)] {
            let sql = format!("SELECT count(*) FROM credit_movements WHERE kind = '{kind}'");
            assert_eq!(app.count("payments", &sql).await, times, "{kind}");
        }
        assert_eq!(script.money(), (13 * 100 - spent, 0));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn cards_named_in_opposite_order_do_not_wait_for_each_other() {
    scripted(|app, _| async move {
        let ((a, one), (b, two)) = (card(&app, "a", 3000).await, card(&app, "b", 3000).await);
        let asked = (0..40).map(|n: i64| {
            let codes = if n % 2 == 0 { json!([one, two]) } else { json!([two, one]) };
            let (app, order) = (app.clone(), order(&n.to_string()));
            async move { hold(&app, order, 100, json!({"codes": codes}), None).await.expect(200) }
        });
        join_all(asked).await;
        assert_eq!((standing(&app, a).await, standing(&app, b).await), ((1000, 2000), (1000, 2000)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_order_holds_once() {
    scripted(|app, _| async move {
        let (id, code) = card(&app, "a", 5000).await;
        let codes = [code.as_str()];
        let asked = (0..10).map(|_| hold_cards(&app, order("a"), 6040, &codes));
        assert_eq!(join_all(asked).await, [5000; 10]);
        assert_eq!(standing(&app, id).await, (0, 5000));
        assert_eq!(history(&app, id).await, happened(&[("issued", 5000, 0), ("held", -5000, 5000)]));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_and_nothing_is_held() {
    scripted(|app, _| async move {
        let (good, code) = card(&app, "good", 500).await;
        let (blocked_id, blocked) = card(&app, "blocked", 500).await;
        app.as_user(&admin()).post(&format!("{ALL}/{blocked_id}/block"), &json!(null)).await.expect(200);
        let dollars = json!({"kind": "gift_card", "amount_minor": 500, "currency": "USD"});
        let dollars: IssuedCredit = issue(&app, "usd", &dollars).await.expect(201).json();
        let until = app.clock.now().plus(Duration::from_secs(30));
        let over = json!({"kind": "gift_card", "amount_minor": 5, "currency": "EUR", "expires_at": until});
        let over: IssuedCredit = issue(&app, "over", &over).await.expect(201).json();
        app.advance(Duration::from_secs(30)).await;
        let (_, empty) = card(&app, "empty", 700).await;
        assert_eq!(hold_cards(&app, order("other"), 700, &[empty.as_str()]).await, 700);
        let (dollars, over) = (dollars.code.unwrap(), over.code.unwrap());
        let cases = [
            ("gift_card_unknown", "ABCD-EFGH-JKLM-NPQR"),
            ("gift_card_unknown", "nonsense"),
            ("gift_card_twice", code.as_str()),
            ("gift_card_blocked", blocked.as_str()),
            ("gift_card_currency", dollars.expose()),
            ("gift_card_expired", over.expose()),
            ("gift_card_empty", empty.as_str()),
        ];
        for (wanted, second) in cases {
            let credits = json!({"codes": [code, second]});
            let problem = hold(&app, order("a"), 6040, credits.clone(), None).await.expect_problem(422, wanted);
            assert_eq!(problem["errors"][0]["field"], "credits.codes[1]", "{problem}");
            // Whoever only asks what it would cover hears the same.
            let asked: Value = json!({"total": eur(6040), "credits": credits});
            app.guest().post("/api/v1/credits/cover", &asked).await.expect_problem(422, wanted);
        }
        let own = json!({"use_store_credit": true});
        hold(&app, order("a"), 6040, own, None).await.expect_invalid("credits.use_store_credit");
        hold(&app, order("a"), 0, json!({"codes": [code]}), None).await.expect_invalid("total");
        let changed = json!({"codes": [code], "covered_minor": 499});
        let problem = hold(&app, order("a"), 6040, changed, None).await.expect_problem(409, "credit_changed");
        assert_eq!(problem["extra"]["covered"], serde_json::to_value(eur(500)).unwrap());
        assert_eq!(standing(&app, good).await, (500, 0));
        assert_eq!(app.count("payments", "SELECT count(*) FROM credit_holds").await, 1);
        let exact = json!({"codes": [code], "covered_minor": 500});
        hold(&app, order("a"), 6040, exact, None).await.expect(200);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_it_would_cover_is_told_before_it_is_held() {
    scripted(|app, _| async move {
        let eve = customer("eve");
        stand_in_identity(&app);
        let own = store_credit(&app, "own", account_of(&eve), 1000).await;
        let (id, code) = card(&app, "a", 2000).await;
        let wanted = json!({"total": eur(2500), "credits": {"codes": [code], "use_store_credit": true}});
        let told: Cover = app.as_user(&eve).post("/api/v1/credits/cover", &wanted).await.expect(200).json();
        let parts: Vec<_> = told.parts.iter().map(|part| part.amount.amount_minor).collect();
        assert_eq!((told.covered, told.left, parts), (eur(2500), eur(0), vec![2000, 500]));
        assert_eq!(told.parts[0].last4.as_deref(), Some(&code[15..]));
        assert_eq!((standing(&app, id).await, standing(&app, own.id).await), ((2000, 0), (1000, 0)));
        let both = json!({"codes": [code], "use_store_credit": true});
        let held: HeldCredits = hold(&app, order("a"), 2500, both, Some(account_of(&eve))).await.expect(200).json();
        assert_eq!(held.covered, eur(2500));
        assert_eq!((standing(&app, id).await, standing(&app, own.id).await), ((0, 2000), (500, 500)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_held_for_an_order_that_never_comes_to_be_is_free_again() {
    scripted(|app, script| async move {
        let (id, code) = card(&app, "a", 2000).await;
        let code = [code.as_str()];
        hold_cards(&app, order("never"), 500, &code).await;
        hold_cards(&app, order("there"), 600, &code).await;
        hold_cards(&app, order("told"), 700, &code).await;
        app.deliver("payments", &placed(&app, order("told"), None, &[("ada", 700)])).await;
        // Nobody answers for `orders`: all stays.
        app.advance(Duration::from_secs(700)).await;
        assert_eq!(standing(&app, id).await, (200, 1800));
        let standing_of = |Path(id): Path<OrderId>| async move {
            Json(OrderStanding { status: (id == order("there")).then_some(OrderStatus::Placed) })
        };
        app.stand_in("orders", Router::new().route("/internal/orders/{id}/standing", get(standing_of)));
        for _ in 0..2 {
            app.advance(Duration::from_secs(61)).await;
            assert_eq!(standing(&app, id).await, (700, 1300));
        }
        // Whoever tries again under the same key may have it again, and it lapses again.
        assert_eq!(hold_cards(&app, order("never"), 500, &code).await, 500);
        assert_eq!(standing(&app, id).await, (200, 1800));
        app.advance(Duration::from_secs(700)).await;
        app.advance(Duration::from_secs(61)).await;
        assert_eq!(standing(&app, id).await, (700, 1300));
        // Whoever asks again before that has it for as long again.
        hold_cards(&app, order("slow"), 100, &code).await;
        app.advance(Duration::from_secs(500)).await;
        assert_eq!(hold_cards(&app, order("slow"), 100, &code).await, 100);
        app.advance(Duration::from_secs(200)).await;
        app.advance(Duration::from_secs(61)).await;
        assert_eq!(standing(&app, id).await, (600, 1400));
        app.advance(Duration::from_secs(600)).await;
        app.advance(Duration::from_secs(61)).await;
        assert_eq!(standing(&app, id).await, (700, 1300));
        // An order that turns up after all is not paid, for it would cost more than was said.
        app.deliver("payments", &placed(&app, order("never"), None, PARTS)).await;
        let failed = payment(&app, order("never")).await;
        assert_eq!((failed.status, failed.failure.as_deref()), (PaymentStatus::Failed, Some("credit_gone")));
        assert_eq!(app.published::<PaymentFailed>("payments").await[0].reason, "credit_gone");
        reserve(&app, order("never")).await;
        assert_eq!((script.calls("open"), standing(&app, id).await), (0, (700, 1300)));
        sound(&app).await;
    })
    .await;
}
