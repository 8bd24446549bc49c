//! One variant: what is there and where, what is promised, receiving, moving, counting.

use std::collections::BTreeMap;

use contracts::inventory::{
    AdjustStock, MovementView, PartStock, PlaceView, SetBackorder, SetThreshold, StockChange, StockView, TransferStock,
};
use kernel::{AccountId, LocationId, PageRequest, Result, VariantId, VendorId};

use super::{
    super::{Desk, Room},
    MOST, badge, ledger,
};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Form, List, Paging, Panel, PortalPage, Split, Tiles, Words, fields::renamed, words},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Choice, Choices, Column, Empty, Field, Filled, Link, Row, Table, Tile},
    visit::{Path, Query, Visit},
};

/// The fields of the page's forms.
const FIELDS: [&str; 10] =
    ["how", "quantity", "location", "reason", "pieces", "from", "to", "why", "low_threshold", "backorder_cap"];

/// `GET /vendor/{vendor_id}/stock/{variant_id}`
pub async fn show(
    visit: Visit,
    Path((vendor_id, variant_id)): Path<(VendorId, VariantId)>,
    Query(asked): Query,
) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let stock = desk.app.inventory.stock_of(&desk.who, vendor_id, variant_id).await?;
    let filled = Filled::with([
        ("how", "add".to_owned()),
        ("low_threshold", stock.low_threshold.to_string()),
        ("backorder_cap", stock.backorder_cap.to_string()),
    ]);
    let page = page(&mut desk, &stock, &asked, &filled).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, stock: &StockView, asked: &Fields, filled: &Filled) -> Result<PortalPage> {
    if stock.bundle {
        return bundle(desk, stock, filled).await;
    }
    let here = desk.at(&format!("stock/{}", stock.variant_id));
    let paging = Paging::of(&here, asked, &[]);
    let request = PageRequest { limit: Some(20), after: paging.after() };
    let inventory = &desk.app.inventory;
    let (moved, places, names) = futures::join!(
        inventory.movements(&desk.who, desk.vendor_id, stock.variant_id, &request),
        inventory.places(&desk.who, desk.vendor_id, stock.variant_id),
        ledger::names(desk),
    );
    let (moved, places) = (moved?, places?);
    let pager = paging.pager(&desk.fmt, moved.items.len(), moved.next.as_deref(), "movement", "movements");
    let list = List::new(movements(desk, &moved.items, &names), pager);
    let all_moves = desk.at(&format!("stock/movements?variant={}", stock.variant_id));
    let mut main = vec![Panel::new("Movements").link("In the ledger", all_moves).flush().with(&list)];
    let mut side = vec![Panel::new("Adjust").with(&adjust_form(desk, &here, &places, filled))];
    if places.len() > 1 {
        main.insert(0, Panel::new("Where it is").flush().with(&List::whole(places_table(desk, &places))));
        side.push(Panel::new("Move").with(&move_form(desk, &here, &places, filled)));
    }
    side.push(warning_panel(desk, &here, filled));
    side.push(backorder_panel(desk, &here, filled));
    let place = desk.place(&stock.title, Room::Stock).await?;
    Ok(PortalPage::new(place)
        .above(&[("Stock", &desk.at("stock"))])
        .badge(badge(stock))
        .action("Open the product", desk.at(&format!("products/{}", stock.product_id)))
        .errors(filled.summary(&FIELDS))
        .block(&tiles(desk, stock))
        .block(&Split { main, side }))
}

/// A bundle: how many its parts suffice for, and nothing to adjust.
async fn bundle(desk: &mut Desk, stock: &StockView, filled: &Filled) -> Result<PortalPage> {
    let here = desk.at(&format!("stock/{}", stock.variant_id));
    let columns = vec![Column::new("Part"), Column::new("SKU"), Column::number("In each"), Column::number("Available")];
    let row = |part: &PartStock| Row {
        id: part.variant_id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&part.title, desk.at(&format!("stock/{}", part.variant_id))),
                if part.on_sale { String::new() } else { "Not on sale, so the bundle cannot be bought".to_owned() },
            ),
            Cell::text(&part.sku),
            Cell::Number(desk.fmt.count(part.quantity)),
            Cell::Number(desk.fmt.count(part.available)),
        ],
    };
    let empty = Empty::new("layers", "Its parts are not known here yet", "They are on their way. Load the page again.");
    let parts = Table::new("Parts", columns, stock.parts.iter().map(row).collect(), empty);
    let words = Words::soft("A bundle has no stock of its own. Receive, count and move what it is made of.");
    let main = vec![Panel::new("Made of").flush().with(&List::whole(parts)), Panel::new("").with(&words)];
    let side = vec![warning_panel(desk, &here, filled)];
    let available = Tile::new("Available", desk.fmt.count(stock.available));
    let tiles = Tiles { tiles: vec![available.urgent(stock.available <= stock.low_threshold)] };
    let place = desk.place(&stock.title, Room::Stock).await?;
    Ok(PortalPage::new(place)
        .above(&[("Stock", &desk.at("stock"))])
        .badge(badge(stock))
        .action("Open the product", desk.at(&format!("products/{}", stock.product_id)))
        .errors(filled.summary(&FIELDS))
        .block(&tiles)
        .block(&Split { main, side }))
}

