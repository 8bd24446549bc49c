//! The address book: at most 50 entries, at most one of them the default.

use std::sync::Arc;

use contracts::identity::{AddressInput, AddressView};
use kernel::{AccountId, AddressId, Error, Result};

use crate::{app::App, error::IdentityError, store};

/// Adds an address.
pub(crate) async fn add_address(app: &Arc<App>, account_id: AccountId, input: AddressInput) -> Result<AddressView> {
    let (id, now) = (AddressId::new(&app.ids), app.clock.now());
    app.db
        .write(async move |tx| {
            if !store::accounts::take_address_place(tx, account_id).await? {
                // Full, or no such account: the second says so itself.
                store::accounts::by_id_in(tx, account_id).await?;
                return Err(IdentityError::AddressBookFull.into());
            }
            if input.is_default {
                store::addresses::clear_default(tx, account_id).await?;
            }
            store::addresses::insert(tx, id, account_id, &input, now).await?;
            Ok(AddressView { id, address: input.address.clone(), is_default: input.is_default })
        })
        .await
}

/// Changes an address.
pub(crate) async fn update_address(
    app: &Arc<App>,
    account_id: AccountId,
    id: AddressId,
    input: AddressInput,
) -> Result<AddressView> {
    app.db
        .write(async move |tx| {
            // Held, so that of two defaults set at once the second replaces the first.
            store::accounts::hold(tx, account_id).await?;
            if input.is_default {
                store::addresses::clear_default(tx, account_id).await?;
            }
            if !store::addresses::update(tx, id, account_id, &input).await? {
                return Err(Error::not_found("address"));
            }
            Ok(AddressView { id, address: input.address.clone(), is_default: input.is_default })
        })
        .await
}

/// Removes an address.
pub(crate) async fn remove_address(app: &Arc<App>, account_id: AccountId, id: AddressId) -> Result<()> {
    app.db
        .write(async move |tx| {
            if !store::addresses::remove(tx, id, account_id).await? {
                return Err(Error::not_found("address"));
            }
            store::accounts::free_address_place(tx, account_id).await
        })
        .await
}
