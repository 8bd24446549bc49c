//! Taking items out of an order for its buyer.

use axum::http::StatusCode;
use kernel::OrderId;

use super::{Desk, Room};
use crate::{
    forms::Posted,
    pages::{
        portal::{Form, Panel, PortalPage, Words},
        shop::withdrawals as shop,
    },
    render::{self, Shown},
    ui::Filled,
    visit::{Path, Visit},
};

/// `GET /admin/orders/{id}/withdraw`
pub async fn new(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let filled = Filled::with([("key", desk.app.random.token())]);
    page(&mut desk, StatusCode::OK, id, &filled).await
}

async fn page(desk: &mut Desk, status: StatusCode, id: OrderId, filled: &Filled) -> Shown {
    let order = desk.app.orders.order(&desk.who, id).await?;
    let here = format!("/admin/orders/{id}");
    let place = desk.place("Take items out".to_owned(), Room::Orders).await;
    let fields: Vec<_> = order.vendor_orders.iter().flat_map(|part| shop::fields(part, filled)).collect();
    let panel = if fields.is_empty() {
        Panel::new("").narrow().with(&Words::new("Nothing of this order is left to be sent."))
    } else {
        let form = Form::new(format!("{here}/withdraw"), &desk.csrf(), "Take them out")
            .hidden("key", filled.value("key"))
            .fields(fields)
            .with(&shop::why(filled))
            .danger()
            .cancel("Keep everything", &here);
        let text = format!("Buyer and vendors get a mail with the reason. {}", shop::EFFECT);
        Panel::new("").narrow().with(&Words::soft(text)).with(&form)
    };
    let names = shop::names(&order.vendor_orders);
    let page = PortalPage::new(place)
        .above(&[("Orders", "/admin/orders"), (&order.number, &here)])
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .block(&panel);
    render::page_with(status, &page)
}

/// `POST /admin/orders/{id}/withdraw`
pub async fn withdraw(Path(id): Path<OrderId>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::open(posted.visit).await?;
    let client = desk.app.orders.with_header("idempotency-key", fields.get("key"));
    let result = match shop::read(&fields) {
        Ok(input) => client.withdraw_items(&desk.who, id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(of) => {
            desk.visit.say(shop::done(&of)).await?;
            Ok(desk.visit.go(&format!("/admin/orders/{id}")))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, id, &filled).await
        }
    }
}
