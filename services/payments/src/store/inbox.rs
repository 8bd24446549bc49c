//! Providers' events.

use contracts::queue::{WebhookState, WebhookView};
use db::{Db, Row, Tx, Value, params};
use kernel::{Cursor, Error, Result, Timestamp};

use crate::provider::ProviderEvent;

/// A noted event.
pub struct Webhook {
    /// The provider's id of the payment.
    pub payment_ref: String,
    /// The provider's id of the refund, if it is about one.
    pub refund_ref: Option<String>,
    /// The provider's id of the dispute, if it is about one.
    pub dispute_ref: Option<String>,
    /// The provider's id of a vendor's account, if it is about one.
    pub account_ref: Option<String>,
    /// Came at.
    pub received_at: Timestamp,
}

/// Notes an event. None if it was noted before; otherwise whether there is anything to do: news of
/// a payment that is captured already is no news.
pub async fn note_webhook(tx: &mut Tx, provider: &str, event: &ProviderEvent, now: Timestamp) -> Result<Option<bool>> {
    let noted = tx
        .opt(
            "INSERT INTO webhook_inbox (provider, event_id, kind, payment_ref, refund_ref, dispute_ref, account_ref, state, received_at)
             VALUES ($1, $2, $3, $4, $5, $8, $9,
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
                &event.dispute_ref,
                &event.account_ref
            ],
        )
        .await?;
    noted.map(|row| Ok(row.get::<String>("state")? == "received")).transpose()
}

/// A noted event that was not handled yet.
pub async fn read_webhook(db: &Db, provider: &str, event_id: &str) -> Result<Option<Webhook>> {
    let sql = "SELECT payment_ref, refund_ref, dispute_ref, account_ref, received_at FROM webhook_inbox
               WHERE provider = $1 AND event_id = $2 AND state = 'received'";
    let row = db.opt(sql, params![provider, event_id]).await?;
    row.map(|row| {
        Ok(Webhook {
            payment_ref: row.get("payment_ref")?,
            refund_ref: row.get("refund_ref")?,
            dispute_ref: row.get("dispute_ref")?,
            account_ref: row.get("account_ref")?,
            received_at: row.get("received_at")?,
        })
    })
    .transpose()
}

/// Sets what became of an event.
pub async fn set_webhook(tx: &mut Tx, provider: &str, event_id: &str, state: &str) -> Result<()> {
    let sql =
        "UPDATE webhook_inbox SET state = $3, tries = tries + 1, error = NULL WHERE provider = $1 AND event_id = $2";
    tx.defer(sql, params![provider, event_id, state]).await
}

/// Notes that an event could not be taken in, and why.
pub async fn note_failure(tx: &mut Tx, provider: &str, event_id: &str, error: &str) -> Result<()> {
    let sql = "UPDATE webhook_inbox SET tries = tries + 1, error = $3 WHERE provider = $1 AND event_id = $2";
    tx.defer(sql, params![provider, event_id, error]).await
}

/// Has an event taken in again; nothing if there is none of this name.
pub async fn reset_webhook(tx: &mut Tx, provider: &str, event_id: &str) -> Result<Option<WebhookView>> {
    let sql =
        format!("UPDATE webhook_inbox SET state = 'received' WHERE provider = $1 AND event_id = $2 RETURNING {SHOWN}");
    tx.opt(&sql, params![provider, event_id]).await?.as_ref().map(shown).transpose()
}

const SHOWN: &str = "provider, event_id, kind, payment_ref, refund_ref, dispute_ref, state, tries, error, received_at";

fn shown(row: &Row) -> Result<WebhookView> {
    let state: String = row.get("state")?;
    Ok(WebhookView {
        provider: row.get("provider")?,
        event_id: row.get("event_id")?,
        kind: row.get("kind")?,
        payment_ref: row.get("payment_ref")?,
        refund_ref: row.get("refund_ref")?,
        dispute_ref: row.get("dispute_ref")?,
        state: state_of(&state).ok_or_else(|| Error::internal(format!("unknown state {state:?}")))?,
        tries: row.get("tries")?,
        error: row.get("error")?,
        received_at: row.get("received_at")?,
    })
}

fn state_text(state: WebhookState) -> &'static str {
    match state {
        WebhookState::Received => "received",
        WebhookState::Handled => "handled",
        WebhookState::Unmatched => "unmatched",
    }
}

fn state_of(text: &str) -> Option<WebhookState> {
    let all = [WebhookState::Received, WebhookState::Handled, WebhookState::Unmatched];
    all.into_iter().find(|state| state_text(*state) == text)
}

/// Noted events, newest first.
pub async fn webhooks(
    db: &Db,
    provider: Option<&str>,
    state: Option<WebhookState>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<WebhookView>> {
    let (at, of, event_id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned(), cursor.text(2)?.to_owned()),
        None => (i64::MAX, String::new(), String::new()),
    };
    let mut values = params![at, of, event_id, limit];
    let mut sql = format!("SELECT {SHOWN} FROM webhook_inbox WHERE (received_at, provider, event_id) < ($1, $2, $3)");
    let wanted =
        [("provider", provider.map(Value::from)), ("state", state.map(|state| Value::from(state_text(state))))];
    for (column, value) in wanted {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    sql.push_str(" ORDER BY received_at DESC, provider DESC, event_id DESC LIMIT $4");
    db.all(&sql, values).await?.iter().map(shown).collect()
}

/// Forgets events that were handled before `before`.
pub async fn drop_old_webhooks(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM webhook_inbox WHERE received_at < $1 AND state <> 'received'", params![before]).await
}
