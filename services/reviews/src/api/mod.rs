//! Routes of reviews.

mod desk;
mod public;
mod voice;

use std::sync::Arc;

use axum::extract::State;
use souk_http::Routes;

use crate::Reviews;

type App = State<Arc<Reviews>>;

pub(crate) fn routes() -> Routes<Arc<Reviews>> {
    public::routes().extend(voice::routes()).extend(desk::routes())
}
