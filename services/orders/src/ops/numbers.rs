//! Numbers of orders are drawn some at a time: who takes one holds no row that the next order waits for.

use std::collections::BTreeSet;

use db::Db;
use kernel::Result;
use tokio::sync::Mutex;

use crate::store;

/// How many are drawn at once. Those that are left when the process ends are never given out.
const BLOCK: i64 = 16;

/// The numbers of a month that this process may give out.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<Block>);

#[derive(Default)]
struct Block {
    period: String,
    free: BTreeSet<i64>,
}

impl Numbers {
    /// The next number of a month; no other order gets it.
    pub async fn take(&self, db: &Db, period: &str) -> Result<i64> {
        let mut block = self.0.lock().await;
        if block.period != period {
            *block = Block { period: period.to_owned(), free: BTreeSet::new() };
        }
        if let Some(number) = block.free.pop_first() {
            return Ok(number);
        }
        let drawn = period.to_owned();
        let last = db.write(async move |tx| store::draw_numbers(tx, &drawn, BLOCK).await).await?;
        let first = last - BLOCK + 1;
        block.free.extend(first + 1..=last);
        Ok(first)
    }

    /// Takes back a number that no order has got.
    pub async fn give_back(&self, period: &str, number: i64) {
        let mut block = self.0.lock().await;
        if block.period == period {
            block.free.insert(number);
        }
    }
}
