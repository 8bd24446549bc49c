//! PostgreSQL alone: losing against each other, broken connections, sessions.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use kernel::{Error, Kind, Result};

use super::{count, insert_order, on_hand, put_stock, shop};
use crate::{
    Db, Dialect, Location, Options, Tx, error, params,
    testing::{open_test, postgres_url},
};

/// Two transactions meet: each shows a flag, an advisory lock, and waits to see the other's.
async fn until_both_have_come_here(tx: &mut Tx, number: i32) -> Result<()> {
    tx.opt("SELECT pg_advisory_xact_lock(hashtext(current_schema()), $1)", params![number]).await?;
    let flags = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
                 AND classid::bigint = (hashtext(current_schema())::bigint & 4294967295)";
    while tx.one(flags, params![]).await?.at::<i64>(0)? < 2 {}
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_a_deadlock_runs_again() {
    let db = shop(Dialect::Postgres, "deadlock").await;
    put_stock(&db, "a", 10).await;
    put_stock(&db, "b", 10).await;
    let runs = Arc::new(AtomicU32::new(0));
    let hooks = Arc::new(AtomicU32::new(0));
    let both = [("a", "b", 1), ("b", "a", 2)].map(|(first, second, number)| {
        let (runs, hooks, own_runs) = (Arc::clone(&runs), Arc::clone(&hooks), AtomicU32::new(0));
        db.write(async move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            let hooks = Arc::clone(&hooks);
            tx.after_commit(move || {
                hooks.fetch_add(1, Ordering::SeqCst);
            });
            let take = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = $1";
            tx.exec(take, params![first]).await?;
            if own_runs.fetch_add(1, Ordering::SeqCst) == 0 {
                until_both_have_come_here(tx, number).await?;
            }
            tx.exec(take, params![second]).await
        })
    });
    for answer in futures::future::join_all(both).await {
        assert_eq!(answer.unwrap(), 1);
    }
    assert_eq!((on_hand(&db, "a").await, on_hand(&db, "b").await), (8, 8), "each exactly once");
    assert_eq!(runs.load(Ordering::SeqCst), 3, "one of the two ran twice");
    assert_eq!(hooks.load(Ordering::SeqCst), 2, "hooks of the lost run are forgotten");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn losing_again_and_again_ends() {
    let db = shop(Dialect::Postgres, "losing").await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let lose = "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$";
    let refused = db
        .write(async move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            // What the body makes of the error does not matter.
            tx.exec(lose, params![]).await.map_err(|_| Error::conflict("own", "Own words."))
        })
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "own");
    assert_eq!(runs.load(Ordering::SeqCst), 6, "once, and five times again");
    let refused = db.write(async move |tx| tx.exec(lose, params![]).await).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::SERIALIZATION, Kind::Unavailable));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_failures_are_not_repeated() {
    let db = shop(Dialect::Postgres, "not_repeated").await;
    put_stock(&db, "mug", 1).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    db.write(async move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        insert_order(tx, "1", "nothing", "k").await
    })
    .await
    .unwrap_err();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_connection_is_replaced() {
    let db = shop(Dialect::Postgres, "broken").await;
    put_stock(&db, "mug", 5).await;
    for _ in 0..3 {
        let refused = db
            .write(async |tx| {
                insert_order(tx, "1", "mug", "k").await?;
                tx.opt("SELECT pg_terminate_backend(pg_backend_pid())", params![]).await
            })
            .await
            .unwrap_err();
        assert_eq!((refused.code(), refused.kind()), (error::UNAVAILABLE, Kind::Unavailable), "{refused}");
    }
    assert_eq!(count(&db, "orders").await, 0);
    assert_eq!(db.write(async |tx| insert_order(tx, "1", "mug", "k").await).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_dropped_halfway_is_not_committed() {
    let db = shop(Dialect::Postgres, "halfway").await;
    put_stock(&db, "mug", 5).await;
    let refused = db
        .write(async |tx| {
            insert_order(tx, "1", "mug", "k").await?;
            let slow = Box::pin(tx.opt("SELECT pg_sleep(2)", params![]));
            let quick = Box::pin(tokio::time::sleep(std::time::Duration::from_millis(20)));
            futures::future::select(slow, quick).await;
            Ok(())
        })
        .await
        .unwrap_err();
    assert_eq!(refused.code(), error::FOREIGN_AWAIT);
    assert_eq!(count(&db, "orders").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_is_not_free_in_time_is_busy() {
    let db = shop(Dialect::Postgres, "lock_timeout").await;
    put_stock(&db, "mug", 5).await;
    let options = Options { lock_timeout: std::time::Duration::from_millis(50), ..Options::named("impatient") };
    let impatient = Db::open(db.location(), options).await.unwrap();
    let take = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = 'mug'";
    let holder = db.db();
    let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
    let begun = std::sync::Mutex::new(Some(begun));
    let seen = Arc::new(AtomicBool::new(false));
    let enough = Arc::clone(&seen);
    let holding = tokio::spawn(async move {
        holder
            .write(async move |tx| {
                tx.exec(take, params![]).await?;
                begun.lock().unwrap().take().unwrap().send(()).unwrap();
                while !enough.load(Ordering::SeqCst) {
                    tx.opt("SELECT pg_sleep(0.01)", params![]).await?;
                }
                Ok(())
            })
            .await
    });
    has_begun.await.unwrap();
    let refused = impatient.write(async move |tx| tx.exec(take, params![]).await).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::BUSY, Kind::Unavailable), "{refused}");
    seen.store(true, Ordering::SeqCst);
    holding.await.unwrap().unwrap();
    assert_eq!(on_hand(&db, "mug").await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_writers_than_connections_take_turns() {
    let db = shop(Dialect::Postgres, "turns").await;
    put_stock(&db, "mug", 0).await;
    let options = Options { pool_size: 2, ..Options::named("small") };
    let small = Db::open(db.location(), options).await.unwrap();
    let add = "UPDATE stock SET on_hand = on_hand + 1 WHERE id = 'mug'";
    let writes = (0..40).map(|_| small.write(async move |tx| tx.exec(add, params![]).await));
    for answer in futures::future::join_all(writes).await {
        assert_eq!(answer.unwrap(), 1);
    }
    assert_eq!(on_hand(&db, "mug").await, 40);
    small.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_migration_changed_is_planned_anew() {
    let db = open_test(Dialect::Postgres, "stale_plans").await;
    db.write(async |tx| tx.script("CREATE TABLE a (id TEXT)").await).await.unwrap();
    let other = Db::open(db.location(), Options { pool_size: 1, ..Options::named("other") }).await.unwrap();
    let insert = "INSERT INTO a (id) VALUES ('x') RETURNING *";
    other.write(async move |tx| tx.one(insert, params![]).await.map(drop)).await.unwrap();
    assert_eq!(other.all("SELECT * FROM a", params![]).await.unwrap().len(), 1);
    db.write(async |tx| tx.script("ALTER TABLE a ADD COLUMN n BIGINT NOT NULL DEFAULT 7").await).await.unwrap();
    let row = other.one("SELECT * FROM a", params![]).await.unwrap();
    assert_eq!(row.get::<i64>("n").unwrap(), 7);
    let row = other.write(async move |tx| tx.one(insert, params![]).await).await.unwrap();
    assert_eq!(row.get::<i64>("n").unwrap(), 7);
    assert_eq!(count(&db, "a").await, 2, "the lost run has left nothing");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let location = Location::Postgres { url: "postgres://nobody@127.0.0.1:1/none".to_owned(), schema: "s".to_owned() };
    let refused = Db::open(location, Options::named("none")).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::UNAVAILABLE, Kind::Unavailable));
}

#[tokio::test]
async fn what_cannot_be_a_database_is_refused_with_the_reason() {
    let try_open = async |url: &str, schema: &str| {
        let location = Location::Postgres { url: url.to_owned(), schema: schema.to_owned() };
        let refused = Db::open(location, Options::named("bad")).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Invalid);
        assert!(!refused.to_string().contains("secret"), "no password in messages: {refused}");
        refused.fields()[0].reason.clone()
    };
    assert!(try_open(&postgres_url(), "No Spaces; DROP").await.contains("schema name"));
    assert!(try_open("nonsense secret", "s").await.contains("not a URL"));
    for mode in ["prefer", "require", "verify-ca"] {
        let url = format!("postgres://a:secret@localhost/db?sslmode={mode}");
        assert!(try_open(&url, "s").await.contains("verify-full"), "{mode}");
    }
    let url = "postgres://a:secret@localhost/db?sslmode=verify-full&sslrootcert=/nowhere.pem";
    assert!(try_open(url, "s").await.contains("/nowhere.pem"));
}

/// `SOUK_TEST_POSTGRES_TLS`: the URL of a server with `sslmode=verify-full` and a root certificate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verified_server_is_used_and_another_is_not() {
    let Ok(url) = std::env::var("SOUK_TEST_POSTGRES_TLS") else {
        eprintln!("SKIPPED: needs a server with a certificate, named by SOUK_TEST_POSTGRES_TLS");
        return;
    };
    let schema = "test_tls".to_owned();
    let db =
        Db::open(Location::Postgres { url: url.clone(), schema: schema.clone() }, Options::named("tls")).await.unwrap();
    let row = db.one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", params![]).await.unwrap();
    assert!(row.get::<bool>("ssl").unwrap());
    db.write(async |tx| tx.script("DROP SCHEMA test_tls CASCADE").await).await.unwrap();
    db.close().await;

    let elsewhere = url.replace("localhost", "127.0.0.1");
    let refused = Db::open(Location::Postgres { url: elsewhere, schema: schema.clone() }, Options::named("tls")).await;
    assert_eq!(refused.unwrap_err().kind(), Kind::Unavailable, "the name is not the certificate's");
    let untrusted = url.split("&sslrootcert").next().unwrap().to_owned();
    let refused = Db::open(Location::Postgres { url: untrusted, schema }, Options::named("tls")).await;
    assert_eq!(refused.unwrap_err().kind(), Kind::Unavailable, "nobody vouches for it");
}
