//! What is found follows what happens elsewhere.

use std::{sync::Arc, time::Duration};

use contracts::{
    Envelope,
    catalog::{ProductChanged, ProductPublished, ProductWithdrawn, Rating},
    inventory::StockLevelChanged,
    pricing::OfferChanged,
    reviews::RatingChanged,
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::{Error, Result};

use crate::{Search, jobs, store};

type App = Arc<Search>;

/// Changes are gathered for this long before they are brought into the index.
const GATHER: Duration = Duration::from_millis(200);

/// Has what this transaction changes brought in, with what else changes meanwhile.
pub(crate) async fn bring_in_soon(app: &App, tx: &mut Tx) -> Result<()> {
    app.jobs.enqueue_at(tx, jobs::BRING_IN, "all", &(), app.clock.now().plus(GATHER)).await
}

/// The product's own event is still on its way: this one is tried again.
fn not_yet() -> Error {
    Error::early("The product is not known yet.")
}

pub(crate) async fn product_published(app: &App, tx: &mut Tx, event: ProductPublished, _: &Envelope) -> Result<()> {
    store::put_product(tx, event.product_id, &event.product, &app.languages).await?;
    bring_in_soon(app, tx).await
}

pub(crate) async fn product_changed(app: &App, tx: &mut Tx, event: ProductChanged, _: &Envelope) -> Result<()> {
    store::put_product(tx, event.product_id, &event.product, &app.languages).await?;
    bring_in_soon(app, tx).await
}

pub(crate) async fn product_withdrawn(app: &App, tx: &mut Tx, event: ProductWithdrawn, _: &Envelope) -> Result<()> {
    store::put_product(tx, event.product_id, &event.product, &app.languages).await?;
    bring_in_soon(app, tx).await
}

pub(crate) async fn offer_changed(app: &App, tx: &mut Tx, event: OfferChanged, _: &Envelope) -> Result<()> {
    if !store::put_offers(tx, event.product_id, &event.offers).await? {
        return Err(not_yet());
    }
    bring_in_soon(app, tx).await
}

pub(crate) async fn stock_level_changed(app: &App, tx: &mut Tx, event: StockLevelChanged, _: &Envelope) -> Result<()> {
    store::put_level(tx, event.variant_id, event.product_id, event.level).await?;
    bring_in_soon(app, tx).await
}

pub(crate) async fn rating_changed(app: &App, tx: &mut Tx, event: RatingChanged, _: &Envelope) -> Result<()> {
    let rating = Rating { average_x100: event.summary.average_x100, count: event.summary.count };
    if !store::put_rating(tx, event.product_id, rating).await? {
        return Err(not_yet());
    }
    bring_in_soon(app, tx).await
}

pub(crate) async fn vendor_applied(app: &App, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    store::put_vendor(tx, event.vendor_id, &event.vendor).await?;
    bring_in_soon(app, tx).await
}

pub(crate) async fn vendor_decided(app: &App, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    store::put_vendor(tx, event.vendor_id, &event.vendor).await?;
    bring_in_soon(app, tx).await
}

pub(crate) async fn vendor_changed(app: &App, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    store::put_vendor(tx, event.vendor_id, &event.vendor).await?;
    bring_in_soon(app, tx).await
}
