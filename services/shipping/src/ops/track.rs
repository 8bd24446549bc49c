//! Where a parcel is, for everybody with the link.

use contracts::{
    orders::OrderLine,
    shipping::{TrackedLine, TrackingView},
};
use kernel::Result;

use super::follow::merge;
use crate::{Shipping, error::ShippingError, model::Shipment, store};

pub(crate) async fn track(app: &Shipping, token: &str) -> Result<TrackingView> {
    let id = app.tokens.open(token).ok_or(ShippingError::ShipmentNotFound)?;
    let shipment = store::shipments::tracked(&app.db, id).await?.ok_or(ShippingError::ShipmentNotFound)?;
    let parcels = store::shipments::count_of_part(&app.db, shipment.vendor_order_id).await?;
    let lines = contents(app, &shipment).await;
    let mut scans = store::news::of(&app.db, &[id]).await?;
    let mut view = shipment.public_view(parcels, lines);
    merge(&mut view.timeline, scans.remove(&id).unwrap_or_default());
    Ok(view)
}

/// What lies in it, by the names that the order has; where it is can be said without.
async fn contents(app: &Shipping, shipment: &Shipment) -> Vec<TrackedLine> {
    let placed = match app.orders.for_message(&app.myself, shipment.order_id).await {
        Ok(placed) => placed,
        Err(error) => {
            tracing::warn!(%error, shipment = %shipment.id, "the contents of a parcel cannot be named");
            return Vec::new();
        }
    };
    let part = placed.order.vendor_orders.into_iter().find(|part| part.id == shipment.vendor_order_id);
    let lines = part.map(|part| part.lines).unwrap_or_default();
    let quantity = |line: &OrderLine| match shipment.lines.as_slice() {
        [] => line.quantity,
        known => known.iter().find(|known| known.line_id == line.id).map_or(0, |known| known.quantity),
    };
    let named = |line: OrderLine| TrackedLine { quantity: quantity(&line), title: line.title, options: line.options };
    lines.into_iter().map(named).filter(|line| line.quantity > 0).collect()
}
