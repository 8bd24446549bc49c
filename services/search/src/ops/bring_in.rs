use std::sync::Arc;

use kernel::Result;

use crate::{Search, index::Change, model::Document, store};

/// Products brought in with one commit of the index.
const BATCH: i64 = 2_000;

/// True if the index holds these rows as they are, or as they were.
pub async fn is_usable(app: &Search) -> Result<bool> {
    let held = app.index.last_seq().await?;
    Ok(held > 0 && held <= store::newest(&app.db).await?)
}

/// Brings into the index whatever changed after the last commit it holds.
pub async fn bring_in(app: &Arc<Search>) -> Result<()> {
    bring_in_by(app, BATCH).await
}

/// The same by so many products with one commit.
pub(crate) async fn bring_in_by(app: &Arc<Search>, piece: i64) -> Result<()> {
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
        let mut documents = store::changed(&app.db, (from.0, &from.1), piece + 1).await?;
        let complete = documents.len() as i64 <= piece;
        if !complete {
            documents.pop();
        }
        let Some(last) = documents.last() else { break };
        from = (last.seq, last.product_id.to_string());
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
