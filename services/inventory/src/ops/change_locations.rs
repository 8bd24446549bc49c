//! Adds, renames, closes and opens locations, and says from which goods are taken first.

use std::{collections::BTreeSet, sync::Arc};

use contracts::inventory::{LOCATIONS_MAX, LocationInput, LocationOrder, LocationView, NewLocation};
use db::Tx;
use kernel::{Error, LocationId, Result, VendorScope};

use crate::{Inventory, error::Refused, store::locations};

/// Adds a location from which goods are taken after all others.
pub(crate) async fn add_location(app: &Arc<Inventory>, scope: VendorScope, input: NewLocation) -> Result<LocationView> {
    let (this, name) = (app.clone(), typed(&input.name)?);
    let id = LocationId::new(&app.ids);
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            locations::lock(tx, &scope, now).await?;
            let all = locations::list_now(tx, &scope).await?;
            if all.len() >= LOCATIONS_MAX {
                return Err(Refused::TooManyLocations(LOCATIONS_MAX).into());
            }
            locations::insert(tx, &scope, id, &name, rank(all.len()), now).await?;
            // A closed one may stand behind it: those that are open come first.
            let open = all.iter().filter(|location| location.active).map(|location| location.id).chain([id]);
            put_in_order(tx, &scope, open).await?;
            find(tx, &scope, id).await
        })
        .await
}

/// Renames a location, opens it again, or closes it if nothing is there.
pub(crate) async fn update_location(
    app: &Arc<Inventory>,
    scope: VendorScope,
    id: LocationId,
    input: LocationInput,
) -> Result<LocationView> {
    let (this, name) = (app.clone(), typed(&input.name)?);
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            locations::lock(tx, &scope, this.clock.now()).await?;
            let all = locations::list_now(tx, &scope).await?;
            let before = all.iter().find(|location| location.id == id).ok_or(Refused::NoSuchLocation)?;
            if !input.active {
                may_close(tx, &scope, before).await?;
            } else if !before.active {
                // Like one that is new: behind the others.
                locations::set_rank(tx, &scope, id, rank(all.len())).await?;
            }
            locations::update(tx, &scope, id, &name, input.active).await?;
            find(tx, &scope, id).await
        })
        .await
}

/// A location stays open while something is there, and the default one always.
async fn may_close(tx: &mut Tx, scope: &VendorScope, location: &LocationView) -> Result<()> {
    if location.is_default {
        return Err(Refused::StaysOpen.into());
    }
    match locations::pieces_at(tx, scope, location.id).await? {
        ..=0 => Ok(()),
        on_hand => Err(Refused::NotEmpty { on_hand }.into()),
    }
}

/// Says from which location goods are taken first.
pub(crate) async fn order_locations(
    app: &Arc<Inventory>,
    scope: VendorScope,
    input: LocationOrder,
) -> Result<Vec<LocationView>> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            locations::lock(tx, &scope, this.clock.now()).await?;
            let all = locations::list_now(tx, &scope).await?;
            let open: BTreeSet<LocationId> = all.iter().filter(|l| l.active).map(|l| l.id).collect();
            let named: BTreeSet<LocationId> = input.locations.iter().copied().collect();
            if open != named || named.len() != input.locations.len() {
                return Err(Refused::NotEachOnce.into());
            }
            put_in_order(tx, &scope, input.locations.iter().copied()).await?;
            locations::list_now(tx, &scope).await
        })
        .await
}

async fn put_in_order(tx: &mut Tx, scope: &VendorScope, ids: impl Iterator<Item = LocationId> + Send) -> Result<()> {
    for (i, id) in ids.enumerate() {
        locations::set_rank(tx, scope, id, rank(i)).await?;
    }
    Ok(())
}

fn rank(i: usize) -> i64 {
    i64::try_from(i).unwrap_or(i64::MAX)
}

async fn find(tx: &mut Tx, scope: &VendorScope, id: LocationId) -> Result<LocationView> {
    let all = locations::list_now(tx, scope).await?;
    all.into_iter().find(|location| location.id == id).ok_or_else(|| Refused::NoSuchLocation.into())
}

fn typed(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "Enter a name in one line."));
    }
    Ok(name.to_owned())
}
