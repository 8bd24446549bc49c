//! What moves a return. Rows are locked in one order everywhere: the return, its order, lines.

use std::collections::BTreeMap;

use contracts::{
    catalog::Picture,
    orders::{AskedBy, ExchangeVariant, RETURN_PHOTOS_MAX, Remedy, ReturnKind, ReturnReason},
};
use db::{Row, Tx, Value, params, rows_sql};
use kernel::{
    Currency, Error, LineId, Money, OrderId, RefundId, Result, ReturnId, Timestamp, VendorId, VendorOrderId,
    VendorScope,
};

use super::{days_of, exchange_state, named, status, views::until, word};
use crate::{
    model::returns::{Label, Line, Return, Sold, status_text},
    store::{json_text, withdrawals},
};

/// Locks an order for a request; its version and whether a courier was to be paid and was not, or nothing if there is no such
/// order.
pub async fn lock_for_request(tx: &mut Tx, order: OrderId) -> Result<Option<(i64, bool)>> {
    let sql = "SELECT version, CASE WHEN promised_at IS NOT NULL AND paid_at IS NULL THEN 1 ELSE 0 END AS is_unpaid
               FROM orders WHERE id = $1";
    let row = tx.lock(sql, params![order]).await?;
    row.map(|row| Ok((row.get("version")?, row.get("is_unpaid")?))).transpose()
}

/// A line that a buyer asks for, with what decides whether it can be returned.
pub struct Sellable {
    /// Line.
    pub line_id: LineId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Number of the part.
    pub number: String,
    /// Until when it can be returned; nothing while it has not arrived.
    pub until: Option<Timestamp>,
    /// How many can still be returned.
    pub left: i64,
    /// True if it is downloaded: nothing of it can be sent back.
    pub digital: bool,
}

/// Lines of an order that the transaction has locked.
pub async fn sellable(tx: &mut Tx, order: OrderId) -> Result<Vec<Sellable>> {
    let sql = format!(
        "SELECT l.id, l.vendor_order_id, l.delivered + l.withdrawn - l.returned AS left_over, l.delivered, l.digital, v.vendor_id, v.number, v.delivered_at,
             {} AS days
         FROM order_lines l JOIN vendor_orders v ON v.id = l.vendor_order_id WHERE l.order_id = $1 ORDER BY l.position",
        days_of()
    );
    let read = |row: &Row| {
        let delivered = row
            .get::<Option<Timestamp>>("delivered_at")?
            .filter(|_| row.get::<i64>("delivered").is_ok_and(|pieces| pieces > 0));
        let days = row.get("days")?;
        Ok(Sellable {
            line_id: row.get("id")?,
            vendor_order_id: row.get("vendor_order_id")?,
            vendor_id: row.get("vendor_id")?,
            number: row.get("number")?,
            until: delivered.map(|at| until(at, days)),
            left: row.get("left_over")?,
            digital: row.get("digital")?,
        })
    };
    tx.all(&sql, params![order]).await?.iter().map(read).collect()
}

/// Takes pieces of a line up for a return, or (negative) lets them go: one conditional statement, so there are never
/// more than have arrived. What was taken out before it left counts as returned as well. False if there are not that many.
pub async fn claim(tx: &mut Tx, order: OrderId, line: LineId, pieces: i64) -> Result<bool> {
    let sql = "UPDATE order_lines SET returned = returned + $3
               WHERE order_id = $1 AND id = $2 AND returned + $3 BETWEEN withdrawn AND withdrawn + delivered";
    Ok(tx.exec(sql, params![order, line, pieces]).await? == 1)
}

/// The same for what the buyer keeps: never more than was sent, or can be downloaded.
async fn claim_kept(tx: &mut Tx, order: OrderId, line: LineId, pieces: i64) -> Result<bool> {
    let sql = "UPDATE order_lines SET returned = returned + $3
               WHERE order_id = $1 AND id = $2
                   AND returned + $3 BETWEEN withdrawn AND CASE WHEN digital = 1 THEN quantity ELSE withdrawn + shipped END";
    Ok(tx.exec(sql, params![order, line, pieces]).await? == 1)
}

