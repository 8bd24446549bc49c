//! What is kept, what is not, and what a body may not do.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use futures::FutureExt;
use kernel::{Error, Kind};

use super::{count, insert_order, on_both, on_hand, put_stock, shop};
use crate::{Db, Dialect, Rows, error, in_transaction, params, rows_sql};

on_both!(
    a_failing_body_leaves_nothing,
    a_panicking_body_leaves_nothing,
    a_foreign_await_is_refused,
    the_database_itself_is_refused_inside,
    going_on_after_a_failure_keeps_nothing,
    a_caller_that_goes_away_does_not_stop_its_write,
    work_after_the_commit,
    deferred_statements_keep_their_order,
    deferred_statements_fail_the_transaction,
    rows_that_are_gathered_are_seen_and_kept_in_their_order,
    rows_that_are_gathered_fail_the_transaction,
    a_transaction_sees_its_own_changes,
    commits_are_announced,
    a_closed_database_says_so,
    a_body_may_do_nothing,
);

async fn still_works(db: &Db) {
    let before = on_hand(db, "mug").await;
    db.write(async |tx| tx.exec("UPDATE stock SET on_hand = on_hand + 1 WHERE id = 'mug'", params![]).await)
        .await
        .unwrap();
    assert_eq!(on_hand(db, "mug").await, before + 1);
}

async fn a_failing_body_leaves_nothing(dialect: Dialect) {
    let db = shop(dialect, "failing_body").await;
    put_stock(&db, "mug", 1).await;
    let refused = db
        .write(async |tx| {
            insert_order(tx, "1", "mug", "k").await?;
            Err::<(), _>(Error::conflict("changed_my_mind", "No."))
        })
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "changed_my_mind");
    assert_eq!(count(&db, "orders").await, 0);
    still_works(&db).await;
}

async fn a_panicking_body_leaves_nothing(dialect: Dialect) {
    let db = shop(dialect, "panicking_body").await;
    put_stock(&db, "mug", 1).await;
    let refused = db
        .write(async |tx| {
            insert_order(tx, "1", "mug", "k").await?;
            tx.after_commit(|| unreachable!("nothing is committed"));
            let answer: Result<u32, &str> = "no number".parse().map_err(|_| "a panic of the test");
            Ok(answer.unwrap())
        })
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), Kind::Internal);
    assert!(refused.to_string().contains("a panic of the test"), "{refused}");
    assert_eq!(count(&db, "orders").await, 0);
    assert!(!in_transaction());
    still_works(&db).await;
}

async fn a_foreign_await_is_refused(dialect: Dialect) {
    let db = shop(dialect, "foreign_await").await;
    put_stock(&db, "mug", 1).await;
    let refused = db
        .write(async |tx| {
            assert!(in_transaction());
            insert_order(tx, "1", "mug", "k").await?;
            tokio::task::yield_now().await;
            Ok(())
        })
        .await
        .unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::FOREIGN_AWAIT, Kind::Internal));
    let refused = db.write(async |_| std::future::pending::<kernel::Result<()>>().await).await.unwrap_err();
    assert_eq!(refused.code(), error::FOREIGN_AWAIT, "also before the first statement");
    assert!(!in_transaction());
    assert_eq!(count(&db, "orders").await, 0);
    still_works(&db).await;
}

async fn the_database_itself_is_refused_inside(dialect: Dialect) {
    let db = shop(dialect, "db_inside").await;
    put_stock(&db, "mug", 1).await;
    let inner = db.db();
    let codes = db
        .write(async move |tx| {
            insert_order(tx, "1", "mug", "k").await?;
            let read = inner.all("SELECT 1", params![]).await.unwrap_err();
            let written = inner.write(async |tx| insert_order(tx, "2", "mug", "l").await).await.unwrap_err();
            Ok((read.code().to_owned(), written.code().to_owned()))
        })
        .await
        .unwrap();
    assert_eq!(codes, (error::FOREIGN_AWAIT.to_owned(), error::FOREIGN_AWAIT.to_owned()));
    assert_eq!(count(&db, "orders").await, 1, "refused calls have no effect and do no harm");
}

async fn going_on_after_a_failure_keeps_nothing(dialect: Dialect) {
    let db = shop(dialect, "going_on").await;
    put_stock(&db, "mug", 1).await;
    let refused = db
        .write(async |tx| {
            insert_order(tx, "1", "mug", "k").await?;
            assert_eq!(insert_order(tx, "2", "mug", "k").await.unwrap_err().code(), error::UNIQUE);
            assert_eq!(insert_order(tx, "3", "mug", "l").await.unwrap_err().code(), error::ABORTED);
            Ok(())
        })
        .await
        .unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::ABORTED, Kind::Internal));
    assert!(refused.to_string().contains(error::UNIQUE), "the first failure is named: {refused}");
    assert_eq!(count(&db, "orders").await, 0);
    still_works(&db).await;
}

