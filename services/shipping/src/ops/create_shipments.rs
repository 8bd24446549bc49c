//! An order that is paid, or is to be paid to the courier: one parcel is to be packed for each vendor's part, with all that
//! is not downloaded; none if nothing is left.

use contracts::{
    orders::OrderSnapshot,
    shipping::{ShipmentStatus, ShippedLine},
};
use db::Tx;
use kernel::{OrderId, Result, ShipmentId};

use super::advance_shipment::create;
use crate::{Shipping, model::Shipment, store};

pub(crate) async fn create_shipments(
    app: &Shipping,
    tx: &mut Tx,
    order_id: OrderId,
    order: OrderSnapshot,
) -> Result<()> {
    for part in order.parts.into_iter().filter(|part| !part.is_digital()) {
        store::charges::put(tx, part.vendor_id, part.vendor_order_id, part.shipping).await?;
        let line = |line: &contracts::orders::LineSnapshot| ShippedLine {
            line_id: line.line_id,
            variant_id: line.variant_id,
            quantity: line.quantity,
        };
        let shipment = Shipment {
            id: ShipmentId::new(&app.ids),
            order_id,
            vendor_order_id: part.vendor_order_id,
            vendor_id: part.vendor_id,
            parcel: 1,
            lines: part.lines.iter().filter(|line| !line.digital).map(line).collect(),
            number: part.number,
            method: part.method_name,
            pickup: part.pickup,
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
