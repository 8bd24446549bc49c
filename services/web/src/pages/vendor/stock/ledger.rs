//! The ledger of movements: every change of what is on hand, who made it and why.

use std::{collections::BTreeMap, time::Duration};

use contracts::inventory::{LocationQuery, LocationView, MovementKind, MovementQuery, MovementView};
use kernel::{AccountId, Timestamp, VendorId};

use super::super::{Desk, Room};
use crate::{
    forms::Fields,
    pages::portal::{List, Paging, PortalPage, Tools, download, fields::day, or_none, words},
    render::{self, Shown, query},
    ui::{Cell, Column, Empty, Field, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// What narrows the ledger, as it stands in the address.
const FILTERS: [&str; 5] = ["variant", "location", "kind", "from", "to"];
/// A day, the last of which is part of a period.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `GET /vendor/{vendor_id}/stock/movements`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("stock/movements"), &asked, &FILTERS);
    let wanted = MovementQuery { limit: Some(50), after: paging.after(), ..wanted(&asked) };
    let (inventory, every) = (&desk.app.inventory, LocationQuery::default());
    let (page, locations, names) = futures::join!(
        inventory.ledger(&desk.who, vendor_id, &wanted),
        inventory.locations(&desk.who, vendor_id, &every),
        names(&desk),
    );
    let (page, locations) = (page?, locations?);
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "movement", "movements");
    let list = List::new(table(&desk, &page.items, &names).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let file = paging.file(&desk.at("stock/movements.csv"));
    let of_one = page.items.first().filter(|_| wanted.variant_id.is_some());
    let title = of_one.map_or_else(|| "Movements".to_owned(), |movement| format!("Movements of {}", movement.title));
    let place = desk.place(title, Room::Stock).await?;
    let shown = PortalPage::new(place).above(&[("Stock", &desk.at("stock"))]).action("Export", file);
    render::page(&shown.block(&tools(&desk, &paging, &locations)).block(&list))
}

fn tools(desk: &Desk, paging: &Paging, locations: &[LocationView]) -> Tools {
    let all = |text: &str| std::iter::once((String::new(), text.to_owned()));
    let kinds = MovementKind::ALL.map(|kind| (kind.as_str().to_owned(), words::plain(kind.as_str())));
    let places = locations.iter().map(|location| (location.id.to_string(), location.name.clone()));
    let small = |field: Field, name: &str| field.optional().class("small").value(paging.filter(name));
    let mut fields = vec![
        small(Field::select("kind", "Kind", all("All kinds").chain(kinds)), "kind"),
        small(Field::date("from", "From"), "from"),
        small(Field::date("to", "To"), "to"),
    ];
    if locations.len() > 1 {
        fields.insert(1, small(Field::select("location", "Location", all("All locations").chain(places)), "location"));
    }
    let links = if paging.narrowed() { vec![Link::new("Show all", desk.at("stock/movements"))] } else { Vec::new() };
    Tools {
        action: desk.at("stock/movements"),
        fields,
        kept: paging.others(&["kind", "location", "from", "to"]),
        links,
    }
}

/// The question behind an address. What cannot be read narrows nothing.
fn wanted(asked: &Fields) -> MovementQuery {
    let until = |text: &str| day(text).map(|day| day.plus(DAY));
    MovementQuery {
        variant_id: asked.parsed("variant"),
        location_id: asked.parsed("location"),
        kind: asked.parsed("kind"),
        from: day(asked.get("from")),
        before: until(asked.get("to")),
        ..MovementQuery::default()
    }
}

/// Names of the store's members, none if they cannot be had: the page goes without them.
pub(super) async fn names(desk: &Desk) -> BTreeMap<AccountId, String> {
    let members = or_none("members", desk.app.vendors.members(&desk.who, desk.vendor_id).await);
    members.into_iter().flatten().map(|member| (member.account_id, member.name)).collect()
}

fn table(desk: &Desk, movements: &[MovementView], names: &BTreeMap<AccountId, String>) -> Table {
    let columns = [Column::new("When"), Column::new("Item"), Column::new("What"), Column::new("Where")].into_iter();
    let columns = columns.chain([Column::number("Change"), Column::number("On hand"), Column::new("Who")]).collect();
    let row = |(i, movement): (usize, &MovementView)| {
        let item = Link::new(&movement.title, desk.at(&format!("stock/{}", movement.variant_id)));
        Row {
            id: i.to_string(),
            cells: vec![
                Cell::When(desk.fmt.when(movement.at)),
                Cell::Link(item, format!("SKU {}", movement.sku)),
                Cell::Text(words::plain(movement.kind.as_str()), movement.reason.clone()),
                Cell::text(&movement.location),
                Cell::Number(change(desk, movement)),
                Cell::Number(desk.fmt.count(movement.on_hand_there)),
                Cell::text(who(movement, names)),
            ],
        }
    };
    let rows = movements.iter().enumerate().map(row).collect();
    let empty = Empty::new("layers", "No movements", "Every change of the stock is listed here and stays.")
        .action("Look at your stock", desk.at("stock"));
    Table::new("Movements", columns, rows, empty)
}

/// `+5`
pub(super) fn change(desk: &Desk, movement: &MovementView) -> String {
    let sign = if movement.delta > 0 { "+" } else { "" };
    format!("{sign}{}", desk.fmt.count(movement.delta))
}

/// Who made it: a member, one who has left the store, or an order.
pub(super) fn who(movement: &MovementView, names: &BTreeMap<AccountId, String>) -> String {
    match (movement.by, movement.order_id) {
        (Some(by), _) => names.get(&by).cloned().unwrap_or_else(|| "A former member".to_owned()),
        (None, Some(_)) => "An order".to_owned(),
        (None, None) => String::new(),
    }
}

/// `GET /vendor/{vendor_id}/stock/movements.csv`
pub async fn export(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let wanted = wanted(&asked);
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let pairs = [
        ("variant_id", wanted.variant_id.map(|id| id.to_string())),
        ("location_id", wanted.location_id.map(|id| id.to_string())),
        ("kind", wanted.kind.map(|kind| kind.as_str().to_owned())),
        ("from", time(wanted.from)),
        ("before", time(wanted.before)),
    ];
    let pairs: Vec<(&str, &str)> = pairs.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    let path = format!("/api/v1/vendors/{vendor_id}/stock-movements.csv");
    let path = if pairs.is_empty() { path } else { format!("{path}?{}", query(&pairs)) };
    download::csv(&desk.app.inventory.0, &desk.who, path, "stock-movements.csv").await
}
