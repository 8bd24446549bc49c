//! The customer's address book.

use askama::Template;
use axum::http::StatusCode;
use contracts::identity::{AddressInput, AddressView};
use kernel::{AddressId, Error, Result};

use super::form::FormPage;
use crate::{
    forms::{Fields, Posted, Reader},
    pages::shop::{address::address_fields, attempt, cart, countries},
    render::{self, Shown},
    session::Message,
    ui::{AddressBlock, Check, Empty, Filled, Shell, Tabs},
    visit::{Path, Visit},
};

/// One address of the book.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The address as it is written.
    pub block: AddressBlock,
    /// Who receives it, for screen readers.
    pub name: String,
    /// Where it is changed.
    pub href: String,
    /// Offered first at checkout.
    pub is_default: bool,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/addresses.html")]
pub struct Addresses {
    /// Head and foot.
    pub shell: Shell,
    /// The other pages.
    pub tabs: Tabs,
    /// The addresses.
    pub entries: Vec<Entry>,
    /// Instead of addresses, while there are none.
    pub empty: Empty,
}

/// `GET /account/addresses`
pub async fn list(mut visit: Visit) -> Shown {
    visit.account()?;
    let (app, who) = (visit.app.clone(), visit.who());
    let (shell, saved) = futures::join!(visit.shell("Addresses"), app.identity.addresses(&who));
    let entry = |saved: &AddressView| Entry {
        block: countries::block(&saved.address),
        name: saved.address.name.clone(),
        href: format!("/account/addresses/{}", saved.id),
        is_default: saved.is_default,
    };
    let empty = Empty::new("pin", "No addresses yet", "Keep one, and the next checkout is shorter.");
    let page = Addresses {
        shell: Shell { private: true, ..shell },
        tabs: super::tabs("/account/addresses"),
        entries: saved?.iter().map(entry).collect(),
        empty: empty.action("Add an address", "/account/addresses/new"),
    };
    render::page(&page)
}

/// `GET /account/addresses/new`
pub async fn show_new(mut visit: Visit) -> Shown {
    visit.account()?;
    let filled = Filled::with([("address.country", cart::country(&visit).to_string())]);
    form(&mut visit, StatusCode::OK, None, &filled).await
}

/// `POST /account/addresses/new`
pub async fn add(Posted { visit, fields }: Posted) -> Shown {
    visit.account()?;
    let added = match read(&fields) {
        Ok(input) => visit.app.identity.add_address(&visit.who(), &input).await,
        Err(error) => Err(error),
    };
    done(visit, &fields, None, added.map(drop)).await
}

/// `GET /account/addresses/{id}`
pub async fn show(mut visit: Visit, Path(id): Path<AddressId>) -> Shown {
    visit.account()?;
    let saved = visit.app.identity.addresses(&visit.who()).await?;
    let saved = saved.into_iter().find(|saved| saved.id == id).ok_or_else(|| Error::not_found("address"))?;
    form(&mut visit, StatusCode::OK, Some(id), &filled(&saved)).await
}

/// `POST /account/addresses/{id}`
pub async fn save(Path(id): Path<AddressId>, Posted { visit, fields }: Posted) -> Shown {
    visit.account()?;
    let saved = match read(&fields) {
        Ok(input) => visit.app.identity.update_address(&visit.who(), id, &input).await,
        Err(error) => Err(error),
    };
    done(visit, &fields, Some(id), saved.map(drop)).await
}

/// `POST /account/addresses/{id}/remove`
pub async fn remove(Path(id): Path<AddressId>, Posted { mut visit, .. }: Posted) -> Shown {
    visit.account()?;
    visit.app.identity.remove_address(&visit.who(), id).await?;
    visit.say(Message::good("The address is removed.")).await?;
    Ok(visit.go("/account/addresses"))
}

async fn done(mut visit: Visit, fields: &Fields, id: Option<AddressId>, saved: Result<()>) -> Shown {
    match saved {
        Ok(()) => {
            visit.say(Message::good("The address is saved.")).await?;
            Ok(visit.go("/account/addresses"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            form(&mut visit, status, id, &filled).await
        }
    }
}

fn read(fields: &Fields) -> Result<AddressInput> {
    let mut reader = Reader::new(fields);
    let address = attempt::address(&mut reader, "address.");
    let is_default = reader.ticked("is_default");
    match address.filter(|_| reader.ok()) {
        Some(address) => Ok(AddressInput { address, is_default }),
        None => Err(reader.error()),
    }
}

fn filled(saved: &AddressView) -> Filled {
    let is_default = if saved.is_default { "yes" } else { "" };
    Filled::with(attempt::filled(&saved.address).into_iter().chain([("is_default", is_default.to_owned())]))
}

async fn form(visit: &mut Visit, status: StatusCode, id: Option<AddressId>, filled: &Filled) -> Shown {
    let (title, action) = match id {
        Some(id) => ("Change the address", format!("/account/addresses/{id}")),
        None => ("A new address", "/account/addresses/new".to_owned()),
    };
    let fields = address_fields("address.", filled);
    let page = FormPage::new(title, action, "Save the address")
        .errors(filled, &attempt::ADDRESS_NAMES)
        .in_account("/account/addresses");
    let page = fields.iter().fold(page, |page, field| page.field(field));
    page.field(&Check::new("is_default", "Offer it first at checkout").filled(filled))
        .after("Back", "/account/addresses")
        .show(visit, status)
        .await
}
