//! Orders as files for spreadsheets: a vendor's with a row per line of each order, also for shipping programs; all of them
//! for admins, with a row per order.

use std::sync::Arc;

use bytes::Bytes;
use contracts::orders::{OrderLine, OrderSummary, VendorOrderDetail};
use csv::{Terminator, WriterBuilder};
use futures::{Stream, StreamExt, stream};
use kernel::{Cursor, Error, Result, VendorScope, text::guard_cell};

use crate::{
    Orders,
    model::{part_status_text, status_text},
    store::{self, Search, VendorSearch},
};

/// Orders read at once.
const BATCH: u32 = 100;

const COLUMNS: [&str; 25] = [
    "order",
    "placed_at",
    "status",
    "sku",
    "title",
    "options",
    "quantity",
    "unit_price",
    "line_total",
    "order_items",
    "order_shipping",
    "order_tax",
    "order_total",
    "currency",
    "shipping_method",
    "name",
    "company",
    "line1",
    "line2",
    "postcode",
    "city",
    "region",
    "country",
    "phone",
    "note",
];

/// The file, newest orders first, piece by piece. The first piece is made before anything is answered, so that a
/// database that does not answer is an error and not half a file.
pub async fn export_orders(
    app: &Arc<Orders>,
    scope: VendorScope,
    search: VendorSearch,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let (rows, next) = piece(app, &scope, &search, None).await?;
    let head = COLUMNS.map(str::to_owned).to_vec();
    let first = lines(std::iter::once(head).chain(rows))?;
    let (app, search) = (app.clone(), Arc::new(search));
    let rest = stream::try_unfold(next, move |next| {
        let (app, search) = (app.clone(), search.clone());
        async move {
            let Some(after) = next else { return Ok(None) };
            let (rows, next) = piece(&app, &scope, &search, Some(after)).await?;
            Ok(Some((lines(rows)?, next)))
        }
    });
    Ok(stream::iter([Ok(first)]).chain(rest))
}

/// The rows of the orders behind `after`, and where the next begin, if there are more.
async fn piece(
    app: &Orders,
    scope: &VendorScope,
    search: &VendorSearch,
    after: Option<Cursor>,
) -> Result<(Vec<Vec<String>>, Option<Cursor>)> {
    let orders = store::vendor_orders(&app.db, scope, search, after.as_ref(), BATCH).await?;
    let last = orders.last().filter(|_| orders.len() == BATCH as usize);
    let next = last.map(|last| Cursor(vec![last.placed_at.micros().to_string(), last.order.id.to_string()]));
    let rows = orders.iter().flat_map(|order| order.order.lines.iter().map(move |line| row(order, line))).collect();
    Ok((rows, next))
}

fn row(detail: &VendorOrderDetail, line: &OrderLine) -> Vec<String> {
    let (order, to) = (&detail.order, &detail.address);
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        order.number.clone(),
        detail.placed_at.to_string(),
        part_status_text(order.status).to_owned(),
        line.sku.clone(),
        line.title.clone(),
        line.options.join(", "),
        line.kept().to_string(),
        line.unit_price.decimal(),
        line.total.decimal(),
        order.items.decimal(),
        order.shipping.decimal(),
        order.tax.decimal(),
        order.total.decimal(),
        order.total.currency.to_string(),
        order.shipping_method.clone(),
        to.name.clone(),
        or_empty(&to.company),
        to.line1.clone(),
        or_empty(&to.line2),
        to.postcode.clone(),
        to.city.clone(),
        or_empty(&to.region),
        to.country.to_string(),
        or_empty(&to.phone),
        or_empty(&detail.note),
    ]
}

const COLUMNS_OF_ALL: [&str; 9] =
    ["order", "placed_at", "status", "email", "titles", "items", "vendors", "total", "currency"];

/// All orders that are looked for, newest first, likewise piece by piece.
pub async fn export_all_orders(
    app: &Arc<Orders>,
    search: Search,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let (rows, next) = piece_of_all(app, &search, None).await?;
    let head = COLUMNS_OF_ALL.map(str::to_owned).to_vec();
    let first = lines(std::iter::once(head).chain(rows))?;
    let (app, search) = (app.clone(), Arc::new(search));
    let rest = stream::try_unfold(next, move |next| {
        let (app, search) = (app.clone(), search.clone());
        async move {
            let Some(after) = next else { return Ok(None) };
            let (rows, next) = piece_of_all(&app, &search, Some(after)).await?;
            Ok(Some((lines(rows)?, next)))
        }
    });
    Ok(stream::iter([Ok(first)]).chain(rest))
}

async fn piece_of_all(
    app: &Orders,
    search: &Search,
    after: Option<Cursor>,
) -> Result<(Vec<Vec<String>>, Option<Cursor>)> {
    let orders = store::all_orders(&app.db, search, after.as_ref(), BATCH).await?;
    let last = orders.last().filter(|_| orders.len() == BATCH as usize);
    let next = last.map(|last| Cursor(vec![last.placed_at.micros().to_string(), last.id.to_string()]));
    Ok((orders.iter().map(row_of_all).collect(), next))
}

fn row_of_all(order: &OrderSummary) -> Vec<String> {
    vec![
        order.number.clone(),
        order.placed_at.to_string(),
        status_text(order.status).to_owned(),
        order.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        order.titles.join(", "),
        order.items.to_string(),
        order.vendors.to_string(),
        order.total.decimal(),
        order.total.currency.to_string(),
    ]
}

fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Bytes> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| guard_cell(cell))).map_err(Error::internal)?;
    }
    Ok(writer.into_inner().map_err(|e| Error::internal(e.error()))?.into())
}
