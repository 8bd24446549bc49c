//! How countries and their regions tax.

use contracts::taxes::{STANDARD, TaxArea, TaxAreaInput, TaxCategory, TaxRate};
use kernel::{Country, Error, Result};

use super::{Desk, Room, tax_categories};
use crate::{
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{
            Ask, Form, List, Panel, PortalPage, Split, Words,
            fields::{self, renamed},
        },
        shop::countries,
    },
    render::{self, Shown, query},
    session::Message,
    ui::{Cell, Check, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Query, Visit},
};

const FIELDS: [&str; 8] = ["country", "region", "region_name", "name", "prices", "rates", "key", "category_name"];

/// `GET /admin/taxes`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let areas = desk.app.pricing.tax_areas(&desk.who).await?;
    let chosen = areas.iter().find(|area| is_at(area, &asked));
    let filled = chosen.map_or_else(|| beginning(&asked), filled);
    let page = page(&mut desk, &areas, &filled).await?;
    render::page(&page)
}

fn is_at(area: &TaxArea, asked: &Fields) -> bool {
    area.country.as_str() == asked.get("country") && area.region.as_deref().unwrap_or_default() == asked.get("region")
}

fn beginning(asked: &Fields) -> Filled {
    Filled::with([
        ("country", asked.get("country")),
        ("region", asked.get("region")),
        ("name", "VAT"),
        ("prices", CONTAIN),
        ("tax_shipping", "yes"),
        ("rates", ""),
        ("version", "0"),
    ])
}

const CONTAIN: &str = "contain";
const ADDED: &str = "added";

fn filled(area: &TaxArea) -> Filled {
    let TaxAreaInput { name, region_name, prices_include_tax, tax_shipping, rates } = &area.input;
    Filled::with([
        ("country", area.country.to_string()),
        ("region", area.region.clone().unwrap_or_default()),
        ("region_name", region_name.clone()),
        ("name", name.clone()),
        ("prices", if *prices_include_tax { CONTAIN } else { ADDED }.to_owned()),
        ("tax_shipping", if *tax_shipping { "yes" } else { "" }.to_owned()),
        ("rates", rates.iter().map(written).collect::<Vec<_>>().join("\n")),
        ("version", area.version.to_string()),
    ])
}

/// `reduced: 7 from 2027-01-01`
fn written(rate: &TaxRate) -> String {
    let from = rate.valid_from.map_or_else(String::new, |from| format!(" from {}", from.date()));
    format!("{}: {}{from}", rate.category, fields::percent(rate.rate_bp))
}

/// Reads what [`written`] writes; the category may be left out where it is the standard.
fn rate(line: &str) -> Option<TaxRate> {
    let (category, rest) = line.split_once(':').unwrap_or((STANDARD, line));
    let (percent, from) = match rest.split_once("from") {
        Some((percent, from)) => (percent, Some(fields::day(from)?)),
        None => (rest, None),
    };
    let rate_bp = fields::basis_points(percent.trim().trim_end_matches(',')).filter(|bp| *bp <= 5_000)?;
    Some(TaxRate { category: category.trim().parse().ok()?, rate_bp, valid_from: from })
}

fn named(area: &TaxArea) -> String {
    let country = countries::name(area.country.as_str());
    match &area.region {
        Some(region) if area.input.region_name.is_empty() => format!("{country}, {region}"),
        Some(_) => format!("{country}, {}", area.input.region_name),
        None => country.to_owned(),
    }
}

fn address(area: &TaxArea) -> String {
    query(&[("country", area.country.as_str()), ("region", area.region.as_deref().unwrap_or_default())])
}

/// `19 %, reduced 7 %`: the rates of now, and those to come.
fn rates(fmt: &Fmt, area: &TaxArea) -> String {
    let now = fmt.now();
    let counts = |rate: &&TaxRate| {
        let later = |other: &TaxRate| {
            other.category == rate.category
                && other.valid_from > rate.valid_from
                && other.valid_from.is_some_and(|at| at <= now)
        };
        !area.input.rates.iter().any(later)
    };
    let text = |rate: &TaxRate| {
        let from = rate.valid_from.filter(|from| *from > now).map(|from| format!(" from {}", from.date()));
        let percent = fmt.rate(rate.rate_bp);
        match rate.category.as_str() {
            STANDARD => format!("{percent}{}", from.unwrap_or_default()),
            other => format!("{other} {percent}{}", from.unwrap_or_default()),
        }
    };
    area.input.rates.iter().filter(counts).map(text).collect::<Vec<_>>().join(", ")
}

