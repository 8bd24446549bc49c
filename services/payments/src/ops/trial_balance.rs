//! All accounts, now or as they stood at the end of a day.

use std::sync::Arc;

use contracts::payments::{TrialBalance, TrialBalanceQuery};
use kernel::{Result, Timestamp};

use super::statement::day;
use crate::{Payments, store};

/// The trial balance.
pub async fn trial_balance(app: &Arc<Payments>, query: &TrialBalanceQuery) -> Result<TrialBalance> {
    let last = query.at.as_deref().map(|text| day("at", text)).transpose()?;
    // The day counts whole.
    store::trial_balance(&app.db, last.map(|day| Timestamp::of_day(day.day() + 1))).await
}
