//! Paying something back of a vendor's part of an order for which nothing comes back.

use axum::http::StatusCode;
use kernel::{Error, OrderId, VendorOrderId};

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::portal::{Panel, PortalPage, Words, paying_back as shared},
    render::{self, Shown},
    session::Message,
    ui::Filled,
    visit::{Path, Visit},
};

/// `GET /admin/orders/{id}/parts/{part}/pay-back`
pub async fn new(visit: Visit, Path(of): Path<(OrderId, VendorOrderId)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let filled = Filled::with([("key", desk.app.random.token())]);
    page(&mut desk, StatusCode::OK, of, &filled).await
}

async fn page(desk: &mut Desk, status: StatusCode, (id, part): (OrderId, VendorOrderId), filled: &Filled) -> Shown {
    let order = desk.app.orders.order(&desk.who, id).await?;
    let found = order.vendor_orders.iter().find(|one| one.id == part);
    let part = found.ok_or_else(|| Error::not_found("part of the order"))?;
    let here = format!("/admin/orders/{id}");
    let place = desk.place(shared::TITLE, Room::Orders).await;
    let action = format!("{here}/parts/{}/pay-back", part.id);
    let form = shared::form(&desk.fmt, &desk.csrf(), part, (action, &here), filled);
    let panel = Panel::new(&part.vendor_name).narrow().with(&Words::soft(shared::EFFECT)).with(&form);
    let names = shared::names(part);
    let page = PortalPage::new(place)
        .above(&[("Orders", "/admin/orders"), (&order.number, &here)])
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .block(&panel);
    render::page_with(status, &page)
}

/// `POST /admin/orders/{id}/parts/{part}/pay-back`
pub async fn pay_back(Path((id, part)): Path<(OrderId, VendorOrderId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::open(posted.visit).await?;
    let client = desk.app.orders.with_header("idempotency-key", fields.get("key"));
    let result = match shared::read(&fields) {
        Ok(input) => client.pay_back_for(&desk.who, part, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(of) => {
            desk.visit.say(Message::good(format!("{}: the money is on its way back.", of.number))).await?;
            Ok(desk.visit.go(&format!("/admin/orders/{id}")))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, (id, part), &filled).await
        }
    }
}
