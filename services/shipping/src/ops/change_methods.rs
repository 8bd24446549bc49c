//! Adds, changes and removes ways to ship. Whatever changes, the whole list is told.

use std::sync::Arc;

use contracts::shipping::{MethodInput, MethodView, MethodsChanged};
use db::Tx;
use kernel::{Result, ShippingMethodId, VendorScope};
use souk_http::IfMatch;

use crate::{
    Shipping,
    model::{Method, method},
    store,
};

pub(crate) async fn add_method(app: &Arc<Shipping>, scope: VendorScope, input: MethodInput) -> Result<MethodView> {
    let input = method::accept(input)?;
    let added = Method::new(ShippingMethodId::new(&app.ids), input, app.clock.now());
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::vendors::lock(tx, scope.vendor_id()).await?;
            store::methods::insert(tx, &scope, &added).await?;
            tell(&this, tx, &scope).await?;
            Ok(added.view())
        })
        .await
}

pub(crate) async fn update_method(
    app: &Arc<Shipping>,
    scope: VendorScope,
    id: ShippingMethodId,
    seen: IfMatch,
    input: MethodInput,
) -> Result<MethodView> {
    let (this, input) = (app.clone(), method::accept(input)?);
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::vendors::lock(tx, scope.vendor_id()).await?;
            let before = store::methods::find(tx, &scope, id).await?;
            seen.check(before.version)?;
            let after = before.changed(input.clone());
            store::methods::update(tx, &scope, &after).await?;
            tell(&this, tx, &scope).await?;
            Ok(after.view())
        })
        .await
}

pub(crate) async fn remove_method(
    app: &Arc<Shipping>,
    scope: VendorScope,
    id: ShippingMethodId,
    seen: IfMatch,
) -> Result<()> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::vendors::lock(tx, scope.vendor_id()).await?;
            seen.check(store::methods::find(tx, &scope, id).await?.version)?;
            store::methods::delete(tx, &scope, id).await?;
            tell(&this, tx, &scope).await
        })
        .await
}

/// Gives a store that has none its first way to ship. Call with the vendor locked.
pub(crate) async fn add_first_method(app: &Shipping, tx: &mut Tx, scope: &VendorScope) -> Result<()> {
    if !store::methods::list_now(tx, scope).await?.is_empty() {
        return Ok(());
    }
    let id = ShippingMethodId::new(&app.ids);
    let first = Method::new(id, method::first_method(), app.clock.now());
    store::methods::insert(tx, scope, &first).await?;
    tell(app, tx, scope).await
}

async fn tell(app: &Shipping, tx: &mut Tx, scope: &VendorScope) -> Result<()> {
    let methods = store::methods::list_now(tx, scope).await?.into_iter().map(|m| (m.id, m.input)).collect();
    app.outbox.publish(tx, &MethodsChanged { vendor_id: scope.vendor_id(), methods }).await
}
