//! What vendors do with their price lists. Quotes made from now on follow; an agreed quote has another hash then.

use std::sync::Arc;

use contracts::price_lists::{PriceListInput, PriceListView};
use db::Tx;
use kernel::{Currency, Error, Page, PageRequest, PriceListId, Result, VariantId, VendorScope};
use souk_http::IfMatch;

use crate::{
    Pricing,
    model::price_list::{self, PriceList},
    store,
};

/// Newest first.
pub(crate) async fn list(app: &Pricing, scope: &VendorScope, page: &PageRequest) -> Result<Page<PriceListView>> {
    let (limit, cursor, now) = (page.limit()?, page.cursor()?, app.clock.now());
    let rows = store::price_lists::page(&app.db, scope, limit, cursor.as_ref()).await?;
    Ok(Page::cut(rows, limit, |l| vec![l.created_at.micros().to_string(), l.id.to_string()]).map(|l| l.view(now)))
}

pub(crate) async fn create(app: &Arc<Pricing>, scope: VendorScope, input: PriceListInput) -> Result<PriceListView> {
    let now = app.clock.now();
    let input = price_list::check(input)?;
    if input.ends_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("ends_at", "This period is over already."));
    }
    let (id, vendor_id, main) = (PriceListId::new(&app.ids), scope.vendor_id(), app.main);
    let created = PriceList { id, vendor_id, input, version: 1, created_at: now };
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::copies::lock_vendor(tx, vendor_id).await?;
            let prices = resolved(tx, main, &scope, &created.input).await?;
            store::price_lists::insert(tx, &created, &prices).await?;
            Ok(created.clone().view(now))
        })
        .await
}

pub(crate) async fn update(
    app: &Arc<Pricing>,
    scope: VendorScope,
    id: PriceListId,
    seen: IfMatch,
    input: PriceListInput,
) -> Result<PriceListView> {
    let (now, main) = (app.clock.now(), app.main);
    let input = price_list::check(input)?;
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::copies::lock_vendor(tx, scope.vendor_id()).await?;
            let before = store::price_lists::find(tx, &scope, id).await?;
            seen.check(before.version)?;
            let prices = resolved(tx, main, &scope, &input).await?;
            let (was_over, version) = (before.is_over(now), before.version + 1);
            let after = PriceList { input: input.clone(), version, ..before };
            if was_over && !after.is_over(now) {
                store::price_lists::refuse_too_many(tx, scope.vendor_id(), now).await?;
            }
            store::price_lists::update(tx, &after, &prices).await?;
            Ok(after.view(now))
        })
        .await
}

pub(crate) async fn delete(app: &Arc<Pricing>, scope: VendorScope, id: PriceListId, seen: IfMatch) -> Result<()> {
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            seen.check(store::price_lists::find(tx, &scope, id).await?.version)?;
            store::price_lists::delete(tx, &scope, id).await
        })
        .await
}

/// The prices by variant, of a group that there is.
async fn resolved(
    tx: &mut Tx,
    main: Currency,
    scope: &VendorScope,
    input: &PriceListInput,
) -> Result<Vec<(VariantId, i64)>> {
    if !store::groups::hold(tx, &input.group).await? {
        return Err(Error::invalid("group", "There is no such group of customers."));
    }
    let skus: Vec<String> = input.prices.iter().map(|listed| listed.sku.clone()).collect();
    let named = store::price_lists::variants(tx, scope, &skus).await?;
    let sold_in = store::currencies::is_sold_in(tx, main, input.currency).await?;
    store::price_lists::resolve(input, &named, sold_in).map_err(Error::invalid_fields)
}
