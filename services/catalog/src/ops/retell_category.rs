//! Tells the products of a category anew after its name or place has changed.

use std::sync::Arc;

use kernel::{CategoryId, Result};
use serde::{Deserialize, Serialize};

use super::write_product::{ancestors_of, list, tell, touch, with_variants};
use crate::{Catalog, jobs, store};

/// Products told in one transaction.
const BATCH: i64 = 50;
/// Batches of one job; then another takes over, long before its lease ends.
const BATCHES: usize = 20;

/// The job: which category, after which change, and how far it has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Retell {
    pub category_id: CategoryId,
    pub version: i64,
    /// Number of the last product told.
    pub after: i64,
}

/// Puts the products below a category into their present lists and publishes them.
pub(crate) async fn retell_category(app: &Arc<Catalog>, mut at: Retell) -> Result<()> {
    for _ in 0..BATCHES {
        let batch = store::categories::products_below(&app.db, at.category_id, at.after, BATCH).await?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        at.after = *last;
        let this = app.clone();
        app.db
            .write(async move |tx| {
                let mut batch = batch.clone();
                // Rows are locked in the order of ids, as everywhere.
                batch.sort_by_key(|(_, id)| *id);
                for (_, id) in batch {
                    // A draft may have been deleted meanwhile.
                    let Some(product) = store::products::lock(tx, id).await? else { continue };
                    let stored = with_variants(tx, product).await?;
                    let ancestors = ancestors_of(tx, &stored.product).await?;
                    touch(&this, tx, &stored.product).await?;
                    list(tx, &stored, &ancestors).await?;
                    touch(&this, tx, &stored.product).await?;
                    tell(&this, tx, Some(stored.product.status), &stored, &ancestors, &[]).await?;
                }
                Ok(())
            })
            .await?;
    }
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let key = format!("{}:{}:{}", at.category_id, at.version, at.after);
            this.jobs.enqueue(tx, jobs::RETELL_CATEGORY, &key, &at).await
        })
        .await
}
