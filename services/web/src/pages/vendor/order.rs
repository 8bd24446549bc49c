//! One order of a vendor: what to pack, where it goes, handing the parcel over.

use axum::http::StatusCode;
use contracts::{
    orders::{OrderLine, VendorOrderDetail, VendorOrderStatus},
    shipping::{MarkShipped, ShipmentStatus},
};
use kernel::{PageRequest, Result, VendorId, VendorOrderId};

use super::{Desk, Room};
use crate::{
    forms::{Posted, Reader},
    pages::{
        portal::{Facts, Form, Panel, PortalPage, Split, Words, download, or_none, promotions, words},
        shop::{cards, countries},
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Notice, Row, Table, Tone},
    visit::{Path, Visit},
};

/// Parcels looked at to find the carrier used last.
const PARCELS: u32 = 5;

/// `GET /vendor/{vendor_id}/orders/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let (order, waits) = find(&desk, id).await?;
    let ready = order.order.status == VendorOrderStatus::ToShip;
    let carrier = if ready { usual_carrier(&desk).await.unwrap_or_default() } else { String::new() };
    let filled = Filled::with([("carrier", carrier)]);
    let page = page(&mut desk, &order, waits, &filled).await?;
    render::page(&page)
}

/// The order, with its parcel as shipping has it: what was just marked may not have got round to orders yet. And
/// whether goods of it still have to come in.
async fn find(desk: &Desk, id: VendorOrderId) -> Result<(VendorOrderDetail, bool)> {
    let mut detail = desk.app.orders.vendor_order(&desk.who, desk.vendor_id, id).await?;
    let order = &mut detail.order;
    if !matches!(order.status, VendorOrderStatus::ToShip | VendorOrderStatus::Shipped) {
        return Ok((detail, false));
    }
    let parcel = desk.app.shipping.shipment(&desk.who, desk.vendor_id, id).await;
    let Some(parcel) = or_none("the parcel", parcel) else { return Ok((detail, false)) };
    match parcel.status {
        ShipmentStatus::Shipped => order.status = VendorOrderStatus::Shipped,
        ShipmentStatus::Delivered => order.status = VendorOrderStatus::Delivered,
        ShipmentStatus::Preparing | ShipmentStatus::Cancelled => {}
    }
    order.tracking = parcel.tracking.or_else(|| order.tracking.take());
    Ok((detail, parcel.waits_for_goods))
}

/// The carrier used last, so that only the number is left to type.
async fn usual_carrier(desk: &Desk) -> Option<String> {
    let request = PageRequest { limit: Some(PARCELS), after: None };
    let parcels = desk.app.shipping.shipments(&desk.who, desk.vendor_id, &request).await;
    let parcels = or_none("parcels", parcels)?;
    parcels.items.into_iter().find_map(|parcel| parcel.tracking).map(|tracking| tracking.carrier)
}

async fn page(desk: &mut Desk, detail: &VendorOrderDetail, waits: bool, filled: &Filled) -> Result<PortalPage> {
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
    let mut side: Vec<Panel> = next_step(desk, detail, filled).into_iter().collect();
    let mut address = Panel::new("Send to").with(&countries::block(&detail.address));
    if let Some(phone) = &detail.address.phone {
        address = address.with(&Words::soft(format!("Phone {phone}")));
    }
    side.push(address);
    if let Some(note) = &detail.note {
        side.push(Panel::new("A word of the buyer").with(&Words::new(note)));
    }
    Ok(PortalPage::new(place)
        .above(&[("Orders", &desk.at("orders"))])
        .badge(words::part(order.status))
        .action("Packing slip (PDF)", desk.at(&format!("orders/{}/slip.pdf", order.id)))
        .errors(filled.summary(&["carrier", "tracking_number"]))
        .notice(waits.then(|| {
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

/// What the vendor does next: hand over, or note that it arrived.
fn next_step(desk: &Desk, detail: &VendorOrderDetail, filled: &Filled) -> Option<Panel> {
    let order = &detail.order;
    let at = |verb: &str| desk.at(&format!("orders/{}/{verb}", order.id));
    let tracking = || {
        let tracking = order.tracking.as_ref()?;
        let link = format!("/track/{}", tracking.token);
        Some(Facts::new("Parcel").fact("Carrier", &tracking.carrier).linked("Number", &tracking.number, link))
    };
    match order.status {
        VendorOrderStatus::ToShip => {
            let fields = vec![
                Field::text("carrier", "Carrier").max_length(60).hint("Such as DHL or Post.").filled(filled),
                Field::text("tracking_number", "Tracking number").max_length(80).filled(filled),
            ];
            let form = Form::new(at("ship"), &desk.csrf(), "Mark as shipped").id("ship").fields(fields);
            Some(Panel::new("Ship it").with(&form).with(&Words::soft("The buyer gets a mail with the number.")))
        }
        VendorOrderStatus::Shipped => {
            let form = Form::new(at("deliver"), &desk.csrf(), "Mark as delivered");
            Some(Panel::new("On its way").maybe(tracking().as_ref()).with(&form))
        }
        VendorOrderStatus::Delivered => Some(Panel::new("Delivered").maybe(tracking().as_ref())),
        VendorOrderStatus::Pending => {
            Some(Panel::new("Not paid yet").with(&Words::soft("Wait with packing until the order is paid.")))
        }
        VendorOrderStatus::Cancelled => {
            Some(Panel::new("Called off").with(&Words::soft("Do not send it. The stock is back on sale.")))
        }
    }
}

/// `POST /vendor/{vendor_id}/orders/{id}/ship`
pub async fn ship(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&fields);
    let input = MarkShipped {
        carrier: reader.text("carrier", "Say who carries it."),
        tracking_number: reader.text("tracking_number", "Enter the number on the parcel's label."),
    };
    let result =
        if reader.ok() { desk.app.shipping.ship(&desk.who, vendor_id, id, &input).await } else { Err(reader.error()) };
    match result {
        Ok(parcel) => {
            desk.visit.say(Message::good(format!("Order {} is on its way.", parcel.number))).await?;
            Ok(desk.visit.go(&desk.at(&format!("orders/{id}"))))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            refused(&mut desk, id, status, &filled).await
        }
    }
}

async fn refused(desk: &mut Desk, id: VendorOrderId, status: StatusCode, filled: &Filled) -> Shown {
    let (order, waits) = find(desk, id).await?;
    let page = page(desk, &order, waits, filled).await?;
    render::page_with(status, &page)
}

/// `POST /vendor/{vendor_id}/orders/{id}/deliver`
pub async fn deliver(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    match desk.app.shipping.deliver(&desk.who, vendor_id, id).await {
        Ok(parcel) => {
            desk.visit.say(Message::good(format!("Order {} was delivered.", parcel.number))).await?;
            Ok(desk.visit.go(&desk.at(&format!("orders/{id}"))))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            refused(&mut desk, id, status, &filled).await
        }
    }
}

/// `GET /vendor/{vendor_id}/orders/{id}/slip.pdf`
pub async fn slip(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let path = format!("/api/v1/vendors/{vendor_id}/orders/{id}/packing-slip.pdf");
    download::paper(&desk.app.orders.0, &desk.visit, path).await
}
