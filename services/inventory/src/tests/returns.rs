//! What buyers have returned is on sale again, once.

use contracts::{
    inventory::{ExchangeHeld, ExchangeShort, MovementView, Shortage, StockArrived, StockReleased},
    orders::{
        Restock, ReturnEnded, ReturnExchangeWanted, ReturnExchanged, ReturnReceived, ReturnRefundDue, ReturnStatus,
        ReturnWithdrawn,
    },
};
use events::Received;
use kernel::{Currency, Money, Page, RefundId, ReturnId};
use testkit::on_both_databases;

use super::support::*;

fn back(name: &str, lines: &[(&str, i64)]) -> ReturnReceived {
    ReturnReceived {
        return_id: ReturnId::derived("test", &[name]),
        number: "o1-A-R1".to_owned(),
        order_id: order("o1"),
        vendor_id: vendor("loom"),
        restock: lines
            .iter()
            .map(|(sku, quantity)| Restock { variant_id: variant(sku), quantity: *quantity })
            .collect(),
    }
}

#[tokio::test]
async fn returned_goods_are_a_movement_and_only_once() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(2)), ("MAT", Some(1))]).await;
        let lines = [(loom, "RUG", 2), (loom, "MAT", 1)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &shipped("o1", loom)).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (0, 0));
        // Two lines of the same variant are one movement.
        let envelope = app.envelope(&back("r1", &[("RUG", 1), ("MAT", 1), ("RUG", 1)]));
        assert_eq!(app.hand_over("inventory", &envelope).await, Received::Handled);
        for _ in 0..2 {
            assert_eq!(app.hand_over("inventory", &envelope).await, Received::Duplicate);
        }
        assert_eq!((numbers(&app, loom, "RUG").await, numbers(&app, loom, "MAT").await), ((2, 0), (1, 0)));
        let path = format!("/api/v1/vendors/{loom}/stock/{}/movements", variant("RUG"));
        let page: Page<MovementView> = app.as_user(&testkit::vendor_staff(loom)).get(&path).await.expect(200).json();
        let last = &page.items[0];
        assert_eq!((last.kind.as_str(), last.delta, last.on_hand), ("return", 2, 2));
        assert_eq!((last.reason.as_str(), last.order_id), ("Return o1-A-R1", Some(order("o1"))));
        // Nothing to restock is nothing to write down.
        let before = app.count("inventory", "SELECT count(*) FROM movements").await;
        app.deliver("inventory", &back("r2", &[])).await;
        assert_eq!(app.count("inventory", "SELECT count(*) FROM movements").await, before);
        check_invariants(&app).await;
    })
    .await;
}

fn restock(lines: &[(&str, i64)]) -> Vec<Restock> {
    lines.iter().map(|(sku, quantity)| Restock { variant_id: variant(sku), quantity: *quantity }).collect()
}

fn wanted(name: &str, lines: &[(&str, i64)]) -> ReturnExchangeWanted {
    let return_id = ReturnId::derived("test", &[name]);
    ReturnExchangeWanted { return_id, order_id: order("o1"), vendor_id: vendor("loom"), wanted: restock(lines) }
}

fn ended(name: &str) -> ReturnEnded {
    let return_id = ReturnId::derived("test", &[name]);
    ReturnEnded { return_id, order_id: order("o1"), vendor_id: vendor("loom"), status: ReturnStatus::Closed }
}

