//! Files of variants that are downloaded.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use contracts::catalog::{FileQuery, FilesWanted, KeptFile, ProductFiles, VariantFile};
use kernel::{ProductId, VariantFileId, VariantId, VendorId, VendorRole};
use souk_http::{
    Answer, Body, Path, Policy, Query, Routes, Scope, StreamBody, created, delete, get, no_content, post, put,
};

use super::App;
use crate::{Catalog, error::Refused, ops};

/// What buyers get is handed out as bytes, whatever it is.
const ANY: &[&str] = &["application/octet-stream"];

pub(super) fn routes() -> Routes<Arc<Catalog>> {
    let staff = Policy::Vendor(VendorRole::Staff);
    Routes::new("catalog")
        .add(
            get("/api/v1/vendors/{vendor_id}/products/{id}/files", show)
                .policy(staff)
                .doc("Files of a product", "Of those of its variants that are downloaded, with the most bytes of one file.")
                .returns::<ProductFiles>(200),
        )
        .add(
            post("/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/files", add)
                .policy(staff)
                .doc(
                    "Add a file to a variant",
                    "The body is the file, unless `file` names one that was sent in pieces (`POST …/import-files`). The variant is \
                     downloaded from then on: it needs no stock and no delivery. At most 10 files, each of at most \
                     `limit_bytes`. No bundle, and nothing that lies in one.",
                )
                .consumes(ANY, usize::MAX)
                .returns::<VariantFile>(201),
        )
        .add(
            put("/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/files/{file_id}", replace)
                .policy(staff)
                .doc("Replace a file", "Whoever has bought it before gets the new one from then on.")
                .consumes(ANY, usize::MAX)
                .returns::<VariantFile>(200),
        )
        .add(
            delete("/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/files/{file_id}", remove)
                .policy(staff)
                .doc(
                    "Remove a file",
                    "Whoever has bought it before does not get it any more. The last one of what was ever on sale stays: 409 \
                     `last_file`.",
                )
                .returns_empty(204),
        )
        .add(
            post("/internal/files", kept)
                .policy(Policy::Service)
                .doc("Files of variants that were bought", "With where they are kept, for the service that hands them out.")
                .returns::<Vec<KeptFile>>(200),
        )
}

/// Says that a file is too long before it is read.
fn check_length(app: &Catalog, query: &FileQuery, headers: &HeaderMap) -> kernel::Result<()> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if query.file.is_none() && length.is_some_and(|length| length > app.download_limit) {
        return Err(Refused::DownloadTooLarge { limit: app.download_limit }.into());
    }
    Ok(())
}

async fn show(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id)): Path<(VendorId, ProductId)>,
) -> Answer<Json<ProductFiles>> {
    Ok(Json(ops::show_files(&app, &scope, id).await?))
}

async fn add(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id, variant_id)): Path<(VendorId, ProductId, VariantId)>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
    StreamBody(body): StreamBody,
) -> Answer<(StatusCode, Json<VariantFile>)> {
    check_length(&app, &query, &headers)?;
    Ok(created(ops::add_file(&app, scope, (id, variant_id), query, body).await?))
}

async fn replace(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id, variant_id, file_id)): Path<(VendorId, ProductId, VariantId, VariantFileId)>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
    StreamBody(body): StreamBody,
) -> Answer<Json<VariantFile>> {
    check_length(&app, &query, &headers)?;
    Ok(Json(ops::replace_file(&app, scope, (id, variant_id), file_id, query, body).await?))
}

async fn remove(
    State(app): App,
    Scope(scope): Scope,
    Path((_, id, variant_id, file_id)): Path<(VendorId, ProductId, VariantId, VariantFileId)>,
) -> Answer<StatusCode> {
    ops::remove_file(&app, scope, (id, variant_id), file_id).await?;
    Ok(no_content())
}

async fn kept(State(app): App, Body(wanted): Body<FilesWanted>) -> Answer<Json<Vec<KeptFile>>> {
    Ok(Json(ops::kept_files(&app, &wanted.variant_ids).await?))
}
