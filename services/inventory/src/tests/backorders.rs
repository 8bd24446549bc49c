//! Selling beyond what is there.

use contracts::inventory::{
    LevelView, StockArrived, StockClaimed, StockLevel, StockLevelChanged, StockLow, StockRejected, StockReserved,
    StockView,
};
use kernel::Page;
use serde_json::json;
use testkit::{TestApp, on_both_databases, vendor_owner};

use super::support::*;

async fn waiting_of(app: &TestApp, name: &str) -> Vec<i64> {
    let sql = "SELECT backordered FROM reservation_lines WHERE order_id = $1 ORDER BY variant_id";
    let rows = app.db("inventory").all(sql, db::params![order(name)]).await.unwrap();
    rows.iter().map(|row| row.get("backordered").unwrap()).collect()
}

async fn arrived(app: &TestApp) -> Vec<(kernel::OrderId, kernel::VendorId)> {
    app.published::<StockArrived>("inventory").await.into_iter().map(|a| (a.order_id, a.vendor_id)).collect()
}

#[tokio::test]
async fn sold_down_to_the_cap_and_not_below() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(3))]).await;
        allow(&app, loom, "RUG", 4).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 5)])).await;
        let stock = stock_of(&app, loom, "RUG").await;
        assert_eq!((stock.on_hand, stock.reserved, stock.backordered, stock.available), (3, 3, 2, -2));
        assert_eq!((stock.level, waiting_of(&app, "o1").await), (StockLevel::BackOrder, vec![2]));
        app.deliver("inventory", &placed("o2", &[(loom, "RUG", 3)])).await;
        let rejected = app.published::<StockRejected>("inventory").await;
        assert_eq!((rejected.len(), rejected[0].shortages[0].available), (1, 2));
        app.deliver("inventory", &placed("o3", &[(loom, "RUG", 2)])).await;
        assert_eq!(app.published::<StockReserved>("inventory").await.len(), 2);
        let stock = stock_of(&app, loom, "RUG").await;
        assert_eq!((stock.available, stock.level), (-4, StockLevel::SoldOut));
        let levels: Vec<_> =
            app.published::<StockLevelChanged>("inventory").await.into_iter().map(|changed| changed.level).collect();
        assert_eq!(levels, [StockLevel::Low(3), StockLevel::BackOrder, StockLevel::SoldOut]);
        assert_eq!(app.published::<StockLow>("inventory").await.len(), 0, "it was low from the beginning");
        check_invariants(&app).await;

        // Everybody is told how many can be ordered; the vendor sees who waits.
        let body = json!({"variant_ids": [variant("RUG")]});
        let told: Vec<LevelView> = app.guest().post("/api/v1/stock-levels", &body).await.expect(200).json();
        assert_eq!((told[0].level, told[0].available), (StockLevel::SoldOut, 0));
        let path = format!("/api/v1/vendors/{loom}/stock?waiting=true");
        let list: Page<StockView> = app.as_user(&vendor_owner(loom)).get(&path).await.expect(200).json();
        assert_eq!(list.items.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_cap_covers_what_is_sold() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", None)]).await;
        allow(&app, loom, "RUG", 4).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 3)])).await;
        let owner = app.as_user(&vendor_owner(loom));
        let path = format!("/api/v1/vendors/{loom}/stock/{}/backorder", variant("RUG"));
        owner.put(&path, &json!({"backorder_cap": 2})).await.expect_problem(409, "backordered");
        owner.put(&path, &json!({"backorder_cap": -1})).await.expect_invalid("backorder_cap");
        owner.put(&path, &json!({"backorder_cap": 1_000_001})).await.expect_invalid("backorder_cap");
        let stock: StockView = owner.put(&path, &json!({"backorder_cap": 3})).await.expect(200).json();
        assert_eq!((stock.backorder_cap, stock.level), (3, StockLevel::SoldOut));
        let stock: StockView = owner.put(&path, &json!({"backorder_cap": 9})).await.expect(200).json();
        assert_eq!((stock.backorder_cap, stock.level), (9, StockLevel::BackOrder));
        let stranger = app.as_user(&vendor_owner(vendor("kiln")));
        stranger.put(&path, &json!({"backorder_cap": 1})).await.expect_problem(404, "not_found");
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_in_goes_to_the_oldest_order_first() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(1))]).await;
        allow(&app, loom, "RUG", 10).await;
        for name in ["o1", "o2", "o3"] {
            app.advance(std::time::Duration::from_secs(1)).await;
            app.deliver("inventory", &placed(name, &[(loom, "RUG", 2)])).await;
            app.deliver("inventory", &paid(name, &[(loom, "RUG", 2)])).await;
        }
        let claimed: Vec<_> =
            app.published::<StockClaimed>("inventory").await.into_iter().map(|claimed| claimed.waiting).collect();
        assert_eq!(claimed, [vec![loom], vec![loom], vec![loom]]);
        receive(&app, loom, "RUG", main_location(loom), 2).await;
        app.settle().await;
        let waiting = [waiting_of(&app, "o1").await, waiting_of(&app, "o2").await, waiting_of(&app, "o3").await];
        assert_eq!((waiting, arrived(&app).await), ([vec![0], vec![1], vec![2]], vec![(order("o1"), loom)]));
        check_invariants(&app).await;

        // An order that is called off gives what it had to those who wait.
        app.deliver("inventory", &cancelled("o2")).await;
        app.settle().await;
        assert_eq!((waiting_of(&app, "o2").await, waiting_of(&app, "o3").await), (vec![0], vec![1]));
        let stock = stock_of(&app, loom, "RUG").await;
        assert_eq!((stock.on_hand, stock.reserved, stock.backordered), (3, 3, 1));
        assert_eq!(arrived(&app).await.len(), 1);
        check_invariants(&app).await;

        receive(&app, loom, "RUG", main_location(loom), 5).await;
        app.settle().await;
        assert_eq!(arrived(&app).await, [(order("o1"), loom), (order("o3"), loom)]);
        for name in ["o1", "o3"] {
            app.deliver("inventory", &shipped(name, loom)).await;
            assert_eq!(state_of(&app, name).await.as_deref(), Some("shipped"));
        }
        let stock = stock_of(&app, loom, "RUG").await;
        assert_eq!((stock.on_hand, stock.reserved, stock.backordered), (4, 0, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_part_waits_for_all_of_its_lines_and_no_other_part_for_it() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("RUG", None), ("MAT", None)]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(5))]).await;
        allow(&app, loom, "RUG", 5).await;
        allow(&app, loom, "MAT", 5).await;
        let lines = [(loom, "RUG", 1), (loom, "MAT", 2), (kiln, "POT", 1)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        // Comes in before the payment: nobody has been told of a wait yet, so nobody is told of its end.
        receive(&app, loom, "RUG", main_location(loom), 1).await;
        app.settle().await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        assert_eq!(app.published::<StockClaimed>("inventory").await[0].waiting, [loom]);
        app.deliver("inventory", &shipped("o1", kiln)).await;
        assert_eq!(numbers(&app, kiln, "POT").await, (4, 0));
        assert!(arrived(&app).await.is_empty());
        receive(&app, loom, "MAT", main_location(loom), 1).await;
        app.settle().await;
        assert!(arrived(&app).await.is_empty(), "one is still missing");
        receive(&app, loom, "MAT", main_location(loom), 1).await;
        app.settle().await;
        assert_eq!(arrived(&app).await, [(order("o1"), loom)]);
        assert_eq!(app.count("inventory", "SELECT count(*) FROM waits").await, 0);
        app.deliver("inventory", &shipped("o1", loom)).await;
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_runs_out_gives_back_what_it_waited_for() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(1))]).await;
        let cellar = location(&app, loom, "Cellar").await;
        allow(&app, loom, "RUG", 3).await;
        let lines = [(loom, "RUG", 4)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        assert_eq!(stock_of(&app, loom, "RUG").await.available, -3);
        receive(&app, loom, "RUG", cellar, 1).await;
        assert_eq!(waiting_of(&app, "o1").await, [2]);
        assert_eq!(places(&app, loom, "RUG").await.iter().map(|p| (p.1, p.2)).collect::<Vec<_>>(), [(1, 1), (1, 1)]);
        app.advance(std::time::Duration::from_secs(31 * 60)).await;
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("expired"));
        let stock = stock_of(&app, loom, "RUG").await;
        assert_eq!((stock.on_hand, stock.reserved, stock.backordered, stock.available), (2, 0, 0, 2));
        assert_eq!(waiting_of(&app, "o1").await, [0]);
        check_invariants(&app).await;

        // Paid too late: taken again, and it waits again.
        app.deliver("inventory", &paid("o1", &lines)).await;
        let claimed = app.published::<StockClaimed>("inventory").await;
        assert_eq!((claimed.len(), &claimed[0].waiting, waiting_of(&app, "o1").await), (1, &vec![loom], vec![2]));
        check_invariants(&app).await;
        app.deliver("inventory", &cancelled("o1")).await;
        assert_eq!(app.count("inventory", "SELECT count(*) FROM waits").await, 0);
        assert_eq!(stock_of(&app, loom, "RUG").await.available, 2);
        check_invariants(&app).await;
    })
    .await;
}
