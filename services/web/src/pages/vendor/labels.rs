//! Labels of carriers: buying one for an order or a return, printing it, giving it back; and what all of them have cost.

use contracts::{
    carriers::{BuyLabel, LabelStatus, LabelView, ParcelSize, PartLabels},
    orders::{ReturnKind, ReturnStatus, ReturnView},
};
use kernel::{LabelId, Money, PageRequest, Result, ReturnId, VendorId, VendorOrderId};

use super::{
    Desk, Room,
    methods::{grams, kilograms},
    order, returns,
};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Facts, Form, List, Paging, Panel, PortalPage, Words, download, or_none, words},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// Names of the form's fields.
pub(super) const FIELDS: [&str; 5] = ["weight_kg", "length_cm", "width_cm", "height_cm", "service"];
const SIDES: [(&str, &str); 3] =
    [("length_cm", "Length in cm"), ("width_cm", "Width in cm"), ("height_cm", "Height in cm")];

/// What a label is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goods {
    /// What is to be packed of a part of an order.
    Part(VendorOrderId),
    /// What comes back.
    Return(ReturnId),
}

impl Goods {
    fn at(self, desk: &Desk) -> String {
        match self {
            Self::Part(id) => desk.at(&format!("orders/{id}")),
            Self::Return(id) => desk.at(&format!("returns/{id}")),
        }
    }
}

/// Labels of a return that is to be sent or on its way, if there are any or some can be bought.
pub(super) async fn of_return(desk: &Desk, of: &ReturnView) -> Option<PartLabels> {
    let is_open = matches!(of.status, ReturnStatus::Approved | ReturnStatus::Sent);
    if of.kind != ReturnKind::Return || !is_open {
        return None;
    }
    let labels = desk.app.shipping.return_labels(&desk.who, desk.vendor_id, of.id).await;
    let is_wanted =
        |labels: &PartLabels| (labels.available && of.status == ReturnStatus::Approved) || !labels.labels.is_empty();
    or_none("labels of a return", labels).filter(is_wanted)
}

/// Labels of a part, if there are any or some can be bought.
pub(super) async fn of(desk: &Desk, part: VendorOrderId) -> Option<PartLabels> {
    let labels = desk.app.shipping.part_labels(&desk.who, desk.vendor_id, part).await;
    or_none("labels", labels).filter(|labels| labels.available || !labels.labels.is_empty())
}

/// The label that waits for its parcel to leave.
pub(super) fn to_use(labels: Option<&PartLabels>) -> Option<&LabelView> {
    labels?.labels.iter().find(|label| label.status == LabelStatus::Bought && !label.used)
}

/// True while something is under way at the carrier.
pub(super) fn under_way(labels: Option<&PartLabels>) -> bool {
    let waits = |label: &LabelView| match label.status {
        LabelStatus::Ordered | LabelStatus::Voiding => true,
        LabelStatus::Bought => !label.has_file && !label.used,
        LabelStatus::Failed | LabelStatus::Voided => false,
    };
    labels.is_some_and(|labels| labels.labels.iter().any(waits))
}

/// The label of what is to be packed or comes back, or the form that buys one.
pub(super) fn panel(desk: &Desk, goods: Goods, labels: &PartLabels, filled: &Filled) -> Panel {
    let panel = Panel::new(match goods {
        Goods::Part(_) => "Label",
        Goods::Return(_) => "Label for the way back",
    });
    let open = |label: &&LabelView| {
        let stands = matches!(label.status, LabelStatus::Ordered | LabelStatus::Bought | LabelStatus::Voiding);
        stands && (!label.used || label.return_id.is_some())
    };
    if let Some(label) = labels.labels.iter().find(open) {
        return standing(desk, goods, label, panel);
    }
    let failed = labels.labels.first().filter(|label| label.status == LabelStatus::Failed);
    let failure = failed.and_then(|label| label.failure.as_ref());
    let panel =
        panel.maybe(failure.map(|why| Words::new(format!("The carrier did not sell the last one: {why}"))).as_ref());
    if !labels.available {
        return panel.with(&Words::soft("Labels cannot be bought here any more."));
    }
    if !labels.has_sender {
        let text = "Carriers print on a label where the parcel comes from. Enter that once, then buy labels here.";
        return panel.link("Enter the address", desk.at("delivery/sender")).with(&Words::new(text));
    }
    let text = match goods {
        Goods::Part(_) => "The cheapest service is bought unless you choose one. What is not used can be given back.",
        Goods::Return(_) => {
            "You pay for it, out of your balance. The buyer prints it from the page of the order. The cheapest service is \
             bought unless you choose one, and what is not used can be given back."
        }
    };
    panel.with(&form(desk, goods, labels, filled)).with(&Words::soft(text))
}

