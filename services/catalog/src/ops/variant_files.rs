//! Files of variants that are downloaded. They come in like files to import, whole or in pieces, and are kept where those
//! are; a variant is digital as long as it has one.

use std::sync::Arc;

use axum::body::Body;
use contracts::catalog::{
    FileQuery, KeptFile, ProductFiles, VariantFile,
    limits::{FILE_NAME_MAX, FILES_MAX},
};
use db::Tx;
use kernel::{Error, ImportFileId, ProductId, Result, VariantFileId, VariantId, VendorScope};

use super::{
    import_file::{PIECE_BYTES, forget_file, place_of, remove_later, take_file},
    write_product::{ancestors_of, lock_own, rewrite},
};
use crate::{
    Catalog,
    error::Refused,
    model::Stored as StoredProduct,
    store::{self, variant_files::Stored},
};

/// A variant of a product.
pub(crate) type Of = (ProductId, VariantId);

/// Files of a vendor's product.
pub(crate) async fn show_files(app: &Catalog, scope: &VendorScope, id: ProductId) -> Result<ProductFiles> {
    store::products::own(&app.db, scope, id).await?.ok_or(Refused::NoSuchProduct)?;
    let files = store::variant_files::of_product(&app.db, scope, id).await?;
    Ok(ProductFiles { files, limit_bytes: i64::try_from(app.download_limit).unwrap_or(i64::MAX) })
}

/// Files of variants that were bought, with where they are kept.
pub(crate) async fn kept_files(app: &Catalog, ids: &[VariantId]) -> Result<Vec<KeptFile>> {
    let files = store::variant_files::of_variants(&app.db, ids).await?;
    let kept = |of: Stored| KeptFile { place: place_of(of.content), file: of.file, piece_bytes: PIECE_BYTES };
    Ok(files.into_iter().map(kept).collect())
}

/// Adds a file to a variant, which makes it one that is downloaded.
pub(crate) async fn add_file(
    app: &Arc<Catalog>,
    scope: VendorScope,
    of: Of,
    query: FileQuery,
    body: Body,
) -> Result<VariantFile> {
    let id = VariantFileId::new(&app.ids);
    keep(app, scope, of, (id, true), query, body).await
}

/// Puts another content in the place of a file's: whoever has bought it gets the new one.
pub(crate) async fn replace_file(
    app: &Arc<Catalog>,
    scope: VendorScope,
    of: Of,
    id: VariantFileId,
    query: FileQuery,
    body: Body,
) -> Result<VariantFile> {
    keep(app, scope, of, (id, false), query, body).await
}

/// Takes the upload in, unless it is here, and hands it over to the variant. What is refused leaves nothing behind.
async fn keep(
    app: &Arc<Catalog>,
    scope: VendorScope,
    of: Of,
    (id, is_new): (VariantFileId, bool),
    query: FileQuery,
    body: Body,
) -> Result<VariantFile> {
    let name = file_name(&query.name)?;
    // Before a large file is read.
    own_variant(app, &scope, of).await?;
    let content = match query.file {
        Some(content) => content,
        None => take_file(app, &scope, body).await?,
    };
    let this = app.clone();
    let kept = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let new = NewFile { id, is_new, name: name.clone(), content };
            hand_over(&this, tx, &scope, of, new).await
        })
        .await;
    if kept.is_err()
        && query.file.is_none()
        && let Some(file) = store::import_files::own(&app.db, &scope, content).await?
    {
        forget_file(app, file).await?;
    }
    kept
}

async fn own_variant(app: &Catalog, scope: &VendorScope, (id, variant_id): Of) -> Result<()> {
    store::products::own(&app.db, scope, id).await?.ok_or(Refused::NoSuchProduct)?;
    let offered = store::variants::offered(&app.db.as_vendor(scope), &[id]).await?.remove(&id).unwrap_or_default();
    if offered.iter().any(|v| v.id == variant_id) { Ok(()) } else { Err(Refused::NoSuchVariant.into()) }
}

struct NewFile {
    id: VariantFileId,
    is_new: bool,
    name: String,
    content: ImportFileId,
}

