//! Hands parcels over, marks them as arrived, calls them off. Doing it again changes nothing and gives the same answer.
//! Whoever does it holds the vendor's part meanwhile, so that two who pack at once do not pack the same piece.

use std::sync::Arc;

use contracts::shipping::{
    MarkShipped, ShipmentCreated, ShipmentDelivered, ShipmentShipped, ShipmentStatus, ShipmentView,
};
use db::Tx;
use kernel::{Result, ShipmentId, VendorOrderId, VendorScope};
use souk_http::IfMatch;

use super::labels;
use crate::{
    Shipping,
    error::ShippingError,
    model::{Action, Shipment, shipment::Carriage, typed},
    store,
};

/// Hands over what is left of a vendor's part, or some of it.
pub(crate) async fn ship(
    app: &Arc<Shipping>,
    scope: VendorScope,
    part: VendorOrderId,
    seen: IfMatch,
    input: MarkShipped,
) -> Result<ShipmentView> {
    let this = app.clone();
    let left = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::shipments::lock(tx, &scope, part).await?;
            hand_over(&this, tx, &scope, part, &seen, &input).await
        })
        .await?;
    Ok(left.view(&app.tokens))
}

async fn hand_over(
    app: &Shipping,
    tx: &mut Tx,
    scope: &VendorScope,
    part: VendorOrderId,
    seen: &IfMatch,
    input: &MarkShipped,
) -> Result<Shipment> {
    let parcels = store::shipments::of_part(tx, scope, part).await?;
    let wanted = input.lines.as_deref();
    let carriage = &carriage(app, &parcels, input)?;
    if let Some(same) = parcels.iter().find(|parcel| parcel.is_what_left(carriage, wanted)) {
        return Ok(same.clone());
    }
    // A number stands for one parcel: under a known one nothing else leaves.
    if parcels.iter().any(|parcel| parcel.carriage.as_ref() == Some(carriage)) {
        return Err(ShippingError::AlreadyShipped.into());
    }
    let open = to_pack(&parcels)?;
    let Some(next) = open.step(&Action::Ship(carriage.clone()), app.clock.now())? else { return Ok(open.clone()) };
    seen.check(open.version)?;
    let (lines, rest) = open.split(wanted)?;
    let next = Shipment { lines, ..next };
    labels::use_label(app, tx, scope, open.id, &carriage.number).await?;
    advance(app, tx, scope, &next).await?;
    if !rest.is_empty() {
        store::shipments::set_lines(tx, scope, &next).await?;
        let remains = Shipment {
            id: ShipmentId::new(&app.ids),
            parcel: open.parcel + 1,
            lines: rest,
            version: 1,
            created_at: app.clock.now(),
            ..open.clone()
        };
        create(app, tx, &remains).await?;
    }
    Ok(next)
}

/// Who carries the next parcel, as the vendor says; what its buyer fetches, nobody does. If all of that is ready the last
/// one counts, so that to say it again changes nothing.
fn carriage(app: &Shipping, parcels: &[Shipment], input: &MarkShipped) -> Result<Carriage> {
    let fetched = |parcel: &&Shipment| parcel.pickup && parcel.status != ShipmentStatus::Cancelled;
    match to_pack(parcels).ok().or(parcels.iter().rfind(fetched)) {
        Some(parcel) if parcel.pickup => Ok(Carriage::pickup(&app.tokens, parcel.id)),
        _ => Ok(Carriage {
            carrier: typed("carrier", &input.carrier)?,
            number: typed("tracking_number", &input.tracking_number)?,
        }),
    }
}

/// The parcel of a vendor's part that is being packed.
pub(super) fn to_pack(parcels: &[Shipment]) -> Result<&Shipment, ShippingError> {
    let open = parcels.iter().find(|parcel| parcel.status == ShipmentStatus::Preparing);
    let off = parcels.iter().any(|parcel| parcel.status == ShipmentStatus::Cancelled);
    open.ok_or(if off { ShippingError::Cancelled } else { ShippingError::AlreadyShipped })
}

/// Keeps a parcel that is to be packed and tells of it, unless the part has one of this number.
pub(crate) async fn create(app: &Shipping, tx: &mut Tx, shipment: &Shipment) -> Result<()> {
    if !store::shipments::insert(tx, shipment).await? {
        return Ok(());
    }
    let Shipment { id: shipment_id, order_id, vendor_order_id, vendor_id, .. } = *shipment;
    app.outbox.publish(tx, &ShipmentCreated { shipment_id, order_id, vendor_order_id, vendor_id }).await
}

