//! Lists of returns, newest first.

use contracts::orders::{ReturnStatus, ReturnSummary};
use db::{Db, Row, Value, params};
use kernel::{Cursor, Money, Result, VendorScope};

use super::{named, status};
use crate::{model::returns::status_text, store::lists::position};

const SUMMARY: &str =
    "SELECT r.id, r.number, r.order_id, r.vendor_id, v.vendor_name, r.kind, r.status, r.reason, r.items, r.refund_minor, r.refund_failure,
        r.created_at, o.currency
     FROM returns r JOIN vendor_orders v ON v.id = r.vendor_order_id JOIN orders o ON o.id = r.order_id";

fn summary(row: &Row) -> Result<ReturnSummary> {
    Ok(ReturnSummary {
        id: row.get("id")?,
        number: row.get("number")?,
        order_id: row.get("order_id")?,
        vendor_id: row.get("vendor_id")?,
        vendor_name: row.get("vendor_name")?,
        kind: named(row, "kind")?,
        status: status(row)?,
        reason: named(row, "reason")?,
        items: row.get("items")?,
        refund: Money::new(row.get("refund_minor")?, row.get("currency")?),
        refund_failed: row.get::<Option<String>>("refund_failure")?.is_some(),
        created_at: row.get("created_at")?,
    })
}

/// A page of a vendor's returns.
pub async fn of_vendor(
    db: &Db,
    scope: &VendorScope,
    only: Option<ReturnStatus>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<ReturnSummary>> {
    let vendor = ("r.vendor_id = ", Value::from(scope.vendor_id()));
    page(&db.as_vendor(scope), [Some(vendor), only.map(by_status)], after, limit).await
}

/// A page of all returns.
pub async fn all(
    db: &Db,
    only: Option<ReturnStatus>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<ReturnSummary>> {
    page(db, [None, only.map(by_status)], after, limit).await
}

fn by_status(status: ReturnStatus) -> (&'static str, Value) {
    ("r.status = ", status_text(status).into())
}

async fn page(
    db: &Db,
    conditions: [Option<(&'static str, Value)>; 2],
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<ReturnSummary>> {
    let (at, id) = position(after)?;
    let (mut sql, mut values) = (format!("{SUMMARY} WHERE (r.created_at, r.id) < ($1, $2)"), params![at, id, limit]);
    for (condition, value) in conditions.into_iter().flatten() {
        values.push(value);
        sql.push_str(&format!(" AND {condition}${}", values.len()));
    }
    sql.push_str(" ORDER BY r.created_at DESC, r.id DESC LIMIT $3");
    db.all(&sql, values).await?.iter().map(summary).collect()
}
