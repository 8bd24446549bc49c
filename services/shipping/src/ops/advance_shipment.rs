//! Hands a parcel over, marks it as arrived, calls it off. Doing it again changes nothing and gives the
//! same answer.

use std::sync::Arc;

use contracts::shipping::{MarkShipped, ShipmentDelivered, ShipmentShipped, ShipmentStatus, ShipmentView};
use db::Tx;
use kernel::{Result, VendorOrderId, VendorScope};
use souk_http::IfMatch;

use crate::{
    Shipping,
    error::ShippingError,
    model::{Action, Shipment, shipment::Carriage, typed},
    store,
};

/// How often a parcel is looked at again that somebody else changed in between: there are only three states to go through.
const ATTEMPTS: usize = 4;

pub(crate) async fn ship(
    app: &Arc<Shipping>,
    scope: VendorScope,
    part: VendorOrderId,
    seen: IfMatch,
    input: MarkShipped,
) -> Result<ShipmentView> {
    let carriage = Carriage {
        carrier: typed("carrier", &input.carrier)?,
        number: typed("tracking_number", &input.tracking_number)?,
    };
    act(app, scope, part, seen, Action::Ship(carriage)).await
}

pub(crate) async fn deliver(
    app: &Arc<Shipping>,
    scope: VendorScope,
    part: VendorOrderId,
    seen: IfMatch,
) -> Result<ShipmentView> {
    act(app, scope, part, seen, Action::Deliver).await
}

async fn act(
    app: &Arc<Shipping>,
    scope: VendorScope,
    part: VendorOrderId,
    seen: IfMatch,
    action: Action,
) -> Result<ShipmentView> {
    let this = app.clone();
    let shipment =
        app.db.as_vendor(&scope).write(async move |tx| advance(&this, tx, &scope, part, &seen, &action).await).await?;
    Ok(shipment.view(&app.tokens))
}

/// Does `action` to the parcel of a vendor's part and tells of it; the parcel as it is afterwards.
pub(crate) async fn advance(
    app: &Shipping,
    tx: &mut Tx,
    scope: &VendorScope,
    part: VendorOrderId,
    seen: &IfMatch,
    action: &Action,
) -> Result<Shipment> {
    for _ in 0..ATTEMPTS {
        let shipment = store::shipments::find(tx, scope, part).await?;
        let Some(next) = shipment.step(action, app.clock.now())? else { return Ok(shipment) };
        seen.check(shipment.version)?;
        if store::shipments::advance(tx, scope, &next).await? {
            tell(app, tx, &next).await?;
            return Ok(next);
        }
    }
    Err(ShippingError::Contended.into())
}

async fn tell(app: &Shipping, tx: &mut Tx, shipment: &Shipment) -> Result<()> {
    let Shipment { id: shipment_id, order_id, vendor_order_id, vendor_id, .. } = *shipment;
    match (shipment.status, shipment.tracking(&app.tokens), shipment.shipped_at, shipment.delivered_at) {
        (ShipmentStatus::Shipped, Some(tracking), Some(at), _) => {
            let shipped = ShipmentShipped { shipment_id, order_id, vendor_order_id, vendor_id, tracking, at };
            app.outbox.publish(tx, &shipped).await
        }
        (ShipmentStatus::Delivered, _, _, Some(at)) => {
            app.outbox.publish(tx, &ShipmentDelivered { shipment_id, order_id, vendor_order_id, vendor_id, at }).await
        }
        // Who called the order off knows.
        _ => Ok(()),
    }
}
