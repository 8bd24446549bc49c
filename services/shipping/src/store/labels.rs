//! Labels. A vendor's own are reached only with its scope; jobs reach them by their id.

use contracts::carriers::LabelStatus;
use db::{Db, Row, Tx, Value, json, params};
use kernel::{
    Cursor, Error, LabelId, Money, OrderId, Result, ReturnId, ShipmentId, Timestamp, VendorOrderId, VendorScope,
};

use crate::model::label::{Choice, Label, Purchase, Shown};

/// Most labels of a part that are shown.
const OF_PART_MAX: i64 = 50;

const COLUMNS: &str =
    "l.label_id, l.vendor_id, l.shipment_id, l.vendor_order_id, l.order_id, l.provider, l.state, l.weight_g, l.size, l.wanted,
    l.draft_ref, l.rate_ref, l.carrier, l.service, l.number, l.tracker_ref, l.paper_ref, l.currency, l.price_minor, l.file,
    l.failure, l.checks, l.booked, l.return_id, l.left_at, l.created_at, l.changed_at";
/// A parcel, or a return, has one label at a time: the one in such a state.
const OPEN: &str = "l.state IN ('ordered', 'bought', 'voiding')";

/// Stores a label that is ordered.
pub(crate) async fn insert(tx: &mut Tx, label: &Label, check_at: Timestamp) -> Result<()> {
    tx.defer(
        "INSERT INTO labels (label_id, vendor_id, shipment_id, vendor_order_id, order_id, provider, state, weight_g, size, wanted,
             return_id, checks, check_at, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $13)",
        params![
            label.id, label.vendor_id, label.shipment_id, label.vendor_order_id, label.order_id, &label.provider,
            word(label.status), label.weight_g, json(&label.size)?, &label.wanted, label.return_id, check_at, label.created_at
        ],
    )
    .await
}

/// A label, which nobody else changes until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: LabelId) -> Result<Option<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM labels l WHERE l.label_id = $1");
    tx.lock(&sql, params![id]).await?.as_ref().map(read).transpose()
}

/// One of a vendor's labels.
pub(crate) async fn find_within(tx: &mut Tx, scope: &VendorScope, id: LabelId) -> Result<Option<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM labels l WHERE l.vendor_id = $1 AND l.label_id = $2");
    tx.opt(&sql, params![scope.vendor_id(), id]).await?.as_ref().map(read).transpose()
}

/// The label that a parcel has now. Call with its part locked.
pub(crate) async fn open_of(tx: &mut Tx, scope: &VendorScope, parcel: ShipmentId) -> Result<Option<Label>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM labels l
         WHERE l.vendor_id = $1 AND l.shipment_id = $2 AND l.return_id IS NULL AND {OPEN}"
    );
    tx.opt(&sql, params![scope.vendor_id(), parcel]).await?.as_ref().map(read).transpose()
}

/// The label that a return has now. Call with its part locked.
pub(crate) async fn open_of_return(tx: &mut Tx, scope: &VendorScope, of: ReturnId) -> Result<Option<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM labels l WHERE l.vendor_id = $1 AND l.return_id = $2 AND {OPEN}");
    tx.opt(&sql, params![scope.vendor_id(), of]).await?.as_ref().map(read).transpose()
}

/// The label of a parcel with this tracking number, if it was ever one's.
pub(crate) async fn numbered(
    tx: &mut Tx,
    scope: &VendorScope,
    parcel: ShipmentId,
    number: &str,
) -> Result<Option<Label>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM labels l
         WHERE l.vendor_id = $1 AND l.shipment_id = $2 AND l.return_id IS NULL AND l.number = $3
         ORDER BY l.created_at DESC, l.label_id DESC LIMIT 1"
    );
    tx.opt(&sql, params![scope.vendor_id(), parcel, number]).await?.as_ref().map(read).transpose()
}

/// Notes which draft is bought; false if another one was noted before, or nobody wants a label any more.
pub(crate) async fn set_choice(tx: &mut Tx, id: LabelId, choice: &Choice) -> Result<bool> {
    let sql = "UPDATE labels SET draft_ref = $2, rate_ref = $3 WHERE label_id = $1 AND state = 'ordered' AND draft_ref IS NULL";
    Ok(tx.exec(sql, params![id, &choice.draft, &choice.rate]).await? == 1)
}

