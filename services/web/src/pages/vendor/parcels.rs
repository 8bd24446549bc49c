//! Parcels of a vendor's order: what has left, what is left, and handing it over.

use contracts::{
    orders::{OrderLine, ParcelLine, Tracking, VendorOrderStatus, VendorOrderView},
    shipping::{MarkShipped, ShipmentStatus, ShipmentView},
};
use kernel::{Result, ShipmentId, VendorId, VendorOrderId};

use super::{Desk, order};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{Facts, Form, Panel, Words, or_none},
        shop::cards,
    },
    render::Shown,
    session::Message,
    ui::{Field, Filled},
    visit::Path,
};

/// A parcel that was handed over.
pub(super) struct Handed {
    number: i64,
    id: Option<ShipmentId>,
    tracking: Tracking,
    lines: Vec<ParcelLine>,
    delivered: bool,
}

/// Parcels as shipping has them, and those that have left, for what was just marked may not have got round to orders yet;
/// these as the order has them if shipping does not answer. And whether goods of the part still have to come in.
pub(super) async fn of(desk: &Desk, order: &mut VendorOrderView) -> (Vec<ShipmentView>, Vec<Handed>, bool) {
    let known = order.parcels.iter().map(|parcel| Handed {
        number: parcel.parcel,
        id: parcel.shipment_id,
        tracking: parcel.tracking.clone(),
        lines: parcel.lines.clone(),
        delivered: parcel.delivered_at.is_some(),
    });
    let known: Vec<Handed> = known.collect();
    if !has_parcels(order.status) {
        return (Vec::new(), known, false);
    }
    let asked = desk.app.shipping.parcels(&desk.who, desk.vendor_id, order.id).await;
    let Some(parcels) = or_none("parcels", asked).filter(|parcels| !parcels.is_empty()) else {
        return (Vec::new(), known, false);
    };
    order.status = status(&parcels).unwrap_or(order.status);
    let waits = parcels.iter().any(|parcel| parcel.waits_for_goods);
    let left = parcels.iter().cloned().filter_map(handed).collect();
    (parcels, left, waits)
}

fn has_parcels(status: VendorOrderStatus) -> bool {
    match status {
        VendorOrderStatus::ToShip
        | VendorOrderStatus::PartiallyShipped
        | VendorOrderStatus::Shipped
        | VendorOrderStatus::Delivered => true,
        VendorOrderStatus::Pending | VendorOrderStatus::Cancelled => false,
    }
}

fn status(parcels: &[ShipmentView]) -> Option<VendorOrderStatus> {
    let open = parcels.iter().any(|parcel| parcel.status == ShipmentStatus::Preparing);
    let left = parcels.iter().any(|parcel| parcel.tracking.is_some());
    let settled =
        |parcel: &ShipmentView| matches!(parcel.status, ShipmentStatus::Delivered | ShipmentStatus::Cancelled);
    let arrived = parcels.iter().all(settled);
    match (open, left) {
        (true, true) => Some(VendorOrderStatus::PartiallyShipped),
        (false, true) if arrived => Some(VendorOrderStatus::Delivered),
        (false, true) => Some(VendorOrderStatus::Shipped),
        (_, false) => None,
    }
}

fn handed(parcel: ShipmentView) -> Option<Handed> {
    Some(Handed {
        number: parcel.parcel,
        id: Some(parcel.id),
        tracking: parcel.tracking?,
        lines: parcel.lines,
        delivered: parcel.status == ShipmentStatus::Delivered,
    })
}

/// Pieces of a line that are still to be handed over.
fn left(line: &OrderLine, handed: &[Handed]) -> i64 {
    let in_parcel = |parcel: &Handed| match parcel.lines.as_slice() {
        [] => line.quantity,
        lines => lines.iter().find(|held| held.line_id == line.id).map_or(0, |held| held.quantity),
    };
    line.kept() - handed.iter().map(in_parcel).sum::<i64>()
}

fn name_of(line: &OrderLine) -> String {
    match line.options.as_slice() {
        [] => line.title.clone(),
        options => format!("{}, {}", line.title, cards::variant(options)),
    }
}

/// What lies in each parcel that has left, and where it is.
pub(super) fn panels(desk: &Desk, order: &VendorOrderView, handed: &[Handed]) -> Vec<Panel> {
    handed.iter().map(|parcel| panel(desk, order, handed.len(), parcel)).collect()
}

fn panel(desk: &Desk, order: &VendorOrderView, count: usize, parcel: &Handed) -> Panel {
    let link = format!("/track/{}", parcel.tracking.token);
    let facts = Facts::new("Parcel");
    let mut facts = match parcel.tracking.pickup {
        true => facts.linked("Code of the buyer", &parcel.tracking.number, link),
        false => facts.fact("Carrier", &parcel.tracking.carrier).linked("Number", &parcel.tracking.number, link),
    };
    for held in &parcel.lines {
        if let Some(line) = order.lines.iter().find(|line| line.id == held.line_id) {
            facts = facts.fact(&name_of(line), desk.fmt.count(held.quantity));
        }
    }
    let slip = desk.at(&format!("orders/{}/slip.pdf?parcel={}", order.id, parcel.number));
    let facts = facts.linked("Packing slip", "PDF", slip);
    let (under_way, over, verb) = match parcel.tracking.pickup {
        true => ("Ready to be fetched", "Fetched", "Mark as fetched"),
        false => ("On its way", "Delivered", "Mark as delivered"),
    };
    let state = if parcel.delivered { over } else { under_way };
    let several = count > 1 || order.status == VendorOrderStatus::PartiallyShipped;
    let title = if several { format!("Parcel {}: {}", parcel.number, state.to_lowercase()) } else { state.to_owned() };
    let panel = Panel::new(&title).with(&facts);
    match parcel.id {
        Some(id) if !parcel.delivered => {
            let action = desk.at(&format!("orders/{}/parcels/{id}/deliver", order.id));
            panel.with(&Form::new(action, &desk.csrf(), verb))
        }
        _ => panel,
    }
}

