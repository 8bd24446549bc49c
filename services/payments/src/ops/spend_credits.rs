//! What becomes of the stored value that an order holds: spent with the capture, released if the order is called off, given back
//! by refunds. Each once, within the transaction of what it follows from.

use std::time::Duration;

use db::Tx;
use kernel::{Error, Money, OrderId, Result};

use crate::{
    Payments,
    ledger::Account,
    model::{
        Payment, Refund,
        credits::{self, Hold},
    },
    store::{self, Extension, NewMovement},
};

/// What comes back to a card can be used for so long at least, however old the card is.
const USABLE_FOR: Duration = Duration::from_secs(90 * 24 * 3600);

/// What a movement is about that an order is the reason for.
pub(super) fn about(order: OrderId, round: i64) -> String {
    format!("{order}/{round}")
}

/// The order is there: what it holds lapses no more. What is covered of it in minor units; none if what was held for it has
/// lapsed, so that it must not be paid.
pub(super) async fn confirm(tx: &mut Tx, order: OrderId) -> Result<Option<i64>> {
    if store::holds_of(tx, order).await?.is_empty() {
        return Ok(Some(0));
    }
    store::confirm_holds(tx, order).await?;
    let holds = store::holds_of(tx, order).await?;
    let is_there = |hold: &&Hold| hold.state == "confirmed";
    let mut held = holds.iter().filter(is_there).peekable();
    Ok(held.peek().is_some().then(|| held.map(|hold| hold.amount_minor).sum()))
}

/// The payment is captured: what its order holds is spent. The accounts that bear it; the platform's own if the order was
/// called off before and has nothing any more.
pub(super) async fn spend(app: &Payments, tx: &mut Tx, payment: &Payment) -> Result<Vec<(Account, Money)>> {
    if payment.covered.is_zero() {
        return Ok(Vec::new());
    }
    let (order, currency, now) = (payment.order_id, payment.amount.currency, app.clock.now());
    let spent = store::end_holds(tx, order, "spent").await?;
    if spent.is_empty() {
        return Ok(vec![(Account::CreditsGiven, payment.covered)]);
    }
    let sum: i64 = spent.iter().map(|hold| hold.amount_minor).sum();
    if sum != payment.covered.amount_minor {
        let covered = payment.covered;
        return Err(Error::internal(format!("order {order} holds {sum}, its payment is covered by {covered}")));
    }
    let mut legs = Vec::with_capacity(spent.len());
    for hold in &spent {
        store::change(tx, hold.credit_id, 0, -hold.amount_minor, None).await?;
        let movement = NewMovement {
            credit_id: hold.credit_id,
            kind: "spent",
            about: &about(order, hold.round),
            order_id: Some(order),
            balance_change: 0,
            held_change: -hold.amount_minor,
            reason: None,
        };
        store::add_movement(tx, &movement, now).await?;
        legs.push((Account::Credits(hold.kind), Money::new(hold.amount_minor, currency)));
    }
    Ok(legs)
}

/// The order is called off before it was paid: what it holds can be used again.
pub(super) async fn release(app: &Payments, tx: &mut Tx, order: OrderId) -> Result<()> {
    let released = store::end_holds(tx, order, "released").await?;
    free(app, tx, order, &released).await
}

/// What was held until now can be used again, for a while even on a card whose time was over meanwhile. One whose time is not
/// over keeps its own: whoever orders and calls off gains nothing by it.
pub(super) async fn free(app: &Payments, tx: &mut Tx, order: OrderId, holds: &[Hold]) -> Result<()> {
    let now = app.clock.now();
    let extension = Extension { over_by: now, until: now.plus(USABLE_FOR) };
    for hold in holds {
        store::change(tx, hold.credit_id, hold.amount_minor, -hold.amount_minor, Some(extension)).await?;
        let movement = NewMovement {
            credit_id: hold.credit_id,
            kind: "released",
            about: &about(order, hold.round),
            order_id: Some(order),
            balance_change: hold.amount_minor,
            held_change: -hold.amount_minor,
            reason: None,
        };
        store::add_movement(tx, &movement, now).await?;
    }
    Ok(())
}

/// A refund has arrived: its part of stored value can be used again. The accounts that bear it, as credits.
pub(super) async fn restore(
    app: &Payments,
    tx: &mut Tx,
    payment: &Payment,
    refund: &Refund,
) -> Result<Vec<(Account, Money)>> {
    if refund.credit.is_zero() {
        return Ok(Vec::new());
    }
    let (order, currency, now) = (payment.order_id, payment.amount.currency, app.clock.now());
    let holds = store::holds_of(tx, order).await?;
    if holds.iter().all(|hold| hold.state != "spent") {
        // They were released long ago, and the platform had stood in for them.
        return Ok(vec![(Account::CreditsGiven, refund.credit.negated()?)]);
    }
    let mut back = credits::give_back(&holds, refund.credit.amount_minor);
    if back.iter().map(|(_, minor)| minor).sum::<i64>() != refund.credit.amount_minor {
        return Err(Error::internal(format!("order {order} has spent less than refund {} gives back", refund.id)));
    }
    back.sort_by_key(|(hold, _)| hold.credit_id);
    let (reason, until) = (refund.id.to_string(), now.plus(USABLE_FOR));
    let mut legs = Vec::with_capacity(back.len());
    for (hold, minor) in back {
        if !store::give_back(tx, order, hold.credit_id, minor).await? {
            return Err(Error::internal(format!("order {order} has too little left of credit {}", hold.credit_id)));
        }
        store::change(tx, hold.credit_id, minor, 0, Some(Extension { over_by: until, until })).await?;
        let movement = NewMovement {
            credit_id: hold.credit_id,
            kind: "restored",
            about: &reason,
            order_id: Some(order),
            balance_change: minor,
            held_change: 0,
            reason: None,
        };
        store::add_movement(tx, &movement, now).await?;
        legs.push((Account::Credits(hold.kind), Money::new(minor, currency).negated()?));
    }
    Ok(legs)
}
