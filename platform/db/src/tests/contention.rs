//! Many buyers, few units.

use kernel::Error;

use super::{count, insert_order, on_both, on_hand, put_stock, shop};
use crate::{Db, Dialect, params};

on_both!(nothing_is_oversold, read_modify_write_is_caught_by_the_version);

const UNITS: i64 = 100;
const BUYERS: usize = 16;
const ATTEMPTS: usize = 100;

async fn buy(db: &Db, order: String) -> kernel::Result<u64> {
    db.write(async move |tx| {
        let take = "UPDATE stock SET on_hand = on_hand - 1 WHERE id = $1 AND on_hand >= 1";
        if tx.exec(take, params!["mug"]).await? == 0 {
            return Err(Error::conflict("sold_out", "Sold out."));
        }
        insert_order(tx, &order, "mug", &order).await
    })
    .await
}

async fn nothing_is_oversold(dialect: Dialect) {
    let db = shop(dialect, "oversold").await;
    put_stock(&db, "mug", UNITS).await;
    let buyers = (0..BUYERS).map(|buyer| {
        let db = db.db();
        tokio::spawn(async move {
            let (mut sold, mut refused) = (0, 0);
            for attempt in 0..ATTEMPTS {
                match buy(&db, format!("{buyer}-{attempt}")).await {
                    Ok(rows) => sold += rows,
                    Err(e) => {
                        assert_eq!(e.code(), "sold_out", "{e}");
                        refused += 1;
                    }
                }
            }
            (sold, refused)
        })
    });
    let (mut sold, mut refused) = (0, 0);
    for buyer in futures::future::join_all(buyers).await {
        let (s, r) = buyer.unwrap();
        sold += s;
        refused += r;
    }
    assert_eq!((sold, refused), (100, 1_500));
    assert_eq!(on_hand(&db, "mug").await, 0);
    assert_eq!(count(&db, "orders").await, 100);
}

async fn read_modify_write_is_caught_by_the_version(dialect: Dialect) {
    let db = shop(dialect, "versions").await;
    put_stock(&db, "mug", 0).await;
    let adders = (0..8).map(|_| {
        let db = db.db();
        tokio::spawn(async move {
            for _ in 0..10 {
                // Reads outside, then changes only if nobody was faster: 0 rows means read again.
                loop {
                    let seen = on_hand(&db, "mug").await;
                    let set = "UPDATE stock SET on_hand = $2 WHERE id = $1 AND on_hand = $3";
                    let changed = db.write(async move |tx| tx.exec(set, params!["mug", seen + 1, seen]).await).await;
                    if changed.unwrap() == 1 {
                        break;
                    }
                }
            }
        })
    });
    for adder in futures::future::join_all(adders).await {
        adder.unwrap();
    }
    assert_eq!(on_hand(&db, "mug").await, 80);
}
