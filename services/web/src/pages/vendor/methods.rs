//! How a store delivers.

use contracts::{
    arrival::Handling,
    shipping::{MethodInput, MethodView, ValuePrice, WeightPrice},
};
use kernel::{Country, Currency, Error, Money, Result, ShippingMethodId, VendorId};

use super::{Desk, Room, pickup};
use crate::{
    forms::{self, Fields, Posted, Reader},
    pages::{
        portal::{
            Ask, Form, List, Panel, PortalPage,
            fields::{price_steps, renamed},
            or_none,
        },
        shop::{countries, stores},
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Check, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Visit},
};

/// Countries named in a row of the list.
const NAMED: usize = 4;
const FIELDS: [&str; 13] = [
    "name",
    "price_minor",
    "carrier_rate",
    "weight_prices",
    "value_prices",
    "max_weight_g",
    "free_over_minor",
    "countries",
    "days_min",
    "days_max",
    "handling.days",
    "handling.cutoff_hour",
    "handling.utc_offset_min",
];

/// `GET /vendor/{vendor_id}/delivery`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let methods = desk.app.shipping.methods(&desk.who, vendor_id).await?;
    let columns = [Column::new("Way"), Column::new("To"), Column::new("Takes"), Column::number("Price")];
    let columns = columns.into_iter().chain([Column::new("")]).collect();
    let empty = Empty::new("truck", "No way to deliver yet", "Without one, nothing of yours can be ordered.")
        .action("Add a way to deliver", desk.at("delivery/new"));
    let rows = methods.iter().map(|method| row(&desk, method)).collect();
    let list = List::whole(Table::new("Ways to deliver", columns, rows, empty));
    // Where no carrier is set up nobody needs these.
    let sender = or_none("sender", desk.app.shipping.sender(&desk.who, vendor_id).await);
    let place = desk.place("Delivery", Room::Delivery).await?;
    let mut page = PortalPage::new(place).main("Add a way to deliver", desk.at("delivery/new"));
    if sender.is_some_and(|sender| sender.labels) {
        page = page.action("Labels", desk.at("labels")).action("Where parcels come from", desk.at("delivery/sender"));
    }
    render::page(&page.block(&list))
}

fn row(desk: &Desk, method: &MethodView) -> Row {
    let (input, href) = (&method.input, desk.at(&format!("delivery/{}", method.id)));
    let money = |minor| desk.fmt.money(Money::new(minor, input.currency));
    let free = input.free_over_minor.map_or(String::new(), |over| format!("Free from {} on", money(over)));
    let named: Vec<_> = input.countries.iter().take(NAMED).map(|c| countries::name(c.as_str())).collect();
    let to = match input.countries.len() {
        _ if input.pickup.is_some() => {
            input.pickup.as_ref().map_or(String::new(), |place| format!("Fetched at {}", place.line()))
        }
        0 => "Everywhere".to_owned(),
        n if n > NAMED => format!("{} and {} more", named.join(", "), n - NAMED),
        _ => named.join(", "),
    };
    let price = if input.price_minor == 0 { "Free".to_owned() } else { money(input.price_minor) };
    let price = match input.carrier_rate {
        true => "The carrier's rate".to_owned(),
        false if !input.value_prices.is_empty() => format!("{price}, by value"),
        false if input.weight_prices.is_empty() => price,
        false => format!("{price}, by weight"),
    };
    Row {
        id: method.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(&input.name, &href), free),
            Cell::text(to),
            Cell::text(format!("{}{}", stores::days(input.days_min, input.days_max), stores::leaves(&input.handling))),
            Cell::Number(price),
            Cell::Actions(vec![Link::new("Change", &href), Link::new("Remove", format!("{href}/remove"))]),
        ],
    }
}

/// `GET /vendor/{vendor_id}/delivery/new`
pub async fn new(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let filled = Filled::with([("days_min", "2"), ("days_max", "4"), ("handling.days", "0")]);
    let page = form(&mut desk, None, &filled).await?;
    render::page(&page)
}

