//! What is kept for later, and what is wished for.

use std::time::Duration;

use contracts::{
    cart::{SharedWishes, WishAvailable, WishList, WishView},
    identity::AccountErased,
};
use kernel::{Clock, Page};
use testkit::{Answer, customer, on_both_databases, principals::account_of};

use super::*;

const WISHES: &str = "/api/v1/me/wishes";
const SHARE: &str = "/api/v1/me/wishes/share";

fn later_path(name: &str) -> String {
    format!("{}/later", line_path(name))
}

fn wish_path(name: &str) -> String {
    format!("{WISHES}/{}", variant(name))
}

async fn wish(who: &As, name: &str) -> Answer {
    who.put(&wish_path(name), &json!({})).await
}

fn kept(cart: &CartView) -> Vec<(VariantId, i64)> {
    cart.later.iter().map(|line| (line.variant_id, line.quantity)).collect()
}

fn wished(wishes: &[WishView]) -> Vec<VariantId> {
    wishes.iter().map(|wish| wish.line.variant_id).collect()
}

#[tokio::test]
async fn what_is_kept_for_later_is_neither_counted_nor_emptied_nor_ordered() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (guest, _) = guest(&app, &[("lamp", 1), ("mug", 2)]).await;
        let cart: CartView = guest.put(&later_path("mug"), &json!({"later": true})).await.expect(200).json();
        assert_eq!((contents(&cart), kept(&cart)), (of(&[("lamp", 1)]), vec![(variant("mug"), 2)]));
        assert_eq!((cart.items, cart.subtotal), (1, Some(eur(9900))));

        let emptied: CartView = guest.delete(LINES).await.expect(200).json();
        assert_eq!((contents(&emptied), emptied.subtotal), (vec![], None));
        assert_eq!(kept(&emptied), [(variant("mug"), 2)], "emptying the cart leaves it");

        let again: CartView = guest.put(&later_path("mug"), &json!({"later": false})).await.expect(200).json();
        assert_eq!((contents(&again), again.later.len()), (of(&[("mug", 2)]), 0));
        guest.put(&later_path("lamp"), &json!({"later": true})).await.expect_problem(404, "not_found");
        guest.put(&later_path("mug"), &json!({"later": "yes"})).await.expect_invalid("later");
        app.guest().put(&later_path("mug"), &json!({"later": true})).await.expect_problem(404, "not_found");
        assert_eq!(current(&guest).await, again);
    })
    .await;
}

#[tokio::test]
async fn what_is_put_in_again_is_wanted_now_as_often_as_is_said_now() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        fill(&ada, &[("mug", 9_000)]).await;
        ada.put(&later_path("mug"), &json!({"later": true})).await.expect(200);
        fill(&ada, &[("mug", 3_000)]).await;
        let cart = current(&ada).await;
        assert_eq!((contents(&cart), cart.later.len()), (of(&[("mug", 3_000)]), 0));
    })
    .await;
}

#[tokio::test]
async fn merged_carts_want_now_what_either_wants_now() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        fill(&ada, &[("mug", 1), ("lamp", 1), ("bowl-s", 1)]).await;
        for name in ["mug", "lamp"] {
            ada.put(&later_path(name), &json!({"later": true})).await.expect(200);
        }
        let (guest, opened) = guest(&app, &[("mug", 2), ("lamp", 2), ("bowl-l", 1)]).await;
        for name in ["lamp", "bowl-l"] {
            guest.put(&later_path(name), &json!({"later": true})).await.expect(200);
        }
        let merged: CartView = ada.post(MERGE, &json!({"token": opened.token})).await.expect(200).json();
        assert_eq!(contents(&merged), of(&[("mug", 3), ("bowl-s", 1)]));
        assert_eq!(kept(&merged), [(variant("lamp"), 3), (variant("bowl-l"), 1)]);
    })
    .await;
}

#[tokio::test]
async fn wishes_are_kept_newest_first_at_the_prices_of_now() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, eve) = (app.as_user(&customer("ada")), app.as_user(&customer("eve")));
        app.guest().get(WISHES).await.expect(401);
        for name in ["mug", "lamp", "bowl-s"] {
            app.advance(Duration::from_secs(1)).await;
            wish(&ada, name).await.expect(200);
        }
        // Wished for twice is wished for once, and since the first time.
        wish(&ada, "mug").await.expect(200);
        wish(&ada, "nothing").await.expect_invalid("variant_id");
        let first: Page<WishView> = ada.get(&format!("{WISHES}?limit=2")).await.expect(200).json();
        assert_eq!(wished(&first.items), [variant("bowl-s"), variant("lamp")]);
        let next = format!("{WISHES}?limit=2&after={}", first.next.unwrap());
        let second: Page<WishView> = ada.get(&next).await.expect(200).json();
        assert_eq!((wished(&second.items), second.next), (vec![variant("mug")], None));
        assert_eq!((second.items[0].line.unit_price, second.items[0].line.quantity), (eur(2490), 1));
        assert_eq!(eve.get(WISHES).await.expect(200).json::<Page<WishView>>().items.len(), 0);

        app.deliver("cart", &level("lamp", "lamp", StockLevel::SoldOut)).await;
        eve.delete(&wish_path("mug")).await.expect_problem(404, "not_found");
        ada.delete(&wish_path("bowl-s")).await.expect(204);
        ada.delete(&wish_path("bowl-s")).await.expect_problem(404, "not_found");
        let left: Page<WishView> = ada.get(WISHES).await.expect(200).json();
        assert_eq!(wished(&left.items), [variant("lamp"), variant("mug")], "another's list is another's");
        assert_eq!(left.items[0].line.stock, StockLevel::SoldOut);
    })
    .await;
}

