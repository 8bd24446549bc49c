//! Takes pieces out of what a vendor still has to hand over. Whether they have left meanwhile is decided here, with the
//! vendor's part locked as by whoever packs: a piece is in a parcel that leaves, or it is taken out.

use contracts::{
    orders::ReturnWithdrawalWanted,
    shipping::{ShipmentPartArrived, ShipmentStatus, ShippedLine, WithdrawalGranted, WithdrawalRefused},
};
use db::Tx;
use kernel::{Result, VendorScope};

use super::{advance_shipment::to_pack, labels};
use crate::{
    Shipping,
    error::ShippingError,
    model::{Action, Shipment},
    store,
};

/// Takes all of it out, or nothing, and tells which.
pub(crate) async fn withdraw(app: &Shipping, tx: &mut Tx, wanted: &ReturnWithdrawalWanted) -> Result<()> {
    let (return_id, scope) = (wanted.return_id, VendorScope::of_system(wanted.vendor_id));
    store::shipments::lock(tx, &scope, wanted.vendor_order_id).await?;
    let parcels = store::shipments::of_part(tx, &scope, wanted.vendor_order_id).await?;
    match divide(&parcels, wanted) {
        Ok((open, taken, rest)) => {
            let is_all = rest.is_empty();
            take_out(app, tx, &scope, open, rest).await?;
            store::withdrawn::put(tx, wanted, &taken).await?;
            let there = arrived(&parcels).or_else(|| downloaded(app, &parcels, wanted));
            if let Some(arrived) = there.filter(|_| is_all) {
                app.outbox.publish(tx, &arrived).await?;
            }
            app.outbox.publish(tx, &WithdrawalGranted { return_id }).await
        }
        Err(reason) => {
            let refused = WithdrawalRefused { return_id, reason: reason.to_owned() };
            app.outbox.publish(tx, &refused).await
        }
    }
}

/// The parcel that is being packed, what is taken out of it and what stays in it; or why nothing is.
fn divide<'a>(
    parcels: &'a [Shipment],
    wanted: &ReturnWithdrawalWanted,
) -> Result<(&'a Shipment, Vec<ShippedLine>, Vec<ShippedLine>), &'static str> {
    let open = to_pack(parcels).map_err(|error| match error {
        ShippingError::Cancelled => WithdrawalRefused::CALLED_OFF,
        _ => WithdrawalRefused::HANDED_OVER,
    })?;
    if !open.claimed {
        return Err(WithdrawalRefused::NOT_THERE_YET);
    }
    match open.split(Some(wanted.lines.as_slice())) {
        Ok((taken, rest)) => Ok((open, taken, rest)),
        Err(ShippingError::OnlyWhole) => Err(WithdrawalRefused::LEAVES_WHOLE),
        Err(_) => Err(WithdrawalRefused::HANDED_OVER),
    }
}

/// What stays is packed; if nothing does, nothing is.
async fn take_out(
    app: &Shipping,
    tx: &mut Tx,
    scope: &VendorScope,
    open: &Shipment,
    rest: Vec<ShippedLine>,
) -> Result<()> {
    let next = if rest.is_empty() { open.step(&Action::Cancel, app.clock.now())? } else { None };
    let is_over = next.is_some();
    let next = next.unwrap_or_else(|| Shipment { version: open.version + 1, ..open.clone() });
    let next = Shipment { lines: rest, ..next };
    store::shipments::advance(tx, scope, &next).await?.then_some(()).ok_or(ShippingError::Contended)?;
    store::shipments::set_lines(tx, scope, &next).await?;
    if is_over { labels::call_off(app, tx, scope, next.id).await } else { Ok(()) }
}

/// That all that has left has arrived, if anything has: with nothing left to pack the part is complete.
fn arrived(parcels: &[Shipment]) -> Option<ShipmentPartArrived> {
    let last = parcels.iter().filter_map(|parcel| parcel.delivered_at.map(|at| (at, parcel)));
    let (at, last) = last.max_by_key(|(at, _)| *at)?;
    let on_its_way = parcels.iter().any(|parcel| parcel.status == ShipmentStatus::Shipped);
    (!on_its_way).then_some(ShipmentPartArrived {
        shipment_id: last.id,
        order_id: last.order_id,
        vendor_id: last.vendor_id,
        at,
    })
}

/// The same of a part of which no parcel will ever leave, while its buyer has what is downloaded of it.
fn downloaded(app: &Shipping, parcels: &[Shipment], wanted: &ReturnWithdrawalWanted) -> Option<ShipmentPartArrived> {
    let nothing_left = parcels.iter().all(|parcel| parcel.shipped_at.is_none());
    let first = parcels.first().filter(|_| wanted.has_downloads && nothing_left)?;
    Some(ShipmentPartArrived {
        shipment_id: first.id,
        order_id: first.order_id,
        vendor_id: first.vendor_id,
        at: app.clock.now(),
    })
}
