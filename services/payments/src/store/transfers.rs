//! Transfers to the platform's own account, and back from it.

use db::{Db, Row, Tx, params};
use kernel::{Currency, Error, Money, OrderId, RefundId, Result, Timestamp};

/// A transfer that is awaited, or was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Id.
    pub id: String,
    /// Order.
    pub order_id: OrderId,
    /// To pay.
    pub amount: Money,
    /// Received.
    pub received: Money,
    /// `awaited`, `received`, `cancelled`.
    pub status: String,
    /// Where the buyer reads what to do.
    pub page: String,
}

/// Money on its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferBack {
    /// Our refund.
    pub refund_id: RefundId,
    /// How much.
    pub amount: Money,
    /// Whether an admin has sent it.
    pub is_sent: bool,
}

const COLUMNS: &str = "id, order_id, currency, amount_minor, received_minor, status, page";

fn transfer_of(row: &Row) -> Result<Transfer> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    Ok(Transfer {
        id: row.get("id")?,
        order_id: row.get("order_id")?,
        amount: money("amount_minor")?,
        received: money("received_minor")?,
        status: row.get("status")?,
        page: row.get("page")?,
    })
}

/// Awaits a transfer; the same one again changes nothing.
pub async fn await_transfer(tx: &mut Tx, transfer: &Transfer, now: Timestamp) -> Result<()> {
    tx.defer(
        "INSERT INTO transfers (id, order_id, currency, amount_minor, received_minor, status, page, created_at)
         VALUES ($1, $2, $3, $4, 0, 'awaited', $5, $6) ON CONFLICT (id) DO NOTHING",
        params![
            &transfer.id,
            transfer.order_id,
            transfer.amount.currency,
            transfer.amount.amount_minor,
            &transfer.page,
            now
        ],
    )
    .await
}

/// A transfer.
pub async fn read_transfer(db: &Db, id: &str) -> Result<Option<Transfer>> {
    let sql = format!("SELECT {COLUMNS} FROM transfers WHERE id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(transfer_of).transpose()
}

/// All that were awaited for an order, oldest first.
pub async fn transfers_of(db: &Db, order: OrderId) -> Result<Vec<Transfer>> {
    let sql = format!("SELECT {COLUMNS} FROM transfers WHERE order_id = $1 ORDER BY created_at, id LIMIT 20");
    db.all(&sql, params![order]).await?.iter().map(transfer_of).collect()
}

/// It is awaited no longer. False if it was received, or is unknown.
pub async fn cancel_transfer(tx: &mut Tx, id: &str) -> Result<bool> {
    let sql = "UPDATE transfers SET status = 'cancelled' WHERE id = $1 AND status <> 'received'";
    Ok(tx.exec(sql, params![id]).await? == 1)
}

/// The courier could not collect it: it is awaited no longer. False if it is not awaited.
pub async fn refuse_transfer(tx: &mut Tx, id: &str, note: &str) -> Result<bool> {
    let sql = "UPDATE transfers SET status = 'cancelled', note = $2 WHERE id = $1 AND status = 'awaited'";
    Ok(tx.exec(sql, params![id, note]).await? == 1)
}

/// It has arrived, whole. Nothing the second time, or if the amount is another. Also after it was called off: then it
/// goes back.
pub async fn receive_transfer(
    tx: &mut Tx,
    id: &str,
    amount: Money,
    note: Option<&str>,
    now: Timestamp,
) -> Result<Option<Transfer>> {
    let sql = format!(
        "UPDATE transfers SET status = 'received', received_minor = amount_minor, note = $4, received_at = $5
         WHERE id = $1 AND status <> 'received' AND amount_minor = $2 AND currency = $3 RETURNING {COLUMNS}"
    );
    let row = tx.opt(&sql, params![id, amount.amount_minor, amount.currency, note.map(str::to_owned), now]).await?;
    row.as_ref().map(transfer_of).transpose()
}

/// Asks for money to be sent back; the same again changes nothing.
pub async fn ask_back(tx: &mut Tx, transfer: &str, back: &TransferBack, now: Timestamp) -> Result<()> {
    tx.defer(
        "INSERT INTO transfers_back (refund_id, transfer_id, currency, amount_minor, status, created_at)
         VALUES ($1, $2, $3, $4, 'asked', $5) ON CONFLICT (refund_id) DO NOTHING",
        params![back.refund_id, transfer, back.amount.currency, back.amount.amount_minor, now],
    )
    .await
}

/// Money on its way back.
pub async fn read_back(db: &Db, refund: RefundId) -> Result<Option<TransferBack>> {
    let sql = "SELECT refund_id, currency, amount_minor, status FROM transfers_back WHERE refund_id = $1";
    let row = db.opt(sql, params![refund]).await?;
    row.map(|row| {
        Ok(TransferBack {
            refund_id: row.get("refund_id")?,
            amount: Money::new(row.get("amount_minor")?, row.get("currency")?),
            is_sent: row.get::<String>("status")? == "sent",
        })
    })
    .transpose()
}

/// It was sent; true only the first time.
pub async fn mark_sent(tx: &mut Tx, refund: RefundId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE transfers_back SET status = 'sent', sent_at = $2 WHERE refund_id = $1 AND status = 'asked'";
    Ok(tx.exec(sql, params![refund, now]).await? == 1)
}
