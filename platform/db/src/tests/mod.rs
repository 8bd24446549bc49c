//! The conformance suite: one set of tests, run on both databases.

fn assert_send<T: Send>(_: &T) {}

#[test]
fn futures_and_transactions_can_change_threads() {
    fn send<T: Send>() {}
    send::<crate::Tx>();
    let check = |db: &crate::Db| {
        let id = 5_i64;
        assert_send(&db.write(async move |tx| {
            let row = tx.one("SELECT $1", crate::params![id]).await?;
            row.at::<i64>(0)
        }));
        assert_send(&db.all("SELECT 1", crate::params![]));
    };
    let _ = check;
}

async fn helper(tx: &mut crate::Tx, n: &i64) -> kernel::Result<i64> {
    tx.one("SELECT $1::bigint", crate::params![n]).await?.at(0)
}

#[test]
fn inline_works_without_a_runtime() {
    let db =
        futures::executor::block_on(crate::Db::open(crate::Location::SqliteInline, crate::Options::default())).unwrap();
    let n = futures::executor::block_on(db.write(async |tx| helper(tx, &7).await)).unwrap();
    assert_eq!(n, 7);
}
