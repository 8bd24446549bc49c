//! Adds, changes and removes ways to ship. Whatever changes, the whole list is told.

use std::sync::Arc;

use contracts::shipping::{MethodInput, MethodView, MethodsChanged};
use db::Tx;
use kernel::{Result, ShippingMethodId, VendorScope};
use souk_http::IfMatch;

use crate::{
    Shipping,
    model::{Method, method, zones},
    store,
};

pub(crate) async fn add_method(app: &Arc<Shipping>, scope: VendorScope, input: MethodInput) -> Result<MethodView> {
    super::carrier_rates::check(app, input.carrier_rate)?;
    let input = method::accept(input)?;
    let added = Method::new(ShippingMethodId::new(&app.ids), input, app.clock.now());
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::vendors::lock(tx, scope.vendor_id()).await?;
            store::methods::insert(tx, &scope, &added).await?;
            want_rates(tx, &scope, &added).await?;
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
    super::carrier_rates::check(app, input.carrier_rate)?;
    let (this, input) = (app.clone(), method::accept(input)?);
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::vendors::lock(tx, scope.vendor_id()).await?;
            let before = store::methods::find(tx, &scope, id).await?;
            seen.check(before.version)?;
            let after = before.changed(input.clone());
            store::methods::update(tx, &scope, &after).await?;
            want_rates(tx, &scope, &after).await?;
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
    let first = Method::new(id, method::first_method(app.currency), app.clock.now());
    store::methods::insert(tx, scope, &first).await?;
    tell(app, tx, scope).await
}

/// Has the carrier asked what parcels cost that go this way, if that is the price.
async fn want_rates(tx: &mut Tx, scope: &VendorScope, method: &Method) -> Result<()> {
    match method.input.carrier_rate {
        true => store::carrier_rates::want(tx, scope, &method.input.countries, &zones::STEPS_G).await,
        false => Ok(()),
    }
}

/// Tells of all ways to ship, with what the carrier takes where that is the price. Call with the vendor locked.
pub(super) async fn tell(app: &Shipping, tx: &mut Tx, scope: &VendorScope) -> Result<()> {
    let methods = store::methods::list_now(tx, scope).await?;
    let by_carrier = methods.iter().any(|method| method.input.carrier_rate);
    let rates = if by_carrier { store::carrier_rates::good(tx, scope).await? } else { Vec::new() };
    let methods = methods.into_iter().map(|m| (m.id, m.input)).collect();
    app.outbox.publish(tx, &MethodsChanged { vendor_id: scope.vendor_id(), methods, rates }).await
}
