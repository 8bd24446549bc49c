//! A vendor's files: pictures, import, export.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as HttpBody,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contracts::catalog::{ImportQuery, ImportView, Picture};
use kernel::{ImportId, Page, PageRequest, ProductId, VendorId, VendorRole};
use pictures::{UPLOAD_MAX, UPLOAD_TYPES};
use souk_http::{Alt, Answer, Path, Policy, Query, RawBody, Routes, Scope, created, get, post};

use super::App;
use crate::{Catalog, error::Refused, ops, store};

/// Most bytes of a file to import.
const IMPORT_MAX: usize = 50 * 1024 * 1024;
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
                    "At most 50 MB of UTF-8. Worked off in the background; `dry_run=true` shows what would happen.",
                )
                .consumes(IMPORT_TYPES, IMPORT_MAX)
                .returns::<ImportView>(202),
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
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"products.csv\"")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, file).into_response())
}

async fn import(
    State(app): App,
    Scope(scope): Scope,
    Query(query): Query<ImportQuery>,
    headers: HeaderMap,
    RawBody(file): RawBody,
) -> Answer<(StatusCode, Json<ImportView>)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !IMPORT_TYPES.contains(&essence.as_str()) {
        return Err(Refused::NotCsv.into());
    }
    Ok((StatusCode::ACCEPTED, Json(ops::start_import(&app, scope, file, query.dry_run).await?)))
}

async fn imports(
    State(app): App,
    Scope(scope): Scope,
    Query(page): Query<PageRequest>,
) -> Answer<Json<Page<ImportView>>> {
    let limit = page.limit()?;
    let before = page.cursor()?.map_or(Ok(i64::MAX), |cursor| cursor.number(0))?;
    let rows = store::imports::own_page(&app.db, &scope, before, i64::from(limit) + 1).await?;
    Ok(Json(Page::cut(rows, limit, |import| vec![import.num.to_string()]).map(|import| import.view)))
}

async fn show_import(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ImportId)>,
) -> Answer<Json<ImportView>> {
    let import = store::imports::own(&app.db, &scope, id).await?.ok_or(Refused::NoSuchImport)?;
    Ok(Json(import.view))
}
