//! Sets the commission, and how its goods are not paid.

use std::sync::Arc;

use contracts::vendors::{RefusedMethods, Terms, VendorView};
use kernel::{Error, Result, VendorScope};
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

/// Sets which ways to pay are not offered for its goods, from the next quote on; orders that are placed keep their way. Which
/// ways there are `payments` knows: one that nobody offers is refused without effect.
pub(crate) async fn set_refused_methods(
    app: &Arc<App>,
    scope: VendorScope,
    seen: IfMatch,
    input: RefusedMethods,
) -> Result<VendorView> {
    let mut methods = input.refused_methods;
    methods.sort_unstable();
    methods.dedup();
    let is_name = |method: &String| method.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'));
    if !methods.iter().all(is_name) {
        return Err(Error::invalid(
            "refused_methods",
            "Name ways to pay as they are listed, such as cash_on_delivery.",
        ));
    }
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let mut vendor = store::hold(tx, &scope).await?;
            seen.check(vendor.version - 1)?;
            vendor.refused_methods.clone_from(&methods);
            store::update(tx, &vendor).await?;
            publish_changed(&this, tx, &vendor).await?;
            Ok(vendor.view())
        })
        .await
}
