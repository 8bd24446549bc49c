use std::sync::Arc;

use kernel::Result;

use crate::{Search, index::Change, model::Document, store};

/// Products brought in with one commit of the index.
const BATCH: i64 = 2_000;

/// Brings into the index whatever changed after the last commit it holds.
pub async fn bring_in(app: &Arc<Search>) -> Result<()> {
    // One at a time, and only then asked how far the index is: two at once would do the same work twice.
    let mut has_news = app.bringing_in.lock().await;
    let mut held = app.index.last_seq().await?;
    // Asked for later than what the index holds: nobody can have brought in what was not there yet.
    if held > store::newest(&app.db).await? {
        tracing::warn!("the search index is of other rows, older or newer ones, and is made anew");
        app.index.start_over().await?;
        (held, *has_news) = (0, true);
    }
    let mut from = (held + 1, String::new());
    loop {
        // Products that share a number are read to their end before the number counts as done.
        let documents = store::changed(&app.db, (from.0, &from.1), BATCH).await?;
        let Some(last) = documents.last() else { break };
        from = (last.seq, last.product_id.to_string());
        let complete = documents.len() < BATCH as usize;
        let seq = if complete { last.seq } else { last.seq - 1 };
        let change = |d: &Document| Change { product_id: d.product_id, seq: d.seq, entry: d.entry() };
        app.index.apply(documents.iter().map(change).collect(), seq).await?;
        *has_news = true;
        if complete {
            break;
        }
    }
    *has_news |= app.index.caught_up().await?;
    if *has_news {
        app.names.store(Arc::new(store::names(&app.db).await?));
        app.answers.forget_all();
        *has_news = false;
    }
    Ok(())
}
