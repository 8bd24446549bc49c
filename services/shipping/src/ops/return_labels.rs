//! Labels for what comes back: bought by the vendor for a return that it takes back, printed by the buyer.

use std::sync::Arc;

use contracts::{
    carriers::{BuyLabel, LabelView, PartLabels},
    orders::{ReturnEnded, ReturnKind, ReturnStatus, ReturnView},
    shipping::ShipmentStatus,
};
use db::Tx;
use kernel::{Result, ReturnId, VendorScope};

use super::labels::{all_of, buy, carrier_for, give_back, ordered, shown, standing};
use crate::{Shipping, error::ShippingError, store};

/// Orders a label for a return; the same one for every click, as long as it stands.
///
/// # Errors
/// Not found if the return is another vendor's; conflict if it is not to be sent.
pub(crate) async fn order_label(
    app: &Arc<Shipping>,
    scope: VendorScope,
    of: ReturnId,
    input: BuyLabel,
) -> Result<LabelView> {
    let provider = carrier_for(app, &input)?.name();
    let returned = of_vendor(app, &scope, of).await?;
    if returned.kind != ReturnKind::Return || returned.status != ReturnStatus::Approved {
        return Err(ShippingError::NotToBeSentBack.into());
    }
    let (this, part) = (app.clone(), returned.vendor_order_id);
    let id = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::shipments::lock(tx, &scope, part).await?;
            if let Some(open) = store::labels::open_of_return(tx, &scope, of).await? {
                return standing(&open);
            }
            let parcels = store::shipments::of_part(tx, &scope, part).await?;
            let arrived = parcels.iter().rfind(|parcel| parcel.status == ShipmentStatus::Delivered);
            let parcel = arrived.ok_or(ShippingError::NotToBeSentBack)?;
            buy(&this, tx, &scope, ordered(&this, parcel, Some(of), provider, &input)).await
        })
        .await?;
    shown(app, &scope, id).await
}

/// Labels of a return, and whether more can be had.
///
/// # Errors
/// Not found if the return is another vendor's.
pub(crate) async fn labels(app: &Shipping, scope: &VendorScope, of: ReturnId) -> Result<PartLabels> {
    of_vendor(app, scope, of).await?;
    all_of(app, scope, store::labels::of_return(&app.db, scope, of).await?).await
}

async fn of_vendor(app: &Shipping, scope: &VendorScope, of: ReturnId) -> Result<ReturnView> {
    let found = app.orders.return_for_message(&app.myself, of).await?;
    if found.vendor_id == scope.vendor_id() { Ok(found) } else { Err(ShippingError::ReturnNotFound.into()) }
}

/// Gives the label of a return back of which nothing comes, unless the carrier has it already.
pub(crate) async fn give_back_label(app: &Shipping, tx: &mut Tx, event: &ReturnEnded) -> Result<()> {
    let scope = VendorScope::of_system(event.vendor_id);
    let Some(open) = store::labels::open_of_return(tx, &scope, event.return_id).await? else { return Ok(()) };
    match store::labels::lock(tx, open.id).await? {
        Some(label) if label.left_at.is_none() => give_back(app, tx, label).await,
        _ => Ok(()),
    }
}
