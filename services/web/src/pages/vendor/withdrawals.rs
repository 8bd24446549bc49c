//! Taking out of an order what the vendor cannot send.

use axum::http::StatusCode;
use kernel::{VendorId, VendorOrderId};

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

/// `GET /vendor/{vendor_id}/orders/{id}/withdraw`
pub async fn new(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let filled = Filled::with([("key", desk.app.random.token())]);
    page(&mut desk, StatusCode::OK, id, &filled).await
}

async fn page(desk: &mut Desk, status: StatusCode, id: VendorOrderId, filled: &Filled) -> Shown {
    let detail = desk.app.orders.vendor_order(&desk.who, desk.vendor_id, id).await?;
    let here = desk.at(&format!("orders/{id}"));
    let place = desk.place("Take items out".to_owned(), Room::Orders).await?;
    let fields = shop::fields(&detail.order, filled);
    let panel = if fields.is_empty() {
        Panel::new("").narrow().with(&Words::new("Nothing of this order is left to be sent."))
    } else {
        let form = Form::new(format!("{here}/withdraw"), &desk.csrf(), "Take them out")
            .hidden("key", filled.value("key"))
            .fields(fields)
            .with(&shop::why(filled))
            .danger()
            .cancel("Keep everything", &here);
        let text = format!("What you cannot send. The buyer gets a mail with your reason. {}", shop::EFFECT);
        Panel::new("").narrow().with(&Words::soft(text)).with(&form)
    };
    let names = shop::names([&detail.order]);
    let page = PortalPage::new(place)
        .above(&[("Orders", &desk.at("orders")), (&detail.order.number, &here)])
        .errors(filled.summary(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        .block(&panel);
    render::page_with(status, &page)
}

/// `POST /vendor/{vendor_id}/orders/{id}/withdraw`
pub async fn withdraw(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let client = desk.app.orders.with_header("idempotency-key", fields.get("key"));
    let result = match shop::read(&fields) {
        Ok(input) => client.withdraw_own_items(&desk.who, vendor_id, id, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(of) => {
            desk.visit.say(shop::done(&of)).await?;
            Ok(desk.visit.go(&desk.at(&format!("orders/{id}"))))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, id, &filled).await
        }
    }
}
