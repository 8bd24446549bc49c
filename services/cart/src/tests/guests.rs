use bytes::Bytes;
use testkit::{customer, on_both_databases};

use super::*;

#[tokio::test]
async fn a_cart_is_opened_with_its_first_line() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let opened: NewCart = app.guest().post(CARTS, &wants("mug", 2)).await.expect(201).json();
        let line = &opened.cart.lines[0];
        assert_eq!((opened.cart.items, opened.cart.subtotal, opened.cart.version), (2, Some(eur(4980)), 1));
        assert_eq!((line.variant_id, line.product_id, line.vendor_id), (variant("mug"), product("mug"), vendor("ada")));
        assert_eq!((line.title.as_str(), &line.options[..]), ("The mug", &["mug".to_owned()][..]));
        assert_eq!(
            (line.product_slug.as_str(), line.vendor_slug.as_str(), line.vendor_name.as_str()),
            ("mug", "ada", "ADA")
        );
        assert_eq!(line.picture_url.as_deref(), Some("/media/p-320.jpg"));
        assert_eq!(
            (line.unit_price, line.total, line.compare_at, line.price_when_added),
            (eur(2490), eur(4980), None, None)
        );
        assert_eq!((line.stock, line.available), (StockLevel::InStock, true));

        let guest = app.guest().header(CART_TOKEN_HEADER, opened.token.expose());
        assert_eq!(current(&guest).await, opened.cart, "what was answered is what is stored");
        assert!(opened.token.expose().len() >= 43, "256 bits");
        let stored = app
            .db("cart")
            .one("SELECT token_hash FROM carts", vec![])
            .await
            .unwrap()
            .get::<String>("token_hash")
            .unwrap();
        assert_ne!(stored, opened.token.expose());
        assert_eq!(stored.len(), 64);
    })
    .await;
}

#[tokio::test]
async fn an_empty_cart_can_be_opened_with_no_body_at_all() {
    on_both_databases(defs, |app| async move {
        let opened: NewCart = app.guest().send(http_post(), CARTS, None, Bytes::new()).await.expect(201).json();
        assert_eq!((opened.cart.lines.len(), opened.cart.items, opened.cart.subtotal), (0, 0, None));
    })
    .await;
}

fn http_post() -> axum::http::Method {
    axum::http::Method::POST
}

#[tokio::test]
async fn a_cart_that_cannot_be_opened_leaves_nothing_behind() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let guest = app.guest();
        guest.post(CARTS, &wants("nothing", 1)).await.expect_invalid("variant_id");
        guest.post(CARTS, &wants("mug", 0)).await.expect_invalid("quantity");
        guest.post(CARTS, &wants("mug", 10_001)).await.expect_invalid("quantity");
        guest.post(CARTS, &json!({"variant_id": "mug", "quantity": 1})).await.expect_invalid("variant_id");
        guest.post(CARTS, &json!({"variant_id": variant("mug"), "quantity": 1, "price": 1})).await.expect(422);
        guest.post(CARTS, &json!([])).await.expect(422);
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts").await, 0);
        assert_eq!(app.count("cart", "SELECT count(*) FROM lines").await, 0);
    })
    .await;
}

#[tokio::test]
async fn only_the_token_opens_a_guests_cart() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (mine, opened) = guest(&app, &[("mug", 1)]).await;
        let nobody = app.guest().get(CURRENT).await.expect_problem(404, "not_found");
        for wrong in [opened.cart.id.to_string(), "x".to_owned(), "ü".to_owned(), format!("{}x", opened.token.expose())]
        {
            let thief = app.guest().header(CART_TOKEN_HEADER, wrong);
            assert_eq!(thief.get(CURRENT).await.expect_problem(404, "not_found"), nobody);
            thief.post(LINES, &wants("mug", 1)).await.expect_problem(404, "not_found");
            thief.put(&line_path("mug"), &json!({"quantity": 9})).await.expect_problem(404, "not_found");
            thief.delete(&line_path("mug")).await.expect_problem(404, "not_found");
            thief.delete(LINES).await.expect_problem(404, "not_found");
        }
        let (other, _) = guest(&app, &[("lamp", 1)]).await;
        other.delete(LINES).await.expect(200);
        assert_eq!(contents(&current(&mine).await), of(&[("mug", 1)]));
    })
    .await;
}

#[tokio::test]
async fn customers_have_one_cart_each_and_looking_writes_nothing() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, eve) = (app.as_user(&customer("ada")), app.as_user(&customer("eve")));
        let empty = current(&ada).await;
        assert_eq!((empty.lines.len(), empty.version, empty.subtotal), (0, 0, None));
        assert_eq!(app.count("cart", "SELECT count(*) FROM carts").await, 0);

        fill(&ada, &[("mug", 1), ("lamp", 2)]).await;
        let filled = current(&ada).await;
        assert_eq!((filled.id, contents(&filled), filled.version), (empty.id, of(&[("mug", 1), ("lamp", 2)]), 2));
        assert_eq!(filled.subtotal, Some(eur(2490 + 19_800)));
        let other = current(&eve).await;
        assert_ne!(other.id, filled.id);
        assert!(other.lines.is_empty());
        eve.delete(LINES).await.expect(200);
        assert_eq!(current(&ada).await, filled);
    })
    .await;
}

#[tokio::test]
async fn the_token_counts_before_the_account_while_it_opens_a_cart() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (_, opened) = guest(&app, &[]).await;
        let ada = app.as_user(&customer("ada"));
        let both = ada.header(CART_TOKEN_HEADER, opened.token.expose());
        fill(&both, &[("mug", 1)]).await;
        assert_eq!(current(&both).await.id, opened.cart.id);
        ada.post(MERGE, &json!({"token": opened.token})).await.expect(200);
        fill(&both, &[("mug", 1)]).await;
        assert_eq!(contents(&current(&ada).await), of(&[("mug", 2)]), "a token of the past does not get in the way");
    })
    .await;
}
