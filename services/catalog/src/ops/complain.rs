//! All that is wrong in the file of an import, as a file to mend it by.

use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{ImportId, Result, VendorScope};

use crate::{Catalog, csv, error::Refused, store};

/// Complaints read at once.
const BATCH: i64 = 1_000;

/// The file, piece by piece. An import whose file cannot be read, or of which all is no longer kept, has those that it shows.
pub(crate) async fn complaints(
    app: &Arc<Catalog>,
    scope: VendorScope,
    id: ImportId,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let import = store::imports::own(&app.db, &scope, id).await?.ok_or(Refused::NoSuchImport)?;
    let (kept, mut next) = piece(app, &scope, id, 0).await?;
    let mut first = csv::complaint_header()?;
    if kept.is_empty() {
        first.extend(csv::complaint_lines(import.view.errors)?);
        next = None;
    }
    first.extend(kept);
    let app = app.clone();
    let rest = stream::try_unfold(next, move |next| {
        let app = app.clone();
        async move {
            let Some(from) = next else { return Ok(None) };
            let (lines, next) = piece(&app, &scope, id, from).await?;
            Ok(Some((Bytes::from(lines), next)))
        }
    });
    Ok(stream::iter([Ok(Bytes::from(first))]).chain(rest))
}

/// The rows from one on, and where the next begin, if there are more.
async fn piece(app: &Catalog, scope: &VendorScope, id: ImportId, from: i64) -> Result<(Vec<u8>, Option<i64>)> {
    let complaints = store::import_complaints::page(&app.db, scope, id, (from, BATCH)).await?;
    let next = (complaints.len() == BATCH as usize).then_some(from + BATCH);
    Ok((csv::complaint_lines(complaints)?, next))
}