async fn a_caller_that_goes_away_does_not_stop_its_write(dialect: Dialect) {
    let db = shop(dialect, "gone_away").await;
    let mut commits = db.on_commit();
    let mut write = Box::pin(db.write(async |tx| {
        tx.exec("INSERT INTO stock (id, on_hand) VALUES ('a', 1)", params![]).await?;
        tx.exec("INSERT INTO stock (id, on_hand) VALUES ('b', 1)", params![]).await
    }));
    // Polled once and dropped, as a handler is whose client has hung up.
    let _ = write.as_mut().now_or_never();
    drop(write);
    tokio::time::timeout(std::time::Duration::from_secs(10), commits.changed()).await.unwrap().unwrap();
    assert_eq!(count(&db, "stock").await, 2);
}

async fn work_after_the_commit(dialect: Dialect) {
    let db = shop(dialect, "after_commit").await;
    put_stock(&db, "mug", 1).await;
    let runs = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&runs);
    db.write(async move |tx| {
        let runs = Arc::clone(&runs);
        tx.after_commit(move || {
            assert!(!in_transaction());
            runs.fetch_add(1, Ordering::SeqCst);
        });
        tx.after_commit(|| panic!("a panic of the test after a commit"));
        insert_order(tx, "1", "mug", "k").await
    })
    .await
    .unwrap();
    assert_eq!(seen.load(Ordering::SeqCst), 1, "before the answer, once");
    let again = Arc::clone(&seen);
    db.write(async move |tx| {
        let runs = Arc::clone(&again);
        tx.after_commit(move || {
            runs.fetch_add(1, Ordering::SeqCst);
        });
        insert_order(tx, "1", "mug", "k").await
    })
    .await
    .unwrap_err();
    still_works(&db).await;
    assert_eq!(seen.load(Ordering::SeqCst), 1, "not for what was rolled back, nor with the next commit");
    assert_eq!(count(&db, "orders").await, 1);
}

async fn deferred_statements_keep_their_order(dialect: Dialect) {
    let db = shop(dialect, "deferred").await;
    put_stock(&db, "mug", 2).await;
    let seen: i64 = db
        .write(async |tx| {
            // The last 39 of them find nothing to take.
            for _ in 0..40 {
                let take = "UPDATE stock SET on_hand = on_hand * 2 - 3 WHERE id = $1 AND on_hand >= $2";
                tx.defer(take, params!["mug", 2]).await?;
            }
            tx.defer("UPDATE stock SET on_hand = on_hand + 9 WHERE id = $1", params!["mug"]).await?;
            tx.one("SELECT on_hand FROM stock WHERE id = $1", params!["mug"]).await?.at(0)
        })
        .await
        .unwrap();
    assert_eq!((seen, on_hand(&db, "mug").await), (10, 10));
    let all_deferred = db.write(async |tx| {
        tx.defer("UPDATE stock SET on_hand = on_hand + 1 WHERE id = $1", params!["mug"]).await?;
        tx.defer("UPDATE stock SET on_hand = on_hand * 3 WHERE id = $1", params!["mug"]).await
    });
    all_deferred.await.unwrap();
    assert_eq!(on_hand(&db, "mug").await, 33, "they go out with the commit");
}

async fn deferred_statements_fail_the_transaction(dialect: Dialect) {
    const INSERT: &str = "INSERT INTO orders (id, stock_id, key) VALUES ($1, $2, $1)";
    let db = shop(dialect, "deferred_fails").await;
    put_stock(&db, "mug", 5).await;
    let at_the_commit = db.write(async |tx| {
        tx.exec("UPDATE stock SET on_hand = 4 WHERE id = 'mug'", params![]).await?;
        tx.defer(INSERT, params!["1", "nothing"]).await?;
        tx.defer(INSERT, params!["2", "mug"]).await
    });
    assert_eq!(at_the_commit.await.unwrap_err().code(), error::FOREIGN_KEY, "the first failure is the one told");
    let with_the_next = db.write(async |tx| {
        tx.defer(INSERT, params!["1", "nothing"]).await?;
        tx.exec("UPDATE stock SET on_hand = 4 WHERE id = 'mug'", params![]).await
    });
    assert_eq!(with_the_next.await.unwrap_err().code(), error::FOREIGN_KEY);
    let called_off = db.write(async |tx| {
        tx.defer(INSERT, params!["1", "mug"]).await?;
        Err::<(), _>(Error::conflict("changed_my_mind", "No."))
    });
    assert_eq!(called_off.await.unwrap_err().code(), "changed_my_mind");
    assert_eq!((on_hand(&db, "mug").await, count(&db, "orders").await), (5, 0));
    still_works(&db).await;
}

