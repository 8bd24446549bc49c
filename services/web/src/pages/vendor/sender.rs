//! Where a store's parcels come from: carriers print it on labels.

use axum::http::StatusCode;
use kernel::VendorId;

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::{
        portal::{Form, Panel, PortalPage, Words},
        shop::{address::address_fields, attempt},
    },
    render::{self, Shown},
    session::Message,
    ui::Filled,
    visit::{Path, Visit},
};

/// `GET /vendor/{vendor_id}/delivery/sender`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let sender = desk.app.shipping.sender(&desk.who, vendor_id).await?;
    let filled = match &sender.address {
        Some(address) => Filled::with(attempt::filled(address)),
        None => {
            let store = desk.app.vendors.vendor(&desk.who, vendor_id).await?.store;
            Filled::with([
                ("address.name", store.name),
                ("address.city", store.city),
                ("address.country", store.country.to_string()),
            ])
        }
    };
    page(&mut desk, StatusCode::OK, sender.version, &filled).await
}

async fn page(desk: &mut Desk, status: StatusCode, version: i64, filled: &Filled) -> Shown {
    let form = Form::new(desk.at("delivery/sender"), &desk.csrf(), "Save the address")
        .hidden("version", version.to_string())
        .fields(address_fields("address.", filled))
        .cancel("Leave it as it is", desk.at("delivery"));
    let text = "Carriers print it on your labels, and bring back there what cannot be delivered. Buyers of your parcels see it.";
    let place = desk.place("Where parcels come from", Room::Delivery).await?;
    let page = PortalPage::new(place)
        .above(&[("Delivery", &desk.at("delivery"))])
        .errors(filled.summary(&attempt::ADDRESS_NAMES))
        .block(&Panel::new("").narrow().with(&Words::new(text)).with(&form));
    render::page_with(status, &page)
}

/// `POST /vendor/{vendor_id}/delivery/sender`
pub async fn save(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let version: i64 = posted.fields.parsed("version").unwrap_or_default();
    let client = desk.app.shipping.with_header("if-match", format!("\"{version}\""));
    let result = match attempt::read_address(&posted.fields) {
        Ok(address) => client.set_sender(&desk.who, vendor_id, &address).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => {
            desk.visit.say(Message::good("The address is saved.")).await?;
            Ok(desk.visit.go(&desk.at("delivery")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(attempt::address_error(error))?;
            page(&mut desk, status, version, &filled).await
        }
    }
}