async fn hand_over(
    app: &Arc<Catalog>,
    tx: &mut Tx,
    scope: &VendorScope,
    (id, variant_id): Of,
    new: NewFile,
) -> Result<VariantFile> {
    let mut stored = lock_own(tx, scope, id).await?;
    let digital = is_digital(&stored, variant_id)?;
    let known = store::variant_files::of_variant(tx, variant_id).await?;
    let before = known.iter().find(|of| of.file.id == new.id);
    match before {
        None if !new.is_new => return Err(Refused::NoSuchFile.into()),
        None if known.len() >= FILES_MAX => return Err(Refused::TooManyFiles.into()),
        _ => {}
    }
    let is_bundle = stored.variants.iter().any(|v| v.id == variant_id && v.is_bundle());
    if !digital && (is_bundle || store::bundles::is_part(tx, variant_id).await?) {
        return Err(Refused::NoDownloadInBundles.into());
    }
    let now = app.clock.now();
    let upload =
        store::import_files::hold(tx, scope.vendor_id(), new.content, now).await?.ok_or(Refused::NoSuchFile)?;
    if store::import_files::is_in_use(tx, new.content).await? {
        return Err(Refused::NoSuchFile.into());
    }
    if upload.bytes > app.download_limit {
        return Err(Refused::DownloadTooLarge { limit: app.download_limit }.into());
    }
    let bytes = i64::try_from(upload.bytes).map_err(Error::internal)?;
    if bytes == 0 {
        return Err(Error::invalid("file", "The file is empty."));
    }
    // From here on it is no file to import any more, and nobody forgets its pieces.
    store::import_files::delete(tx, new.content).await?;
    let file = VariantFile { id: new.id, variant_id, name: new.name, bytes, updated_at: now };
    let kept = Stored { file, content: new.content };
    match before {
        Some(before) => {
            store::variant_files::replace(tx, scope, &kept).await?;
            remove_later(app, tx, before.content, before.file.bytes).await?;
        }
        None => store::variant_files::insert(tx, scope, &kept).await?,
    }
    set_digital(app, tx, &mut stored, variant_id, true).await?;
    Ok(kept.file)
}

/// Removes a file. What was ever on sale keeps its last one, for those who have bought it.
pub(crate) async fn remove_file(
    app: &Arc<Catalog>,
    scope: VendorScope,
    (id, variant_id): Of,
    file_id: VariantFileId,
) -> Result<()> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let mut stored = lock_own(tx, &scope, id).await?;
            is_digital(&stored, variant_id)?;
            let known = store::variant_files::of_variant(tx, variant_id).await?;
            let gone = known.iter().find(|of| of.file.id == file_id).ok_or(Refused::NoSuchFile)?;
            if known.len() == 1 && stored.product.published_at.is_some() {
                return Err(Refused::LastFile.into());
            }
            store::variant_files::delete(tx, &scope, file_id).await?;
            remove_later(&this, tx, gone.content, gone.file.bytes).await?;
            set_digital(&this, tx, &mut stored, variant_id, known.len() > 1).await
        })
        .await
}

/// Whether a variant on offer is downloaded.
fn is_digital(stored: &StoredProduct, variant_id: VariantId) -> Result<bool> {
    Ok(stored.offered().find(|v| v.id == variant_id).ok_or(Refused::NoSuchVariant)?.digital)
}

/// Makes a variant one that is downloaded, or one that is sent again, and tells the others.
async fn set_digital(
    app: &Catalog,
    tx: &mut Tx,
    stored: &mut StoredProduct,
    variant_id: VariantId,
    digital: bool,
) -> Result<()> {
    let status = stored.product.status;
    match stored.variants.iter_mut().find(|v| v.id == variant_id && v.digital != digital) {
        Some(variant) => variant.digital = digital,
        None => return Ok(()),
    }
    store::variants::set_digital(tx, variant_id, digital).await?;
    let ancestors = ancestors_of(tx, &stored.product).await?;
    rewrite(app, tx, status, stored, &ancestors, &[]).await
}

/// A name under which a file can be kept anywhere: no paths, no control characters.
fn file_name(name: &str) -> Result<String> {
    let name = name.trim();
    let plain = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | '"');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(Error::invalid("name", "Give the file a name, without slashes and quotation marks: pattern.pdf."));
    }
    if name.chars().count() > FILE_NAME_MAX {
        return Err(Error::invalid("name", format!("A name has at most {FILE_NAME_MAX} characters.")));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_of_files_are_names_everywhere() {
        assert_eq!(file_name(" Muster für Socken.pdf ").unwrap(), "Muster für Socken.pdf");
        for bad in ["", " ", ".bashrc", "a/b", "a\\b", "a\"b", "a\nb", &"a".repeat(121)] {
            assert!(file_name(bad).is_err(), "{bad:?}");
        }
    }
}
