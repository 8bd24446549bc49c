//! Chooses in what a cart is to be paid. Whether the shop sells in it, the quote says.

use std::sync::Arc;

use contracts::cart::CartView;
use kernel::{Currency, Result};

use super::show_cart::{pick, show};
use crate::{Carts, error::CartError, model::key::Keys, store};

pub(crate) async fn set_currency(app: &Arc<Carts>, keys: Keys, wanted: Option<Currency>) -> Result<CartView> {
    let key = pick(app, keys).await?;
    let (this, now) = (key.clone(), app.clock.now());
    app.db
        .write(async move |tx| match store::carts::set_pay_currency(tx, &this, wanted, now).await? {
            true => Ok(()),
            false => Err(CartError::NotFound.into()),
        })
        .await?;
    show(app, &key).await
}
