//! Accounts that were erased, and what had been written to them.

use std::collections::BTreeSet;

use db::{Tx, Value, params, placeholders};
use kernel::{AccountId, MessageId, Result, Timestamp};

/// Where the messages of erased accounts seem to have gone: no mail gets there (RFC 2606).
pub(super) const NOWHERE: &str = "nobody@erased.invalid";

/// Notes that an account was erased.
pub async fn note(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO erased_accounts (account_id, erased_at) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING";
    tx.defer(sql, params![id, at]).await
}

/// Those of some accounts that were erased.
pub async fn of(tx: &mut Tx, ids: &[AccountId]) -> Result<BTreeSet<AccountId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = format!("SELECT account_id FROM erased_accounts WHERE account_id IN ({})", placeholders(1, ids.len()));
    tx.all(&sql, ids.iter().map(Value::from).collect()).await?.iter().map(|row| row.get("account_id")).collect()
}

/// Takes recipient and content from up to `limit` messages to an account, and what mail servers said of them; how many. What
/// waited to be sent is not.
pub async fn forget(tx: &mut Tx, id: AccountId, limit: i64) -> Result<i64> {
    let rows = tx
        .all(
            "UPDATE messages SET recipient = $2, account_id = NULL, subject = '', body_text = '', body_html = '',
                    status = CASE WHEN status = 'queued' THEN 'failed' ELSE status END, error = NULL
             WHERE id IN (SELECT id FROM messages WHERE account_id = $1 ORDER BY id LIMIT $3) RETURNING id",
            params![id, NOWHERE, limit],
        )
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let ids = rows.iter().map(|row| row.get::<MessageId>("id")).collect::<Result<Vec<_>>>()?;
    let sql = format!("DELETE FROM message_history WHERE message_id IN ({})", placeholders(1, ids.len()));
    tx.exec(&sql, ids.iter().map(|id| Value::from(*id)).collect()).await?;
    Ok(ids.len() as i64)
}