fn tiles(desk: &Desk, stock: &StockView) -> Tiles {
    let tile = |label: &str, n| Tile::new(label, desk.fmt.count(n));
    let orders = desk.at("orders?status=to_ship");
    let mut tiles = vec![
        tile("On hand", stock.on_hand),
        tile("Promised to orders", stock.reserved).href(&orders),
        tile("Available", stock.available).urgent(stock.available <= stock.low_threshold),
    ];
    if stock.backordered > 0 {
        tiles.insert(2, tile("Sold beyond stock", stock.backordered).href(&orders).urgent(true));
    }
    Tiles { tiles }
}

fn adjust_form(desk: &Desk, here: &str, places: &[PlaceView], filled: &Filled) -> Form {
    let how = Choices {
        name: "how".to_owned(),
        legend: "What happened".to_owned(),
        hidden_legend: false,
        choices: vec![
            choice("add", "It came in", "Added to what is there."),
            choice("take", "It went out", "Broken, lost, given away: taken from what is there."),
            choice("more", "It was wrong", "There are more than were known. Say why."),
            choice("set", "I counted", "Exactly this many are there now."),
        ],
        chosen: filled.value("how").to_owned(),
        error: filled.error("how").map(str::to_owned),
        across: false,
    };
    let mut fields = vec![Field::number("quantity", "How many").between(0, MOST).filled(filled)];
    if places.len() > 1 {
        fields.push(place_field("location", "Where", places).filled(filled));
    }
    fields.push(
        Field::text("reason", "Reason").optional().max_length(200).hint("Such as delivery or breakage.").filled(filled),
    );
    Form::new(format!("{here}/adjust"), &desk.csrf(), "Save stock").with(&how).fields(fields)
}

fn move_form(desk: &Desk, here: &str, places: &[PlaceView], filled: &Filled) -> Form {
    Form::new(format!("{here}/move"), &desk.csrf(), "Move").quiet().fields(vec![
        Field::number("pieces", "How many").between(1, MOST).filled(filled),
        place_field("from", "From", places).filled(filled),
        place_field("to", "To", places).filled(filled),
        Field::text("why", "Reason").optional().max_length(200).filled(filled),
    ])
}

fn place_field(name: &str, label: &str, places: &[PlaceView]) -> Field {
    Field::select(name, label, places.iter().map(|place| (place.location_id.to_string(), place.name.clone())))
}

fn warning_panel(desk: &Desk, here: &str, filled: &Filled) -> Panel {
    let form = Form::new(format!("{here}/threshold"), &desk.csrf(), "Save warning").quiet().fields(vec![
        Field::number("low_threshold", "Warn at or below").between(0, MOST).class("num w-s").filled(filled),
    ]);
    let hint = Words::soft("A mail tells you when the available number falls to this one.");
    Panel::new("Warning").with(&form).with(&hint)
}

fn backorder_panel(desk: &Desk, here: &str, filled: &Filled) -> Panel {
    let form = Form::new(format!("{here}/backorder"), &desk.csrf(), "Save back-orders").quiet().fields(vec![
        Field::number("backorder_cap", "Sell beyond stock up to").between(0, MOST).class("num w-s").filled(filled),
    ]);
    let hint = Words::soft("Buyers are told that it is sent once it has come in. 0 for none.");
    Panel::new("Back-orders").with(&form).with(&hint)
}

fn places_table(desk: &Desk, places: &[PlaceView]) -> Table {
    let columns = vec![Column::new("Location"), Column::number("On hand"), Column::number("Promised")];
    let row = |place: &PlaceView| Row {
        id: place.location_id.to_string(),
        cells: vec![
            Cell::text(&place.name),
            Cell::Number(desk.fmt.count(place.on_hand)),
            Cell::Number(desk.fmt.count(place.reserved)),
        ],
    };
    let empty = Empty::new("layers", "Nowhere", "");
    Table::new("Where it is", columns, places.iter().map(row).collect(), empty)
}

fn choice(value: &str, text: &str, note: &str) -> Choice {
    Choice { value: value.to_owned(), text: text.to_owned(), note: note.to_owned(), ..Choice::default() }
}

fn movements(desk: &Desk, movements: &[MovementView], names: &BTreeMap<AccountId, String>) -> Table {
    let columns = [Column::new("When"), Column::new("What"), Column::new("Where"), Column::number("Change")];
    let columns = columns.into_iter().chain([Column::number("On hand"), Column::new("Who")]).collect();
    let row = |(i, movement): (usize, &MovementView)| Row {
        id: i.to_string(),
        cells: vec![
            Cell::When(desk.fmt.when(movement.at)),
            Cell::Text(words::plain(movement.kind.as_str()), movement.reason.clone()),
            Cell::text(&movement.location),
            Cell::Number(ledger::change(desk, movement)),
            Cell::Number(desk.fmt.count(movement.on_hand)),
            Cell::text(ledger::who(movement, names)),
        ],
    };
    let empty = Empty::new("layers", "No movements yet", "Every change of the stock is listed here and stays.");
    Table::new("Movements", columns, movements.iter().enumerate().map(row).collect(), empty)
}

