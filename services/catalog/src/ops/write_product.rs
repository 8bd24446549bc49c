//! Writes a product that has changed: its row, its lists, its event, its traces in the cache.

use contracts::catalog::{ProductChanged, ProductPublished, ProductStatus, ProductWithdrawn};
use db::Tx;
use kernel::{ProductId, Result, VariantId, VendorScope};

use crate::{
    Catalog,
    error::Refused,
    model::{Category, Happened, Product, Stored, happened},
    store::{self, listing::Scope},
    views,
};

/// Locks one of a vendor's products and reads all there is of it.
pub(super) async fn lock_own(tx: &mut Tx, scope: &VendorScope, id: ProductId) -> Result<Stored> {
    let product = store::products::lock_own(tx, scope, id).await?.ok_or(Refused::NoSuchProduct)?;
    with_variants(tx, product).await
}

/// The same for a product of whatever vendor.
pub(super) async fn lock(tx: &mut Tx, id: ProductId) -> Result<Stored> {
    let product = store::products::lock(tx, id).await?.ok_or(Refused::NoSuchProduct)?;
    with_variants(tx, product).await
}

pub(super) async fn with_variants(tx: &mut Tx, product: Product) -> Result<Stored> {
    let variants = store::variants::of_product(tx, product.id).await?;
    Ok(Stored { product, variants })
}

/// The category of a product and those above, itself first.
pub(super) async fn ancestors_of(tx: &mut Tx, product: &Product) -> Result<Vec<Category>> {
    store::categories::with_ancestors(tx, product.category_id).await
}

/// Puts a product into its lists.
pub(super) async fn list(tx: &mut Tx, stored: &Stored, ancestors: &[Category]) -> Result<()> {
    store::listing::put(tx, stored, &scopes(stored, ancestors)).await
}

/// The lists a product belongs to while it is on sale.
pub(super) fn scopes(stored: &Stored, ancestors: &[Category]) -> Vec<Scope> {
    let mut scopes = vec![Scope::All, Scope::Vendor(stored.product.vendor_id)];
    scopes.extend(ancestors.iter().map(|category| Scope::Category(category.id)));
    scopes
}

/// Tells others what has become of a product that was in status `before`.
pub(super) async fn tell(
    app: &Catalog,
    tx: &mut Tx,
    before: Option<ProductStatus>,
    stored: &Stored,
    ancestors: &[Category],
    new: &[(VariantId, Option<i64>)],
) -> Result<()> {
    let (product_id, product) = (stored.product.id, views::snapshot(stored, ancestors, new));
    match happened(before, stored.product.status) {
        Happened::Published => app.outbox.publish(tx, &ProductPublished { product_id, product }).await,
        Happened::Changed => app.outbox.publish(tx, &ProductChanged { product_id, product }).await,
        Happened::Withdrawn => app.outbox.publish(tx, &ProductWithdrawn { product_id, product }).await,
    }
}

/// Lets the cache forget a product after the commit, and the lists it is in at this moment.
pub(super) async fn touch(app: &Catalog, tx: &mut Tx, product: &Product) -> Result<()> {
    let (slugs, lists) = store::products::traces(tx, product).await?;
    let answers = app.answers.clone();
    tx.after_commit(move || answers.forget(&slugs, &lists));
    Ok(())
}

/// Lets the cache forget the pages of bundles in which a product's variants lie: they say what it is called.
async fn touch_bundles(app: &Catalog, tx: &mut Tx, product: &Product) -> Result<()> {
    let slugs = store::bundles::slugs_above(tx, product.id).await?;
    if !slugs.is_empty() {
        let answers = app.answers.clone();
        tx.after_commit(move || answers.forget(&slugs, &[]));
    }
    Ok(())
}

/// Writes a product that was there, in status `before`, as a new version. Its variants have been written.
pub(super) async fn rewrite(
    app: &Catalog,
    tx: &mut Tx,
    before: ProductStatus,
    stored: &mut Stored,
    ancestors: &[Category],
    new: &[(VariantId, Option<i64>)],
) -> Result<()> {
    stored.product.version += 1;
    stored.product.updated_at = app.clock.now();
    // The lists it leaves, then those it comes into.
    touch(app, tx, &stored.product).await?;
    store::products::update(tx, stored).await?;
    list(tx, stored, ancestors).await?;
    touch(app, tx, &stored.product).await?;
    touch_bundles(app, tx, &stored.product).await?;
    tell(app, tx, Some(before), stored, ancestors, new).await
}
