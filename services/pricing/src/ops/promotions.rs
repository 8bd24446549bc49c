//! What those who run promotions do with them: vendors with their own, admins with all.

use std::sync::Arc;

use contracts::promotions::{PromotionInput, PromotionNotice, PromotionView};
use db::Tx;
use kernel::{Error, FieldError, Page, PageRequest, PromotionId, Result, Timestamp, VendorId};
use souk_http::IfMatch;

use crate::{
    Pricing,
    model::{Promotion, promotion},
    store::{
        self,
        promotions::{Reached, seen_by},
    },
};

/// Most promotions that are shown to everybody.
const SHOWN: i64 = 20;

/// What is shown to everybody.
pub(crate) async fn advertised(app: &Pricing) -> Result<Vec<PromotionNotice>> {
    let shown = store::promotions::advertised(&app.db, app.clock.now(), SHOWN).await?;
    Ok(shown.into_iter().map(Promotion::notice).collect())
}

/// Newest first.
pub(crate) async fn list(app: &Pricing, reached: Reached, page: &PageRequest) -> Result<Page<PromotionView>> {
    let (limit, cursor, now) = (page.limit()?, page.cursor()?, app.clock.now());
    let rows = store::promotions::page(&app.db, reached, limit, cursor.as_ref()).await?;
    let key = |p: &Promotion| vec![p.created_at.micros().to_string(), p.id.to_string()];
    Ok(Page::cut(rows, limit, key).map(|p| p.view(now)))
}

/// A vendor's own if a vendor is reached, otherwise the platform's.
pub(crate) async fn create(app: &Arc<Pricing>, reached: Reached, input: PromotionInput) -> Result<PromotionView> {
    let now = app.clock.now();
    let owner = reached.map(|scope| scope.vendor_id());
    let input = checked(input, owner)?;
    if input.ends_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("ends_at", "This period is over already."));
    }
    let created = Promotion::new(PromotionId::new(&app.ids), owner, input, now);
    seen_by(&app.db, reached)
        .write(async move |tx| {
            if let Some(vendor) = owner {
                store::copies::lock_vendor(tx, vendor).await?;
            }
            known_goods_only(tx, owner, &created.input).await?;
            known_groups_only(tx, &created.input).await?;
            store::promotions::insert(tx, &created).await?;
            Ok(created.view(now))
        })
        .await
}

/// Counts for quotes made from now on; orders that have it keep what they agreed to.
pub(crate) async fn update(
    app: &Arc<Pricing>,
    reached: Reached,
    id: PromotionId,
    seen: IfMatch,
    input: PromotionInput,
) -> Result<PromotionView> {
    let now = app.clock.now();
    seen_by(&app.db, reached)
        .write(async move |tx| {
            let before = store::promotions::find(tx, reached, id).await?;
            seen.check(before.version)?;
            let input = checked(input.clone(), before.vendor_id)?;
            within_uses(&before, &input)?;
            known_goods_only(tx, before.vendor_id, &input).await?;
            known_groups_only(tx, &input).await?;
            let was_over = before.is_over(now);
            let after = Promotion { input, version: before.version + 1, ..before };
            if was_over && !after.is_over(now) {
                refuse_too_many(tx, after.vendor_id, now).await?;
            }
            store::promotions::update(tx, &after).await?;
            Ok(after.view(now))
        })
        .await
}

/// Ends it for good.
pub(crate) async fn remove(app: &Arc<Pricing>, reached: Reached, id: PromotionId, seen: IfMatch) -> Result<()> {
    let now = app.clock.now();
    seen_by(&app.db, reached)
        .write(async move |tx| {
            let gone = store::promotions::find(tx, reached, id).await?;
            seen.check(gone.version)?;
            store::promotions::remove(tx, id, now).await
        })
        .await
}

/// What is over may begin again, but not beside more than there may be.
async fn refuse_too_many(tx: &mut Tx, owner: Option<VendorId>, now: Timestamp) -> Result<()> {
    if let Some(vendor) = owner {
        store::copies::lock_vendor(tx, vendor).await?;
    }
    store::promotions::refuse_too_many(tx, owner, now).await
}

fn checked(mut input: PromotionInput, owner: Option<VendorId>) -> Result<PromotionInput> {
    input.name = input.name.trim().to_owned();
    // Everybody locks groups in this order.
    input.groups.sort();
    input.groups.dedup();
    promotion::check(&input, owner)?;
    Ok(input)
}

/// Refuses limits below what was used already, and another currency for amounts that were counted.
fn within_uses(before: &Promotion, input: &PromotionInput) -> Result<()> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, reason: String| wrong.push(FieldError { field: field.to_owned(), reason });
    if input.max_uses.is_some_and(|most| most < before.uses) {
        refuse("max_uses", format!("{} orders have it already.", before.uses));
    }
    if input.budget_minor.is_some_and(|budget| budget < before.spent_minor) {
        refuse("budget_minor", format!("{} were spent already, in minor units.", before.spent_minor));
    }
    if before.spent_minor > 0 && input.currency != before.input.currency {
        refuse("currency", "Orders have it in its present currency already. Make another promotion.".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}

/// Refuses products and vendors that do not exist; another vendor's products look like missing ones.
async fn known_goods_only(tx: &mut Tx, owner: Option<VendorId>, input: &PromotionInput) -> Result<()> {
    let products = match owner {
        Some(vendor) => store::copies::strangers(tx, vendor, &input.product_ids).await?,
        None => store::copies::unknown_products(tx, &input.product_ids).await?,
    };
    let vendors = store::copies::unknown_vendors(tx, &input.vendor_ids).await?;
    let named = |list: &str, i: usize, what: &str| FieldError {
        field: format!("{list}[{i}]"),
        reason: format!("There is no such {what}."),
    };
    let mut wrong = Vec::new();
    for (i, _) in input.product_ids.iter().enumerate().filter(|(_, id)| products.contains(id)) {
        wrong.push(named("product_ids", i, "product"));
    }
    for (i, _) in input.vendor_ids.iter().enumerate().filter(|(_, id)| vendors.contains(id)) {
        wrong.push(named("vendor_ids", i, "vendor"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}

/// Refuses groups that do not exist; those that do stay until the promotion is stored.
async fn known_groups_only(tx: &mut Tx, input: &PromotionInput) -> Result<()> {
    let mut wrong = Vec::new();
    for key in &input.groups {
        if !store::groups::hold(tx, key).await? {
            wrong.push(FieldError { field: "groups".to_owned(), reason: format!("There is no group “{key}”.") });
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}
