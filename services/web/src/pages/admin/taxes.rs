//! Tax rates by country.

use contracts::pricing::TaxRate;
use kernel::{Country, Result};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::{
        portal::{Form, List, Panel, PortalPage, Split, Words, fields},
        shop::countries,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Query, Visit},
};

/// `GET /admin/taxes`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let rates = desk.app.pricing.tax_rates(&desk.who).await?;
    let chosen = rates.iter().find(|rate| rate.country.as_str() == asked.get("country"));
    let filled = match chosen {
        Some(rate) => Filled::with([
            ("country", rate.country.to_string()),
            ("name", rate.name.clone()),
            ("rate_bp", fields::percent(rate.rate_bp)),
        ]),
        None => Filled::with([("country", asked.get("country")), ("name", "VAT"), ("rate_bp", "")]),
    };
    let page = page(&mut desk, &rates, &filled).await;
    render::page(&page)
}

async fn page(desk: &mut Desk, rates: &[TaxRate], filled: &Filled) -> PortalPage {
    let columns = vec![Column::new("Country"), Column::new("Called"), Column::number("Rate"), Column::new("")];
    let row = |rate: &TaxRate| Row {
        id: rate.country.to_string(),
        cells: vec![
            Cell::text(countries::name(rate.country.as_str())),
            Cell::text(&rate.name),
            Cell::Number(desk.fmt.percent(rate.rate_bp)),
            Cell::Actions(vec![Link::new("Change", format!("/admin/taxes?country={}#rate", rate.country))]),
        ],
    };
    let empty = Empty::new("chart", "No tax rates yet", "Without a rate, prices for a country contain no tax.");
    let table = Table::new("Tax rates", columns, rates.iter().map(row).collect(), empty);
    let choose = [("", "Choose a country")].into_iter().chain(countries::all());
    let form = Form::new("/admin/taxes", &desk.csrf(), "Save rate").id("rate").fields(vec![
        Field::select("country", "Country", choose).filled(filled),
        Field::text("name", "Called").max_length(40).filled(filled),
        Field::text("rate_bp", "Rate").keyboard("decimal").class("num").after("%").filled(filled),
    ]);
    let hint =
        Words::soft("Prices contain the tax. A new rate counts for quotes from now on; placed orders keep theirs.");
    let place = desk.place("Taxes", Room::Taxes).await;
    PortalPage::new(place).errors(filled.summary(&["country", "name", "rate_bp"])).block(&Split {
        main: vec![Panel::new("Rates").flush().with(&List::whole(table))],
        side: vec![Panel::new("Set a rate").with(&form).with(&hint)],
    })
}

/// `POST /admin/taxes`
pub async fn save(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields) {
        Ok(rate) => desk.app.pricing.set_tax_rate(&desk.who, rate.country.as_str(), &rate).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(rate) => {
            let text = format!("{}: {}.", countries::name(rate.country.as_str()), desk.fmt.percent(rate.rate_bp));
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go("/admin/taxes"))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let rates = desk.app.pricing.tax_rates(&desk.who).await?;
            let page = page(&mut desk, &rates, &filled).await;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields) -> Result<TaxRate> {
    let mut reader = Reader::new(sent);
    let country = reader.parsed::<Country>("country", "Choose a country.");
    let name = reader.text("name", "Say what the tax is called, such as VAT.");
    let rate = fields::basis_points(sent.get("rate_bp")).filter(|bp| *bp <= 5_000);
    if rate.is_none() {
        reader.wrong("rate_bp", "Enter a percentage from 0 to 50.");
    }
    match (country, rate) {
        (Some(country), Some(rate_bp)) if reader.ok() => Ok(TaxRate { country, name, rate_bp }),
        _ => Err(reader.error()),
    }
}
