use std::time::Duration;

use contracts::cart::CartAbandoned;
use testkit::{customer, on_both_databases, principals::account_of};

use super::*;

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
