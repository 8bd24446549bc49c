//! Letters about carts left behind: an account ends them by the link from one, without logging in.

use std::sync::Arc;

use kernel::{AccountId, Result, Secret};

use crate::{Carts, error::CartError, model::letters, store};

/// The path of the link that ends them.
pub(crate) fn stop_path(app: &Carts, account: AccountId) -> String {
    format!("/cart/letters/stop?token={}", letters::stop_token(&app.letter_secret, account).expose())
}

/// Ends all such letters to the account of the link. Once more changes nothing.
pub(crate) async fn stop(app: &Arc<Carts>, token: Secret) -> Result<()> {
    let account = letters::account_of(&app.letter_secret, &token).ok_or(CartError::NoSuchLetters)?;
    let now = app.clock.now();
    app.db.write(async move |tx| store::carts::stop_letters(tx, account, now).await).await
}
