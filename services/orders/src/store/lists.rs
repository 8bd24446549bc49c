//! Lists of orders: a buyer's, a vendor's, all.

use std::collections::BTreeMap;

use contracts::{
    orders::{Gift, OrderSort, OrderStatus, OrderSummary, VendorOrderDetail, VendorOrderStatus},
    shared::TimelineEntry,
};
use db::{Db, Dialect, Row, Value, params, placeholders};
use kernel::{
    AccountId, Currency, Cursor, Error, Money, OrderId, Result, Timestamp, VendorId, VendorOrderId, VendorScope,
};

use super::{line_columns, lines_by_part, parcels_by_part, part_of, timeline_entry, unknown};
use crate::model::{part_status_text, status_of, stored_status, view};

const SUMMARY: &str = concat!(
    "SELECT id, number, ",
    status!(),
    ", titles, items, total_minor, currency, email, vendors, placed_at FROM orders"
);

const DETAIL: &str =
    "SELECT v.id, v.order_id, v.number, v.vendor_id, v.vendor_name, v.status, v.items_minor, v.shipping_minor,
        v.shipping_promotions, v.tax_minor, v.total_minor, v.method_id, v.method_name, v.pickup, v.partly_shipped, v.delivered_at, v.placed_at, o.currency,
        CASE WHEN o.status = 'awaiting_payment' AND o.promised_at IS NOT NULL THEN 1 ELSE 0 END AS cash_on_delivery,
        CASE WHEN o.vendors = 1 THEN o.collect_minor END AS collect_minor, d.address, d.note, d.gift
    FROM vendor_orders v JOIN orders o ON o.id = v.order_id JOIN order_documents d ON d.order_id = v.order_id";

/// Where a list that runs from the newest to the oldest continues: time and id of the last one seen.
pub(super) fn position(after: Option<&Cursor>) -> Result<(i64, String)> {
    match after {
        Some(cursor) => Ok((cursor.number(0)?, cursor.text(1)?.to_owned())),
        None => Ok((i64::MAX, String::new())),
    }
}

fn summary(row: &Row, with_email: bool) -> Result<OrderSummary> {
    let status = row.get::<String>("status")?;
    Ok(OrderSummary {
        id: row.get("id")?,
        number: row.get("number")?,
        status: status_of(&status).ok_or_else(|| unknown("status", &status))?,
        titles: row.json("titles")?,
        items: row.get("items")?,
        total: Money::new(row.get("total_minor")?, row.get("currency")?),
        email: if with_email { Some(row.get("email")?) } else { None },
        vendors: row.get("vendors")?,
        placed_at: row.get("placed_at")?,
    })
}

/// Orders of an account, newest first.
pub async fn orders_of_account(
    db: &Db,
    account: AccountId,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<OrderSummary>> {
    let (at, id) = position(after)?;
    let sql = format!(
        "{SUMMARY} WHERE account_id = $1 AND (placed_at, id) < ($2, $3) ORDER BY placed_at DESC, id DESC LIMIT $4"
    );
    let rows = db.all(&sql, params![account, at, id, limit]).await?;
    rows.iter().map(|row| summary(row, false)).collect()
}

/// What an admin looks for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Only these.
    pub status: Option<OrderStatus>,
    /// A number or its beginning, or a whole e-mail address.
    pub text: Option<String>,
    /// Only those placed at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those placed before this moment.
    pub before: Option<Timestamp>,
    /// Only those with goods of this store.
    pub vendor_id: Option<VendorId>,
    /// Only those in this currency.
    pub currency: Option<Currency>,
    /// Least and most of the total, in minor units.
    pub total: (Option<i64>, Option<i64>),
}

