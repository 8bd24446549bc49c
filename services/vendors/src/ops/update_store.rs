//! Changes the store page.

use std::sync::Arc;

use contracts::vendors::{UpdateStore, VendorView};
use kernel::{Result, VendorScope};
use souk_http::IfMatch;

use super::publish_changed;
use crate::{App, model::clean_page, store};

/// Changes the store page. Its address stays, so that links keep working.
pub(crate) async fn update_store(
    app: &Arc<App>,
    scope: VendorScope,
    seen: IfMatch,
    input: UpdateStore,
) -> Result<VendorView> {
    let page = clean_page(input)?;
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let before = store::hold(tx, &scope).await?;
            seen.check(before.version - 1)?;
            let after = before.with_page(&page);
            store::update(tx, &after).await?;
            publish_changed(&this, tx, &after).await?;
            Ok(after.view())
        })
        .await
}
