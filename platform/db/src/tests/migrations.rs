//! Applied once, in order, all or none.

use kernel::Kind;

use super::{SHOP, count, on_both};
use crate::{Dialect, Migration, params, testing::open_test};

on_both!(
    applied_once,
    new_ones_follow,
    an_edited_one_is_refused,
    one_that_comes_late_is_refused,
    one_that_fails_leaves_nothing,
    services_have_their_own_numbers,
    many_at_once,
    deferred_constraints_are_refused,
    a_newer_program_may_have_been_here,
);

const fn migration(version: u32, text: &'static str) -> Migration {
    Migration { version, name: "test", sqlite: text, postgres: text }
}

async fn applied_once(dialect: Dialect) {
    let db = open_test(dialect, "applied_once").await;
    assert_eq!(db.migrate("shop", SHOP).await.unwrap(), 2);
    assert_eq!(db.migrate("shop", SHOP).await.unwrap(), 0);
    assert_eq!(count(&db, "schema_migrations").await, 2);
    let columns = db.one("SELECT key FROM orders UNION ALL SELECT 'none'", params![]).await.unwrap();
    assert_eq!(columns.get::<String>("key").unwrap(), "none");
}

async fn new_ones_follow(dialect: Dialect) {
    let db = open_test(dialect, "new_ones").await;
    let first = migration(1, "CREATE TABLE a (id TEXT NOT NULL)");
    let second = migration(2, "ALTER TABLE a ADD COLUMN n BIGINT NOT NULL DEFAULT 0; CREATE INDEX a_n ON a (n);");
    assert_eq!(db.migrate("s", &[first]).await.unwrap(), 1);
    db.write(async |tx| tx.exec("INSERT INTO a (id) VALUES ('x')", params![]).await).await.unwrap();
    assert_eq!(db.all("SELECT * FROM a", params![]).await.unwrap().len(), 1);
    assert_eq!(db.migrate("s", &[first, second]).await.unwrap(), 1);
    let row = db.one("SELECT * FROM a", params![]).await.unwrap();
    assert_eq!(row.get::<i64>("n").unwrap(), 0, "also where the statement had been prepared before");
}

async fn an_edited_one_is_refused(dialect: Dialect) {
    let db = open_test(dialect, "edited").await;
    db.migrate("s", &[migration(1, "CREATE TABLE a (id TEXT)")]).await.unwrap();
    let refused = db.migrate("s", &[migration(1, "CREATE TABLE a (id  TEXT)")]).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), ("migration_edited", Kind::Conflict));
    assert!(refused.detail().contains("Migration 1 (test) of s"), "{refused}");
    assert_eq!(db.migrate("s", &[migration(1, "CREATE TABLE a (id TEXT)")]).await.unwrap(), 0);
}

async fn one_that_comes_late_is_refused(dialect: Dialect) {
    let db = open_test(dialect, "late").await;
    let (first, second) = (migration(1, "CREATE TABLE a (id TEXT)"), migration(2, "CREATE TABLE b (id TEXT)"));
    db.migrate("s", &[second]).await.unwrap();
    assert_eq!(db.migrate("s", &[first, second]).await.unwrap_err().code(), "migration_out_of_order");
    assert_eq!(db.migrate("s", &[second, first]).await.unwrap_err().kind(), Kind::Internal, "the list is out of order");
    assert!(db.all("SELECT id FROM a", params![]).await.is_err());
}

async fn one_that_fails_leaves_nothing(dialect: Dialect) {
    let db = open_test(dialect, "fails").await;
    let good = migration(1, "CREATE TABLE a (id TEXT)");
    let bad = migration(2, "CREATE TABLE b (id TEXT); CREATE TABLE b (id TEXT)");
    let refused = db.migrate("s", &[good, bad]).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Internal);
    assert!(refused.to_string().contains("migration 2 (test) of s"), "{refused}");
    assert!(db.all("SELECT id FROM a", params![]).await.is_err(), "all or none");
    assert_eq!(db.migrate("s", &[good]).await.unwrap(), 1);
}

async fn services_have_their_own_numbers(dialect: Dialect) {
    let db = open_test(dialect, "own_numbers").await;
    assert_eq!(db.migrate("s", &[migration(1, "CREATE TABLE a (id TEXT)")]).await.unwrap(), 1);
    assert_eq!(db.migrate("t", &[migration(1, "CREATE TABLE b (id TEXT)")]).await.unwrap(), 1);
    assert_eq!(count(&db, "schema_migrations").await, 2);
}

async fn many_at_once(dialect: Dialect) {
    let db = open_test(dialect, "many_at_once").await;
    let applied = futures::future::join_all((0..6).map(|_| db.migrate("shop", SHOP))).await;
    let applied: Vec<u32> = applied.into_iter().map(Result::unwrap).collect();
    assert_eq!(applied.iter().sum::<u32>(), 2, "{applied:?}");
    assert_eq!(applied.iter().filter(|n| **n == 0).count(), 5);
}

async fn deferred_constraints_are_refused(dialect: Dialect) {
    let db = open_test(dialect, "deferred").await;
    let text = "CREATE TABLE a (id TEXT PRIMARY KEY, up TEXT REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)";
    let refused = db.migrate("s", &[migration(1, text)]).await.unwrap_err();
    assert!(refused.to_string().contains("DEFERRABLE"), "{refused}");
    assert!(db.all("SELECT id FROM a", params![]).await.is_err());
}

async fn a_newer_program_may_have_been_here(dialect: Dialect) {
    let db = open_test(dialect, "newer").await;
    let (first, second) = (migration(1, "CREATE TABLE a (id TEXT)"), migration(2, "CREATE TABLE b (id TEXT)"));
    db.migrate("s", &[first, second]).await.unwrap();
    assert_eq!(db.migrate("s", &[first]).await.unwrap(), 0, "a replica of the release before starts again");
}