/// All orders, newest first.
pub async fn all_orders(db: &Db, search: &Search, after: Option<&Cursor>, limit: u32) -> Result<Vec<OrderSummary>> {
    let (at, id) = position(after)?;
    let mut sql = format!("{SUMMARY} WHERE (placed_at, id) < ($1, $2)");
    let mut values = params![at, id, limit];
    let mut also = |condition: &str, value: Value, behind: &str| {
        values.push(value);
        sql.push_str(&format!(" AND {condition}${}{behind}", values.len()));
    };
    if let Some(status) = search.status {
        also("status = ", stored_status(status).into(), "");
    }
    match search.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.contains('@') => also("email = ", text.to_lowercase().into(), ""),
        Some(text) if is_number(text) => also("number = ", text.to_uppercase().into(), ""),
        Some(text) => also("number LIKE ", format!("{}%", escaped(&text.to_uppercase())).into(), " ESCAPE '\\'"),
        None => {}
    }
    let (least, most) = search.total;
    let numbers = [
        ("placed_at >= ", search.from.map(|at| at.micros())),
        ("placed_at < ", search.before.map(|at| at.micros())),
        ("total_minor >= ", least),
        ("total_minor <= ", most),
    ];
    for (condition, number) in numbers {
        if let Some(number) = number {
            also(condition, number.into(), "");
        }
    }
    if let Some(currency) = search.currency {
        also("currency = ", currency.code().into(), "");
    }
    if let Some(vendor_id) = &search.vendor_id {
        let of_store = "EXISTS (SELECT 1 FROM vendor_orders v WHERE v.order_id = orders.id AND v.vendor_id = ";
        also(of_store, vendor_id.into(), ")");
    }
    match search.status {
        Some(OrderStatus::Promised) => sql.push_str(" AND promised_at IS NOT NULL"),
        Some(OrderStatus::AwaitingPayment) => sql.push_str(" AND promised_at IS NULL"),
        _ => {}
    }
    sql.push_str(" ORDER BY placed_at DESC, id DESC LIMIT $3");
    db.all(&sql, values).await?.iter().map(|row| summary(row, true)).collect()
}

/// True for a whole number such as `S-2611-000123`.
fn is_number(text: &str) -> bool {
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('-');
    matches!(
        (parts.next(), parts.next(), parts.next(), parts.next()),
        (Some("S" | "s"), Some(month), Some(count), None) if digits(month, 4) && digits(count, 6)
    )
}

/// Takes what has a meaning in `LIKE` literally.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

/// What a vendor looks for.
#[derive(Debug, Clone, Default)]
pub struct VendorSearch {
    /// Only the part of this order.
    pub order: Option<OrderId>,
    /// Only these.
    pub status: Option<VendorOrderStatus>,
    /// Part of the number, or of the buyer's name.
    pub text: Option<String>,
    /// Only those placed at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those placed before this moment.
    pub before: Option<Timestamp>,
    /// Order.
    pub sort: OrderSort,
}

/// The name an order goes to, in small letters.
fn name_in(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "lower(d.address ->> 'name')",
        Dialect::Postgres => "lower(CAST(d.address AS json) ->> 'name')",
    }
}

/// What narrows the list, behind `AND`; its values come behind those that are there.
fn narrowed(search: &VendorSearch, dialect: Dialect, values: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    if let Some(order) = search.order {
        values.push(order.into());
        sql.push_str(&format!(" AND v.order_id = ${}", values.len()));
    }
    if let Some(status) = search.status {
        // Of what has left in part the rest is still to be shipped.
        let partly = status == VendorOrderStatus::PartiallyShipped;
        let stored = if partly { VendorOrderStatus::ToShip } else { status };
        values.push(part_status_text(stored).into());
        sql.push_str(&format!(" AND v.status = ${}", values.len()));
        sql.push_str(if partly { " AND v.partly_shipped = 1" } else { "" });
    }
    for (condition, at) in [("v.placed_at >= ", search.from), ("v.placed_at < ", search.before)] {
        if let Some(at) = at {
            values.push(at.micros().into());
            sql.push_str(&format!(" AND {condition}${}", values.len()));
        }
    }
    if let Some(text) = search.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        values.push(format!("%{}%", escaped(&text.to_uppercase())).into());
        values.push(format!("%{}%", escaped(&text.to_lowercase())).into());
        let (number, name) = (values.len() - 1, values.len());
        let of_name = name_in(dialect);
        sql.push_str(&format!(" AND (v.number LIKE ${number} ESCAPE '\\' OR {of_name} LIKE ${name} ESCAPE '\\')"));
    }
    sql
}

