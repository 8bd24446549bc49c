//! A guest's order that an account has proven to be its own.

use contracts::orders::OrderClaimed;
use events::Received;

use super::*;

/// `order` belongs to `who` now.
fn claimed(paid: &OrderPaid, who: &Identity, was_paid: bool) -> OrderClaimed {
    OrderClaimed {
        order_id: paid.order_id,
        account_id: account_of(who),
        order: OrderSnapshot { account_id: Some(account_of(who)), ..paid.order.clone() },
        paid_at: was_paid.then_some(paid.paid_at),
    }
}

async fn purchases(app: &TestApp) -> i64 {
    app.count("reviews", "SELECT count(*) FROM purchases").await
}

#[tokio::test]
async fn a_guests_order_gives_the_right_once_it_is_claimed() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        let paid = paid(&app, None, &[("v", &["mug", "lamp"]), ("w", &["rug"])]);
        app.deliver("reviews", &paid).await;
        app.as_user(&ada).put(&path("mug"), &stars(5)).await.expect_problem(403, "not_bought");
        assert_eq!(purchases(&app).await, 0);

        let envelope = app.envelope(&claimed(&paid, &ada, true));
        assert_eq!(app.hand_over("reviews", &envelope).await, Received::Handled);
        for (name, rating) in [("mug", 5), ("rug", 4)] {
            app.as_user(&ada).put(&path(name), &stars(rating)).await.expect(200);
        }
        app.as_user(&bob).put(&path("mug"), &stars(1)).await.expect_problem(403, "not_bought");
        assert_eq!(
            summary(&app, "mug").await,
            RatingSummary { average_x100: 500, count: 1, histogram: [0, 0, 0, 0, 1] }
        );
        assert_eq!(store_summary(&app, "w").await.count, 1);
        let list: Page<Reviewable> = app.as_user(&ada).get("/api/v1/me/reviewable").await.expect(200).json();
        let mut told: Vec<_> = list.items.iter().map(|item| (item.product_id, item.review.is_some())).collect();
        told.sort();
        let mut expected = [(product("mug"), true), (product("lamp"), false), (product("rug"), true)];
        expected.sort();
        assert_eq!(told, expected);

        assert_eq!(app.hand_over("reviews", &envelope).await, Received::Duplicate);
        assert_eq!(purchases(&app).await, 3);
        let (order_id, account_id) = (paid.order_id, Some(account_of(&ada)));
        let reason = "by_admin".to_owned();
        app.deliver("reviews", &OrderCancelled { order_id, account_id, reason, was_paid: true }).await;
        app.as_user(&ada).put(&path("lamp"), &stars(5)).await.expect_problem(403, "not_bought");
        assert_eq!(purchases(&app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_was_not_paid_gives_no_right_when_it_is_claimed() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let ada = customer("ada");
        let unpaid = paid(&app, None, &[("v", &["mug"])]);
        app.deliver("reviews", &claimed(&unpaid, &ada, false)).await;
        app.as_user(&ada).put(&path("mug"), &stars(5)).await.expect_problem(403, "not_bought");
        assert_eq!(purchases(&app).await, 0);
    })
    .await;
}
