//! The vendor's stock: what is there, what is promised, receiving and counting.

use contracts::inventory::{AdjustStock, MovementView, SetThreshold, StockChange, StockLevel, StockQuery, StockView};
use kernel::{Error, PageRequest, Result, VariantId, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Form, List, Paging, Panel, PortalPage, Split, Tiles, Tools, Words, fields::renamed, words},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Choice, Choices, Column, Empty, Field, Filled, Link, Row, Table, Tile, Tone},
    visit::{Path, Query, Visit},
};

/// The most of one thing that can be in stock or moved at once.
const MOST: i64 = 1_000_000;

/// `GET /vendor/{vendor_id}/stock`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("stock"), &asked, &["q", "low"]);
    let low = paging.filter("low") == "true";
    let query = StockQuery { q: asked.some("q"), low, limit: Some(25), after: paging.after() };
    let page = desk.app.inventory.stock(&desk.who, vendor_id, &query).await?;
    let columns = [Column::new("Product"), Column::new("State"), Column::number("On hand")].into_iter();
    let columns = columns.chain([Column::number("Promised"), Column::number("Available"), Column::number("Warned at")]);
    let columns = columns.chain([Column::new("")]).collect();
    let rows = page.items.iter().map(|stock| row(&desk, stock)).collect();
    let table = Table::new("Stock", columns, rows, nothing(&desk, &paging)).target("#list");
    let list = List::new(table, paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "item", "items"));
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let tools = Tools {
        action: desk.at("stock"),
        kept: paging.others(&["q"]),
        fields: vec![
            Field::search("q", "Search your stock")
                .bare()
                .optional()
                .class("small")
                .value(paging.filter("q"))
                .attribute("placeholder", "Title or SKU"),
        ],
        links: Vec::new(),
    };
    let tabs = paging.tabs("Stock by state", "low", &[("", "All"), ("true", "Running out")]);
    let place = desk.place("Stock", Room::Stock).await?;
    render::page(&PortalPage::new(place).block(&tabs).block(&tools).block(&list))
}

fn row(desk: &Desk, stock: &StockView) -> Row {
    let href = desk.at(&format!("stock/{}", stock.variant_id));
    let count = |n| Cell::Number(desk.fmt.count(n));
    Row {
        id: stock.variant_id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&stock.title, &href), format!("SKU {}", stock.sku)),
            Cell::Badge(badge(stock)),
            count(stock.on_hand),
            count(stock.reserved),
            count(stock.available),
            count(stock.low_threshold),
            Cell::Actions(vec![Link::new("Adjust", href)]),
        ],
    }
}

fn badge(stock: &StockView) -> Badge {
    match stock.level {
        StockLevel::SoldOut => Badge::new("Sold out", Tone::Danger),
        _ if stock.available <= stock.low_threshold => Badge::new("Running out", Tone::Warning),
        _ => Badge::new("In stock", Tone::Success),
    }
}

fn nothing(desk: &Desk, paging: &Paging) -> Empty {
    if paging.filter("low") == "true" && paging.filter("q").is_empty() {
        Empty::new("layers", "Nothing runs out", "You are warned when stock falls to the number set for it.")
            .action("Show all stock", desk.at("stock"))
    } else if paging.narrowed() {
        Empty::new("layers", "Nothing fits", "No title or SKU has these words.")
            .action("Show all stock", desk.at("stock"))
    } else {
        Empty::new("layers", "No stock yet", "Each variant of your products is listed here once it exists.")
            .action("Add a product", desk.at("products/new"))
    }
}

