//! What sold most: counted by analytics from the orders' events, taken over from time to time and all at once. An order
//! costs the search nothing, and the index is written once for all that changed.

use std::{collections::BTreeMap, sync::Arc};

use contracts::analytics::{SOLD_PAGE, SoldQuery};
use kernel::{ProductId, Result};

use crate::{Search, events, store};

/// Days that count.
const DAYS: u32 = 90;

/// Takes over what was sold in the last 90 days, today included.
pub async fn count_sales(app: &Arc<Search>) -> Result<()> {
    let mut after = None;
    loop {
        let query = SoldQuery { days: Some(DAYS), after };
        let sold = app.analytics.sold(&app.myself, &query).await?;
        // Fewer than a page are the last: all others have sold nothing.
        let until = sold.last().filter(|_| sold.len() == SOLD_PAGE).map(|last| last.product_id);
        let known = store::sales(&app.db, after, until).await?;
        let changed = differences(sold.into_iter().map(|of| (of.product_id, of.items)).collect(), known);
        if !changed.is_empty() {
            let writer = app.clone();
            app.db
                .write(async move |tx| {
                    store::put_sales(tx, &changed).await?;
                    events::bring_in_soon(&writer, tx).await
                })
                .await?;
        }
        match until {
            Some(_) => after = until,
            None => return Ok(()),
        }
    }
}

/// What is not known yet, or known otherwise; zero for what is not sold any more.
fn differences(sold: BTreeMap<ProductId, i64>, known: BTreeMap<ProductId, i64>) -> Vec<(ProductId, i64)> {
    let gone = known.keys().filter(|id| !sold.contains_key(id)).map(|id| (*id, 0));
    let changed = sold.iter().filter(|(id, items)| known.get(id) != Some(items)).map(|(id, items)| (*id, *items));
    gone.chain(changed).collect()
}
