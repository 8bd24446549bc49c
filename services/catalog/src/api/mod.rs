//! Routes: decode, authorise, one operation, encode.

mod admin;
mod extract;
mod files;
mod public;
mod variant_files;
mod vendor;

use std::sync::Arc;

use axum::extract::State;
use contracts::catalog::OwnProductQuery;
use kernel::{Error, Result, Timestamp};
use souk_http::Routes;

use crate::{Catalog, store::products::EditFilter};

type App = State<Arc<Catalog>>;

pub(crate) fn routes() -> Routes<Arc<Catalog>> {
    public::routes()
        .extend(vendor::routes())
        .extend(files::routes())
        .extend(variant_files::routes())
        .extend(admin::routes())
}

/// What a list of products for editing is narrowed by, and how many are wanted.
fn edit_filter(query: &OwnProductQuery) -> Result<(EditFilter, u32)> {
    let page = query.page();
    let limit = page.limit()?;
    let before = match page.cursor()? {
        Some(cursor) => (Timestamp(cursor.number(0)?), cursor.number(1)?),
        None => (Timestamp(i64::MAX), i64::MAX),
    };
    let like = like_pattern(query.q.as_deref())?;
    Ok((EditFilter { like, status: query.status, before, limit: i64::from(limit) + 1 }, limit))
}

/// `LIKE` pattern for a part of a text; empty if nothing is looked for.
fn like_pattern(q: Option<&str>) -> Result<String> {
    let q = q.unwrap_or_default().trim().to_lowercase();
    match q.chars().count() {
        0 => Ok(String::new()),
        1..=200 => Ok(format!("%{}%", q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))),
        _ => Err(Error::invalid("q", "Look for at most 200 characters.")),
    }
}
