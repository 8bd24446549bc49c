//! Returns as they are shown, and what can be returned.

use std::collections::BTreeMap;

use contracts::{
    catalog::Picture,
    orders::{ExchangeVariant, ReturnLabelView, ReturnLineView, ReturnView, ReturnableLine, ReturnablePart},
    shared::TimelineEntry,
};
use db::{Db, Row, Value, params, placeholders};
use kernel::{Currency, Money, OrderId, Result, ReturnId, Timestamp, VendorOrderId, VendorScope};

use super::{days_of, exchange_state, named, status};
use crate::store::timeline_entry;

const VIEW: &str =
    "SELECT r.id, r.request_id, r.number, r.order_id, r.vendor_order_id, r.vendor_id, v.vendor_name, r.kind, r.asked_by, r.status, r.remedy, r.exchange, r.new_carrier,
        r.new_tracking_number, r.reason, r.text,
        r.answer, r.instructions, r.label_carrier, r.label_number, r.carrier, r.tracking_number, r.condition, r.refund_minor, r.shipping_minor, r.refund_failure,
        r.created_at, r.version, o.currency,
        CASE WHEN v.shipping_returned = 1 THEN 0 ELSE v.shipping_minor END AS shipping_left
     FROM returns r JOIN vendor_orders v ON v.id = r.vendor_order_id JOIN orders o ON o.id = r.order_id";

/// A return.
pub async fn view(db: &Db, id: ReturnId) -> Result<Option<ReturnView>> {
    let rows = db.all(&format!("{VIEW} WHERE r.id = $1"), params![id]).await?;
    Ok(whole(db, &rows).await?.pop())
}

/// One of a vendor's returns.
pub async fn view_of_vendor(db: &Db, scope: &VendorScope, id: ReturnId) -> Result<Option<ReturnView>> {
    let db = db.as_vendor(scope);
    let rows = db.all(&format!("{VIEW} WHERE r.id = $1 AND r.vendor_id = $2"), params![id, scope.vendor_id()]).await?;
    Ok(whole(&db, &rows).await?.pop())
}

/// The paper of the label with which a return of an order can be sent, among the files.
pub async fn label_file(db: &Db, order: OrderId, id: ReturnId) -> Result<Option<String>> {
    let sql = "SELECT label_file FROM returns WHERE id = $1 AND order_id = $2 AND status IN ('approved', 'sent')";
    Ok(db.opt(sql, params![id, order]).await?.map(|row| row.at(0)).transpose()?.flatten())
}

/// Returns of an order, oldest first. An order has few: as many as it has pieces, if each goes back alone.
pub async fn of_order(db: &Db, order: OrderId) -> Result<Vec<ReturnView>> {
    let sql = format!("{VIEW} WHERE r.order_id = $1 ORDER BY r.created_at, r.id LIMIT 500");
    let rows = db.all(&sql, params![order]).await?;
    whole(db, &rows).await
}

/// Adds lines, photos and timelines, one query each for all.
async fn whole(db: &Db, returns: &[Row]) -> Result<Vec<ReturnView>> {
    if returns.is_empty() {
        return Ok(Vec::new());
    }
    let ids = |column| returns.iter().map(|row| row.get::<Value>(column)).collect::<Result<Vec<_>>>();
    let within = placeholders(1, returns.len());
    let sql = format!(
        "SELECT n.return_id, n.line_id, l.variant_id, l.product_id, l.title, l.options, l.sku, n.wanted, n.approved, n.received,
             n.restocked, n.refund_minor, n.tax_minor, n.exchange_for, n.exchange_options, n.exchange_sku
         FROM return_lines n JOIN order_lines l ON l.order_id = n.order_id AND l.id = n.line_id
         WHERE n.return_id IN ({within}) ORDER BY n.return_id, n.position"
    );
    let mut lines: BTreeMap<ReturnId, Vec<Row>> = BTreeMap::new();
    for row in db.all(&sql, ids("id")?).await? {
        lines.entry(row.get("return_id")?).or_default().push(row);
    }
    let sql = format!(
        "SELECT return_id, at, kind, text FROM order_timeline WHERE return_id IN ({within}) ORDER BY return_id, version, position"
    );
    let mut timelines: BTreeMap<ReturnId, Vec<TimelineEntry>> = BTreeMap::new();
    for row in db.all(&sql, ids("id")?).await? {
        timelines.entry(row.get("return_id")?).or_default().push(timeline_entry(&row)?);
    }
    let sql = format!(
        "SELECT request_id, picture FROM return_photos WHERE request_id IN ({within}) ORDER BY request_id, position"
    );
    let mut photos: BTreeMap<String, Vec<Picture>> = BTreeMap::new();
    for row in db.all(&sql, ids("request_id")?).await? {
        photos.entry(row.get("request_id")?).or_default().push(row.json("picture")?);
    }
    returns
        .iter()
        .map(|row| {
            let (id, currency) = (row.get("id")?, row.get("currency")?);
            let lines = lines.remove(&id).unwrap_or_default();
            Ok(ReturnView {
                photos: photos.get(&row.get::<String>("request_id")?).cloned().unwrap_or_default(),
                lines: lines.iter().map(|line| line_view(line, currency)).collect::<Result<_>>()?,
                timeline: timelines.remove(&id).unwrap_or_default(),
                ..head(row, currency)?
            })
        })
        .collect()
}