/// A line of a vendor's part that was sent or can be downloaded, and how many of it were not paid back.
pub struct Payable {
    /// Line.
    pub line_id: LineId,
    /// How many.
    pub left: i64,
}

/// Lines of a part of an order that the transaction has locked, and the number of the part.
pub async fn payable(tx: &mut Tx, order: OrderId, part: VendorOrderId) -> Result<(String, Vec<Payable>)> {
    let number = tx.one("SELECT number FROM vendor_orders WHERE id = $1", params![part]).await?.at(0)?;
    let sql = "SELECT id, CASE WHEN digital = 1 THEN quantity ELSE withdrawn + shipped END - returned AS left_over
               FROM order_lines WHERE order_id = $1 AND vendor_order_id = $2 ORDER BY position";
    let read = |row: &Row| Ok(Payable { line_id: row.get("id")?, left: row.get("left_over")? });
    Ok((number, tx.all(sql, params![order, part]).await?.iter().map(read).collect::<Result<_>>()?))
}

/// How many returns a vendor's part has.
pub async fn count_of_part(tx: &mut Tx, part: VendorOrderId) -> Result<i64> {
    tx.one("SELECT count(*) FROM returns WHERE vendor_order_id = $1", params![part]).await?.at(0)
}

/// A return that is asked for.
pub struct Asked<'a> {
    /// Id.
    pub id: ReturnId,
    /// Of the form.
    pub request_id: &'a str,
    /// Number.
    pub number: &'a str,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Whether it has arrived, or is taken out of the order before.
    pub kind: ReturnKind,
    /// Who asks.
    pub asked_by: AskedBy,
    /// Why.
    pub reason: ReturnReason,
    /// In the buyer's words.
    pub text: Option<&'a str>,
    /// What for.
    pub remedy: Remedy,
    /// Lines and how many of each.
    pub lines: &'a [(LineId, i64)],
    /// What is wanted instead.
    pub exchanges: &'a BTreeMap<LineId, ExchangeVariant>,
}

/// Stores a return that is asked for.
pub async fn insert(tx: &mut Tx, asked: &Asked<'_>, now: Timestamp) -> Result<()> {
    let items: i64 = asked.lines.iter().map(|(_, quantity)| quantity).sum();
    tx.defer(
        "INSERT INTO returns (id, request_id, number, order_id, vendor_order_id, vendor_id, status, version, reason, text,
             refund_minor, shipping_minor, attempts, items, created_at, remedy, kind, asked_by)
         VALUES ($1, $2, $3, $4, $5, $6, 'requested', 1, $7, $8, 0, 0, 0, $9, $10, $11, $12, $13)",
        params![
            asked.id,
            asked.request_id,
            asked.number,
            asked.order_id,
            asked.vendor_order_id,
            asked.vendor_id,
            word(&asked.reason)?,
            asked.text,
            items,
            now,
            word(&asked.remedy)?,
            word(&asked.kind)?,
            word(&asked.asked_by)?
        ],
    )
    .await?;
    if asked.lines.is_empty() {
        return Ok(());
    }
    const INTO: &str =
        "INSERT INTO return_lines (return_id, position, order_id, line_id, wanted, received, restocked, refund_minor,
        tax_minor, exchange_for, exchange_options, exchange_sku)";
    let mut values = Vec::with_capacity(asked.lines.len() * 12);
    for (position, (line, quantity)) in asked.lines.iter().enumerate() {
        let instead = asked.exchanges.get(line);
        let options = instead.map(|variant| json_text(&variant.options)).transpose()?.unwrap_or(Value::Null);
        values.extend(params![asked.id, position as i64, asked.order_id, *line, *quantity, 0, 0, 0, 0]);
        let instead = (instead.map(|variant| variant.variant_id), options, instead.map(|variant| variant.sku.as_str()));
        values.extend(params![instead.0, instead.1, instead.2]);
    }
    tx.defer(rows_sql(INTO, 12, asked.lines.len()), values).await
}

