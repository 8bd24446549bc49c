//! Adds to a line of a cart. Whether it is in stock is not asked here: that is decided when it is reserved.

use std::sync::Arc;

use contracts::cart::{AddLine, CartView};
use kernel::{Result, VariantId};

use super::show_cart::{pick, show_changed};
use crate::{
    Carts,
    error::CartError,
    model::{Item, key::Keys},
    store,
};

pub(crate) async fn add_line(app: &Arc<Carts>, keys: Keys, wanted: AddLine) -> Result<CartView> {
    let key = pick(app, keys).await?;
    let (price, now) = (on_sale(app, wanted.variant_id).await?.price(), app.clock.now());
    let id = app
        .db
        .write(async move |tx| {
            let cart = store::carts::touch_to_add(tx, &key, price.currency, now).await?;
            store::lines::add(tx, cart, wanted.variant_id, wanted.quantity, price.amount_minor).await?;
            Ok(cart.id)
        })
        .await?;
    show_changed(app, id).await
}

/// What is known of a variant that can be bought.
pub(super) async fn on_sale(app: &Carts, variant: VariantId) -> Result<Item> {
    let item = store::read::item(&app.db, variant).await?;
    Ok(item.filter(|item| item.on_sale).ok_or(CartError::NotOnSale)?)
}
