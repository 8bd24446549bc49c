use contracts::analytics::{ProductSold, SOLD_PAGE};
use kernel::{ProductId, Result};

use crate::{Analytics, model::Period, store};

/// What was sold of the products behind `after` in the last `days` days.
pub async fn sold(app: &Analytics, days: u32, after: Option<ProductId>) -> Result<Vec<ProductSold>> {
    store::sold(&app.db, Period::last(days, app.clock.now()), after, SOLD_PAGE as i64).await
}
