//! A vendor's files: pictures, import, export.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::catalog::{
    ChooseImportCategories, ImportChange, ImportChangeQuery, ImportFile, ImportPicture, ImportPictureQuery,
    ImportQuery, ImportView, Picture, limits::IMPORT_PIECE,
};
use kernel::{ImportFileId, ImportId, Page, PageRequest, ProductId, VendorId, VendorRole, VendorScope};
use pictures::{UPLOAD_MAX, UPLOAD_TYPES};
use souk_http::{Alt, Answer, Body, Path, Policy, Query, RawBody, Routes, Scope, StreamBody, created, get, post, put};

use super::App;
use crate::{Catalog, error::Refused, ops, store};

/// What browsers call CSV.
const IMPORT_TYPES: &[&str] = &["text/csv", "application/csv", "application/vnd.ms-excel"];

pub(super) fn routes() -> Routes<Arc<Catalog>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("catalog")
        .add(
            post("/api/v1/vendors/{vendor_id}/products/{id}/pictures", add_picture)
                .policy(staff)
                .doc(
                    "Add a picture to a product",
                    "JPEG, PNG, WebP or GIF up to 10 MB and 50 megapixels; it is written anew in up to three sizes.",
                )
                .consumes(UPLOAD_TYPES, UPLOAD_MAX)
                .returns::<Picture>(201),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/media", add_media)
                .policy(staff)
                .doc("Keep a picture for the store", "A logo or a banner; use its address on the store page.")
                .consumes(UPLOAD_TYPES, UPLOAD_MAX)
                .returns::<Picture>(201),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/products.csv", export)
                .policy(staff)
                .doc("Products as a CSV file", "A row per variant. The file can be imported again and changes nothing.")
                .returns_media(200, "text/csv"),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/imports", import)
                .policy(staff)
                .doc(
                    "Import products from a CSV file",
                    "UTF-8, 1 GB unless the operator says otherwise: our own format, or the products as Shopify or WooCommerce \
                     export them, known by the header. The body is the file, unless `file` names one that was sent in pieces. \
                     For files of these two `currency` says in what the prices are (left out: known products keep theirs, \
                     new ones get the currency of most of the vendor's products, or EUR), and `category` the category of \
                     products whose own has no namesake here, and `stock` how many there are of new variants of which the file \
                     does not tell. Pictures that such a file names are fetched afterwards. \
                     Worked off in the background; `dry_run=true` shows what would happen.",
                )
                .consumes(IMPORT_TYPES, usize::MAX)
                .returns::<ImportView>(202),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/imports/{id}/confirmation", confirm)
                .policy(staff)
                .doc(
                    "Import what a dry run has checked",
                    "Once, while its file is kept: a day, and as long as no more than four others were sent since.",
                )
                .returns::<ImportView>(202),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/imports/{id}/categories", choose_categories)
                .policy(staff)
                .doc(
                    "Choose categories for those of a checked file",
                    "For paths that the dry run lists under `categories`. They are remembered for the store's next files, and \
                     this one is checked again: the answer is the new dry run, and the old one cannot be confirmed any longer.",
                )
                .returns::<ImportView>(202),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/import-files", begin_file)
                .policy(staff)
                .doc(
                    "Begin a file to import that comes in pieces",
                    "For large files and slow lines: what is here stays here. Import it with `POST …/imports?file=` within a day.",
                )
                .returns::<ImportFile>(201),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/import-files/{id}/pieces/{number}", put_piece)
                .policy(staff)
                .doc(
                    "Add a piece to a file to import",
                    "Pieces count from 0, come in their order and have `piece_bytes` each, the last one fewer. One that was \
                     kept before may come again.",
                )
                .consumes(&["application/octet-stream"], IMPORT_PIECE)
                .returns::<ImportFile>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/imports", imports)
                .policy(staff)
                .doc("Imports of a vendor", "Newest first.")
                .returns::<Page<ImportView>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/imports/{id}", show_import)
                .policy(staff)
                .doc("One import", "How far it has come, and what is wrong in the file.")
                .returns::<ImportView>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/imports/{id}/changes", changes)
                .policy(staff)
                .doc(
                    "What an import does to each product",
                    "Or would do, if it is a dry run. Kept of the first 200 products with each outcome, for the 20 newest imports.",
                )
                .returns::<Page<ImportChange>>(200),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/imports/{id}/errors.csv", complaints)
                .policy(staff)
                .doc(
                    "What is wrong in the file of an import, as a CSV file",
                    "All of it up to 100,000, with row, column, and the reason with what to mend. Kept for the 20 newest imports, \
                     and for 30 days; afterwards the first 200.",
                )
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/api/v1/vendors/{vendor_id}/imports/{id}/pictures", import_pictures)
                .policy(staff)
                .doc(
                    "Pictures that an import fetches",
                    "Only those whose address the product did not know before. What does not answer is tried again.",
                )
                .returns::<Page<ImportPicture>>(200),
        )
}

async fn add_picture(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
    Alt(alt): Alt,
    RawBody(upload): RawBody,
) -> Answer<(StatusCode, Json<Picture>)> {
    Ok(created(ops::add_picture(&app, scope, id, upload, alt).await?))
}

