//! Downloads of what was bought: links that expire, and what stands behind them.

use std::sync::Arc;

use axum::body::Bytes;
use contracts::{
    catalog::{FilesWanted, KeptFile},
    orders::{Download, OrderDownloads},
};
use futures::{Stream, StreamExt, stream};
use kernel::{Error, OrderId, Result, VariantId};

use crate::{
    Orders,
    access::DownloadLink,
    error::OrderError,
    store::downloads::{self, Bought},
};

/// What can be downloaded of an order, each with a fresh link.
pub async fn list(app: &Orders, order_id: OrderId) -> Result<OrderDownloads> {
    let lines = downloads::lines(&app.db, order_id).await?;
    if lines.is_empty() {
        return Ok(OrderDownloads::default());
    }
    let kept = kept(app, lines.iter().map(|line| line.variant_id).collect()).await?;
    let expires_at = app.clock.now().plus(app.download_for);
    let mut files = Vec::new();
    for line in &lines {
        for KeptFile { file, .. } in kept.iter().filter(|of| of.file.variant_id == line.variant_id) {
            let link = DownloadLink { order_id, line_id: line.line_id, file_id: file.id, expires_at };
            files.push(Download {
                line_id: line.line_id,
                title: title(line),
                file_id: file.id,
                name: file.name.clone(),
                bytes: file.bytes,
                left: (app.downloads_per_line - line.downloads).max(0),
                link: format!("/api/v1/downloads/{}", app.download_token(&link)),
                expires_at,
            });
        }
    }
    Ok(OrderDownloads { files })
}

/// A line as it is called in lists: its product with the options chosen.
fn title(line: &Bought) -> String {
    if line.options.is_empty() { line.title.clone() } else { format!("{}, {}", line.title, line.options.join(" / ")) }
}

async fn kept(app: &Orders, variant_ids: Vec<VariantId>) -> Result<Vec<KeptFile>> {
    app.catalog.kept_files(&app.myself, &FilesWanted { variant_ids }).await
}

/// A file on its way to its buyer.
pub struct Opened<S> {
    /// What it is called.
    pub name: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Its content, piece by piece.
    pub content: S,
}

/// Opens what a link leads to, and counts it.
///
/// # Errors
/// Not found for a link that nobody gave out, that has expired, or whose order went back; conflict once the line was
/// downloaded as often as it may be.
pub async fn open(
    app: &Arc<Orders>,
    token: &str,
) -> Result<Opened<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>>> {
    let link = app.read_download_token(token).ok_or(OrderError::NoDownload)?;
    if link.expires_at < app.clock.now() {
        return Err(OrderError::LinkExpired.into());
    }
    let lines = downloads::lines(&app.db, link.order_id).await?;
    let line = lines.iter().find(|line| line.line_id == link.line_id).ok_or(OrderError::NoDownload)?;
    let kept = kept(app, vec![line.variant_id]).await?;
    let found = kept.into_iter().find(|of| of.file.id == link.file_id).ok_or(OrderError::NoDownload)?;
    let most = app.downloads_per_line;
    let (order, line) = (link.order_id, link.line_id);
    if !app.db.write(async move |tx| downloads::count(tx, order, line, most).await).await? {
        return Err(OrderError::DownloadsUsedUp { most }.into());
    }
    let KeptFile { file, place, piece_bytes } = found;
    let whole = |number: i64| u64::try_from(number).unwrap_or_default();
    let pieces = whole(file.bytes).div_ceil(whole(piece_bytes).max(1));
    let files = app.files.clone();
    let content = stream::iter(0..pieces).then(move |number| {
        let (files, name) = (files.clone(), format!("{place}/{number}"));
        async move {
            let piece = files.get(&name).await?;
            piece.ok_or_else(|| Error::internal(format!("piece {name} of a file that was bought is not there")))
        }
    });
    Ok(Opened { name: file.name, bytes: file.bytes, content })
}
