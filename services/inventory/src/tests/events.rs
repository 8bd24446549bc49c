//! The life of a reservation, told by events.

use std::time::Duration;

use contracts::{
    catalog::{ProductChanged, ProductWithdrawn},
    inventory::{
        MovementView, Shortage, StockClaimed, StockLevel, StockLevelChanged, StockLow, StockRejected, StockReleased,
        StockReserved,
    },
    orders::{OrderPaid, OrderPromised, OrderRejected},
};
use events::Received;
use kernel::{Clock, Page};
use testkit::{TestApp, on_both_databases};

use super::support::*;

const TTL: Duration = Duration::from_secs(30 * 60);

#[tokio::test]
async fn a_product_brings_its_stock_once() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "mug", &[("M-S", Some(12)), ("M-L", None)]).await;
        let small = stock_of(&app, loom, "M-S").await;
        assert_eq!((small.on_hand, small.reserved, small.available, small.low_threshold), (12, 0, 12, 5));
        assert_eq!(small.level, StockLevel::InStock);
        assert_eq!(small.title, "The mug · size M-S");
        assert_eq!(stock_of(&app, loom, "M-L").await.level, StockLevel::SoldOut);
        let told = app.published::<StockLevelChanged>("inventory").await;
        assert_eq!(told.len(), 1, "nobody needs to be told that something new is sold out");

        // The initial stock counts once, whatever later events say; names follow, what is gone leaves the list.
        let (product_id, mut product) = product(loom, "mug", &[("M-S", Some(99))]);
        product.title = "The cup".to_owned();
        app.deliver("inventory", &ProductChanged { product_id, product: product.clone() }).await;
        let small = stock_of(&app, loom, "M-S").await;
        assert_eq!((small.on_hand, small.title.as_str()), (12, "The cup"));
        let list = format!("/api/v1/vendors/{loom}/stock");
        let page: Page<contracts::inventory::StockView> =
            app.as_user(&testkit::vendor_staff(loom)).get(&list).await.expect(200).json();
        assert_eq!(page.items.iter().map(|s| s.sku.as_str()).collect::<Vec<_>>(), ["M-S"]);
        app.deliver("inventory", &ProductWithdrawn { product_id, product }).await;
        assert_eq!(numbers(&app, loom, "M-S").await, (12, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_the_courier_collects_is_claimed_once() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        let lines = [(loom, "RUG", 2)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        let later = paid("o1", &lines);
        let promised =
            OrderPromised { order_id: later.order_id, order: later.order.clone(), promised_at: later.paid_at };
        app.deliver("inventory", &promised).await;
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("claimed"));
        app.deliver("inventory", &shipped("o1", loom)).await;
        // Paid when all of it has left long since.
        app.deliver("inventory", &OrderPaid { was_promised: true, ..later }).await;
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        assert_eq!(numbers(&app, loom, "RUG").await, (8, 0));
        assert_eq!(app.published::<StockClaimed>("inventory").await.len(), 1);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_order_is_held_claimed_and_shipped() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(3))]).await;
        // The same variant twice counts as its sum.
        let lines = [(loom, "RUG", 2), (kiln, "POT", 1), (loom, "RUG", 4)];
        assert_eq!(app.deliver("inventory", &placed("o1", &lines)).await, Received::Handled);
        let reserved = app.published::<StockReserved>("inventory").await;
        assert_eq!(reserved.len(), 1);
        assert_eq!((reserved[0].order_id, reserved[0].expires_at), (order("o1"), app.clock.now().plus(TTL)));
        assert_eq!(numbers(&app, loom, "RUG").await, (10, 6));
        assert_eq!(stock_of(&app, loom, "RUG").await.level, StockLevel::Low(4));
        assert_eq!(numbers(&app, kiln, "POT").await, (3, 1));
        let low = app.published::<StockLow>("inventory").await;
        assert_eq!(
            low.iter().map(|l| (l.sku.as_str(), l.available, l.low_threshold)).collect::<Vec<_>>(),
            [("RUG", 4, 5)]
        );

        app.deliver("inventory", &paid("o1", &lines)).await;
        assert_eq!(app.published::<StockClaimed>("inventory").await.len(), 1);
        // A claim does not expire.
        app.advance(TTL * 2).await;
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("claimed"));
        assert_eq!(numbers(&app, loom, "RUG").await, (10, 6));

        app.deliver("inventory", &shipped("o1", kiln)).await;
        assert_eq!(numbers(&app, kiln, "POT").await, (2, 0));
        assert_eq!(numbers(&app, loom, "RUG").await, (10, 6));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("claimed"));
        app.deliver("inventory", &shipped("o1", loom)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (4, 0));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));

        let movements = format!("/api/v1/vendors/{loom}/stock/{}/movements", variant("RUG"));
        let page: Page<MovementView> =
            app.as_user(&testkit::vendor_owner(loom)).get(&movements).await.expect(200).json();
        let seen: Vec<_> = page.items.iter().map(|m| (m.kind.as_str(), m.delta, m.on_hand, m.order_id)).collect();
        assert_eq!(seen, [("shipped", -6, 4, Some(order("o1"))), ("initial", 10, 10, None)]);
        assert!(app.published::<StockReleased>("inventory").await.is_empty());
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_shortage_rejects_the_whole_order() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        stocked(&app, loom, "mat", &[("MAT", Some(1))]).await;
        let told = app.published::<StockLevelChanged>("inventory").await.len();
        let lines = [(loom, "RUG", 4), (loom, "MAT", 2), (loom, "GHOST", 1)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        let rejected = app.published::<StockRejected>("inventory").await;
        assert_eq!(rejected.len(), 1);
        assert!(!rejected[0].after_payment);
        let mut expected = vec![
            Shortage { variant_id: variant("MAT"), wanted: 2, available: 1 },
            Shortage { variant_id: variant("GHOST"), wanted: 1, available: 0 },
        ];
        expected.sort_by_key(|s| s.variant_id);
        assert_eq!(rejected[0].shortages, expected);
        assert_eq!(numbers(&app, loom, "RUG").await, (10, 0));
        assert_eq!(numbers(&app, loom, "MAT").await, (1, 0));
        assert_eq!(state_of(&app, "o1").await, None);
        assert_eq!(app.published::<StockLevelChanged>("inventory").await.len(), told, "buyers are told nothing");
        assert!(app.published::<StockReserved>("inventory").await.is_empty());

        let event = OrderRejected { order_id: order("o1"), account_id: None, shortages: expected };
        app.deliver("inventory", &event).await;
        assert!(app.published::<StockReleased>("inventory").await.is_empty());
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_expires_and_late_payment_takes_again_or_says_so() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(6))]).await;
        let lines = [(loom, "RUG", 4)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.advance(TTL - Duration::from_secs(1)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (6, 4));
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (6, 0));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("expired"));
        let released = app.published::<StockReleased>("inventory").await;
        assert_eq!(released.iter().map(|r| (r.order_id, r.expired)).collect::<Vec<_>>(), [(order("o1"), true)]);

        // Paid late, and everything is still there.
        app.deliver("inventory", &paid("o1", &lines)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (6, 4));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("claimed"));
        assert_eq!(app.published::<StockClaimed>("inventory").await.len(), 1);

        // Paid late, and somebody else has it.
        app.deliver("inventory", &placed("o2", &[(loom, "RUG", 2)])).await;
        app.advance(TTL).await;
        app.deliver("inventory", &placed("o3", &[(loom, "RUG", 1)])).await;
        app.deliver("inventory", &paid("o2", &[(loom, "RUG", 2)])).await;
        let rejected = app.published::<StockRejected>("inventory").await;
        assert_eq!(rejected.len(), 1);
        assert!(rejected[0].after_payment);
        assert_eq!(rejected[0].shortages, [Shortage { variant_id: variant("RUG"), wanted: 2, available: 1 }]);
        assert_eq!(state_of(&app, "o2").await.as_deref(), Some("expired"));
        assert_eq!(app.published::<StockClaimed>("inventory").await.len(), 1);
        // The order is then called off; nothing is held, so nothing is given back.
        app.deliver("inventory", &cancelled("o2")).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (6, 5));
        assert_eq!(app.published::<StockReleased>("inventory").await.len(), 2);
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn cancelling_gives_back_once() {
    on_both_databases(under_test, |app| async move {
        let (loom, kiln) = (vendor("loom"), vendor("kiln"));
        stocked(&app, loom, "rug", &[("RUG", Some(8))]).await;
        stocked(&app, kiln, "pot", &[("POT", Some(8))]).await;
        // Held.
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 5)])).await;
        let event = app.envelope(&cancelled("o1"));
        assert_eq!(app.hand_over("inventory", &event).await, Received::Handled);
        assert_eq!(app.hand_over("inventory", &event).await, Received::Duplicate);
        assert_eq!(numbers(&app, loom, "RUG").await, (8, 0));
        assert_eq!(app.count("inventory", "SELECT count(*) FROM jobs WHERE kind = 'expire_reservation'").await, 0);
        // Paid, and one vendor has shipped.
        let lines = [(loom, "RUG", 5), (kiln, "POT", 2)];
        app.deliver("inventory", &placed("o2", &lines)).await;
        app.deliver("inventory", &paid("o2", &lines)).await;
        app.deliver("inventory", &shipped("o2", kiln)).await;
        app.deliver("inventory", &cancelled("o2")).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (8, 0));
        assert_eq!(numbers(&app, kiln, "POT").await, (6, 0));
        let released = app.published::<StockReleased>("inventory").await;
        assert_eq!(
            released.iter().map(|r| (r.order_id, r.expired)).collect::<Vec<_>>(),
            [(order("o1"), false), (order("o2"), false)]
        );
        // The other vendor's parcel was on its way all the same: it is gone from what is on hand.
        app.deliver("inventory", &shipped("o2", loom)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (3, 0));
        assert_eq!(state_of(&app, "o2").await.as_deref(), Some("released"));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_late_parcel_never_takes_what_is_promised_to_others() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(5))]).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 5)])).await;
        app.deliver("inventory", &paid("o1", &[(loom, "RUG", 5)])).await;
        app.deliver("inventory", &cancelled("o1")).await;
        app.deliver("inventory", &placed("o2", &[(loom, "RUG", 4)])).await;
        app.deliver("inventory", &shipped("o1", loom)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (5, 4));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn events_wait_for_those_before_them() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(5))]).await;
        let lines = [(loom, "RUG", 3)];
        let (first, second) = (app.envelope(&placed("o1", &lines)), app.envelope(&paid("o1", &lines)));
        // A parcel of an order that is not known as paid yet is tried again.
        let parcel = app.envelope(&shipped("o1", loom));
        assert_eq!(app.hand_over("inventory", &parcel).await, Received::Early);
        assert_eq!(app.hand_over("inventory", &second).await, Received::Waiting);
        assert_eq!(app.hand_over("inventory", &first).await, Received::Handled);
        for _ in 0..20 {
            app.advance(Duration::from_secs(1)).await;
        }
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        assert_eq!(numbers(&app, loom, "RUG").await, (2, 0));
        for envelope in [&first, &second, &parcel] {
            assert_eq!(app.hand_over("inventory", envelope).await, Received::Duplicate);
        }
        assert_eq!(numbers(&app, loom, "RUG").await, (2, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_vendor_is_warned_once_per_fall() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(7))]).await;
        app.deliver("inventory", &placed("o1", &[(loom, "RUG", 1)])).await;
        assert!(warnings(&app).await.is_empty());
        app.deliver("inventory", &placed("o2", &[(loom, "RUG", 1)])).await;
        assert_eq!(warnings(&app).await, [5]);
        app.deliver("inventory", &placed("o3", &[(loom, "RUG", 1)])).await;
        assert_eq!(warnings(&app).await, [5]);
        app.deliver("inventory", &cancelled("o1")).await;
        app.deliver("inventory", &cancelled("o2")).await;
        assert_eq!(stock_of(&app, loom, "RUG").await.level, StockLevel::InStock);
        app.deliver("inventory", &placed("o4", &[(loom, "RUG", 6)])).await;
        assert_eq!(warnings(&app).await, [5, 0]);
        check_invariants(&app).await;
    })
    .await;
}

async fn warnings(app: &TestApp) -> Vec<i64> {
    app.published::<StockLow>("inventory").await.iter().map(|low| low.available).collect()
}
