//! What buyers have returned is on sale again, once.

use contracts::{
    inventory::MovementView,
    orders::{Restock, ReturnReceived},
};
use events::Received;
use kernel::{Page, ReturnId};
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
