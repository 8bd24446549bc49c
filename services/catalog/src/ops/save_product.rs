//! Makes a product what its vendor wants it to be: the one way in for pages, files and seeds.

use contracts::catalog::{AttributeDef, ProductSale, ProductSaleTold, ProductStatus, limits::BRAND_MAX};
use db::{ResultExt, Tx};
use kernel::{Error, FieldError, Result, Slug, VendorScope};

use super::{
    lookups::Lookups,
    schedule::{refuse_passed, set_timers},
    write_product::{rewrite, scopes, tell},
};
use crate::{
    Catalog,
    error::Refused,
    model::{Category, Draft, Merged, Stored, Variant, asked, fit, merge, missing, numbered_slug, strange_languages},
    store,
};

/// Key of the fact that is the brand.
const BRAND: &str = "brand";

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
    (handle, lookups): (Option<&str>, &mut Lookups),
) -> Result<(Stored, Outcome)> {
    let strange =
        strange_languages(&app.languages, before.map(|known| &known.product.translations), &draft.translations);
    if !strange.is_empty() {
        return Err(Error::invalid_fields(strange));
    }
    let ancestors = lookups.ancestors(tx, draft.category_id).await?;
    let draft = fitted(draft, &ancestors, before)?;
    let (vendor_id, now) = (scope.vendor_id(), app.clock.now());
    let merged = merge(before, &draft, vendor_id, &app.ids, now).map_err(Error::invalid_fields)?;
    if merged.stored.product.blocked && is_for_sale(draft.status) {
        return Err(Refused::Blocked.into());
    }
    refuse_passed(&draft, before.map(|known| &known.product), now)?;
    refuse_used_skus(tx, &merged.stored, lookups).await?;
    refuse_strangers(tx, scope, before, &merged.stored).await?;
    refuse_strange_pictures(&merged.stored)?;
    match before {
        Some(before) => change(app, tx, before, &draft, merged, &ancestors).await,
        None => create(app, tx, &draft, merged, (handle, lookups), &ancestors)
            .await
            .map(|stored| (stored, Outcome::Created)),
    }
}

/// On sale, or going there by itself.
fn is_for_sale(status: ProductStatus) -> bool {
    matches!(status, ProductStatus::Published | ProductStatus::Scheduled)
}

/// The draft with the labels, units and kinds of its category and those above. `ancestors` is the category first.
fn fitted(draft: &Draft, ancestors: &[Category], before: Option<&Stored>) -> Result<Draft> {
    if ancestors.is_empty() {
        return Err(Error::invalid("category_id", "There is no such category."));
    }
    let asked = asked(ancestors.iter().rev());
    let known = before.map_or(&[][..], |known| &known.product.attributes);
    let mut fitted = draft.clone();
    fitted.attributes = fit(&asked, &draft.attributes, known).map_err(Error::invalid_fields)?;
    refuse_missing(&asked, &fitted, before)?;
    // A brand that is told as any fact, as it used to be, is the brand.
    let told = fitted.attributes.iter().position(|fact| fact.key == BRAND && fact.value.chars().count() <= BRAND_MAX);
    if let Some(index) = told
        && asked.iter().all(|def| def.key != BRAND)
        && (fitted.brand.is_empty() || fitted.brand == fitted.attributes[index].value)
    {
        fitted.brand = fitted.attributes.remove(index).value;
    }
    Ok(fitted)
}

