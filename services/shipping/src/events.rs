//! What others tell: stores, orders paid and called off, stock that is firmly an order's.

use std::sync::Arc;

use contracts::{
    Envelope,
    inventory::{StockArrived, StockClaimed},
    orders::{OrderCancelled, OrderPaid, OrderPromised, ReturnEnded, ReturnStatus, ReturnWithdrawalWanted},
    vendors::{VendorApplied, VendorChanged, VendorDecided, VendorStatus},
};
use db::Tx;
use kernel::{Result, VendorScope};

use crate::{
    Shipping,
    ops::{
        advance_shipment::call_off, change_methods::add_first_method, create_shipments::create_shipments,
        return_labels::give_back_label, withdraw::withdraw,
    },
    store::{claims, shipments, vendors},
};

type App = Arc<Shipping>;

pub(crate) async fn vendor_applied(_: &App, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    vendors::put(tx, event.vendor_id, event.vendor.status).await
}

pub(crate) async fn vendor_changed(_: &App, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    vendors::put(tx, event.vendor_id, event.vendor.status).await
}

/// A store that opens without a way to ship gets a first one.
pub(crate) async fn vendor_decided(app: &App, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    vendors::put(tx, event.vendor_id, event.vendor.status).await?;
    if event.vendor.status == VendorStatus::Approved {
        add_first_method(app, tx, &VendorScope::of_system(event.vendor_id)).await?;
    }
    Ok(())
}

/// What is paid to the courier is packed without waiting for the money.
pub(crate) async fn order_promised(app: &App, tx: &mut Tx, event: OrderPromised, _: &Envelope) -> Result<()> {
    create_shipments(app, tx, event.order_id, event.order).await
}

pub(crate) async fn order_paid(app: &App, tx: &mut Tx, event: OrderPaid, _: &Envelope) -> Result<()> {
    if event.was_promised { Ok(()) } else { create_shipments(app, tx, event.order_id, event.order).await }
}

/// From now on the parcels of this order may leave, but for those whose goods still have to come in.
pub(crate) async fn stock_claimed(_: &App, tx: &mut Tx, event: StockClaimed, _: &Envelope) -> Result<()> {
    for vendor_id in event.waiting {
        claims::put_wait(tx, event.order_id, vendor_id).await?;
    }
    claims::put(tx, event.order_id).await
}

/// What a part of the order has waited for is there.
pub(crate) async fn stock_arrived(_: &App, tx: &mut Tx, event: StockArrived, _: &Envelope) -> Result<()> {
    claims::end_wait(tx, event.order_id, event.vendor_id).await
}

/// What has not been handed over stays here; what has is on its way.
pub(crate) async fn order_cancelled(app: &App, tx: &mut Tx, event: OrderCancelled, _: &Envelope) -> Result<()> {
    for (vendor_id, part) in shipments::of_order(tx, event.order_id).await? {
        call_off(app, tx, &VendorScope::of_system(vendor_id), part).await?;
    }
    Ok(())
}

/// Pieces are to be taken out of what is still to be handed over.
pub(crate) async fn withdrawal_wanted(
    app: &App,
    tx: &mut Tx,
    event: ReturnWithdrawalWanted,
    _: &Envelope,
) -> Result<()> {
    withdraw(app, tx, &event).await
}

/// Nothing comes back: the label for it, if there is one, goes back instead.
pub(crate) async fn return_ended(app: &App, tx: &mut Tx, event: ReturnEnded, _: &Envelope) -> Result<()> {
    match event.status {
        ReturnStatus::Cancelled | ReturnStatus::Closed => give_back_label(app, tx, &event).await,
        _ => Ok(()),
    }
}
