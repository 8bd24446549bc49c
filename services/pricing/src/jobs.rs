//! Timers of discounts, the recalculation of a store's prices in chunks of one transaction each, and the
//! end of holds whose order never came to be.

use std::{sync::Arc, time::Duration};

use ::events::{Job, Jobs};
use contracts::orders::OrderStanding;
use db::Tx;
use kernel::{DiscountId, OrderId, ProductId, Result, Timestamp, VendorId};
use serde::{Deserialize, Serialize};

use crate::{
    Pricing,
    model::{Discount, Reach},
    ops, store,
};

/// Kind of job that recalculates prices.
pub(crate) const REPRICE: &str = "reprice";

/// How long a promotion is held for an order that nobody has heard of. No request lives that long, so one
/// whose hold has lapsed cannot place its order any more.
const HOLD_FOR: Duration = Duration::from_secs(600);
/// Orders asked for at once.
const BATCH: i64 = 100;

/// What to recalculate, and how far it has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reprice {
    vendor_id: VendorId,
    /// In order; everything of the store if none are named.
    products: Option<Vec<ProductId>>,
    /// Last product done.
    after: Option<ProductId>,
}

impl Reprice {
    fn new(vendor_id: VendorId, reach: Reach) -> Self {
        let products = match reach {
            Reach::WholeStore => None,
            Reach::Products(products) => Some(products.into_iter().collect()),
        };
        Self { vendor_id, products, after: None }
    }

    async fn chunk(&self, tx: &mut Tx) -> Result<Vec<ProductId>> {
        match &self.products {
            Some(all) => Ok(all.iter().filter(|id| Some(**id) > self.after).take(store::LIST_MAX).copied().collect()),
            None => store::copies::products_after(tx, self.vendor_id, self.after).await,
        }
    }
}

/// Sets the timers of a discount that has yet to begin or to end.
pub(crate) async fn arm(jobs: &Jobs, tx: &mut Tx, discount: &Discount, now: Timestamp) -> Result<()> {
    let work = Reprice::new(discount.vendor_id, discount.reach.clone());
    let edges = [(start_key(discount.id), Some(discount.starts_at)), (end_key(discount.id), discount.ends_at)];
    for (key, at) in edges {
        if let Some(at) = at.filter(|at| *at > now) {
            jobs.enqueue_at(tx, REPRICE, &key, &work, at).await?;
        }
    }
    Ok(())
}

/// Sets timers of a discount whose products grow in number: everything of the store is recalculated. They are never
/// removed, for that changes nothing where there is no discount any more.
pub(crate) async fn arm_store(jobs: &Jobs, tx: &mut Tx, discount: &Discount, now: Timestamp) -> Result<()> {
    let work = Reprice::new(discount.vendor_id, Reach::WholeStore);
    for (edge, at) in [("all-start", Some(discount.starts_at)), ("all-end", discount.ends_at)] {
        if let Some(at) = at.filter(|at| *at > now) {
            jobs.enqueue_at(tx, REPRICE, &format!("{}:{edge}", discount.id), &work, at).await?;
        }
    }
    Ok(())
}

/// Removes the timers of a discount.
pub(crate) async fn disarm(jobs: &Jobs, tx: &mut Tx, id: DiscountId) -> Result<()> {
    jobs.cancel(tx, REPRICE, &start_key(id)).await?;
    jobs.cancel(tx, REPRICE, &end_key(id)).await
}

fn start_key(id: DiscountId) -> String {
    format!("{id}:start")
}

fn end_key(id: DiscountId) -> String {
    format!("{id}:end")
}

/// Has what `reach` covers recalculated because of a change of a discount; `change` names it.
pub(crate) async fn reprice_soon(
    jobs: &Jobs,
    tx: &mut Tx,
    discount: &Discount,
    change: &str,
    reach: Reach,
) -> Result<()> {
    let key = format!("{}:{change}", discount.id);
    jobs.enqueue(tx, REPRICE, &key, &Reprice::new(discount.vendor_id, reach)).await
}

/// Recalculates one chunk; the next one is a job of its own, enqueued with the end of this one.
pub(crate) async fn reprice(app: Arc<Pricing>, job: Job) -> Result<()> {
    let work: Reprice = job.payload()?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            store::copies::lock_vendor(tx, work.vendor_id).await?;
            let chunk = work.chunk(tx).await?;
            ops::reprice::reprice(&this, tx, work.vendor_id, &chunk).await?;
            job.finish(tx).await?;
            match chunk.last() {
                Some(last) if chunk.len() == store::LIST_MAX => {
                    let base = job.key.split('+').next().unwrap_or_default();
                    let rest = Reprice { after: Some(*last), ..work.clone() };
                    this.jobs.enqueue(tx, REPRICE, &format!("{base}+{last}"), &rest).await
                }
                _ => Ok(()),
            }
        })
        .await
}

/// Gives back what was held for orders that never came to be: the process died between hold and order, or
/// the order was refused. Whether there is such an order, `orders` knows; without its answer all stays.
pub(crate) async fn lapse_holds(app: Arc<Pricing>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(HOLD_FOR);
    for order in store::redemptions::long_held(&app.db, before, BATCH).await? {
        match app.orders.standing(&app.myself, order).await {
            Ok(OrderStanding { status: None }) => lapse(&app, order, before).await?,
            // It will be heard of.
            Ok(OrderStanding { status: Some(_) }) => {}
            Err(error) => tracing::warn!(%order, %error, "nobody knows whether this order came to be"),
        }
    }
    Ok(())
}

async fn lapse(app: &Arc<Pricing>, order: OrderId, before: Timestamp) -> Result<()> {
    app.db.write(async move |tx| store::redemptions::lapse(tx, order, before).await).await
}
