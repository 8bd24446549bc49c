//! Correcting where an order goes, for its buyer.

use axum::http::StatusCode;
use kernel::{Kind, OrderId};

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::{
        portal::{Form, Panel, PortalPage, Words},
        shop::{address as shop, attempt},
    },
    render::{self, Shown},
    session::Message,
    ui::Filled,
    visit::{Path, Visit},
};

/// `GET /admin/orders/{id}/address`
pub async fn show(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let order = desk.app.orders.order(&desk.who, id).await?;
    page(&mut desk, StatusCode::OK, id, &order.number, &Filled::with(attempt::filled(&order.address))).await
}

async fn page(desk: &mut Desk, status: StatusCode, id: OrderId, number: &str, filled: &Filled) -> Shown {
    let here = format!("/admin/orders/{id}");
    let place = desk.place("Correct the address".to_owned(), Room::Orders).await;
    let form = Form::new(format!("{here}/address"), &desk.csrf(), "Save the address");
    let form = shop::FIXED.iter().fold(form, |form, name| form.hidden(name, filled.value(name)));
    let form = form.fields(shop::fields(filled)).cancel("Leave it as it is", &here);
    let page = PortalPage::new(place)
        .above(&[("Orders", "/admin/orders"), (number, &here)])
        .errors(filled.summary(&attempt::ADDRESS_NAMES))
        .block(&Panel::new("").narrow().with(&Words::soft(shop::WHAT)).with(&form));
    render::page_with(status, &page)
}

/// `POST /admin/orders/{id}/address`
pub async fn correct(Path(id): Path<OrderId>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::open(posted.visit).await?;
    let order = desk.app.orders.order(&desk.who, id).await?;
    let corrected = match shop::read(&fields, &order) {
        Ok(address) => desk.app.orders.correct_address(&desk.who, id, &address).await,
        Err(error) => Err(error),
    };
    match corrected {
        Ok(_) => desk.visit.say(Message::good("The address is corrected.")).await?,
        Err(error) if error.is(Kind::Conflict) => desk.visit.say(Message::bad(error.detail())).await?,
        Err(error) => {
            let (status, filled) = fields.refused(attempt::address_error(error))?;
            return page(&mut desk, status, id, &order.number, &filled).await;
        }
    }
    Ok(desk.visit.go(&format!("/admin/orders/{id}")))
}
