use db::Tx;
use kernel::{MessageId, Result};

use crate::{Notifications, jobs::SEND, model::Rendered, store};

/// Keeps a message, once per key, and has it sent if there is somebody to send it. Nothing is kept for erased accounts,
/// which is told by `false`.
pub async fn keep(app: &Notifications, tx: &mut Tx, envelope: &store::Envelope, letter: &Rendered) -> Result<bool> {
    if let Some(account_id) = envelope.account_id
        && store::erased::is_erased(tx, account_id).await?
    {
        return Ok(false);
    }
    let (id, now) = (MessageId::new(&app.ids), app.clock.now());
    if app.mailer.is_none() {
        store::put(tx, id, envelope, letter, now).await?;
        return Ok(true);
    }
    if store::queue(tx, id, envelope, letter, now).await? {
        app.jobs.enqueue(tx, SEND, &id.to_string(), &id).await?;
    }
    Ok(true)
}