fn standing(desk: &Desk, goods: Goods, label: &LabelView, panel: Panel) -> Panel {
    let back = Link::new("Give it back", format!("{}/labels/{}/cancel", goods.at(desk), label.id));
    match label.status {
        LabelStatus::Bought if label.used => {
            panel.with(&facts(desk, label)).with(&Words::soft("The carrier has the parcel."))
        }
        LabelStatus::Ordered => {
            let text = match goods {
                Goods::Part(_) => {
                    "The carrier is being asked for it. Look again in a moment; you need not wait, and can ship without it."
                }
                Goods::Return(_) => "The carrier is being asked for it. Look again in a moment; you need not wait.",
            };
            panel.link(&back.text, back.href).with(&Words::new(text))
        }
        LabelStatus::Bought => {
            let panel = panel.maybe(label.failure.as_ref().map(|why| Words::new(why.clone())).as_ref());
            let text = match (label.has_file, goods) {
                (true, Goods::Part(_)) => {
                    "Print it, stick it on, and hand the parcel over below: carrier and number are filled in."
                }
                (true, Goods::Return(_)) => {
                    "The buyer is told, and prints it from the page of the order. As soon as the carrier has the parcel, the \
                     return is on its way."
                }
                (false, _) => "It is bought; the paper is being fetched. Look again in a moment.",
            };
            panel.link(&back.text, back.href).with(&facts(desk, label)).with(&Words::soft(text))
        }
        _ => panel.with(&facts(desk, label)).with(&Words::new("It is being given back to the carrier.")),
    }
}

fn facts(desk: &Desk, label: &LabelView) -> Facts {
    let facts = Facts::new("Label")
        .maybe("Carrier", label.carrier.as_ref())
        .maybe("Service", label.service.as_ref())
        .maybe("Number", label.tracking_number.as_ref())
        .fact("Weight", format!("{} kg", kilograms(label.weight_g)))
        .maybe("Price", label.price.map(|price| desk.fmt.money(price)))
        .maybe("The buyer paid", label.charged.map(|_| charged(&desk.fmt, label)));
    match label.has_file {
        true => facts.linked("To print", "Label", desk.at(&format!("labels/{}/paper", label.id))),
        false => facts,
    }
}

fn form(desk: &Desk, goods: Goods, labels: &PartLabels, filled: &Filled) -> Form {
    let mut fields = vec![
        Field::text("weight_kg", "Weight in kg")
            .max_length(12)
            .hint("Of the packed parcel, such as 1.2.")
            .filled(filled),
    ];
    let side = |(name, label): (&str, &str)| Field::number(name, label).between(1, 1_000).optional().filled(filled);
    fields.extend(SIDES.map(side));
    if !labels.services.is_empty() {
        let cheapest = (String::new(), "The cheapest".to_owned());
        let services = labels.services.iter().map(|service| (service.clone(), service.clone()));
        let all: Vec<(String, String)> = std::iter::once(cheapest).chain(services).collect();
        fields.push(Field::select("service", "Service", all).optional().filled(filled));
    }
    Form::new(format!("{}/label", goods.at(desk)), &desk.csrf(), "Buy a label").quiet().fields(fields)
}