/// `GET /vendor/{vendor_id}/delivery/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ShippingMethodId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let method = find(&desk, id).await?;
    let input = &method.input;
    let money = |minor: i64| Money::new(minor, input.currency).decimal();
    let countries: Vec<_> = input.countries.iter().map(Country::as_str).collect();
    let filled = Filled::with(
        [
            ("name", input.name.clone()),
            ("price_minor", money(input.price_minor)),
            ("free_over_minor", input.free_over_minor.map(money).unwrap_or_default()),
            ("weight_prices", weights(input)),
            ("value_prices", values(input)),
            ("max_weight_g", input.max_weight_g.map(kilograms).unwrap_or_default()),
            ("countries", countries.join(", ")),
            ("days_min", input.days_min.to_string()),
            ("days_max", input.days_max.to_string()),
            ("handling.days", input.handling.days.to_string()),
            ("handling.cutoff_hour", input.handling.cutoff_hour.map(|hour| hour.to_string()).unwrap_or_default()),
            ("handling.utc_offset_min", stores::offset(input.handling.utc_offset_min)),
            ("carrier_rate", if input.carrier_rate { "yes".to_owned() } else { String::new() }),
        ]
        .into_iter()
        .chain(pickup::typed(input.pickup.as_ref())),
    );
    let page = form(&mut desk, Some(&method), &filled).await?;
    render::page(&page)
}

