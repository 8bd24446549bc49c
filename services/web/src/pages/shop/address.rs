//! Correcting where an order goes, before anything is on its way: the buyer's page, and what the administration's shares.

use axum::http::StatusCode;
use contracts::{identity::AddressView, orders::OrderView, shared::Address};
use kernel::{Kind, OrderId, Result};

use super::{attempt, cart, countries, order};
use crate::{
    forms::{Fields, Posted},
    pages::account::form::FormPage,
    render::Shown,
    session::Message,
    ui::{Choice, Choices, Field, Filled},
    visit::{Path, Visit},
};

/// What can be corrected, said before.
pub const WHAT: &str = "Possible until the first parcel is on its way. Country and region stay as they are: taxes and delivery \
                        were counted for them.";

/// What goes with the form unchanged.
pub const FIXED: [&str; 2] = ["address.country", "address.region"];

/// The fields that may change.
pub fn fields(filled: &Filled) -> Vec<Field> {
    let is_open = |field: &Field| !FIXED.iter().any(|name| field.is(name));
    address_fields("address.", filled).into_iter().filter(is_open).collect()
}

/// The order's address as it was typed. What the form does not show stays.
///
/// # Errors
/// What is missing.
pub fn read(fields: &Fields, order: &OrderView) -> Result<Address> {
    let typed = attempt::read_address(fields)?;
    Ok(Address { company: order.address.company.clone(), ..typed })
}

/// The fields of an address whose names begin with `prefix`, country first.
pub fn address_fields(prefix: &str, filled: &Filled) -> Vec<Field> {
    let name = |part: &str| format!("{prefix}{part}");
    let country = Field::select(&name("country"), "Country", countries::all()).autocomplete("shipping country");
    let fields = vec![
        country,
        Field::text(&name("name"), "Name").autocomplete("shipping name").max_length(100),
        Field::text(&name("line1"), "Street and number").autocomplete("shipping address-line1").max_length(120),
        Field::text(&name("line2"), "Floor, flat, company")
            .autocomplete("shipping address-line2")
            .max_length(120)
            .optional(),
        Field::text(&name("postcode"), "Postcode").autocomplete("shipping postal-code").max_length(16).class("w-s"),
        Field::text(&name("city"), "Town").autocomplete("shipping address-level2").max_length(80),
        Field::text(&name("region"), "State or province")
            .autocomplete("shipping address-level1")
            .max_length(cart::REGION_MAX)
            .optional(),
        Field::phone(&name("phone"), "Telephone").hint("Only for the carrier.").max_length(32).optional(),
    ];
    fields.into_iter().map(|field| field.filled(filled)).collect()
}

/// `GET /orders/{id}/address`
pub async fn show(mut visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let found = order::find(&visit, id).await?;
    if !found.is_unsent() {
        visit.say(Message::bad("The address of this order stays as it is now.")).await?;
        return Ok(visit.go(&format!("/orders/{id}")));
    }
    form(&mut visit, StatusCode::OK, id, &Filled::with(attempt::filled(&found.address))).await
}

async fn form(visit: &mut Visit, status: StatusCode, id: OrderId, filled: &Filled) -> Shown {
    let page = FormPage::new("Correct the address", format!("/orders/{id}/address"), "Save the address")
        .lead(WHAT)
        .errors(filled, &attempt::ADDRESS_NAMES);
    let page = FIXED.iter().fold(page, |page, name| page.hidden(name, filled.value(name)));
    let page = fields(filled).iter().fold(page, |page, field| page.field(field));
    page.after("Leave it as it is", format!("/orders/{id}")).show(visit, status).await
}

/// `POST /orders/{id}/address`
pub async fn correct(Path(id): Path<OrderId>, Posted { mut visit, fields }: Posted) -> Shown {
    let found = order::find(&visit, id).await?;
    let corrected = match read(&fields, &found) {
        Ok(address) => visit.orders(id).correct_address(&visit.who(), id, &address).await,
        Err(error) => Err(error),
    };
    match corrected {
        Ok(_) => visit.say(Message::good("The address is corrected.")).await?,
        Err(error) if error.is(Kind::Conflict) => visit.say(Message::bad(error.detail())).await?,
        Err(error) => {
            let (status, filled) = fields.refused(attempt::address_error(error))?;
            return form(&mut visit, status, id, &filled).await;
        }
    }
    Ok(visit.go(&format!("/orders/{id}")))
}

/// The addresses of a customer to choose from, and another one; nothing if none are kept.
pub fn saved_choice(saved: &[AddressView], filled: &Filled) -> Option<Choices> {
    let card = |saved: &AddressView| {
        let lines = countries::block(&saved.address).lines;
        let (text, note) =
            lines.split_first().map(|(first, rest)| (first.clone(), rest.join(", "))).unwrap_or_default();
        Choice { value: saved.id.to_string(), text, note, ..Choice::default() }
    };
    if saved.is_empty() {
        return None;
    }
    let another = Choice { value: "new".to_owned(), text: "Another address".to_owned(), ..Choice::default() };
    let chosen = filled.value("address_id");
    Some(Choices {
        name: "address_id".to_owned(),
        legend: "Where shall it go?".to_owned(),
        hidden_legend: false,
        choices: saved.iter().map(card).chain([another]).collect(),
        chosen: if chosen.is_empty() { "new".to_owned() } else { chosen.to_owned() },
        error: filled.error("address_id").map(str::to_owned),
        across: false,
    })
}
