//! Where the vendor keeps its goods, and from where orders take them first.

use contracts::inventory::{LOCATIONS_MAX, LocationInput, LocationOrder, LocationQuery, LocationView, NewLocation};
use kernel::{Error, LocationId, Result, VendorId};

use super::super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Form, List, Panel, PortalPage, Split, Words},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Visit},
};

/// `GET /vendor/{vendor_id}/stock/locations`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let page = page(&mut desk, &Filled::default()).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, filled: &Filled) -> Result<PortalPage> {
    let all = desk.app.inventory.locations(&desk.who, desk.vendor_id, &LocationQuery { pieces: true }).await?;
    let columns = vec![Column::new("Location"), Column::new("State"), Column::number("Pieces"), Column::new("")];
    let rows = all.iter().map(|location| row(desk, location)).collect();
    let empty = Empty::new("layers", "No locations", "Add the place that your goods leave from.");
    let list = List::whole(Table::new("Locations", columns, rows, empty));
    let add = Form::new(desk.at("stock/locations"), &desk.csrf(), "Add it")
        .fields(vec![Field::text("name", "Name").max_length(80).hint("Such as Shop or Cellar.").filled(filled)]);
    let mut side = vec![Panel::new("Add a location").with(&add)];
    let open: Vec<_> = all.iter().filter(|location| location.active).collect();
    if open.len() > 1 {
        side.push(Panel::new("Order").with(&order_form(desk, &open, filled)));
    }
    let place = desk.place("Locations", Room::Stock).await?;
    let hint = Words::soft("Orders take goods from the first location that has them.");
    Ok(PortalPage::new(place)
        .above(&[("Stock", &desk.at("stock"))])
        .errors(filled.summary(&["name", "locations"]))
        .block(&Split { main: vec![Panel::new("In this order").flush().with(&list).with(&hint)], side }))
}

/// A number for each open location: the lowest is taken from first.
fn order_form(desk: &Desk, open: &[&LocationView], filled: &Filled) -> Form {
    let field = |(i, location): (usize, &&LocationView)| {
        let name = format!("place_{}", location.id);
        let most = i64::try_from(LOCATIONS_MAX).unwrap_or(i64::MAX);
        let field = Field::number(&name, &location.name).between(1, most).class("num w-s");
        if filled.value(&name).is_empty() { field.value((i + 1).to_string()) } else { field.filled(filled) }
    };
    Form::new(desk.at("stock/locations/order"), &desk.csrf(), "Save order")
        .quiet()
        .fields(open.iter().enumerate().map(field).collect())
}

fn row(desk: &Desk, location: &LocationView) -> Row {
    let href = desk.at(&format!("stock/locations/{}", location.id));
    let note = if location.is_default { "What you have not put elsewhere is here" } else { "" };
    let state = match location.active {
        true => Badge::new("Open", Tone::Success),
        false => Badge::new("Closed", Tone::Neutral),
    };
    let there = desk.at(&format!("stock?location={}", location.id));
    Row {
        id: location.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&location.name, &href), note.to_owned()),
            Cell::Badge(state),
            Cell::Number(desk.fmt.count(location.on_hand.unwrap_or(0))),
            Cell::Actions(vec![Link::new("See stock", there), Link::new("Change", href)]),
        ],
    }
}

/// `POST /vendor/{vendor_id}/stock/locations`
pub async fn add(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let name = reader.text("name", "Give it a name.");
    let result = if reader.ok() {
        desk.app.inventory.add_location(&desk.who, vendor_id, &NewLocation { name }).await
    } else {
        Err(reader.error())
    };
    answer(desk, &posted.fields, result.map(|location| format!("“{}” is added.", location.name))).await
}

/// `POST /vendor/{vendor_id}/stock/locations/order`
pub async fn order(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let places = posted.fields.pairs().filter_map(|(name, value)| {
        let id: LocationId = name.strip_prefix("place_")?.parse().ok()?;
        Some((value.trim().parse().unwrap_or(i64::MAX), id))
    });
    let mut places: Vec<(i64, LocationId)> = places.collect();
    places.sort_by_key(|(place, _)| *place);
    let input = LocationOrder { locations: places.into_iter().map(|(_, id)| id).collect() };
    let result = desk.app.inventory.order_locations(&desk.who, vendor_id, &input).await;
    answer(desk, &posted.fields, result.map(|_| "The order is saved.".to_owned())).await
}

async fn answer(mut desk: Desk, sent: &Fields, result: Result<String>) -> Shown {
    match result {
        Ok(text) => {
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&desk.at("stock/locations")))
        }
        Err(error) => {
            let (status, filled) = sent.refused(error)?;
            let page = page(&mut desk, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

/// `GET /vendor/{vendor_id}/stock/locations/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, LocationId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let location = find(&desk, id).await?;
    let filled = Filled::with([("name", location.name.clone())]);
    let page = form(&mut desk, &location, &filled).await?;
    render::page(&page)
}

async fn form(desk: &mut Desk, location: &LocationView, filled: &Filled) -> Result<PortalPage> {
    let here = desk.at(&format!("stock/locations/{}", location.id));
    let name = Field::text("name", "Name").max_length(80).filled(filled);
    let form = Form::new(here, &desk.csrf(), "Save").fields(vec![name]).cancel("Cancel", desk.at("stock/locations"));
    let form = match location {
        LocationView { is_default: true, .. } => form,
        LocationView { active: true, .. } => form.other("do", "close", "Close this location"),
        LocationView { active: false, .. } => form.other("do", "open", "Open it again"),
    };
    let hint = match location {
        LocationView { is_default: true, .. } => {
            "What you have not put elsewhere is here. It can be renamed, not closed."
        }
        LocationView { active: true, .. } => {
            "It can be closed once nothing is there. Its movements stay in the ledger."
        }
        LocationView { active: false, .. } => "It is closed: nothing can be put there.",
    };
    let place = desk.place(&location.name, Room::Stock).await?;
    Ok(PortalPage::new(place)
        .above(&[("Stock", &desk.at("stock")), ("Locations", &desk.at("stock/locations"))])
        .errors(filled.summary(&["name"]))
        .block(&Panel::new("").narrow().with(&form).with(&Words::soft(hint))))
}

/// `POST /vendor/{vendor_id}/stock/locations/{id}`
pub async fn save(Path((vendor_id, id)): Path<(VendorId, LocationId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let location = find(&desk, id).await?;
    let active = match posted.fields.get("do") {
        "close" => false,
        "open" => true,
        _ => location.active,
    };
    let mut reader = Reader::new(&posted.fields);
    let name = reader.text("name", "Give it a name.");
    let result = if reader.ok() {
        desk.app.inventory.update_location(&desk.who, vendor_id, id, &LocationInput { name, active }).await
    } else {
        Err(reader.error())
    };
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.name))).await?;
            Ok(desk.visit.go(&desk.at("stock/locations")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let page = form(&mut desk, &location, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

async fn find(desk: &Desk, id: LocationId) -> Result<LocationView> {
    let all = desk.app.inventory.locations(&desk.who, desk.vendor_id, &LocationQuery::default()).await?;
    all.into_iter().find(|location| location.id == id).ok_or_else(|| Error::not_found("location"))
}
