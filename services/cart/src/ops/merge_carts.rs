//! Merges a guest's cart into the account's, once: quantities add up, new things go to the end, the
//! guest's token opens nothing afterwards. What does not fit changes neither cart.

use std::sync::Arc;

use contracts::{
    cart::{CartView, MergeCart},
    promotions::CODES_MAX,
};
use kernel::{AccountId, Result};

use super::show_cart::show_changed;
use crate::{Carts, error::CartError, model::key::TokenHash, store};

pub(crate) async fn merge_carts(app: &Arc<Carts>, account: AccountId, guest: MergeCart) -> Result<CartView> {
    let (token, now) = (TokenHash::of(&guest.token), app.clock.now());
    let id = app
        .db
        .write(async move |tx| {
            let guest = store::carts::touch_guest(tx, &token, now).await?.ok_or(CartError::NotFound)?;
            let (own, last_place, currency) = store::carts::touch_to_merge(tx, account, &guest, now).await?;
            if guest.currency.is_some() {
                if let Some(currency) = currency.filter(|currency| Some(*currency) != guest.currency) {
                    return Err(CartError::OtherCurrency(currency, "token").into());
                }
                store::lines::merge(tx, guest.id, own.id, last_place).await?;
            }
            let mut codes = store::codes::get(tx, own.id).await?;
            for code in store::codes::get(tx, guest.id).await? {
                if !codes.contains(&code) && codes.len() < CODES_MAX {
                    codes.push(code);
                }
            }
            store::codes::set(tx, own.id, &codes).await?;
            store::carts::delete(tx, guest.id).await?;
            Ok(own.id)
        })
        .await?;
    show_changed(app, id).await
}
