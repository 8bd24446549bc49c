//! What others tell: stores, products, ways to ship, and what became of orders.

use std::sync::Arc;

use contracts::{
    Envelope,
    catalog::{ProductChanged, ProductPublished, ProductSaleTold, ProductSnapshot, ProductWithdrawn},
    orders::{OrderCancelled, OrderPlaced, OrderRejected},
    shipping::MethodsChanged,
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::{ProductId, Result};

use crate::{
    Pricing,
    ops::{reprice::reprice, take_sale::take_sale},
    store::{copies, redemptions},
};

pub(crate) async fn vendor_applied(_: &Arc<Pricing>, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    copies::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn vendor_decided(_: &Arc<Pricing>, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    copies::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn vendor_changed(_: &Arc<Pricing>, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    copies::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn product_published(
    app: &Arc<Pricing>,
    tx: &mut Tx,
    event: ProductPublished,
    _: &Envelope,
) -> Result<()> {
    take_over(app, tx, event.product_id, &event.product).await
}

pub(crate) async fn product_changed(
    app: &Arc<Pricing>,
    tx: &mut Tx,
    event: ProductChanged,
    _: &Envelope,
) -> Result<()> {
    take_over(app, tx, event.product_id, &event.product).await
}

pub(crate) async fn product_withdrawn(
    app: &Arc<Pricing>,
    tx: &mut Tx,
    event: ProductWithdrawn,
    _: &Envelope,
) -> Result<()> {
    take_over(app, tx, event.product_id, &event.product).await
}

pub(crate) async fn product_sale_told(
    app: &Arc<Pricing>,
    tx: &mut Tx,
    event: ProductSaleTold,
    _: &Envelope,
) -> Result<()> {
    take_sale(app, tx, &event).await
}

/// Copies the product and, if that changes an offer, tells of it.
async fn take_over(app: &Arc<Pricing>, tx: &mut Tx, product_id: ProductId, product: &ProductSnapshot) -> Result<()> {
    copies::lock_vendor(tx, product.vendor_id).await?;
    copies::put_product(tx, product_id, product).await?;
    reprice(app, tx, product.vendor_id, &[product_id]).await
}

pub(crate) async fn shipping_methods_changed(
    _: &Arc<Pricing>,
    tx: &mut Tx,
    event: MethodsChanged,
    _: &Envelope,
) -> Result<()> {
    copies::put_methods(tx, &event).await
}

pub(crate) async fn order_placed(_: &Arc<Pricing>, tx: &mut Tx, event: OrderPlaced, _: &Envelope) -> Result<()> {
    redemptions::confirm(tx, event.order_id).await
}

pub(crate) async fn order_rejected(_: &Arc<Pricing>, tx: &mut Tx, event: OrderRejected, _: &Envelope) -> Result<()> {
    redemptions::give_back(tx, event.order_id).await
}

pub(crate) async fn order_cancelled(_: &Arc<Pricing>, tx: &mut Tx, event: OrderCancelled, _: &Envelope) -> Result<()> {
    redemptions::give_back(tx, event.order_id).await
}
