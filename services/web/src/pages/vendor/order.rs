//! One order of a vendor: what to pack, where it goes, handing the parcel over.

use axum::http::StatusCode;
use contracts::{
    carriers::PartLabels,
    commission::PartCommission,
    disputes::{DisputeStatus, VendorDisputeQuery, VendorDisputeView},
    orders::{LinePart, OrderLine, VendorOrderDetail, VendorOrderStatus},
};
use kernel::{OrderId, PageRequest, Result, VendorId, VendorOrderId};

use super::{
    Desk, Room, cash, labels,
    parcels::{self, Handed},
};
use crate::{
    pages::{
        portal::{
            Facts, Panel, PortalPage, Split, Words, commission, download, or_none, paying_back, promotions, scans,
            words,
        },
        shop::{cards, countries, order::badge},
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
    // With a label all that is to be typed is known.
    let filled = match labels::to_use(found.labels.as_ref()) {
        Some(label) => Filled::with([
            ("carrier", label.carrier.clone().unwrap_or(carrier)),
            ("tracking_number", label.tracking_number.clone().unwrap_or_default()),
        ]),
        None => Filled::with([("carrier", carrier)]),
    };
    let page = page(&mut desk, &found, &filled).await?;
    render::page(&page)
}

/// An order with its parcels.
struct Found {
    detail: VendorOrderDetail,
    handed: Vec<Handed>,
    waits: bool,
    labels: Option<PartLabels>,
    disputes: Vec<VendorDisputeView>,
    commission: Option<PartCommission>,
}

async fn find(desk: &Desk, id: VendorOrderId) -> Result<Found> {
    let mut detail = desk.app.orders.vendor_order(&desk.who, desk.vendor_id, id).await?;
    let (known, handed, waits) = parcels::of(desk, &mut detail.order).await;
    scans::add(&mut detail.timeline, &known);
    let takes_labels = is_to_ship(detail.order.status) && detail.order.pickup.is_none();
    let labels = if takes_labels { labels::of(desk, id).await } else { None };
    let disputes = disputes(desk, detail.order.order_id).await;
    let commission = taken(desk, detail.order.order_id).await;
    Ok(Found { detail, handed, waits, labels, disputes, commission })
}

/// What the platform takes of it; for owners, whose money it is.
async fn taken(desk: &Desk, order_id: OrderId) -> Option<PartCommission> {
    if !desk.owner {
        return None;
    }
    or_none("commission", desk.app.commissions.of_order(&desk.who, desk.vendor_id, order_id).await)
}

/// What buyers dispute of it; for owners, whose money it is.
async fn disputes(desk: &Desk, order_id: OrderId) -> Vec<VendorDisputeView> {
    if !desk.owner {
        return Vec::new();
    }
    let query = VendorDisputeQuery { order_id: Some(order_id), limit: Some(20), after: None };
    let disputes = desk.app.payments.vendor_disputes(&desk.who, desk.vendor_id, &query).await;
    or_none("disputes", disputes).map(|page| page.items).unwrap_or_default()
}

fn disputed(desk: &Desk, dispute: &VendorDisputeView) -> Panel {
    let fmt = desk.fmt;
    let facts = Facts::new("Dispute")
        .fact("State", words::dispute(dispute.status).text)
        .fact("Your part", fmt.money(dispute.amount))
        .fact(if dispute.status.is_open() { "Held from your balance" } else { "Was held" }, fmt.money(dispute.held))
        .fact("Reason", words::plain(&dispute.reason))
        .fact("Opened", fmt.exact(dispute.opened_at))
        .maybe("Decided", dispute.ended_at.map(|at| fmt.exact(at)));
    let text = match dispute.status {
        DisputeStatus::Opened | DisputeStatus::UnderReview => {
            "The buyer has the payment taken back by the bank. The marketplace answers; send it what shows the delivery."
        }
        DisputeStatus::Won => "The money stays: what was held is in your balance again.",
        DisputeStatus::Lost => "The buyer has the money. Your balance is less by it, and you got the commission back.",
    };
    Panel::new("Disputed").link("Movements", desk.at("earnings")).with(&Words::new(text)).with(&facts)
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
    let sent = parcels.items.into_iter().filter(|parcel| !parcel.pickup);
    sent.filter_map(|parcel| parcel.tracking).map(|tracking| tracking.carrier).next()
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
    let mut main =
        vec![Panel::new("To pack").flush().with(&lines(desk, &order.lines)), Panel::new("Amounts").with(&sums)];
    if let Some(part) = &found.commission {
        let table = commission::table(commission::rows(&fmt, part, Some(order), ""));
        main.push(Panel::new("Commission").flush().link("Earnings", desk.at("earnings")).with(&table));
    }
    main.push(Panel::new("What has happened").with(&words::timeline(&fmt, &words::told(&detail.timeline))));
    let mut side: Vec<Panel> = Vec::new();
    if let Some(labels) = &found.labels {
        side.push(labels::panel(desk, labels::Goods::Part(order.id), labels, filled));
    }
    side.extend(next_step(desk, found, filled));
    side.extend(found.disputes.iter().map(|dispute| disputed(desk, dispute)));
    side.extend(parcels::panels(desk, order, &found.handed));
    side.extend(destination(detail));
    if let Some(gift) = &detail.gift {
        let message = gift.message.as_deref().unwrap_or("Without a message.");
        let panel = Panel::new("This is a gift").with(&Words::new(message));
        side.push(panel.with(&Words::soft("The packing slip greets whom it is for, and has no prices.")));
    }
    if detail.cash_on_delivery {
        let text = match detail.to_collect {
            Some(collect) => format!("Hand it to a courier who collects {}.", fmt.money(collect)),
            None => "Hand it to a courier who collects the money, once for the whole order.".to_owned(),
        };
        let panel = Panel::new("Cash on delivery").with(&Words::new(text));
        side.push(panel.with(&Words::soft("You are paid like always, once the marketplace has it.")));
    }
    if let Some(note) = &detail.note {
        side.push(Panel::new("A word of the buyer").with(&Words::new(note)));
    }
    let mut names = parcels::names(order);
    names.extend(labels::FIELDS.map(str::to_owned));
    let page = PortalPage::new(place)
        .above(&[("Orders", &desk.at("orders"))])
        .badge(if order.pickup.is_some() { badge(order.status, true) } else { words::part(order.status) })
        .action("Packing slip (PDF)", desk.at(&format!("orders/{}/slip.pdf", order.id)))
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .reload(labels::under_way(found.labels.as_ref()))
        .notice(found.waits.then(|| {
            let text = "It can be handed over once you have received what is missing in your stock.";
            Notice::new(Tone::Warning, "This order waits for goods that are still to come.", text)
        }))
        .block(&Split { main, side });
    let page = match cash::may_come_back(detail) {
        true => page.danger("Not paid at the door", desk.at(&format!("orders/{}/not-collected", order.id))),
        false => page,
    };
    let page = match paying_back::is_offered(order) {
        true => page.action(paying_back::TITLE, desk.at(&format!("orders/{}/pay-back", order.id))),
        false => page,
    };
    // What a courier has to collect goes with the first parcel.
    let has_left = detail.cash_on_delivery && order.status != VendorOrderStatus::ToShip;
    let ready = is_to_ship(order.status) && !has_left;
    Ok(if ready { page.action("Take items out", desk.at(&format!("orders/{}/withdraw", order.id))) } else { page })
}

/// Where it goes: to the buyer, or to a place where the buyer fetches it.
fn destination(detail: &VendorOrderDetail) -> Vec<Panel> {
    let place = detail.order.pickup.as_ref();
    let fetched = place.map(|place| {
        let panel = Panel::new("Fetched at").with(&Words::new(place.line()));
        if place.hours.is_empty() { panel } else { panel.with(&Words::soft(&place.hours)) }
    });
    let whose = if place.is_some() { "The buyer" } else { "Send to" };
    let address = Panel::new(whose).with(&countries::block(&detail.address));
    let address = match &detail.address.phone {
        Some(phone) => address.with(&Words::soft(format!("Phone {phone}"))),
        None => address,
    };
    fetched.into_iter().chain([address]).collect()
}

fn lines(desk: &Desk, lines: &[OrderLine]) -> Table {
    let fmt = &desk.fmt;
    let columns = [Column::new("Product"), Column::new("SKU"), Column::number("Quantity")].into_iter();
    let columns = columns.chain([Column::number("Each"), Column::number("Total")]).collect();
    let part = |line: &OrderLine, part: &LinePart| Row {
        id: format!("{}-{}", line.id, part.variant_id),
        cells: vec![
            Cell::Link(
                Link::new(&part.title, desk.at(&format!("stock/{}", part.variant_id))),
                format!("{} in each “{}”", fmt.count(part.quantity), line.title),
            ),
            Cell::text(&part.sku),
            Cell::Number(fmt.count(part.quantity * line.kept())),
            Cell::Number(String::new()),
            Cell::Number(String::new()),
        ],
    };
    let row = |line: &OrderLine| Row {
        id: line.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&line.title, desk.at(&format!("products/{}", line.product_id))),
                described(desk, line),
            ),
            Cell::text(&line.sku),
            Cell::Number(fmt.count(line.kept())),
            Cell::Number(fmt.money(line.unit_price)),
            Cell::Number(fmt.money(line.total)),
        ],
    };
    // What lies in a bundle is packed too, and stands under it.
    let rows = lines.iter().flat_map(|line| {
        let parts = line.parts.iter().map(|held| part(line, held));
        std::iter::once(row(line)).chain(parts).collect::<Vec<_>>()
    });
    Table::new("Items", columns, rows.collect(), Empty::new("box", "No items", ""))
}

/// Options, and how many were taken out of the order.
fn described(desk: &Desk, line: &OrderLine) -> String {
    let options = cards::variant(&line.options);
    match line.withdrawn {
        0 => options,
        out if options.is_empty() => format!("{} taken out", desk.fmt.count(out)),
        out => format!("{options}; {} taken out", desk.fmt.count(out)),
    }
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
