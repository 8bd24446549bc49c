//! Makes a product what its vendor wants it to be: the one way in for pages, files and seeds.

use contracts::catalog::ProductStatus;
use db::{ResultExt, Tx};
use kernel::{Error, FieldError, Result, Slug, VendorScope};

use super::write_product::{list, rewrite, tell, touch};
use crate::{
    Catalog,
    error::Refused,
    model::{Category, Draft, Merged, Stored, merge, numbered_slug},
    store,
};

/// What saving did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Created,
    Updated,
    Unchanged,
}

/// Saves a draft over `before`, which is locked, or as a new product that the vendor's files call
/// `handle`. Whatever can be refused is refused before anything is written.
pub(crate) async fn save(
    app: &Catalog,
    tx: &mut Tx,
    scope: &VendorScope,
    before: Option<&Stored>,
    draft: &Draft,
    handle: Option<&str>,
) -> Result<(Stored, Outcome)> {
    let ancestors = store::categories::with_ancestors(tx, draft.category_id).await?;
    let draft = fitted(draft, ancestors.first())?;
    let vendor_id = scope.vendor_id();
    let merged = merge(before, &draft, vendor_id, &app.ids, app.clock.now()).map_err(Error::invalid_fields)?;
    if merged.stored.product.blocked && draft.status == ProductStatus::Published {
        return Err(Refused::Blocked.into());
    }
    refuse_used_skus(tx, scope, &merged.stored).await?;
    match before {
        Some(before) => change(app, tx, before, &draft, merged, &ancestors).await,
        None => create(app, tx, &draft, merged, handle, &ancestors).await.map(|stored| (stored, Outcome::Created)),
    }
}

/// The draft with the labels and units of its category.
fn fitted(draft: &Draft, category: Option<&Category>) -> Result<Draft> {
    let category = category.ok_or_else(|| Error::invalid("category_id", "There is no such category."))?;
    let attributes = category.fit(&draft.attributes).map_err(Error::invalid_fields)?;
    Ok(Draft { attributes, ..draft.clone() })
}

async fn refuse_used_skus(tx: &mut Tx, scope: &VendorScope, stored: &Stored) -> Result<()> {
    let skus: Vec<&str> = stored.offered().map(|v| v.sku.as_str()).collect();
    let used = store::variants::skus_in_use(tx, scope.vendor_id(), stored.product.id, &skus).await?;
    if used.is_empty() {
        return Ok(());
    }
    let taken = skus.iter().enumerate().filter(|(_, sku)| used.iter().any(|u| u == *sku));
    Err(Error::invalid_fields(
        taken
            .map(|(index, sku)| FieldError {
                field: format!("variants[{index}].sku"),
                reason: format!("Another of your products has the SKU “{sku}”."),
            })
            .collect(),
    ))
}

async fn create(
    app: &Catalog,
    tx: &mut Tx,
    draft: &Draft,
    merged: Merged,
    handle: Option<&str>,
    ancestors: &[Category],
) -> Result<Stored> {
    let Merged { mut stored, new } = merged;
    let wanted = draft.slug.clone().unwrap_or_else(|| Slug::from_title(&draft.title, "product"));
    stored.product.slug = claim_slug(app, tx, &stored, &wanted).await?;
    stored.product.handle = match handle {
        Some(handle) => handle.to_owned(),
        // A file of the vendor's may have used that name for a product with another slug.
        None if store::products::handle_taken(tx, stored.product.vendor_id, stored.product.slug.as_str()).await? => {
            stored.product.id.to_string()
        }
        None => stored.product.slug.to_string(),
    };
    stored.product.num = store::products::insert(tx, &stored).await?;
    put_variants(tx, &stored).await?;
    list(tx, &stored, ancestors).await?;
    touch(app, tx, &stored.product).await?;
    tell(app, tx, None, &stored, ancestors, &new).await?;
    Ok(stored)
}

async fn change(
    app: &Catalog,
    tx: &mut Tx,
    before: &Stored,
    draft: &Draft,
    merged: Merged,
    ancestors: &[Category],
) -> Result<(Stored, Outcome)> {
    let Merged { mut stored, new } = merged;
    if let Some(wanted) = draft.slug.as_ref().filter(|slug| **slug != stored.product.slug) {
        stored.product.slug = claim_slug(app, tx, &stored, wanted).await?;
    }
    if stored.product.currency != before.product.currency {
        // Offers are amounts in the currency there was; pricing makes new ones.
        for variant in stored.variants.iter_mut().filter(|v| v.offer.is_some()) {
            variant.offer = None;
            store::variants::put_offer(tx, variant.id, None).await?;
        }
    }
    if stored == *before {
        return Ok((stored, Outcome::Unchanged));
    }
    if stored.variants != before.variants {
        store::variants::retire_all(tx, stored.product.id).await?;
        put_variants(tx, &stored).await?;
        for gone in before.offered().filter(|v| v.is_bundle() && !stored.offered().any(|kept| kept.id == v.id)) {
            store::bundles::put(tx, stored.product.vendor_id, gone.id, &[]).await?;
        }
    }
    rewrite(app, tx, before.product.status, &mut stored, ancestors, &new).await?;
    Ok((stored, Outcome::Updated))
}

async fn put_variants(tx: &mut Tx, stored: &Stored) -> Result<()> {
    for variant in &stored.variants {
        let put = store::variants::put(tx, stored.product.vendor_id, stored.product.id, variant).await;
        put.on_unique(|| Refused::SkuTaken.into())?;
    }
    Ok(())
}

/// Takes the wanted name in addresses, or the next that is free: `mug`, `mug-2` … A product keeps
/// every name it ever had, so its own are always free to it.
async fn claim_slug(app: &Catalog, tx: &mut Tx, stored: &Stored, wanted: &Slug) -> Result<Slug> {
    for n in 1..=20 {
        let slug = numbered_slug(wanted, n);
        if store::products::claim_slug(tx, &slug, stored.product.id).await? {
            return Ok(slug);
        }
    }
    // A popular name: any number will do.
    loop {
        let random = u32::try_from(app.ids.uuid().as_u128() & 0x0fff_ffff).unwrap_or(u32::MAX).max(21);
        let slug = numbered_slug(wanted, random);
        if store::products::claim_slug(tx, &slug, stored.product.id).await? {
            return Ok(slug);
        }
    }
}
