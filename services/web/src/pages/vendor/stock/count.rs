//! Stock-taking: a page of what is known to be at a location, and what was counted there.

use contracts::inventory::{Count, CountStock, StockQuery, StockView};
use kernel::{LocationId, Page, Result, VariantId, VendorId};

use super::{
    super::{Desk, Room},
    MOST,
};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Form, Paging, Panel, PortalPage, Tools, Words, fields::renamed},
    render::{self, Shown},
    session::Message,
    ui::{Empty, Field, Filled},
    visit::{Path, Query, Visit},
};

/// Variants on one sheet.
const SHEET: u32 = 50;
/// What narrows the sheet.
const FILTERS: [&str; 2] = ["q", "location"];

/// `GET /vendor/{vendor_id}/stock/count`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let page = page(&mut desk, &asked, &Filled::default()).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, asked: &Fields, filled: &Filled) -> Result<PortalPage> {
    let here = desk.at("stock/count");
    let paging = Paging::of(&here, asked, &FILTERS);
    let locations = super::open_locations(desk).await?;
    let location = location_of(desk, asked);
    let query = StockQuery {
        q: asked.some("q"),
        location_id: Some(location),
        limit: Some(SHEET),
        after: paging.after(),
        ..StockQuery::default()
    };
    let mut sheet = desk.app.inventory.stock(&desk.who, desk.vendor_id, &query).await?;
    // Of a bundle there is nothing to count but its parts.
    sheet.items.retain(|stock| !stock.bundle);
    let pager = paging.pager(&desk.fmt, sheet.items.len(), sheet.next.as_deref(), "item", "items");
    let mut fields = vec![Field::search("q", "Search your stock").optional().class("small").value(paging.filter("q"))];
    if locations.len() > 1 {
        fields
            .push(super::location_field("location", "Location", &locations).value(location.to_string()).class("small"));
    }
    let tools = Tools { action: here, fields, kept: Vec::new(), links: Vec::new() };
    let place = desk.place("Take stock", Room::Stock).await?;
    let names: Vec<String> = sheet.items.iter().map(|stock| field_name(stock.variant_id)).collect();
    let mut labels: Vec<&str> = names.iter().map(String::as_str).collect();
    labels.push("reason");
    let shown =
        PortalPage::new(place).above(&[("Stock", &desk.at("stock"))]).errors(filled.summary(&labels)).block(&tools);
    if sheet.items.is_empty() {
        let empty = match query.q {
            Some(_) => Empty::new("layers", "Nothing to count", "No title or SKU has these words.")
                .action("Count all stock", desk.at("stock/count")),
            None => Empty::new("layers", "Nothing to count yet", "What you sell is counted here once it exists.")
                .action("Add a product", desk.at("products/new")),
        };
        return Ok(shown.block(&empty));
    }
    Ok(shown.block(&Panel::new("").with(&form(desk, &sheet, location, &paging, filled))).block(&pager))
}

fn form(desk: &Desk, sheet: &Page<StockView>, location: LocationId, paging: &Paging, filled: &Filled) -> Form {
    let counted = sheet.items.iter().map(|stock| {
        let known = desk.fmt.count(stock.on_hand_there.unwrap_or(0));
        Field::number(&field_name(stock.variant_id), &format!("{} · {}", stock.title, stock.sku))
            .between(0, MOST)
            .optional()
            .hint(format!("{known} are known to be there"))
            .filled(filled)
    });
    let seen = |form: Form, stock: &StockView| {
        form.hidden(&format!("seen_{}", stock.variant_id), stock.on_hand_there.unwrap_or(0).to_string())
    };
    let form = Form::new(desk.at("stock/count"), &desk.csrf(), "Save the count")
        .with(&Words::soft("Enter what you have counted; leave out what you have not. Differences become movements."))
        .hidden("location", location.to_string())
        .hidden("q", paging.filter("q"))
        .hidden("after", paging.after().unwrap_or_default())
        .fields(counted.collect())
        .fields(vec![Field::text("reason", "Name of this count").optional().max_length(200).filled(filled)]);
    sheet.items.iter().fold(form, seen)
}

fn field_name(variant_id: VariantId) -> String {
    format!("count_{variant_id}")
}

fn location_of(desk: &Desk, asked: &Fields) -> LocationId {
    asked.parsed("location").unwrap_or(LocationId(desk.vendor_id.0))
}

/// `POST /vendor/{vendor_id}/stock/count`
pub async fn save(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let sent = &posted.fields;
    let input = read(&desk, sent);
    let names: Vec<String> = match &input {
        Ok(input) => input.counts.iter().map(|count| field_name(count.variant_id)).collect(),
        Err(_) => Vec::new(),
    };
    let result = match input {
        Ok(input) => desk.app.inventory.count(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(counted) => {
            let different = counted.iter().filter(|view| view.delta != 0).count();
            let text = format!("Counted: {}, {different} of them different.", counted.len());
            desk.visit.say(Message::good(text)).await?;
            // The same sheet again: what was counted, and what is left to count.
            let place = ["location", "q", "after"].map(|name| (name, sent.get(name)));
            let place: Vec<_> = place.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            Ok(desk.visit.go(&format!("{}?{}", desk.at("stock/count"), render::query(&place))))
        }
        Err(error) => {
            // `counts[3].counted` is the field of the fourth number that was sent.
            let named = |field: &str| {
                let index =
                    field.strip_prefix("counts[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
                index.and_then(|i| names.get(i).cloned()).unwrap_or_else(|| field.to_owned())
            };
            let (status, filled) = sent.refused(renamed(error, named))?;
            let page = page(&mut desk, sent, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

fn read(desk: &Desk, sent: &Fields) -> Result<CountStock> {
    let mut reader = Reader::new(sent);
    let mut counts = Vec::new();
    for (name, value) in sent.pairs() {
        let Some(id) = name.strip_prefix("count_").filter(|_| !value.trim().is_empty()) else { continue };
        let Ok(variant_id) = id.parse::<VariantId>() else { continue };
        let counted = reader.whole(name, 0..=MOST);
        counts.push(Count { variant_id, counted, seen: sent.parsed(&format!("seen_{variant_id}")) });
    }
    if counts.is_empty() {
        reader.wrong("counts", "Enter at least one number.");
    }
    let reason = reader.optional("reason").unwrap_or_default();
    if reader.ok() {
        Ok(CountStock { location_id: Some(location_of(desk, sent)), counts, reason })
    } else {
        Err(reader.error())
    }
}