pub(super) async fn page(desk: &mut Desk, areas: &[TaxArea], filled: &Filled) -> Result<PortalPage> {
    let categories = desk.app.pricing.tax_categories(&desk.who).await?;
    let columns = vec![Column::new("Where"), Column::new("Rates"), Column::new("Prices"), Column::new("")];
    let row = |area: &TaxArea| Row {
        id: address(area),
        cells: vec![
            Cell::Text(named(area), area.input.name.clone()),
            Cell::text(rates(&desk.fmt, area)),
            Cell::text(if area.input.prices_include_tax { "Contain it" } else { "It is added" }),
            Cell::Actions(vec![
                Link::new("Change", format!("/admin/taxes?{}#rate", address(area))),
                Link::new("Remove", format!("/admin/taxes/remove?{}", address(area))),
            ]),
        ],
    };
    let empty = Empty::new("chart", "No taxes yet", "What goes to a country without taxes bears none. Set one beside.");
    let table = Table::new("Taxes", columns, areas.iter().map(row).collect(), empty);
    let form = form(&desk.csrf(), &categories, filled);
    let hint = Words::soft(
        "New rates count for quotes from now on, or from their day; placed orders keep theirs. A region has its own rates \
         where it names them, and its country's for the rest.",
    );
    let place = desk.place("Taxes", Room::Taxes).await;
    Ok(PortalPage::new(place).errors(filled.summary(&FIELDS)).block(&Split {
        main: vec![Panel::new("Countries and regions").flush().with(&List::whole(table))],
        side: vec![
            Panel::new("Set taxes").with(&form).with(&hint),
            tax_categories::panel(&desk.csrf(), &categories, filled),
        ],
    }))
}

fn form(csrf: &str, categories: &[TaxCategory], filled: &Filled) -> Form {
    let choose = [("", "Choose a country")].into_iter().chain(countries::all());
    let keys: Vec<_> = categories.iter().map(|category| category.key.as_str()).collect();
    let prices = [(CONTAIN, "contain the tax"), (ADDED, "do not contain it: it is added")];
    Form::new("/admin/taxes", csrf, "Save taxes")
        .id("rate")
        .hidden("version", filled.value("version"))
        .fields(vec![
            Field::select("country", "Country", choose).filled(filled),
            Field::text("region", "Code of the region")
                .optional()
                .max_length(10)
                .hint("Such as CA. The whole country if left empty.")
                .filled(filled),
            Field::text("region_name", "Name of the region")
                .optional()
                .max_length(80)
                .hint("As addresses write it: California.")
                .filled(filled),
            Field::text("name", "What the tax is called").max_length(40).filled(filled),
            Field::select("prices", "Prices of goods", prices).filled(filled),
            Field::lines("rates", "Rates in per cent", 4)
                .hint(format!(
                    "One per line, with the day it begins if that is not always: “reduced: 7 from 2027-01-01”. \
                     Categories: {}.",
                    keys.join(", ")
                ))
                .filled(filled),
        ])
        .with(&Check::new("tax_shipping", "Delivery is taxed like the goods").filled(filled))
}