/// Who moves a return.
#[derive(Clone)]
pub enum Holder {
    /// Its vendor.
    Vendor(VendorScope),
    /// The buyer of its order.
    Buyer(OrderId),
    /// News from another service.
    System,
}

const COLUMNS: &str = "id, number, order_id, vendor_order_id, vendor_id, kind, status, version, remedy, exchange, new_carrier, new_tracking_number, reason, text, answer, instructions, label_carrier, label_number, label_file, carrier, \
    tracking_number, condition, refund_minor, shipping_minor, refund_id, attempts, refund_failure, created_at, received_at";

/// A return, and nobody else may change it or its order until the transaction ends; with the order's version.
pub async fn lock(tx: &mut Tx, id: ReturnId, holder: &Holder) -> Result<Option<(Return, i64)>> {
    let (condition, value) = match holder {
        Holder::Vendor(scope) => ("vendor_id", Value::from(scope.vendor_id())),
        Holder::Buyer(order) => ("order_id", Value::from(*order)),
        Holder::System => ("id", Value::from(id)),
    };
    let sql = format!("SELECT {COLUMNS} FROM returns WHERE id = $1 AND {condition} = $2");
    locked(tx, &sql, vec![id.into(), value]).await
}

/// The return whose refund this is, locked; nothing for refunds of other kinds and for former attempts.
pub async fn lock_by_refund(tx: &mut Tx, refund: RefundId) -> Result<Option<(Return, i64)>> {
    let sql = format!("SELECT {COLUMNS} FROM returns WHERE refund_id = $1");
    locked(tx, &sql, params![refund]).await
}

async fn locked(tx: &mut Tx, sql: &str, values: Vec<Value>) -> Result<Option<(Return, i64)>> {
    let Some(row) = tx.lock(sql, values).await? else { return Ok(None) };
    let order: OrderId = row.get("order_id")?;
    let head = tx.lock("SELECT version, currency FROM orders WHERE id = $1", params![order]).await?;
    let head = head.ok_or_else(|| Error::internal("a return without its order"))?;
    let currency: Currency = head.get("currency")?;
    let part = tx
        .one(
            "SELECT CASE WHEN shipping_returned = 1 THEN 0 ELSE shipping_minor END AS shipping_left FROM vendor_orders WHERE id = $1",
            params![row.get::<VendorOrderId>("vendor_order_id")?],
        )
        .await?;
    let lines = tx
        .all(
            "SELECT n.line_id, l.variant_id, n.wanted, n.approved, n.received, n.restocked, n.refund_minor, n.tax_minor, n.exchange_for, l.quantity,
                 l.total_minor - l.promoted_minor + l.tax_added_minor AS sold_minor, l.tax_minor AS sold_tax_minor, l.taken_back
             FROM return_lines n JOIN order_lines l ON l.order_id = n.order_id AND l.id = n.line_id
             WHERE n.return_id = $1 ORDER BY n.position",
            params![row.get::<ReturnId>("id")?],
        )
        .await?;
    let lines = lines.iter().map(|line| line_of(line, currency)).collect::<Result<Vec<_>>>()?;
    let shipping_left = Money::new(part.get("shipping_left")?, currency);
    Ok(Some((return_of(&row, lines, shipping_left)?, head.get("version")?)))
}

fn line_of(row: &Row, currency: Currency) -> Result<Line> {
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    Ok(Line {
        line_id: row.get("line_id")?,
        variant_id: row.get("variant_id")?,
        exchange_for: row.get("exchange_for")?,
        wanted: row.get("wanted")?,
        approved: row.get("approved")?,
        received: row.get("received")?,
        restocked: row.get("restocked")?,
        refund: money("refund_minor")?,
        tax: money("tax_minor")?,
        sold: Sold {
            quantity: row.get("quantity")?,
            total: money("sold_minor")?,
            tax: money("sold_tax_minor")?,
            taken_back: row.get("taken_back")?,
        },
    })
}

