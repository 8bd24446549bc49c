//! SQL of the orders service, and nothing else.

/// Where an order stands: one that is promised still waits for its money in the table.
macro_rules! status {
    () => {
        "CASE WHEN status = 'awaiting_payment' AND promised_at IS NOT NULL THEN 'promised' ELSE status END AS status"
    };
}

pub mod downloads;
pub mod erasure;
mod lists;
mod read;
pub mod refunds;
pub mod returns;
pub mod withdrawals;
mod write;

pub use lists::{Search, VendorSearch, all_orders, orders_of_account, vendor_of, vendor_order, vendor_orders};
pub use read::{count_of, due, guest_orders_of, is_waiting, owner, read_for_message, read_view, status_of, watched};
pub use write::{add_notes, address_of, draw_numbers, insert_order, lock_order, put_parts, save, set_address};

use std::collections::BTreeMap;

use contracts::{
    orders::{OrderLine, PaymentChoice, VendorOrderStatus},
    shared::TimelineEntry,
};
use db::{Row, Value};
use kernel::{Currency, Error, Money, Result, VendorOrderId};

use crate::model::{self, Order, Parcel, Part, Reason};

/// Columns of [`order_of`].
const ORDER_COLUMNS: &str = concat!(
    "id, number, ",
    status!(),
    ", status_reason, version, account_id, cart_id, email, country, currency,
    total_minor, covered_minor, tax_minor, refunded_minor, payment_method, return_path, redirect_url, shortages, deadline_at,
    promised_at, collect_minor, paid_at, placed_at"
);

/// Columns of a line `l`, for [`lines_by_part`].
macro_rules! line_columns {
    () => {
        "l.vendor_order_id, l.id AS line_id, l.variant_id, l.product_id, l.title, l.options, l.sku, l.quantity, l.withdrawn,
        l.parts, l.unit_price_minor, l.total_minor AS line_total_minor, l.promoted_minor, l.promotions,
        l.tax_minor AS line_tax_minor, l.tax_added_minor, l.digital"
    };
}
use line_columns;

/// The parts of an order with their lines, a row for each line: no part is without one.
const CONTENTS: &str = concat!(
    "SELECT p.id, p.number, p.vendor_id, p.vendor_name, p.status, p.items_minor, p.shipping_minor, p.shipping_promotions,
        p.tax_minor, p.total_minor, p.method_id, p.method_name, p.pickup, p.partly_shipped, p.delivered_at, ",
    line_columns!(),
    " FROM vendor_orders p JOIN order_lines l ON l.order_id = p.order_id AND l.vendor_order_id = p.id
    WHERE p.order_id = $1 ORDER BY p.position, l.position"
);

const PARCELS: &str = "SELECT vendor_order_id, parcel, shipment_id, tracking, lines, shipped_at, delivered_at
    FROM parcels WHERE order_id = $1 ORDER BY vendor_order_id, parcel";

