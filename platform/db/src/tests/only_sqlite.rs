//! SQLite alone: groups, the file and its lock.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
};

use kernel::{Error, Kind};

use super::{SHOP, count, insert_order, on_hand, put_stock, shop};
use crate::{Db, Dialect, Location, Options, Stats, Tx, error, params, testing::TestDb};

async fn open(path: PathBuf, options: Options) -> Db {
    let db = Db::open(Location::SqliteFile(path), options).await.unwrap();
    db.migrate("shop", SHOP).await.unwrap();
    db
}

/// Holds the writer in a body until told, so that others are surely waiting.
async fn hold(db: &Db) -> (mpsc::Sender<()>, tokio::task::JoinHandle<kernel::Result<()>>) {
    hold_in(db, async |_| Ok(())).await
}

/// The same in a body that goes on like this when it is told.
async fn hold_in(
    db: &Db,
    then: impl AsyncFn(&mut Tx) -> kernel::Result<()> + Send + Sync + 'static,
) -> (mpsc::Sender<()>, tokio::task::JoinHandle<kernel::Result<()>>) {
    let (go, wait) = mpsc::channel::<()>();
    let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
    let (wait, begun) = (std::sync::Mutex::new(wait), std::sync::Mutex::new(Some(begun)));
    let holder = db.clone();
    let held = tokio::spawn(async move {
        holder
            .write(async move |tx| {
                begun.lock().unwrap().take().unwrap().send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
                then(tx).await
            })
            .await
    });
    has_begun.await.unwrap();
    (go, held)
}

async fn until_queued(db: &Db, count: usize) {
    while db.observe().queued < count {
        tokio::task::yield_now().await;
    }
}