/// `GET /vendor/{vendor_id}/stock/{variant_id}`
pub async fn show(
    visit: Visit,
    Path((vendor_id, variant_id)): Path<(VendorId, VariantId)>,
    Query(asked): Query,
) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let stock = desk.app.inventory.stock_of(&desk.who, vendor_id, variant_id).await?;
    let filled = Filled::with([("how", "add".to_owned()), ("low_threshold", stock.low_threshold.to_string())]);
    let page = page(&mut desk, &stock, &asked, &filled).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, stock: &StockView, asked: &Fields, filled: &Filled) -> Result<PortalPage> {
    let fmt = desk.fmt;
    let here = desk.at(&format!("stock/{}", stock.variant_id));
    let paging = Paging::of(&here, asked, &[]);
    let request = PageRequest { limit: Some(20), after: paging.after() };
    let moved = desk.app.inventory.movements(&desk.who, desk.vendor_id, stock.variant_id, &request).await?;
    let pager = paging.pager(&fmt, moved.items.len(), moved.next.as_deref(), "movement", "movements");
    let list = List::new(movements(desk, &moved.items), pager);
    let how = Choices {
        name: "how".to_owned(),
        legend: "What happened".to_owned(),
        hidden_legend: false,
        choices: vec![
            choice("add", "It came in", "Added to what is there."),
            choice("take", "It went out", "Broken, lost, given away: taken from what is there."),
            choice("set", "I counted", "Exactly this many are there now."),
        ],
        chosen: filled.value("how").to_owned(),
        error: filled.error("how").map(str::to_owned),
        across: false,
    };
    let adjust = Form::new(format!("{here}/adjust"), &desk.csrf(), "Save stock").with(&how).fields(vec![
        Field::number("quantity", "How many").between(0, MOST).filled(filled),
        Field::text("reason", "Reason").optional().max_length(200).hint("Such as delivery or breakage.").filled(filled),
    ]);
    let warn = Form::new(format!("{here}/threshold"), &desk.csrf(), "Save warning").quiet().fields(vec![
        Field::number("low_threshold", "Warn at or below").between(0, MOST).class("num w-s").filled(filled),
    ]);
    let tile = |label: &str, n| Tile::new(label, fmt.count(n));
    let tiles = Tiles {
        tiles: vec![
            tile("On hand", stock.on_hand),
            tile("Promised to orders", stock.reserved).href(desk.at("orders?status=to_ship")),
            tile("Available", stock.available).urgent(stock.available <= stock.low_threshold),
        ],
    };
    let place = desk.place(&stock.title, Room::Stock).await?;
    let hint = Words::soft("A mail tells you when the available number falls to this one.");
    Ok(PortalPage::new(place)
        .above(&[("Stock", &desk.at("stock"))])
        .badge(badge(stock))
        .action("Open the product", desk.at(&format!("products/{}", stock.product_id)))
        .errors(filled.summary(&["how", "quantity", "reason", "low_threshold"]))
        .block(&tiles)
        .block(&Split {
            main: vec![Panel::new("Movements").flush().with(&list)],
            side: vec![Panel::new("Adjust").with(&adjust), Panel::new("Warning").with(&warn).with(&hint)],
        }))
}

fn choice(value: &str, text: &str, note: &str) -> Choice {
    Choice { value: value.to_owned(), text: text.to_owned(), note: note.to_owned(), ..Choice::default() }
}

fn movements(desk: &Desk, movements: &[MovementView]) -> Table {
    let fmt = &desk.fmt;
    let columns = [Column::new("When"), Column::new("What"), Column::number("Change"), Column::number("On hand")];
    let row = |(i, movement): (usize, &MovementView)| {
        let change =
            if movement.delta > 0 { format!("+{}", fmt.count(movement.delta)) } else { fmt.count(movement.delta) };
        Row {
            id: i.to_string(),
            cells: vec![
                Cell::When(fmt.when(movement.at)),
                Cell::Text(words::plain(&movement.kind), movement.reason.clone()),
                Cell::Number(change),
                Cell::Number(fmt.count(movement.on_hand)),
            ],
        }
    };
    let empty = Empty::new("layers", "No movements yet", "Every change of the stock is listed here and stays.");
    Table::new("Movements", columns.into(), movements.iter().enumerate().map(row).collect(), empty)
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
    answer(desk, variant_id, &posted.fields, result).await
}

fn read(fields: &Fields) -> Result<AdjustStock> {
    let mut reader = Reader::new(fields);
    let quantity = reader.whole("quantity", 0..=MOST);
    let change = match fields.get("how") {
        "add" => StockChange::Add(quantity),
        "take" => StockChange::Add(-quantity),
        "set" => StockChange::Set(quantity),
        _ => {
            reader.wrong("how", "Say what happened.");
            StockChange::Add(0)
        }
    };
    let reason = reader.optional("reason").unwrap_or_default();
    if reader.ok() { Ok(AdjustStock { change, reason }) } else { Err(reader.error()) }
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
    answer(desk, variant_id, &posted.fields, result).await
}

async fn answer(mut desk: Desk, variant_id: VariantId, fields: &Fields, result: Result<StockView, Error>) -> Shown {
    match result {
        Ok(stock) => {
            let text = format!("Saved: {} on hand, {} available.", stock.on_hand, stock.available);
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&desk.at(&format!("stock/{variant_id}"))))
        }
        Err(error) => {
            let stock = desk.app.inventory.stock_of(&desk.who, desk.vendor_id, variant_id).await?;
            let (status, filled) = fields.refused(error)?;
            let page = page(&mut desk, &stock, &Fields::default(), &filled).await?;
            render::page_with(status, &page)
        }
    }
}
