//! Accounts that were erased, and what had been written to them.

use db::{Tx, Value, params, placeholders};
use kernel::{AccountId, MessageId, Result, Timestamp};

/// Where the messages of erased accounts seem to have gone: no mail gets there (RFC 2606).
pub(super) const NOWHERE: &str = "nobody@erased.invalid";

/// Notes that an account was erased.
pub async fn note(tx: &mut Tx, id: AccountId, at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO erased_accounts (account_id, erased_at) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING";
    tx.defer(sql, params![id, at]).await
}

/// True if an account was erased.
pub async fn is_erased(tx: &mut Tx, id: AccountId) -> Result<bool> {
    Ok(tx.opt("SELECT 1 FROM erased_accounts WHERE account_id = $1", params![id]).await?.is_some())
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