fn return_of(row: &Row, lines: Vec<Line>, shipping_left: Money) -> Result<Return> {
    let currency = shipping_left.currency;
    let parcel = |carrier: &str, number: &str| -> Result<Option<(String, String)>> {
        Ok(row.get::<Option<String>>(carrier)?.zip(row.get::<Option<String>>(number)?))
    };
    Ok(Return {
        id: row.get("id")?,
        number: row.get("number")?,
        order_id: row.get("order_id")?,
        vendor_order_id: row.get("vendor_order_id")?,
        vendor_id: row.get("vendor_id")?,
        kind: named(row, "kind")?,
        status: status(row)?,
        reason: named(row, "reason")?,
        text: row.get("text")?,
        answer: row.get("answer")?,
        instructions: row.get("instructions")?,
        label: parcel("label_carrier", "label_number")?
            .zip(row.get("label_file")?)
            .map(|((carrier, number), file)| Label { carrier, number, file }),
        carriage: parcel("carrier", "tracking_number")?,
        condition: row.get("condition")?,
        remedy: named(row, "remedy")?,
        exchange: exchange_state(row)?,
        replacement: parcel("new_carrier", "new_tracking_number")?,
        lines,
        refund: Money::new(row.get("refund_minor")?, currency),
        shipping: Money::new(row.get("shipping_minor")?, currency),
        shipping_left,
        refund_id: row.get("refund_id")?,
        attempts: row.get("attempts")?,
        failure: row.get("refund_failure")?,
        created_at: row.get("created_at")?,
        received_at: row.get("received_at")?,
        version: row.get("version")?,
    })
}

/// Stores what a step has changed, and lets go of the pieces it no longer takes up.
pub async fn save(tx: &mut Tx, before: &Return, after: &Return) -> Result<()> {
    let saved = tx
        .exec(
            "UPDATE returns SET status = $3, version = $4, answer = $5, instructions = $6, carrier = $7, tracking_number = $8,
                 condition = $9, refund_minor = $10, shipping_minor = $11, refund_id = $12, attempts = $13, refund_failure = $14,
                 received_at = $15, remedy = $16, exchange = $17, new_carrier = $18, new_tracking_number = $19,
                 label_carrier = $20, label_number = $21, label_file = $22
             WHERE id = $1 AND version = $2",
            params![
                before.id,
                before.version,
                status_text(after.status),
                after.version,
                &after.answer,
                &after.instructions,
                after.carriage.as_ref().map(|(carrier, _)| carrier.as_str()),
                after.carriage.as_ref().map(|(_, number)| number.as_str()),
                &after.condition,
                after.refund.amount_minor,
                after.shipping.amount_minor,
                after.refund_id,
                after.attempts,
                &after.failure,
                after.received_at,
                word(&after.remedy)?,
                after.exchange.as_ref().map(word).transpose()?,
                after.replacement.as_ref().map(|(carrier, _)| carrier.as_str()),
                after.replacement.as_ref().map(|(_, number)| number.as_str()),
                after.label.as_ref().map(|label| label.carrier.as_str()),
                after.label.as_ref().map(|label| label.number.as_str()),
                after.label.as_ref().map(|label| label.file.as_str())
            ],
        )
        .await?;
    if saved != 1 {
        return Err(Error::conflict("return_changed", "The return was changed at the same time. Try again."));
    }
    if after.shipping != before.shipping {
        let sql = "UPDATE vendor_orders SET shipping_returned = 1 WHERE id = $1 AND shipping_returned = 0";
        if tx.exec(sql, params![after.vendor_order_id]).await? != 1 {
            return Err(Error::internal(format!("the shipping of {} went back before", after.number)));
        }
    }
    for (was, is) in before.lines.iter().zip(&after.lines) {
        save_line(tx, (before, was), (after, is)).await?;
    }
    Ok(())
}

