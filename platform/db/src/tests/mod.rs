//! The conformance suite: one set of tests, run on both databases, and a few for each alone.

mod constraints;
mod contention;
mod fences;
mod migrations;
mod only_postgres;
mod only_sqlite;
mod simulated;
mod together;
mod transactions;
mod transfer;
mod values;

use kernel::Result;

use crate::{
    Db, Dialect, Migration, Tx, migrations, params,
    testing::{TestDb, open_test},
};

/// Runs each of the named async functions on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::Dialect::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::Dialect::Postgres).await;
            })+
        }
    };
}
use on_both;

const SHOP: &[Migration] = migrations!(
    (1, "init", "fixtures/0001_init.sql"),
    (2, "index", "fixtures/0002_index.sqlite.sql", "fixtures/0002_index.postgres.sql"),
);

/// A database with the tests' tables.
async fn shop(dialect: Dialect, name: &str) -> TestDb {
    let db = open_test(dialect, name).await;
    assert_eq!(db.migrate("shop", SHOP).await.unwrap(), 2);
    db
}

async fn put_stock(db: &Db, id: &'static str, on_hand: i64) {
    let insert = "INSERT INTO stock (id, on_hand) VALUES ($1, $2)";
    db.write(async move |tx| tx.exec(insert, params![id, on_hand]).await).await.unwrap();
}

async fn on_hand(db: &Db, id: &str) -> i64 {
    let row = db.one("SELECT on_hand FROM stock WHERE id = $1", params![id]).await.unwrap();
    row.get("on_hand").unwrap()
}

async fn count(db: &Db, table: &str) -> i64 {
    db.one(&format!("SELECT count(*) FROM {table}"), params![]).await.unwrap().at(0).unwrap()
}

async fn insert_order(tx: &mut Tx, id: &str, stock_id: &str, key: &str) -> Result<u64> {
    tx.exec("INSERT INTO orders (id, stock_id, key) VALUES ($1, $2, $3)", params![id, stock_id, key]).await
}
