//! What stored value covers of a total; and holds that for an order that is about to be placed: all of it or nothing, in one
//! transaction.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contracts::{
    credits::{Cover, CoverRequest, HeldCredits, HoldCredits, PayWithCredits},
    orders::OrderStanding,
};
use db::Tx;
use kernel::{AccountId, CreditId, Error, Money, OrderId, Result, Timestamp};

use super::spend_credits::{about, free};
use crate::{
    Payments,
    error::CreditError,
    model::credits::{Credit, Hold, Share, cover, covered, hash_of, normalised, shares, store_credit_id},
    store::{self, NewMovement},
};

/// How long a hold may wait for its order. No request lives so long, so an order whose hold has lapsed cannot come to be.
const HOLD_FOR: Duration = Duration::from_secs(600);
/// Orders that are looked at in one round.
const BATCH: i64 = 100;

/// What it covers now. Nothing is held.
///
/// # Errors
/// 422 for a card that cannot be used.
pub async fn cover_total(app: &Payments, account: Option<AccountId>, wanted: &CoverRequest) -> Result<Cover> {
    let total = payable(wanted.total)?;
    let mut cards = Vec::new();
    for (place, hash) in hashes(&wanted.credits)?.iter().enumerate() {
        cards.push(store::gift_card(&app.db, hash).await?.ok_or(CreditError::Unknown(place))?);
    }
    let own = match own_id(account, &wanted.credits, total)? {
        Some(id) => store::read_credit(&app.db, id).await?,
        None => None,
    };
    cover(&shares(&cards, own.as_ref(), total, app.clock.now())??, total)
}

/// Holds it. Held already is held: the answer is the same.
///
/// # Errors
/// 422 for a card that cannot be used; conflict if it covers another amount than the buyer was told. Nothing is held then.
pub async fn hold_credits(app: &Arc<Payments>, order: OrderId, wanted: HoldCredits) -> Result<HeldCredits> {
    let total = payable(wanted.total)?;
    let hashes = hashes(&wanted.credits)?;
    let own = own_id(wanted.account_id, &wanted.credits, total)?;
    let (this, expected) = (app.clone(), wanted.credits.covered_minor);
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            let (cards, own) = lock(tx, &hashes, own).await?;
            let before = store::holds_of(tx, order).await?;
            if before.iter().any(|hold| hold.state != "lapsed") {
                // Asked again, the order is about to be placed again: what it holds must not lapse meanwhile.
                store::renew_holds(tx, order, now).await?;
                let minor = before.iter().filter(|hold| hold.state != "lapsed").map(|hold| hold.amount_minor).sum();
                return Ok(HeldCredits { covered: Money::new(minor, total.currency) });
            }
            let shares = shares(&cards, own.as_ref(), total, now)??;
            let covered = covered(&shares, total.currency)?;
            if expected.is_some_and(|expected| expected != covered.amount_minor) {
                return Err(CreditError::Changed { covered }.into());
            }
            let round = before.iter().map(|hold| hold.round).max().unwrap_or(0) + 1;
            for share in &shares {
                hold(tx, order, share, round, now).await?;
            }
            Ok(HeldCredits { covered })
        })
        .await
}

fn payable(total: Money) -> Result<Money> {
    if total.amount_minor > 0 { Ok(total) } else { Err(CreditError::NothingToPay.into()) }
}

/// What stands for the codes in the table, each once.
fn hashes(wanted: &PayWithCredits) -> Result<Vec<String>> {
    let mut hashes = Vec::with_capacity(wanted.codes.len());
    for (place, typed) in wanted.codes.iter().enumerate() {
        let hash = hash_of(&normalised(typed.expose()).ok_or(CreditError::Unknown(place))?);
        if hashes.contains(&hash) {
            return Err(CreditError::Twice(place).into());
        }
        hashes.push(hash);
    }
    Ok(hashes)
}

/// The store credit that is to be used.
fn own_id(account: Option<AccountId>, wanted: &PayWithCredits, total: Money) -> Result<Option<CreditId>> {
    match (wanted.use_store_credit, account) {
        (false, _) => Ok(None),
        (true, None) => Err(CreditError::NeedsAccount.into()),
        (true, Some(account)) => Ok(Some(store_credit_id(account, total.currency))),
    }
}

/// The cards in the order of their codes, and the store credit if there is any. Nobody else changes them until the transaction
/// ends; everybody locks credits in the order of their ids.
async fn lock(tx: &mut Tx, hashes: &[String], own: Option<CreditId>) -> Result<(Vec<Credit>, Option<Credit>)> {
    let mut ids = Vec::with_capacity(hashes.len());
    for (place, hash) in hashes.iter().enumerate() {
        ids.push(store::gift_card_id(tx, hash).await?.ok_or(CreditError::Unknown(place))?);
    }
    let mut sorted: Vec<CreditId> = ids.iter().copied().chain(own).collect();
    sorted.sort_unstable();
    let mut locked = BTreeMap::new();
    for id in sorted {
        if let Some(credit) = store::lock_credit(tx, id).await? {
            locked.insert(id, credit);
        }
    }
    let cards = ids.iter().filter_map(|id| locked.remove(id)).collect();
    Ok((cards, own.and_then(|id| locked.remove(&id))))
}

async fn hold(tx: &mut Tx, order: OrderId, share: &Share<'_>, round: i64, now: Timestamp) -> Result<()> {
    let (credit_id, kind, amount_minor) = (share.credit.id, share.credit.kind, share.amount.amount_minor);
    if !store::take(tx, credit_id, amount_minor, now).await? {
        return Err(Error::internal(format!("credit {credit_id} is locked and has less than it had")));
    }
    let hold = Hold { credit_id, kind, amount_minor, restored_minor: 0, state: "held".to_owned(), round };
    if !store::insert_hold(tx, order, &hold, now).await? {
        return Err(Error::internal(format!("order {order} holds credit {credit_id} twice")));
    }
    let movement = NewMovement {
        credit_id,
        kind: "held",
        about: &about(order, round),
        order_id: Some(order),
        balance_change: -amount_minor,
        held_change: amount_minor,
        reason: None,
    };
    store::add_movement(tx, &movement, now).await
}

/// Gives back what was held for orders that never came to be: the process died between hold and order, or the order was
/// refused. Whether there is such an order, `orders` knows; without its answer all stays.
pub async fn lapse_holds(app: &Arc<Payments>) -> Result<()> {
    let before = app.clock.now().minus(HOLD_FOR);
    for order in store::long_held(&app.db, before, BATCH).await? {
        match app.orders.standing(&app.myself, order).await {
            Ok(OrderStanding { status: None }) => {
                let this = app.clone();
                app.db
                    .write(async move |tx| {
                        let lapsed = store::lapse_holds(tx, order, before).await?;
                        free(&this, tx, order, &lapsed).await
                    })
                    .await?;
            }
            // It will be heard of.
            Ok(OrderStanding { status: Some(_) }) => {}
            Err(error) => tracing::warn!(%order, %error, "nobody knows whether this order came to be"),
        }
    }
    Ok(())
}