#[tokio::test]
async fn what_is_wanted_instead_is_set_aside_and_leaves_or_is_free_again() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RED", Some(3)), ("BLUE", Some(1))]).await;
        app.deliver("inventory", &wanted("swap", &[("RED", 2), ("BLUE", 1)])).await;
        assert_eq!(app.published::<ExchangeHeld>("inventory").await.len(), 1);
        assert_eq!((numbers(&app, loom, "RED").await, numbers(&app, loom, "BLUE").await), ((3, 2), (1, 1)));
        // All or nothing, and what is missing is told.
        app.deliver("inventory", &wanted("late", &[("RED", 1), ("BLUE", 1)])).await;
        let short: Vec<ExchangeShort> = app.published("inventory").await;
        assert_eq!(short[0].shortages, [Shortage { variant_id: variant("BLUE"), wanted: 1, available: 0 }]);
        assert_eq!(numbers(&app, loom, "RED").await, (3, 2));
        check_invariants(&app).await;

        // One red one came back, so one leaves; what was set aside for the rest is free.
        let sent = ReturnExchanged {
            return_id: ReturnId::derived("test", &["swap"]),
            number: "o1-A-R1".to_owned(),
            order_id: order("o1"),
            vendor_id: loom,
            sent: restock(&[("RED", 1)]),
        };
        for _ in 0..2 {
            app.deliver("inventory", &sent).await;
            assert_eq!((numbers(&app, loom, "RED").await, numbers(&app, loom, "BLUE").await), ((2, 0), (1, 0)));
        }
        app.deliver("inventory", &ended("swap")).await;
        check_invariants(&app).await;

        app.deliver("inventory", &wanted("off", &[("RED", 2)])).await;
        assert_eq!(numbers(&app, loom, "RED").await, (2, 2));
        for _ in 0..2 {
            app.deliver("inventory", &ended("off")).await;
            assert_eq!(numbers(&app, loom, "RED").await, (2, 0));
        }
        // Nobody waits for a reservation of an order that is none.
        assert!(app.published::<StockReleased>("inventory").await.is_empty());
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_paid_back_instead_is_on_sale_before_the_money_has_arrived() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RED", Some(3))]).await;
        app.deliver("inventory", &wanted("swap", &[("RED", 2)])).await;
        assert_eq!(numbers(&app, loom, "RED").await, (3, 2));
        let due = ReturnRefundDue {
            return_id: ReturnId::derived("test", &["swap"]),
            number: "o1-A-R1".to_owned(),
            order_id: order("o1"),
            vendor_id: loom,
            refund_id: RefundId::derived("test", &["swap"]),
            amount: Money::new(2_000, Currency::EUR),
        };
        app.deliver("inventory", &due).await;
        assert_eq!(numbers(&app, loom, "RED").await, (3, 0));
        // The end of the return changes nothing any more, nor does the refund of one that was never exchanged.
        app.deliver("inventory", &ended("swap")).await;
        app.deliver("inventory", &ReturnRefundDue { return_id: ReturnId::derived("test", &["plain"]), ..due }).await;
        assert_eq!(numbers(&app, loom, "RED").await, (3, 0));
        check_invariants(&app).await;
    })
    .await;
}

fn taken_out(name: &str, lines: &[(&str, i64)]) -> ReturnWithdrawn {
    let return_id = ReturnId::derived("test", &[name]);
    ReturnWithdrawn { return_id, order_id: order("o1"), vendor_id: vendor("loom"), pieces: restock(lines) }
}

#[tokio::test]
async fn what_is_taken_out_before_it_leaves_is_free_again_and_only_once() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(5)), ("MAT", Some(1))]).await;
        let lines = [(loom, "RUG", 4), (loom, "MAT", 1)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        let moved = app.count("inventory", "SELECT count(*) FROM movements").await;
        let envelope = app.envelope(&taken_out("a", &[("RUG", 1)]));
        assert_eq!(app.hand_over("inventory", &envelope).await, Received::Handled);
        assert_eq!(app.hand_over("inventory", &envelope).await, Received::Duplicate);
        assert_eq!(numbers(&app, loom, "RUG").await, (5, 3));
        // It never left, so nothing comes in.
        assert_eq!(app.count("inventory", "SELECT count(*) FROM movements").await, moved);
        check_invariants(&app).await;

        app.deliver("inventory", &parcel("o1", loom, 1, &[("RUG", 2)])).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (3, 1));
        app.deliver("inventory", &taken_out("b", &[("RUG", 1), ("MAT", 1)])).await;
        assert_eq!((numbers(&app, loom, "RUG").await, numbers(&app, loom, "MAT").await), ((3, 0), (1, 0)));
        // With nothing left to leave the reservation is over.
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_out_of_an_order_that_is_called_off_was_given_back() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(3))]).await;
        let lines = [(loom, "RUG", 3)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &taken_out("a", &[("RUG", 1)])).await;
        app.deliver("inventory", &cancelled("o1")).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (3, 0));
        app.deliver("inventory", &taken_out("b", &[("RUG", 1)])).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (3, 0));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_has_not_come_in_is_taken_out_first_and_ends_the_wait() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(3))]).await;
        allow(&app, loom, "RUG", 4).await;
        let lines = [(loom, "RUG", 5)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &taken_out("a", &[("RUG", 1)])).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (3, 3));
        assert!(app.published::<StockArrived>("inventory").await.is_empty());
        app.deliver("inventory", &taken_out("b", &[("RUG", 2)])).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (3, 2));
        assert_eq!(app.published::<StockArrived>("inventory").await.len(), 1);
        check_invariants(&app).await;
    })
    .await;
}