async fn save_line(tx: &mut Tx, (before, was): (&Return, &Line), (after, is): (&Return, &Line)) -> Result<()> {
    let (claimed, claims) = (before.claims(was), after.claims(is));
    let more = claims - claimed;
    let taken = match after.kind {
        _ if more == 0 => true,
        ReturnKind::Return => claim(tx, after.order_id, is.line_id, more).await?,
        ReturnKind::Kept => claim_kept(tx, after.order_id, is.line_id, more).await?,
        ReturnKind::Withdrawal => withdrawals::take(tx, after.order_id, is.line_id, more).await?,
    };
    if !taken {
        return Err(Error::internal(format!("{} lets go of what it does not have", after.number)));
    }
    if is == was {
        return Ok(());
    }
    tx.defer(
        "UPDATE return_lines SET approved = $3, received = $4, restocked = $5, refund_minor = $6, tax_minor = $7
         WHERE return_id = $1 AND line_id = $2",
        params![
            after.id,
            is.line_id,
            is.approved,
            is.received,
            is.restocked,
            is.refund.amount_minor,
            is.tax.amount_minor
        ],
    )
    .await?;
    if is.received != was.received {
        let sql = "UPDATE order_lines SET taken_back = taken_back + $3 WHERE order_id = $1 AND id = $2";
        tx.defer(sql, params![after.order_id, is.line_id, is.received - was.received]).await?;
    }
    Ok(())
}

/// True if the order cost nothing and every piece of this part of it has come back, none of them for another one.
pub async fn all_of_free_part_is_back(tx: &mut Tx, order: OrderId, part: VendorOrderId) -> Result<bool> {
    let sql = "SELECT 1 FROM orders o WHERE o.id = $1 AND o.total_minor = 0
                 AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = $1 AND l.vendor_order_id = $2 AND l.taken_back < l.quantity)
                 AND NOT EXISTS (SELECT 1 FROM returns r WHERE r.order_id = $1 AND r.vendor_order_id = $2
                    AND r.remedy = 'exchange' AND r.received_at IS NOT NULL)";
    Ok(tx.opt(sql, params![order, part]).await?.is_some())
}

/// Notes what happened to a return in the timeline of its order, which is one version on: the version now.
pub async fn note(
    tx: &mut Tx,
    (order, part, of): (OrderId, VendorOrderId, ReturnId),
    version: i64,
    (kind, text): (&str, &str),
    at: Timestamp,
) -> Result<i64> {
    let sql = "UPDATE orders SET version = version + 1 WHERE id = $1 AND version = $2";
    if tx.exec(sql, params![order, version]).await? != 1 {
        return Err(Error::internal("an order was changed while it was locked"));
    }
    tx.defer(
        "INSERT INTO order_timeline (order_id, version, position, at, kind, text, vendor_order_id, return_id)
         VALUES ($1, $2, 0, $3, $4, $5, $6, $7)",
        params![order, version + 1, at, kind, text, part, of],
    )
    .await?;
    Ok(version + 1)
}

/// Adds a photo behind those the form of a return has; false if there are as many as there may be, or if the vendor has
/// answered. Lock the order first: of two photos that come at once each needs a place of its own.
pub async fn add_photo(tx: &mut Tx, of: ReturnId, picture: &Picture) -> Result<bool> {
    let sql = "INSERT INTO return_photos (request_id, position, picture)
               SELECT r.request_id, (SELECT count(*) FROM return_photos p WHERE p.request_id = r.request_id), $2
               FROM returns r WHERE r.id = $1 AND r.status = 'requested'
                   AND (SELECT count(*) FROM return_photos p WHERE p.request_id = r.request_id) < $3";
    Ok(tx.exec(sql, params![of, json_text(picture)?, RETURN_PHOTOS_MAX as i64]).await? == 1)
}