/// The only parcel of a vendor's part has arrived.
pub(crate) async fn deliver(
    app: &Arc<Shipping>,
    scope: VendorScope,
    part: VendorOrderId,
    seen: IfMatch,
) -> Result<ShipmentView> {
    let this = app.clone();
    let arrived = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::shipments::lock(tx, &scope, part).await?;
            let parcels = store::shipments::of_part(tx, &scope, part).await?;
            // What was taken out of the order leaves a parcel behind that nobody sends.
            let sent = parcels.iter().filter(|parcel| parcels.len() == 1 || parcel.status != ShipmentStatus::Cancelled);
            match sent.collect::<Vec<_>>().as_slice() {
                [only] => arrive(&this, tx, &scope, &seen, &parcels, only).await,
                _ => Err(ShippingError::SeveralParcels.into()),
            }
        })
        .await?;
    Ok(arrived.view(&app.tokens))
}

/// One parcel has arrived.
pub(crate) async fn deliver_parcel(
    app: &Arc<Shipping>,
    scope: VendorScope,
    id: ShipmentId,
    seen: IfMatch,
) -> Result<ShipmentView> {
    let this = app.clone();
    let arrived = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let part = store::shipments::part_of(tx, &scope, id).await?;
            store::shipments::lock(tx, &scope, part).await?;
            let parcels = store::shipments::of_part(tx, &scope, part).await?;
            let one = parcels.iter().find(|parcel| parcel.id == id).ok_or(ShippingError::ShipmentNotFound)?;
            arrive(&this, tx, &scope, &seen, &parcels, one).await
        })
        .await?;
    Ok(arrived.view(&app.tokens))
}

async fn arrive(
    app: &Shipping,
    tx: &mut Tx,
    scope: &VendorScope,
    seen: &IfMatch,
    parcels: &[Shipment],
    one: &Shipment,
) -> Result<Shipment> {
    let Some(next) = one.step(&Action::Deliver, app.clock.now())? else { return Ok(one.clone()) };
    seen.check(one.version)?;
    let others = parcels.iter().filter(|parcel| parcel.id != one.id);
    let is_settled = |parcel: &Shipment| matches!(parcel.status, ShipmentStatus::Delivered | ShipmentStatus::Cancelled);
    let complete = others.into_iter().all(is_settled);
    store::shipments::advance(tx, scope, &next).await?.then_some(()).ok_or(ShippingError::Contended)?;
    if let Some(at) = next.delivered_at {
        let Shipment { id: shipment_id, order_id, vendor_order_id, vendor_id, .. } = next;
        let delivered = ShipmentDelivered { shipment_id, order_id, vendor_order_id, vendor_id, complete, at };
        app.outbox.publish(tx, &delivered).await?;
    }
    Ok(next)
}

/// The carrier says that a parcel has arrived. That is news of one that has left and was not known to have arrived; of
/// any other nothing changes. Call with its part locked.
pub(super) async fn carrier_has_delivered(
    app: &Shipping,
    tx: &mut Tx,
    scope: &VendorScope,
    parcels: &[Shipment],
    one: &Shipment,
) -> Result<()> {
    if one.status != ShipmentStatus::Shipped {
        return Ok(());
    }
    arrive(app, tx, scope, &IfMatch(None), parcels, one).await.map(drop)
}

/// The order was called off: what was not handed over stays here. Who called it off knows.
pub(crate) async fn call_off(app: &Shipping, tx: &mut Tx, scope: &VendorScope, part: VendorOrderId) -> Result<()> {
    store::shipments::lock(tx, scope, part).await?;
    for parcel in store::shipments::of_part(tx, scope, part).await? {
        if let Some(next) = parcel.step(&Action::Cancel, app.clock.now())? {
            store::shipments::advance(tx, scope, &next).await?.then_some(()).ok_or(ShippingError::Contended)?;
            labels::call_off(app, tx, scope, next.id).await?;
        }
    }
    Ok(())
}

/// Keeps a parcel that was handed over and tells of it.
async fn advance(app: &Shipping, tx: &mut Tx, scope: &VendorScope, next: &Shipment) -> Result<()> {
    store::shipments::advance(tx, scope, next).await?.then_some(()).ok_or(ShippingError::Contended)?;
    let Shipment { id: shipment_id, order_id, vendor_order_id, vendor_id, parcel, .. } = *next;
    match (next.tracking(&app.tokens), next.shipped_at) {
        (Some(tracking), Some(at)) => {
            let lines = next.lines.clone();
            let shipped =
                ShipmentShipped { shipment_id, order_id, vendor_order_id, vendor_id, tracking, parcel, lines, at };
            app.outbox.publish(tx, &shipped).await
        }
        _ => Ok(()),
    }
}
