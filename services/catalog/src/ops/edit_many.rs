//! Changes the prices or the status of many products at once.

use std::{collections::BTreeMap, sync::Arc};

use contracts::catalog::{BulkDone, BulkEdit, BulkOutcome, BulkProduct};
use db::Tx;
use kernel::{Error, Kind, ProductId, Result, VendorScope};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::{
    lookups::Lookups,
    save_product::{Outcome, save},
    write_product::lock_own,
};
use crate::{
    Catalog,
    model::{Draft, Html, Stored, apply_bulk, bulk_refused, bulk_saved, check_bulk},
    views,
};

/// Code of the error that takes a dry run back.
const DRY_RUN: &str = "dry_run";

/// Changes each of some products as its vendor would alone, with the same refusals and events, all in one transaction and
/// once per key. What is refused of one stays as it is, and the others go on. A dry run does the same and is taken back.
pub(crate) async fn edit_many(
    app: &Arc<Catalog>,
    scope: VendorScope,
    key: IdempotencyKey,
    input: BulkEdit,
) -> Result<StoredAnswer> {
    check_bulk(&input)?;
    // Locked in the order of ids, so that two of these never wait for each other; told in the order in which they were named.
    let mut wanted: BTreeMap<ProductId, usize> = BTreeMap::new();
    for (index, id) in input.ids.iter().enumerate() {
        if wanted.insert(*id, index).is_some() {
            return Err(Error::invalid(format!("ids[{index}]"), "Name each product once."));
        }
    }
    let this = app.clone();
    let outcome = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, this.clock.now()).await? {
                return Ok(answer);
            }
            let (mut lookups, mut told) = (Lookups::default(), Vec::with_capacity(wanted.len()));
            for (id, index) in &wanted {
                told.push((*index, edit_one(&this, tx, &scope, *id, &input, &mut lookups).await?));
            }
            told.sort_by_key(|(index, _)| *index);
            let done = counted(told.into_iter().map(|(_, product)| product).collect(), input.dry_run);
            if input.dry_run {
                // The answer leaves the transaction with the error that takes it back.
                let told = serde_json::to_value(&done)?;
                return Err(Error::conflict(DRY_RUN, "Nothing is written in a dry run.").with_extra(told));
            }
            idempotency::store(tx, &key, 200, &done).await
        })
        .await;
    match outcome {
        Err(error) if error.code() == DRY_RUN => {
            Ok(StoredAnswer { status: 200, body: error.extra().map(ToString::to_string).unwrap_or_default() })
        }
        outcome => outcome,
    }
}

fn counted(products: Vec<BulkProduct>, dry_run: bool) -> BulkDone {
    let count = |outcome| {
        u32::try_from(products.iter().filter(|product| product.outcome == outcome).count()).unwrap_or(u32::MAX)
    };
    BulkDone {
        dry_run,
        changed: count(BulkOutcome::Changed),
        unchanged: count(BulkOutcome::Unchanged),
        refused: count(BulkOutcome::Refused),
        products,
    }
}

/// True if an error says something of the one product, and nothing was written of it.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::NotFound)
}

async fn edit_one(
    app: &Catalog,
    tx: &mut Tx,
    scope: &VendorScope,
    id: ProductId,
    input: &BulkEdit,
    lookups: &mut Lookups,
) -> Result<BulkProduct> {
    let before = match lock_own(tx, scope, id).await {
        Ok(before) => before,
        Err(error) if is_refusal(&error) => return Ok(bulk_refused(id, "", &error)),
        Err(error) => return Err(error),
    };
    let saved = match draft(&before, input) {
        Ok(draft) => save(app, tx, scope, Some(&before), &draft, (None, lookups)).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok((after, Outcome::Unchanged)) => Ok(bulk_saved(&before, &after, BulkOutcome::Unchanged)),
        Ok((after, _)) => Ok(bulk_saved(&before, &after, BulkOutcome::Changed)),
        Err(error) if is_refusal(&error) => Ok(bulk_refused(id, &before.product.title, &error)),
        Err(error) => Err(error),
    }
}

/// What a product is to be.
fn draft(before: &Stored, edit: &BulkEdit) -> Result<Draft> {
    let mut input = views::stored_edit(before).input;
    apply_bulk(&mut input, edit)?;
    // It was sanitised when it was written.
    let known = &before.product;
    let description = Html { html: known.description_html.clone(), text: known.description_text.clone() };
    Draft::with_description(input, description)
}
