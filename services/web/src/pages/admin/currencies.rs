//! Currencies that the shop sells in beside the main one: rates, rounding, and what that makes of a price.

use contracts::currencies::{CurrencyInput, ShopCurrencies, ShopCurrency};
use kernel::{
    Currency, Exchange, Kind, Money, Result, Rounding, RoundingMode,
    exchange::{RATE_ONE, parse_rate, rate_text},
};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Form, List, Panel, PortalPage, Split, Words, fields::renamed},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// The price of the example, in minor units of the main currency.
const EXAMPLE: i64 = 1_995;
/// Names of the form's fields that an error may lead to.
const FIELDS: [&str; 6] = ["code", "rate", "mode", "step", "ending", "enabled"];

/// `GET /admin/currencies?code=`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let all = desk.app.pricing.all_currencies(&desk.who).await?;
    let chosen = all.currencies.iter().find(|currency| currency.code.code() == asked.get("code"));
    let filled = chosen.map_or_else(Filled::default, as_filled);
    let page = page(&mut desk, &all, &filled).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, shop: &ShopCurrencies, filled: &Filled) -> Result<PortalPage> {
    let main = shop.main;
    let empty = Empty::new(
        "chart",
        format!("Everything is sold in {main}"),
        "Add a currency, and buyers may choose it in the foot of the shop.",
    );
    let columns = vec![Column::new("Currency"), Column::new("Rate"), Column::new("State"), Column::new("")];
    let table =
        Table::new("Currencies", columns, shop.currencies.iter().map(|currency| row(main, currency)).collect(), empty);
    let hint = Words::soft(
        "Rates count for quotes from now on; pages follow within a minute. Orders keep the rate they were placed at.",
    );
    let form = form(&desk.csrf(), main, filled);
    let place = desk.place("Currencies", Room::Currencies).await;
    Ok(PortalPage::new(place).errors(filled.summary(&FIELDS)).block(&Split {
        main: vec![Panel::new("Currencies").flush().with(&List::whole(table))],
        side: vec![Panel::new("Add or change a currency").with(&form).with(&hint)],
    }))
}

fn row(main: Currency, currency: &ShopCurrency) -> Row {
    let ShopCurrency { code, rate_micro, rounding, enabled, .. } = currency;
    let exchange = Exchange { from: main, to: *code, from_micro: RATE_ONE, to_micro: *rate_micro, rounding: *rounding };
    let example = exchange.told(Money::new(EXAMPLE, main)).unwrap_or_default();
    let mut actions = vec![Link::new("Change", format!("/admin/currencies?code={code}"))];
    if *enabled {
        actions.push(Link::new("Switch off", format!("/admin/currencies/{code}/remove")));
    }
    Row {
        id: code.to_string(),
        cells: vec![
            Cell::Text(code.to_string(), format!("Rounded {}", rounding.told(*code))),
            Cell::Text(rate_text(*rate_micro), example),
            Cell::Badge(if *enabled { Badge::new("On", Tone::Success) } else { Badge::new("Off", Tone::Neutral) }),
            Cell::Actions(actions),
        ],
    }
}

fn form(csrf: &str, main: Currency, filled: &Filled) -> Form {
    let modes = [("nearest", "To the nearest"), ("up", "Up"), ("down", "Down")];
    let rate = format!("What 1 {main} is worth in it");
    Form::new("/admin/currencies", csrf, "Save currency").fields(vec![
        Field::text("code", "Currency").max_length(3).hint("Its code, such as USD.").filled(filled),
        Field::text("rate", &rate).max_length(20).keyboard("decimal").hint("Such as 1.0850.").filled(filled),
        Field::select("mode", "Round prices", modes).filled(filled),
        Field::text("step", "To steps of")
            .max_length(20)
            .keyboard("decimal")
            .hint("Such as 0.05, or 1.00.")
            .filled(filled),
        Field::text("ending", "That end in")
            .max_length(20)
            .keyboard("decimal")
            .optional()
            .hint("Such as 0.99 with steps of 1.00.")
            .filled(filled),
        Field::select("enabled", "May buyers choose it?", [("yes", "Yes"), ("no", "No")]).filled(filled),
    ])
}

