//! The one way in which a member of a store changes what is on hand at a location.

use contracts::inventory::MovementKind;
use db::Tx;
use kernel::{AccountId, LocationId, Result, Timestamp, VariantId, VendorScope};

use super::{announce::announce_change, bundles::Touched, cover::cover, place::split};
use crate::{
    Inventory,
    error::Refused,
    model::{ON_HAND_MAX, Place, Stock, default_location},
    store::{self, locations, movements, places},
};

/// Where, why, by whom and when.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub location_id: LocationId,
    pub reason: &'a str,
    pub by: AccountId,
    pub now: Timestamp,
}

/// The location that is wanted, or the default one. It stays open until the transaction ends.
pub(super) async fn open_location(
    tx: &mut Tx,
    scope: &VendorScope,
    wanted: Option<LocationId>,
    now: Timestamp,
) -> Result<LocationId> {
    let default = default_location(scope.vendor_id());
    let location_id = wanted.unwrap_or(default);
    if location_id != default {
        locations::lock(tx, scope, now).await?;
        if !locations::is_open(tx, scope, location_id).await? {
            return Err(Refused::NoSuchLocation.into());
        }
    }
    Ok(location_id)
}

/// Locks a vendor's row of stock, and gives it places if something of it is to be at the location.
pub(super) async fn lock_at(
    tx: &mut Tx,
    scope: &VendorScope,
    variant_id: VariantId,
    location_id: LocationId,
) -> Result<Stock> {
    let mut stock = store::lock(tx, scope, variant_id).await?.ok_or(Refused::NoSuchStock)?;
    if stock.bundle {
        return Err(Refused::IsBundle.into());
    }
    if location_id != stock.default_location() {
        split(tx, &mut stock).await?;
    }
    Ok(stock)
}

/// Changes what is on hand to what `decide` makes of what is there, and notes it; the row afterwards, and by how much.
/// Nothing is noted if nothing changes.
pub(super) async fn change_on_hand(
    app: &Inventory,
    tx: &mut Tx,
    scope: &VendorScope,
    variant_id: VariantId,
    cause: Cause<'_>,
    touched: &mut Touched,
    decide: impl FnOnce(&Place) -> Result<(MovementKind, i64)> + Send,
) -> Result<(Stock, i64)> {
    let before = lock_at(tx, scope, variant_id, cause.location_id).await?;
    let place = places::of(tx, &before).await?.at(cause.location_id);
    let (kind, there) = decide(&place)?;
    let (delta, on_hand) = (there - place.on_hand, before.on_hand + there - place.on_hand);
    if there < place.reserved {
        return Err(Refused::BelowReserved { reserved: place.reserved }.into());
    }
    if on_hand > ON_HAND_MAX {
        return Err(Refused::TooMany.into());
    }
    if delta == 0 {
        return Ok((before, 0));
    }
    let refused = Refused::BelowReserved { reserved: before.reserved };
    let mut after = store::set_on_hand(tx, scope, variant_id, on_hand, cause.now).await?.ok_or(refused)?;
    if after.split {
        places::put(tx, &after, &Place { on_hand: there, ..place }).await?;
    }
    let Cause { location_id, reason, by, now } = cause;
    let moved =
        movements::Movement { location_id, kind, delta, on_hand, there, reason, order_id: None, by: Some(by), at: now };
    movements::insert(tx, &after, &moved).await?;
    cover(app, tx, &mut after).await?;
    announce_change(app, tx, &after, before.available(), touched).await?;
    Ok((after, delta))
}
