use std::collections::BTreeMap;

use contracts::analytics::Report;
use kernel::{Result, VendorScope};

use crate::{
    Analytics,
    model::{PLATFORM, Period, Sums, metric},
    store,
};

/// Products and vendors listed.
const TOP: i64 = 10;

/// What the platform, or one vendor, has done in the last `days` days beside the days before.
pub async fn report(app: &Analytics, vendor: Option<&VendorScope>, days: u32) -> Result<Report> {
    let period = Period::last(days, app.clock.now());
    let scope = vendor.map_or_else(|| PLATFORM.to_owned(), |v| v.vendor_id().to_string());
    let db = vendor.map_or_else(|| app.db.clone(), |v| app.db.as_vendor(v));
    let currency = store::main_currency(&db, &scope).await?.unwrap_or(app.main);
    let sums = store::sums_by_day(&db, &scope, currency, period).await?;
    let series = |of: fn(&Sums) -> i64| metric(period, &sums.iter().map(|(day, sums)| (*day, of(sums))).collect());
    let (active, new, top_vendors) = match vendor {
        Some(_) => (BTreeMap::new(), BTreeMap::new(), Vec::new()),
        None => (
            store::active_by_day(&db, period).await?,
            store::new_by_day(&db, period).await?,
            store::top_vendors(&db, currency, period, TOP).await?,
        ),
    };
    Ok(Report {
        currency,
        sales: series(|s| s.sales_minor),
        orders: series(|s| s.orders),
        items: series(|s| s.items),
        refunds: series(|s| s.refunds_minor),
        active_users: metric(period, &active),
        new_users: metric(period, &new),
        top_products: store::top_products(&db, &scope, currency, period, TOP).await?,
        top_vendors,
    })
}
