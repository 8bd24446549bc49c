use std::sync::Arc;

use ::events::Job;
use contracts::{
    orders::{OrderSnapshot, OrderStatus, OrderView, VendorOrderStatus},
    reviews::ReviewInvited,
};
use db::Tx;
use kernel::{AccountId, OrderId, Result, Timestamp, VendorId};

use crate::{
    Reviews,
    jobs::INVITE,
    store::purchases::{self, Bought},
};

/// An account has bought what is in an order. Parcels of it may have arrived before anybody told us whose they are.
pub async fn bought(
    app: &Reviews,
    tx: &mut Tx,
    account_id: AccountId,
    order_id: OrderId,
    order: &OrderSnapshot,
    at: Timestamp,
) -> Result<()> {
    let mut arrived_at = None;
    for part in &order.parts {
        let products: Vec<_> = part.lines.iter().map(|line| line.product_id).collect();
        let bought = Bought { account_id, order_id, vendor_id: part.vendor_id, at };
        // What is only downloaded is there with the payment.
        let there = part.is_digital().then_some(at);
        arrived_at = arrived_at.max(purchases::add(tx, bought, &products, there).await?);
    }
    match arrived_at {
        Some(arrived_at) => invite_later(app, tx, order_id, arrived_at).await,
        None => Ok(()),
    }
}

/// A parcel has arrived: some days after the last one of its order, the buyer is invited.
pub async fn delivered(
    app: &Reviews,
    tx: &mut Tx,
    order_id: OrderId,
    vendor_id: VendorId,
    at: Timestamp,
) -> Result<()> {
    if purchases::deliver(tx, order_id, vendor_id, at).await? {
        invite_later(app, tx, order_id, at).await
    } else {
        Ok(())
    }
}

async fn invite_later(app: &Reviews, tx: &mut Tx, order_id: OrderId, arrived_at: Timestamp) -> Result<()> {
    let Some(wait) = app.invite_after else { return Ok(()) };
    if purchases::was_invited(tx, order_id).await? {
        return Ok(());
    }
    let key = order_id.to_string();
    app.jobs.cancel(tx, INVITE, &key).await?;
    app.jobs.enqueue_at(tx, INVITE, &key, &order_id, arrived_at.plus(wait)).await
}

/// Invites the buyer of an order, once, to review what has arrived, was kept, and is not reviewed yet.
pub async fn invite(app: &Arc<Reviews>, job: Job) -> Result<()> {
    let order_id: OrderId = job.payload()?;
    let invited = match purchases::to_review(&app.db, order_id).await? {
        None => None,
        Some((account_id, bought)) => {
            let order = app.orders.for_message(&app.myself, order_id).await?.order;
            let kept = bought.into_iter().filter(|(_, vendor_id)| was_kept(&order, *vendor_id));
            let product_ids: Vec<_> = kept.map(|(product_id, _)| product_id).collect();
            (!product_ids.is_empty()).then_some(ReviewInvited { order_id, account_id, product_ids })
        }
    };
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .write(async move |tx| {
            if let Some(invited) = &invited
                && purchases::invite(tx, order_id, now).await?
            {
                this.outbox.publish(tx, invited).await?;
            }
            job.finish(tx).await
        })
        .await
}

/// False for what was called off, and for an order whose money went back whole.
fn was_kept(order: &OrderView, vendor_id: VendorId) -> bool {
    let stands = !matches!(order.status, OrderStatus::Cancelled | OrderStatus::Rejected);
    let given_back = order.refunded.amount_minor >= order.quote.total.amount_minor && !order.quote.total.is_zero();
    let parts = order.vendor_orders.iter().filter(|part| part.vendor_id == vendor_id);
    stands && !given_back && parts.into_iter().all(|part| part.status != VendorOrderStatus::Cancelled)
}