/// The form that hands over what is left, or some of it.
pub(super) fn form(desk: &Desk, order: &VendorOrderView, handed: &[Handed], filled: &Filled) -> Panel {
    let open = order.lines.iter().map(|line| (line, left(line, handed))).filter(|(_, left)| *left > 0);
    let mut fields: Vec<Field> = Vec::new();
    // A single piece cannot be divided.
    let pieces: i64 = open.clone().map(|(_, left)| left).sum();
    if pieces > 1 {
        fields.extend(open.map(|(line, left)| {
            let name = field_of(line);
            let filled = filled.clone().or(&name, left.to_string());
            let field = Field::number(&name, &name_of(line)).between(0, left);
            field.hint(format!("{} left to ship", desk.fmt.count(left))).filled(&filled)
        }));
    }
    let action = desk.at(&format!("orders/{}/ship", order.id));
    let rest = order.status == VendorOrderStatus::PartiallyShipped;
    if order.pickup.is_some() {
        let form = Form::new(action, &desk.csrf(), "It can be fetched").id("ship").fields(fields);
        let text = "The buyer gets a mail with the place and a code. Compare the code before you hand it over.";
        let title = if rest { "Make the rest ready" } else { "Make it ready" };
        return Panel::new(title).with(&form).with(&Words::soft(text));
    }
    fields.push(Field::text("carrier", "Carrier").max_length(60).hint("Such as DHL or Post.").filled(filled));
    fields.push(Field::text("tracking_number", "Tracking number").max_length(80).filled(filled));
    let form = Form::new(action, &desk.csrf(), "Mark as shipped").id("ship").fields(fields);
    let text = if pieces > 1 {
        "What does not fit or is not there yet can follow in another parcel. The buyer gets a mail for each."
    } else {
        "The buyer gets a mail with the number."
    };
    Panel::new(if rest { "Ship the rest" } else { "Ship it" }).with(&form).with(&Words::soft(text))
}

fn field_of(line: &OrderLine) -> String {
    format!("lines.{}", line.id)
}

/// Names of the form's fields, for what is wrong with them.
pub(super) fn names(order: &VendorOrderView) -> Vec<String> {
    let names = order.lines.iter().map(field_of);
    names.chain(["lines", "carrier", "tracking_number"].map(str::to_owned)).collect()
}

/// `POST /vendor/{vendor_id}/orders/{id}/ship`
pub async fn ship(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let detail = desk.app.orders.vendor_order(&desk.who, vendor_id, id).await?;
    let result = match read(&fields, &detail.order) {
        Ok(input) => desk.app.shipping.ship(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(parcel) => {
            let text = match parcel.parcel {
                _ if parcel.pickup => format!("What was ordered with {} can be fetched.", parcel.number),
                1 => format!("Order {} is on its way.", parcel.number),
                n => format!("Parcel {n} of order {} is on its way.", parcel.number),
            };
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&desk.at(&format!("orders/{id}"))))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            order::refused(&mut desk, id, status, &filled).await
        }
    }
}

/// What was typed. Without a quantity everything that is left goes.
fn read(fields: &Fields, order: &VendorOrderView) -> Result<MarkShipped> {
    let mut reader = Reader::new(fields);
    let (mut carrier, mut tracking_number) = (String::new(), String::new());
    if order.pickup.is_none() {
        carrier = reader.text("carrier", "Say who carries it.");
        tracking_number = reader.text("tracking_number", "Enter the number on the parcel's label.");
    }
    let asked = order.lines.iter().filter(|line| fields.some(&field_of(line)).is_some());
    let asked: Vec<&OrderLine> = asked.collect();
    let mut lines = Vec::with_capacity(asked.len());
    for line in &asked {
        let quantity = reader.whole(&field_of(line), 0..=line.quantity);
        if quantity > 0 {
            lines.push(ParcelLine { line_id: line.id, quantity });
        }
    }
    if !asked.is_empty() && lines.is_empty() && reader.ok() {
        reader.wrong(&field_of(asked[0]), "Say how many of at least one line are in the parcel.");
    }
    let lines = (!lines.is_empty()).then_some(lines);
    if reader.ok() { Ok(MarkShipped { carrier, tracking_number, lines }) } else { Err(reader.error()) }
}

/// `POST /vendor/{vendor_id}/orders/{id}/parcels/{shipment_id}/deliver`
pub async fn deliver(
    Path((vendor_id, id, shipment)): Path<(VendorId, VendorOrderId, ShipmentId)>,
    posted: Posted,
) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    match desk.app.shipping.deliver_parcel(&desk.who, vendor_id, shipment).await {
        Ok(parcel) => {
            let what = if parcel.pickup { "fetched" } else { "delivered" };
            desk.visit.say(Message::good(format!("A parcel of order {} was {what}.", parcel.number))).await?;
            Ok(desk.visit.go(&desk.at(&format!("orders/{id}"))))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            order::refused(&mut desk, id, status, &filled).await
        }
    }
}
