use futures::future::join_all;
use testkit::{customer, on_both_databases};

use super::*;

#[tokio::test]
async fn lines_are_added_set_and_removed_in_their_order() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (guest, _) = guest(&app, &[("lamp", 1), ("mug", 1), ("bowl-s", 3), ("lamp", 2)]).await;
        let cart = current(&guest).await;
        assert_eq!(contents(&cart), of(&[("lamp", 3), ("mug", 1), ("bowl-s", 3)]));
        assert_eq!((cart.items, cart.subtotal, cart.version), (7, Some(eur(29_700 + 2490 + 3600)), 5));

        let set: CartView = guest.put(&line_path("mug"), &json!({"quantity": 10_000})).await.expect(200).json();
        assert_eq!((contents(&set), set.version), (of(&[("lamp", 3), ("mug", 10_000), ("bowl-s", 3)]), 6));
        let removed: CartView = guest.put(&line_path("lamp"), &json!({"quantity": 0})).await.expect(200).json();
        assert_eq!(contents(&removed), of(&[("mug", 10_000), ("bowl-s", 3)]));
        let removed: CartView = guest.delete(&line_path("mug")).await.expect(200).json();
        assert_eq!((contents(&removed), removed.version), (of(&[("bowl-s", 3)]), 8));
        // Removing it again, e.g. by a double click, changes nothing.
        assert_eq!(guest.delete(&line_path("mug")).await.expect(200).json::<CartView>(), removed);
        fill(&guest, &[("lamp", 1)]).await;
        assert_eq!(
            contents(&current(&guest).await),
            of(&[("bowl-s", 3), ("lamp", 1)]),
            "what comes back goes to the end"
        );
        let cleared: CartView = guest.delete(LINES).await.expect(200).json();
        assert_eq!((cleared.lines.len(), cleared.subtotal, cleared.version), (0, None, 10));
        assert_eq!(guest.delete(LINES).await.expect(200).json::<CartView>(), cleared);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_had_is_refused_and_changes_nothing() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let dollars = Money::new(1000, Currency::USD);
        app.deliver("cart", &published("ben", "import", &[("import", dollars)])).await;
        app.deliver("cart", &level("import", "import", StockLevel::InStock)).await;
        for who in [guest(&app, &[("mug", 9_999)]).await.0, app.as_user(&customer("ada"))] {
            who.put(&line_path("lamp"), &json!({"quantity": 1})).await.expect_problem(404, "not_found");
            fill(&who, &[("lamp", 9_999)]).await;
            let before = current(&who).await;
            who.post(LINES, &wants("nothing", 1)).await.expect_invalid("variant_id");
            who.post(LINES, &wants("lamp", 2)).await.expect_invalid("quantity");
            who.post(LINES, &wants("lamp", -1)).await.expect_invalid("quantity");
            who.put(&line_path("lamp"), &json!({"quantity": 10_001})).await.expect_invalid("quantity");
            who.put(&line_path("lamp"), &json!({"quantity": -1})).await.expect_invalid("quantity");
            who.put(&line_path("bowl-s"), &json!({"quantity": 1})).await.expect_problem(404, "not_found");
            who.put(&format!("{LINES}/lamp"), &json!({"quantity": 1})).await.expect_problem(404, "not_found");
            let problem = who.post(LINES, &wants("import", 1)).await.expect_problem(422, "other_currency");
            assert_eq!(problem["errors"][0]["field"], "variant_id");
            assert_eq!(current(&who).await, before);
            // With nothing else in it, the cart takes the other currency.
            who.delete(LINES).await.expect(200);
            let other: CartView = who.post(LINES, &wants("import", 2)).await.expect(200).json();
            assert_eq!(other.subtotal, Some(Money::new(2000, Currency::USD)));
            who.post(LINES, &wants("mug", 1)).await.expect_problem(422, "other_currency");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cart_holds_a_hundred_different_things() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        many_things(&app, 110).await;
        let (guest, _) = guest(&app, &[]).await;
        let added = join_all((0..110).map(|i| {
            let (guest, wanted) = (guest.clone(), wants(&format!("thing-{i}"), 1));
            async move { guest.post(LINES, &wanted).await }
        }))
        .await;
        assert_eq!(added.iter().filter(|answer| answer.status.as_u16() == 200).count(), 100);
        let full = added.into_iter().filter(|answer| answer.status.as_u16() != 200);
        for answer in full {
            assert_eq!(answer.expect_problem(422, "cart_full")["errors"][0]["field"], "variant_id");
        }
        let cart = current(&guest).await;
        assert_eq!((cart.lines.len(), cart.items, cart.version), (100, 100, 101));
        // More of what is there still fits.
        let there = cart.lines[0].variant_id;
        let more: CartView = guest.post(LINES, &json!({"variant_id": there, "quantity": 5})).await.expect(200).json();
        assert_eq!(more.items, 105);
    })
    .await;
}

#[tokio::test]
async fn adding_at_once_loses_nothing() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        for who in [guest(&app, &[]).await.0, app.as_user(&customer("ada"))] {
            let adding = (0..50).map(|i| {
                let (who, wanted) = (who.clone(), wants(if i % 2 == 0 { "mug" } else { "lamp" }, 1));
                async move { who.post(LINES, &wanted).await.expect(200) }
            });
            join_all(adding).await;
            let cart = current(&who).await;
            let mut quantities = contents(&cart);
            quantities.sort();
            let mut expected = of(&[("mug", 25), ("lamp", 25)]);
            expected.sort();
            assert_eq!(quantities, expected);
            assert_eq!(cart.items, 50);
        }
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts WHERE account_id IS NOT NULL").await, 1);
    })
    .await;
}