static STOCK: Rows = Rows::new(&["stock"], |rows| rows_sql("INSERT INTO stock (id, on_hand)", 2, rows));
static ORDERS: Rows = Rows::new(&["orders"], |rows| rows_sql("INSERT INTO orders (id, stock_id, key)", 3, rows));

async fn rows_that_are_gathered_are_seen_and_kept_in_their_order(dialect: Dialect) {
    let db = shop(dialect, "gathered").await;
    let seen: i64 = db
        .write(async |tx| {
            for n in 0..70 {
                tx.gather(&STOCK, params![format!("s{n}"), n]).await?;
                tx.gather(&ORDERS, params![format!("o{n}"), format!("s{n}"), format!("k{n}")]).await?;
            }
            tx.exec("UPDATE stock SET on_hand = on_hand + 1 WHERE id = 's69'", params![]).await?;
            tx.gather(&ORDERS, params!["last", "s69", "last"]).await?;
            tx.one("SELECT count(*) FROM orders", params![]).await?.at(0)
        })
        .await
        .unwrap();
    assert_eq!((seen, on_hand(&db, "s69").await, count(&db, "orders").await), (71, 70, 71));
    let alone = db.write(async |tx| {
        tx.gather(&STOCK, params!["mug", 3]).await?;
        tx.defer("UPDATE stock SET on_hand = on_hand * 2 WHERE id = 'mug'", params![]).await
    });
    alone.await.unwrap();
    assert_eq!(on_hand(&db, "mug").await, 6, "what is deferred finds them, too");
    db.write(async |tx| tx.gather(&STOCK, params!["cup", 1]).await).await.unwrap();
    assert_eq!(on_hand(&db, "cup").await, 1, "they go out with the commit");
}

async fn rows_that_are_gathered_fail_the_transaction(dialect: Dialect) {
    let db = shop(dialect, "gathered_fails").await;
    put_stock(&db, "mug", 5).await;
    let at_the_commit = db.write(async |tx| {
        tx.exec("UPDATE stock SET on_hand = 4 WHERE id = 'mug'", params![]).await?;
        tx.gather(&ORDERS, params!["1", "mug", "k"]).await?;
        tx.gather(&ORDERS, params!["2", "mug", "k"]).await
    });
    assert_eq!(at_the_commit.await.unwrap_err().code(), error::UNIQUE);
    let called_off = db.write(async |tx| {
        tx.gather(&ORDERS, params!["1", "mug", "k"]).await?;
        Err::<(), _>(Error::conflict("changed_my_mind", "No."))
    });
    assert_eq!(called_off.await.unwrap_err().code(), "changed_my_mind");
    assert_eq!((on_hand(&db, "mug").await, count(&db, "orders").await), (5, 0));
    still_works(&db).await;
}

async fn a_transaction_sees_its_own_changes(dialect: Dialect) {
    let db = shop(dialect, "own_changes").await;
    put_stock(&db, "mug", 1).await;
    let seen: i64 = db
        .write(async |tx| {
            tx.exec("UPDATE stock SET on_hand = 7 WHERE id = 'mug'", params![]).await?;
            tx.one("SELECT on_hand FROM stock WHERE id = $1", params!["mug"]).await?.get("on_hand")
        })
        .await
        .unwrap();
    assert_eq!(seen, 7);
}

async fn commits_are_announced(dialect: Dialect) {
    let db = shop(dialect, "announced").await;
    let mut commits = db.on_commit();
    assert!(!commits.has_changed().unwrap(), "what was before is not new");
    put_stock(&db, "mug", 1).await;
    commits.changed().await.unwrap();
    let before = db.observe();
    assert_eq!(*commits.borrow_and_update(), before.writes);
    db.write(async |_| Err::<(), _>(Error::conflict("no", "No."))).await.unwrap_err();
    assert!(!commits.has_changed().unwrap(), "nothing was committed");
    assert_eq!(db.observe(), before);
}

async fn a_closed_database_says_so(dialect: Dialect) {
    let db = shop(dialect, "closed").await;
    put_stock(&db, "mug", 1).await;
    db.close().await;
    assert_eq!(db.all("SELECT 1", params![]).await.unwrap_err().code(), error::CLOSED);
    assert_eq!(db.write(async |_| Ok(())).await.unwrap_err().code(), error::CLOSED);
    db.close().await;
}

async fn a_body_may_do_nothing(dialect: Dialect) {
    let db = shop(dialect, "nothing").await;
    assert_eq!(db.write(async |_| Ok(5)).await.unwrap(), 5);
    let told = db.write(async |_| Err::<(), _>(Error::not_found("order"))).await.unwrap_err();
    assert_eq!(told.kind(), Kind::NotFound);
}
