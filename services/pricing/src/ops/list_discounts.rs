//! A vendor's discounts, newest first.

use contracts::pricing::DiscountView;
use kernel::{Page, PageRequest, Result, VendorScope};

use crate::{Pricing, store};

pub(crate) async fn list_discounts(
    app: &Pricing,
    scope: &VendorScope,
    page: &PageRequest,
) -> Result<Page<DiscountView>> {
    let (limit, cursor, now) = (page.limit()?, page.cursor()?, app.clock.now());
    let rows = store::discounts::page(&app.db, scope, limit, cursor.as_ref()).await?;
    Ok(Page::cut(rows, limit, |d| vec![d.created_at.micros().to_string(), d.id.to_string()]).map(|d| d.view(now)))
}
