//! Finds the products and variants that the rows of a product name: those it goes with, and what its bundles are made of.
//!
//! A file may name what stands further below in it. Such links are left as they are when a product is saved, and made in
//! a second pass, when all its products are there: over those that name others, and of them only what they name is read
//! and written. A dry run, which writes nothing, has no second pass: it takes what the file itself names for something
//! that will be there.

use std::collections::BTreeSet;

use contracts::catalog::{BundlePart, FieldChange, ImportError};
use db::Tx;
use kernel::{Error, ProductId, Result, VariantId, VendorScope};

use super::{
    set_parts::unfit,
    write_product::{ancestors_of, lock_own, rewrite, with_variants},
};
use crate::{
    Catalog,
    csv::{Bundle, Links, Part, Plan, told_parts, told_related},
    error::Refused,
    model::{Stored, Variant},
    store,
};

/// Which time a product of the file has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// It is saved.
    First,
    /// What it names further below in the file is linked.
    Second,
    /// The same in an import with more complaints than are kept: whether its rows were refused is not known any longer,
    /// so all of them is looked at again.
    Again,
}

/// What the rows of a product name.
#[derive(Debug, Default)]
pub(super) struct Linked {
    /// Products that go with it, if others than before.
    pub related: Option<Vec<ProductId>>,
    /// What variants are made of, if of something else than before, each with the place of its row.
    pub parts: Vec<(usize, Vec<BundlePart>)>,
    /// What changes, for a person.
    pub fields: Vec<FieldChange>,
    /// True if something is left for the second pass.
    pub waits: bool,
    /// What cannot be linked.
    pub errors: Vec<ImportError>,
}

impl Linked {
    fn complain(&mut self, row: i64, column: &str, reason: impl Into<String>) {
        self.errors.push(ImportError { row, column: column.to_owned(), reason: reason.into() });
    }
    fn change(&mut self, field: String, before: String, after: String) {
        let side = |text: String| Some(text).filter(|text| !text.is_empty());
        self.fields.push(FieldChange { field, before: side(before), after: side(after) });
    }
}

/// Looks for all that the rows name. `before` is the product as it is, locked; the products of parts are locked here.
pub(super) async fn link(
    tx: &mut Tx,
    scope: &VendorScope,
    links: &Links,
    before: Option<&Stored>,
    (plan, pass): (&Plan, Pass),
) -> Result<Linked> {
    let mut linked = Linked::default();
    link_related(tx, scope, links, before, (plan, pass), &mut linked).await?;
    for bundle in &links.bundles {
        link_bundle(tx, scope, bundle, before, (plan, pass), &mut linked).await?;
    }
    Ok(linked)
}

/// Links a product that was saved in the first pass to what it names; what cannot be linked. Its new version is written
/// only if its links are others than before.
pub(super) async fn relink(
    app: &Catalog,
    tx: &mut Tx,
    scope: &VendorScope,
    (handle, links): (&str, &Links),
    plan: &Plan,
) -> Result<Vec<ImportError>> {
    // Somebody may have deleted it meanwhile.
    let Some(product) = store::products::lock_by_handle(tx, scope, handle).await? else { return Ok(vec![]) };
    let before = with_variants(tx, product).await?;
    let linked = link(tx, scope, links, Some(&before), (plan, Pass::Second)).await?;
    if !linked.errors.is_empty() {
        return Ok(linked.errors);
    }
    let mut stored = before.clone();
    if let Some(related) = linked.related {
        stored.product.related = related;
    }
    for (index, parts) in linked.parts {
        let Some(bundle) = links.bundles.iter().find(|bundle| bundle.index == index) else { continue };
        let variant = stored.variants.iter_mut().find(|variant| variant.active && variant.sku == bundle.sku);
        let Some(variant) = variant else { continue };
        store::bundles::put(tx, scope.vendor_id(), variant.id, &parts).await?;
        variant.parts = parts;
    }
    if stored != before {
        let (ancestors, status) = (ancestors_of(tx, &stored.product).await?, stored.product.status);
        rewrite(app, tx, status, &mut stored, &ancestors, &[]).await?;
    }
    Ok(vec![])
}

