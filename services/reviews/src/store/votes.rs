//! Who finds a review helpful.

use db::{Row, Tx, params};
use kernel::{AccountId, Result, ReviewId, Timestamp};

fn helpful(row: &Row) -> Result<u32> {
    row.get("helpful")
}

/// Notes that an account finds a review helpful, or no longer does, and returns how many do.
pub async fn set(tx: &mut Tx, id: ReviewId, account_id: AccountId, yes: bool, now: Timestamp) -> Result<u32> {
    let changed = if yes {
        let sql = "INSERT INTO review_votes (review_id, account_id, created_at) VALUES ($1, $2, $3)
                   ON CONFLICT (review_id, account_id) DO NOTHING";
        tx.exec(sql, params![id, account_id, now]).await?
    } else {
        let sql = "DELETE FROM review_votes WHERE review_id = $1 AND account_id = $2";
        tx.exec(sql, params![id, account_id]).await?
    };
    let by = match (changed, yes) {
        (0, _) => 0,
        (_, true) => 1,
        (_, false) => -1,
    };
    let sql = "UPDATE reviews SET helpful = helpful + $2 WHERE id = $1 RETURNING helpful";
    helpful(&tx.one(sql, params![id, by]).await?)
}