/// True if anything of these parts may have been sent; mostly nothing has.
fn has_parcels(contents: &[Row]) -> Result<bool> {
    for part in contents {
        let unsent = matches!(part.get::<String>("status")?.as_str(), "pending" | "to_ship");
        if !unsent || part.get::<bool>("partly_shipped")? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An order out of its row, its contents and the rows of its parcels.
fn order_of(row: &Row, contents: &[Row], parcels: &[Row]) -> Result<Order> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    let status = row.get::<String>("status")?;
    let (mut lines, mut parcels) = (lines_by_part(contents, |_| Ok(currency))?, parcels_by_part(parcels)?);
    let mut parts: Vec<Part> = Vec::new();
    for row in contents {
        if parts.last().map(|part| part.id) != Some(row.get("id")?) {
            parts.push(part_of(row, currency, &mut lines, &mut parcels)?);
        }
    }
    Ok(Order {
        id: row.get("id")?,
        number: row.get("number")?,
        account_id: row.get("account_id")?,
        cart_id: row.get("cart_id")?,
        email: row.get("email")?,
        country: row.get("country")?,
        payment: PaymentChoice {
            method: row.get("payment_method")?,
            token: None,
            return_path: row.get("return_path")?,
        },
        total: money("total_minor")?,
        covered: money("covered_minor")?,
        tax: money("tax_minor")?,
        parts,
        placed_at: row.get("placed_at")?,
        version: row.get("version")?,
        status: model::status_of(&status).ok_or_else(|| unknown("status", &status))?,
        reason: match row.get::<Option<String>>("status_reason")? {
            Some(text) => Some(text.parse::<Reason>().map_err(Error::internal)?),
            None => None,
        },
        shortages: row.json("shortages")?,
        redirect: row.get("redirect_url")?,
        refunded: money("refunded_minor")?,
        deadline: row.get("deadline_at")?,
        promised_at: row.get("promised_at")?,
        collect: row.get::<Option<i64>>("collect_minor")?.map(|minor| Money::new(minor, currency)),
        paid_at: row.get("paid_at")?,
    })
}

type Lines = BTreeMap<VendorOrderId, Vec<OrderLine>>;

fn lines_by_part(rows: &[Row], currency_of: impl Fn(VendorOrderId) -> Result<Currency>) -> Result<Lines> {
    let mut lines = Lines::new();
    for row in rows {
        let part: VendorOrderId = row.get("vendor_order_id")?;
        let currency = currency_of(part)?;
        let tax_added: i64 = row.get("tax_added_minor")?;
        let worth = row.get::<i64>("line_total_minor")? - row.get::<i64>("promoted_minor")?;
        let line = OrderLine {
            id: row.get("line_id")?,
            variant_id: row.get("variant_id")?,
            product_id: row.get("product_id")?,
            title: row.get("title")?,
            options: row.json("options")?,
            sku: row.get("sku")?,
            quantity: row.get("quantity")?,
            withdrawn: row.get("withdrawn")?,
            parts: row.json("parts")?,
            unit_price: Money::new(row.get("unit_price_minor")?, currency),
            promotions: row.json("promotions")?,
            total: Money::new(worth + tax_added, currency),
            tax: Money::new(row.get("line_tax_minor")?, currency),
            tax_added: tax_added != 0,
            digital: row.get("digital")?,
        };
        lines.entry(part).or_default().push(line);
    }
    Ok(lines)
}

type Parcels = BTreeMap<VendorOrderId, Vec<Parcel>>;

fn parcels_by_part(rows: &[Row]) -> Result<Parcels> {
    let mut parcels = Parcels::new();
    for row in rows {
        let parcel = Parcel {
            number: row.get("parcel")?,
            shipment_id: row.get("shipment_id")?,
            tracking: row.json("tracking")?,
            lines: row.json("lines")?,
            shipped_at: row.get("shipped_at")?,
            delivered_at: row.get("delivered_at")?,
        };
        parcels.entry(row.get("vendor_order_id")?).or_default().push(parcel);
    }
    Ok(parcels)
}

fn part_of(row: &Row, currency: Currency, lines: &mut Lines, parcels: &mut Parcels) -> Result<Part> {
    let id = row.get("id")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    Ok(Part {
        id,
        number: row.get("number")?,
        vendor_id: row.get("vendor_id")?,
        vendor_name: row.get("vendor_name")?,
        lines: lines.remove(&id).unwrap_or_default(),
        items: money("items_minor")?,
        shipping_promotions: row.json("shipping_promotions")?,
        shipping: money("shipping_minor")?,
        method_id: row.get("method_id")?,
        method_name: row.get("method_name")?,
        pickup: row.json("pickup")?,
        tax: money("tax_minor")?,
        total: money("total_minor")?,
        status: part_status(row)?,
        parcels: parcels.remove(&id).unwrap_or_default(),
        delivered_at: row.get("delivered_at")?,
    })
}

fn part_status(row: &Row) -> Result<VendorOrderStatus> {
    let text = row.get::<String>("status")?;
    if row.get::<bool>("partly_shipped")? {
        return Ok(VendorOrderStatus::PartiallyShipped);
    }
    model::part_status_of(&text).ok_or_else(|| unknown("status of a part", &text))
}

fn timeline_entry(row: &Row) -> Result<TimelineEntry> {
    Ok(TimelineEntry { at: row.get("at")?, kind: row.get("kind")?, text: row.get("text")? })
}

fn unknown(what: &str, text: &str) -> Error {
    Error::internal(format!("unknown {what}: {text:?}"))
}

fn json_text(value: &impl serde::Serialize) -> Result<Value> {
    Ok(Value::Text(serde_json::to_string(value)?))
}
