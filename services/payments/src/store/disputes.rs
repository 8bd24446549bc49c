//! Disputes. The payment's row is locked before one is changed.

use std::collections::BTreeMap;

use contracts::disputes::{DisputeAnswer, DisputePartView, DisputeStatus, DisputeView, Evidence, VendorDisputeView};
use db::{Db, Row, Tx, Value, params, placeholders, rows_sql};
use kernel::{Currency, Cursor, DisputeId, Error, Money, OrderId, Result, Timestamp, VendorId, VendorScope};

use crate::{
    model::disputes::{Dispute, answer_of, answer_text, place, status_of, status_text},
    provider::ProviderDispute,
};

const COLUMNS: &str = "d.id, d.payment_id, d.provider, d.provider_ref, d.currency, d.amount_minor, d.bound_minor, d.reason, d.status, \
    d.withdrawn, d.fee_minor, d.fee_changes, d.evidence_due, d.answer, d.attempt, d.sent, d.evidence, d.failure, d.place, \
    d.opened_at, d.ended_at";

fn dispute_of(row: &Row) -> Result<Dispute> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    let answer = row.get::<Option<String>>("answer")?;
    let evidence = row.get::<Option<String>>("evidence")?;
    Ok(Dispute {
        id: row.get("id")?,
        payment_id: row.get("payment_id")?,
        provider: row.get("provider")?,
        provider_ref: row.get("provider_ref")?,
        amount: money("amount_minor")?,
        bound: money("bound_minor")?,
        reason: row.get("reason")?,
        status: status(row)?,
        is_withdrawn: row.get("withdrawn")?,
        fee: money("fee_minor")?,
        fee_changes: row.get("fee_changes")?,
        evidence_due: row.get("evidence_due")?,
        answer: answer.as_deref().and_then(answer_of),
        attempt: row.get("attempt")?,
        is_sent: row.get("sent")?,
        evidence: evidence.map(|text| serde_json::from_str(&text)).transpose()?,
        failure: row.get("failure")?,
        opened_at: row.get("opened_at")?,
        ended_at: row.get("ended_at")?,
    })
}

fn status(row: &Row) -> Result<DisputeStatus> {
    let text = row.get::<String>("status")?;
    status_of(&text).ok_or_else(|| Error::internal(format!("unknown status {text:?}")))
}

/// A dispute to be stored.
pub struct NewDispute<'a> {
    /// As it is.
    pub dispute: &'a Dispute,
    /// Each vendor's part, and what is held of it.
    pub parts: &'a [(VendorId, Money, Money)],
    /// When the provider is asked again.
    pub check_at: Timestamp,
}

/// Stores a dispute and binds what it is of. False if the payment has less left.
pub async fn insert_dispute(tx: &mut Tx, new: &NewDispute<'_>) -> Result<bool> {
    let dispute = new.dispute;
    let bind = "UPDATE payments SET disputed_minor = disputed_minor + $2
                WHERE id = $1 AND refunded_minor + disputed_minor + $2 <= captured_minor";
    if tx.exec(bind, params![dispute.payment_id, dispute.bound.amount_minor]).await? != 1 {
        return Ok(false);
    }
    tx.defer(
        "INSERT INTO disputes (id, payment_id, provider, provider_ref, currency, amount_minor, bound_minor, reason, status,
            withdrawn, fee_minor, fee_changes, evidence_due, attempt, sent, check_at, place, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'opened', 0, 0, 0, $9, 0, 0, $10, $11, $12)",
        params![
            dispute.id,
            dispute.payment_id,
            &dispute.provider,
            &dispute.provider_ref,
            dispute.amount.currency,
            dispute.amount.amount_minor,
            dispute.bound.amount_minor,
            &dispute.reason,
            dispute.evidence_due,
            new.check_at,
            place(dispute.evidence_due, dispute.opened_at, None),
            dispute.opened_at
        ],
    )
    .await?;
    let mut values = Vec::with_capacity(new.parts.len() * 4);
    for (vendor, share, held) in new.parts {
        let sql =
            "UPDATE payment_parts SET disputed_minor = disputed_minor + $3 WHERE payment_id = $1 AND vendor_id = $2";
        tx.defer(sql, params![dispute.payment_id, vendor, share.amount_minor]).await?;
        values.extend(params![dispute.id, vendor, share.amount_minor, held.amount_minor]);
    }
    if new.parts.is_empty() {
        return Ok(true);
    }
    let into = "INSERT INTO dispute_parts (dispute_id, vendor_id, amount_minor, held_minor)";
    tx.defer(rows_sql(into, 4, new.parts.len()), values).await?;
    Ok(true)
}

