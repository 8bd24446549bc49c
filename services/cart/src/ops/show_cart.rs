//! The cart that a request's keys open. Looking writes nothing.

use contracts::cart::CartView;
use kernel::{CartId, Result};

use crate::{
    Carts,
    error::CartError,
    model::{
        Cart,
        key::{Key, Keys, cart_of},
    },
    store,
};

/// The key that counts: the token if it opens a cart, otherwise the account.
pub(super) async fn pick(app: &Carts, keys: Keys) -> Result<Key> {
    match (keys.token, keys.account) {
        (Some(token), None) => Ok(Key::Guest(token)),
        (None, Some(account)) => Ok(Key::Account(account)),
        // Somebody logged in whose guest's cart was merged, or is about to be.
        (Some(token), Some(account)) => {
            let alive = store::read::is_alive(&app.db, &token, app.clock.now()).await?;
            Ok(if alive { Key::Guest(token) } else { Key::Account(account) })
        }
        (None, None) => Err(CartError::NotFound.into()),
    }
}

/// What the cart of a key shows.
pub(super) async fn show(app: &Carts, key: &Key) -> Result<CartView> {
    let now = app.clock.now();
    match (store::read::cart(&app.db, key, now).await?, key) {
        (Some(cart), _) => cart.view(),
        (None, Key::Account(account)) => Cart::empty(cart_of(*account), 0, now).view(),
        (None, Key::Guest(_)) => Err(CartError::NotFound.into()),
    }
}

/// What a cart shows that was just changed.
pub(super) async fn show_changed(app: &Carts, id: CartId) -> Result<CartView> {
    store::read::cart_by_id(&app.db, id).await?.ok_or(CartError::NotFound)?.view()
}

pub(crate) async fn show_cart(app: &Carts, keys: Keys) -> Result<CartView> {
    let key = pick(app, keys).await?;
    show(app, &key).await
}
