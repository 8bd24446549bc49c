//! Everybody's events, counted on the day they happened.

use std::sync::Arc;

use contracts::{
    Envelope,
    catalog::{ProductChanged, ProductPublished, ProductSnapshot},
    identity::{AccountRegistered, LoggedIn},
    orders::OrderPaid,
    payments::PaymentRefunded,
    vendors::{VendorApplied, VendorChanged, VendorDecided},
};
use db::Tx;
use kernel::{ProductId, Result};

use crate::{
    Analytics,
    model::{self, Sums},
    store,
};

type App = Arc<Analytics>;

pub(crate) async fn order_paid(_: &App, tx: &mut Tx, event: OrderPaid, _: &Envelope) -> Result<()> {
    let day = event.paid_at.day();
    let sale = model::sale_of(&event.order);
    store::add_sums(tx, day, sale.currency, &sale.scopes).await?;
    store::add_products(tx, day, sale.currency, &sale.products).await?;
    match event.order.account_id {
        Some(account_id) => store::note_active(tx, day, account_id).await,
        None => Ok(()),
    }
}

pub(crate) async fn payment_refunded(_: &App, tx: &mut Tx, event: PaymentRefunded, _: &Envelope) -> Result<()> {
    let refunded = |minor: i64| Sums { refunds_minor: minor, ..Sums::default() };
    let mut scopes: std::collections::BTreeMap<String, Sums> = event
        .by_vendor
        .iter()
        .map(|(vendor_id, amount)| (vendor_id.to_string(), refunded(amount.amount_minor)))
        .collect();
    scopes.insert(model::PLATFORM.to_owned(), refunded(event.amount.amount_minor));
    store::add_sums(tx, event.at.day(), event.amount.currency, &scopes).await
}

pub(crate) async fn account_registered(_: &App, tx: &mut Tx, event: AccountRegistered, _: &Envelope) -> Result<()> {
    store::add_account(tx, event.at.day()).await
}

pub(crate) async fn logged_in(_: &App, tx: &mut Tx, event: LoggedIn, _: &Envelope) -> Result<()> {
    store::note_active(tx, event.at.day(), event.account_id).await
}

async fn name_product(tx: &mut Tx, product_id: ProductId, product: &ProductSnapshot) -> Result<()> {
    store::name_product(tx, product_id, &product.title, product.slug.as_str()).await
}

pub(crate) async fn product_published(_: &App, tx: &mut Tx, event: ProductPublished, _: &Envelope) -> Result<()> {
    name_product(tx, event.product_id, &event.product).await
}

pub(crate) async fn product_changed(_: &App, tx: &mut Tx, event: ProductChanged, _: &Envelope) -> Result<()> {
    name_product(tx, event.product_id, &event.product).await
}

pub(crate) async fn vendor_applied(_: &App, tx: &mut Tx, event: VendorApplied, _: &Envelope) -> Result<()> {
    store::name_vendor(tx, event.vendor_id, &event.vendor.name).await
}

pub(crate) async fn vendor_decided(_: &App, tx: &mut Tx, event: VendorDecided, _: &Envelope) -> Result<()> {
    store::name_vendor(tx, event.vendor_id, &event.vendor.name).await
}

pub(crate) async fn vendor_changed(_: &App, tx: &mut Tx, event: VendorChanged, _: &Envelope) -> Result<()> {
    store::name_vendor(tx, event.vendor_id, &event.vendor.name).await
}
