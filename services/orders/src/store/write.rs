//! What a step of the saga writes.

use contracts::{
    inventory::{FrozenBundle, FrozenPart},
    orders::{LinePart, VendorOrderStatus},
    shared::Address,
};
use db::{Rows, Tx, Value, params, rows_sql};
use kernel::{Error, OrderId, Result, Timestamp};

use super::{CONTENTS, ORDER_COLUMNS, PARCELS, has_parcels, json_text, order_of};
use crate::model::{Documents, Order, Parcel, Part, part_status_text, saga::Note, status_text, stored_status};

/// Draws the next so many numbers of a month, and returns the last of them: one statement, so nobody else gets the same.
pub async fn draw_numbers(tx: &mut Tx, period: &str, count: i64) -> Result<i64> {
    tx.one(
        "INSERT INTO order_numbers (period, last) VALUES ($1, $2)
         ON CONFLICT (period) DO UPDATE SET last = order_numbers.last + excluded.last RETURNING last",
        params![period, count],
    )
    .await?
    .at(0)
}

/// Stores a new order whole.
pub async fn insert_order(tx: &mut Tx, order: &Order, documents: &Documents) -> Result<()> {
    let titles: Vec<&str> = order.lines().take(3).map(|line| line.title.as_str()).collect();
    let row = params![
        order.id,
        &order.number,
        status_text(order.status),
        order.version,
        order.account_id,
        order.cart_id,
        &order.email,
        &order.country,
        order.total.currency,
        order.total.amount_minor,
        order.tax.amount_minor,
        0,
        order.items(),
        order.parts.len() as i64,
        json_text(&titles)?,
        &order.payment.method,
        &order.payment.return_path,
        json_text(&order.shortages)?,
        order.deadline,
        order.placed_at,
        order.covered.amount_minor
    ];
    tx.gather(&ORDERS, row).await?;
    insert_documents(tx, order.id, documents).await?;
    insert_parts(tx, order).await?;
    insert_lines(tx, order).await
}

static ORDERS: Rows = Rows::new(&["orders"], |orders| {
    let into = "INSERT INTO orders (id, number, status, version, account_id, cart_id, email, country, currency, total_minor,
        tax_minor, refunded_minor, items, vendors, titles, payment_method, return_path, shortages, deadline_at, placed_at,
        covered_minor)";
    rows_sql(into, 21, orders)
});

/// Where an order goes that the transaction has locked.
pub async fn address_of(tx: &mut Tx, id: OrderId) -> Result<Address> {
    tx.one("SELECT address FROM order_documents WHERE order_id = $1", params![id]).await?.json("address")
}

/// Sets where it goes.
pub async fn set_address(tx: &mut Tx, id: OrderId, address: &Address) -> Result<()> {
    let sql = "UPDATE order_documents SET address = $2 WHERE order_id = $1";
    tx.defer(sql, params![id, json_text(address)?]).await
}

async fn insert_documents(tx: &mut Tx, id: OrderId, documents: &Documents) -> Result<()> {
    let gift = documents.gift.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null);
    let billing = documents.billing_address.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null);
    let row = params![
        id,
        json_text(&documents.address)?,
        billing,
        &documents.note,
        gift,
        &documents.language,
        documents.placed_by,
        json_text(&documents.quote)?
    ];
    tx.gather(&DOCUMENTS, row).await
}

static DOCUMENTS: Rows = Rows::new(&["order_documents"], |documents| {
    let into =
        "INSERT INTO order_documents (order_id, address, billing_address, note, gift, language, placed_by, quote)";
    rows_sql(into, 8, documents)
});

async fn insert_parts(tx: &mut Tx, order: &Order) -> Result<()> {
    for (position, part) in order.parts.iter().enumerate() {
        let row = params![
            part.id,
            order.id,
            position as i64,
            &part.number,
            part.vendor_id,
            &part.vendor_name,
            part_status_text(part.status),
            part.items.amount_minor,
            part.shipping.amount_minor,
            json_text(&part.shipping_promotions)?,
            part.tax.amount_minor,
            part.total.amount_minor,
            part.method_id,
            &part.method_name,
            part.pickup.as_ref().map(json_text).transpose()?.unwrap_or(Value::Null),
            order.placed_at
        ];
        tx.gather(&PARTS, row).await?;
    }
    Ok(())
}

