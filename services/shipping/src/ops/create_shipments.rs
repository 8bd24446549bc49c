//! A paid order: one parcel is to be packed for each vendor's part, with all that is not downloaded; none if nothing is left.

use contracts::{
    orders::OrderPaid,
    shipping::{ShipmentStatus, ShippedLine},
};
use db::Tx;
use kernel::{Result, ShipmentId};

use super::advance_shipment::create;
use crate::{Shipping, model::Shipment, store};

pub(crate) async fn create_shipments(app: &Shipping, tx: &mut Tx, paid: OrderPaid) -> Result<()> {
    for part in paid.order.parts.into_iter().filter(|part| !part.is_digital()) {
        store::charges::put(tx, part.vendor_id, part.vendor_order_id, part.shipping).await?;
        let line = |line: &contracts::orders::LineSnapshot| ShippedLine {
            line_id: line.line_id,
            variant_id: line.variant_id,
            quantity: line.quantity,
        };
        let shipment = Shipment {
            id: ShipmentId::new(&app.ids),
            order_id: paid.order_id,
            vendor_order_id: part.vendor_order_id,
            vendor_id: part.vendor_id,
            parcel: 1,
            lines: part.lines.iter().filter(|line| !line.digital).map(line).collect(),
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
        create(app, tx, &shipment).await?;
    }
    Ok(())
}
