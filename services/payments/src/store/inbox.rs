//! Providers' events, and what somebody has to look at.

use contracts::payments::ReviewItem;
use db::{Db, Tx, params};
use kernel::{Cursor, OrderId, Result, Timestamp};

use crate::provider::ProviderEvent;

/// A noted event.
pub struct Webhook {
    /// The provider's id of the payment.
    pub payment_ref: String,
    /// The provider's id of the refund, if it is about one.
    pub refund_ref: Option<String>,
    /// The provider's id of the dispute, if it is about one.
    pub dispute_ref: Option<String>,
    /// Came at.
    pub received_at: Timestamp,
}

/// Notes an event. None if it was noted before; otherwise whether there is anything to do: news of
/// a payment that is captured already is no news.
pub async fn note_webhook(tx: &mut Tx, provider: &str, event: &ProviderEvent, now: Timestamp) -> Result<Option<bool>> {
    let noted = tx
        .opt(
            "INSERT INTO webhook_inbox (provider, event_id, kind, payment_ref, refund_ref, dispute_ref, state, received_at)
             VALUES ($1, $2, $3, $4, $5, $8,
                CASE WHEN $7 = 0 AND EXISTS (SELECT 1 FROM payments WHERE provider = $1 AND provider_ref = $4 AND captured_minor > 0)
                     THEN 'handled' ELSE 'received' END, $6)
             ON CONFLICT (provider, event_id) DO NOTHING RETURNING state",
            params![
                provider,
                &event.id,
                &event.kind,
                &event.payment_ref,
                &event.refund_ref,
                now,
                i64::from(event.refund_ref.is_some() || event.dispute_ref.is_some()),
                &event.dispute_ref
            ],
        )
        .await?;
    noted.map(|row| Ok(row.get::<String>("state")? == "received")).transpose()
}

/// A noted event that was not handled yet.
pub async fn read_webhook(db: &Db, provider: &str, event_id: &str) -> Result<Option<Webhook>> {
    let sql = "SELECT payment_ref, refund_ref, dispute_ref, received_at FROM webhook_inbox
               WHERE provider = $1 AND event_id = $2 AND state = 'received'";
    let row = db.opt(sql, params![provider, event_id]).await?;
    row.map(|row| {
        Ok(Webhook {
            payment_ref: row.get("payment_ref")?,
            refund_ref: row.get("refund_ref")?,
            dispute_ref: row.get("dispute_ref")?,
            received_at: row.get("received_at")?,
        })
    })
    .transpose()
}

/// Sets what became of an event.
pub async fn set_webhook(tx: &mut Tx, provider: &str, event_id: &str, state: &str) -> Result<()> {
    let sql = "UPDATE webhook_inbox SET state = $3 WHERE provider = $1 AND event_id = $2";
    tx.defer(sql, params![provider, event_id, state]).await
}

/// Forgets events that were handled before `before`.
pub async fn drop_old_webhooks(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM webhook_inbox WHERE received_at < $1 AND state <> 'received'", params![before]).await
}

/// Puts something before somebody's eyes; true if it is new.
pub async fn add_review_item(tx: &mut Tx, provider: &str, item: &ReviewItem) -> Result<bool> {
    let added = tx
        .exec(
            "INSERT INTO review_items (provider, provider_ref, problem, order_id, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (provider, provider_ref, problem) DO NOTHING",
            params![provider, &item.provider_ref, &item.problem, item.order_id, item.at],
        )
        .await?;
    Ok(added == 1)
}

/// What somebody has to look at, newest first. Money whose order has turned up is no longer in it.
pub async fn review_items(db: &Db, after: Option<&Cursor>, limit: u32) -> Result<Vec<ReviewItem>> {
    let (at, provider_ref, problem) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned(), cursor.text(2)?.to_owned()),
        None => (i64::MAX, String::new(), String::new()),
    };
    let rows = db
        .all(
            "SELECT provider_ref, problem, order_id, at FROM review_items r
             WHERE (at, provider_ref, problem) < ($1, $2, $3)
               AND NOT (problem = 'unknown_order' AND EXISTS (
                    SELECT 1 FROM payments p WHERE p.provider = r.provider AND p.provider_ref = r.provider_ref AND p.captured_minor > 0))
             ORDER BY at DESC, provider_ref DESC, problem DESC LIMIT $4",
            params![at, provider_ref, problem, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ReviewItem {
                provider_ref: row.get("provider_ref")?,
                problem: row.get("problem")?,
                order_id: row.get::<Option<OrderId>>("order_id")?,
                at: row.get("at")?,
            })
        })
        .collect()
}

/// How far a provider's journal was compared with ours.
pub async fn journal_position(db: &Db, provider: &str) -> Result<Option<String>> {
    let row = db.opt("SELECT position FROM journal_cursors WHERE provider = $1", params![provider]).await?;
    row.map(|row| row.get("position")).transpose()
}

/// Remembers how far it was.
pub async fn save_journal_position(tx: &mut Tx, provider: &str, position: &str) -> Result<()> {
    tx.defer(
        "INSERT INTO journal_cursors (provider, position) VALUES ($1, $2)
         ON CONFLICT (provider) DO UPDATE SET position = excluded.position",
        params![provider, position],
    )
    .await
}
