//! Files to import: taken in piece by piece as they come, read the same way, forgotten when nobody needs them.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use contracts::catalog::{ImportError, ImportFile, limits::IMPORT_PIECE as PIECE};
use db::Tx;
use futures::TryStreamExt;
use kernel::{Error, ImportFileId, Languages, Result, VendorScope};
use runtime::FileStore;
use serde::{Deserialize, Serialize};

use crate::{
    Catalog,
    csv::{Plan, Row, Scan, Spot},
    error::Refused,
    jobs,
    store::{self, import_files::File},
};

/// Files of a vendor that are kept; those that are being imported beyond that.
const KEPT: i64 = 5;
/// How long somebody may take to read a file that is replaced.
const READ_FOR: Duration = Duration::from_secs(6 * 3600);
/// Pieces that are held while a file is read.
const HELD: usize = 3;

/// Where a piece of a file is kept.
fn piece_name(id: ImportFileId, number: u64) -> String {
    format!("{}/{number}", place_of(id))
}

fn pieces_of(bytes: u64) -> u64 {
    bytes.div_ceil(PIECE as u64)
}

/// Begins a file; the vendor's older ones that nobody works off are forgotten.
pub(crate) async fn begin_file(app: &Arc<Catalog>, scope: VendorScope) -> Result<ImportFile> {
    Ok(told(app, &begin(app, &scope).await?))
}

async fn begin(app: &Arc<Catalog>, scope: &VendorScope) -> Result<File> {
    let (id, now, vendor) = (ImportFileId::new(&app.ids), app.clock.now(), *scope);
    app.db.as_vendor(scope).write(async move |tx| store::import_files::insert(tx, &vendor, id, now).await).await?;
    for old in store::import_files::older(&app.db, scope, KEPT).await? {
        forget_file(app, old).await?;
    }
    Ok(File { id, vendor_id: scope.vendor_id(), bytes: 0 })
}

fn told(app: &Catalog, file: &File) -> ImportFile {
    let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let (bytes, limit_bytes) = (signed(file.bytes), signed(app.import_limit));
    ImportFile { id: file.id, bytes, piece_bytes: signed(PIECE as u64), limit_bytes }
}

/// Adds a piece to a vendor's file. The last one again is fine, for its answer may have been lost.
pub(crate) async fn put_piece(
    app: &Arc<Catalog>,
    scope: VendorScope,
    id: ImportFileId,
    number: u64,
    piece: Bytes,
) -> Result<ImportFile> {
    let file = store::import_files::own(&app.db, &scope, id).await?.ok_or(Refused::NoSuchFile)?;
    let begins = number.saturating_mul(PIECE as u64);
    if piece.is_empty() || piece.len() > PIECE {
        return Err(Refused::WrongPiece { bytes: file.bytes }.into());
    }
    if file.bytes == begins.saturating_add(piece.len() as u64) {
        return Ok(told(app, &file));
    }
    if file.bytes != begins {
        return Err(Refused::WrongPiece { bytes: file.bytes }.into());
    }
    Ok(told(app, &add(app, file, piece).await?))
}

/// Adds a piece to a file that has only whole ones.
async fn add(app: &Arc<Catalog>, mut file: File, piece: Bytes) -> Result<File> {
    let more = piece.len() as u64;
    if file.bytes + more > app.import_limit {
        return Err(Refused::FileTooLarge { limit: app.import_limit }.into());
    }
    app.files.put(&piece_name(file.id, pieces_of(file.bytes)), piece).await?;
    let now = app.clock.now();
    if !app.db.write(async move |tx| store::import_files::grow(tx, &file, more, now).await).await? {
        return Err(Refused::WrongPiece { bytes: file.bytes }.into());
    }
    file.bytes += more;
    Ok(file)
}

/// Takes a whole file in, as it comes. What cannot be taken leaves nothing behind.
pub(crate) async fn take_file(app: &Arc<Catalog>, scope: &VendorScope, body: Body) -> Result<ImportFileId> {
    let begun = begin(app, scope).await?;
    let refused = match take(app, begun, body.into_data_stream()).await {
        Ok(1..) => return Ok(begun.id),
        Ok(0) => Error::invalid("file", "The file is empty."),
        Err(error) => error,
    };
    if let Err(error) = forget_file(app, begun).await {
        tracing::warn!(%error, file = %begun.id, "a file that was refused stays for a day");
    }
    Err(refused)
}

async fn take(app: &Arc<Catalog>, mut file: File, mut body: BodyDataStream) -> Result<u64> {
    let cut = |e: axum::Error| Error::malformed("The body could not be read.").caused_by(e);
    let mut rest = BytesMut::new();
    while let Some(chunk) = body.try_next().await.map_err(cut)? {
        rest.extend_from_slice(&chunk);
        while rest.len() >= PIECE {
            file = add(app, file, rest.split_to(PIECE).freeze()).await?;
        }
    }
    if !rest.is_empty() {
        file = add(app, file, rest.freeze()).await?;
    }
    Ok(file.bytes)
}

