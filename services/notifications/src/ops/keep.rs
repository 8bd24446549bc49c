use db::Tx;
use kernel::{MessageId, Result};

use crate::{Notifications, jobs::SEND, model::Rendered, store};

/// Keeps messages, each once per key, and has them sent if there is somebody to send them. Nothing is kept for erased
/// accounts; how many are left without.
pub async fn keep(app: &Notifications, tx: &mut Tx, letters: &[(store::Envelope, Rendered)]) -> Result<usize> {
    let accounts: Vec<_> = letters.iter().filter_map(|(envelope, _)| envelope.account_id).collect();
    let erased = store::erased::of(tx, &accounts).await?;
    let mut kept = 0;
    for (envelope, letter) in letters {
        if envelope.account_id.is_some_and(|id| erased.contains(&id)) {
            continue;
        }
        kept += 1;
        let (id, now) = (MessageId::new(&app.ids), app.clock.now());
        if app.mailer.is_none() {
            store::put(tx, id, envelope, letter, now).await?;
        } else if store::queue(tx, id, envelope, letter, now).await? {
            app.jobs.enqueue(tx, SEND, &id.to_string(), &id).await?;
        }
    }
    Ok(kept)
}
