use std::time::Duration;

use contracts::cart::CartAbandoned;
use testkit::{customer, on_both_databases, principals::account_of};

use super::*;

fn after_two_hours() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings { abandoned_hours: 2 })]
}

fn never() -> Vec<ServiceDef> {
    vec![crate::service(crate::Settings { abandoned_hours: 0 })]
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_customers_cart_left_for_a_day_is_told_of_once_per_version() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        fill(&ada, &[("mug", 2), ("lamp", 1)]).await;
        guest(&app, &[("mug", 1)]).await;
        let emptied = app.as_user(&customer("eve"));
        fill(&emptied, &[("mug", 1)]).await;
        emptied.delete(LINES).await.expect(200);

        app.advance(DAY - HOUR).await;
        assert!(app.published::<CartAbandoned>("cart").await.is_empty());
        app.advance(HOUR).await;
        let told = app.published::<CartAbandoned>("cart").await;
        assert_eq!(told.len(), 1, "not of guests, not of empty carts");
        assert_eq!((told[0].cart_id, told[0].items), (current(&ada).await.id, 3));
        assert_eq!(told[0].account_id, account_of(&customer("ada")));
        app.advance(DAY * 7).await;
        assert_eq!(app.published::<CartAbandoned>("cart").await.len(), 1, "once");

        fill(&ada, &[("lamp", 1)]).await;
        app.advance(DAY).await;
        app.advance(DAY).await;
        let told = app.published::<CartAbandoned>("cart").await;
        assert_eq!((told.len(), told[1].items), (2, 4), "and once more after an edit");
    })
    .await;
}

#[tokio::test]
async fn how_long_a_cart_is_left_alone_is_a_setting() {
    on_both_databases(after_two_hours, |app| async move {
        stock_the_shelves(&app).await;
        fill(&app.as_user(&customer("ada")), &[("mug", 1)]).await;
        app.advance(HOUR).await;
        assert!(app.published::<CartAbandoned>("cart").await.is_empty());
        app.advance(HOUR).await;
        assert_eq!(app.published::<CartAbandoned>("cart").await.len(), 1);
    })
    .await;
    on_both_databases(never, |app| async move {
        stock_the_shelves(&app).await;
        fill(&app.as_user(&customer("ada")), &[("mug", 1)]).await;
        app.advance(DAY * 7).await;
        assert!(app.published::<CartAbandoned>("cart").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_does_not_want_such_letters_gets_none_any_more() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, eve) = (app.as_user(&customer("ada")), app.as_user(&customer("eve")));
        fill(&ada, &[("mug", 1)]).await;
        app.advance(DAY).await;
        let told = app.published::<CartAbandoned>("cart").await;
        let token = told[0].stop.strip_prefix("/cart/letters/stop?token=").unwrap().to_owned();
        let stops = "/api/v1/cart-letters/stops";
        let forged = format!("{}.{}", account_of(&customer("eve")), token.split_once('.').unwrap().1);
        app.guest().post(stops, &json!({"token": forged})).await.expect_invalid("token");
        assert_eq!(app.count("cart", "SELECT count(*) FROM no_letters").await, 0);
        for _ in 0..2 {
            app.guest().post(stops, &json!({"token": token})).await.expect(204);
        }
        assert_eq!(app.count("cart", "SELECT count(*) FROM no_letters").await, 1);

        fill(&ada, &[("lamp", 1)]).await;
        fill(&eve, &[("mug", 1)]).await;
        app.advance(DAY).await;
        app.advance(DAY).await;
        let told = app.published::<CartAbandoned>("cart").await;
        assert_eq!(
            told.iter().map(|t| t.account_id).collect::<Vec<_>>(),
            ["ada", "eve"].map(|n| account_of(&customer(n)))
        );
        let looked_at = "SELECT count(*) FROM carts WHERE told_version = version";
        assert_eq!(app.count("cart", looked_at).await, 2, "it is not looked at again");
    })
    .await;
}

#[tokio::test]
async fn guests_carts_are_forgotten_after_sixty_days_without_an_edit() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (old, opened) = guest(&app, &[("mug", 1)]).await;
        let (kept, _) = guest(&app, &[("mug", 1)]).await;
        let ada = app.as_user(&customer("ada"));
        fill(&ada, &[("mug", 1)]).await;
        app.advance(DAY * 30).await;
        fill(&kept, &[("lamp", 1)]).await;

        // Past its time it opens nothing, even before it is removed.
        app.clock.advance(DAY * 30);
        old.get(CURRENT).await.expect_problem(404, "not_found");
        old.post(LINES, &wants("mug", 1)).await.expect_problem(404, "not_found");
        old.delete(LINES).await.expect_problem(404, "not_found");
        ada.post(MERGE, &json!({"token": opened.token})).await.expect_problem(404, "not_found");
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts").await, 3);
        app.settle().await;
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts").await, 2);
        assert_eq!(app.count("cart", "SELECT count(*) FROM lines").await, 3, "with its lines");
        assert_eq!(contents(&current(&kept).await), of(&[("mug", 1), ("lamp", 1)]));
        assert_eq!(contents(&current(&ada).await), of(&[("mug", 1)]));
    })
    .await;
}
