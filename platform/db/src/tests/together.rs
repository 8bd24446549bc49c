//! PostgreSQL alone: writes that wait share a transaction, and nobody sees a difference.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use kernel::{Error, Result};

use super::{count, insert_order, on_hand, put_stock, shop};
use crate::{Db, Dialect, params};

/// Few enough for one lane.
const WRITES: usize = 8;

/// Writes that come while another one is under way. Of each, by its number, what its caller is told.
async fn meanwhile<T, F>(db: &Db, write: impl Fn(usize) -> F) -> Vec<Result<T>>
where
    F: AsyncFn(&mut crate::Tx) -> Result<T> + Send + Sync + 'static,
    T: Send + 'static,
{
    let busy = db.write(async |tx| tx.opt("SELECT pg_sleep(0.01)", params![]).await.map(drop));
    let (busy, answers) = futures::future::join(busy, join_all((0..WRITES).map(|n| db.write(write(n))))).await;
    busy.unwrap();
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_that_wait_share_a_commit_and_are_answered_each() {
    let db = shop(Dialect::Postgres, "share").await;
    put_stock(&db, "mug", 100).await;
    let hooks = Arc::new(AtomicU32::new(0));
    let before = db.observe();
    let answers = meanwhile(&db, |n| {
        let hooks = Arc::clone(&hooks);
        async move |tx| {
            let hooks = Arc::clone(&hooks);
            tx.after_commit(move || {
                hooks.fetch_add(1, Ordering::SeqCst);
            });
            let left = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = 'mug' RETURNING on_hand";
            let left: i64 = tx.one(left, params![]).await?.at(0)?;
            insert_order(tx, &n.to_string(), "mug", &n.to_string()).await?;
            Ok(left)
        }
    })
    .await;
    let left: Vec<i64> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(left, (92..100).rev().collect::<Vec<_>>(), "in their order, each after the one before");
    assert_eq!((on_hand(&db, "mug").await, count(&db, "orders").await), (92, 8));
    assert_eq!(hooks.load(Ordering::SeqCst), 8);
    let after = db.observe();
    assert_eq!(after.writes - before.writes, 9);
    assert!(after.groups - before.groups < 9, "{} commits", after.groups - before.groups);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_fails_takes_no_other_along() {
    let db = shop(Dialect::Postgres, "apart").await;
    put_stock(&db, "mug", 100).await;
    db.write(async |tx| insert_order(tx, "before", "mug", "taken").await).await.unwrap();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let answers = meanwhile(&db, |n| {
        let kept = Arc::clone(&kept);
        async move |tx| {
            let kept = Arc::clone(&kept);
            tx.after_commit(move || kept.lock().unwrap_or_else(PoisonError::into_inner).push(n));
            let (id, key) = (n.to_string(), if n == 5 { "taken".to_owned() } else { n.to_string() });
            insert_order(tx, &id, "mug", &key).await?;
            match n {
                2 => Err(Error::conflict("on_second_thought", "Not after all.")),
                3 => panic!("the third falls over"),
                _ => Ok(n),
            }
        }
    })
    .await;
    let told: Vec<String> = answers
        .iter()
        .map(|answer| answer.as_ref().map_or_else(|error| error.code().to_owned(), ToString::to_string))
        .collect();
    assert_eq!(told, ["0", "1", "on_second_thought", "internal", "4", "db_unique", "6", "7"]);
    let rows = db.all("SELECT id FROM orders ORDER BY id", params![]).await.unwrap();
    let ids: Vec<String> = rows.iter().map(|row| row.at(0).unwrap()).collect();
    assert_eq!(ids, ["0", "1", "4", "6", "7", "before"]);
    let mut kept = kept.lock().unwrap().clone();
    kept.sort_unstable();
    assert_eq!(kept, [0, 1, 4, 6, 7], "hooks of what was not kept do not run, and of the rest once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_refuses_before_it_writes_leaves_the_others_together() {
    let db = shop(Dialect::Postgres, "refuse").await;
    put_stock(&db, "mug", 100).await;
    let runs = Arc::new(AtomicU32::new(0));
    let answers = meanwhile(&db, |n| {
        let runs = Arc::clone(&runs);
        async move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            let known =
                tx.opt("SELECT 1 FROM stock WHERE id = $1", params![if n == 4 { "cup" } else { "mug" }]).await?;
            known.ok_or_else(|| Error::not_found("stock"))?;
            insert_order(tx, &n.to_string(), "mug", &n.to_string()).await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 7);
    assert_eq!(answers[4].as_ref().unwrap_err().code(), "not_found");
    assert_eq!(count(&db, "orders").await, 7);
    assert_eq!(runs.load(Ordering::SeqCst), 8, "nobody ran twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_waits_for_a_lock_holds_up_nobody_behind_it() {
    let db = shop(Dialect::Postgres, "stalled").await;
    put_stock(&db, "mug", 100).await;
    let elsewhere = Db::open(db.location(), crate::Options::named("elsewhere")).await.unwrap();
    let (has_it, mut got) = tokio::sync::watch::channel(false);
    let (go_on, may_go_on) = tokio::sync::watch::channel(false);
    let locking = tokio::spawn(async move {
        elsewhere
            .write(async move |tx| {
                tx.exec("UPDATE stock SET on_hand = on_hand - 1 WHERE id = 'mug'", params![]).await?;
                has_it.send_replace(true);
                while !*may_go_on.borrow() {
                    tx.opt("SELECT pg_sleep(0.01)", params![]).await?;
                }
                Ok(())
            })
            .await
    });
    let waits = "SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1";
    got.wait_for(|has_it| *has_it).await.unwrap();
    let taking = {
        let db = db.db();
        tokio::spawn(async move {
            let take = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = 'mug'";
            db.write(async move |tx| tx.exec(take, params![]).await).await
        })
    };
    while db.opt(waits, params![]).await.unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    put_stock(&db, "cup", 1).await;
    assert!(!taking.is_finished());
    go_on.send(true).unwrap();
    locking.await.unwrap().unwrap();
    assert_eq!(taking.await.unwrap().unwrap(), 1);
    assert_eq!((on_hand(&db, "mug").await, on_hand(&db, "cup").await), (98, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_waits_behind_those_who_are_stuck_is_refused_in_time() {
    let db = shop(Dialect::Postgres, "stuck").await;
    put_stock(&db, "mug", 100).await;
    let options =
        crate::Options { pool_size: 2, connect_timeout: Duration::from_millis(300), ..crate::Options::named("small") };
    let small = Db::open(db.location(), options).await.unwrap();
    let (go_on, may_go_on) = tokio::sync::watch::channel(false);
    let (has_begun, mut begun) = tokio::sync::watch::channel(false);
    let stuck = {
        let small = small.clone();
        tokio::spawn(async move {
            small
                .write(async move |tx| {
                    has_begun.send_replace(true);
                    while !*may_go_on.borrow() {
                        tx.opt("SELECT pg_sleep(0.01)", params![]).await?;
                    }
                    Ok(())
                })
                .await
        })
    };
    begun.wait_for(|begun| *begun).await.unwrap();
    let refused = small.write(async |tx| insert_order(tx, "1", "mug", "1").await).await.unwrap_err();
    assert_eq!(refused.code(), crate::error::BUSY, "{refused}");
    go_on.send(true).unwrap();
    stuck.await.unwrap().unwrap();
    assert_eq!(count(&db, "orders").await, 0);
    small.write(async |tx| insert_order(tx, "2", "mug", "2").await).await.unwrap();
    assert_eq!(count(&db, "orders").await, 1);
}
