use kernel::{ProductId, Result};

use crate::{Analytics, model::Period, store};

const DAYS: u32 = 30;
const MOST: i64 = 24;

/// Products that sold most in the last 30 days.
pub async fn best_sellers(app: &Analytics) -> Result<Vec<ProductId>> {
    store::best_sellers(&app.db, Period::last(DAYS, app.clock.now()), MOST).await
}
