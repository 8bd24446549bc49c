//! Price lists of a store: what groups of customers pay.

use contracts::price_lists::{ListedPrice, PriceListInput, PriceListView};
use kernel::{Currency, Error, Kind, Money, PageRequest, PriceListId, Result, VendorId};

use super::{Desk, Room};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    pages::portal::{
        Ask, Form, List, Paging, Panel, PortalPage,
        fields::{self, renamed},
        words,
    },
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

const FIELDS: [&str; 6] = ["name", "group", "starts_at", "ends_at", "currency", "prices"];

/// `GET /vendor/{vendor_id}/price-lists`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("price-lists"), &asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let page = desk.app.pricing.price_lists(&desk.who, vendor_id, &request).await?;
    let columns = [Column::new("Price list"), Column::new("State"), Column::number("Prices"), Column::new("From")];
    let columns = columns.into_iter().chain([Column::new("Until"), Column::new("")]).collect();
    let empty = Empty::new(
        "users",
        "No price lists yet",
        "A price list gives a group of customers, such as the trade, prices of its own.",
    )
    .action("Create a price list", desk.at("price-lists/new"));
    let rows = page.items.iter().map(|list| row(&desk, list)).collect();
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "price list", "price lists");
    let list = List::new(Table::new("Price lists", columns, rows, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Price lists", Room::PriceLists).await?;
    render::page(&PortalPage::new(place).main("Create a price list", desk.at("price-lists/new")).block(&list))
}

fn row(desk: &Desk, list: &PriceListView) -> Row {
    let (input, fmt) = (&list.input, &desk.fmt);
    let at = |verb: &str| desk.at(&format!("price-lists/{}{verb}", list.id));
    Row {
        id: list.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&input.name, at("")), format!("For {}", input.group)),
            Cell::Badge(state(fmt, list)),
            Cell::Number(fmt.count(i64::try_from(input.prices.len()).unwrap_or(i64::MAX))),
            Cell::When(fmt.when(input.starts_at)),
            input.ends_at.map_or_else(|| Cell::text("You end it"), |at| Cell::When(fmt.when(at))),
            Cell::Actions(vec![Link::new("Remove", at("/remove"))]),
        ],
    }
}

fn state(fmt: &Fmt, list: &PriceListView) -> Badge {
    if list.active {
        Badge::new("Running", Tone::Success)
    } else if list.input.ends_at.is_some_and(|at| at <= fmt.now()) {
        Badge::new("Over", Tone::Neutral)
    } else {
        Badge::new("To come", Tone::Accent)
    }
}

/// `GET /vendor/{vendor_id}/price-lists/new`
pub async fn new(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let currency = desk.visit.purse.main().to_string();
    let filled = Filled::with([("starts_at", desk.fmt.now().date()), ("currency", currency)]);
    let page = form(&mut desk, None, &filled).await?;
    render::page(&page)
}

/// `GET /vendor/{vendor_id}/price-lists/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, PriceListId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let list = desk.app.pricing.price_list(&desk.who, vendor_id, id).await?;
    let input = &list.input;
    let filled = Filled::with([
        ("name", input.name.clone()),
        ("group", input.group.to_string()),
        ("starts_at", input.starts_at.date()),
        ("ends_at", input.ends_at.map(fields::last_day).unwrap_or_default()),
        ("currency", input.currency.to_string()),
        ("prices", written(input)),
    ]);
    let page = form(&mut desk, Some(&list), &filled).await?;
    render::page(&page)
}

