//! A vendor's parcels, newest first.

use contracts::shipping::ShipmentView;
use kernel::{Page, PageRequest, Result, VendorScope};

use crate::{Shipping, store};

pub(crate) async fn list_shipments(
    app: &Shipping,
    scope: &VendorScope,
    page: &PageRequest,
) -> Result<Page<ShipmentView>> {
    let (limit, cursor) = (page.limit()?, page.cursor()?);
    let rows = store::shipments::page(&app.db, scope, limit, cursor.as_ref()).await?;
    Ok(Page::cut(rows, limit, |s| vec![s.created_at.micros().to_string(), s.id.to_string()])
        .map(|s| s.view(&app.tokens)))
}
