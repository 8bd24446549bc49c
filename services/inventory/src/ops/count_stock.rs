//! Stock-taking: what was counted becomes movements.

use std::{collections::BTreeMap, sync::Arc};

use contracts::inventory::{Count, CountStock, CountedView, MovementKind};
use kernel::{AccountId, Error, Kind, Result, VariantId, VendorScope};

use super::{
    bundles::{Touched, recount},
    change_on_hand::{Cause, change_on_hand, open_location},
};
use crate::{Inventory, model::Place};

/// Sets what is on hand at a location to what was counted there, all of it or nothing.
pub(crate) async fn count_stock(
    app: &Arc<Inventory>,
    scope: VendorScope,
    by: AccountId,
    input: CountStock,
) -> Result<Vec<CountedView>> {
    // In the order of ids, as everywhere rows of stock are locked; with their places in the list, for complaints.
    let mut counts: BTreeMap<VariantId, (usize, Count)> = BTreeMap::new();
    for (i, count) in input.counts.iter().enumerate() {
        if counts.insert(count.variant_id, (i, *count)).is_some() {
            return Err(Error::invalid(format!("counts[{i}].variant_id"), "Count each variant once."));
        }
    }
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            let location_id = open_location(tx, &scope, input.location_id, now).await?;
            let cause = Cause { location_id, reason: input.reason.trim(), by, now };
            let (mut views, mut touched) = (Vec::with_capacity(counts.len()), Touched::default());
            for (variant_id, (i, count)) in &counts {
                let decide = |place: &Place| decide(place, count);
                let changed = change_on_hand(&this, tx, &scope, *variant_id, cause, &mut touched, decide).await;
                let (_, delta) = changed.map_err(|error| at_line(error, *i))?;
                views.push((*i, CountedView { variant_id: *variant_id, counted: count.counted, delta }));
            }
            recount(&this, tx, touched).await?;
            views.sort_by_key(|(i, _)| *i);
            Ok(views.into_iter().map(|(_, view)| view).collect())
        })
        .await
}

fn decide(place: &Place, count: &Count) -> Result<(MovementKind, i64)> {
    if count.seen.is_some_and(|seen| seen != place.on_hand) {
        let text = format!("It has changed since: {} are known there now. Count again.", place.on_hand);
        return Err(Error::conflict("changed_meanwhile", text));
    }
    Ok((MovementKind::Count, count.counted))
}

/// What is wrong with one line is wrong with its field.
fn at_line(error: Error, i: usize) -> Error {
    match error.kind() {
        Kind::Conflict => Error::invalid(format!("counts[{i}].counted"), error.detail().to_owned()),
        Kind::NotFound => Error::invalid(format!("counts[{i}].variant_id"), "There is no such stock."),
        _ => error,
    }
}
