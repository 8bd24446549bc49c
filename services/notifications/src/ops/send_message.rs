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
    let this = app.clone();
    let id = app
        .db
        .write(async move |tx| {
            if !ops::keep(&this, tx, &envelope, &letter).await? {
                return Err(Error::not_found("account"));
            }
            store::by_key(tx, &envelope.key).await
        })
        .await?;
    Ok(store::detail(&app.db, id).await?.message)
}