static PARTS: Rows = Rows::new(&["vendor_orders"], |parts| {
    let into = "INSERT INTO vendor_orders (id, order_id, position, number, vendor_id, vendor_name, status, items_minor,
        shipping_minor, shipping_promotions, tax_minor, total_minor, method_id, method_name, pickup, placed_at)";
    rows_sql(into, 16, parts)
});

async fn insert_lines(tx: &mut Tx, order: &Order) -> Result<()> {
    let lines = order.parts.iter().flat_map(|part| part.lines.iter().map(move |line| (part.id, line)));
    for (position, (part, line)) in lines.enumerate() {
        let tax_added = if line.tax_added { line.tax.amount_minor } else { 0 };
        let promoted: i64 = line.promotions.iter().map(|promotion| promotion.amount.amount_minor).sum();
        let row = params![
            order.id,
            position as i64,
            line.id,
            part,
            line.variant_id,
            line.product_id,
            &line.title,
            json_text(&line.options)?,
            &line.sku,
            line.quantity,
            line.unit_price.amount_minor,
            line.total.amount_minor + promoted - tax_added,
            promoted,
            json_text(&line.promotions)?,
            line.tax.amount_minor,
            tax_added,
            line.digital
        ];
        tx.gather(&LINES, row).await?;
    }
    Ok(())
}

static LINES: Rows = Rows::new(&["order_lines"], |lines| {
    let into =
        "INSERT INTO order_lines (order_id, position, id, vendor_order_id, variant_id, product_id, title, options, sku,
        quantity, unit_price_minor, total_minor, promoted_minor, promotions, tax_minor, tax_added_minor, digital)";
    rows_sql(into, 17, lines)
});

/// The order, and nobody else may change it until the transaction ends.
pub async fn lock_order(tx: &mut Tx, id: OrderId) -> Result<Option<Order>> {
    let sql = format!("SELECT {ORDER_COLUMNS} FROM orders WHERE id = $1");
    let Some(row) = tx.lock(&sql, params![id]).await? else { return Ok(None) };
    let contents = tx.all(CONTENTS, params![id]).await?;
    let parcels = match has_parcels(&contents)? {
        true => tx.all(PARCELS, params![id]).await?,
        false => Vec::new(),
    };
    order_of(&row, &contents, &parcels).map(Some)
}

/// Stores what a step has changed; the version that was decided on must still be the stored one.
pub async fn save(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    let saved = tx
        .exec(
            "UPDATE orders SET status = $3, status_reason = $4, version = $5, refunded_minor = $6, redirect_url = $7,
                shortages = $8, deadline_at = $9, paid_at = $10, account_id = $11, promised_at = $12, collect_minor = $13
             WHERE id = $1 AND version = $2",
            params![
                before.id,
                before.version,
                stored_status(after.status),
                after.reason.map(|reason| reason.as_str()),
                after.version,
                after.refunded.amount_minor,
                &after.redirect,
                json_text(&after.shortages)?,
                after.deadline,
                after.paid_at,
                after.account_id,
                after.promised_at,
                after.collect.map(|collect| collect.amount_minor)
            ],
        )
        .await?;
    if saved != 1 {
        return Err(Error::conflict("order_changed", "The order was changed at the same time. Try again."));
    }
    save_parts(tx, before, after).await
}

