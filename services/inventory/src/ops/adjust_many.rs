//! Receives, corrects or counts many variants at once.

use std::{collections::BTreeSet, sync::Arc};

use contracts::inventory::{ADJUSTMENTS_MAX, AdjustMany, AdjustedView};
use db::Tx;
use kernel::{AccountId, Error, Kind, Result, VariantId, VendorScope};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::{
    adjust_stock::{check, target},
    bundles::{Touched, recount},
    change_on_hand::{Cause, change_on_hand, open_location},
};
use crate::{
    Inventory,
    model::{Place, Stock},
    store,
};

/// Code of the error that takes a dry run back.
const DRY_RUN: &str = "dry_run";

/// Changes what is on hand of each, all in one transaction and once per key. What is refused of one stays as it is, and the
/// others go on. A dry run does the same and is taken back.
pub(crate) async fn adjust_many(
    app: &Arc<Inventory>,
    scope: VendorScope,
    by: AccountId,
    key: IdempotencyKey,
    input: AdjustMany,
) -> Result<StoredAnswer> {
    check(input.change, &input.reason)?;
    if input.variant_ids.is_empty() && input.product_ids.is_empty() {
        return Err(Error::invalid("variant_ids", "Say of what the stock changes."));
    }
    let this = app.clone();
    let outcome = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let location_id = open_location(tx, &scope, input.location_id, now).await?;
            let cause = Cause { location_id, reason: input.reason.trim(), by, now };
            let wanted = wanted(tx, &scope, &input).await?;
            let (mut views, mut touched) = (Vec::with_capacity(wanted.len()), Touched::default());
            for variant_id in wanted {
                let decide = |place: &Place| Ok(target(place, input.change));
                let changed = change_on_hand(&this, tx, &scope, variant_id, cause, &mut touched, decide).await;
                views.push(view(tx, &scope, variant_id, changed).await?);
            }
            recount(&this, tx, touched).await?;
            if input.dry_run {
                // The answer leaves the transaction with the error that takes it back.
                let told = serde_json::to_value(&views)?;
                return Err(Error::conflict(DRY_RUN, "Nothing is written in a dry run.").with_extra(told));
            }
            idempotency::store(tx, &key, 200, &views).await
        })
        .await;
    match outcome {
        Err(error) if error.code() == DRY_RUN => {
            Ok(StoredAnswer { status: 200, body: error.extra().map(ToString::to_string).unwrap_or_default() })
        }
        outcome => outcome,
    }
}

/// What is named, each once, in the order of ids, as everywhere rows of stock are locked.
async fn wanted(tx: &mut Tx, scope: &VendorScope, input: &AdjustMany) -> Result<BTreeSet<VariantId>> {
    let mut wanted: BTreeSet<VariantId> = input.variant_ids.iter().copied().collect();
    wanted.extend(store::variants_of(tx, scope, &input.product_ids).await?);
    if wanted.len() > ADJUSTMENTS_MAX {
        let reason = format!("They have {} variants, and at most {ADJUSTMENTS_MAX} change at once.", wanted.len());
        return Err(Error::invalid("product_ids", reason));
    }
    Ok(wanted)
}

/// What has become of one: what is refused of it was refused before anything was written.
async fn view(
    tx: &mut Tx,
    scope: &VendorScope,
    variant_id: VariantId,
    changed: Result<(Stock, i64)>,
) -> Result<AdjustedView> {
    let (known, delta, refused) = match changed {
        Ok((stock, delta)) => (Some(stock), delta, None),
        Err(error) if matches!(error.kind(), Kind::Conflict | Kind::NotFound | Kind::Invalid) => {
            let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str());
            (store::lock(tx, scope, variant_id).await?, 0, Some(reason.to_owned()))
        }
        Err(error) => return Err(error),
    };
    let on_hand = known.as_ref().map_or(0, |stock| stock.on_hand);
    let (title, sku) = known.map(|stock| (stock.title, stock.sku)).unwrap_or_default();
    Ok(AdjustedView { variant_id, title, sku, on_hand, delta, refused })
}