async fn with_stock(name: &str) -> TestDb {
    let db = shop(Dialect::Sqlite, name).await;
    put_stock(&db, "mug", 5).await;
    db
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_writes_share_a_commit() {
    let db = with_stock("group").await;
    let before = db.observe();
    let (go, held) = hold(&db).await;
    let waiting: Vec<_> = (0..50)
        .map(|n| {
            let db = db.db();
            let id = n.to_string();
            tokio::spawn(async move { db.write(async move |tx| insert_order(tx, &id, "mug", &id).await).await })
        })
        .collect();
    until_queued(&db, 50).await;
    go.send(()).unwrap();
    held.await.unwrap().unwrap();
    for write in waiting {
        assert_eq!(write.await.unwrap().unwrap(), 1);
    }
    let after = db.observe();
    assert_eq!(after, Stats { writes: before.writes + 51, groups: before.groups + 1, queued: 0 });
    assert_eq!(count(&db, "orders").await, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_body_does_not_harm_its_group() {
    let db = with_stock("group_mates").await;
    let before = db.observe();
    let (go, held) = hold(&db).await;
    let waiting: Vec<_> = (0..9)
        .map(|n| {
            let db = db.db();
            tokio::spawn(async move {
                db.write(async move |tx| {
                    let id = n.to_string();
                    insert_order(tx, &id, "mug", &id).await?;
                    match n % 3 {
                        0 => Ok(n),
                        1 => Err(Error::conflict("no", "No.")),
                        _ => panic!("a panic of the test"),
                    }
                })
                .await
            })
        })
        .collect();
    until_queued(&db, 9).await;
    go.send(()).unwrap();
    held.await.unwrap().unwrap();
    for (n, write) in waiting.into_iter().enumerate() {
        let answer = write.await.unwrap();
        match n % 3 {
            0 => assert_eq!(answer.unwrap(), n),
            1 => assert_eq!(answer.unwrap_err().code(), "no"),
            _ => assert_eq!(answer.unwrap_err().kind(), Kind::Internal),
        }
    }
    assert_eq!(db.observe().groups, before.groups + 1, "all nine were one group with the holder");
    let kept = db.all("SELECT id FROM orders ORDER BY id", params![]).await.unwrap();
    let kept: Vec<String> = kept.iter().map(|row| row.get("id").unwrap()).collect();
    assert_eq!(kept, ["0", "3", "6"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_whose_first_body_fails_is_kept_without_it() {
    let db = with_stock("first_fails").await;
    let before = db.observe();
    let failing = async |tx: &mut Tx| {
        insert_order(tx, "first", "mug", "first").await?;
        Err(Error::conflict("no", "No."))
    };
    let (go, held) = hold_in(&db, failing).await;
    let mates: Vec<_> = ["second", "third"]
        .map(|id| {
            let db = db.db();
            tokio::spawn(async move { db.write(async move |tx| insert_order(tx, id, "mug", id).await).await })
        })
        .into();
    until_queued(&db, 2).await;
    go.send(()).unwrap();
    assert_eq!(held.await.unwrap().unwrap_err().code(), "no");
    for mate in mates {
        assert_eq!(mate.await.unwrap().unwrap(), 1);
    }
    assert_eq!(db.observe(), Stats { writes: before.writes + 2, groups: before.groups + 1, queued: 0 });
    let kept = db.all("SELECT id FROM orders ORDER BY id", params![]).await.unwrap();
    let kept: Vec<String> = kept.iter().map(|row| row.get("id").unwrap()).collect();
    assert_eq!(kept, ["second", "third"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_refuses_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { queue_limit: 2, ..Options::named("full") };
    let db = open(folder.path().join("a.sqlite"), options).await;
    let (go, held) = hold(&db).await;
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { db.write(async |_| Ok(())).await })
        })
        .collect();
    until_queued(&db, 2).await;
    let refused = db.write(async |_| Ok(())).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::BUSY, Kind::Unavailable));
    go.send(()).unwrap();
    held.await.unwrap().unwrap();
    for write in waiting {
        write.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_answers_whoever_waits_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/a.sqlite");
    let db = open(path.clone(), Options::named("first")).await;
    let (go, held) = hold(&db).await;
    let writer = db.clone();
    let waiting = tokio::spawn(async move {
        writer.write(async |tx| tx.exec("INSERT INTO stock (id, on_hand) VALUES ('mug', 3)", params![]).await).await
    });
    until_queued(&db, 1).await;
    let closer = db.clone();
    let closing = tokio::spawn(async move { closer.close().await });
    go.send(()).unwrap();
    held.await.unwrap().unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), 1);
    closing.await.unwrap();

    let wal = path.with_extension("sqlite-wal");
    assert!(!wal.exists(), "everything is in the file");
    let again = open(path, Options::named("second")).await;
    assert_eq!(on_hand(&again, "mug").await, 3);
}

#[tokio::test]
async fn one_file_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.sqlite");
    let db = open(path.clone(), Options::named("first")).await;
    let refused = Db::open(Location::SqliteFile(path.clone()), Options::named("second")).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::IN_USE, Kind::Conflict));
    assert!(refused.detail().contains("orders.sqlite"), "{refused}");
    assert!(refused.detail().contains(&format!("process {}", std::process::id())), "{refused}");
    db.close().await;
    open(path, Options::named("third")).await.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_held_from_outside_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    let options = Options { busy_timeout: std::time::Duration::from_millis(20), ..Options::named("busy") };
    let db = open(path.clone(), options).await;
    put_stock(&db, "mug", 1).await;
    let outside = rusqlite::Connection::open(&path).unwrap();
    outside.execute_batch("BEGIN IMMEDIATE").unwrap();
    let take = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = 'mug'";
    let refused = db.write(async move |tx| tx.exec(take, params![]).await).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind()), (error::BUSY, Kind::Unavailable));
    assert_eq!(on_hand(&db, "mug").await, 1, "reads go on");
    outside.execute_batch("ROLLBACK").unwrap();
    assert_eq!(db.write(async move |tx| tx.exec(take, params![]).await).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_do_not_see_what_is_not_committed() {
    let db = with_stock("isolation").await;
    let (go, wait) = mpsc::channel::<()>();
    let (done, changed) = tokio::sync::oneshot::channel::<()>();
    let (wait, done) = (std::sync::Mutex::new(wait), std::sync::Mutex::new(Some(done)));
    let writer = db.db();
    let writing = tokio::spawn(async move {
        writer
            .write(async move |tx| {
                tx.exec("UPDATE stock SET on_hand = 0", params![]).await?;
                done.lock().unwrap().take().unwrap().send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
                Ok(())
            })
            .await
    });
    changed.await.unwrap();
    assert_eq!(on_hand(&db, "mug").await, 5);
    go.send(()).unwrap();
    writing.await.unwrap().unwrap();
    assert_eq!(on_hand(&db, "mug").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throw_away_data_goes_with_the_database() {
    let folder_of = |db: &TestDb| match &db.inner {
        crate::Inner::Sqlite(db) => db.folder(),
        _ => panic!("not SQLite"),
    };
    let db = with_stock("gone").await;
    let folder = folder_of(&db);
    assert!(folder.exists());
    // The last clone may be held by a body; its thread must not wait for itself.
    let last = db.db();
    db.write(async move |_| Ok(last.dialect())).await.unwrap();
    drop(db);
    assert!(!folder.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_sqlite_gives_up_fails_its_whole_group() {
    let db = with_stock("given_up").await;
    let (go, held) = hold(&db).await;
    let mate = db.db();
    let mate = tokio::spawn(async move { mate.write(async |tx| insert_order(tx, "1", "mug", "1").await).await });
    until_queued(&db, 1).await;
    let breaker = db.db();
    // `OR ROLLBACK` ends the whole transaction, as a full disk does.
    let breaking = tokio::spawn(async move {
        let sql = "INSERT OR ROLLBACK INTO stock (id, on_hand) VALUES ('mug', 1)";
        breaker.write(async move |tx| tx.exec(sql, params![]).await).await
    });
    until_queued(&db, 2).await;
    go.send(()).unwrap();
    assert_eq!(held.await.unwrap().unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(mate.await.unwrap().unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(breaking.await.unwrap().unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(count(&db, "orders").await, 0, "who was told it failed has no effect");
    assert_eq!(db.write(async |tx| insert_order(tx, "2", "mug", "2").await).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_commit_fails_its_whole_group() {
    let db = with_stock("failed_commit").await;
    // Migrations refuse such constraints, for this is what they would do.
    let late = "CREATE TABLE late (id TEXT REFERENCES stock (id) DEFERRABLE INITIALLY DEFERRED) STRICT";
    db.write(async move |tx| tx.script(late).await).await.unwrap();
    let before = db.observe();
    let (go, held) = hold(&db).await;
    let statements =
        ["INSERT INTO orders (id, stock_id, key) VALUES ('1', 'mug', '1')", "INSERT INTO late (id) VALUES ('x')"];
    let waiting = statements.map(|sql| {
        let db = db.db();
        let runs = Arc::new(AtomicU32::new(0));
        let hooks = Arc::clone(&runs);
        let write = tokio::spawn(async move {
            db.write(async move |tx| {
                let hooks = Arc::clone(&hooks);
                tx.after_commit(move || {
                    hooks.fetch_add(1, Ordering::SeqCst);
                });
                tx.exec(sql, params![]).await
            })
            .await
        });
        (write, runs)
    });
    until_queued(&db, 2).await;
    go.send(()).unwrap();
    held.await.unwrap().unwrap_err();
    for (write, runs) in waiting {
        assert_eq!(write.await.unwrap().unwrap_err().code(), error::UNAVAILABLE);
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    }
    assert_eq!((count(&db, "orders").await, count(&db, "late").await), (0, 0));
    assert_eq!(db.observe(), before);
    assert_eq!(db.write(async |tx| insert_order(tx, "1", "mug", "1").await).await.unwrap(), 1);
}