/// `POST /admin/taxes`
pub async fn save(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields) {
        Ok(wanted) => set(&desk, &posted.fields, wanted).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(area) => {
            let text = format!("{}: {}.", named(&area), rates(&desk.fmt, &area));
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go("/admin/taxes"))
        }
        Err(error) => {
            let whole = |field: &str| field.split('[').next().unwrap_or_default().to_owned();
            let (status, filled) = posted.fields.refused(renamed(error, whole))?;
            let areas = desk.app.pricing.tax_areas(&desk.who).await?;
            let page = page(&mut desk, &areas, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

async fn set(desk: &Desk, sent: &Fields, wanted: (Country, Option<String>, TaxAreaInput)) -> Result<TaxArea> {
    let (country, region, input) = wanted;
    // Whoever chose a country by hand has seen nothing of what was there: it is not overwritten unseen.
    let version: i64 = sent.parsed("version").unwrap_or_default();
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    let saved = match &region {
        Some(region) => client.set_tax_region(&desk.who, country.as_str(), region, &input).await,
        None => client.set_tax_area(&desk.who, country.as_str(), &input).await,
    };
    saved.map_err(|error| match error.code() {
        "stale_version" => Error::invalid(
            "country",
            "These taxes are set already, or were changed in the meantime. Choose “Change” in the list.",
        ),
        _ => error,
    })
}

fn read(sent: &Fields) -> Result<(Country, Option<String>, TaxAreaInput)> {
    let mut reader = Reader::new(sent);
    let country = reader.parsed::<Country>("country", "Choose a country.");
    let name = reader.text("name", "Say what the tax is called, such as VAT.");
    let lines = sent.get("rates").lines().filter(|line| !line.trim().is_empty());
    let rates = lines.map(rate).collect::<Option<Vec<_>>>().unwrap_or_else(|| {
        reader.wrong("rates", "Write each line as category and percentage, from 0 to 50: “reduced: 7”.");
        Vec::new()
    });
    if reader.ok() && rates.is_empty() {
        reader.wrong("rates", "Enter a rate; 0 if nothing is taxed.");
    }
    let region = reader.optional("region");
    match country {
        Some(country) if reader.ok() => {
            let input = TaxAreaInput {
                name,
                region_name: reader.optional("region_name").unwrap_or_default(),
                prices_include_tax: sent.get("prices") != ADDED,
                tax_shipping: reader.ticked("tax_shipping"),
                rates,
            };
            Ok((country, region, input))
        }
        _ => Err(reader.error()),
    }
}

async fn find(desk: &Desk, asked: &Fields) -> Result<TaxArea> {
    let areas = desk.app.pricing.tax_areas(&desk.who).await?;
    areas.into_iter().find(|area| is_at(area, asked)).ok_or_else(|| Error::not_found("tax area"))
}

/// `GET /admin/taxes/remove?country=&region=`: asks.
pub async fn ask_remove(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let area = find(&desk, &asked).await?;
    let form = Form::new("/admin/taxes/remove", &desk.csrf(), "Remove taxes")
        .hidden("country", area.country.to_string())
        .hidden("region", area.region.clone().unwrap_or_default())
        .hidden("version", area.version.to_string());
    let effect = match area.region {
        Some(_) => "What goes there is taxed like the rest of the country from now on. Placed orders keep their tax.",
        None => "What goes there bears no tax from now on, in all its regions. Placed orders keep their tax.",
    };
    let place = desk.place(format!("Remove the taxes of {}?", named(&area)), Room::Taxes).await;
    let ask = Ask { effect, form, back: Link::new("Keep them", "/admin/taxes") };
    render::page(&ask.page(place, &[("Taxes", "/admin/taxes")]))
}

/// `POST /admin/taxes/remove`
pub async fn remove(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let area = find(&desk, &posted.fields).await?;
    let version: i64 = posted.fields.parsed("version").unwrap_or(area.version);
    let client = desk.app.pricing.with_header("if-match", format!("\"{version}\""));
    match &area.region {
        Some(region) => client.delete_tax_region(&desk.who, area.country.as_str(), region).await?,
        None => client.delete_tax_area(&desk.who, area.country.as_str()).await?,
    }
    desk.visit.say(Message::good(format!("The taxes of {} are removed.", named(&area)))).await?;
    Ok(desk.visit.go("/admin/taxes"))
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    #[test]
    fn rates_are_read_as_they_are_written() {
        let of = |category: &str, rate_bp, from: Option<&str>| {
            let valid_from = from.map(|day| format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap());
            Some(TaxRate { category: category.parse().unwrap(), rate_bp, valid_from })
        };
        assert_eq!(rate("standard: 19"), of("standard", 1_900, None));
        assert_eq!(rate("8.25 %"), of("standard", 825, None));
        assert_eq!(rate("reduced: 7,5 %, from 2027-01-01"), of("reduced", 750, Some("2027-01-01")));
        for text in ["reduced: 7 from 2027-01-01", "zero: 0", "standard: 8.25"] {
            assert_eq!(rate(text).as_ref().map(written).as_deref(), Some(text));
        }
        for bad in ["reduced", "standard: 51", "Reduced!: 7", "reduced: 7 from tomorrow", "reduced: -1"] {
            assert_eq!(rate(bad), None, "{bad}");
        }
    }
}
