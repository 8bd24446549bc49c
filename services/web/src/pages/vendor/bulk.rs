//! What is done to ticked products: their state at once, prices and stock after a look at what would change.

use contracts::{
    catalog::{BulkDone, BulkEdit, BulkOutcome, BulkPrice, BulkProduct, PriceChange, ProductStatus, limits::BULK_MAX},
    inventory::{AdjustMany, AdjustedView, StockChange},
};
use kernel::{Currency, Error, ProductId, Result, Rounding, RoundingMode, VendorId};

use super::{
    Desk, Room,
    stock::{MOST, location_field, open_locations},
};
use crate::{
    forms::{self, Fields, Posted, Reader},
    pages::portal::{
        Form, List, Panel, PortalPage, Words,
        fields::{basis_points, renamed},
        words,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Row, Table},
    visit::Path,
};

/// Highest part by which prices change, in basis points.
const PERCENT_MAX: i64 = 100_000;
/// What is asked about prices, and about stock.
const PRICE_FIELDS: [&str; 4] = ["how", "value", "currency", "rounding"];
const STOCK_FIELDS: [&str; 4] = ["how", "quantity", "location", "reason"];

/// `POST /vendor/{vendor_id}/products/bulk`: the state of all ticked products, or the form for what needs more saying.
pub async fn begin(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let status = match fields.get("do") {
        "publish" => ProductStatus::Published,
        "withdraw" => ProductStatus::Draft,
        "archive" => ProductStatus::Archived,
        "prices" => return begin_form(desk, &fields, Kind::Prices).await,
        "stock" => return begin_form(desk, &fields, Kind::Stock).await,
        _ => return Err(Error::malformed("Choose what to do with the products.").into()),
    };
    let ids = chosen(&fields);
    if ids.is_empty() {
        return nothing(desk, &fields).await;
    }
    let edit = BulkEdit { ids, price: None, status: Some(status), dry_run: false };
    let client = desk.app.catalog.with_header("idempotency-key", desk.app.random.token());
    let done = client.edit_products(&desk.who, vendor_id, &edit).await?;
    let verb = words::product(status).text.to_lowercase();
    let message = match first_reason(&done) {
        None => {
            let products = desk.fmt.counted(i64::from(done.changed + done.unchanged), "product", "products");
            Message::good(format!("{products}: {verb}."))
        }
        Some(reason) => {
            let changed = done.changed + done.unchanged;
            Message::bad(format!("{changed} of {} changed. {reason}", done.products.len()))
        }
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&back(&desk, &fields)))
}

fn first_reason(done: &BulkDone) -> Option<String> {
    done.products.iter().find_map(|product| product.reason.clone())
}

/// The ticked products.
fn chosen(fields: &Fields) -> Vec<ProductId> {
    let mut ids: Vec<ProductId> = Vec::new();
    for id in fields.all("id").filter_map(|id| id.parse().ok()) {
        if !ids.contains(&id) && ids.len() < BULK_MAX {
            ids.push(id);
        }
    }
    ids
}

fn back(desk: &Desk, fields: &Fields) -> String {
    forms::next(fields, &desk.at("products"))
}

async fn nothing(mut desk: Desk, fields: &Fields) -> Shown {
    desk.visit.say(Message::bad("Tick the products first.")).await?;
    Ok(desk.visit.go(&back(&desk, fields)))
}

/// What needs more saying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prices,
    Stock,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::Prices => "products/bulk/prices",
            Self::Stock => "products/bulk/stock",
        }
    }
    fn title(self) -> &'static str {
        match self {
            Self::Prices => "Change prices",
            Self::Stock => "Change stock",
        }
    }
    fn fields(self) -> [&'static str; 4] {
        match self {
            Self::Prices => PRICE_FIELDS,
            Self::Stock => STOCK_FIELDS,
        }
    }
}

/// `POST /vendor/{vendor_id}/products/bulk/prices`
pub async fn prices(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    step(desk, &posted.fields, Kind::Prices).await
}

/// `POST /vendor/{vendor_id}/products/bulk/stock`
pub async fn stock(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    step(desk, &posted.fields, Kind::Stock).await
}

async fn begin_form(mut desk: Desk, fields: &Fields, kind: Kind) -> Shown {
    if chosen(fields).is_empty() {
        return nothing(desk, fields).await;
    }
    let filled = match kind {
        Kind::Prices => Filled::with([("currency", desk.visit.purse.main().to_string())]),
        Kind::Stock => Filled::default(),
    };
    let page = ask(&mut desk, fields, kind, &filled).await?;
    render::page(&page)
}

