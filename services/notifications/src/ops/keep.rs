use contracts::notifications::MessageStatus;
use db::Tx;
use kernel::{MessageId, Result};

use crate::{Notifications, jobs::SEND, model::Rendered, store};

/// Keeps a message, once per key, and has it sent if there is somebody to send it.
pub async fn keep(app: &Notifications, tx: &mut Tx, envelope: &store::Envelope, letter: &Rendered) -> Result<()> {
    let id = MessageId::new(&app.ids);
    let status = if app.mailer.is_some() { MessageStatus::Queued } else { MessageStatus::Sent };
    let is_new = store::insert(tx, id, envelope, letter, status, app.clock.now()).await?;
    if is_new && status == MessageStatus::Queued {
        app.jobs.enqueue(tx, SEND, &id.to_string(), &id).await?;
    }
    Ok(())
}
