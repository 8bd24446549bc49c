//! Paying something back of an order for which nothing comes back.

use axum::http::StatusCode;
use kernel::{VendorId, VendorOrderId};

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::portal::{Panel, PortalPage, Words, paying_back as shared},
    render::{self, Shown},
    session::Message,
    ui::Filled,
    visit::{Path, Visit},
};

/// `GET /vendor/{vendor_id}/orders/{id}/pay-back`
pub async fn new(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let filled = Filled::with([("key", desk.app.random.token())]);
    page(&mut desk, StatusCode::OK, id, &filled).await
}

async fn page(desk: &mut Desk, status: StatusCode, id: VendorOrderId, filled: &Filled) -> Shown {
    let part = desk.app.orders.vendor_order(&desk.who, desk.vendor_id, id).await?.order;
    let here = desk.at(&format!("orders/{id}"));
    let place = desk.place(shared::TITLE, Room::Orders).await?;
    let form = shared::form(&desk.fmt, &desk.csrf(), &part, (format!("{here}/pay-back"), &here), filled);
    let panel = Panel::new("").narrow().with(&Words::soft(shared::EFFECT)).with(&form);
    let names = shared::names(&part);
    let page = PortalPage::new(place)
        .above(&[("Orders", &desk.at("orders")), (&part.number, &here)])
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .block(&panel);
    render::page_with(status, &page)
}

/// `POST /vendor/{vendor_id}/orders/{id}/pay-back`
pub async fn pay_back(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let client = desk.app.orders.with_header("idempotency-key", fields.get("key"));
    let result = match shared::read(&fields) {
        Ok(input) => client.pay_back(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(of) => {
            desk.visit.say(Message::good(format!("{}: the money is on its way back.", of.number))).await?;
            Ok(desk.visit.go(&desk.at(&format!("returns/{}", of.id))))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, id, &filled).await
        }
    }
}