/// Forgets a file unless an import of it is under way; its pieces go after the commit.
pub(crate) async fn forget_file(app: &Arc<Catalog>, file: File) -> Result<()> {
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .write(async move |tx| {
            // Held first and asked then: an import that begins at this moment holds it as well.
            let Some(held) = store::import_files::hold(tx, file.vendor_id, file.id, now).await? else { return Ok(()) };
            if store::import_files::is_in_use(tx, file.id).await? {
                return Ok(());
            }
            store::import_files::delete(tx, file.id).await?;
            // One more: it may have been on its way when the file was given up.
            let forgotten = Forgotten { id: file.id, pieces: pieces_of(held.bytes) + 1 };
            this.jobs.enqueue(tx, jobs::FORGET_FILE, &file.id.to_string(), &forgotten).await
        })
        .await
}

/// The job: a file whose pieces are to be removed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Forgotten {
    id: ImportFileId,
    pieces: u64,
}

/// Where the pieces of an upload are, without their numbers.
pub(super) fn place_of(id: ImportFileId) -> String {
    format!("imports/{id}")
}

/// Bytes of each piece but the last.
pub(super) const PIECE_BYTES: i64 = PIECE as i64;

/// Has the pieces of an upload removed a while after the commit: somebody may be reading them.
pub(super) async fn remove_later(app: &Catalog, tx: &mut Tx, id: ImportFileId, bytes: i64) -> Result<()> {
    let forgotten = Forgotten { id, pieces: pieces_of(u64::try_from(bytes).unwrap_or_default()) };
    let at = app.clock.now().plus(READ_FOR);
    app.jobs.enqueue_at(tx, jobs::FORGET_FILE, &id.to_string(), &forgotten, at).await
}

/// Removes the pieces of a forgotten file.
pub(crate) async fn remove_pieces(app: &Catalog, of: Forgotten) -> Result<()> {
    for number in 0..of.pieces {
        app.files.delete(&piece_name(of.id, number)).await?;
    }
    Ok(())
}

/// A file that is being read, a few pieces of it at a time.
pub(super) struct Pieces {
    files: Arc<dyn FileStore>,
    id: ImportFileId,
    count: u64,
    held: VecDeque<(u64, Bytes)>,
    languages: Languages,
}

/// Code of the error that says that a file is not there any longer.
pub(super) const GONE: &str = "file_gone";

impl Pieces {
    pub fn of(app: &Catalog, file: &File) -> Self {
        let (count, languages) = (pieces_of(file.bytes), app.languages.clone());
        Self { files: app.files.clone(), id: file.id, count, held: VecDeque::new(), languages }
    }

    async fn piece(&mut self, number: u64) -> Result<Bytes> {
        if let Some((_, piece)) = self.held.iter().find(|(held, _)| *held == number) {
            return Ok(piece.clone());
        }
        let piece = self.files.get(&piece_name(self.id, number)).await?;
        let piece = piece.ok_or_else(|| Error::conflict(GONE, "The file is gone. Send it again."))?;
        if self.held.len() == HELD {
            self.held.pop_front();
        }
        self.held.push_back((number, piece.clone()));
        Ok(piece)
    }

    /// Looks through the whole file.
    pub async fn plan(&mut self) -> Result<std::result::Result<Plan, ImportError>> {
        let mut scan = Scan::of(&self.languages);
        for number in 0..self.count {
            let (piece, is_last) = (self.piece(number).await?, number + 1 == self.count);
            let fed = tokio::task::spawn_blocking(move || scan.feed(&piece, is_last).map(|()| scan));
            match fed.await.map_err(Error::internal)? {
                Ok(fed) => scan = fed,
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(scan.done())
    }

    /// Reads the rows of a product; of one that cannot be taken only the first.
    pub async fn rows(&mut self, plan: &Plan, product: usize) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (spot, count) in plan.runs(product) {
            self.run(plan, spot, count, &mut rows).await?;
        }
        // Those that stand apart from the first may stand before those that do not.
        if let Some(others) = rows.get_mut(1..) {
            others.sort_by_key(|row| row.number);
        }
        Ok(rows)
    }

    /// Reads so many rows that stand together.
    async fn run(&mut self, plan: &Plan, mut at: Spot, count: usize, rows: &mut Vec<Row>) -> Result<()> {
        let wanted = rows.len() + count;
        while rows.len() < wanted {
            let (number, begun) = (at.byte / PIECE as u64, at.byte);
            let within = usize::try_from(begun % PIECE as u64).map_err(Error::internal)?;
            let is_last = |number: u64| number + 1 >= self.count;
            let (ends, next_ends) = (is_last(number), is_last(number + 1));
            let piece = self.piece(number).await?;
            let text = piece.get(within..).ok_or_else(|| Error::conflict(GONE, "The file is not the one it was."))?;
            rows.extend(plan.read(&mut at, text, ends, wanted - rows.len())?);
            if at.byte > begun {
                continue;
            }
            // The next one is cut by the end of the piece.
            let next = self.piece(number + 1).await?;
            let both = [text, &next[..]].concat();
            rows.extend(plan.read(&mut at, &both, next_ends, 1)?);
            if at.byte == begun {
                return Err(Error::internal(format!("row {} of a file to import has no end", at.number)));
            }
        }
        Ok(())
    }
}
