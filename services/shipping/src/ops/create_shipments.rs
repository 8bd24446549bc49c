//! A paid order: one parcel is to be packed for each vendor's part.

use contracts::{
    orders::OrderPaid,
    shipping::{ShipmentCreated, ShipmentStatus},
};
use db::Tx;
use kernel::{Result, ShipmentId};

use crate::{Shipping, model::Shipment, store};

pub(crate) async fn create_shipments(app: &Shipping, tx: &mut Tx, paid: OrderPaid) -> Result<()> {
    for part in paid.order.parts {
        let shipment = Shipment {
            id: ShipmentId::new(&app.ids),
            order_id: paid.order_id,
            vendor_order_id: part.vendor_order_id,
            vendor_id: part.vendor_id,
            number: part.number,
            method: part.method_name,
            status: ShipmentStatus::Preparing,
            carriage: None,
            claimed: false,
            waits: false,
            version: 1,
            created_at: app.clock.now(),
            shipped_at: None,
            delivered_at: None,
            cancelled_at: None,
        };
        if store::shipments::insert(tx, &shipment).await? {
            let created = ShipmentCreated {
                shipment_id: shipment.id,
                order_id: shipment.order_id,
                vendor_order_id: shipment.vendor_order_id,
                vendor_id: shipment.vendor_id,
            };
            app.outbox.publish(tx, &created).await?;
        }
    }
    Ok(())
}
