//! Where a parcel is, for everybody with the link.

use contracts::shipping::TrackingView;
use kernel::Result;

use crate::{Shipping, error::ShippingError, store};

pub(crate) async fn track(app: &Shipping, token: &str) -> Result<TrackingView> {
    let id = app.tokens.open(token).ok_or(ShippingError::ShipmentNotFound)?;
    let shipment = store::shipments::tracked(&app.db, id).await?.ok_or(ShippingError::ShipmentNotFound)?;
    Ok(shipment.public_view())
}