/// A vendor's parts that were paid or promised, newest first unless another order is wanted.
pub async fn vendor_orders(
    db: &Db,
    scope: &VendorScope,
    search: &VendorSearch,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<VendorOrderDetail>> {
    let (compare, direction, first) = match search.sort {
        OrderSort::Newest => ("<", "DESC", i64::MAX),
        OrderSort::Oldest => (">", "ASC", i64::MIN),
    };
    let (at, id) = if after.is_some() { position(after)? } else { (first, String::new()) };
    let mut values = params![scope.vendor_id(), at, id, limit];
    let only = narrowed(search, db.dialect(), &mut values);
    let sql = format!(
        "{DETAIL} WHERE v.vendor_id = $1 AND v.paid_at IS NOT NULL AND (v.placed_at, v.id) {compare} ($2, $3) {only}
         ORDER BY v.placed_at {direction}, v.id {direction} LIMIT $4"
    );
    let db = db.as_vendor(scope);
    details(&db, &db.all(&sql, values).await?).await
}

/// One of a vendor's parts, if it was paid or promised.
pub async fn vendor_order(db: &Db, scope: &VendorScope, id: VendorOrderId) -> Result<Option<VendorOrderDetail>> {
    let sql = format!("{DETAIL} WHERE v.vendor_id = $1 AND v.id = $2 AND v.paid_at IS NOT NULL");
    let db = db.as_vendor(scope);
    let rows = db.all(&sql, params![scope.vendor_id(), id]).await?;
    Ok(details(&db, &rows).await?.pop())
}

/// Whose part it is, if there is such a part.
pub async fn vendor_of(db: &Db, id: VendorOrderId) -> Result<Option<VendorId>> {
    let sql = "SELECT vendor_id FROM vendor_orders WHERE id = $1";
    db.opt(sql, params![id]).await?.map(|row| row.at(0)).transpose()
}

/// Adds lines and timelines, one query each for all parts.
async fn details(db: &Db, parts: &[Row]) -> Result<Vec<VendorOrderDetail>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let mut currencies = BTreeMap::new();
    let (mut orders, mut ids): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for row in parts {
        currencies.insert(row.get::<VendorOrderId>("id")?, row.get("currency")?);
        orders.push(row.get("order_id")?);
        ids.push(row.get("id")?);
    }
    let count = parts.len();
    let within = format!("order_id IN ({}) AND ", placeholders(1, count));
    let of_parts = placeholders(count + 1, count);
    let both: Vec<Value> = orders.into_iter().chain(ids).collect();

    let columns = line_columns!();
    let sql = format!(
        "SELECT {columns} FROM order_lines l WHERE {within} vendor_order_id IN ({of_parts}) ORDER BY order_id, position"
    );
    let currency_of = |part| currencies.get(&part).copied().ok_or_else(|| Error::internal("a line without its part"));
    let mut lines = lines_by_part(&db.all(&sql, both.clone()).await?, currency_of)?;

    let sql = format!(
        "SELECT vendor_order_id, parcel, shipment_id, tracking, lines, shipped_at, delivered_at FROM parcels
         WHERE vendor_order_id IN ({}) ORDER BY vendor_order_id, parcel",
        placeholders(1, count)
    );
    let mut parcels = parcels_by_part(&db.all(&sql, both[count..].to_vec()).await?)?;

    let sql = format!(
        "SELECT order_id, vendor_order_id, at, kind, text FROM order_timeline
         WHERE {within} (vendor_order_id IN ({of_parts}) OR (vendor_order_id IS NULL AND kind IN ('placed', 'promised', 'paid', 'cancelled', 'address_corrected')))
         ORDER BY order_id, version, position"
    );
    let timeline = Timeline::of(&db.all(&sql, both).await?)?;

    parts
        .iter()
        .map(|row| {
            let order_id = row.get("order_id")?;
            let part = part_of(row, row.get("currency")?, &mut lines, &mut parcels)?;
            let currency = row.get("currency")?;
            let collect = row.get::<Option<i64>>("collect_minor")?;
            Ok(VendorOrderDetail {
                order: view::vendor_order(order_id, &part),
                address: row.json("address")?,
                note: row.get("note")?,
                gift: row.json::<Option<Gift>>("gift")?,
                cash_on_delivery: row.get("cash_on_delivery")?,
                to_collect: collect.map(|minor| Money::new(minor, currency)),
                placed_at: row.get("placed_at")?,
                timeline: timeline.for_part(order_id, part.id),
            })
        })
        .collect()
}

/// Entries of several orders.
struct Timeline(BTreeMap<OrderId, Vec<(Option<VendorOrderId>, TimelineEntry)>>);

impl Timeline {
    fn of(rows: &[Row]) -> Result<Self> {
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows {
            all.entry(row.get("order_id")?).or_default().push((row.get("vendor_order_id")?, timeline_entry(row)?));
        }
        Ok(Self(all))
    }
    fn for_part(&self, order: OrderId, part: VendorOrderId) -> Vec<TimelineEntry> {
        let entries = self.0.get(&order).into_iter().flatten();
        entries.filter(|(of, _)| of.is_none_or(|of| of == part)).map(|(_, entry)| entry.clone()).collect()
    }
}
