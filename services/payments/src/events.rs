//! What this service hears of others.

use std::sync::Arc;

use contracts::{
    Envelope,
    carriers::{LabelBought, LabelRefunded},
    inventory::StockReserved,
    orders::{OrderCancelled, OrderPlaced, OrderRejected, ReturnRefundDue},
    shipping::{ShipmentDelivered, ShipmentPartArrived},
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::Result;

use crate::{Payments, ops, store};

/// An order was accepted.
pub async fn order_placed(app: &Arc<Payments>, tx: &mut Tx, event: OrderPlaced, _: &Envelope) -> Result<()> {
    ops::receive_order(app, tx, &event).await
}

/// An order was turned down.
pub async fn order_rejected(app: &Arc<Payments>, tx: &mut Tx, event: OrderRejected, _: &Envelope) -> Result<()> {
    ops::call_off(app, tx, event.order_id).await
}

/// An order was called off.
pub async fn order_cancelled(app: &Arc<Payments>, tx: &mut Tx, event: OrderCancelled, _: &Envelope) -> Result<()> {
    ops::call_off(app, tx, event.order_id).await
}

/// A vendor has what a buyer sent back.
pub async fn return_refund_due(app: &Arc<Payments>, tx: &mut Tx, event: ReturnRefundDue, _: &Envelope) -> Result<()> {
    ops::refund_return(app, tx, &event).await
}

/// The stock of an order is held: it may be paid.
pub async fn stock_reserved(app: &Arc<Payments>, tx: &mut Tx, event: StockReserved, _: &Envelope) -> Result<()> {
    ops::stock_is_held(app, tx, event.order_id).await
}

/// A parcel has arrived: its vendor's money matures.
pub async fn shipment_delivered(
    app: &Arc<Payments>,
    tx: &mut Tx,
    event: ShipmentDelivered,
    _: &Envelope,
) -> Result<()> {
    // Of several parcels the last one counts: then everything is there.
    if !event.complete {
        return Ok(());
    }
    ops::mature(app, tx, event.order_id, event.vendor_id, event.at).await
}

/// What had not arrived was taken out of the order: so its vendor's money matures.
pub async fn shipment_part_arrived(
    app: &Arc<Payments>,
    tx: &mut Tx,
    event: ShipmentPartArrived,
    _: &Envelope,
) -> Result<()> {
    ops::mature(app, tx, event.order_id, event.vendor_id, event.at).await
}

/// A label was bought: its vendor bears what it costs.
pub async fn label_bought(app: &Arc<Payments>, tx: &mut Tx, event: LabelBought, envelope: &Envelope) -> Result<()> {
    ops::charge_label(app, tx, &event, envelope.aggregateversion).await
}

/// A label was given back: its vendor has what it cost again.
pub async fn label_refunded(app: &Arc<Payments>, tx: &mut Tx, event: LabelRefunded, envelope: &Envelope) -> Result<()> {
    ops::refund_label(app, tx, &event, envelope.aggregateversion).await
}

/// Somebody applied.
pub async fn vendor_applied(_: &Arc<Payments>, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    store::upsert_vendor(tx, event.vendor_id, &event.vendor).await
}

/// An admin decided.
pub async fn vendor_decided(_: &Arc<Payments>, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    store::upsert_vendor(tx, event.vendor_id, &event.vendor).await
}

/// Page, terms or owners changed.
pub async fn vendor_changed(_: &Arc<Payments>, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    store::upsert_vendor(tx, event.vendor_id, &event.vendor).await
}
