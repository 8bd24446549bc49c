//! Adds a code of a promotion to a cart, or takes it out. Whether it applies, the quote says: a code that
//! does not may do so once something else is in the cart.

use std::sync::Arc;

use contracts::{cart::CartView, promotions::CODES_MAX};
use kernel::{PromoCode, Result};

use super::show_cart::{pick, show};
use crate::{Carts, error::CartError, model::key::Keys, store};

pub(crate) async fn add_code(app: &Arc<Carts>, keys: Keys, code: PromoCode) -> Result<CartView> {
    change(app, keys, move |codes| {
        if !codes.contains(&code) {
            codes.push(code.clone());
        }
        if codes.len() > CODES_MAX { Err(CartError::TooManyCodes) } else { Ok(()) }
    })
    .await
}

pub(crate) async fn remove_code(app: &Arc<Carts>, keys: Keys, code: PromoCode) -> Result<CartView> {
    change(app, keys, move |codes| {
        codes.retain(|known| *known != code);
        Ok(())
    })
    .await
}

async fn change(
    app: &Arc<Carts>,
    keys: Keys,
    change: impl Fn(&mut Vec<PromoCode>) -> std::result::Result<(), CartError> + Send + Sync + 'static,
) -> Result<CartView> {
    let key = pick(app, keys).await?;
    let (this, now) = (key.clone(), app.clock.now());
    app.db
        .write(async move |tx| {
            let (id, mut codes) = store::codes::touch(tx, &this, now).await?.ok_or(CartError::NotFound)?;
            change(&mut codes)?;
            store::codes::set(tx, id, &codes).await
        })
        .await?;
    show(app, &key).await
}
