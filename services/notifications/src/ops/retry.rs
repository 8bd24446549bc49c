use std::sync::Arc;

use contracts::notifications::MessageView;
use kernel::{Error, MessageId, Result};

use crate::{Notifications, jobs::SEND, store};

/// Tries a failed message again.
pub async fn retry(app: &Arc<Notifications>, id: MessageId) -> Result<MessageView> {
    let before = store::detail(&app.db, id).await?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            if !store::requeue(tx, id, this.clock.now()).await? {
                return Err(Error::conflict("not_failed", "Only a failed message can be tried again."));
            }
            this.jobs.enqueue(tx, SEND, &id.to_string(), &id).await
        })
        .await?;
    Ok(store::detail(&app.db, before.message.id).await?.message)
}
