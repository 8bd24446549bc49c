//! What was there before locations is at the default one, with its numbers and its ledger.

use db::{Dialect, params, testing::open_test};

use crate::MIGRATIONS;

const OLD: &[&str] = &[
    "INSERT INTO stock (variant_id, product_id, vendor_id, sku, title, search_text, active, on_hand, reserved, low_threshold, updated_at)
     VALUES ('v1', 'p', 'loom', 'RUG', 'Rug', 'rug', 1, 7, 2, 5, 40), ('v2', 'p', 'kiln', 'POT', 'Pot', 'pot', 1, 1, 0, 5, 30)",
    "INSERT INTO reservations (order_id, state, expires_at, created_at, updated_at) VALUES ('o', 'claimed', 9, 8, 8)",
    "INSERT INTO reservation_lines (order_id, variant_id, vendor_id, quantity, shipped) VALUES ('o', 'v1', 'loom', 2, 0)",
    "INSERT INTO movements (variant_id, at, kind, delta, on_hand, reason) VALUES ('v1', 1, 'initial', 5, 5, '')",
    "INSERT INTO movements (variant_id, at, kind, delta, on_hand, reason) VALUES ('v2', 2, 'initial', 1, 1, '')",
    "INSERT INTO movements (variant_id, at, kind, delta, on_hand, reason) VALUES ('v1', 3, 'receipt', 2, 7, 'delivery')",
];

#[tokio::test]
async fn existing_stock_comes_to_the_default_location() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let test = open_test(dialect, "inventory").await;
        let db = test.db();
        assert_eq!(db.migrate("inventory", &MIGRATIONS[..2]).await.unwrap(), 2);
        for sql in OLD {
            db.write(async move |tx| tx.exec(sql, params![]).await).await.unwrap();
        }
        assert_eq!(db.migrate("inventory", MIGRATIONS).await.unwrap(), 7);

        let rows =
            db.all("SELECT location_id, vendor_id, name, active FROM locations ORDER BY vendor_id", params![]).await;
        let seen: Vec<(String, String, String, bool)> = rows
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row.get("location_id").unwrap(),
                    row.get("vendor_id").unwrap(),
                    row.get("name").unwrap(),
                    row.get("active").unwrap(),
                )
            })
            .collect();
        let of = |vendor: &str| (vendor.to_owned(), vendor.to_owned(), "Main location".to_owned(), true);
        assert_eq!(seen, [of("kiln"), of("loom")]);

        let sql = "SELECT seq, variant_id, location_id, kind, delta, on_hand, on_hand_there, reason FROM movements ORDER BY seq";
        let rows = db.all(sql, params![]).await.unwrap();
        let number = |row: &db::Row, name| row.get::<i64>(name).unwrap();
        let seen: Vec<_> = rows
            .iter()
            .map(|row| {
                let at: String = row.get("location_id").unwrap();
                (at, number(row, "seq"), number(row, "delta"), number(row, "on_hand"), number(row, "on_hand_there"))
            })
            .collect();
        let of = |at: &str, seq, delta, on_hand| (at.to_owned(), seq, delta, on_hand, on_hand);
        assert_eq!(seen, [of("loom", 1, 5, 5), of("kiln", 2, 1, 1), of("loom", 3, 2, 7)]);

        // New ones go on behind them, of the new kind too; nothing waits and nothing is split.
        let sql = "INSERT INTO movements (variant_id, vendor_id, location_id, at, kind, delta, on_hand, on_hand_there, reason)
                   VALUES ('v1', 'loom', 'loom', 4, 'transfer', -1, 7, 6, '') RETURNING seq";
        let seq = db.write(async move |tx| tx.one(sql, params![]).await?.get::<i64>("seq")).await.unwrap();
        assert_eq!(seq, 4);
        let row = db.one(
            "SELECT on_hand, reserved, backordered, backorder_cap, split FROM stock WHERE variant_id = 'v1'",
            params![],
        );
        let row = row.await.unwrap();
        let seen = ["on_hand", "reserved", "backordered", "backorder_cap", "split"].map(|name| number(&row, name));
        assert_eq!(seen, [7, 2, 0, 0, 0]);

        // What the vendor may do is kept by the tables as well.
        for wrong in [
            "UPDATE stock SET backordered = 1 WHERE variant_id = 'v1'",
            "UPDATE stock SET reserved = 8 WHERE variant_id = 'v1'",
            "UPDATE reservation_lines SET backordered = 3",
            "UPDATE locations SET active = 0",
        ] {
            let refused = db.write(async move |tx| tx.exec(wrong, params![]).await).await;
            assert!(refused.is_err(), "{wrong}");
        }
    }
}
