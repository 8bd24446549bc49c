//! Fetches pictures that a file names by their addresses, product by product. Products never wait for
//! theirs: an import goes on while one job after another works its pictures off.

use std::{sync::Arc, time::Duration};

use db::Tx;
use kernel::{Error, ImportId, Kind, ProductId, Result, VendorScope};
use pictures::UPLOAD_MAX;
use runtime::fetch::{Bounds, fetch};
use serde::{Deserialize, Serialize};

use super::add_picture::{put_picture, refuse_full, refuse_too_many};
use crate::{
    Catalog,
    error::Refused,
    jobs,
    model::StoredPicture,
    store::{self, fetches::Fetch},
};

/// How long an address may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Attempts of a product's job before what it could not have is given up: about a quarter of an hour. The
/// job itself would be given up, and somebody called, after one more.
const ATTEMPTS_MAX: i64 = 15;

/// The turn of a product.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Turn {
    import_id: ImportId,
    product_id: ProductId,
}

/// Begins with the next product of an import that has pictures nobody tried to fetch. While one is at
/// work nothing happens: it goes on by itself, so that an import asks for one picture at a time.
pub(super) async fn start_fetching(app: &Catalog, tx: &mut Tx, import_id: ImportId) -> Result<()> {
    // Held, since an import that finds a product at work and a product that finds no other one left must not be over
    // at the same moment.
    store::imports::hold(tx, import_id).await?;
    let Some(product_id) = store::fetches::next_product(tx, import_id).await? else { return Ok(()) };
    let key = format!("{import_id}:{product_id}");
    app.jobs.enqueue(tx, jobs::FETCH_PICTURES, &key, &Turn { import_id, product_id }).await
}

/// Fetches what a product waits for. An address that does not answer ends its turn for now; the job is
/// then repeated with growing pauses.
pub(crate) async fn fetch_pictures(app: &Arc<Catalog>, turn: Turn, attempt: i64) -> Result<()> {
    let mut trouble = None;
    for wanted in store::fetches::waiting(&app.db, turn.product_id).await? {
        match keep(app, &wanted).await {
            Ok(()) => {}
            Err(error) if error.is_transient() && attempt < ATTEMPTS_MAX => {
                let reason = error.detail().to_owned();
                app.db.write(async move |tx| store::fetches::postpone(tx, &wanted, &reason).await).await?;
                trouble = Some(error);
                break;
            }
            Err(error) => {
                let reason = reason(&error);
                app.db.write(async move |tx| store::fetches::fail(tx, wanted.num, &reason).await).await?;
            }
        }
    }
    let this = app.clone();
    app.db.write(async move |tx| start_fetching(&this, tx, turn.import_id).await).await?;
    trouble.map_or(Ok(()), Err)
}

fn reason(error: &Error) -> String {
    match (error.kind(), error.fields()) {
        (Kind::Invalid, [field, ..]) => field.reason.clone(),
        _ => error.detail().to_owned(),
    }
}

/// Fetches a picture and puts it where it belongs among those fetched for the same product.
async fn keep(app: &Arc<Catalog>, wanted: &Fetch) -> Result<()> {
    let scope = VendorScope::of_system(wanted.vendor_id);
    let product = store::products::own(&app.db, &scope, wanted.product_id).await?.ok_or(Refused::NoSuchProduct)?;
    refuse_too_many(&product)?;
    refuse_full(app, &scope).await?;
    let bytes = fetch(&*app.outside, &wanted.url, Bounds { bytes: UPLOAD_MAX, timeout: TIMEOUT }).await?;
    let added = StoredPicture::from(app.pictures.keep(bytes, wanted.alt.clone()).await?);
    let (this, wanted) = (app.clone(), wanted.clone());
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            // Another worker may have had it meanwhile.
            if store::fetches::keep(tx, wanted.num, added.picture.id).await? {
                let behind = store::fetches::kept_behind(tx, wanted.product_id, wanted.position).await?;
                put_picture(&this, tx, &scope, wanted.product_id, &added, &behind).await?;
                store::variants::give_picture(tx, wanted.product_id, &wanted.url, added.picture.id).await?;
            }
            Ok(())
        })
        .await
}
