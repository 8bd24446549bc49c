//! Payments as admins see them.

use std::collections::BTreeMap;

use contracts::payments::{PaymentStatus, PaymentView, RefundView};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{Currency, Cursor, Money, OrderId, PaymentId, Result, Timestamp};

use super::{PAYMENT_COLUMNS, payment_of};
use crate::model::{Payment, status_text};

/// What an admin looks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these.
    pub status: Option<PaymentStatus>,
    /// Only of this order.
    pub order_id: Option<OrderId>,
    /// An order's whole number, or the provider's id of a payment.
    pub text: Option<String>,
    /// Only at this provider.
    pub provider: Option<String>,
    /// Only those opened at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those opened before this moment.
    pub before: Option<Timestamp>,
    /// Only in this currency.
    pub currency: Option<Currency>,
    /// Least and most of the amount, in minor units.
    pub amount: (Option<i64>, Option<i64>),
}

/// Numbers of orders begin with this.
const NUMBER: &str = "S-";

/// Asks for a page of what has columns `created_at` and `id`, newest first, and in these columns these values.
pub(super) fn newest<const N: usize>(
    what: &str,
    wanted: [(&str, Option<Value>); N],
    after: Option<&Cursor>,
    limit: u32,
) -> Result<(String, Vec<Value>)> {
    let (at, id) = place(after)?;
    let mut values = params![at, id, limit];
    let mut sql = format!("SELECT {what} WHERE (created_at, id) < ($1, $2)");
    for (column, value) in wanted {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    sql.push_str(" ORDER BY created_at DESC, id DESC LIMIT $3");
    Ok((sql, values))
}

/// Where a list that runs from the newest to the oldest continues: time and id of the last one seen.
fn place(after: Option<&Cursor>) -> Result<(i64, String)> {
    match after {
        Some(cursor) => Ok((cursor.number(0)?, cursor.text(1)?.to_owned())),
        None => Ok((i64::MAX, String::new())),
    }
}

/// Payments, newest first.
pub async fn payments(db: &Db, filter: &Filter, after: Option<&Cursor>, limit: u32) -> Result<Vec<PaymentView>> {
    // What is promised has the status of what is under way, but for its date.
    let column = match filter.status {
        Some(PaymentStatus::Promised | PaymentStatus::Processing) => {
            "CASE WHEN status = 'processing' AND promised_at IS NOT NULL THEN 'promised' ELSE status END"
        }
        _ => "status",
    };
    let (at, id) = place(after)?;
    let mut values = params![at, id, limit];
    let mut sql = format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE (created_at, id) < ($1, $2)");
    let mut also = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ${}", values.len()));
        }
    };
    also(&format!("{column} ="), filter.status.map(|status| status_text(status).into()));
    also("order_id =", filter.order_id.map(Value::from));
    match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(|text| (text, text.to_uppercase()))
    {
        Some((_, number)) if number.starts_with(NUMBER) => also("order_number =", Some(number.into())),
        Some((reference, _)) => also("provider_ref =", Some(reference.into())),
        None => {}
    }
    also("provider =", filter.provider.as_deref().map(Value::from));
    also("created_at >=", filter.from.map(Value::from));
    also("created_at <", filter.before.map(Value::from));
    also("currency =", filter.currency.map(Value::from));
    also("amount_minor >=", filter.amount.0.map(Value::from));
    also("amount_minor <=", filter.amount.1.map(Value::from));
    sql.push_str(" ORDER BY created_at DESC, id DESC LIMIT $3");
    views(db, &db.all(&sql, values).await?).await
}

/// One payment.
pub async fn payment_view(db: &Db, id: PaymentId) -> Result<Option<PaymentView>> {
    let rows = db.all(&one_sql(), params![id]).await?;
    Ok(views(db, &rows).await?.pop())
}

/// One payment as this transaction will leave it.
pub async fn payment_view_within(tx: &mut Tx, id: PaymentId) -> Result<Option<PaymentView>> {
    let payments = tx.all(&one_sql(), params![id]).await?.iter().map(payment_of).collect::<Result<Vec<_>>>()?;
    let refunds = tx.all(&refunds_sql(1), params![id]).await?;
    Ok(assemble(payments, &refunds)?.pop())
}

fn one_sql() -> String {
    format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE id = $1")
}

fn refunds_sql(payments: usize) -> String {
    format!(
        "SELECT id, payment_id, amount_minor, credit_minor, reason, status, created_at FROM refunds WHERE payment_id IN ({})
         ORDER BY payment_id, created_at, id",
        placeholders(1, payments)
    )
}

async fn views(db: &Db, rows: &[Row]) -> Result<Vec<PaymentView>> {
    let payments = rows.iter().map(payment_of).collect::<Result<Vec<Payment>>>()?;
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    let ids = payments.iter().map(|payment| payment.id.into()).collect();
    let refunds = db.all(&refunds_sql(payments.len()), ids).await?;
    assemble(payments, &refunds)
}

fn assemble(payments: Vec<Payment>, refund_rows: &[Row]) -> Result<Vec<PaymentView>> {
    let currencies: BTreeMap<_, _> = payments.iter().map(|payment| (payment.id, payment.amount.currency)).collect();
    let mut refunds: BTreeMap<PaymentId, Vec<RefundView>> = BTreeMap::new();
    for row in refund_rows {
        let payment: PaymentId = row.get("payment_id")?;
        let Some(currency) = currencies.get(&payment) else { continue };
        refunds.entry(payment).or_default().push(RefundView {
            id: row.get("id")?,
            amount: Money::new(row.get("amount_minor")?, *currency),
            to_credit: some(Money::new(row.get("credit_minor")?, *currency)),
            reason: row.get("reason")?,
            status: row.get("status")?,
            created_at: row.get("created_at")?,
        });
    }
    let view = |payment: Payment| PaymentView {
        to_collect: (payment.status == PaymentStatus::Promised).then(|| payment.to_collect()),
        id: payment.id,
        order_id: payment.order_id,
        order_number: payment.order_number,
        provider: payment.provider,
        provider_ref: payment.provider_ref,
        status: payment.status,
        amount: payment.amount,
        covered: some(payment.covered),
        captured: payment.captured,
        refunded: payment.refunded,
        disputed: payment.disputed,
        failure: payment.failure,
        refunds: refunds.remove(&payment.id).unwrap_or_default(),
        created_at: payment.created_at,
    };
    Ok(payments.into_iter().map(view).collect())
}

/// Nothing if it is nothing.
fn some(amount: Money) -> Option<Money> {
    (!amount.is_zero()).then_some(amount)
}
