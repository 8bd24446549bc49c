use std::collections::BTreeMap;

use contracts::analytics::{ProductReport, Report};
use db::Db;
use kernel::{Error, ProductId, Result, VendorId, VendorScope};

use crate::{
    Analytics,
    model::{PLATFORM, Period, Sums, metric},
    store,
};

/// Products and vendors listed.
const TOP: i64 = 10;

/// What the platform has done in the last `days` days beside the days before.
pub async fn platform(app: &Analytics, days: u32) -> Result<Report> {
    report(app, &app.db, None, days).await
}

/// The same of the vendor that asks.
pub async fn own(app: &Analytics, vendor: &VendorScope, days: u32) -> Result<Report> {
    report(app, &app.db.as_vendor(vendor), Some(vendor.vendor_id()), days).await
}

/// The same of any vendor, for those who see all.
pub async fn of_vendor(app: &Analytics, vendor_id: VendorId, days: u32) -> Result<Report> {
    if !store::knows_vendor(&app.db, vendor_id).await? {
        return Err(Error::not_found("vendor"));
    }
    report(app, &app.db, Some(vendor_id), days).await
}

async fn report(app: &Analytics, db: &Db, vendor: Option<VendorId>, days: u32) -> Result<Report> {
    let period = Period::last(days, app.clock.now());
    let scope = vendor.map_or_else(|| PLATFORM.to_owned(), |id| id.to_string());
    let currency = store::main_currency(db, &scope).await?.unwrap_or(app.main);
    let sums = store::sums_by_day(db, &scope, currency, period).await?;
    let (active, new, top_vendors) = match vendor {
        Some(_) => (BTreeMap::new(), BTreeMap::new(), Vec::new()),
        None => (
            store::active_by_day(db, period).await?,
            store::new_by_day(db, period).await?,
            store::top_vendors(db, currency, period, TOP).await?,
        ),
    };
    let series = |of: fn(&Sums) -> i64| metric(period, &each(&sums, of));
    Ok(Report {
        currency,
        sales: series(|s| s.sales_minor),
        orders: series(|s| s.orders),
        items: series(|s| s.items),
        refunds: series(|s| s.refunds_minor),
        active_users: metric(period, &active),
        new_users: metric(period, &new),
        top_products: store::top_products(db, &scope, currency, period, TOP).await?,
        top_vendors,
    })
}

/// What was sold of a product in the last `days` days beside the days before. Of what was never sold nothing is known here, not
/// even whether it is the vendor's.
pub async fn product(app: &Analytics, vendor: &VendorScope, product_id: ProductId, days: u32) -> Result<ProductReport> {
    let (db, vendor_id) = (app.db.as_vendor(vendor), vendor.vendor_id());
    let period = Period::last(days, app.clock.now());
    let sold = store::product_currency(&db, vendor_id, product_id).await?;
    let currency = sold.ok_or_else(|| Error::not_found("product, or nothing of it was sold yet"))?;
    let sums = store::product_by_day(&db, (vendor_id, product_id), currency, period).await?;
    Ok(ProductReport {
        product_id,
        currency,
        sales: metric(period, &each(&sums, |s| s.sales_minor)),
        items: metric(period, &each(&sums, |s| s.items)),
    })
}

/// One of the sums, by day.
fn each(sums: &BTreeMap<i64, Sums>, of: fn(&Sums) -> i64) -> BTreeMap<i64, i64> {
    sums.iter().map(|(day, sums)| (*day, of(sums))).collect()
}
