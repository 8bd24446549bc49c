use std::sync::Arc;

use contracts::notifications::{MessageView, SendMessage};
use kernel::{Error, Result};

use crate::{Notifications, letters, ops, store};

/// Writes what another service asks for, once per key.
pub async fn send_message(app: &Arc<Notifications>, wanted: SendMessage) -> Result<MessageView> {
    let (words, url) = (words::of(Some(&wanted.locale)), app.public_url.as_str());
    let letter = letters::from_template(words, &wanted.template, url).render(words, &app.sender, url)?;
    let envelope =
        store::Envelope { key: wanted.key, to: wanted.email, account_id: wanted.account_id, locale: wanted.locale };
    let (letters, this) = ([(envelope, letter)], app.clone());
    let id = app
        .db
        .write(async move |tx| {
            if ops::keep(&this, tx, &letters).await? == 0 {
                return Err(Error::not_found("account"));
            }
            store::by_key(tx, &letters[0].0.key).await
        })
        .await?;
    Ok(store::detail(&app.db, id).await?.message)
}
