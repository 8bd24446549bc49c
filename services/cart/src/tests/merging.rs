use futures::future::join_all;
use testkit::{customer, on_both_databases};

use super::*;

#[tokio::test]
async fn quantities_add_up_and_new_things_go_to_the_end() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        fill(&ada, &[("lamp", 1), ("mug", 9_998)]).await;
        let (guest, opened) = guest(&app, &[("bowl-l", 1), ("mug", 5), ("bowl-s", 2)]).await;
        let merged: CartView = ada.post(MERGE, &json!({"token": opened.token})).await.expect(200).json();
        assert_eq!(contents(&merged), of(&[("lamp", 1), ("mug", 10_000), ("bowl-l", 1), ("bowl-s", 2)]));
        assert_eq!(current(&ada).await, merged);
        guest.get(CURRENT).await.expect_problem(404, "not_found");
        ada.post(MERGE, &json!({"token": opened.token})).await.expect_problem(404, "not_found");
        assert_eq!(current(&ada).await, merged, "the second time changes nothing");
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts").await, 1);
        assert_eq!(app.count("cart", "SELECT count(*) FROM lines").await, 4);
        let (_, more) = super::guest(&app, &[]).await;
        ada.post(MERGE, &json!({"token": more.token})).await.expect(200);
        assert_eq!(contents(&current(&ada).await), contents(&merged), "an empty cart adds nothing");
    })
    .await;
}

#[tokio::test]
async fn a_first_log_in_takes_the_guests_cart_over() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (_, opened) = guest(&app, &[("bowl-l", 1), ("mug", 5)]).await;
        let ada = app.as_user(&customer("ada"));
        let merged: CartView = ada.post(MERGE, &json!({"token": opened.token})).await.expect(200).json();
        assert_eq!((contents(&merged), merged.subtotal), (of(&[("bowl-l", 1), ("mug", 5)]), Some(eur(14_250))));
        fill(&ada, &[("lamp", 1)]).await;
        assert_eq!(contents(&current(&ada).await), of(&[("bowl-l", 1), ("mug", 5), ("lamp", 1)]));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_changes_neither_cart() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        many_things(&app, 101).await;
        app.deliver("cart", &published("ben", "import", &[("import", Money::new(1000, Currency::USD))])).await;
        let ada = app.as_user(&customer("ada"));
        fill(&ada, &[("mug", 1)]).await;

        let (foreign, other) = guest(&app, &[("import", 1)]).await;
        let problem = ada.post(MERGE, &json!({"token": other.token})).await.expect_problem(422, "other_currency");
        assert_eq!(problem["errors"][0]["field"], "token");
        assert_eq!(contents(&current(&foreign).await), of(&[("import", 1)]));

        let names: Vec<String> = (0..100).map(|i| format!("thing-{i}")).collect();
        let lines: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        let (crowded, full) = guest(&app, &lines).await;
        ada.post(MERGE, &json!({"token": full.token})).await.expect_problem(422, "cart_full");
        assert_eq!(current(&crowded).await.lines.len(), 100);
        assert_eq!(contents(&current(&ada).await), of(&[("mug", 1)]));

        app.guest().post(MERGE, &json!({"token": full.token})).await.expect_problem(401, "unauthenticated");
        ada.post(MERGE, &json!({})).await.expect(422);
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts").await, 3);
    })
    .await;
}

#[tokio::test]
async fn of_many_mergers_at_once_one_counts() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (_, opened) = guest(&app, &[("mug", 3), ("lamp", 1)]).await;
        let (ada, eve) = (app.as_user(&customer("ada")), app.as_user(&customer("eve")));
        let body = json!({"token": opened.token});
        let answers = join_all((0..50).map(|i| {
            let (who, body) = (if i % 2 == 0 { ada.clone() } else { eve.clone() }, body.clone());
            async move { who.post(MERGE, &body).await.status.as_u16() }
        }))
        .await;
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|status| matches!(status, 200 | 404)), "{answers:?}");
        assert_eq!(current(&ada).await.items + current(&eve).await.items, 4);
    })
    .await;
}
