//! Downloads of what was bought: links that expire, and what stands behind them.

use std::sync::Arc;

use axum::body::Bytes;
use contracts::{
    catalog::{FilesWanted, KeptFile},
    orders::{Download, OrderDownloads},
};
use futures::{Stream, StreamExt, stream};
use http::HeaderValue;
use kernel::{Error, OrderId, Result, VariantId};
use runtime::FileStore;
use souk_http::{AskedPart, Part};

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

/// What somebody asks for of the file behind a link.
pub struct Asked {
    /// A part of it; of none the whole.
    pub part: AskedPart,
    /// Only what it is like, and nothing of its content: that costs nothing.
    pub head_only: bool,
}

/// A file on its way to its buyer.
pub struct Opened<S> {
    /// What it is called.
    pub name: String,
    /// Size in bytes, of the whole.
    pub bytes: u64,
    /// Known by this, as long as nobody replaces it.
    pub etag: HeaderValue,
    /// The part that was asked for; of none the whole.
    pub part: Option<Part>,
    /// Its content, or that part of it, piece by piece.
    pub content: S,
}

/// Opens what a link leads to, and counts it where it is begun: whoever goes on with what broke off is counted no more.
///
/// # Errors
/// Not found for a link that nobody gave out, or whose order went back; gone for one that has expired, and once the line
/// was downloaded as often as it may be; out of range, with `bytes`, for a part that lies behind the end.
pub async fn open(
    app: &Arc<Orders>,
    token: &str,
    asked: Asked,
) -> Result<Opened<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>>> {
    let link = app.read_download_token(token).ok_or(OrderError::NoDownload)?;
    if link.expires_at < app.clock.now() {
        return Err(OrderError::LinkExpired.into());
    }
    let lines = downloads::lines(&app.db, link.order_id).await?;
    let line = lines.iter().find(|line| line.line_id == link.line_id).ok_or(OrderError::NoDownload)?;
    let kept = kept(app, vec![line.variant_id]).await?;
    let found = kept.into_iter().find(|of| of.file.id == link.file_id).ok_or(OrderError::NoDownload)?;
    let (bytes, etag) = (number(found.file.bytes), etag(&found)?);
    let part = asked.part.of(bytes, &etag).map_err(|e| e.with_extra(serde_json::json!({ "bytes": bytes })))?;
    count(app, &link, line, part, asked.head_only).await?;
    let content = pieces(app.files.clone(), &found, part.unwrap_or(Part { first: 0, last: bytes.saturating_sub(1) }));
    Ok(Opened { name: found.file.name, bytes, etag, part, content })
}

/// Counts a download that begins. What goes on behind the first byte has begun before, if anything of the line has.
async fn count(app: &Orders, link: &DownloadLink, line: &Bought, part: Option<Part>, head_only: bool) -> Result<()> {
    let most = app.downloads_per_line;
    let goes_on = part.is_some_and(|part| part.first > 0) && line.downloads > 0;
    let (order, line_id) = (link.order_id, link.line_id);
    let is_allowed = if head_only {
        line.downloads < most
    } else {
        goes_on || app.db.write(async move |tx| downloads::count(tx, order, line_id, most).await).await?
    };
    if is_allowed { Ok(()) } else { Err(OrderError::DownloadsUsedUp { most }.into()) }
}

fn number(of: i64) -> u64 {
    u64::try_from(of).unwrap_or_default()
}

/// The same as long as the content is.
fn etag(of: &KeptFile) -> Result<HeaderValue> {
    let tag = format!("\"{:x}-{:x}\"", of.file.updated_at.micros(), of.file.bytes);
    HeaderValue::try_from(tag).map_err(Error::internal)
}

/// A part of a file, read when it is wanted: of its first and last piece only what is in it.
fn pieces(
    files: Arc<dyn FileStore>,
    of: &KeptFile,
    part: Part,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static + use<> {
    let (place, size, bytes) = (of.place.clone(), number(of.piece_bytes).max(1), number(of.file.bytes));
    let wanted = if bytes == 0 { 0..0 } else { part.first / size..part.last / size + 1 };
    stream::iter(wanted).then(move |number| {
        let (files, name) = (files.clone(), format!("{place}/{number}"));
        let begin = number * size;
        let skip = part.first.saturating_sub(begin);
        let length = (part.last - begin + 1).min(size) - skip;
        let is_whole = skip == 0 && length == size.min(bytes - begin);
        async move {
            let piece = if is_whole { files.get(&name).await? } else { files.get_part(&name, skip, length).await? };
            piece.ok_or_else(|| Error::internal(format!("piece {name} of a file that was bought is not there")))
        }
    })
}