/// Stores where a label stands. Call with it locked.
pub(crate) async fn save(tx: &mut Tx, label: &Label, check_at: Option<Timestamp>) -> Result<()> {
    let bought = label.purchase.as_ref();
    tx.defer(
        "UPDATE labels SET state = $2, carrier = $3, service = $4, number = $5, tracker_ref = $6, paper_ref = $7, currency = $8,
                price_minor = $9, file = $10, failure = $11, checks = $12, check_at = $13, changed_at = $14,
                booked = $15, left_at = $16
         WHERE label_id = $1",
        params![
            label.id, word(label.status), bought.map(|b| b.carrier.as_str()), bought.map(|b| b.service.as_str()),
            bought.map(|b| b.number.as_str()), bought.map(|b| b.tracker.as_str()), bought.map(|b| b.paper.as_str()),
            bought.map(|b| b.price.currency), bought.map(|b| b.price.amount_minor), &label.file, &label.failure, label.checks,
            check_at, label.changed_at, i64::from(label.booked), label.left_at
        ],
    )
    .await
}

/// Sets when somebody looks after a label next.
pub(crate) async fn set_check(tx: &mut Tx, id: LabelId, check_at: Option<Timestamp>) -> Result<()> {
    tx.defer("UPDATE labels SET check_at = $2 WHERE label_id = $1", params![id, check_at]).await
}

/// A label.
pub(crate) async fn read_one(db: &Db, id: LabelId) -> Result<Option<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM labels l WHERE l.label_id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(read).transpose()
}

/// The label whose parcel a carrier calls so.
pub(crate) async fn tracked(db: &Db, provider: &str, tracker: &str) -> Result<Option<Label>> {
    let sql = format!("SELECT {COLUMNS} FROM labels l WHERE l.provider = $1 AND l.tracker_ref = $2");
    db.opt(&sql, params![provider, tracker]).await?.as_ref().map(read).transpose()
}

/// Labels that somebody has to look after by now.
pub(crate) async fn due(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<LabelId>> {
    let sql = "SELECT label_id FROM labels WHERE check_at <= $1 ORDER BY check_at, label_id LIMIT $2";
    db.all(sql, params![now, limit]).await?.iter().map(|row| row.at(0)).collect()
}

/// What is shown of labels. Those with which a part was sent can be added up if they were all bought in one currency.
fn shown_sql(rest: &str) -> String {
    const OTHERS: &str =
        "FROM labels o WHERE o.vendor_order_id = l.vendor_order_id AND o.return_id IS NULL AND o.state <> 'voided'
            AND o.number IS NOT NULL";
    format!(
        "SELECT {COLUMNS}, s.number AS part_number, c.shipping_minor AS charged_minor, c.currency AS charged_currency, c.estimated,
             CASE WHEN l.return_id IS NOT NULL THEN CASE WHEN l.left_at IS NULL THEN 0 ELSE 1 END
                 WHEN s.tracking_number = l.number AND s.status IN ('shipped', 'delivered') THEN 1 ELSE 0 END AS used,
             (SELECT sum(o.price_minor) {OTHERS}) AS part_minor, (SELECT min(o.currency) {OTHERS}) AS part_currency,
             (SELECT max(o.currency) {OTHERS}) AS part_currency_too
         FROM labels l JOIN shipments s ON s.shipment_id = l.shipment_id
             LEFT JOIN charges c ON c.vendor_order_id = l.vendor_order_id AND l.return_id IS NULL
         {rest}"
    )
}

/// One of a vendor's labels, to be shown.
pub(crate) async fn shown(db: &Db, scope: &VendorScope, id: LabelId) -> Result<Option<Shown>> {
    let sql = shown_sql("WHERE l.vendor_id = $1 AND l.label_id = $2");
    db.as_vendor(scope).opt(&sql, params![scope.vendor_id(), id]).await?.as_ref().map(read_shown).transpose()
}

/// Labels of the parcels of a vendor's part, newest first.
pub(crate) async fn of_part(db: &Db, scope: &VendorScope, part: VendorOrderId) -> Result<Vec<Shown>> {
    let sql = shown_sql(
        "WHERE l.vendor_id = $1 AND l.vendor_order_id = $2 AND l.return_id IS NULL
         ORDER BY l.created_at DESC, l.label_id DESC LIMIT $3",
    );
    let rows = db.as_vendor(scope).all(&sql, params![scope.vendor_id(), part, OF_PART_MAX]).await?;
    rows.iter().map(read_shown).collect()
}

/// Labels of a return, newest first.
pub(crate) async fn of_return(db: &Db, scope: &VendorScope, of: ReturnId) -> Result<Vec<Shown>> {
    let sql =
        shown_sql("WHERE l.vendor_id = $1 AND l.return_id = $2 ORDER BY l.created_at DESC, l.label_id DESC LIMIT $3");
    let rows = db.as_vendor(scope).all(&sql, params![scope.vendor_id(), of, OF_PART_MAX]).await?;
    rows.iter().map(read_shown).collect()
}

/// A vendor's labels, newest first, one more than `limit`.
pub(crate) async fn page(db: &Db, scope: &VendorScope, limit: u32, after: Option<&Cursor>) -> Result<Vec<Shown>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let sql = shown_sql(
        "WHERE l.vendor_id = $1 AND (l.created_at < $2 OR (l.created_at = $2 AND l.label_id < $3))
         ORDER BY l.created_at DESC, l.label_id DESC LIMIT $4",
    );
    let rows = db.as_vendor(scope).all(&sql, params![scope.vendor_id(), at, id, i64::from(limit) + 1]).await?;
    rows.iter().map(read_shown).collect()
}