/// One step further: a look at what would change, or the change itself, or back to the form.
async fn step(mut desk: Desk, fields: &Fields, kind: Kind) -> Shown {
    if chosen(fields).is_empty() {
        return nothing(desk, fields).await;
    }
    if !fields.get("back").is_empty() {
        let page = ask(&mut desk, fields, kind, &fields.filled()).await?;
        return render::page(&page);
    }
    let key = fields.some("key");
    let told = match read(fields, kind, key.is_none()) {
        Ok(change) => apply(&desk, &change, key.clone()).await,
        Err(error) => Err(error),
    };
    match told {
        Ok(told) if key.is_some() => {
            let message = told.message(&desk);
            desk.visit.say(message).await?;
            Ok(desk.visit.go(&back(&desk, fields)))
        }
        Ok(told) => {
            let page = preview(&mut desk, fields, kind, told).await?;
            render::page(&page)
        }
        Err(error) => {
            let named = |field: &str| field_of(field, kind).to_owned();
            let (status, filled) = fields.refused(renamed(error, named))?;
            let page = ask(&mut desk, fields, kind, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

/// What a field of the API is called in the form.
fn field_of(field: &str, kind: Kind) -> &str {
    match (kind, field) {
        (Kind::Prices, "price.currency") => "currency",
        (Kind::Prices, "price.rounding") => "rounding",
        (Kind::Prices, _) if field.starts_with("price") => "value",
        (Kind::Stock, "location_id") => "location",
        (Kind::Stock, _) if field.starts_with("change") => "quantity",
        _ => field,
    }
}

/// A change that was read from the form.
enum Change {
    Prices(BulkEdit),
    Stock(AdjustMany),
}

fn read(fields: &Fields, kind: Kind, dry_run: bool) -> Result<Change> {
    match kind {
        Kind::Prices => read_prices(fields, dry_run).map(Change::Prices),
        Kind::Stock => read_stock(fields, dry_run).map(Change::Stock),
    }
}

fn read_prices(fields: &Fields, dry_run: bool) -> Result<BulkEdit> {
    let mut reader = Reader::new(fields);
    let currency = Currency::parse(fields.get("currency").trim());
    if currency.is_err() {
        reader.wrong("currency", "Enter a currency such as EUR.");
    }
    let currency = currency.ok();
    let amount = |reader: &mut Reader<'_>| match currency {
        Some(currency) if fields.some("value").is_none() => {
            reader.wrong("value", format!("Enter an amount such as {}.", currency.example(1_999)));
            0
        }
        Some(currency) => reader.amount("value", currency).map_or(0, |money| money.amount_minor),
        None => 0,
    };
    let part = basis_points(fields.get("value")).filter(|part| *part <= PERCENT_MAX);
    let change = match (fields.get("how"), part) {
        ("set", _) => PriceChange::Set(amount(&mut reader)),
        ("up", _) => PriceChange::Amount(amount(&mut reader)),
        ("down", _) => PriceChange::Amount(-amount(&mut reader)),
        ("up_percent", Some(part)) => PriceChange::PercentBp(part),
        ("down_percent", Some(part)) if part <= 10_000 => PriceChange::PercentBp(-part),
        _ => {
            reader.wrong("value", "Enter a part such as 10 %.");
            PriceChange::PercentBp(0)
        }
    };
    let rounding = currency.and_then(|currency| rounding(fields.get("rounding"), currency));
    if !reader.ok() {
        return Err(reader.error());
    }
    // A part alone is one of prices in whatever currency.
    let is_part = matches!(change, PriceChange::PercentBp(_)) && rounding.is_none();
    let price = BulkPrice { change, rounding, currency: currency.filter(|_| !is_part) };
    Ok(BulkEdit { ids: chosen(fields), price: Some(price), status: None, dry_run })
}

/// To which prices they are rounded: by whole units, which are a hundred where a currency has no smaller ones.
fn rounding(name: &str, currency: Currency) -> Option<Rounding> {
    let unit = 10_i64.pow(currency.decimals().max(2));
    let (step_minor, ending_minor) = match name {
        "nines" => (unit, Some(unit - unit / 100)),
        "whole" => (unit, None),
        "half" => (unit / 2, None),
        "twentieth" => (unit / 20, None),
        _ => return None,
    };
    Some(Rounding { mode: RoundingMode::Nearest, step_minor, ending_minor })
}

fn read_stock(fields: &Fields, dry_run: bool) -> Result<AdjustMany> {
    let mut reader = Reader::new(fields);
    let quantity = reader.whole("quantity", 0..=MOST);
    let change = match fields.get("how") {
        "add" => StockChange::Add(quantity),
        "more" => StockChange::Correct(quantity),
        "fewer" => StockChange::Correct(-quantity),
        "set" => StockChange::Set(quantity),
        _ => {
            reader.wrong("how", "Say what happened.");
            StockChange::Add(0)
        }
    };
    let reason = reader.optional("reason").unwrap_or_default();
    let (location_id, product_ids) = (fields.parsed("location"), chosen(fields));
    if !reader.ok() {
        return Err(reader.error());
    }
    Ok(AdjustMany { variant_ids: Vec::new(), product_ids, change, location_id, reason, dry_run })
}

/// What has changed, or would.
struct Told {
    rows: Vec<Row>,
    changed: usize,
    refused: usize,
    nouns: (&'static str, &'static str),
    first: Option<String>,
}

impl Told {
    fn counted(&self, desk: &Desk) -> String {
        desk.fmt.counted(i64::try_from(self.changed).unwrap_or(i64::MAX), self.nouns.0, self.nouns.1)
    }
    fn message(&self, desk: &Desk) -> Message {
        match &self.first {
            None => Message::good(format!("{} changed.", self.counted(desk))),
            Some(reason) => Message::bad(format!("{} changed, {} not. {reason}", self.counted(desk), self.refused)),
        }
    }
}

async fn apply(desk: &Desk, change: &Change, key: Option<String>) -> Result<Told> {
    let key = key.unwrap_or_else(|| desk.app.random.token());
    match change {
        Change::Prices(edit) => {
            let client = desk.app.catalog.with_header("idempotency-key", key);
            let done = client.edit_products(&desk.who, desk.vendor_id, edit).await?;
            Ok(Told {
                rows: done.products.iter().flat_map(|product| price_rows(desk, product)).collect(),
                changed: done.changed as usize,
                refused: done.refused as usize,
                nouns: ("product", "products"),
                first: first_reason(&done),
            })
        }
        Change::Stock(input) => {
            let client = desk.app.inventory.with_header("idempotency-key", key);
            let done = client.adjust_many(&desk.who, desk.vendor_id, input).await?;
            Ok(Told {
                rows: done.iter().map(|view| stock_row(desk, view)).collect(),
                changed: done.iter().filter(|view| view.delta != 0).count(),
                refused: done.iter().filter(|view| view.refused.is_some()).count(),
                nouns: ("variant", "variants"),
                first: done.iter().find_map(|view| view.refused.clone()),
            })
        }
    }
}

fn plain(id: impl ToString, cells: [Cell; 3]) -> Row {
    Row { id: id.to_string(), cells: cells.into() }
}

fn price_rows(desk: &Desk, product: &BulkProduct) -> Vec<Row> {
    let none = || Cell::Number(String::new());
    match (product.outcome, &product.reason) {
        (BulkOutcome::Changed, _) => {
            let row = |price: &contracts::catalog::BulkPriceChanged| {
                let name = Cell::Text(product.title.clone(), format!("SKU {}", price.sku));
                let amounts = [price.before, price.after].map(|money| Cell::Number(desk.fmt.money(money)));
                let [before, after] = amounts;
                plain(product.id, [name, before, after])
            };
            product.prices.iter().map(row).collect()
        }
        (BulkOutcome::Unchanged, _) => {
            vec![plain(product.id, [Cell::Text(product.title.clone(), "Stays as it is".to_owned()), none(), none()])]
        }
        (BulkOutcome::Refused, reason) => {
            let reason = format!("Cannot change: {}", reason.as_deref().unwrap_or_default());
            vec![plain(product.id, [Cell::Text(product.title.clone(), reason), none(), none()])]
        }
    }
}

fn stock_row(desk: &Desk, view: &AdjustedView) -> Row {
    let told = match &view.refused {
        Some(reason) => format!("Cannot change: {reason}"),
        None => format!("SKU {}", view.sku),
    };
    let numbers = [view.on_hand - view.delta, view.on_hand].map(|n| Cell::Number(desk.fmt.count(n)));
    let [before, after] = numbers;
    plain(view.variant_id, [Cell::Text(view.title.clone(), told), before, after])
}

/// A form that carries the selection and the way back.
fn form(desk: &Desk, fields: &Fields, kind: Kind, verb: &str) -> Form {
    let form = Form::new(desk.at(kind.path()), &desk.csrf(), verb).hidden("next", back(desk, fields));
    chosen(fields).into_iter().fold(form, |form, id| form.hidden("id", id.to_string()))
}

/// The form.
async fn ask(desk: &mut Desk, fields: &Fields, kind: Kind, filled: &Filled) -> Result<PortalPage> {
    let inputs = match kind {
        Kind::Prices => price_fields(filled),
        Kind::Stock => stock_fields(desk, filled).await?,
    };
    let count = i64::try_from(chosen(fields).len()).unwrap_or(i64::MAX);
    let many = desk.fmt.counted(count, "product", "products");
    let text = format!("Of {many}, with all their variants. Nothing changes before you have seen what would.");
    let form = form(desk, fields, kind, "See what changes").fields(inputs).cancel("Cancel", back(desk, fields));
    let place = desk.place(kind.title(), Room::Products).await?;
    Ok(PortalPage::new(place)
        .above(&[("Products", &desk.at("products"))])
        .errors(filled.summary(&kind.fields()))
        .block(&Panel::new("").narrow().with(&Words::soft(text)).with(&form)))
}

fn price_fields(filled: &Filled) -> Vec<Field> {
    let ways = [
        ("up_percent", "Raise by a part"),
        ("down_percent", "Lower by a part"),
        ("up", "Raise by an amount"),
        ("down", "Lower by an amount"),
        ("set", "Set to an amount"),
    ];
    let roundings = [
        ("", "As they come out"),
        ("nines", "To prices ending in .99"),
        ("whole", "To whole units"),
        ("half", "To .00 and .50"),
        ("twentieth", "To steps of .05"),
    ];
    vec![
        Field::select("how", "Prices", ways).filled(filled),
        Field::text("value", "By, or to").class("num").keyboard("decimal").hint("10 %, or 1.50").filled(filled),
        Field::text("currency", "Currency").class("small").max_length(3).filled(filled),
        Field::select("rounding", "Round them", roundings).filled(filled),
    ]
}

async fn stock_fields(desk: &Desk, filled: &Filled) -> Result<Vec<Field>> {
    let ways = [
        ("add", "More have come in"),
        ("set", "There are exactly this many"),
        ("more", "Correct: more than that"),
        ("fewer", "Correct: fewer than that"),
    ];
    let mut fields = vec![
        Field::select("how", "What happened", ways).filled(filled),
        Field::number("quantity", "How many, of each").between(0, MOST).filled(filled),
    ];
    let locations = open_locations(desk).await?;
    if locations.len() > 1 {
        fields.push(location_field("location", "Location", &locations).filled(filled));
    }
    let hint = "Needed for a correction. It stays in the ledger.";
    fields.push(Field::text("reason", "Reason").optional().max_length(200).hint(hint).filled(filled));
    Ok(fields)
}

/// What would change, and the button that does it.
async fn preview(desk: &mut Desk, fields: &Fields, kind: Kind, told: Told) -> Result<PortalPage> {
    let changed = told.counted(desk);
    let verb = if told.changed == 0 { String::new() } else { format!("Change {changed}") };
    // Sent twice, it is done once: the key is the form's, not the request's.
    let key = desk.app.random.token();
    let form = form(desk, fields, kind, &verb).hidden("key", key).other("back", "1", "Change what was said");
    let form = kind.fields().into_iter().fold(form, |form, name| form.hidden(name, fields.get(name)));
    let form = form.cancel("Cancel", back(desk, fields));
    let columns = vec![Column::new("Product"), Column::number("Now"), Column::number("Then")];
    let table = Table::new("What changes", columns, told.rows, Empty::new("tag", "Nothing changes", ""));
    let refused =
        (told.refused > 0).then(|| Words::new(format!("{} cannot be changed and stay as they are.", told.refused)));
    let place = desk.place(kind.title(), Room::Products).await?;
    Ok(PortalPage::new(place)
        .above(&[("Products", &desk.at("products"))])
        .block(&Panel::new("").maybe(refused.as_ref()).with(&form))
        .block(&List::whole(table)))
}
