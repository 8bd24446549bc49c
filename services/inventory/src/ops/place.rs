//! From where goods are taken and where they are put. A variant that was never anywhere but at the default
//! location has no places, and nothing here costs it a statement. Call with the variant's row of stock locked.

use db::Tx;
use kernel::{Error, LocationId, OrderId, Result};

use crate::{
    model::{Place, Places, Stock},
    store::{self, places},
};

/// Gives a variant places: all of it is at the default location.
pub(super) async fn split(tx: &mut Tx, stock: &mut Stock) -> Result<()> {
    if !stock.split {
        for place in Places::whole(stock).0 {
            places::put(tx, stock, &place).await?;
        }
        places::pick_all(tx, stock).await?;
        store::set_split(tx, stock.variant_id).await?;
        stock.split = true;
    }
    Ok(())
}

/// Says for `quantity` pieces promised to an order from where they come: from the first places that have them.
pub(super) async fn pick(tx: &mut Tx, order_id: OrderId, stock: &Stock, quantity: i64) -> Result<()> {
    if !stock.split || quantity == 0 {
        return Ok(());
    }
    for (place, share) in shares(tx, stock, quantity).await? {
        places::put(tx, stock, &Place { reserved: place.reserved + share, ..place }).await?;
        places::put_pick(tx, order_id, stock, place.location_id, share).await?;
    }
    Ok(())
}

/// Gives back so much of what an order's line was to be taken from.
pub(super) async fn put_back(tx: &mut Tx, order_id: OrderId, stock: &Stock, quantity: i64) -> Result<()> {
    let mut wanted = quantity;
    for (place, picked) in picked(tx, order_id, stock).await? {
        let share = picked.min(wanted);
        wanted -= share;
        if picked > share {
            // The rest is still taken from there.
            places::put_pick(tx, order_id, stock, place.location_id, picked - share).await?;
        }
        if share > 0 {
            places::put(tx, stock, &Place { reserved: place.reserved - share, ..place }).await?;
        }
    }
    Ok(())
}

/// Takes `quantity` promised pieces of an order's line off where they are: places afterwards and what left them.
/// `after` is the row of stock when all have left.
pub(super) async fn take_picked(
    tx: &mut Tx,
    order_id: OrderId,
    after: &Stock,
    quantity: i64,
) -> Result<Vec<(Place, i64)>> {
    if !after.split {
        return Ok(whole(after, quantity));
    }
    let (mut left, mut wanted) = (Vec::new(), quantity);
    for (place, picked) in picked(tx, order_id, after).await? {
        let share = picked.min(wanted);
        wanted -= share;
        if picked > share {
            // It stays to be taken from there with a later parcel.
            places::put_pick(tx, order_id, after, place.location_id, picked - share).await?;
        }
        if share == 0 {
            continue;
        }
        let place =
            Place { on_hand: place.on_hand - share, reserved: place.reserved - share, location_id: place.location_id };
        places::put(tx, after, &place).await?;
        left.push((place, share));
    }
    Ok(left)
}

/// Takes `quantity` pieces that nobody is promised off the first places that have them.
pub(super) async fn take_free(tx: &mut Tx, after: &Stock, quantity: i64) -> Result<Vec<(Place, i64)>> {
    if !after.split {
        return Ok(whole(after, quantity));
    }
    let mut left = Vec::new();
    for (place, share) in shares(tx, after, quantity).await? {
        let place = Place { on_hand: place.on_hand - share, ..place };
        places::put(tx, after, &place).await?;
        left.push((place, share));
    }
    Ok(left)
}

/// The one place of a variant that has no places.
fn whole(after: &Stock, quantity: i64) -> Vec<(Place, i64)> {
    Places::whole(after).0.into_iter().map(|place| (place, quantity)).collect()
}

async fn shares(tx: &mut Tx, stock: &Stock, quantity: i64) -> Result<Vec<(Place, i64)>> {
    let shares = places::of(tx, stock).await?.share_out(quantity);
    if shares.iter().map(|(_, share)| share).sum::<i64>() == quantity {
        Ok(shares)
    } else {
        Err(Error::internal(format!(
            "the places of {} do not have the {quantity} that its stock has",
            stock.variant_id
        )))
    }
}

async fn picked(tx: &mut Tx, order_id: OrderId, stock: &Stock) -> Result<Vec<(Place, i64)>> {
    if !stock.split {
        return Ok(Vec::new());
    }
    let picks: Vec<(LocationId, i64)> = places::take_picks(tx, order_id, stock.variant_id).await?;
    let places = places::of(tx, stock).await?;
    Ok(picks.into_iter().map(|(location_id, share)| (places.at(location_id), share)).collect())
}
