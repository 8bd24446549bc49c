//! One order of a vendor: what to pack, where it goes, handing the parcel over.

use axum::http::StatusCode;
use contracts::orders::{OrderLine, VendorOrderDetail, VendorOrderStatus};
use kernel::{PageRequest, Result, VendorId, VendorOrderId};

use super::{
    Desk, Room,
    parcels::{self, Handed},
};
use crate::{
    pages::{
        portal::{Facts, Panel, PortalPage, Split, Words, download, or_none, promotions, words},
        shop::{cards, countries},
    },
    render::{self, Shown},
    ui::{Cell, Column, Empty, Filled, Link, Notice, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// Parcels looked at to find the carrier used last.
const PARCELS: u32 = 5;

/// `GET /vendor/{vendor_id}/orders/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let found = find(&desk, id).await?;
    let ready = is_to_ship(found.detail.order.status);
    let carrier = if ready { usual_carrier(&desk).await.unwrap_or_default() } else { String::new() };
    let filled = Filled::with([("carrier", carrier)]);
    let page = page(&mut desk, &found, &filled).await?;
    render::page(&page)
}

/// An order with its parcels.
struct Found {
    detail: VendorOrderDetail,
    handed: Vec<Handed>,
    waits: bool,
}

async fn find(desk: &Desk, id: VendorOrderId) -> Result<Found> {
    let mut detail = desk.app.orders.vendor_order(&desk.who, desk.vendor_id, id).await?;
    let (handed, waits) = parcels::of(desk, &mut detail.order).await;
    Ok(Found { detail, handed, waits })
}

/// True while something of it has to be packed.
fn is_to_ship(status: VendorOrderStatus) -> bool {
    matches!(status, VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped)
}

/// The carrier used last, so that only the number is left to type.
async fn usual_carrier(desk: &Desk) -> Option<String> {
    let request = PageRequest { limit: Some(PARCELS), after: None };
    let parcels = desk.app.shipping.shipments(&desk.who, desk.vendor_id, &request).await;
    let parcels = or_none("parcels", parcels)?;
    parcels.items.into_iter().find_map(|parcel| parcel.tracking).map(|tracking| tracking.carrier)
}

async fn page(desk: &mut Desk, found: &Found, filled: &Filled) -> Result<PortalPage> {
    let detail = &found.detail;
    let (order, fmt) = (&detail.order, desk.fmt);
    let place = desk.place(format!("Order {}", order.number), Room::Orders).await?;
    let sums = Facts::new("Amounts")
        .fact("Items", fmt.money(order.items))
        .fact(&format!("Delivery: {}", order.shipping_method), fmt.money(order.shipping))
        .fact("Total", fmt.money(order.total))
        .fact("Tax in the total", fmt.money(order.tax));
    let taken = promotions::of_part(&fmt, order);
    let sums = taken.iter().fold(sums, |sums, (name, text)| sums.fact(name, text));
    let main = vec![
        Panel::new("To pack").flush().with(&lines(desk, &order.lines)),
        Panel::new("Amounts").with(&sums),
        Panel::new("What has happened").with(&words::timeline(&fmt, &words::told(&detail.timeline))),
    ];
    let mut side: Vec<Panel> = next_step(desk, found, filled).into_iter().collect();
    side.extend(parcels::panels(desk, order, &found.handed));
    let mut address = Panel::new("Send to").with(&countries::block(&detail.address));
    if let Some(phone) = &detail.address.phone {
        address = address.with(&Words::soft(format!("Phone {phone}")));
    }
    side.push(address);
    if let Some(note) = &detail.note {
        side.push(Panel::new("A word of the buyer").with(&Words::new(note)));
    }
    let names = parcels::names(order);
    Ok(PortalPage::new(place)
        .above(&[("Orders", &desk.at("orders"))])
        .badge(words::part(order.status))
        .action("Packing slip (PDF)", desk.at(&format!("orders/{}/slip.pdf", order.id)))
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .notice(found.waits.then(|| {
            let text = "It can be handed over once you have received what is missing in your stock.";
            Notice::new(Tone::Warning, "This order waits for goods that are still to come.", text)
        }))
        .block(&Split { main, side }))
}

fn lines(desk: &Desk, lines: &[OrderLine]) -> Table {
    let fmt = &desk.fmt;
    let columns = [Column::new("Product"), Column::new("SKU"), Column::number("Quantity")].into_iter();
    let columns = columns.chain([Column::number("Each"), Column::number("Total")]).collect();
    let row = |line: &OrderLine| Row {
        id: line.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&line.title, desk.at(&format!("products/{}", line.product_id))),
                cards::variant(&line.options),
            ),
            Cell::text(&line.sku),
            Cell::Number(fmt.count(line.quantity)),
            Cell::Number(fmt.money(line.unit_price)),
            Cell::Number(fmt.money(line.total)),
        ],
    };
    Table::new("Items", columns, lines.iter().map(row).collect(), Empty::new("box", "No items", ""))
}

/// What the vendor does next.
fn next_step(desk: &Desk, found: &Found, filled: &Filled) -> Option<Panel> {
    let order = &found.detail.order;
    match order.status {
        VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped => {
            Some(parcels::form(desk, order, &found.handed, filled))
        }
        VendorOrderStatus::Shipped | VendorOrderStatus::Delivered => None,
        VendorOrderStatus::Pending => {
            Some(Panel::new("Not paid yet").with(&Words::soft("Wait with packing until the order is paid.")))
        }
        VendorOrderStatus::Cancelled => {
            Some(Panel::new("Called off").with(&Words::soft("Do not send it. The stock is back on sale.")))
        }
    }
}

/// The page once more, with what was typed and what is wrong with it.
pub(super) async fn refused(desk: &mut Desk, id: VendorOrderId, status: StatusCode, filled: &Filled) -> Shown {
    let found = find(desk, id).await?;
    let page = page(desk, &found, filled).await?;
    render::page_with(status, &page)
}

/// `GET /vendor/{vendor_id}/orders/{id}/slip.pdf`, of one parcel with `?parcel=`
pub async fn slip(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, Query(asked): Query) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let parcel = asked.parsed::<i64>("parcel").map(|parcel| format!("?parcel={parcel}")).unwrap_or_default();
    let path = format!("/api/v1/vendors/{vendor_id}/orders/{id}/packing-slip.pdf{parcel}");
    download::paper(&desk.app.orders.0, &desk.visit, path).await
}
