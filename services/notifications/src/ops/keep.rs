use db::Tx;
use kernel::{MessageId, Result};

use crate::{Notifications, jobs::SEND, model::Rendered, store};

/// Keeps a message, once per key, and has it sent if there is somebody to send it.
pub async fn keep(app: &Notifications, tx: &mut Tx, envelope: &store::Envelope, letter: &Rendered) -> Result<()> {
    let (id, now) = (MessageId::new(&app.ids), app.clock.now());
    if app.mailer.is_none() {
        return store::put(tx, id, envelope, letter, now).await;
    }
    if store::queue(tx, id, envelope, letter, now).await? {
        app.jobs.enqueue(tx, SEND, &id.to_string(), &id).await?;
    }
    Ok(())
}
