//! What is downloaded: there is always enough of it, and orders take none.

use contracts::{
    catalog::{ProductChanged, ProductPublished},
    inventory::{LevelView, StockClaimed, StockLevel, StockLevelChanged, StockReserved},
    orders::{OrderPaid, OrderPlaced},
};
use kernel::Timestamp;
use serde_json::json;
use testkit::{TestApp, on_both_databases};

use super::support::*;

async fn level(app: &TestApp, sku: &str) -> StockLevel {
    let asked = json!({"variant_ids": [variant(sku)]});
    let levels: Vec<LevelView> = app.guest().post("/api/v1/stock-levels", &asked).await.expect(200).json();
    levels[0].level
}

#[tokio::test]
async fn there_is_always_enough_and_nothing_is_taken() {
    on_both_databases(under_test, |app| async move {
        let kiln = vendor("kiln");
        let (product_id, mut product) = product(kiln, "pattern", &[("PAT", None)]);
        product.variants[0].digital = true;
        app.deliver("inventory", &ProductPublished { product_id, product: product.clone() }).await;
        assert_eq!(level(&app, "PAT").await, StockLevel::InStock);
        assert_eq!(app.published::<StockLevelChanged>("inventory").await.pop().unwrap().level, StockLevel::InStock);

        let mut order = snapshot("one", &[(kiln, "PAT", 3)]);
        order.parts[0].lines[0].digital = true;
        app.deliver(
            "inventory",
            &OrderPlaced { order_id: super::support::order("one"), pay_by: None, order: order.clone() },
        )
        .await;
        assert_eq!(app.published::<StockReserved>("inventory").await.len(), 1);
        app.deliver(
            "inventory",
            &OrderPaid { order_id: super::support::order("one"), order, paid_at: Timestamp(2), was_promised: false },
        )
        .await;
        assert_eq!(app.count("inventory", "SELECT count(*) FROM reservations").await, 0);
        assert!(app.published::<StockClaimed>("inventory").await.is_empty(), "no parcel waits for it");
        assert_eq!(numbers(&app, kiln, "PAT").await, (0, 0));

        // Beside something that is sent only that is held.
        stocked(&app, kiln, "mug", &[("MUG", Some(5))]).await;
        let mut both = snapshot("two", &[(kiln, "PAT", 1), (kiln, "MUG", 2)]);
        both.parts[0].lines[0].digital = true;
        app.deliver("inventory", &OrderPlaced { order_id: super::support::order("two"), pay_by: None, order: both })
            .await;
        assert_eq!((numbers(&app, kiln, "PAT").await, numbers(&app, kiln, "MUG").await), ((0, 0), (5, 2)));
        assert_eq!(app.count("inventory", "SELECT count(*) FROM reservation_lines").await, 1);

        // Once it is sent again, its stock counts.
        product.variants[0].digital = false;
        app.deliver("inventory", &ProductChanged { product_id, product }).await;
        assert_eq!(level(&app, "PAT").await, StockLevel::SoldOut);
        assert_eq!(app.published::<StockLevelChanged>("inventory").await.pop().unwrap().level, StockLevel::SoldOut);
    })
    .await;
}
