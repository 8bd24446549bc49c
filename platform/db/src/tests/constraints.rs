//! Refused constraints, as errors a service can turn into its own.

use kernel::{Error, Kind, Result};

use super::{count, insert_order, on_both, on_hand, put_stock, shop};
use crate::{Dialect, ResultExt, error, params, violated};

on_both!(
    unique,
    check,
    foreign_key,
    not_null_and_wrong_types,
    conflicts_can_be_passed_over,
    reads_cannot_write,
    broken_sql,
    every_statement_can_be_checked
);

async fn unique(dialect: Dialect) {
    let db = shop(dialect, "unique_keys").await;
    put_stock(&db, "mug", 5).await;
    db.write(async |tx| insert_order(tx, "1", "mug", "first").await).await.unwrap();

    let refused = db.write(async |tx| insert_order(tx, "2", "mug", "first").await).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::UNIQUE, Kind::Conflict));
    assert!(violated(&refused, "key"), "{refused}");
    assert!(!violated(&refused, "email"));

    let by_primary_key = db.write(async |tx| insert_order(tx, "1", "mug", "other").await).await.unwrap_err();
    assert_eq!(by_primary_key.code(), error::UNIQUE);

    let own = db
        .write(async |tx| {
            let taken = || Error::conflict("key_taken", "This key has been used.");
            insert_order(tx, "2", "mug", "first").await.on_check(|| Error::not_found("never")).on_unique(taken)
        })
        .await
        .unwrap_err();
    assert_eq!(own.code(), "key_taken");
    assert_eq!(count(&db, "orders").await, 1);
}

async fn check(dialect: Dialect) {
    let db = shop(dialect, "checks").await;
    put_stock(&db, "mug", 2).await;
    let take = "UPDATE stock SET on_hand = on_hand - $2 WHERE id = $1";
    let refused = db.write(async move |tx| tx.exec(take, params!["mug", 3]).await).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::CHECK, Kind::Conflict));
    assert!(violated(&refused, "on_hand"), "{refused}");
    let own = db
        .write(async move |tx| {
            tx.exec(take, params!["mug", 3]).await.on_check(|| Error::conflict("sold_out", "Sold out."))
        })
        .await
        .unwrap_err();
    assert_eq!(own.code(), "sold_out");
    assert_eq!(on_hand(&db, "mug").await, 2);
}

async fn foreign_key(dialect: Dialect) {
    let db = shop(dialect, "foreign_keys").await;
    let refused = db.write(async |tx| insert_order(tx, "1", "nothing", "k").await).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::FOREIGN_KEY, Kind::Conflict));
    let own: Result<u64> = Err(refused).on_foreign_key(|| Error::not_found("stock"));
    assert_eq!(own.unwrap_err().kind(), Kind::NotFound);

    let returning = "INSERT INTO orders (id, stock_id, key) VALUES ('1', 'nothing', 'k') RETURNING id";
    let refused = db.write(async move |tx| tx.opt(returning, params![]).await).await.unwrap_err();
    assert_eq!(refused.code(), error::FOREIGN_KEY, "also for statements that answer");
    assert_eq!(count(&db, "orders").await, 0);
}

async fn not_null_and_wrong_types(dialect: Dialect) {
    let db = shop(dialect, "wrong_types").await;
    let insert = "INSERT INTO stock (id, on_hand) VALUES ($1, $2)";
    let missing = db.write(async move |tx| tx.exec(insert, params!["a", None::<i64>]).await).await.unwrap_err();
    assert_eq!(missing.kind(), Kind::Internal, "{missing}");
    let text = db.write(async move |tx| tx.exec(insert, params!["a", "many"]).await).await.unwrap_err();
    assert_eq!(text.kind(), Kind::Internal, "{text}");
    assert!(!text.to_string().contains("many"), "values do not leak into messages: {text}");
    assert_eq!(count(&db, "stock").await, 0);
}

async fn conflicts_can_be_passed_over(dialect: Dialect) {
    let db = shop(dialect, "passed_over").await;
    put_stock(&db, "mug", 2).await;
    let changed = db
        .write(async |tx| {
            let skip = "INSERT INTO stock (id, on_hand) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
            let skipped = tx.exec(skip, params!["mug", 9]).await?;
            let add = "INSERT INTO stock (id, on_hand) VALUES ($1, $2)
                       ON CONFLICT (id) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand";
            let added = tx.exec(add, params!["mug", 5]).await?;
            let returned = tx.exec("UPDATE stock SET on_hand = on_hand + 1 RETURNING id", params![]).await?;
            Ok((skipped, added, returned))
        })
        .await
        .unwrap();
    assert_eq!(changed, (0, 1, 1));
    assert_eq!(on_hand(&db, "mug").await, 8);
}

async fn reads_cannot_write(dialect: Dialect) {
    let db = shop(dialect, "reads_cannot_write").await;
    let refused = db.all("INSERT INTO stock (id, on_hand) VALUES ('a', 1) RETURNING id", params![]).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Internal);
    assert_eq!(count(&db, "stock").await, 0);
}

async fn broken_sql(dialect: Dialect) {
    let db = shop(dialect, "broken_sql").await;
    let read = db.all("SELEC nothing", params![]).await.unwrap_err();
    assert!(read.kind() == Kind::Internal && read.to_string().contains("SELEC nothing"), "{read}");
    let written = db.write(async |tx| tx.exec("UPDATE nothing SET a = 1", params![]).await).await.unwrap_err();
    assert_eq!(written.kind(), Kind::Internal);
    let nobody = db.one("SELECT id FROM stock WHERE id = $1", params!["nobody"]).await.unwrap_err();
    assert_eq!(nobody.kind(), Kind::Internal);
    assert!(db.opt("SELECT id FROM stock WHERE id = $1", params!["nobody"]).await.unwrap().is_none());
}

async fn every_statement_can_be_checked(dialect: Dialect) {
    let db = shop(dialect, "checked").await;
    db.prepare("UPDATE stock SET on_hand = on_hand - $2 WHERE id = $1").await.unwrap();
    assert!(db.prepare("UPDATE stock SET missing = 1").await.is_err());
    assert_eq!(count(&db, "stock").await, 0);
}