async fn link_related(
    tx: &mut Tx,
    scope: &VendorScope,
    links: &Links,
    before: Option<&Stored>,
    (plan, pass): (&Plan, Pass),
    linked: &mut Linked,
) -> Result<()> {
    let Some(wanted) = &links.related else { return Ok(()) };
    let known = before.map_or(&[][..], |stored| stored.product.related.as_slice());
    let handles = store::links::handles_in(tx, scope, known).await?;
    let called: Vec<String> = known.iter().filter_map(|id| handles.get(id).cloned()).collect();
    if *wanted == called {
        return Ok(());
    }
    let found = store::links::products(tx, scope, wanted).await?;
    let (mut ids, mut seen, mut waits) = (Vec::with_capacity(wanted.len()), BTreeSet::new(), false);
    for name in wanted {
        match found.get(name) {
            Some(id) if before.is_some_and(|stored| stored.product.id == *id) => {
                linked.complain(links.row, "related", "A product does not go with itself. Leave its own name out.");
            }
            Some(id) if !seen.insert(*id) => {
                linked.complain(links.row, "related", format!("“{name}” is there twice. Leave one out."));
            }
            Some(id) => ids.push(*id),
            None if pass == Pass::First && plan.names_product(name) => waits = true,
            None => {
                let reason = format!(
                    "None of your products is called “{name}”. Use a handle out of an export of your products, or mend that \
                     product's own rows if it is in this file."
                );
                linked.complain(links.row, "related", reason);
            }
        }
    }
    if waits || ids != known {
        linked.change("related".to_owned(), told_related(&called), told_related(wanted));
    }
    linked.waits |= waits;
    linked.related = (!waits && ids != known).then_some(ids);
    Ok(())
}

async fn link_bundle(
    tx: &mut Tx,
    scope: &VendorScope,
    bundle: &Bundle,
    before: Option<&Stored>,
    (plan, pass): (&Plan, Pass),
    linked: &mut Linked,
) -> Result<()> {
    let known = before.and_then(|stored| stored.offered().find(|variant| variant.sku == bundle.sku));
    let called = called(tx, scope, known).await?;
    if bundle.parts == called {
        return Ok(());
    }
    if let Some(refused) = refusal(tx, bundle, known).await? {
        linked.complain(bundle.row, "parts", refused.detail());
        return Ok(());
    }
    let skus: Vec<String> = bundle.parts.iter().map(|part| part.sku.clone()).collect();
    let found = store::links::variants(tx, scope, &skus).await?;
    let (mut parts, mut waits) = (Vec::with_capacity(skus.len()), false);
    for part in &bundle.parts {
        let may_come = pass == Pass::First && plan.names_variant(&part.sku);
        let Some((id, product)) = found.get(&part.sku) else {
            waits |= may_come;
            if !may_come {
                let reason = format!(
                    "None of your variants has the SKU “{}”. Use one of yours, or mend its own row if it is in this file.",
                    part.sku
                );
                linked.complain(bundle.row, "parts", reason);
            }
            continue;
        };
        match trouble(tx, scope, (*id, *product), before, known.map(|variant| variant.id)).await? {
            None => parts.push(BundlePart { variant_id: *id, quantity: part.quantity }),
            // It may come on sale further below.
            Some((_, true)) if may_come => waits = true,
            Some((reason, _)) => linked.complain(bundle.row, "parts", reason),
        }
    }
    linked.change(format!("parts of {}", bundle.sku), told_parts(&called), told_parts(&bundle.parts));
    linked.waits |= waits;
    if !waits {
        linked.parts.push((bundle.index, parts));
    }
    Ok(())
}

/// What a variant is made of, as a file says it.
async fn called(tx: &mut Tx, scope: &VendorScope, known: Option<&Variant>) -> Result<Vec<Part>> {
    let parts = known.map_or(&[][..], |variant| variant.parts.as_slice());
    let ids: Vec<VariantId> = parts.iter().map(|part| part.variant_id).collect();
    let mut skus = store::links::skus(tx, scope, &ids).await?;
    let part =
        |part: &BundlePart| Part { sku: skus.remove(&part.variant_id).unwrap_or_default(), quantity: part.quantity };
    Ok(parts.iter().map(part).collect())
}

/// Why a variant cannot be a bundle at all.
async fn refusal(tx: &mut Tx, bundle: &Bundle, known: Option<&Variant>) -> Result<Option<Error>> {
    let Some(known) = known.filter(|_| !bundle.parts.is_empty()) else { return Ok(None) };
    if known.digital {
        return Ok(Some(Refused::NoDownloadInBundles.into()));
    }
    Ok(store::bundles::is_part(tx, known.id).await?.then(|| Refused::LiesInBundle.into()))
}

/// Why a variant cannot lie in a bundle, and whether it could once it is on sale.
async fn trouble(
    tx: &mut Tx,
    scope: &VendorScope,
    (part, product): (VariantId, ProductId),
    before: Option<&Stored>,
    bundle: Option<VariantId>,
) -> Result<Option<(String, bool)>> {
    let own = before.filter(|stored| stored.product.id == product);
    let stored = match own {
        Some(stored) => stored.clone(),
        None => lock_own(tx, scope, product).await?,
    };
    let Some(variant) = stored.variants.iter().find(|variant| variant.id == part) else { return Ok(None) };
    let may_change = !variant.is_bundle() && !variant.digital;
    let reason = unfit(&stored, variant, own.map(|stored| stored.product.id), bundle);
    Ok(reason.map(|reason| (reason, may_change)))
}
