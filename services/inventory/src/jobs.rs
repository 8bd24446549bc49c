//! Timers, and what comes after a commit.

use std::sync::Arc;

use ::events::Job;
use kernel::{OrderId, Result, VendorId};

use crate::{Inventory, ops};

/// Ends the hold of an order that nobody paid in time.
pub(crate) const EXPIRE_RESERVATION: &str = "expire_reservation";

/// Tells that what a part of an order waited for is there.
pub(crate) const ARRIVE: &str = "arrive";

pub(crate) async fn arrive(app: Arc<Inventory>, job: Job) -> Result<()> {
    let (order_id, vendor_id): (OrderId, VendorId) = job.payload()?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            ops::arrive(&this, tx, order_id, vendor_id).await?;
            job.finish(tx).await
        })
        .await
}

pub(crate) async fn expire_reservation(app: Arc<Inventory>, job: Job) -> Result<()> {
    let order_id: OrderId = job.payload()?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            if ops::expire(&this, tx, order_id).await? {
                job.finish(tx).await?;
            }
            Ok(())
        })
        .await
}
