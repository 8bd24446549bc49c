//! The database of the simulator: no threads, no runtime, faults on demand.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use futures::{FutureExt, executor::block_on};
use kernel::Kind;

use super::{SHOP, count, on_hand, put_stock};
use crate::{CommitFate, CommitFaults, Db, Dialect, Location, Options, error, in_transaction, params};

/// Gives the fates it was told, then commits.
#[derive(Default)]
struct Fates {
    next: Mutex<Vec<CommitFate>>,
    names: Mutex<Vec<String>>,
}

impl CommitFaults for Fates {
    fn on_commit(&self, db_name: &str) -> CommitFate {
        assert!(!in_transaction());
        self.names.lock().unwrap().push(db_name.to_owned());
        self.next.lock().unwrap().pop().unwrap_or(CommitFate::Commit)
    }
}

fn open(fates: &Arc<Fates>) -> Db {
    let faults: Arc<dyn CommitFaults> = Arc::clone(fates) as _;
    let options = Options { commit_faults: Some(faults), ..Options::named("orders") };
    let db = block_on(Db::open(Location::SqliteInline, options)).unwrap();
    assert_eq!(block_on(db.migrate("shop", SHOP)).unwrap(), 2);
    db
}

fn take_one(db: &Db, hooks: &Arc<AtomicU32>) -> kernel::Result<u64> {
    let hooks = Arc::clone(hooks);
    db.write(async move |tx| {
        let hooks = Arc::clone(&hooks);
        tx.after_commit(move || {
            hooks.fetch_add(1, Ordering::SeqCst);
        });
        tx.exec("UPDATE stock SET on_hand = on_hand - 1 WHERE id = $1", params!["mug"]).await
    })
    .now_or_never()
    .expect("everything resolves at once")
}

#[test]
fn everything_resolves_at_once_without_a_runtime() {
    let fates = Arc::new(Fates::default());
    let db = open(&fates);
    assert_eq!(db.dialect(), Dialect::Sqlite);
    block_on(put_stock(&db, "mug", 5));
    let same = db.clone();
    assert_eq!(on_hand(&same, "mug").now_or_never(), Some(5), "clones share the data");
    let hooks = Arc::new(AtomicU32::new(0));
    let commits = db.on_commit();
    assert_eq!(take_one(&db, &hooks).unwrap(), 1);
    assert!(commits.has_changed().unwrap());
    assert_eq!(hooks.load(Ordering::SeqCst), 1);
    assert_eq!(fates.names.lock().unwrap().last().unwrap(), "orders");
}

#[test]
fn each_fate_keeps_and_tells_what_it_says() {
    let cases = [
        (CommitFate::Commit, None, 4, 1),
        (CommitFate::CrashBefore, Some(error::SIM_CRASH), 5, 0),
        (CommitFate::CrashAfter, Some(error::SIM_CRASH), 4, 0),
        (CommitFate::Unknown, Some(error::COMMIT_UNKNOWN), 4, 0),
        (CommitFate::AbortUnknown, Some(error::COMMIT_UNKNOWN), 5, 0),
    ];
    for (fate, code, left, hooks_run) in cases {
        let fates = Arc::new(Fates::default());
        let db = open(&fates);
        block_on(put_stock(&db, "mug", 5));
        fates.next.lock().unwrap().push(fate);
        let hooks = Arc::new(AtomicU32::new(0));
        let answer = take_one(&db, &hooks);
        assert_eq!(answer.as_ref().err().map(kernel::Error::code), code, "{fate:?}");
        if let Err(e) = answer {
            assert_eq!(e.kind(), Kind::Unavailable, "{fate:?}");
        }
        assert_eq!(block_on(on_hand(&db, "mug")), left, "{fate:?}");
        assert_eq!(hooks.load(Ordering::SeqCst), hooks_run, "{fate:?}");
        assert_eq!(take_one(&db, &hooks).unwrap(), 1, "and life goes on after {fate:?}");
    }
}

#[test]
fn bodies_that_fail_are_not_commits() {
    let fates = Arc::new(Fates::default());
    let db = open(&fates);
    block_on(put_stock(&db, "mug", 5));
    let asked = fates.names.lock().unwrap().len();
    let insert = "INSERT INTO stock (id, on_hand) VALUES ('a', 1)";
    let refused = block_on(db.write(async move |tx| {
        tx.exec(insert, params![]).await?;
        std::future::pending::<kernel::Result<()>>().await
    }));
    assert_eq!(refused.unwrap_err().code(), error::FOREIGN_AWAIT);
    let refused = block_on(db.write(async move |tx| -> kernel::Result<()> {
        tx.exec(insert, params![]).await?;
        panic!("a panic of the test")
    }));
    assert_eq!(refused.unwrap_err().kind(), Kind::Internal);
    let inner = db.clone();
    let refused = block_on(db.write(async move |_| inner.all("SELECT 1", params![]).await.map(drop)));
    assert_eq!(refused.unwrap_err().code(), error::FOREIGN_AWAIT);
    assert_eq!(block_on(count(&db, "stock")), 1);
    assert_eq!(fates.names.lock().unwrap().len(), asked);
}
