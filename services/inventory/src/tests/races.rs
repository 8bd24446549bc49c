//! Many at once.

use contracts::{
    catalog::ProductPublished,
    inventory::{StockRejected, StockReserved},
};
use db::{
    Dialect,
    testing::{meet_at, until_one_has_come},
};
use events::Received;
use futures::{future::join_all, join};
use testkit::{TestApp, on_both_databases};

use super::support::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_orders_for_ten_units() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        let names: Vec<String> = (0..200).map(|n| format!("o{n}")).collect();
        let envelopes: Vec<_> = names.iter().map(|name| app.envelope(&placed(name, &[(loom, "RUG", 1)]))).collect();
        let received = join_all(envelopes.iter().map(|envelope| app.hand_over("inventory", envelope))).await;
        assert!(received.iter().all(|r| *r == Received::Handled), "{received:?}");
        assert_eq!(app.published::<StockReserved>("inventory").await.len(), 10);
        assert_eq!(app.published::<StockRejected>("inventory").await.len(), 190);
        assert_eq!(numbers(&app, loom, "RUG").await, (10, 10));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_of_the_same_things_in_other_orders_never_block_each_other() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        for sku in ["A", "B", "C"] {
            stocked(&app, loom, &format!("thing-{}", sku.to_lowercase()), &[(sku, Some(20))]).await;
        }
        // Each wants two of the three, so about half of them can be served, and none in part.
        let pairs = [("A", "B"), ("B", "C"), ("C", "A")];
        let orders: Vec<_> = (0..90)
            .map(|n| {
                let (x, y) = pairs[n % 3];
                app.envelope(&placed(&format!("o{n}"), &[(loom, x, 1), (loom, y, 1)]))
            })
            .collect();
        let received = join_all(orders.iter().map(|envelope| app.hand_over("inventory", envelope))).await;
        assert!(received.iter().all(|r| *r == Received::Handled), "{received:?}");
        let reserved = app.published::<StockReserved>("inventory").await.len() as i64;
        let mut sum = 0;
        for sku in ["A", "B", "C"] {
            let (on_hand, held) = numbers(&app, loom, sku).await;
            assert!(held <= on_hand);
            sum += held;
        }
        assert_eq!(sum, reserved * 2);
        assert!((20..=30).contains(&reserved), "{reserved}");
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn counting_while_selling_loses_nothing() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(100))]).await;
        let owner = app.as_user(&testkit::vendor_owner(loom));
        let path = format!("/api/v1/vendors/{loom}/stock/{}/adjustments", variant("RUG"));
        let more = serde_json::json!({"change": {"add": 1}, "reason": "delivery"});
        let receipts = join_all((0..30).map(|_| owner.post(&path, &more)));
        let envelopes: Vec<_> = (0..30).map(|n| app.envelope(&placed(&format!("o{n}"), &[(loom, "RUG", 2)]))).collect();
        let orders = join_all(envelopes.iter().map(|envelope| app.hand_over("inventory", envelope)));
        let (receipts, orders) = futures::join!(receipts, orders);
        assert!(receipts.into_iter().all(|answer| answer.status.as_u16() == 200));
        assert!(orders.iter().all(|r| *r == Received::Handled));
        assert_eq!(numbers(&app, loom, "RUG").await, (130, 60));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_buyers_get_what_is_there_and_what_may_be_sold_beyond_it() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        allow(&app, loom, "RUG", 7).await;
        let names: Vec<String> = (0..200).map(|n| format!("o{n}")).collect();
        let envelopes: Vec<_> = names.iter().map(|name| app.envelope(&placed(name, &[(loom, "RUG", 1)]))).collect();
        let received = join_all(envelopes.iter().map(|envelope| app.hand_over("inventory", envelope))).await;
        assert!(received.iter().all(|r| *r == Received::Handled), "{received:?}");
        assert_eq!(app.published::<StockReserved>("inventory").await.len(), 17);
        assert_eq!(app.published::<StockRejected>("inventory").await.len(), 183);
        let stock = stock_of(&app, loom, "RUG").await;
        assert_eq!((stock.on_hand, stock.reserved, stock.backordered, stock.available), (10, 10, 7, -7));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn goods_move_come_in_and_are_given_back_while_others_buy() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        for sku in ["A", "B"] {
            stocked(&app, loom, &format!("thing-{}", sku.to_lowercase()), &[(sku, Some(20))]).await;
            allow(&app, loom, sku, 30).await;
        }
        let cellar = location(&app, loom, "Cellar").await;
        for n in 0..20 {
            app.deliver("inventory", &placed(&format!("first-{n}"), &[(loom, "A", 2), (loom, "B", 2)])).await;
        }
        let owner = app.as_user(&testkit::vendor_owner(loom));
        let path = |sku: &str, what: &str| format!("/api/v1/vendors/{loom}/stock/{}/{what}", variant(sku));
        let more = serde_json::json!({"change": {"add": 1}, "location_id": cellar});
        let over = serde_json::json!({"from": main_location(loom), "to": cellar, "quantity": 1});
        let (a, b, moves) = (path("A", "adjustments"), path("B", "adjustments"), path("A", "transfers"));
        let receipts = join_all((0..15).flat_map(|_| [owner.post(&b, &more), owner.post(&a, &more)]));
        let transfers = join_all((0..10).map(|_| owner.post(&moves, &over)));
        let events: Vec<_> = (0..20)
            .flat_map(|n| {
                let lines =
                    if n % 2 == 0 { [(loom, "A", 1), (loom, "B", 1)] } else { [(loom, "B", 1), (loom, "A", 1)] };
                [app.envelope(&placed(&format!("o{n}"), &lines)), app.envelope(&cancelled(&format!("first-{n}")))]
            })
            .collect();
        let orders = join_all(events.iter().map(|envelope| app.hand_over("inventory", envelope)));
        let (receipts, transfers, orders) = join!(receipts, transfers, orders);
        assert!(receipts.into_iter().all(|answer| answer.status.as_u16() == 200));
        assert!(transfers.into_iter().all(|answer| matches!(answer.status.as_u16(), 200 | 409)));
        assert!(orders.iter().all(|r| *r == Received::Handled), "{orders:?}");
        app.settle().await;
        for sku in ["A", "B"] {
            let stock = stock_of(&app, loom, sku).await;
            assert_eq!((stock.on_hand, stock.backordered), (35, 0));
        }
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_put_where_the_door_was_just_closed() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        let owner = app.as_user(&testkit::vendor_owner(loom));
        for n in 0..10 {
            let name = format!("Shed {n}");
            let shed = location(&app, loom, &name).await;
            let close = format!("/api/v1/vendors/{loom}/stock-locations/{shed}");
            let add = format!("/api/v1/vendors/{loom}/stock/{}/adjustments", variant("RUG"));
            let (closed, open) = (
                serde_json::json!({"name": name, "active": false}),
                serde_json::json!({"change": {"add": 1}, "location_id": shed}),
            );
            let (closed, added) = join!(owner.put(&close, &closed), owner.post(&add, &open));
            match (closed.status.as_u16(), added.status.as_u16()) {
                (200, 404) | (409, 200) => {}
                other => panic!("{other:?}: closed with something in it, or refused both"),
            }
        }
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_in_between_two_statements_of_an_order_is_not_called_missing() {
    let app = TestApp::start(Dialect::Postgres, under_test()).await;
    let (db, loom) = (app.db("inventory"), vendor("loom"));
    let (product_id, product) = product(loom, "rug", &[("RUG", Some(10))]);
    let published = app.envelope(&ProductPublished { product_id, product });
    let placed = app.envelope(&placed("a", &[(loom, "RUG", 2)]));
    meet_at(&db, "stock").await.unwrap();

    // The rugs are stored and not yet committed when the order looks for two of them, and finds none.
    let storing = app.hand_over("inventory", &published);
    let ordering = async {
        until_one_has_come(&db).await.unwrap();
        app.hand_over("inventory", &placed).await
    };
    assert_eq!(join!(storing, ordering), (Received::Handled, Received::Handled));

    assert_eq!(app.published::<StockRejected>("inventory").await.len(), 0);
    assert_eq!(app.published::<StockReserved>("inventory").await.len(), 1);
    assert_eq!(numbers(&app, loom, "RUG").await, (10, 2));
    check_invariants(&app).await;
}
