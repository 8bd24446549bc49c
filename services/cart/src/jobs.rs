//! What is done again and again: telling of carts left behind, forgetting those of guests.

use std::{sync::Arc, time::Duration};

use ::events::Job;
use contracts::cart::CartAbandoned;
use kernel::Result;

use crate::{Carts, model::key::GUEST_LIFE, store::carts};

/// How long a cart must have been left alone.
const QUIET: Duration = Duration::from_secs(24 * 3600);
/// Carts per transaction.
const CHUNK: i64 = 200;

/// Tells of customers' carts with something in them that were not touched for a day, once per version.
pub(crate) async fn tell_abandoned(app: Arc<Carts>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(QUIET);
    loop {
        let this = app.clone();
        let looked_at = app
            .db
            .write(async move |tx| {
                let quiet = carts::quiet(tx, before, CHUNK).await?;
                for cart in &quiet {
                    // An empty cart is marked as well, so that it is not looked at again.
                    if carts::mark_told(tx, cart).await? && cart.items > 0 {
                        let event = CartAbandoned { cart_id: cart.id, account_id: cart.account_id, items: cart.items };
                        this.outbox.publish(tx, &event).await?;
                    }
                }
                Ok(quiet.len() as i64)
            })
            .await?;
        if looked_at < CHUNK {
            return Ok(());
        }
    }
}

/// Forgets guests' carts that were not touched for long.
pub(crate) async fn prune(app: Arc<Carts>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(GUEST_LIFE);
    while app.db.write(async move |tx| carts::prune(tx, before, CHUNK).await).await? == CHUNK as u64 {}
    Ok(())
}
