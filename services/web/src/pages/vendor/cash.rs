//! A vendor whose parcel comes back because its buyer did not pay at the door.

use axum::http::StatusCode;
use contracts::{
    orders::{VendorOrderDetail, VendorOrderStatus},
    payments::NotCollected,
};
use kernel::{VendorId, VendorOrderId};

use super::{Desk, Room};
use crate::{
    forms::{Posted, Reader},
    pages::portal::{Form, Panel, PortalPage, Words},
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled},
    visit::{Path, Visit},
};

/// True if the vendor may say so: something has left, and nobody else has a part in it.
pub(super) fn may_come_back(detail: &VendorOrderDetail) -> bool {
    use VendorOrderStatus::{Delivered, PartiallyShipped, Shipped};
    detail.to_collect.is_some() && matches!(detail.order.status, PartiallyShipped | Shipped | Delivered)
}

/// `GET /vendor/{vendor_id}/orders/{id}/not-collected`
pub async fn ask(visit: Visit, Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    page(&mut desk, StatusCode::OK, id, &Filled::default()).await
}

async fn page(desk: &mut Desk, status: StatusCode, id: VendorOrderId, filled: &Filled) -> Shown {
    let detail = desk.app.orders.vendor_order(&desk.who, desk.vendor_id, id).await?;
    let here = desk.at(&format!("orders/{id}"));
    if !may_come_back(&detail) {
        return Ok(desk.visit.go(&here));
    }
    let place = desk.place("Was it not paid at the door?".to_owned(), Room::Orders).await?;
    let reason = Field::text("reason", "What the courier says").max_length(300).filled(filled);
    let form = Form::new(format!("{here}/not-collected"), &desk.csrf(), "Call the order off")
        .danger()
        .with(&reason)
        .cancel("Keep it", &here);
    let effect = "The order is called off and its buyer is told. Count what comes back in again in your stock.";
    let page = PortalPage::new(place)
        .above(&[("Orders", &desk.at("orders")), (&detail.order.number, &here)])
        .errors(filled.summary(&["reason"]))
        .block(&Panel::new("").narrow().with(&Words::new(effect)).with(&form));
    render::page_with(status, &page)
}

/// `POST /vendor/{vendor_id}/orders/{id}/not-collected`
pub async fn not_collected(Path((vendor_id, id)): Path<(VendorId, VendorOrderId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let mut reader = Reader::new(&fields);
    let reason = reader.text("reason", "Say what the courier says.");
    let result = match reader.ok() {
        true => desk.app.orders.not_collected(&desk.who, vendor_id, id, &NotCollected { reason }).await,
        false => Err(reader.error()),
    };
    match result {
        Ok(()) => {
            desk.visit.say(Message::good("The order is called off.")).await?;
            Ok(desk.visit.go(&desk.at(&format!("orders/{id}"))))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut desk, status, id, &filled).await
        }
    }
}
