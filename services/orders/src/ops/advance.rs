//! One step of the saga within a transaction: the new state, its version, its timeline and its
//! events are kept together or not at all.

use std::sync::Arc;

use db::Tx;
use kernel::{OrderId, Result};

use crate::{
    Orders,
    error::OrderError,
    model::{
        Order,
        saga::{self, Effect, Event, Input, Note},
    },
    store,
};

/// Takes in what an event says. Inputs that come late or again change nothing.
///
/// # Errors
/// Early (`not_yet`) if the order is not here yet, so that the event is tried again.
pub async fn hear(app: &Arc<Orders>, tx: &mut Tx, id: OrderId, input: Input) -> Result<()> {
    let order = store::lock_order(tx, id).await?.ok_or(OrderError::NotYet)?;
    advance(app, tx, &order, input).await.map(drop)
}

/// Takes a step from `order`, which the transaction has locked.
pub async fn advance(app: &Arc<Orders>, tx: &mut Tx, order: &Order, input: Input) -> Result<Order> {
    let (after, effects) = saga::step(order, input, app.clock.now()).map_err(OrderError::Rejected)?;
    if after.version == order.version {
        return Ok(after);
    }
    store::save(tx, order, &after).await?;
    perform(app, tx, &after, effects).await?;
    Ok(after)
}

/// Does what a step has decided. Returns the new entries of the timeline.
pub(super) async fn perform(app: &Arc<Orders>, tx: &mut Tx, order: &Order, effects: Vec<Effect>) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for effect in effects {
        match effect {
            Effect::Note(note) => notes.push(note),
            Effect::Publish(event) => publish(app, tx, event).await?,
        }
    }
    store::add_notes(tx, order.id, order.version, app.clock.now(), &notes).await?;
    let (live, id, is_waiting) = (app.live.clone(), order.id, order.is_waiting());
    tx.after_commit(move || live.changed(id, is_waiting));
    Ok(notes)
}

async fn publish(app: &Arc<Orders>, tx: &mut Tx, event: Event) -> Result<()> {
    match event {
        Event::Placed(event) => app.outbox.publish(tx, &*event).await,
        Event::Promised(event) => app.outbox.publish(tx, &*event).await,
        Event::Paid(event) => app.outbox.publish(tx, &*event).await,
        Event::Claimed(event) => app.outbox.publish(tx, &*event).await,
        Event::Rejected(event) => app.outbox.publish(tx, &event).await,
        Event::Cancelled(event) => app.outbox.publish(tx, &event).await,
        Event::Completed(event) => app.outbox.publish(tx, &event).await,
    }
}
