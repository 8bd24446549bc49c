//! Sets the commission.

use std::sync::Arc;

use contracts::vendors::{Terms, VendorView};
use kernel::{Result, VendorScope};
use souk_http::IfMatch;

use super::publish_changed;
use crate::{App, store};

/// Sets the commission of sales from now on; orders keep what held when they were placed.
pub(crate) async fn set_terms(app: &Arc<App>, scope: VendorScope, seen: IfMatch, input: Terms) -> Result<VendorView> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let mut vendor = store::hold(tx, &scope).await?;
            seen.check(vendor.version - 1)?;
            vendor.commission_bp = input.commission_bp;
            store::update(tx, &vendor).await?;
            publish_changed(&this, tx, &vendor).await?;
            Ok(vendor.view())
        })
        .await
}
