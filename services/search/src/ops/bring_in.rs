use std::sync::Arc;

use kernel::{Error, Result};

use crate::{Search, index::Change, store};

/// Products brought in with one commit of the index.
const BATCH: i64 = 2_000;

/// Brings into the index whatever changed after the last commit it holds.
pub async fn bring_in(app: &Arc<Search>) -> Result<()> {
    // One at a time, and only then asked how far the index is: two at once would do the same work twice.
    let _one_at_a_time = app.bringing_in.lock().await;
    let mut from = (app.index.last_seq()? + 1, String::new());
    let mut changed = false;
    loop {
        // Products that share a number are read to their end before the number counts as done.
        let documents = store::changed(&app.db, (from.0, &from.1), BATCH).await?;
        let Some(last) = documents.last() else { break };
        from = (last.seq, last.product_id.to_string());
        let complete = documents.len() < BATCH as usize;
        let seq = if complete { last.seq } else { last.seq - 1 };
        let changes: Vec<Change> =
            documents.iter().map(|d| Change { product_id: d.product_id, entry: d.entry() }).collect();
        let index = app.index.clone();
        tokio::task::spawn_blocking(move || index.apply(&changes, seq)).await.map_err(Error::internal)??;
        changed = true;
        if complete {
            break;
        }
    }
    if changed {
        app.names.store(Arc::new(store::names(&app.db).await?));
        app.answers.forget_all();
    }
    Ok(())
}