async fn add_media(
    State(app): App,
    Scope(scope): Scope,
    Alt(alt): Alt,
    RawBody(upload): RawBody,
) -> Answer<(StatusCode, Json<Picture>)> {
    Ok(created(ops::add_media(&app, Some(scope), upload, alt).await?))
}

async fn export(State(app): App, Scope(scope): Scope) -> Answer<Response> {
    let file = HttpBody::from_stream(ops::export_products(&app, scope).await?);
    Ok(csv_file(file, "attachment; filename=\"products.csv\""))
}

fn csv_file(file: HttpBody, disposition: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, file).into_response()
}

async fn complaints(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
) -> Answer<Response> {
    let file = HttpBody::from_stream(ops::complaints(&app, scope, id).await?);
    Ok(csv_file(file, "attachment; filename=\"errors.csv\""))
}

async fn import(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<ImportQuery>,
    headers: HeaderMap,
    StreamBody(body): StreamBody,
) -> Answer<(StatusCode, Json<ImportView>)> {
    if query.file.is_none() {
        check_file(&app, &headers)?;
    }
    Ok((StatusCode::ACCEPTED, Json(ops::start_import(&app, scope, query, body).await?)))
}

/// Refuses what is no CSV, or says that it is too long, before it is read.
fn check_file(app: &Catalog, headers: &HeaderMap) -> kernel::Result<()> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !IMPORT_TYPES.contains(&essence.as_str()) {
        return Err(Refused::NotCsv.into());
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > app.import_limit) {
        return Err(Refused::FileTooLarge { limit: app.import_limit }.into());
    }
    Ok(())
}

async fn confirm(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
) -> Answer<(StatusCode, Json<ImportView>)> {
    Ok((StatusCode::ACCEPTED, Json(ops::confirm_import(&app, scope, id).await?)))
}

async fn choose_categories(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
    Body(input): Body<ChooseImportCategories>,
) -> Answer<(StatusCode, Json<ImportView>)> {
    Ok((StatusCode::ACCEPTED, Json(ops::choose_categories(&app, scope, id, input).await?)))
}

async fn begin_file(State(app): App, Scope(scope): Scope) -> Answer<(StatusCode, Json<ImportFile>)> {
    Ok(created(ops::begin_file(&app, scope).await?))
}

async fn put_piece(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id, number)): Path<(VendorId, ImportFileId, u64)>,
    RawBody(piece): RawBody,
) -> Answer<Json<ImportFile>> {
    Ok(Json(ops::put_piece(&app, scope, id, number, piece).await?))
}

async fn imports(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<ImportView>>> {
    let limit = page.limit()?;
    let before = page.cursor()?.map_or(Ok(i64::MAX), |cursor| cursor.number(0))?;
    let mut rows = store::imports::own_page(&app.db, &scope, before, i64::from(limit) + 1).await?;
    let mut views: Vec<&mut ImportView> = rows.iter_mut().map(|import| &mut import.view).collect();
    count_pictures(&app, &scope, &mut views).await?;
    Ok(Json(Page::cut(rows, limit, |import| vec![import.num.to_string()]).map(|import| import.view)))
}

async fn count_pictures(app: &Catalog, scope: &VendorScope, views: &mut [&mut ImportView]) -> kernel::Result<()> {
    let ids: Vec<ImportId> = views.iter().map(|view| view.id).collect();
    let counts = store::fetches::counts(&app.db, scope, &ids).await?;
    for view in views {
        view.pictures = counts.get(&view.id).copied().unwrap_or_default();
    }
    Ok(())
}

async fn own_import(app: &Catalog, scope: &VendorScope, id: ImportId) -> kernel::Result<ImportView> {
    Ok(store::imports::own(&app.db, scope, id).await?.ok_or(Refused::NoSuchImport)?.view)
}

async fn show_import(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
) -> Answer<Json<ImportView>> {
    let mut view = own_import(&app, &scope, id).await?;
    count_pictures(&app, &scope, &mut [&mut view]).await?;
    ops::show_chosen(&app, &scope, &mut view).await?;
    Ok(Json(view))
}

/// Where a page begins, and how many rows it needs to know whether there is another.
fn bounds(page: &PageRequest) -> kernel::Result<((i64, i64), u32)> {
    let limit = page.limit()?;
    let after = page.cursor()?.map_or(Ok(0), |cursor| cursor.number(0))?;
    Ok(((after, i64::from(limit) + 1), limit))
}

async fn changes(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
    Query(query): Query<ImportChangeQuery>,
) -> Answer<Json<Page<ImportChange>>> {
    own_import(&app, &scope, id).await?;
    let (bounds, limit) = bounds(&query.page())?;
    let rows = store::imports::changes(&app.db, &scope, id, query.outcome, bounds).await?;
    Ok(Json(Page::cut(rows, limit, |(num, _)| vec![num.to_string()]).map(|(_, change)| change)))
}

async fn import_pictures(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
    Query(query): Query<ImportPictureQuery>,
) -> Answer<Json<Page<ImportPicture>>> {
    own_import(&app, &scope, id).await?;
    let (bounds, limit) = bounds(&query.page())?;
    let rows = store::fetches::page(&app.db, &scope, id, query.state, bounds).await?;
    Ok(Json(Page::cut(rows, limit, |(num, _)| vec![num.to_string()]).map(|(_, picture)| picture)))
}