fn word(status: LabelStatus) -> &'static str {
    match status {
        LabelStatus::Ordered => "ordered",
        LabelStatus::Bought => "bought",
        LabelStatus::Failed => "failed",
        LabelStatus::Voiding => "voiding",
        LabelStatus::Voided => "voided",
    }
}

fn status(word: &str) -> Result<LabelStatus> {
    match word {
        "ordered" => Ok(LabelStatus::Ordered),
        "bought" => Ok(LabelStatus::Bought),
        "failed" => Ok(LabelStatus::Failed),
        "voiding" => Ok(LabelStatus::Voiding),
        "voided" => Ok(LabelStatus::Voided),
        other => Err(Error::internal(format!("unknown state of a label: {other:?}"))),
    }
}

fn read(row: &Row) -> Result<Label> {
    let choice = match (row.get("draft_ref")?, row.get("rate_ref")?) {
        (Some(draft), Some(rate)) => Some(Choice { draft, rate }),
        _ => None,
    };
    Ok(Label {
        id: row.get("label_id")?,
        vendor_id: row.get("vendor_id")?,
        shipment_id: row.get("shipment_id")?,
        return_id: row.get("return_id")?,
        vendor_order_id: row.get("vendor_order_id")?,
        order_id: row.get::<OrderId>("order_id")?,
        provider: row.get("provider")?,
        status: status(&row.get::<String>("state")?)?,
        weight_g: row.get("weight_g")?,
        size: row.json("size")?,
        wanted: row.get("wanted")?,
        choice,
        purchase: purchase(row)?,
        file: row.get("file")?,
        failure: row.get("failure")?,
        checks: row.get("checks")?,
        booked: row.get::<i64>("booked")? == 1,
        left_at: row.get("left_at")?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
    })
}

fn purchase(row: &Row) -> Result<Option<Purchase>> {
    let Some(number) = row.get::<Option<String>>("number")? else { return Ok(None) };
    Ok(Some(Purchase {
        carrier: row.get("carrier")?,
        service: row.get("service")?,
        number,
        tracker: row.get("tracker_ref")?,
        paper: row.get("paper_ref")?,
        price: Money::new(row.get("price_minor")?, row.get("currency")?),
    }))
}

fn read_shown(row: &Row) -> Result<Shown> {
    let charged = match (row.get("charged_minor")?, row.get("charged_currency")?) {
        (Some(minor), Some(currency)) => Some(Money::new(minor, currency)),
        _ => None,
    };
    let (one, other): (Value, Value) = (row.get("part_currency")?, row.get("part_currency_too")?);
    let part_cost = match (row.get("part_minor")?, row.get("part_currency")?) {
        (Some(minor), Some(currency)) if one == other => Some(Money::new(minor, currency)),
        _ => None,
    };
    Ok(Shown {
        label: read(row)?,
        number: row.get("part_number")?,
        used: row.get::<i64>("used")? == 1,
        charged,
        estimated: row.get::<Option<i64>>("estimated")? == Some(1),
        part_cost,
    })
}
