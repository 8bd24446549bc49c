//! Sets the quantity of a line, keeps it for later, removes it, empties a cart. Removing what is not there is no mistake.

use std::sync::Arc;

use contracts::cart::CartView;
use kernel::{Result, VariantId};

use super::show_cart::{pick, show};
use crate::{Carts, error::CartError, model::key::Keys, store};

pub(crate) async fn set_quantity(app: &Arc<Carts>, keys: Keys, variant: VariantId, quantity: i64) -> Result<CartView> {
    if quantity == 0 {
        return remove_line(app, keys, variant).await;
    }
    change_line(app, keys, variant, Change::Quantity(quantity)).await
}

pub(crate) async fn remove_line(app: &Arc<Carts>, keys: Keys, variant: VariantId) -> Result<CartView> {
    let key = pick(app, keys).await?;
    let (this, now) = (key.clone(), app.clock.now());
    app.db
        .write(async move |tx| match store::carts::touch_with_line(tx, &this, variant, now).await? {
            Some(cart) => store::lines::remove(tx, cart.id, variant).await,
            None => Ok(()),
        })
        .await?;
    show(app, &key).await
}

pub(crate) async fn set_later(app: &Arc<Carts>, keys: Keys, variant: VariantId, later: bool) -> Result<CartView> {
    change_line(app, keys, variant, Change::Later(later)).await
}

/// What is changed about a line that is there.
#[derive(Clone, Copy)]
enum Change {
    Quantity(i64),
    Later(bool),
}

async fn change_line(app: &Arc<Carts>, keys: Keys, variant: VariantId, change: Change) -> Result<CartView> {
    let key = pick(app, keys).await?;
    let (this, now) = (key.clone(), app.clock.now());
    let found = app
        .db
        .write(async move |tx| {
            let Some(cart) = store::carts::touch_with_line(tx, &this, variant, now).await? else { return Ok(false) };
            match change {
                Change::Quantity(quantity) => store::lines::set(tx, cart.id, variant, quantity).await?,
                Change::Later(later) => store::lines::set_later(tx, cart.id, variant, later).await?,
            }
            Ok(true)
        })
        .await?;
    let view = show(app, &key).await?;
    if found { Ok(view) } else { Err(CartError::LineNotFound.into()) }
}

pub(crate) async fn clear_cart(app: &Arc<Carts>, keys: Keys) -> Result<CartView> {
    let key = pick(app, keys).await?;
    let (this, now) = (key.clone(), app.clock.now());
    app.db
        .write(async move |tx| match store::carts::touch_with_lines(tx, &this, now).await? {
            Some(cart) => store::lines::clear(tx, cart.id).await,
            None => Ok(()),
        })
        .await?;
    show(app, &key).await
}