fn as_filled(currency: &ShopCurrency) -> Filled {
    let ShopCurrency { code, rate_micro, rounding, enabled, .. } = currency;
    let amount = |minor: i64| Money::new(minor, *code).decimal();
    Filled::with([
        ("code", code.to_string()),
        ("rate", rate_text(*rate_micro)),
        ("mode", rounding.mode.name().to_owned()),
        ("step", amount(rounding.step_minor)),
        ("ending", rounding.ending_minor.map_or_else(String::new, amount)),
        ("enabled", if *enabled { "yes" } else { "no" }.to_owned()),
    ])
}

/// `POST /admin/currencies`
pub async fn save(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields, desk.visit.purse.main()) {
        Ok((code, input)) => desk.app.pricing.set_currency(&desk.who, code, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("{} is saved.", saved.code))).await?;
            Ok(desk.visit.go("/admin/currencies"))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(renamed(error, form_name))?;
            let all = desk.app.pricing.all_currencies(&desk.who).await?;
            let page = page(&mut desk, &all, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

/// What the form calls a field of the API.
fn form_name(field: &str) -> String {
    match field {
        "rate_micro" => "rate",
        "rounding.step_minor" => "step",
        "rounding.ending_minor" => "ending",
        "currency" => "code",
        other => other,
    }
    .to_owned()
}

fn read(sent: &Fields, main: Currency) -> Result<(Currency, CurrencyInput)> {
    let mut reader = Reader::new(sent);
    let code = Currency::parse(&sent.get("code").trim().to_uppercase()).ok();
    if code.is_none() {
        reader.wrong("code", "Enter the code of a currency, such as USD.");
    }
    let rate = parse_rate(&sent.get("rate").replace(',', ".")).ok();
    if rate.is_none() {
        reader.wrong("rate", "Enter a rate such as 1.0850, with at most six digits behind the point.");
    }
    let mode = RoundingMode::of(sent.get("mode"));
    if mode.is_none() {
        reader.wrong("mode", "Choose how prices are rounded.");
    }
    let currency = code.unwrap_or(main);
    let step = reader.amount("step", currency);
    if sent.some("step").is_none() {
        reader.wrong("step", "Enter how far prices are apart, such as 0.05.");
    }
    let ending = reader.amount("ending", currency);
    match (code, rate, mode, step) {
        (Some(code), Some(rate_micro), Some(mode), Some(step)) if reader.ok() => {
            let (step_minor, ending_minor) = (step.amount_minor, ending.map(|ending| ending.amount_minor));
            let rounding = Rounding { mode, step_minor, ending_minor };
            Ok((code, CurrencyInput { rate_micro, rounding, enabled: sent.get("enabled") != "no" }))
        }
        _ => Err(reader.error()),
    }
}

/// `GET /admin/currencies/{code}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path(code): Path<Currency>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let form = Form::new(format!("/admin/currencies/{code}/remove"), &desk.csrf(), "Switch off");
    let place = desk.place(format!("Sell no longer in {code}?"), Room::Currencies).await;
    let ask = Ask {
        effect: "Buyers can no longer choose it; carts that are in it are shown in another one. Orders stay as they are, and \
                 the rate is kept for when it is wanted again.",
        form,
        back: Link::new("Keep it", "/admin/currencies"),
    };
    render::page(&ask.page(place, &[("Currencies", "/admin/currencies")]))
}

/// `POST /admin/currencies/{code}/remove`
pub async fn remove(Path(code): Path<Currency>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.pricing.disable_currency(&desk.who, code).await {
        Ok(()) => Message::good(format!("Nothing is sold in {code} any more.")),
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Invalid) => Message::bad(error.detail().to_owned()),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/currencies"))
}
