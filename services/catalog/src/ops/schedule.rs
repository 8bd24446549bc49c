//! Moments at which a product goes on sale, or off, by itself.

use std::sync::Arc;

use ::events::Job;
use contracts::catalog::ProductStatus;
use db::Tx;
use kernel::{Error, FieldError, ProductId, Result, Timestamp};

use super::write_product::{ancestors_of, rewrite, with_variants};
use crate::{
    Catalog, jobs,
    model::{Draft, Product, due},
    store,
};

/// Refuses a moment that has passed, unless it stood there before: then it is about to happen.
pub(super) fn refuse_passed(draft: &Draft, before: Option<&Product>, now: Timestamp) -> Result<()> {
    let moments = [
        ("publish_at", draft.publish_at, before.and_then(|known| known.publish_at)),
        ("unpublish_at", draft.unpublish_at, before.and_then(|known| known.unpublish_at)),
    ];
    let passed = moments.into_iter().filter(|(_, at, known)| at != known && at.is_some_and(|at| at <= now));
    let errors: Vec<FieldError> = passed
        .map(|(field, ..)| FieldError {
            field: field.to_owned(),
            reason: "This moment has passed. Choose one that lies ahead.".to_owned(),
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// Sets the timers of a product whose moments have changed, and takes away those that are not wanted any longer.
pub(super) async fn set_timers(app: &Catalog, tx: &mut Tx, before: Option<&Product>, after: &Product) -> Result<()> {
    let key = after.id.to_string();
    let timers = [
        (jobs::PUBLISH, before.and_then(|known| known.publish_at), after.publish_at),
        (jobs::UNPUBLISH, before.and_then(|known| known.unpublish_at), after.unpublish_at),
    ];
    for (kind, was, at) in timers {
        if was == at {
            continue;
        }
        app.jobs.cancel(tx, kind, &key).await?;
        if let Some(at) = at {
            app.jobs.enqueue_at(tx, kind, &key, &after.id, at).await?;
        }
    }
    Ok(())
}

/// A timer has rung: what is due of its product happens, once. A timer that was set for a moment that has been changed
/// since finds nothing to do.
pub(crate) async fn keep_schedule(app: &Arc<Catalog>, job: Job) -> Result<()> {
    let (id, this) = (job.payload::<ProductId>()?, app.clone());
    app.db
        .write(async move |tx| {
            if let Some(product) = store::products::lock(tx, id).await? {
                let now = this.clock.now();
                if let Some(status) = due(&product, now) {
                    become_due(&this, tx, product, status, now).await?;
                }
            }
            job.finish(tx).await
        })
        .await
}

async fn become_due(app: &Catalog, tx: &mut Tx, product: Product, status: ProductStatus, now: Timestamp) -> Result<()> {
    let before = product.status;
    let mut stored = with_variants(tx, product).await?;
    let ancestors = ancestors_of(tx, &stored.product).await?;
    let product = &mut stored.product;
    product.status = status;
    product.publish_at = None;
    if status == ProductStatus::Published {
        product.published_at = product.published_at.or(Some(now));
    } else {
        product.unpublish_at = None;
    }
    rewrite(app, tx, before, &mut stored, &ancestors, &[]).await
}