async fn save_parts(tx: &mut Tx, before: &Order, after: &Order) -> Result<()> {
    let moved: Vec<&Part> = after.parts.iter().zip(&before.parts).filter(|(a, b)| a != b).map(|(a, _)| a).collect();
    let Some(first) = moved.first() else { return Ok(()) };
    // What is promised its vendors see as what is paid.
    let seen_since = after.paid_at.or(after.promised_at);
    let fresh = |part: &Part| part.parcels.is_empty() && part.delivered_at.is_none() && !part.has_downloads();
    let all_alike =
        moved.len() == after.parts.len() && moved.iter().all(|part| part.status == first.status && fresh(part));
    if all_alike {
        let (status, partly) = part_state(first.status);
        let sql = "UPDATE vendor_orders SET status = $2, partly_shipped = $3, paid_at = $4 WHERE order_id = $1";
        return tx.defer(sql, params![after.id, status, partly, seen_since]).await;
    }
    for part in moved {
        let (status, partly) = part_state(part.status);
        let sql =
            "UPDATE vendor_orders SET status = $2, partly_shipped = $3, paid_at = $4, delivered_at = $5 WHERE id = $1";
        tx.defer(sql, params![part.id, status, partly, seen_since, part.delivered_at]).await?;
        let known = before.parts.iter().find(|known| known.id == part.id);
        save_parcels(tx, after, part, known.map(|known| known.parcels.as_slice()).unwrap_or_default()).await?;
    }
    Ok(())
}

/// What stands for a part's status in the table: while some of it has left, the rest is still to be shipped.
fn part_state(status: VendorOrderStatus) -> (&'static str, bool) {
    match status {
        VendorOrderStatus::PartiallyShipped => (part_status_text(VendorOrderStatus::ToShip), true),
        other => (part_status_text(other), false),
    }
}

/// Stores the parcels that have changed, and how much of each line has left and has arrived.
async fn save_parcels(tx: &mut Tx, order: &Order, part: &Part, known: &[Parcel]) -> Result<()> {
    for parcel in part.parcels.iter().filter(|parcel| !known.contains(parcel)) {
        tx.defer(
            "INSERT INTO parcels (vendor_order_id, parcel, order_id, vendor_id, shipment_id, tracking, lines, shipped_at, delivered_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (vendor_order_id, parcel) DO UPDATE SET delivered_at = excluded.delivered_at",
            params![
                part.id,
                parcel.number,
                order.id,
                part.vendor_id,
                parcel.shipment_id,
                json_text(&parcel.tracking)?,
                json_text(&parcel.lines)?,
                parcel.shipped_at,
                parcel.delivered_at
            ],
        )
        .await?;
    }
    for line in &part.lines {
        let (shipped, delivered) = (part.shipped_of(line), part.delivered_of(line));
        let sql = "UPDATE order_lines SET shipped = $3, delivered = $4
                   WHERE order_id = $1 AND id = $2 AND (shipped <> $3 OR delivered <> $4)";
        tx.defer(sql, params![order.id, line.id, shipped, delivered]).await?;
    }
    Ok(())
}

/// Keeps what the bundles of an order are made of: told once, when its stock was set aside.
pub async fn put_parts(tx: &mut Tx, id: OrderId, bundles: &[FrozenBundle]) -> Result<()> {
    for bundle in bundles {
        let part = |part: &FrozenPart| LinePart {
            variant_id: part.variant_id,
            title: part.title.clone(),
            sku: part.sku.clone(),
            quantity: part.quantity,
        };
        let parts: Vec<LinePart> = bundle.parts.iter().map(part).collect();
        let sql = "UPDATE order_lines SET parts = $3 WHERE order_id = $1 AND variant_id = $2";
        tx.defer(sql, params![id, bundle.variant_id, json_text(&parts)?]).await?;
    }
    Ok(())
}

/// Adds the entries of one step to the timeline.
pub async fn add_notes(tx: &mut Tx, id: OrderId, version: i64, at: Timestamp, notes: &[Note]) -> Result<()> {
    for (position, note) in notes.iter().enumerate() {
        let row = params![id, version, position as i64, at, note.kind, &note.text, note.part];
        tx.gather(&TIMELINE, row).await?;
    }
    Ok(())
}

static TIMELINE: Rows = Rows::new(&["order_timeline"], |notes| {
    rows_sql("INSERT INTO order_timeline (order_id, version, position, at, kind, text, vendor_order_id)", 7, notes)
});