/// A line for each SKU: `MUG-BLUE: 9.00`.
fn written(input: &PriceListInput) -> String {
    let line =
        |listed: &ListedPrice| format!("{}: {}", listed.sku, Money::new(listed.price_minor, input.currency).decimal());
    input.prices.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads what [`written`] writes. A SKU may have a colon in it, a price has none.
fn prices(text: &str, currency: Currency) -> Option<Vec<ListedPrice>> {
    let line = |line: &str| {
        let (sku, price) = line.rsplit_once([':', '='])?;
        let price = price.trim().trim_end_matches(currency.symbol()).replace(',', ".");
        let price_minor = Money::parse_decimal(&price, currency).ok()?.amount_minor;
        Some(ListedPrice { sku: sku.trim().to_owned(), price_minor })
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

async fn form(desk: &mut Desk, list: Option<&PriceListView>, filled: &Filled) -> Result<PortalPage> {
    let (title, action, verb) = match list {
        Some(list) => (list.input.name.clone(), desk.at(&format!("price-lists/{}", list.id)), "Save price list"),
        None => ("Create a price list".to_owned(), desk.at("price-lists"), "Create price list"),
    };
    let currency = currency(desk, list);
    let groups = desk.app.pricing.groups_for_vendor(&desk.who, desk.vendor_id).await?;
    let hint = match groups.is_empty() {
        true => "There are no groups yet: the marketplace makes them.",
        false => "The marketplace says who is in it.",
    };
    let choose = [(String::new(), "Choose a group".to_owned())].into_iter();
    let groups = choose.chain(groups.into_iter().map(|group| (group.key.to_string(), group.name)));
    let mut fields = vec![
        Field::text("name", "Name that its customers see").max_length(80).hint("Such as Trade prices.").filled(filled),
        Field::select("group", "For which customers", groups).hint(hint).filled(filled),
        Field::date("starts_at", "First day").filled(filled),
        Field::date("ends_at", "Last day").optional().hint("Runs until you end it if left empty.").filled(filled),
        Field::lines("prices", "Prices", 10)
            .hint(format!(
                "One per line, SKU and price in {currency}: MUG-BLUE: {}. Where everybody pays less, so does the group.",
                currency.example(900)
            ))
            .filled(filled),
    ];
    fields.extend(currency_field(desk, list, filled));
    let form = Form::new(action, &desk.csrf(), verb)
        .hidden("version", list.map_or_else(String::new, |list| list.version.to_string()))
        .fields(fields)
        .cancel("Cancel", desk.at("price-lists"));
    let place = desk.place(title, Room::PriceLists).await?;
    Ok(PortalPage::new(place)
        .above(&[("Price lists", &desk.at("price-lists"))])
        .errors(filled.summary(&FIELDS))
        .block(&Panel::new("").with(&form)))
}

/// The currency that the form names, if the shop sells in it; otherwise that of the list, which stays what it is.
fn chosen(desk: &Desk, sent: &Fields, otherwise: Currency) -> Currency {
    desk.visit.purse.find(sent.get("currency")).unwrap_or(otherwise)
}

/// In what the prices are, where there is a choice.
fn currency_field(desk: &Desk, list: Option<&PriceListView>, filled: &Filled) -> Option<Field> {
    let (mut all, own) = (desk.visit.purse.all(), currency(desk, list));
    // The list keeps its currency even if the shop sells in it no longer.
    if !all.is_empty() && !all.contains(&own) {
        all.push(own);
    }
    let codes: Vec<_> = all.into_iter().map(|code| (code.to_string(), code.to_string())).collect();
    let hint = "In quotes of this currency they take the place of converted prices.";
    (!codes.is_empty()).then(|| Field::select("currency", "Currency", codes).hint(hint).filled(filled))
}

fn currency(desk: &Desk, list: Option<&PriceListView>) -> Currency {
    list.map_or(desk.visit.purse.main(), |list| list.input.currency)
}

/// `POST /vendor/{vendor_id}/price-lists`
pub async fn create(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = match read(&posted.fields, chosen(&desk, &posted.fields, currency(&desk, None))) {
        Ok(input) => desk.app.pricing.create_price_list(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, None, &posted.fields, result).await
}

/// `POST /vendor/{vendor_id}/price-lists/{id}`
pub async fn save(Path((vendor_id, id)): Path<(VendorId, PriceListId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let list = desk.app.pricing.price_list(&desk.who, vendor_id, id).await?;
    let version = posted.fields.parsed("version").unwrap_or(list.version);
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    let result = match read(&posted.fields, chosen(&desk, &posted.fields, list.input.currency)) {
        Ok(input) => client.update_price_list(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, Some(list), &posted.fields, result).await
}

async fn answer(mut desk: Desk, list: Option<PriceListView>, sent: &Fields, result: Result<PriceListView>) -> Shown {
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.input.name))).await?;
            Ok(desk.visit.go(&desk.at("price-lists")))
        }
        Err(error) => {
            let whole = |field: &str| field.split('[').next().unwrap_or_default().to_owned();
            let (status, filled) = sent.refused(renamed(error, whole))?;
            let page = form(&mut desk, list.as_ref(), &filled).await?;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields, currency: Currency) -> Result<PriceListInput> {
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Give it a name that its customers see.");
    let group = reader.parsed("group", "Choose the group it is for.");
    let starts_at = fields::day(sent.get("starts_at"));
    if starts_at.is_none() {
        reader.wrong("starts_at", "Choose the first day.");
    }
    let ends_at = fields::end_of(&mut reader, "ends_at");
    let prices = prices(sent.get("prices"), currency).filter(|prices| !prices.is_empty()).unwrap_or_else(|| {
        let example = currency.example(900);
        reader.wrong("prices", format!("Write each line as SKU and price: MUG-BLUE: {example}"));
        Vec::new()
    });
    match (group, starts_at) {
        (Some(group), Some(starts_at)) if reader.ok() => {
            Ok(PriceListInput { name, group, currency, starts_at, ends_at, prices })
        }
        _ => Err(reader.error()),
    }
}

/// `GET /vendor/{vendor_id}/price-lists/{id}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path((vendor_id, id)): Path<(VendorId, PriceListId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let list = desk.app.pricing.price_list(&desk.who, vendor_id, id).await?;
    let place = desk.place(format!("Remove “{}”?", list.input.name), Room::PriceLists).await?;
    let form = Form::new(desk.at(&format!("price-lists/{id}/remove")), &desk.csrf(), "Remove price list")
        .hidden("version", list.version.to_string());
    let ask = Ask {
        effect: "Its customers pay what everybody pays from now on. Orders already placed keep their prices.",
        form,
        back: Link::new("Keep it", desk.at("price-lists")),
    };
    render::page(&ask.page(place, &[("Price lists", &desk.at("price-lists"))]))
}

/// `POST /vendor/{vendor_id}/price-lists/{id}/remove`
pub async fn remove(Path((vendor_id, id)): Path<(VendorId, PriceListId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let version: Option<i64> = posted.fields.parsed("version");
    let version = version.ok_or_else(|| Error::invalid("version", "Load the page again."))?;
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    let message = match client.delete_price_list(&desk.who, vendor_id, id).await {
        Ok(()) => Message::good("The price list is removed."),
        Err(error) if error.is(Kind::Conflict) || error.is(Kind::Stale) => Message::bad(words::sentence(&error)),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at("price-lists")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_they_are_written() {
        let listed = |sku: &str, price_minor| ListedPrice { sku: sku.to_owned(), price_minor };
        let read = |text| prices(text, Currency::EUR);
        assert_eq!(read("MUG-BLUE: 9.00\n\nA:B = 3,5 €"), Some(vec![listed("MUG-BLUE", 900), listed("A:B", 350)]));
        assert_eq!(read(""), Some(vec![]));
        for bad in ["MUG", "MUG: nine", "MUG: -1x"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
