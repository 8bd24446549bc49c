//! What changes with a label is told once for every time: what it costs its vendor, and that a return can be sent with it.

use contracts::carriers::{LabelBought, LabelRefunded, ReturnLabelReady, ReturnLabelVoided};
use db::Tx;
use kernel::{Result, ReturnId, Timestamp, VendorScope};

use crate::{
    Shipping,
    error::ShippingError,
    model::label::{Label, Purchase},
    store,
};

/// Stores where a label stands now, and tells if that changes what its vendor bears, or what a buyer can print. Call with it
/// locked.
pub(super) async fn keep(
    app: &Shipping,
    tx: &mut Tx,
    before: &Label,
    next: Label,
    check_at: Option<Timestamp>,
) -> Result<()> {
    let booked = match (before.cost(), next.cost(), &next.purchase) {
        (None, Some(_), Some(bought)) => {
            tell_bought(app, tx, &next, bought).await?;
            true
        }
        // One that was bought before costs were told has cost its vendor nothing.
        (Some(_), None, _) => {
            if before.booked {
                tell_refunded(app, tx, before).await?;
            }
            false
        }
        _ => before.booked,
    };
    if let Some(of) = next.return_id {
        tell_of_return(app, tx, of, (before, &next)).await?;
    }
    store::labels::save(tx, &Label { booked, ..next }, check_at).await
}

async fn tell_of_return(app: &Shipping, tx: &mut Tx, of: ReturnId, (before, next): (&Label, &Label)) -> Result<()> {
    match (before.to_print(), next.to_print()) {
        (None, Some((bought, file))) => {
            let event = ReturnLabelReady {
                return_id: of,
                label_id: next.id,
                carrier: bought.carrier.clone(),
                tracking_number: bought.number.clone(),
                file: file.to_owned(),
            };
            app.outbox.publish(tx, &event).await
        }
        (Some(_), None) => app.outbox.publish(tx, &ReturnLabelVoided { return_id: of, label_id: next.id }).await,
        _ => Ok(()),
    }
}

async fn tell_bought(app: &Shipping, tx: &mut Tx, label: &Label, bought: &Purchase) -> Result<()> {
    let event = LabelBought {
        label_id: label.id,
        vendor_id: label.vendor_id,
        order_id: label.order_id,
        vendor_order_id: label.vendor_order_id,
        shipment_id: label.shipment_id,
        number: number(tx, label).await?,
        carrier: bought.carrier.clone(),
        cost: bought.price,
        at: app.clock.now(),
    };
    app.outbox.publish(tx, &event).await
}

async fn tell_refunded(app: &Shipping, tx: &mut Tx, label: &Label) -> Result<()> {
    let Some(cost) = label.cost() else { return Ok(()) };
    let event = LabelRefunded {
        label_id: label.id,
        vendor_id: label.vendor_id,
        order_id: label.order_id,
        vendor_order_id: label.vendor_order_id,
        number: number(tx, label).await?,
        cost,
        at: app.clock.now(),
    };
    app.outbox.publish(tx, &event).await
}

/// The number of the vendor's part that a label is for.
async fn number(tx: &mut Tx, label: &Label) -> Result<String> {
    let parcels =
        store::shipments::of_part(tx, &VendorScope::of_system(label.vendor_id), label.vendor_order_id).await?;
    let parcel = parcels.into_iter().find(|parcel| parcel.id == label.shipment_id);
    Ok(parcel.ok_or(ShippingError::ShipmentNotFound)?.number)
}
