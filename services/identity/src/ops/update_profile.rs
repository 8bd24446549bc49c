//! Changes the profile.

use std::sync::Arc;

use contracts::identity::{AccountView, UpdateProfile};
use kernel::{AccountId, Result};
use souk_http::IfMatch;

use crate::{
    app::App,
    model::{clean_locale, clean_name, clean_phone},
    store,
};

/// Changes name, phone and language; the language stays if it is left out.
pub(crate) async fn update_profile(
    app: &Arc<App>,
    id: AccountId,
    seen: IfMatch,
    input: UpdateProfile,
) -> Result<AccountView> {
    let name = clean_name("name", &input.name)?;
    let phone = clean_phone(input.phone.as_deref())?;
    let locale = input.locale.map(|l| clean_locale("locale", Some(&l))).transpose()?;
    app.db
        .write(async move |tx| {
            let mut account = store::accounts::hold(tx, id).await?;
            seen.check(account.version - 1)?;
            account.name.clone_from(&name);
            account.phone.clone_from(&phone);
            if let Some(locale) = &locale {
                account.locale.clone_from(locale);
            }
            store::accounts::update_profile(tx, &account).await?;
            Ok(account.view(store::memberships::of_in(tx, id).await?))
        })
        .await
}