/// `POST /vendor/{vendor_id}/stock/{variant_id}/adjust`
pub async fn adjust(Path((vendor_id, variant_id)): Path<(VendorId, VariantId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = match read(&posted.fields) {
        Ok(input) => desk.app.inventory.adjust(&desk.who, vendor_id, variant_id, &input).await,
        Err(error) => Err(error),
    };
    let named = |field: &str| if field.starts_with("change") { "quantity".to_owned() } else { field.to_owned() };
    let result = result.map_err(|error| renamed(error, named));
    answer(desk, variant_id, &posted.fields, result.map(|stock| numbers(&stock))).await
}

/// What is there now.
fn numbers(stock: &StockView) -> String {
    format!("Saved: {} on hand, {} available.", stock.on_hand, stock.available)
}

fn read(fields: &Fields) -> Result<AdjustStock> {
    let mut reader = Reader::new(fields);
    let quantity = reader.whole("quantity", 0..=MOST);
    let change = match fields.get("how") {
        "add" => StockChange::Add(quantity),
        "take" => StockChange::Add(-quantity),
        "more" => StockChange::Correct(quantity),
        "set" => StockChange::Set(quantity),
        _ => {
            reader.wrong("how", "Say what happened.");
            StockChange::Add(0)
        }
    };
    let reason = reader.optional("reason").unwrap_or_default();
    let location_id = fields.parsed("location");
    if reader.ok() { Ok(AdjustStock { change, location_id, reason }) } else { Err(reader.error()) }
}

/// `POST /vendor/{vendor_id}/stock/{variant_id}/threshold`
pub async fn threshold(Path((vendor_id, variant_id)): Path<(VendorId, VariantId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let input = SetThreshold { low_threshold: reader.whole("low_threshold", 0..=MOST) };
    let result = if reader.ok() {
        desk.app.inventory.set_threshold(&desk.who, vendor_id, variant_id, &input).await
    } else {
        Err(reader.error())
    };
    answer(desk, variant_id, &posted.fields, result.map(|stock| numbers(&stock))).await
}

/// `POST /vendor/{vendor_id}/stock/{variant_id}/backorder`
pub async fn backorder(Path((vendor_id, variant_id)): Path<(VendorId, VariantId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let input = SetBackorder { backorder_cap: reader.whole("backorder_cap", 0..=MOST) };
    let result = if reader.ok() {
        desk.app.inventory.set_backorder(&desk.who, vendor_id, variant_id, &input).await
    } else {
        Err(reader.error())
    };
    let saved = |stock: StockView| match stock.backorder_cap {
        0 => "Saved: nothing is sold beyond what is there.".to_owned(),
        cap => format!("Saved: up to {cap} can be sold beyond what is there."),
    };
    answer(desk, variant_id, &posted.fields, result.map(saved)).await
}

/// `POST /vendor/{vendor_id}/stock/{variant_id}/move`
pub async fn transfer(Path((vendor_id, variant_id)): Path<(VendorId, VariantId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&posted.fields);
    let input = TransferStock {
        quantity: reader.whole("pieces", 1..=MOST),
        from: reader.parsed("from", "Choose a location.").unwrap_or(LocationId(vendor_id.0)),
        to: reader.parsed("to", "Choose a location.").unwrap_or(LocationId(vendor_id.0)),
        reason: reader.optional("why").unwrap_or_default(),
    };
    let result = if reader.ok() {
        desk.app.inventory.transfer(&desk.who, vendor_id, variant_id, &input).await
    } else {
        Err(reader.error())
    };
    let named = |field: &str| match field {
        "quantity" => "pieces".to_owned(),
        "reason" => "why".to_owned(),
        other => other.to_owned(),
    };
    let result = result.map_err(|error| renamed(error, named));
    answer(desk, variant_id, &posted.fields, result.map(|_| format!("Moved: {}.", input.quantity))).await
}

async fn answer(mut desk: Desk, variant_id: VariantId, fields: &Fields, result: Result<String>) -> Shown {
    match result {
        Ok(text) => {
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&desk.at(&format!("stock/{variant_id}"))))
        }
        Err(error) => {
            let stock = desk.app.inventory.stock_of(&desk.who, desk.vendor_id, variant_id).await?;
            let (status, filled) = fields.refused(error)?;
            // The other forms of the page keep what they showed.
            let kept = [("low_threshold", stock.low_threshold), ("backorder_cap", stock.backorder_cap)];
            let filled = kept.into_iter().fold(filled, |filled, (name, n)| filled.or(name, n.to_string()));
            let page = page(&mut desk, &stock, &Fields::default(), &filled).await?;
            render::page_with(status, &page)
        }
    }
}
