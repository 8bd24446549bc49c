//! What the catalogue does when others tell something.

use std::sync::Arc;

use contracts::{
    Envelope,
    inventory::StockLevelChanged,
    pricing::OfferChanged,
    reviews::RatingChanged,
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::Result;

use crate::{Catalog, ops};

pub(crate) async fn vendor_applied(app: &Arc<Catalog>, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    ops::follow_vendor(app, tx, event.vendor_id, event.vendor).await
}

pub(crate) async fn vendor_decided(app: &Arc<Catalog>, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    ops::follow_vendor(app, tx, event.vendor_id, event.vendor).await
}

pub(crate) async fn vendor_changed(app: &Arc<Catalog>, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    ops::follow_vendor(app, tx, event.vendor_id, event.vendor).await
}

pub(crate) async fn offer_changed(app: &Arc<Catalog>, tx: &mut Tx, event: OfferChanged, _: &Envelope) -> Result<()> {
    ops::follow_offers(app, tx, event).await
}

pub(crate) async fn stock_level_changed(
    app: &Arc<Catalog>,
    tx: &mut Tx,
    event: StockLevelChanged,
    _: &Envelope,
) -> Result<()> {
    ops::follow_stock(app, tx, event).await
}

pub(crate) async fn rating_changed(app: &Arc<Catalog>, tx: &mut Tx, event: RatingChanged, _: &Envelope) -> Result<()> {
    ops::follow_rating(app, tx, event).await
}
