//! What others tell: what is on sale at which price, whether it can be had, and what was ordered.

use std::sync::Arc;

use contracts::{
    Envelope,
    catalog::{ProductChanged, ProductPublished, ProductWithdrawn},
    identity::AccountErased,
    inventory::StockLevelChanged,
    orders::OrderPlaced,
    pricing::OfferChanged,
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::Result;

use crate::{
    Carts,
    jobs::TELL_BACK,
    store::{carts, copies, lines, notices, wishes},
};

type App = Arc<Carts>;

pub(crate) async fn vendor_applied(_: &App, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    copies::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn vendor_decided(_: &App, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    copies::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn vendor_changed(_: &App, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    copies::put_vendor(tx, event.vendor_id, &event.vendor).await
}

pub(crate) async fn product_published(_: &App, tx: &mut Tx, event: ProductPublished, _: &Envelope) -> Result<()> {
    copies::put_product(tx, event.product_id, &event.product).await
}

pub(crate) async fn product_changed(_: &App, tx: &mut Tx, event: ProductChanged, _: &Envelope) -> Result<()> {
    copies::put_product(tx, event.product_id, &event.product).await
}

pub(crate) async fn product_withdrawn(_: &App, tx: &mut Tx, event: ProductWithdrawn, _: &Envelope) -> Result<()> {
    copies::put_product(tx, event.product_id, &event.product).await
}

pub(crate) async fn offer_changed(_: &App, tx: &mut Tx, event: OfferChanged, _: &Envelope) -> Result<()> {
    copies::put_offers(tx, &event).await
}

pub(crate) async fn stock_level_changed(app: &App, tx: &mut Tx, event: StockLevelChanged, _: &Envelope) -> Result<()> {
    copies::put_level(tx, &event).await?;
    let id = event.variant_id;
    if event.level.available() && (wishes::is_awaited(tx, id).await? || notices::is_awaited(tx, id).await?) {
        app.jobs.enqueue(tx, TELL_BACK, &id.to_string(), &id).await?;
    }
    Ok(())
}

/// Takes what was ordered out of the cart it was ordered from. A cart's id is no secret, so an account's
/// cart is emptied by orders of that account alone.
pub(crate) async fn order_placed(app: &App, tx: &mut Tx, event: OrderPlaced, _: &Envelope) -> Result<()> {
    let order = event.order;
    let Some(cart) = order.cart_id else { return Ok(()) };
    if !carts::touch_ordered(tx, cart, order.account_id, app.clock.now()).await? {
        return Ok(());
    }
    for line in order.parts.iter().flat_map(|part| &part.lines) {
        lines::take_out(tx, cart, line.variant_id, line.quantity).await?;
    }
    Ok(())
}

/// Forgets the account's cart, what it wished for, the link to that, and which letters it did not want.
pub(crate) async fn account_erased(_: &App, tx: &mut Tx, event: AccountErased, _: &Envelope) -> Result<()> {
    wishes::forget(tx, event.account_id).await?;
    carts::forget(tx, event.account_id).await
}