#[tokio::test]
async fn a_shared_list_is_open_to_who_has_the_link_and_to_nobody_else() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let ada = app.as_user(&customer("ada"));
        wish(&ada, "mug").await.expect(200);
        ada.get(SHARE).await.expect_problem(404, "not_found");
        ada.put(SHARE, &json!({"title": ""})).await.expect_invalid("title");
        let shared: SharedWishes = ada.put(SHARE, &json!({"title": "For the new flat"})).await.expect(200).json();
        let renamed: SharedWishes = ada.put(SHARE, &json!({"title": "Birthday"})).await.expect(200).json();
        assert_eq!((renamed.title.as_str(), &renamed.token), ("Birthday", &shared.token));
        let link = format!("/api/v1/wishes/{}", shared.token);
        let seen: WishList = app.guest().get(&link).await.expect(200).json();
        assert_eq!((seen.title.as_str(), wished(&seen.wishes)), ("Birthday", vec![variant("mug")]));
        app.guest().get("/api/v1/wishes/x").await.expect_problem(404, "not_found");

        ada.delete(SHARE).await.expect(204);
        app.guest().get(&link).await.expect_problem(404, "not_found");
        let anew: SharedWishes = ada.put(SHARE, &json!({"title": "Birthday"})).await.expect(200).json();
        assert_ne!(anew.token, shared.token, "an old link stays closed");
        assert_eq!(app.count("cart", "SELECT count(*) FROM wishes").await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_something_is_told_once_when_it_is_back() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, eve) = (customer("ada"), customer("eve"));
        let tell = json!({"tell_when_back": true});
        let there: WishView = app.as_user(&ada).put(&wish_path("mug"), &tell).await.expect(200).json();
        assert!(!there.tell_when_back, "it can be had now");
        app.deliver("cart", &level("mug", "mug", StockLevel::Low(3))).await;
        app.deliver("cart", &level("lamp", "lamp", StockLevel::SoldOut)).await;
        for who in [&ada, &eve] {
            let wish: WishView = app.as_user(who).put(&wish_path("lamp"), &tell).await.expect(200).json();
            assert!(wish.tell_when_back);
        }
        app.as_user(&eve).put(&wish_path("lamp"), &json!({})).await.expect(200);
        app.settle().await;
        assert_eq!(app.published::<WishAvailable>("cart").await.len(), 0);

        app.deliver("cart", &level("lamp", "lamp", StockLevel::InStock)).await;
        app.settle().await;
        let told = app.published::<WishAvailable>("cart").await;
        assert_eq!(told.len(), 1, "eve has thought better of it: {told:?}");
        assert_eq!((told[0].account_id, told[0].variant_id), (account_of(&ada), variant("lamp")));
        assert_eq!((told[0].product_slug.as_str(), told[0].title.as_str()), ("lamp", "The lamp"));
        for stock in [StockLevel::SoldOut, StockLevel::InStock] {
            app.deliver("cart", &level("lamp", "lamp", stock)).await;
        }
        app.settle().await;
        assert_eq!(app.published::<WishAvailable>("cart").await.len(), 1, "once");
    })
    .await;
}

#[tokio::test]
async fn an_erased_account_leaves_no_cart_and_no_wishes() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        let (ada, bob) = (customer("ada"), customer("bob"));
        for who in [&ada, &bob] {
            let who = app.as_user(who);
            fill(&who, &[("mug", 2)]).await;
            wish(&who, "lamp").await.expect(200);
            who.put(SHARE, &json!({"title": "Birthday"})).await.expect(200);
        }
        let rows = async |table: &str| app.count("cart", &format!("SELECT count(*) FROM {table}")).await;
        let before = (rows("carts").await, rows("lines").await);
        assert_eq!(before, (2, 2));
        let erased = AccountErased { account_id: account_of(&ada), at: app.clock.now() };
        app.deliver("cart", &erased).await;
        assert_eq!((rows("carts").await, rows("lines").await), (1, 1));
        for table in ["carts", "wishes", "shared_wishes"] {
            let whose = format!("SELECT count(*) FROM {table} WHERE account_id = '{}'", account_of(&ada));
            assert_eq!(app.count("cart", &whose).await, 0, "{table}");
        }
        assert_eq!(contents(&current(&app.as_user(&bob)).await), of(&[("mug", 2)]));
    })
    .await;
}
