//! A file to import, or to be sold, on its way from a form to the catalogue: piece by piece, never held whole.

use axum::body::Bytes;
use contracts::catalog::{FileQuery, ImportQuery, ImportView, VariantFile, limits::IMPORT_PIECE};
use kernel::{Currency, Error, ImportFileId, Kind, ProductId, Result, Slug, VariantFileId, VariantId, VendorId};

use crate::{
    csrf,
    forms::{Fields, Streamed, text_field, unreadable},
    visit::Visit,
};

/// A file that is being handed on.
struct Upload<'a> {
    visit: &'a Visit,
    vendor_id: VendorId,
    file: Option<ImportFileId>,
    pieces: u64,
    rest: Vec<u8>,
}

impl Upload<'_> {
    async fn add(&mut self, chunk: &[u8]) -> Result<()> {
        self.rest.extend_from_slice(chunk);
        while self.rest.len() >= IMPORT_PIECE {
            let more = self.rest.split_off(IMPORT_PIECE);
            let piece = std::mem::replace(&mut self.rest, more);
            self.put(piece.into()).await?;
        }
        Ok(())
    }

    async fn put(&mut self, piece: Bytes) -> Result<()> {
        let (catalog, who) = (&self.visit.app.catalog, self.visit.who());
        let file = match self.file {
            Some(file) => file,
            None => *self.file.insert(catalog.begin_import_file(&who, self.vendor_id).await?.id),
        };
        catalog.put_piece(&who, self.vendor_id, file, self.pieces, piece).await?;
        self.pieces += 1;
        Ok(())
    }

    /// The file, if there was anything in it.
    async fn end(mut self) -> Result<Option<ImportFileId>> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.put(rest.into()).await?;
        }
        Ok(self.file)
    }
}

/// A form that was taken in, with its file.
struct Taken {
    fields: Fields,
    /// None if no file was chosen.
    file: Option<ImportFileId>,
    name: String,
}

/// Takes a form in and hands its file on as it comes.
async fn take(sent: &mut Streamed, vendor_id: VendorId) -> Result<Taken> {
    let Streamed { visit, form } = sent;
    let visit = &*visit;
    let mut upload = Upload { visit, vendor_id, file: None, pieces: 0, rest: Vec::new() };
    let (mut fields, mut name) = (Vec::new(), String::new());
    while let Some(mut part) = form.next_field().await.map_err(|e| unreadable(&e))? {
        let Some(called) = part.file_name().map(str::to_owned) else {
            fields.push(text_field(part).await?);
            continue;
        };
        name = called;
        // The token is the first field: a foreign form is refused before its file is read.
        visit.check_form(Fields::of(fields.clone()).get(csrf::FIELD), false)?;
        while let Some(chunk) = part.chunk().await.map_err(|e| unreadable(&e))? {
            upload.add(&chunk).await?;
        }
    }
    let fields = Fields::of(fields);
    visit.check_form(fields.get(csrf::FIELD), false)?;
    Ok(Taken { file: upload.end().await?, fields, name })
}

/// Hands the file of a form on and has it checked. None if no file was chosen.
pub(super) async fn check(sent: &mut Streamed, vendor_id: VendorId) -> Result<Option<ImportView>> {
    let Taken { fields, file, .. } = take(sent, vendor_id).await?;
    let query = said(&fields)?;
    let Some(file) = file else { return Ok(None) };
    let query = ImportQuery { dry_run: true, file: Some(file), ..query };
    sent.visit.app.catalog.start_import(&sent.visit.who(), vendor_id, &query).await.map(Some)
}

/// Hands the file of a form on to the variant that it names, or puts it in the place of the file that it names. None if
/// no file was chosen.
pub(super) async fn keep(sent: &mut Streamed, vendor_id: VendorId, id: ProductId) -> Result<Option<VariantFile>> {
    let Taken { fields, file, name } = take(sent, vendor_id).await?;
    if file.is_none() {
        return Ok(None);
    }
    let variant = fields.parsed::<VariantId>("variant").ok_or_else(|| Error::not_found("variant"))?;
    // Some browsers send the whole path.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let (catalog, who, query) = (&sent.visit.app.catalog, sent.visit.who(), FileQuery { name, file });
    match fields.parsed::<VariantFileId>("instead_of") {
        Some(old) => catalog.replace_file(&who, vendor_id, id, variant, old, &query).await.map(Some),
        None => catalog.add_file(&who, vendor_id, id, variant, &query).await.map(Some),
    }
}

/// What the vendor says of the file.
fn said(fields: &Fields) -> Result<ImportQuery> {
    let currency = fields.some("currency").map(|code| Currency::parse(&code.to_uppercase())).transpose()?;
    let category = fields.parsed::<Slug>("category").map(|slug| slug.to_string());
    let whole = |_| Error::invalid("stock", "Use a whole number for the stock.");
    let stock = fields.some("stock").map(|text| text.parse().map_err(whole)).transpose()?;
    Ok(ImportQuery { currency, category, stock, ..ImportQuery::default() })
}

/// True for what the vendor can mend.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::TooLarge)
}