/// What is needed has to be there before a product goes on sale. What was on sale before it was needed may stay there.
fn refuse_missing(asked: &[AttributeDef], draft: &Draft, before: Option<&Stored>) -> Result<()> {
    if !is_for_sale(draft.status) {
        return Ok(());
    }
    let on_sale = before.filter(|known| known.product.status == ProductStatus::Published);
    let went_without = |def: &AttributeDef| {
        on_sale.is_some_and(|known| known.product.attributes.iter().all(|fact| fact.key != def.key))
    };
    let errors: Vec<FieldError> = missing(asked, &draft.attributes)
        .filter(|def| !went_without(def))
        .map(|def| FieldError {
            field: format!("attributes.{}", def.key),
            reason: format!("“{}” is needed before it goes on sale.", def.label),
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// Related are products of the same store. Those that were named before are not looked at again.
async fn refuse_strangers(tx: &mut Tx, scope: &VendorScope, before: Option<&Stored>, stored: &Stored) -> Result<()> {
    let (id, related) = (stored.product.id, &stored.product.related);
    if related.is_empty() || before.is_some_and(|known| known.product.related == *related) {
        return Ok(());
    }
    let own = store::products::own_ids(tx, scope, related).await?;
    let strange = related.iter().enumerate().filter(|(_, other)| **other == id || !own.contains(other));
    let errors: Vec<FieldError> = strange
        .map(|(index, _)| FieldError {
            field: format!("related[{index}]"),
            reason: "This is none of your other products.".to_owned(),
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// A variant is shown by one of its product's pictures.
fn refuse_strange_pictures(stored: &Stored) -> Result<()> {
    let strange = stored
        .offered()
        .enumerate()
        .filter(|(_, variant)| variant.picture_id.is_some_and(|id| !stored.has_picture(id)));
    let errors: Vec<FieldError> = strange
        .map(|(index, _)| FieldError {
            field: format!("variants[{index}].picture_id"),
            reason: "This is none of the product's pictures.".to_owned(),
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

async fn refuse_used_skus(tx: &mut Tx, stored: &Stored, lookups: &Lookups) -> Result<()> {
    let skus: Vec<&str> = stored.offered().map(|v| v.sku.as_str()).collect();
    let product = &stored.product;
    let used = lookups.skus_in_use(tx, product.vendor_id, product.id, &skus).await?;
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
    (handle, lookups): (Option<&str>, &mut Lookups),
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
    put_parts(tx, &[], &stored).await?;
    set_timers(app, tx, None, &stored.product).await?;
    // Nothing of it was in a list or a cache before, but that it was missing there.
    let lists = store::listing::add(tx, &stored, &scopes(&stored, ancestors), &mut lookups.lists).await?;
    let (slug, answers) = (stored.product.slug.to_string(), app.answers.clone());
    tx.after_commit(move || answers.forget(&[slug], &lists));
    tell(app, tx, None, &stored, ancestors, &new).await?;
    tell_sale(app, tx, None, &stored).await?;
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
        put_parts(tx, &before.variants, &stored).await?;
        for gone in before.offered().filter(|v| v.is_bundle() && !stored.offered().any(|kept| kept.id == v.id)) {
            store::bundles::put(tx, stored.product.vendor_id, gone.id, &[]).await?;
        }
    }
    set_timers(app, tx, Some(&before.product), &stored.product).await?;
    rewrite(app, tx, before.product.status, &mut stored, ancestors, &new).await?;
    tell_sale(app, tx, before.product.sale, &stored).await?;
    Ok((stored, Outcome::Updated))
}

/// Tells of a time in which the product costs less, if files say something else of it than before.
async fn tell_sale(app: &Catalog, tx: &mut Tx, before: Option<ProductSale>, stored: &Stored) -> Result<()> {
    let (product_id, vendor_id, sale) = (stored.product.id, stored.product.vendor_id, stored.product.sale);
    if sale == before {
        return Ok(());
    }
    store::products::put_sale(tx, product_id, sale.as_ref()).await?;
    app.outbox.publish(tx, &ProductSaleTold { product_id, vendor_id, before, sale }).await
}

async fn put_variants(tx: &mut Tx, stored: &Stored) -> Result<()> {
    for variant in &stored.variants {
        let put = store::variants::put(tx, stored.product.vendor_id, stored.product.id, variant).await;
        put.on_unique(|| Refused::SkuTaken.into())?;
    }
    Ok(())
}

/// Writes what those on offer are made of that are made of something else than before. Their parts' products are locked.
async fn put_parts(tx: &mut Tx, before: &[Variant], stored: &Stored) -> Result<()> {
    for variant in stored.offered() {
        let known = before.iter().find(|known| known.id == variant.id);
        if variant.parts.as_slice() != known.map_or(&[][..], |known| known.parts.as_slice()) {
            store::bundles::put(tx, stored.product.vendor_id, variant.id, &variant.parts).await?;
        }
    }
    Ok(())
}

/// Takes the wanted name in addresses, or the next that is free, which one statement finds: `mug`, `mug-2` … A product
/// keeps every name it ever had, so its own are always free to it.
async fn claim_slug(app: &Catalog, tx: &mut Tx, stored: &Stored, wanted: &Slug) -> Result<Slug> {
    let id = stored.product.id;
    if store::products::claim_slug(tx, wanted, id).await? {
        return Ok(wanted.clone());
    }
    let others: Vec<Slug> = (2..=20).map(|n| numbered_slug(wanted, n)).collect();
    let taken = store::products::slugs_taken(tx, &others).await?;
    let is_free = |slug: &Slug| taken.get(slug.as_str()).is_none_or(|owner| *owner == id);
    let free: Vec<Slug> = others.into_iter().filter(is_free).collect();
    for slug in free {
        // Somebody may have been quicker.
        if store::products::claim_slug(tx, &slug, id).await? {
            return Ok(slug);
        }
    }
    // A popular name: any number will do.
    loop {
        let random = u32::try_from(app.ids.uuid().as_u128() & 0x0fff_ffff).unwrap_or(u32::MAX).max(21);
        let slug = numbered_slug(wanted, random);
        if store::products::claim_slug(tx, &slug, id).await? {
            return Ok(slug);
        }
    }
}