/// `POST /vendor/{vendor_id}/orders/{id}/label`
pub async fn buy(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    buy_for((vendor_id, Goods::Part(id)), posted).await
}

/// `POST /vendor/{vendor_id}/returns/{id}/label`
pub async fn buy_for_return(Path((vendor_id, id)): Path<(VendorId, ReturnId)>, posted: Posted) -> Shown {
    buy_for((vendor_id, Goods::Return(id)), posted).await
}

async fn buy_for((vendor_id, goods): (VendorId, Goods), posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let shipping = &desk.app.shipping;
    let result = match (read(&posted.fields), goods) {
        (Ok(input), Goods::Part(id)) => shipping.buy_label(&desk.who, vendor_id, id, &input).await,
        (Ok(input), Goods::Return(id)) => shipping.buy_return_label(&desk.who, vendor_id, id, &input).await,
        (Err(error), _) => Err(error),
    };
    done(desk, goods, &posted.fields, result, "The label is being bought.").await
}

async fn done(mut desk: Desk, goods: Goods, fields: &Fields, result: Result<LabelView>, said: &str) -> Shown {
    match result {
        Ok(_) => {
            desk.visit.say(Message::good(said)).await?;
            Ok(desk.visit.go(&goods.at(&desk)))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            match goods {
                Goods::Part(id) => order::refused(&mut desk, id, status, &filled).await,
                Goods::Return(id) => returns::page(&mut desk, status, id, Some(&filled)).await,
            }
        }
    }
}

fn read(fields: &Fields) -> Result<BuyLabel> {
    let mut reader = Reader::new(fields);
    let weight = reader.text("weight_kg", "Weigh the packed parcel.");
    let weight_g = grams(&weight).filter(|grams| (1..=1_000_000).contains(grams)).unwrap_or_default();
    if weight_g == 0 && !weight.is_empty() {
        reader.wrong("weight_kg", "Enter kilograms such as 1.2.");
    }
    let given = SIDES.iter().filter(|(name, _)| fields.some(name).is_some()).count();
    let size = if given == 0 {
        None
    } else {
        // Two sides are not a size: the third is asked for.
        let [length_mm, width_mm, height_mm] = SIDES.map(|(name, _)| reader.whole(name, 1..=1_000) * 10);
        Some(ParcelSize { length_mm, width_mm, height_mm })
    };
    let service = reader.optional("service");
    if reader.ok() { Ok(BuyLabel { weight_g, size, service }) } else { Err(reader.error()) }
}

/// `GET /vendor/{vendor_id}/orders/{id}/labels/{label}/cancel`: asks.
pub async fn ask_cancel(visit: Visit, Path((vendor_id, id, label)): Path<(VendorId, VendorOrderId, LabelId)>) -> Shown {
    ask_back(visit, vendor_id, Goods::Part(id), label).await
}

/// `GET /vendor/{vendor_id}/returns/{id}/labels/{label}/cancel`: asks.
pub async fn ask_cancel_of_return(
    visit: Visit,
    Path((vendor_id, id, label)): Path<(VendorId, ReturnId, LabelId)>,
) -> Shown {
    ask_back(visit, vendor_id, Goods::Return(id), label).await
}

async fn ask_back(visit: Visit, vendor_id: VendorId, goods: Goods, label: LabelId) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let here = goods.at(&desk);
    let (room, rooms, one) = match goods {
        Goods::Part(_) => (Room::Orders, ("Orders", desk.at("orders")), "Order"),
        Goods::Return(_) => (Room::Returns, ("Returns", desk.at("returns")), "Return"),
    };
    let place = desk.place("Give the label back?", room).await?;
    let form = Form::new(format!("{here}/labels/{label}/cancel"), &desk.csrf(), "Give it back");
    let ask = Ask {
        effect: "The carrier is asked to take it back; do not stick it on a parcel any more. Most carriers return what it cost \
                 after some days.",
        form,
        back: Link::new("Keep it", &here),
    };
    render::page(&ask.page(place, &[(rooms.0, &rooms.1), (one, &here)]))
}