/// `5 kg: 9.90`, a line for each.
fn weights(input: &MethodInput) -> String {
    let price = |minor| Money::new(minor, input.currency).decimal();
    let line = |w: &WeightPrice| format!("{} kg: {}", kilograms(w.from_g), price(w.price_minor));
    input.weight_prices.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `50.00: 2.90`, a line for each.
fn values(input: &MethodInput) -> String {
    let money = |minor| Money::new(minor, input.currency).decimal();
    let line = |v: &ValuePrice| format!("{}: {}", money(v.from_minor), money(v.price_minor));
    input.value_prices.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `0.25`, `5`
pub(super) fn kilograms(grams: i64) -> String {
    let text = format!("{}.{:03}", grams / 1_000, grams % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Grams in `0.25`, `0,25`, `5 kg`.
pub(super) fn grams(text: &str) -> Option<i64> {
    let number = text.trim().trim_end_matches("kg").trim().replace(',', ".");
    let (whole, rest) = number.split_once('.').unwrap_or((&number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 3 {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(format!("{rest:0<3}").parse().ok()?)
}

/// Reads what [`weights`] writes.
fn weight_prices(text: &str, currency: Currency) -> Option<Vec<WeightPrice>> {
    let steps = price_steps(text, currency, grams)?.into_iter();
    Some(steps.map(|(from_g, price_minor)| WeightPrice { from_g, price_minor }).collect())
}

/// Reads what [`values`] writes. What costs nothing is no step: the form asks from where on it is free.
fn value_prices(text: &str, currency: Currency) -> Option<Vec<ValuePrice>> {
    let from = |text: &str| forms::amount(text.trim_end_matches(currency.symbol()), currency).map(|m| m.amount_minor);
    let steps = price_steps(text, currency, from)?;
    let steps = steps.into_iter().map(|(from_minor, price_minor)| ValuePrice { from_minor, price_minor });
    steps.map(|step| Some(step).filter(|step| step.from_minor > 0 && step.price_minor > 0)).collect()
}

async fn find(desk: &Desk, id: ShippingMethodId) -> Result<MethodView> {
    let methods = desk.app.shipping.methods(&desk.who, desk.vendor_id).await?;
    methods.into_iter().find(|method| method.id == id).ok_or_else(|| Error::not_found("way to deliver"))
}

async fn form(desk: &mut Desk, method: Option<&MethodView>, filled: &Filled) -> Result<PortalPage> {
    let currency = method.map_or(desk.visit.purse.main(), |m| m.input.currency);
    let symbol = currency.symbol();
    let (title, action, verb) = match method {
        Some(method) => (method.input.name.clone(), desk.at(&format!("delivery/{}", method.id)), "Save"),
        None => ("Add a way to deliver".to_owned(), desk.at("delivery"), "Add it"),
    };
    let fields = vec![
        Field::text("name", "Name that buyers see").max_length(80).hint("Such as Standard parcel.").filled(filled),
        Field::amount("price_minor", "Price with tax", symbol).hint("0 for free delivery.").filled(filled),
        Field::lines("weight_prices", "Prices of heavier parcels", 3)
            .optional()
            .hint(format!("A line for each weight from which on a parcel costs more: 5 kg: {}", currency.example(990)))
            .filled(filled),
        Field::lines("value_prices", "Prices by the value of the goods", 3)
            .optional()
            .hint(format!(
                "A line for each value from which on another price holds: {}: {}. Not beside prices by weight.",
                currency.example(5_000),
                currency.example(290)
            ))
            .filled(filled),
        Field::text("max_weight_g", "Heaviest parcel in kg")
            .optional()
            .hint("Heavier ones do not go this way.")
            .filled(filled),
        Field::amount("free_over_minor", "Free from this value on", symbol).optional().filled(filled),
        Field::text("countries", "Countries")
            .optional()
            .hint("Codes such as DE, AT, FR. Everywhere if left empty.")
            .filled(filled),
        Field::number("days_min", "Days on the way at least").between(0, 120).filled(filled),
        Field::number("days_max", "Days on the way at most").between(0, 120).filled(filled),
    ];
    let sender = or_none("sender", desk.app.shipping.sender(&desk.who, desk.vendor_id).await);
    let by_carrier = sender.filter(|sender| sender.labels).map(|_| {
        Check::new("carrier_rate", "It costs what the carrier takes")
            .note("To one to ten countries. The prices above hold while the carrier has not said its own.")
            .filled(filled)
    });
    let form = Form::new(action, &desk.csrf(), verb)
        .hidden("version", method.map_or(String::new(), |m| m.version.to_string()))
        .fields(fields.into_iter().chain(handling_fields(filled)).chain(pickup::fields(filled)).collect())
        .maybe(by_carrier.as_ref())
        .cancel("Cancel", desk.at("delivery"));
    let place = desk.place(title, Room::Delivery).await?;
    Ok(PortalPage::new(place)
        .above(&[("Delivery", &desk.at("delivery"))])
        .errors(filled.summary(&[FIELDS.as_slice(), &pickup::FIELDS].concat()))
        .block(&Panel::new("").with(&form)))
}

/// What passes before a parcel leaves.
fn handling_fields(filled: &Filled) -> [Field; 3] {
    [
        Field::number("handling.days", "Working days until it leaves")
            .between(0, 60)
            .optional()
            .hint("0 if it leaves on the day of the order. Nothing leaves at the week-end.")
            .filled(filled),
        Field::number("handling.cutoff_hour", "Orders count for the day until this hour")
            .between(1, 23)
            .optional()
            .hint("14 for two in the afternoon, on your clock. What is ordered later counts as ordered the next day.")
            .filled(filled),
        Field::text("handling.utc_offset_min", "Your clock, from UTC")
            .optional()
            .hint("Such as +01:00 or -05:00; UTC itself if left empty.")
            .filled(filled),
    ]
}

/// `POST /vendor/{vendor_id}/delivery`
pub async fn create(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let result = match read(&posted.fields, desk.visit.purse.main()) {
        Ok(input) => desk.app.shipping.add_method(&desk.who, vendor_id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, None, &posted.fields, result).await
}

/// `POST /vendor/{vendor_id}/delivery/{id}`
pub async fn save(Path((vendor_id, id)): Path<(VendorId, ShippingMethodId)>, posted: Posted) -> Shown {
    let desk = Desk::of(posted.visit, vendor_id).await?;
    let method = find(&desk, id).await?;
    let version: i64 = posted.fields.parsed("version").unwrap_or(method.version);
    let client = desk.app.shipping.with_header("if-match", format!("\"{version}\""));
    let result = match read(&posted.fields, method.input.currency) {
        Ok(input) => client.update_method(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, Some(method), &posted.fields, result).await
}

async fn answer(mut desk: Desk, method: Option<MethodView>, sent: &Fields, result: Result<MethodView>) -> Shown {
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.input.name))).await?;
            Ok(desk.visit.go(&desk.at("delivery")))
        }
        Err(error) => {
            let whole = |field: &str| field.split('[').next().unwrap_or_default().to_owned();
            let (status, filled) = sent.refused(renamed(error, whole))?;
            let page = form(&mut desk, method.as_ref(), &filled).await?;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields, currency: Currency) -> Result<MethodInput> {
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Give it a name that buyers see.");
    let price = reader.amount("price_minor", currency);
    if sent.some("price_minor").is_none() {
        reader.wrong("price_minor", "Enter a price; 0 for free delivery.");
    }
    let free_over = reader.amount("free_over_minor", currency);
    let weight_prices = weight_prices(sent.get("weight_prices"), currency).unwrap_or_else(|| {
        let example = currency.example(990);
        reader.wrong("weight_prices", format!("Write each line as weight and price: 5 kg: {example}"));
        Vec::new()
    });
    let value_prices = value_prices(sent.get("value_prices"), currency).unwrap_or_else(|| {
        let (from, price) = (currency.example(5_000), currency.example(290));
        let free = "Where delivery is free is said below.";
        reader.wrong(
            "value_prices",
            format!("Write each line as value and price, both above 0: {from}: {price}. {free}"),
        );
        Vec::new()
    });
    let max_weight_g = sent.some("max_weight_g").map(|text| {
        grams(&text).filter(|grams| *grams > 0).unwrap_or_else(|| {
            reader.wrong("max_weight_g", "Enter kilograms such as 31.5, or leave it empty.");
            0
        })
    });
    let codes = sent.get("countries").split([',', ' ', ';']).filter(|code| !code.is_empty());
    let codes = codes.map(|code| code.to_uppercase().parse::<Country>().ok().filter(|c| is_known(c.as_str())));
    let countries = codes.collect::<Option<Vec<_>>>().unwrap_or_else(|| {
        reader.wrong("countries", "Use two-letter country codes such as DE, AT, FR.");
        Vec::new()
    });
    let (days_min, days_max) = (reader.whole("days_min", 0..=120), reader.whole("days_max", 0..=120));
    if reader.ok() && days_max < days_min {
        reader.wrong("days_max", "Not fewer than the days at least.");
    }
    let handling = handling(&mut reader, sent);
    let pickup = pickup::read(&mut reader, sent);
    if !reader.ok() {
        return Err(reader.error());
    }
    Ok(MethodInput {
        name,
        currency,
        price_minor: price.map_or(0, |m| m.amount_minor),
        free_over_minor: free_over.map(|m| m.amount_minor),
        countries,
        days_min,
        days_max,
        weight_prices,
        value_prices,
        max_weight_g,
        carrier_rate: sent.some("carrier_rate").is_some(),
        handling,
        pickup,
    })
}

/// What passes before a parcel leaves; what is left empty is nothing.
fn handling(reader: &mut Reader<'_>, sent: &Fields) -> Handling {
    let (days, hour, offset) = ("handling.days", "handling.cutoff_hour", "handling.utc_offset_min");
    Handling {
        days: sent.some(days).map_or(0, |_| reader.whole(days, 0..=60)),
        cutoff_hour: sent.some(hour).map(|_| reader.whole(hour, 1..=23)),
        utc_offset_min: sent.some(offset).map_or(0, |text| {
            minutes(&text).unwrap_or_else(|| {
                reader.wrong(offset, "Write it such as +01:00 or -05:00, from -12:00 to +14:00.");
                0
            })
        }),
    }
}

/// Minutes in `+01:00`, `-3:30`, `2`.
fn minutes(text: &str) -> Option<i64> {
    let text = text.trim().replace('\u{2212}', "-");
    let (sign, plain) = match text.strip_prefix('-') {
        Some(plain) => (-1, plain),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (hours, rest) = plain.split_once(':').unwrap_or((plain, "00"));
    let number = |text: &str| {
        let is_short = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| is_short)
    };
    let rest = number(rest).filter(|minutes| *minutes < 60)?;
    Some(sign * (number(hours)? * 60 + rest)).filter(|minutes| (-720..=840).contains(minutes))
}

fn is_known(code: &str) -> bool {
    countries::all().any(|(known, _)| known == code)
}

/// `GET /vendor/{vendor_id}/delivery/{id}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ShippingMethodId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let method = find(&desk, id).await?;
    let place = desk.place(format!("Remove “{}”?", method.input.name), Room::Delivery).await?;
    let form = Form::new(desk.at(&format!("delivery/{id}/remove")), &desk.csrf(), "Remove it");
    let ask = Ask {
        effect: "Buyers can no longer choose it. Orders already placed keep it. If it is the only one, nothing of \
                 yours can be ordered until you add another.",
        form,
        back: Link::new("Keep it", desk.at("delivery")),
    };
    render::page(&ask.page(place, &[("Delivery", &desk.at("delivery"))]))
}

/// `POST /vendor/{vendor_id}/delivery/{id}/remove`
pub async fn remove(Path((vendor_id, id)): Path<(VendorId, ShippingMethodId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    desk.app.shipping.remove_method(&desk.who, vendor_id, id).await?;
    desk.visit.say(Message::good("That way to deliver is removed.")).await?;
    Ok(desk.visit.go(&desk.at("delivery")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_as_they_are_written() {
        for (text, read) in
            [("+01:00", 60), ("-3:30", -210), ("2", 120), ("\u{2212}12", -720), ("+14:00", 840), ("0", 0)]
        {
            assert_eq!((minutes(text), minutes(&stores::offset(read))), (Some(read), Some(read)), "{text}");
        }
        for bad in ["", "+", "CET", "1:60", "14:01", "-12:01", "+-1", "1:", "001", "99"] {
            assert_eq!(minutes(bad), None, "{bad}");
        }
    }

    #[test]
    fn weights_and_values_are_read_as_they_are_written() {
        let read = |text| weight_prices(text, Currency::EUR);
        let price = |from_g, price_minor| WeightPrice { from_g, price_minor };
        assert_eq!(read("5 kg: 9.90\n\n 0,25=3,5 €"), Some(vec![price(5_000, 990), price(250, 350)]));
        assert_eq!(read(" "), Some(vec![]));
        for bad in ["5 kg", "5 kg: x", "-5: 1", "1.2345: 1", "five: 5", ": 5", ".5: 1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        let read = |text| value_prices(text, Currency::EUR);
        let price = |from_minor, price_minor| ValuePrice { from_minor, price_minor };
        assert_eq!(read("50: 2.90\n\n 99,90 € = 1,5 €"), Some(vec![price(5_000, 290), price(9_990, 150)]));
        for bad in ["50", "50: x", "0: 1", "50: 0", "50: -1", "50.001: 1", ": 5"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!([grams("31.5"), grams("2 kg"), grams("99999999999999999")], [Some(31_500), Some(2_000), None]);
        assert_eq!([kilograms(31_500), kilograms(5_000), kilograms(1)], ["31.5", "5", "0.001"]);
    }
}