/// A dispute.
pub async fn read_dispute(db: &Db, id: DisputeId) -> Result<Option<Dispute>> {
    let sql = format!("SELECT {COLUMNS} FROM disputes d WHERE d.id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(dispute_of).transpose()
}

/// The same within a transaction.
pub async fn find_dispute(tx: &mut Tx, id: DisputeId) -> Result<Option<Dispute>> {
    let sql = format!("SELECT {COLUMNS} FROM disputes d WHERE d.id = $1");
    tx.opt(&sql, params![id]).await?.as_ref().map(dispute_of).transpose()
}

/// The same, with its payment held until the transaction ends.
pub async fn lock_dispute(tx: &mut Tx, id: DisputeId) -> Result<Option<Dispute>> {
    let sql = "SELECT 1 FROM payments WHERE id = (SELECT payment_id FROM disputes WHERE id = $1)";
    tx.lock(sql, params![id]).await?;
    find_dispute(tx, id).await
}

/// Vendors' parts of a dispute: what is theirs of it, and what is held.
pub async fn dispute_parts(tx: &mut Tx, dispute: &Dispute) -> Result<Vec<(VendorId, Money, Money)>> {
    let sql = "SELECT vendor_id, amount_minor, held_minor FROM dispute_parts WHERE dispute_id = $1 ORDER BY vendor_id";
    let currency = dispute.amount.currency;
    let rows = tx.all(sql, params![dispute.id]).await?;
    rows.iter()
        .map(|row| {
            let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
            Ok((row.get("vendor_id")?, money("amount_minor")?, money("held_minor")?))
        })
        .collect()
}

/// The provider takes another fee now. It may change after the end.
pub async fn change_fee(tx: &mut Tx, dispute: &Dispute, fee: Money) -> Result<()> {
    let sql = "UPDATE disputes SET fee_minor = $2, fee_changes = fee_changes + 1 WHERE id = $1";
    tx.defer(sql, params![dispute.id, fee.amount_minor]).await
}

/// Takes over what the provider says of a dispute that is not over. One that moves back to where it began is to be
/// answered again.
pub async fn change_dispute(tx: &mut Tx, dispute: &Dispute, seen: &ProviderDispute, to: DisputeStatus) -> Result<()> {
    let again = dispute.status != DisputeStatus::Opened && to == DisputeStatus::Opened;
    tx.defer(
        "UPDATE disputes SET status = $2, withdrawn = $3, evidence_due = $4, place = $5, reason = $6,
            answer = CASE WHEN $7 = 1 THEN NULL ELSE answer END, sent = CASE WHEN $7 = 1 THEN 0 ELSE sent END
         WHERE id = $1 AND ended_at IS NULL",
        params![
            dispute.id,
            status_text(to),
            dispute.is_withdrawn || seen.is_withdrawn,
            seen.evidence_due,
            place(seen.evidence_due, dispute.opened_at, None),
            &seen.reason,
            i64::from(again)
        ],
    )
    .await
}

/// How a dispute ended.
pub struct Verdict<'a> {
    /// Whether the money stays.
    pub is_won: bool,
    /// Vendors' parts.
    pub parts: &'a [(VendorId, Money, Money)],
    /// When.
    pub now: Timestamp,
}

/// Ends a dispute; true only for the one who did it. What is won is bound no more, what is lost is lost.
pub async fn close_dispute(tx: &mut Tx, dispute: &Dispute, verdict: &Verdict<'_>) -> Result<bool> {
    let to = if verdict.is_won { DisputeStatus::Won } else { DisputeStatus::Lost };
    let place = place(None, dispute.opened_at, Some(verdict.now));
    let sql = "UPDATE disputes SET status = $2, ended_at = $3, place = $4, check_at = NULL, withdrawn = CASE WHEN $5 = 1 THEN 0 ELSE 1 END
               WHERE id = $1 AND ended_at IS NULL";
    let values = params![dispute.id, status_text(to), verdict.now, place, i64::from(verdict.is_won)];
    if tx.exec(sql, values).await? != 1 {
        return Ok(false);
    }
    let change = if verdict.is_won { "disputed_minor = disputed_minor - $2" } else { "lost_minor = lost_minor + $2" };
    let sql = format!("UPDATE payments SET {change} WHERE id = $1");
    tx.defer(sql, params![dispute.payment_id, dispute.bound.amount_minor]).await?;
    for (vendor, share, _) in verdict.parts {
        let sql = format!("UPDATE payment_parts SET {change} WHERE payment_id = $1 AND vendor_id = $3");
        tx.defer(sql, params![dispute.payment_id, share.amount_minor, vendor]).await?;
    }
    Ok(true)
}

