//! How far the index is, and making it anew while it answers.

use std::sync::Arc;

use contracts::search::IndexState;
use kernel::Result;

use crate::{Search, events, store};

/// How far it is.
pub async fn index_state(app: &Search) -> Result<IndexState> {
    let held = app.index.last_seq().await?;
    store::index_state(&app.db, held).await
}

/// Everything counts as changed, and is brought in piece by piece; until then it is found as it was.
pub async fn index_anew(app: &Arc<Search>) -> Result<IndexState> {
    let writer = app.clone();
    app.db
        .write(async move |tx| {
            store::touch_all(tx).await?;
            events::bring_in_soon(&writer, tx).await
        })
        .await?;
    index_state(app).await
}
