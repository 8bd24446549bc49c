//! What is done every hour.

use std::{sync::Arc, time::Duration};

use events::Job;
use kernel::Result;

use crate::{app::App, store};

/// How long what is over is kept: attempts, used links, ended sessions with their tokens.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// Sessions removed per transaction; each takes its refresh tokens along.
const BATCH: u32 = 200;

/// Makes the next signing key when it is time.
pub(crate) async fn rotate_keys(app: Arc<App>, _: Job) -> Result<()> {
    app.keys.rotate().await
}

/// Removes what is over.
pub(crate) async fn prune(app: Arc<App>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(KEPT);
    app.db
        .write(async move |tx| {
            store::attempts::prune(tx, before).await?;
            store::links::prune(tx, before).await
        })
        .await?;
    while app.db.write(async move |tx| store::sessions::prune(tx, before, BATCH).await).await? == u64::from(BATCH) {}
    Ok(())
}