fn head(row: &Row, currency: Currency) -> Result<ReturnView> {
    let money = |column| Ok::<_, kernel::Error>(Money::new(row.get(column)?, currency));
    Ok(ReturnView {
        id: row.get("id")?,
        number: row.get("number")?,
        order_id: row.get("order_id")?,
        vendor_order_id: row.get("vendor_order_id")?,
        vendor_id: row.get("vendor_id")?,
        vendor_name: row.get("vendor_name")?,
        kind: named(row, "kind")?,
        asked_by: named(row, "asked_by")?,
        status: status(row)?,
        remedy: named(row, "remedy")?,
        exchange: exchange_state(row)?,
        new_carrier: row.get("new_carrier")?,
        new_tracking_number: row.get("new_tracking_number")?,
        reason: named(row, "reason")?,
        text: row.get("text")?,
        photos: Vec::new(),
        lines: Vec::new(),
        answer: row.get("answer")?,
        instructions: row.get("instructions")?,
        label: row
            .get::<Option<String>>("label_carrier")?
            .zip(row.get("label_number")?)
            .map(|(carrier, tracking_number)| ReturnLabelView { carrier, tracking_number }),
        carrier: row.get("carrier")?,
        tracking_number: row.get("tracking_number")?,
        condition: row.get("condition")?,
        refund: money("refund_minor")?,
        refund_shipping: money("shipping_minor")?,
        shipping_left: money("shipping_left")?,
        refund_failure: row.get("refund_failure")?,
        timeline: Vec::new(),
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

fn line_view(row: &Row, currency: Currency) -> Result<ReturnLineView> {
    Ok(ReturnLineView {
        line_id: row.get("line_id")?,
        variant_id: row.get("variant_id")?,
        product_id: row.get("product_id")?,
        title: row.get("title")?,
        options: row.json("options")?,
        sku: row.get("sku")?,
        quantity: row.get("wanted")?,
        exchange_for: match row.get("exchange_for")? {
            Some(variant_id) => Some(ExchangeVariant {
                variant_id,
                options: row.json("exchange_options")?,
                sku: row.get("exchange_sku")?,
            }),
            None => None,
        },
        approved: row.get("approved")?,
        received: row.get("received")?,
        restocked: row.get("restocked")?,
        refund: Money::new(row.get("refund_minor")?, currency),
        tax: Money::new(row.get("tax_minor")?, currency),
    })
}

/// What of an order can be returned now, by vendor.
pub async fn returnable(db: &Db, order: OrderId, now: Timestamp) -> Result<Vec<ReturnablePart>> {
    let sql = format!(
        "SELECT v.id, v.vendor_id, v.vendor_name, v.delivered_at, {} AS days, l.id AS line_id, l.product_id, l.variant_id, l.title, l.options,
             l.unit_price_minor, o.currency, l.delivered + l.withdrawn - l.returned AS left_over
         FROM vendor_orders v JOIN orders o ON o.id = v.order_id
             JOIN order_lines l ON l.order_id = v.order_id AND l.vendor_order_id = v.id
         WHERE v.order_id = $1 AND v.delivered_at IS NOT NULL AND l.digital = 0 AND l.returned < l.delivered + l.withdrawn
           AND (o.promised_at IS NULL OR o.paid_at IS NOT NULL)
         ORDER BY l.position",
        days_of()
    );
    let mut parts: Vec<ReturnablePart> = Vec::new();
    for row in db.all(&sql, params![order]).await? {
        let until = until(row.get("delivered_at")?, row.get("days")?);
        if until < now {
            continue;
        }
        let line = ReturnableLine {
            line_id: row.get("line_id")?,
            product_id: row.get("product_id")?,
            variant_id: row.get("variant_id")?,
            unit_price: Money::new(row.get("unit_price_minor")?, row.get("currency")?),
            title: row.get("title")?,
            options: row.json("options")?,
            quantity: row.get("left_over")?,
        };
        let id: VendorOrderId = row.get("id")?;
        match parts.iter_mut().find(|part| part.vendor_order_id == id) {
            Some(part) => part.lines.push(line),
            None => parts.push(ReturnablePart {
                vendor_order_id: id,
                vendor_id: row.get("vendor_id")?,
                vendor_name: row.get("vendor_name")?,
                until,
                lines: vec![line],
            }),
        }
    }
    Ok(parts)
}

/// When the time to return something that was delivered is over.
pub(super) fn until(delivered: Timestamp, days: i64) -> Timestamp {
    delivered.plus(std::time::Duration::from_secs(u64::try_from(days).unwrap_or(0) * 86_400))
}
