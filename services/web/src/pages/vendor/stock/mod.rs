//! The vendor's stock: what is there, what is promised, where it lies.

pub mod count;
pub mod item;
pub mod ledger;
pub mod locations;

use contracts::inventory::{LocationQuery, LocationView, StockLevel, StockQuery, StockView};
use kernel::{Result, VendorId};

use super::{Desk, Room};
use crate::{
    pages::portal::{List, Paging, PortalPage, Tools},
    render::{self, Shown},
    ui::{Badge, Cell, Column, Empty, Field, Link, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// The most of one thing that can be in stock or moved at once.
pub(super) const MOST: i64 = 1_000_000;

/// What is at or below its threshold.
const LOW: &str = "low";
/// What is sold beyond what is there.
const WAITING: &str = "waiting";

/// `GET /vendor/{vendor_id}/stock`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("stock"), &asked, &["q", "state", "location"]);
    let location_id = asked.parsed("location");
    let query = StockQuery {
        q: asked.some("q"),
        low: paging.filter("state") == LOW,
        waiting: paging.filter("state") == WAITING,
        location_id,
        there: location_id.is_some(),
        limit: Some(25),
        after: paging.after(),
    };
    let (page, locations) =
        futures::join!(desk.app.inventory.stock(&desk.who, vendor_id, &query), open_locations(&desk));
    let (page, locations) = (page?, locations?);
    let columns = [Column::new("Product"), Column::new("State"), Column::number("On hand")].into_iter();
    let columns = columns.chain([Column::number("Promised"), Column::number("Available"), Column::number("Warned at")]);
    let columns = columns.chain([Column::new("")]).collect();
    let rows = page.items.iter().map(|stock| row(&desk, stock)).collect();
    let table = Table::new("Stock", columns, rows, nothing(&desk, &paging)).target("#list");
    let list = List::new(table, paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "item", "items"));
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let tabs = [("", "All"), (LOW, "Running out"), (WAITING, "Sold beyond stock")];
    let tabs = paging.tabs("Stock by state", "state", &tabs);
    let tools = tools(&desk, &paging, &locations);
    let place = desk.place("Stock", Room::Stock).await?;
    let shown = PortalPage::new(place)
        .main("Take stock", desk.at("stock/count"))
        .action("Movements", desk.at("stock/movements"))
        .action("Locations", desk.at("stock/locations"));
    render::page(&shown.block(&tabs).block(&tools).block(&list))
}

fn tools(desk: &Desk, paging: &Paging, locations: &[LocationView]) -> Tools {
    let search = Field::search("q", "Search your stock")
        .bare()
        .optional()
        .class("small")
        .value(paging.filter("q"))
        .attribute("placeholder", "Title or SKU");
    let mut fields = vec![search];
    if locations.len() > 1 {
        let all = std::iter::once((String::new(), "All locations".to_owned()));
        let names = locations.iter().map(|location| (location.id.to_string(), location.name.clone()));
        let field = Field::select("location", "Location", all.chain(names));
        fields.push(field.bare().optional().class("small").value(paging.filter("location")));
    }
    Tools { action: desk.at("stock"), kept: paging.others(&["q", "location"]), fields, links: Vec::new() }
}

/// The store's locations to which goods can be put, in the order in which orders take from them.
pub(super) async fn open_locations(desk: &Desk) -> Result<Vec<LocationView>> {
    let all = desk.app.inventory.locations(&desk.who, desk.vendor_id, &LocationQuery::default()).await?;
    Ok(all.into_iter().filter(|location| location.active).collect())
}

/// A choice of one of the locations.
pub(super) fn location_field(name: &str, label: &str, locations: &[LocationView]) -> Field {
    Field::select(name, label, locations.iter().map(|location| (location.id.to_string(), location.name.clone())))
}

fn row(desk: &Desk, stock: &StockView) -> Row {
    let href = desk.at(&format!("stock/{}", stock.variant_id));
    let count = |n| Cell::Number(desk.fmt.count(n));
    Row {
        id: stock.variant_id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&stock.title, &href),
                format!(
                    "{}SKU {}",
                    if stock.bundle {
                        "Bundle, "
                    } else if stock.digital {
                        "Download, "
                    } else {
                        ""
                    },
                    stock.sku
                ),
            ),
            Cell::Badge(badge(stock)),
            count(stock.on_hand_there.unwrap_or(stock.on_hand)),
            count(stock.reserved + stock.backordered),
            count(stock.available),
            count(stock.low_threshold),
            Cell::Actions(vec![Link::new(if stock.bundle { "Parts" } else { "Adjust" }, href)]),
        ],
    }
}

fn badge(stock: &StockView) -> Badge {
    match stock.level {
        StockLevel::SoldOut => Badge::new("Sold out", Tone::Danger),
        StockLevel::BackOrder => Badge::new("On back-order", Tone::Warning),
        _ if stock.available <= stock.low_threshold => Badge::new("Running out", Tone::Warning),
        _ => Badge::new("In stock", Tone::Success),
    }
}

fn nothing(desk: &Desk, paging: &Paging) -> Empty {
    let narrowed_otherwise = !paging.filter("q").is_empty() || !paging.filter("location").is_empty();
    if paging.filter("state") == WAITING && !narrowed_otherwise {
        Empty::new("layers", "Nobody waits for goods", "What is sold beyond what is there is listed here.")
            .action("Show all stock", desk.at("stock"))
    } else if paging.filter("state") == LOW && !narrowed_otherwise {
        Empty::new("layers", "Nothing runs out", "You are warned when stock falls to the number set for it.")
            .action("Show all stock", desk.at("stock"))
    } else if paging.narrowed() {
        Empty::new("layers", "Nothing fits", "Nothing is here under these words.")
            .action("Show all stock", desk.at("stock"))
    } else {
        Empty::new("layers", "No stock yet", "Each variant of your products is listed here once it exists.")
            .action("Add a product", desk.at("products/new"))
    }
}
