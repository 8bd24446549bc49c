//! Makes a variant a bundle of others, or an ordinary one again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use contracts::catalog::{BundlePart, BundleView, PartInput, ProductBundles, ProductStatus, SetParts};
use db::Tx;
use kernel::{Error, FieldError, ProductId, Result, VariantId, VendorScope};
use souk_http::IfMatch;

use super::write_product::{ancestors_of, lock_own, rewrite};
use crate::{
    Catalog,
    error::Refused,
    model::{Stored, Variant},
    store,
};

/// Sets what a variant is made of, if the vendor has seen the product's present version; that version and the bundle.
pub(crate) async fn set_parts(
    app: &Arc<Catalog>,
    scope: VendorScope,
    id: ProductId,
    variant_id: VariantId,
    seen: IfMatch,
    input: SetParts,
) -> Result<(i64, BundleView)> {
    refuse_twice(&input.parts)?;
    let this = app.clone();
    let version = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let products = lock_all(tx, &scope, id, &input.parts).await?;
            let mut stored = products.get(&id).cloned().ok_or(Refused::NoSuchProduct)?;
            seen.check(stored.product.version)?;
            let parts: Vec<BundlePart> = input.parts.iter().map(part).collect();
            check(tx, &products, id, variant_id, &parts).await?;
            let bundle = stored.variants.iter_mut().find(|v| v.id == variant_id && v.active);
            let bundle = bundle.ok_or(Refused::NoSuchVariant)?;
            if bundle.parts != parts {
                store::bundles::put(tx, scope.vendor_id(), variant_id, &parts).await?;
                bundle.parts = parts;
                let (ancestors, status) = (ancestors_of(tx, &stored.product).await?, stored.product.status);
                rewrite(&this, tx, status, &mut stored, &ancestors, &[]).await?;
            }
            Ok(stored.product.version)
        })
        .await?;
    let parts = store::bundles::views(&app.db.as_vendor(&scope), &[variant_id], None).await?.remove(&variant_id);
    Ok((version, BundleView { variant_id, parts: parts.unwrap_or_default() }))
}

/// What bundles have to do with a vendor's product.
pub(crate) async fn show_bundles(app: &Catalog, scope: &VendorScope, id: ProductId) -> Result<ProductBundles> {
    store::products::own(&app.db, scope, id).await?.ok_or(Refused::NoSuchProduct)?;
    let db = app.db.as_vendor(scope);
    let offered = store::variants::offered(&db, &[id]).await?.remove(&id).unwrap_or_default();
    let ids: Vec<VariantId> = offered.iter().filter(|v| v.is_bundle()).map(|v| v.id).collect();
    let mut views = store::bundles::views(&db, &ids, None).await?;
    let bundle = |id: &VariantId| BundleView { variant_id: *id, parts: views.remove(id).unwrap_or_default() };
    let bundles = ids.iter().map(bundle).collect();
    Ok(ProductBundles { bundles, used_in: store::bundles::uses(&app.db, scope, id).await? })
}

fn part(input: &PartInput) -> BundlePart {
    BundlePart { variant_id: input.variant_id, quantity: input.quantity }
}

fn complaint(index: usize, reason: impl Into<String>) -> FieldError {
    FieldError { field: format!("parts[{index}].variant_id"), reason: reason.into() }
}

fn refuse(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

fn refuse_twice(parts: &[PartInput]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let twice = parts.iter().enumerate().filter(|(_, part)| !seen.insert(part.variant_id));
    refuse(twice.map(|(index, _)| complaint(index, "This part is there twice. Enter its number instead.")).collect())
}

/// Locks the bundle's product and those of its parts, in the order of their ids, as everywhere. While they are locked
/// nobody makes a part a bundle, or the bundle a part.
async fn lock_all(
    tx: &mut Tx,
    scope: &VendorScope,
    id: ProductId,
    parts: &[PartInput],
) -> Result<BTreeMap<ProductId, Stored>> {
    let ids: Vec<VariantId> = parts.iter().map(|part| part.variant_id).collect();
    let known = store::bundles::products_of(tx, scope, &ids).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains_key(id));
    let unknown = unknown.map(|(index, _)| complaint(index, "This is none of your variants.")).collect::<Vec<_>>();
    let wanted: BTreeSet<ProductId> = known.into_values().chain([id]).collect();
    let mut products = BTreeMap::new();
    for product in wanted {
        products.insert(product, lock_own(tx, scope, product).await?);
    }
    refuse(unknown)?;
    Ok(products)
}

/// Refuses what cannot lie in a bundle. Nothing has to be refused of what is to be no bundle any more.
async fn check(
    tx: &mut Tx,
    products: &BTreeMap<ProductId, Stored>,
    id: ProductId,
    bundle: VariantId,
    parts: &[BundlePart],
) -> Result<()> {
    let mut errors = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let of = |stored: &&Stored| stored.variants.iter().any(|v| v.id == part.variant_id);
        let Some(stored) = products.values().find(of) else { continue };
        let Some(variant) = stored.variants.iter().find(|v| v.id == part.variant_id) else { continue };
        if let Some(reason) = unfit(stored, variant, Some(id), Some(bundle)) {
            errors.push(complaint(index, reason));
        }
    }
    refuse(errors)?;
    let has_files = |v: &Variant| v.id == bundle && v.digital;
    if !parts.is_empty() && products.get(&id).is_some_and(|stored| stored.variants.iter().any(has_files)) {
        return Err(Refused::NoDownloadInBundles.into());
    }
    if !parts.is_empty() && store::bundles::is_part(tx, bundle).await? {
        return Err(Refused::LiesInBundle.into());
    }
    Ok(())
}

/// Why a variant cannot lie in a bundle of this product; neither need be there yet.
pub(super) fn unfit(
    stored: &Stored,
    part: &Variant,
    id: Option<ProductId>,
    bundle: Option<VariantId>,
) -> Option<String> {
    let title = &stored.product.title;
    if Some(part.id) == bundle {
        Some("A bundle cannot lie in itself.".to_owned())
    } else if part.is_bundle() {
        Some(format!("“{title}” is a bundle itself. Enter its parts."))
    } else if part.digital {
        Some(format!("“{title}” is downloaded. A bundle is made of what is sent."))
    } else if !part.active || (Some(stored.product.id) != id && stored.product.status != ProductStatus::Published) {
        Some(format!("“{title}” is not on sale. A bundle is made of what is on sale."))
    } else {
        None
    }
}