/// `POST /vendor/{vendor_id}/orders/{id}/labels/{label}/cancel`
pub async fn cancel(Path((vendor_id, id, label)): Path<(VendorId, VendorOrderId, LabelId)>, posted: Posted) -> Shown {
    give_back((vendor_id, Goods::Part(id)), label, posted).await
}

/// `POST /vendor/{vendor_id}/returns/{id}/labels/{label}/cancel`
pub async fn cancel_of_return(
    Path((vendor_id, id, label)): Path<(VendorId, ReturnId, LabelId)>,
    posted: Posted,
) -> Shown {
    give_back((vendor_id, Goods::Return(id)), label, posted).await
}

async fn give_back((vendor_id, goods): (VendorId, Goods), label: LabelId, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = desk.app.shipping.cancel_label(&desk.who, vendor_id, label).await;
    done(desk, goods, &posted.fields, result, "The label is being given back.").await
}

/// `GET /vendor/{vendor_id}/labels/{label}/paper`
pub async fn paper(visit: Visit, Path((vendor_id, label)): Path<(VendorId, LabelId)>) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let path = format!("/api/v1/vendors/{vendor_id}/labels/{label}/paper");
    download::paper(&desk.app.shipping.0, &desk.visit, path).await
}

/// `GET /vendor/{vendor_id}/labels`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("labels"), &asked, &[]);
    let request = PageRequest { limit: None, after: paging.after() };
    let page = desk.app.shipping.labels(&desk.who, vendor_id, &request).await?;
    let columns = [Column::new("Order"), Column::new("State"), Column::new("Number"), Column::number("Price")];
    let more = [Column::number("Delivery paid"), Column::number("Left of it"), Column::new("")];
    let columns = columns.into_iter().chain(more).collect();
    let empty = Empty::new("truck", "No labels yet", "Open an order that is to be shipped, and buy a label there.")
        .action("Orders to ship", desk.at("orders?status=to_ship"));
    let rows = page.items.iter().map(|label| row(&desk, label)).collect();
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "label", "labels");
    let list = List::new(Table::new("Labels", columns, rows, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Labels", Room::Delivery).await?;
    let text = "What the buyer paid for the delivery of an order is held against all its labels.";
    render::page(
        &PortalPage::new(place)
            .above(&[("Delivery", &desk.at("delivery"))])
            .block(&Panel::new("").with(&Words::soft(text)))
            .block(&list),
    )
}

fn row(desk: &Desk, label: &LabelView) -> Row {
    let fmt = &desk.fmt;
    let money = |money: Option<Money>| money.map(|money| fmt.money(money)).unwrap_or_default();
    let by = [label.carrier.as_deref(), label.service.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let paper = label.has_file.then(|| Link::new("Print", desk.at(&format!("labels/{}/paper", label.id))));
    Row {
        id: label.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&label.number, desk.at(&format!("orders/{}", label.vendor_order_id))),
                if label.return_id.is_some() {
                    format!("{}, for the way back", fmt.date(label.created_at))
                } else {
                    fmt.date(label.created_at)
                },
            ),
            Cell::Badge(words::label(label.status, label.used)),
            Cell::Text(label.tracking_number.clone().unwrap_or_default(), by),
            Cell::Number(money(label.price)),
            Cell::Number(charged(fmt, label)),
            Cell::Number(difference(fmt, label).unwrap_or_default()),
            Cell::Actions(paper.into_iter().collect()),
        ],
    }
}

fn charged(fmt: &Fmt, label: &LabelView) -> String {
    let paid = label.charged.map(|charged| fmt.money(charged)).unwrap_or_default();
    if label.estimated { format!("{paid}, estimated") } else { paid }
}

/// What is left of what the buyer has paid; below zero the store has paid the rest.
fn difference(fmt: &Fmt, label: &LabelView) -> Option<String> {
    let left = label.charged?.minus(label.part_cost?).ok()?;
    Some(fmt.money_change(left))
}
