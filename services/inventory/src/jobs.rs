//! Timers.

use std::sync::Arc;

use ::events::Job;
use kernel::{OrderId, Result};

use crate::{Inventory, ops};

/// Ends the hold of an order that nobody paid in time.
pub(crate) const EXPIRE_RESERVATION: &str = "expire_reservation";

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