/// Notes an answer that is to be sent, once. False if the dispute does not wait for one.
pub async fn answer_dispute(
    tx: &mut Tx,
    id: DisputeId,
    answer: DisputeAnswer,
    evidence: Option<&Evidence>,
) -> Result<bool> {
    let evidence = evidence.map(serde_json::to_string).transpose()?;
    let sql = "UPDATE disputes SET answer = $2, evidence = COALESCE($3, evidence), attempt = attempt + 1, sent = 0, failure = NULL
               WHERE id = $1 AND status = 'opened' AND answer IS NULL";
    Ok(tx.exec(sql, params![id, answer_text(answer), evidence]).await? == 1)
}

/// The provider has the answer, or has refused it (`failure`): then another may be given.
pub async fn end_answer(tx: &mut Tx, dispute: &Dispute, failure: Option<&str>) -> Result<()> {
    match failure {
        None => {
            let sql = "UPDATE disputes SET sent = 1 WHERE id = $1 AND attempt = $2 AND answer IS NOT NULL";
            tx.defer(sql, params![dispute.id, dispute.attempt]).await
        }
        Some(failure) => {
            let sql = "UPDATE disputes SET answer = NULL, failure = $3
                       WHERE id = $1 AND attempt = $2 AND answer IS NOT NULL AND sent = 0";
            tx.defer(sql, params![dispute.id, dispute.attempt, failure]).await
        }
    }
}

/// Disputes whose provider is to be asked again.
pub async fn due_disputes(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<DisputeId>> {
    let sql = "SELECT id FROM disputes WHERE check_at IS NOT NULL AND check_at <= $1 ORDER BY check_at LIMIT $2";
    db.all(sql, params![now, limit]).await?.iter().map(|row| row.get("id")).collect()
}

/// Sets when the provider is asked again.
pub async fn postpone_dispute(tx: &mut Tx, id: DisputeId, check_at: Timestamp) -> Result<()> {
    let sql = "UPDATE disputes SET check_at = $2 WHERE id = $1 AND check_at IS NOT NULL";
    tx.defer(sql, params![id, check_at]).await
}

/// What is held of a vendor for disputes that are open, per currency.
pub async fn held_of_vendor(db: &Db, scope: &VendorScope) -> Result<Vec<Money>> {
    let sql = "SELECT d.currency, CAST(sum(p.held_minor) AS BIGINT) AS held_minor FROM dispute_parts p
               JOIN disputes d ON d.id = p.dispute_id WHERE p.vendor_id = $1 AND d.ended_at IS NULL
               GROUP BY d.currency ORDER BY d.currency";
    let rows = db.as_vendor(scope).all(sql, params![scope.vendor_id()]).await?;
    rows.iter().map(|row| Ok(Money::new(row.get("held_minor")?, row.get("currency")?))).collect()
}

/// What an admin looks for.
#[derive(Default)]
pub struct DisputeFilter {
    /// Only this one.
    pub id: Option<DisputeId>,
    /// Only these.
    pub status: Option<DisputeStatus>,
    /// Only of this order.
    pub order_id: Option<OrderId>,
}

/// A dispute with its place in the list.
type Placed<T> = (i64, T);

fn list_sql(filter: &DisputeFilter, after: Option<&Cursor>, limit: u32) -> Result<(String, Vec<Value>)> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MIN, String::new()),
    };
    let mut values = params![at, id, limit];
    let mut sql = format!(
        "SELECT {COLUMNS}, y.order_id, y.order_number FROM disputes d JOIN payments y ON y.id = d.payment_id
         WHERE (d.place, d.id) > ($1, $2)"
    );
    let wanted = [
        ("d.id", filter.id.map(Value::from)),
        ("d.status", filter.status.map(|status| Value::from(status_text(status)))),
        ("y.order_id", filter.order_id.map(Value::from)),
    ];
    for (column, value) in wanted {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    sql.push_str(" ORDER BY d.place, d.id LIMIT $3");
    Ok((sql, values))
}

