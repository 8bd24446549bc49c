//! The ledger of movements as a file for spreadsheets.

use std::sync::Arc;

use bytes::Bytes;
use contracts::inventory::{MovementQuery, MovementView};
use csv::{Terminator, WriterBuilder};
use futures::{Stream, StreamExt, stream};
use kernel::{Error, Result, VendorScope, text::guard_cell};

use crate::{Inventory, store::movements};

/// Movements read at once.
const BATCH: i64 = 500;

const COLUMNS: [&str; 12] = [
    "number",
    "at",
    "sku",
    "title",
    "location",
    "kind",
    "change",
    "on_hand_at_location",
    "on_hand",
    "reason",
    "order_id",
    "by_account",
];

/// The file, newest movements first, piece by piece. The first piece is made before anything is answered, so that a
/// database that does not answer is an error and not half a file.
pub(crate) async fn export_movements(
    app: &Arc<Inventory>,
    scope: VendorScope,
    query: MovementQuery,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let (rows, next) = piece(app, &scope, &query, i64::MAX).await?;
    let head = COLUMNS.map(str::to_owned).to_vec();
    let first = lines(std::iter::once(head).chain(rows))?;
    let app = app.clone();
    let rest = stream::try_unfold((next, query), move |(next, query)| {
        let app = app.clone();
        async move {
            let Some(before) = next else { return Ok(None) };
            let (rows, next) = piece(&app, &scope, &query, before).await?;
            Ok(Some((lines(rows)?, (next, query))))
        }
    });
    Ok(stream::iter([Ok(first)]).chain(rest))
}

/// The rows below a number, and below which the next begin, if there are more.
async fn piece(
    app: &Inventory,
    scope: &VendorScope,
    query: &MovementQuery,
    before: i64,
) -> Result<(Vec<Vec<String>>, Option<i64>)> {
    let rows = movements::list(&app.db, scope, query, before, BATCH).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|n| n == BATCH);
    let next = rows.last().filter(|_| full).map(|(seq, _)| *seq);
    Ok((rows.iter().map(|(seq, movement)| row(*seq, movement)).collect(), next))
}

fn row(seq: i64, movement: &MovementView) -> Vec<String> {
    let id = |id: Option<String>| id.unwrap_or_default();
    // Only what somebody has typed: a change of -3 is a number and shall stay one.
    vec![
        seq.to_string(),
        movement.at.to_string(),
        guard_cell(&movement.sku),
        guard_cell(&movement.title),
        guard_cell(&movement.location),
        movement.kind.as_str().to_owned(),
        movement.delta.to_string(),
        movement.on_hand_there.to_string(),
        movement.on_hand.to_string(),
        guard_cell(&movement.reason),
        id(movement.order_id.map(|id| id.to_string())),
        id(movement.by.map(|id| id.to_string())),
    ]
}

fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Bytes> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(Error::internal)?;
    }
    Ok(writer.into_inner().map_err(|e| Error::internal(e.error()))?.into())
}
