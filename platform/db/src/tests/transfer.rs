//! Copying an embedded database into PostgreSQL: whole, halfway, into the wrong place.

use std::{cell::Cell, collections::BTreeMap};

use kernel::{VendorId, VendorScope};

use crate::{
    Db, Dialect, Migration, json, params,
    testing::{TestDb, open_test},
    transfer::{Begun, Progress, Transfer, refuse_unfinished},
};

const TABLES: &str = "
    CREATE TABLE shelves (id TEXT NOT NULL PRIMARY KEY, parent TEXT REFERENCES shelves (id));
    CREATE TABLE goods (num IDENTITY, shelf TEXT NOT NULL REFERENCES shelves (id), vendor_id TEXT NOT NULL,
        price BIGINT, picture BYTES, facts JSON NOT NULL);
    CREATE TABLE pairs (a TEXT NOT NULL, b BIGINT NOT NULL, text TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;
    CREATE TABLE head (id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
    INSERT INTO head (id, value) VALUES (1, 0);";
const SHOP: &[Migration] = &[Migration { version: 1, name: "init", sqlite: TABLES, postgres: TABLES }];
const GOODS: i64 = 2_500;

async fn migrated(dialect: Dialect, name: &str) -> TestDb {
    let db = open_test(dialect, name).await;
    db.migrate("shop", SHOP).await.unwrap();
    db
}

/// A shop with more than a batch of goods; shelves that refer to ones that come later.
async fn shop(name: &str) -> TestDb {
    let db = migrated(Dialect::Sqlite, name).await;
    db.write(async |tx| {
        for (id, parent) in [("z", None), ("a", Some("z")), ("b", Some("a"))] {
            tx.exec("INSERT INTO shelves (id, parent) VALUES ($1, $2)", params![id, parent]).await?;
        }
        for n in 0..GOODS {
            let facts =
                json(&serde_json::json!({"z": 1.0, "a": [n, null, "ü\u{1F3FA}"], "big": 1e3, "in": {"y": 1, "x": 2}}))?;
            let picture = (n % 3 == 0).then(|| vec![0_u8, 255, n as u8]);
            let vendor = VendorId::derived("v", &[&(n % 2).to_string()]);
            tx.exec(
                "INSERT INTO goods (shelf, vendor_id, price, picture, facts) VALUES ('b', $1, $2, $3, $4)",
                params![vendor, (n % 5 != 0).then_some(n), picture, facts],
            )
            .await?;
        }
        tx.exec("DELETE FROM goods WHERE num > 2400", params![]).await?;
        for (a, b, text) in
            [("é", 1, Some("Ä'\"\\\n")), ("E", 1, None), ("e", i64::MIN, Some("")), ("e", i64::MAX, Some("-"))]
        {
            tx.exec("INSERT INTO pairs (a, b, text) VALUES ($1, $2, $3)", params![a, b, text]).await?;
        }
        tx.exec("UPDATE head SET value = 7", params![]).await
    })
    .await
    .unwrap();
    db
}

fn seeds() -> BTreeMap<String, i64> {
    [("goods", 0), ("head", 1), ("pairs", 0), ("shelves", 0)].map(|(name, rows)| (name.to_owned(), rows)).into()
}

async fn number(db: &Db, sql: &str) -> i64 {
    db.one(sql, params![]).await.unwrap().at(0).unwrap()
}

async fn transfer(from: &TestDb, to: &TestDb) -> Transfer {
    Transfer::new(from.db(), to.db()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_copied_and_compared() {
    let (from, to) = (shop("copied").await, migrated(Dialect::Postgres, "copied").await);
    assert_eq!(Transfer::rows(&migrated(Dialect::Sqlite, "seeds").await.db()).await.unwrap(), seeds());
    let copy = transfer(&from, &to).await;
    assert_eq!(copy.size().await.unwrap(), 2_400 + 3 + 4 + 1);
    assert_eq!(copy.begin(&seeds(), false).await.unwrap(), Begun::Anew);
    assert_eq!(refuse_unfinished(&to).await.unwrap_err().code(), "copy_unfinished");
    let told = Cell::new(0);
    let tell = |progress: Progress| told.set(told.get() + i64::from(progress.table == "goods" && progress.of == 2_400));
    copy.copy(tell).await.unwrap();
    assert_eq!(told.get(), 4, "before each batch, and at the end");
    assert_eq!(copy.difference().await.unwrap(), None);
    copy.finish().await.unwrap();
    refuse_unfinished(&to).await.unwrap();

    assert_eq!(number(&to, "SELECT value FROM head").await, 7);
    let references =
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
    assert_eq!(number(&to, references).await, 2, "references are kept");
    let next = "INSERT INTO goods (shelf, vendor_id, facts) VALUES ('a', 'v', '[]') RETURNING num";
    let next = to.write(async move |tx| tx.one(next, params![]).await?.at::<i64>(0)).await.unwrap();
    assert_eq!(next, GOODS + 1, "numbers go on, also behind rows that are gone");
    let scope = VendorScope::of_system(VendorId::derived("v", &["0"]));
    assert_eq!(number(&to.as_vendor(&scope), "SELECT count(*) FROM goods").await, 1_200, "fences stand");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_copy_goes_on_where_it_was() {
    let (from, to) = (shop("interrupted").await, migrated(Dialect::Postgres, "interrupted").await);
    let copy = transfer(&from, &to).await;
    copy.begin(&seeds(), false).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let stop = Cell::new(Some(stop));
    let halfway = |progress: Progress| {
        if progress.rows >= 1_000 {
            stop.take().map(|stop| stop.send(()));
        }
    };
    tokio::select! {
        biased;
        _ = stopped => {}
        _ = copy.copy(halfway) => panic!("it was not interrupted"),
    }
    drop(copy);
    // What was under way when it was interrupted has been committed or not, and noted or not: together.
    let there = number(&to, "SELECT count(*) FROM goods").await;
    assert!((1_000..2_400).contains(&there), "{there}");

    let copy = transfer(&from, &to).await;
    assert_eq!(copy.begin(&seeds(), false).await.unwrap_err().code(), "copy_unfinished");
    assert!(copy.difference().await.unwrap().unwrap().starts_with("goods: 2400 rows"));
    assert_eq!(copy.begin(&seeds(), true).await.unwrap(), Begun::Again);
    let first = Cell::new(None);
    let tell = |progress: Progress| {
        if progress.table == "goods" && first.get().is_none() {
            first.set(Some(progress.rows));
        }
    };
    copy.copy(tell).await.unwrap();
    assert!(first.get().unwrap() >= 1_000, "it did not begin anew: {first:?}");
    assert_eq!(copy.difference().await.unwrap(), None);
    copy.finish().await.unwrap();
    let again = transfer(&from, &to).await;
    assert_eq!(again.begin(&seeds(), true).await.unwrap(), Begun::Done);
    assert_eq!(again.begin(&seeds(), false).await.unwrap_err().code(), "target_not_empty");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_empty_or_not_the_same_is_found() {
    let (from, to) = (shop("strange").await, migrated(Dialect::Postgres, "strange").await);
    let stranger = "INSERT INTO shelves (id) VALUES ('stranger')";
    to.write(async move |tx| tx.exec(stranger, params![]).await).await.unwrap();
    let copy = transfer(&from, &to).await;
    let refused = copy.begin(&seeds(), true).await.unwrap_err();
    assert_eq!(refused.code(), "target_not_empty");
    assert!(refused.detail().contains("“shelves” has 1 rows"), "{refused}");
    assert_eq!(number(&to, "SELECT count(*) FROM shelves").await, 1, "and left alone");

    to.write(async |tx| tx.exec("DELETE FROM shelves", params![]).await).await.unwrap();
    copy.begin(&seeds(), false).await.unwrap();
    copy.copy(|_| {}).await.unwrap();
    assert_eq!(copy.difference().await.unwrap(), None);
    for (damage, mend) in [
        ("UPDATE goods SET price = price + 1 WHERE num = 8", "UPDATE goods SET price = price - 1 WHERE num = 8"),
        ("UPDATE pairs SET text = NULL WHERE text = ''", "UPDATE pairs SET text = '' WHERE b < 0"),
        ("UPDATE goods SET facts = '{}' WHERE num = 2", ""),
    ] {
        to.write(async move |tx| tx.exec(damage, params![]).await).await.unwrap();
        assert!(copy.difference().await.unwrap().is_some(), "{damage}");
        if !mend.is_empty() {
            to.write(async move |tx| tx.exec(mend, params![]).await).await.unwrap();
            assert_eq!(copy.difference().await.unwrap(), None, "{mend}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_that_leads_nowhere_is_found_at_the_end() {
    let (from, to) = (shop("nowhere").await, migrated(Dialect::Postgres, "nowhere").await);
    let copy = transfer(&from, &to).await;
    copy.begin(&seeds(), false).await.unwrap();
    copy.copy(|_| {}).await.unwrap();
    to.write(async |tx| tx.exec("DELETE FROM shelves WHERE id = 'b'", params![]).await).await.unwrap();
    assert!(copy.finish().await.is_err());
    assert!(refuse_unfinished(&to).await.is_err(), "it is not finished");
}