fn parts_sql(disputes: usize) -> String {
    format!(
        "SELECT dispute_id, vendor_id, amount_minor, held_minor FROM dispute_parts WHERE dispute_id IN ({})
         ORDER BY dispute_id, vendor_id",
        placeholders(1, disputes)
    )
}

/// Disputes by their place in the list.
pub async fn dispute_views(
    db: &Db,
    filter: &DisputeFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Placed<DisputeView>>> {
    let (sql, values) = list_sql(filter, after, limit)?;
    let rows = db.all(&sql, values).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.get::<Value>("id")).collect::<Result<Vec<_>>>()?;
    assemble(&rows, &db.all(&parts_sql(rows.len()), ids).await?)
}

/// One dispute as this transaction will leave it.
pub async fn dispute_view_within(tx: &mut Tx, id: DisputeId) -> Result<Option<DisputeView>> {
    let (sql, values) = list_sql(&DisputeFilter { id: Some(id), ..DisputeFilter::default() }, None, 1)?;
    let rows = tx.all(&sql, values).await?;
    let parts = tx.all(&parts_sql(1), params![id]).await?;
    Ok(assemble(&rows, &parts)?.pop().map(|(_, view)| view))
}

fn assemble(rows: &[Row], part_rows: &[Row]) -> Result<Vec<Placed<DisputeView>>> {
    let mut parts: BTreeMap<DisputeId, Vec<&Row>> = BTreeMap::new();
    for row in part_rows {
        parts.entry(row.get("dispute_id")?).or_default().push(row);
    }
    rows.iter()
        .map(|row| {
            let dispute = dispute_of(row)?;
            let currency = dispute.amount.currency;
            let part = |row: &&Row| {
                let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
                let (amount, held) = (money("amount_minor")?, money("held_minor")?);
                Ok::<_, Error>(DisputePartView { vendor_id: row.get("vendor_id")?, amount, held })
            };
            let parts = parts.get(&dispute.id).into_iter().flatten().map(part).collect::<Result<Vec<_>>>()?;
            Ok((row.get("place")?, view(dispute, row.get("order_id")?, row.get("order_number")?, parts)?))
        })
        .collect()
}

fn view(dispute: Dispute, order_id: OrderId, order_number: String, parts: Vec<DisputePartView>) -> Result<DisputeView> {
    Ok(DisputeView {
        id: dispute.id,
        payment_id: dispute.payment_id,
        order_id,
        order_number,
        provider: dispute.provider,
        provider_ref: dispute.provider_ref,
        status: dispute.status,
        beyond: dispute.amount.minus(dispute.bound)?,
        amount: dispute.amount,
        fee: dispute.fee,
        is_withdrawn: dispute.is_withdrawn,
        reason: dispute.reason,
        evidence_due: dispute.evidence_due,
        answer: dispute.answer,
        is_answer_sent: dispute.is_sent,
        evidence: dispute.evidence,
        failure: dispute.failure,
        parts,
        opened_at: dispute.opened_at,
        ended_at: dispute.ended_at,
    })
}

/// A vendor's parts of disputes, by their place in the list.
pub async fn vendor_disputes(
    db: &Db,
    scope: &VendorScope,
    order: Option<OrderId>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Placed<VendorDisputeView>>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MIN, String::new()),
    };
    let mut values = params![at, id, limit, scope.vendor_id()];
    let mut sql =
        "SELECT d.id, d.status, d.currency, d.reason, d.place, d.opened_at, d.ended_at, y.order_id, p.amount_minor,
            p.held_minor
         FROM dispute_parts p JOIN disputes d ON d.id = p.dispute_id JOIN payments y ON y.id = d.payment_id
         WHERE p.vendor_id = $4 AND (d.place, d.id) > ($1, $2)"
            .to_owned();
    if let Some(order) = order {
        values.push(order.into());
        sql.push_str(" AND y.order_id = $5");
    }
    sql.push_str(" ORDER BY d.place, d.id LIMIT $3");
    let rows = db.as_vendor(scope).all(&sql, values).await?;
    rows.iter()
        .map(|row| {
            let currency: Currency = row.get("currency")?;
            let view = VendorDisputeView {
                id: row.get("id")?,
                order_id: row.get("order_id")?,
                status: status(row)?,
                amount: Money::new(row.get("amount_minor")?, currency),
                held: Money::new(row.get("held_minor")?, currency),
                reason: row.get("reason")?,
                opened_at: row.get("opened_at")?,
                ended_at: row.get("ended_at")?,
            };
            Ok((row.get("place")?, view))
        })
        .collect()
}
